"""What a column of a survey's export asks, by its heading and its values together.

The heading says what is asked, the values that they are answers to it. An option, a type of
provider or an outlook stands in the lowest heading, after the question, in brackets, or alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from commissioning.council.survey.answers import TICKS, unanswered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from commissioning.council.survey.answers import Names, Vocabulary
    from commissioning.council.survey.found import Key

#: Part of a column's values that must be answers, and that mostly is.
_ENOUGH, _MOST = 0.5, 0.75
#: Score from which a heading says what is asked (see `Vocabulary.scores`), and says it alone.
_ASKED, _CLEARLY_ASKED, _A_QUESTION = 1.0, 1.5, 2.0
#: More different values than that are no answers to a choice, but comments.
_MOST_DIFFERENT = 12

_TICKED = frozenset("1 x yes y true t on ticked checked selected chosen".split()) | TICKS  # noqa: SIM905
_NOT_TICKED = frozenset(["0", "no", "n", "false", "f", "off", "-", "☐", "unticked", "unchecked"])
_BRACKETS = re.compile(r"(.*)[\[(](.+)[\])]\W*", re.DOTALL)
_JOINT = re.compile(r"\s+[-\u2013\u2014|/>]+\s+|[:?.|_]\s*")


@dataclass(frozen=True)
class Claim:
    """What a column is.

    Attributes:
        at: its place, from 0.
        means: (question,), (question, option) or (outlook question, provider).
        said: how clearly the heading says so (see `Vocabulary.scores`).
        share: of its values that are answers to it.
        reason: why, in words.
    """

    at: int
    means: Key
    said: float
    share: float
    reason: str

    @property
    def rank(self) -> tuple[bool, bool, float, float]:
        """Which of two columns is the better one: answers first, lest it be a comment's."""
        return self.share >= _MOST, self.share >= _ENOUGH, self.said, self.share


def is_tick(value: str) -> bool | None:
    """Whether a mark says that an option was chosen; None where it is no such mark."""
    mark = value.strip().casefold()
    return True if mark in _TICKED else False if mark in _NOT_TICKED or unanswered(mark) else None


