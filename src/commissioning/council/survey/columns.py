"""Which column of a survey's export is which question, type of provider or option.

Heading and values tell it together: the heading what is asked, the values that they are answers
to it. Headings stand in one row or two, below titles or not; an option or a type of provider
stands in the lower one, after the question, in brackets, or alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.reading.columns import letter, name_of
from commissioning.council.survey.answers import plain, unanswered
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from commissioning.council.reading.sources import Table
    from commissioning.council.survey.answers import Names, Vocabulary
    from commissioning.council.survey.found import Key

#: Titles above the headings go no further down.
_DEEPEST = 20
#: So many rows show what a column is.
_SAMPLE = 200
#: Part of a column's values that must be answers, and that mostly is.
_ENOUGH, _MOST = 0.5, 0.75
#: Score from which a heading says what is asked (see `Vocabulary.scores`), and says it alone.
_ASKED, _CLEARLY_ASKED = 1.0, 1.5
#: More different values than that are no answers to a choice, but comments.
_MOST_DIFFERENT = 12

_TICKED = frozenset("1|x|yes|y|true|t|on|ticked|checked|selected|✓|✔|☑|☒".split("|"))  # noqa: SIM905
_NOT_TICKED = frozenset(["0", "no", "n", "false", "f", "off", "-", "☐", "unticked", "unchecked"])
_BRACKETS = re.compile(r"(.*)[\[(](.+)[\])]\W*", re.DOTALL)
_JOINT = re.compile(r"\s+[-\u2013\u2014|/>]+\s+|[:?.|_]\s*")


class ColumnMissingError(LocalisError):
    """A table has no column of the name that `--columns` gives."""


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


class Header(NamedTuple):
    """The headings of a table.

    Attributes:
        first: their first row, from 0.
        body: the first row of answers, from 0; the same where there are no headings.
        names: what each column is called.
        claims: those columns that ask something.
    """

    first: int
    body: int
    names: Sequence[str]
    claims: Sequence[Claim]


def find(
    table: Table, vocabulary: Vocabulary, overrides: Mapping[Key, str] | None = None
) -> Header | None:
    """The columns that ask a question of the evidence; None where there is none.

    Args:
        table: all its rows.
        vocabulary: the evidence's questions and answers.
        overrides: heading or letter of a column by what it is, which is not doubted.

    Raises:
        ColumnMissingError: an override names no column.
        LocalisError: two columns are equally good for one question.
    """
    best = _named(table, overrides, vocabulary) if overrides else _best(table, vocabulary)
    if best and _are_answers(best, vocabulary):
        best = _header(table, best.first, best.first, vocabulary)
    return best and best._replace(claims=_settled(table, best, vocabulary))


def _are_answers(header: Header, vocabulary: Vocabulary) -> bool:
    """Whether what was taken for headings is the first respondent's answers."""
    return any(
        len(claim.means) == 1 and _said(vocabulary, claim.means[0], header.names[claim.at])
        for claim in header.claims
    )


def _said(vocabulary: Vocabulary, question: str, text: str) -> bool:
    pieces = vocabulary.pieces(question, text)
    return bool(pieces) and all(map(vocabulary.options[question].find, pieces))


def is_tick(value: str) -> bool | None:
    """Whether a mark says that an option was chosen; None where it is no such mark."""
    mark = value.strip().casefold()
    return True if mark in _TICKED else False if mark in _NOT_TICKED or unanswered(mark) else None


def _best(table: Table, vocabulary: Vocabulary) -> Header | None:
    found = [
        _header(table, first, body, vocabulary)
        for first in _candidates(table)
        for body in ((first + 1, first + 2) if _is_spread(table, first) else (first + 1,))
    ]
    # Of equals the one without the title above it, and without the first answers below it.
    return max(
        (header for header in found if header.claims),
        key=lambda header: (round(_worth(header), 6), header.first - header.body, header.first),
        default=None,
    )


def _candidates(table: Table) -> Iterator[int]:
    """Where the headings may begin: no further down than the first row as full as most are."""
    filled = [sum(map(bool, map(str.strip, row))) for row in table.rows[:_SAMPLE]]
    usual = median([count for count in filled if count] or [0])
    for first, count in enumerate(filled[:_DEEPEST]):
        if count:
            yield first
        if count >= max(min(usual, 2), usual / 2):
            return


def _is_spread(table: Table, first: int) -> bool:
    """Whether the row after a heading's goes on with it: below blanks, or with what tools say."""
    upper, *lower = table.rows[first : first + 2]
    return bool(lower) and any(
        (text.strip() and (at >= len(upper) or not upper[at].strip()))
        or plain(text) in ("response", "open ended response")
        for at, text in enumerate(lower[0])
    )


def _worth(header: Header) -> float:
    found = {claim.means: claim for claim in header.claims}
    return sum(min(claim.said, 1) + claim.share for claim in found.values())


def _header(table: Table, first: int, body: int, vocabulary: Vocabulary) -> Header:
    sample = [row for row in table.rows[body : body + _SAMPLE] if any(row)]
    names: list[str] = []
    claims: list[Claim] = []
    for at, (above, text) in enumerate(_headings(table, first, body)):
        # Without headings it could be a respondent's address, which is not to be shown.
        names.append("" if "@" in text else f"{above} {text}".strip())
        values = [row[at].strip() for row in sample if at < len(row)]
        values = [value for value in values if not unanswered(value)]
        before = claims[-1].means[0] if claims and claims[-1].at == at - 1 else ""
        column = _Candidate(at, (above, text), values, before, vocabulary)
        if claim := column.provider() or column.option() or column.question():
            claims.append(claim)
    return Header(first, body, names, claims)


