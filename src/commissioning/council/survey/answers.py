"""What people and form tools wrote, matched to the evidence's own names by its words.

A name is found by its letters and digits; else by its words, whatever their order; else by most
of its words. Nothing is taken for a name that could as well be another, and never by position.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from commissioning.evidence.pack import Evidence, Question

#: Part of the words that a text and a name must share (Dice's coefficient) to be one.
_ALIKE = 0.6
#: The same for the letters of two words, the one a slip of the other.
_SLIP = 0.8
#: Marks that say that something was chosen.
TICKS = frozenset("✓✔☑☒●■")
#: No answer to a choice is longer, in letters.
_LONGEST = 250
#: Words of fewer letters are too short to be told from others by a slip.
_SHORT = 4

_FILLERS = """
a about all an and are as at be been by do does for from has have how i if in into is it its of on
or our please remain remains specify stay stays that the their they this to we what which will with
would you your
"""
_SAME_WORD = {
    "less": "fewer",
    "much": "many",
    "lot": "many",
    "lots": "many",
    "far": "many",
    "significantly": "many",
    "substantially": "many",
    "firms": "companies",
    "businesses": "companies",
    "providers": "companies",
}
_SAME_PHRASE = (
    (re.compile(r"\bin[\W_]*house\b"), "inhouse"),
    (re.compile(r"\bunchanged\b"), "no change"),
    (re.compile(r"n['\u2019]t\b"), "nt"),
)
_NUMBERED = re.compile(
    r"^\W*(?:(?:question|answer|option|q)[\s.]*)?(?:\d{1,2}|[a-z]|[ivx]{1,4})\s*[).:\]]+\s*(?=\w)",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*(?:[,:;(]|\s[-\u2013\u2014]\s)")

#: Says that a question was not answered; in no survey an answer of its own.
_NO_ANSWER = """
na|none given|no answer|no response|not answered|not applicable|did not answer|skipped|blank|null
nan|unanswered
"""
#: Says that no answer could be given: nothing that somebody typed under "other".
_UNDECIDED = """
dont know|do not know|dk|not sure|unsure|undecided|no opinion|prefer not to say|no comment
cant say|none of the above|none of these
"""
#: How form tools and people shorten an option.
_LETTERS = {"yes": ("y", "true"), "no": ("n", "false")}
_SAYING_NOTHING = frozenset(_FILLERS.split())
_NO_ANSWERS = frozenset(re.split(r"[|\n]", _NO_ANSWER))
_UNDECIDEDS = frozenset(re.split(r"[|\n]", _UNDECIDED))


def plain(text: str) -> str:
    """A text in small letters without accents, marks and doubled blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = text.casefold()
    for pattern, phrase in _SAME_PHRASE:
        text = pattern.sub(phrase, text)
    return " ".join(re.findall(r"[^\W_]+", text))


def words(text: str) -> frozenset[str]:
    """The words that carry a text's meaning, without their endings."""
    return (
        frozenset(_stem(_SAME_WORD.get(word, word)) for word in plain(text).split())
        - _SAYING_NOTHING
    )


def _stem(word: str) -> str:
    if len(word) >= _SHORT and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:6]


def unanswered(text: str) -> bool:
    """Whether a cell says no more than that there is no answer."""
    each = plain(text)
    if not each:
        return text.strip() not in TICKS
    return each in _NO_ANSWERS or text.strip().casefold() == "n/a"


def undecided(text: str) -> bool:
    """Whether somebody said that they could not say."""
    return plain(text) in _UNDECIDEDS


class Names:
    """Codes that go by several names each, such as the options of a question."""

    def __init__(
        self, names: Mapping[str, Iterable[str]], asked: frozenset[str] = frozenset()
    ) -> None:
        """Hold the names of each code; a name that two codes share is that of the first.

        Args:
            names: of each code.
            asked: the words of the question, which tell none of its answers from another.
        """
        self.sets: dict[str, list[frozenset[str]]] = {}
        self._by_letters: dict[str, str] = {}
        for code, each in names.items():
            self.sets[code] = [words(name) for name in each if words(name)]
            for name in each:
                self._by_letters.setdefault(_letters(name), code)
        self._asked = asked
        self.find = cache(self._find)
        self.near = cache(self._near)
        self._words = {code: frozenset().union(*sets) for code, sets in self.sets.items()}
        self._owners: dict[str, set[str]] = defaultdict(set)
        for code, known in self._words.items():
            for word in known:
                self._owners[word].add(code)

    def exact(self, text: str) -> str | None:
        """The code of which the text is a name, letter by letter."""
        return self._by_letters.get(_letters(text)) or self._by_letters.get(
            _letters(_NUMBERED.sub("", text))
        )

    def _find(self, text: str) -> str | None:
        """The code that the text means; None where it is none or could be several."""
        if len(text) > _LONGEST:  # a comment
            return None
        if found := self.exact(text):
            return found
        text = _NUMBERED.sub("", text)
        meant = frozenset(self._known(word) for word in words(text))
        scores = {
            code: max((_alike(meant, name) for name in names), default=0.0)
            for code, names in self.sets.items()
            if self._may_be(meant, code)
        }
        best = max(scores.values(), default=0.0)
        if best >= _ALIKE:
            first, *others = (code for code, score in scores.items() if score == best)
            return None if others else first
        # "Yes, within two years", "Other: data analysts".
        start = self.exact(_PART.split(text, maxsplit=1)[0])
        return start if start and not self._belongs_elsewhere(meant, start) else None

    def _near(self, text: str) -> str | None:
        """The code that the text means, or else the one whose name stands in it.

        For texts that are known to be names in other words, such as the heading of a column with
        answers in it. Where several are named, it is what comes before "of": "a mix of in-house
        and outsourced" is the mix.
        """
        if (found := self.find(text)) or len(text) > _LONGEST:
            return found
        meant = frozenset(self._known(word) for word in words(_NUMBERED.sub("", text)))
        touched = {
            code
            for word in meant - self._asked
            for code in self._owners.get(word, ())
            if len(self._owners[word]) == 1
        }
        whole = {
            code
            for code, names in self.sets.items()
            if code.casefold() != "other" and any(name <= meant for name in names)
        }
        if len(whole) == 1 and touched <= whole:
            return whole.pop()
        head, of, _ = text.casefold().partition(" of ")
        return self.find(head) if of else None

    def _known(self, word: str) -> str:
        """A slip of a known word as that word, any other as it is."""
        if word in self._owners or len(word) < _SHORT:
            return word
        longer = (k for k in self._owners if len(k) >= _SHORT - 1 and word.startswith(k))
        near = [k for k in self._owners if len(k) >= _SHORT and abs(len(k) - len(word)) <= 1]
        close = difflib.get_close_matches(word, near, 1, _SLIP)
        return next(longer, close[0] if close else word)

    def _may_be(self, meant: frozenset[str], code: str) -> bool:
        """Whether the words fit no other code better: none of its own, one that it lacks."""
        own = self._words[code]
        return not self._belongs_elsewhere(meant, code) and all(
            meant & (own - other) or own <= other
            for name, other in self._words.items()
            if name != code
        )

    def _belongs_elsewhere(self, meant: frozenset[str], code: str) -> bool:
        return any(
            len(owners := self._owners.get(word, ())) == 1 and code not in owners for word in meant
        )