class Candidate:
    """A column held against the evidence's questions."""

    def __init__(
        self,
        at: int,
        heading: Sequence[str],
        values: Sequence[str],
        before: str,
        vocabulary: Vocabulary,
    ) -> None:
        """Take a column's headings from the top, its values, and the question of the one before."""
        self.at, self.values, self.before, self.vocabulary = at, values, before, vocabulary
        *self.uppers, self.text = heading
        self.parts, self.heading = list(_parts(" ".join(self.uppers), self.text)), " ".join(heading)

    def claim(self) -> Claim | None:
        """What the column is; None where it asks no question."""
        return self._cell() or self._provider() or self._option() or self._question()

    def _cell(self) -> Claim | None:
        """A cell of a grid, by a type of provider and an outlook above ticks."""
        providers, outlooks = self.vocabulary.providers, self.vocabulary.outlooks
        pairs = [(self.uppers[-1], self.text)] if self.uppers else []
        for context, text in [*pairs, *self.parts]:
            outlook = outlooks.find(text)
            names = (name for _, name in _parts("", context)) if outlook else ()
            provider = next(filter(None, map(providers.near, reversed([*names]))), None)
            if not outlook or not provider:
                continue
            share = self._share(partial(_is_mark, outlooks, outlook))
            if share >= _MOST or not self.values:
                return self._claim((self.vocabulary.outlook_question, provider, outlook), 1, share)
        return None

    def _provider(self) -> Claim | None:
        """A type of provider, by its name and by outlooks under it."""
        providers, outlooks = self.vocabulary.providers, self.vocabulary.outlooks
        question = self.vocabulary.outlook_question
        share = self._share(lambda value: outlooks.find(value) is not None)
        if self.values and not share and self._share(lambda v: is_tick(v) is not None) == 1:
            return None  # "In-house" is an option too
        for context, text in self.parts:
            if found := providers.find(text):
                named = providers.exact(text) is not None and self._can_be_choice()
                beside = self.before == question
                asked = self.vocabulary.scores(context)[question] >= _CLEARLY_ASKED
                if share >= _ENOUGH or (named and (share or beside or asked or not self.values)):
                    return self._claim((question, found), 1, share)
        found = providers.near(self._last()) if share >= _MOST else None
        return self._claim((question, found), 1, share) if found else None

    def _last(self) -> str:
        """The part of the heading that says no more of the question."""
        return min((text for _, text in self.parts), key=len)

    def _option(self) -> Claim | None:
        """An option of a question, by its name and by ticks under it."""
        for context, text in self.parts:
            scores = self.vocabulary.scores(context)
            if self.before:  # the columns of a question stand side by side
                scores[self.before] += _ASKED
            for question in sorted(self.vocabulary.options, key=lambda each: -scores[each]):
                claim = self._option_of(question, text, scores[question])
                if claim:
                    return claim
        return None

    def _option_of(self, question: str, text: str, score: float) -> Claim | None:
        options, other = self.vocabulary.options[question], self.vocabulary.other(question)
        found = options.find(text)
        if not found and score >= _ASKED and self._can_be_option(question, text):
            found = options.near(text)
        any_questions = found == other or self.vocabulary.needs_heading(question)
        if not found or (any_questions and score < _ASKED):
            return None
        share = self._share(
            # Under "other" stands what respondents typed.
            lambda value: (
                found == other or is_tick(value) is not None or options.find(value) == found
            )
        )
        # Nobody chose it: its name and what stands above or before it must do.
        empty = not self.values and (score >= _ASKED or options.exact(text))
        if not options.find(text) and share < _MOST:
            return None
        if empty or (share >= _ENOUGH and not self._has_another(options, found, other)):
            return self._claim((question, found), 1, share)
        return None

    def _question(self) -> Claim | None:
        """A question, by its answers, and by its heading where they could answer any question."""
        scores = self.vocabulary.scores(self.heading)
        claims = []
        for question in self.vocabulary.options:
            said = scores[question]
            share = self._share(partial(self._answers, question, said))
            fits = share >= _ENOUGH and (
                said >= _ASKED or not self.vocabulary.needs_heading(question)
            )
            clearly = said >= _CLEARLY_ASKED and said == max(scores.values())
            if fits or (clearly and self._can_be_choice()):
                claims.append(self._claim((question,), said, share))
        return max(claims, key=lambda claim: (claim.share, claim.said), default=None)

    def _can_be_option(self, question: str, text: str) -> bool:
        """Whether a part of the heading can be an option in other words, and is no question."""
        is_last = text == self._last() != self.heading
        is_question = max(self.vocabulary.scores(text).values()) >= _A_QUESTION
        return is_last and not is_question and not self.vocabulary.needs_heading(question)

    def _answers(self, question: str, said: float, value: str) -> bool:
        pieces, options = self.vocabulary.pieces(question, value), self.vocabulary.options[question]
        return any(map(options.near if said >= _ASKED else options.find, pieces))

    def _share(self, fits: Callable[[str], bool]) -> float:
        counted = Counter(self.values)
        fitting = sum(count for value, count in counted.items() if fits(value))
        return fitting / counted.total() if counted else 0.0

    def _has_another(self, options: Names, found: str, other: str | None) -> bool:
        """Whether the values name another option, as no column of ticks for this one does."""
        return found != other and any(
            is_tick(value) is None and options.find(value) not in (None, found)
            for value in set(self.values)
        )

    def _can_be_choice(self) -> bool:
        return len(set(self.values)) <= _MOST_DIFFERENT

    def _claim(self, means: Key, said: float, share: float) -> Claim:
        fitting = round(share * len(self.values))
        reason = f"{fitting} of the {len(self.values)} values looked at are answers to it"
        if not self.values:
            reason = "nobody answered"
        if said >= _ASKED:
            reason = f"by its heading; {reason}"
        return Claim(self.at, means, said, share, reason)


def _is_mark(names: Names, meant: str, value: str) -> bool:
    """Whether a value says that what stands above was chosen, or that it was not."""
    return is_tick(value) is not None or names.find(value) == meant


def _parts(above: str, text: str) -> Iterator[tuple[str, str]]:
    """How a heading can be a question and, after it, one of its options or rows."""
    yield above, text
    if match := _BRACKETS.fullmatch(text):
        yield f"{above} {match[1]}", match[2]
    for joint in _JOINT.finditer(text):
        if text[joint.end() :]:
            yield f"{above} {text[: joint.start()]}", text[joint.end() :]