def _headings(table: Table, first: int, body: int) -> list[tuple[str, str]]:
    """What stands above each column's heading, and the heading; the upper goes for all beside."""
    width = max(map(len, table.rows[first : body + _SAMPLE]), default=0)
    if body == first:
        return [("", "")] * width
    rows = [[" ".join(cell.split()) for cell in row] for row in table.rows[first:body]]
    upper, *lower = ([*row, *[""] * (width - len(row))] for row in rows)
    if not lower:
        return [("", text) for text in upper]
    found, above = [], ""
    for top, text in zip(upper, lower[0], strict=True):
        above = top or (above if text else "")
        found.append((above, text) if text else ("", above))
    return found


class _Candidate:
    """A column held against the evidence's questions."""

    def __init__(
        self,
        at: int,
        heading: tuple[str, str],
        values: Sequence[str],
        before: str,
        vocabulary: Vocabulary,
    ) -> None:
        """Take a column's heading and values, and the question of the column before it."""
        self.at, self.values, self.before, self.vocabulary = at, values, before, vocabulary
        self.parts, self.heading = list(_parts(*heading)), " ".join(heading)

    def provider(self) -> Claim | None:
        """A type of provider, by its name and by outlooks under it."""
        providers, outlooks = self.vocabulary.providers, self.vocabulary.outlooks
        question = self.vocabulary.outlook_question
        share = self._share(lambda value: outlooks.find(value) is not None)
        for context, text in self.parts:
            if found := providers.find(text):
                named = providers.exact(text) is not None and self._can_be_choice()
                beside = self.before == question
                asked = self.vocabulary.scores(context)[question] >= _CLEARLY_ASKED
                if share >= _ENOUGH or (named and (share or beside or asked or not self.values)):
                    return self._claim((question, found), 1, share)
        return None

    def option(self) -> Claim | None:
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
        if empty or (share >= _ENOUGH and not self._has_another(options, found, other)):
            return self._claim((question, found), 1, share)
        return None

    def question(self) -> Claim | None:
        """A question, by its answers, and by its heading where they could answer any question."""
        scores = self.vocabulary.scores(self.heading)
        claims = []
        for question in self.vocabulary.options:
            share = self._share(partial(self._answers, question))
            said = scores[question]
            fits = share >= _ENOUGH and (
                said >= _ASKED or not self.vocabulary.needs_heading(question)
            )
            clearly = said >= _CLEARLY_ASKED and said == max(scores.values())
            if fits or (clearly and self._can_be_choice()):
                claims.append(self._claim((question,), said, share))
        return max(claims, key=lambda claim: (claim.share, claim.said), default=None)

    def _answers(self, question: str, value: str) -> bool:
        pieces = self.vocabulary.pieces(question, value)
        return any(map(self.vocabulary.options[question].find, pieces))

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


def _parts(above: str, text: str) -> Iterator[tuple[str, str]]:
    """How a heading can be a question and, after it, one of its options or rows."""
    yield above, text
    if match := _BRACKETS.fullmatch(text):
        yield f"{above} {match[1]}", match[2]
    for joint in _JOINT.finditer(text):
        if text[joint.end() :]:
            yield f"{above} {text[: joint.start()]}", text[joint.end() :]


def _named(table: Table, overrides: Mapping[Key, str], vocabulary: Vocabulary) -> Header | None:
    """The header with the columns that somebody named; without a header, the first row is one."""
    header = _best(table, vocabulary)
    if header is None:
        first = next(at for at, row in enumerate(table.rows) if any(map(str.strip, row)))
        header = _header(table, first, first + 1, vocabulary)
    lower = [text for _, text in _headings(table, header.first, header.body)]
    letters = [letter(at) for at in range(len(lower))]
    claims = list(header.claims)
    for means, wanted in overrides.items():
        for known in (header.names, lower, letters):
            places = [at for at, name in enumerate(known) if _same(name, wanted)]
            if places:
                break
        else:
            names = ", ".join(name_of(name, at) for at, name in enumerate(header.names))
            raise ColumnMissingError(
                f"{table.where(header.first + 1)} has no column {wanted!r} (for "
                f"{':'.join(means)}); there are {names}."
            )
        whole = len(means) == 1
        claims = [
            claim
            for claim in claims
            if claim.at != places[0] and (claim.means[:1] if whole else claim.means) != means
        ]
        claims.append(Claim(places[0], means, 1, 1, "named with --columns"))
    return header._replace(claims=sorted(claims, key=lambda claim: claim.at))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _settled(table: Table, header: Header, vocabulary: Vocabulary) -> list[Claim]:
    """One column for each meaning; a question is one column or one for each option, not both."""
    kept: dict[Key, Claim] = {}
    for claim in header.claims:
        rival = kept.get(claim.means)
        if rival is None or claim.rank > rival.rank:
            kept[claim.means] = claim
        elif claim.rank == rival.rank:
            means = ":".join(claim.means)
            names = [name_of(header.names[each.at], each.at) for each in (rival, claim)]
            raise LocalisError(
                f"{table.where(header.first + 1)}: {names[0]} and {names[1]} are equally good for "
                f"{means}: say which with --columns {means}={letter(rival.at)} or "
                f"--columns {means}={letter(claim.at)}."
            )
    for question in vocabulary.options:
        other = vocabulary.other(question)
        single = [key for key in kept if key[0] == question and key[1:] not in ((), (other,))]
        if (question,) in kept:
            for key in [(question,)] if len(single) > 1 else single:
                del kept[key]
    return sorted(kept.values(), key=lambda claim: claim.at)