def _letters(text: str) -> str:
    return plain(text).replace(" ", "")


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of words."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


class Vocabulary:
    """Everything that a survey of the evidence's questions can say."""

    def __init__(self, evidence: Evidence) -> None:
        """Gather the names of an evidence pack."""
        self.evidence = evidence
        self.outlook_question = evidence.outlook_question.question
        self.options = {
            question.question: Names(
                {
                    option.option: _named(option.option, option.label, option.aliases)
                    for option in evidence.options_of(question.question)
                },
                _asked(question),
            )
            for question in evidence.questions
            if question.kind != "outlook"
        }
        self.outlooks = Names(
            {each.outlook: (each.outlook, each.label, each.short) for each in evidence.outlooks}
        )
        self.providers = Names(
            {
                each.provider: _named(each.provider, each.label, each.aliases)
                for each in evidence.providers
            },
            _asked(evidence.outlook_question),
        )
        self.multiple = {q.question for q in evidence.questions if q.kind == "multiple"}
        self._asked = {q.question: _asked(q) for q in evidence.questions}

    def other(self, question: str) -> str | None:
        """The option under which respondents type an answer of their own, if there is one."""
        return next(
            (code for code in self.options[question].sets if code.casefold() == "other"), None
        )

    def needs_heading(self, question: str) -> bool:
        """Whether the answers alone, such as yes and no, could be those of any question."""
        return set(self.options[question].sets) <= {"yes", "no", "other"}

    def scores(self, heading: str) -> dict[str, float]:
        """How much a heading sounds like each question.

        Each shared word counts 1, but its part where several questions have it; a letter in
        front ("b) ...") counts 1, and a heading that is the letter, the name or the wording 10.
        """
        found = words(heading)
        scores = {}
        for question in self.evidence.questions:
            code, known = question.question, self._asked[question.question]
            score = sum(
                1 / sum(word in other for other in self._asked.values()) for word in found & known
            )
            if re.match(
                rf"\W*(?:q|question)?\W*{re.escape(code)}\s*[).:\]]", heading, re.IGNORECASE
            ):
                score += 1
            names = (code, f"question {code}", question.sheet, question.topic, question.asked)
            scores[code] = 10 if plain(heading) in map(plain, names) else score
        return scores

    def pieces(self, question: str, text: str) -> list[str]:
        """The answers in a cell: for a question that takes one, the whole of it.

        Form tools part them by semicolons, line breaks or commas; where by commas, the options'
        own commas are told from those by the longest option that fits.
        """
        if question not in self.multiple:
            return [text]
        parts = [part.strip() for part in re.split(r"[;\n|]", text)]
        parts = [part for part in parts if part]
        if len(parts) > 1 or text.rstrip().endswith(";"):
            return parts
        return self._by_commas(self.options[question], text)

    @staticmethod
    def _by_commas(options: Names, text: str) -> list[str]:
        parts = [part.strip() for part in text.split(",")]
        found: list[str] = []
        loose, start = False, 0
        while start < len(parts):
            ends = range(len(parts), start, -1)
            end = next((e for e in ends if options.exact(", ".join(parts[start:e]))), start + 1)
            piece = ", ".join(parts[start:end])
            known = options.near(piece) is not None
            if known or not loose:
                found.append(piece)
            else:  # the rest of what somebody typed
                found[-1] += f", {piece}"
            loose, start = not known, end
        return [piece for piece in found if piece.strip(" ,")]


def _named(code: str, label: str, aliases: str | None) -> Sequence[str]:
    return (code, label, *(aliases.split("|") if aliases else ()), *_LETTERS.get(code, ()))


def _asked(question: Question) -> frozenset[str]:
    return words(f"{question.sheet} {question.topic} {question.asked}")
