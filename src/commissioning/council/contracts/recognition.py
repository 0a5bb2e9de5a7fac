"""Which column of a contracts register is which.

Headings and kinds of values tell it as in any table (see `reading.columns`); what a register's
rows tell beside that is here: no contract ends before it starts, and values, periods and options
have words of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts import cells, extensions
from commissioning.council.contracts.fields import ENDS, FIELDS, NAMES
from commissioning.council.reading import amounts, dates, flags
from commissioning.council.reading.columns import heading_worth, recognise, vocabulary
from commissioning.council.reading.content import is_blank
from commissioning.council.reading.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from commissioning.council.reading.columns import Choice, Recognition

    Hints = dict[tuple[str, int], tuple[float, str]]

#: So many rows show what a column holds.
_SAMPLE = 200
#: Part of a column's values that must be of a form for it to be the column's.
_MOST = 0.5
#: The name of a kind of supplier has no more words.
_FEW_WORDS = 3
#: How clearly a heading must say "start" for other days to be held against that column.
_CLEAR = 0.7

#: What rows rule out is worth less than any heading can make good.
_NEVER = -9.0, ""

_DIGIT = re.compile(r"\d")
_AN_AMOUNT_IN_WORDS = re.compile(
    r"£|\d\s*(?:k|m|mn|million|thousand)\b|\bp\.?\s?a\b|\bper\b|\bup to\b|"
    r"^(?:tbc|tba|to be (?:confirmed|agreed)|various|variable|rates?|schedule of rates|as required|"
    r"(?:commercially )?(?:confidential|sensitive)|unknown|see\b.*|call[- ]?off)$",
    re.IGNORECASE,
)
#: Headings of amounts for a time that says nothing of the contract's, and for a year.
_A_TIME = re.compile(
    r"\b(?:month|week|dai|hour)ly\b|(?:\bper|/) ?(?:month|week|day|hour)", re.IGNORECASE
)
_A_YEAR = re.compile(r"annual|annum|\byearly\b|\bp\.?a\b|(?:\bper|\ba|/) ?year", re.IGNORECASE)
_FROM_OR_TO = re.compile(r"\b(from|to|until)\W*$", re.IGNORECASE)
_A_DAY_IN_WORDS = re.compile(
    r"^(?:tbc|tba|to be (?:confirmed|agreed)|on-?going|rolling|open[- ]?ended|perpetual|continuous|"
    r"indefinite|evergreen|no end|not fixed|until)\b|\d[/.-]\d+[/.-]\d+\W+\D",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(.*)\[([^\]]+\|[^\]]+)\]\s*", re.DOTALL)
_PACK = re.compile(r"\[([^\]]*)\]")
#: What tells a further option from the first, and words that go with it.
_NUMBERING = frozenset(
    (
        *("1", "2", "3", "4", "5", "first", "second", "third", "fourth", "fifth"),
        *("1st", "2nd", "3rd", "4th", "st", "nd", "rd", "th", "period", "option"),
    )
)


class Columns(NamedTuple):
    """What was recognised, and the columns that go on with others."""

    found: Recognition
    names: Sequence[str]

    @property
    def choices(self) -> Mapping[str, Choice]:
        """By the field's code."""
        return self.found.choices

    def more(self, code: str) -> tuple[int, ...]:
        """Columns with the same heading but for its number, as for a second extension."""
        if code not in ("extension", "latest"):
            return ()
        choice = self.choices[code]
        taken = {each.column for each in self.choices.values()}
        meant = _unnumbered(choice.heading)
        return tuple(
            at
            for at, name in enumerate(self.names)
            if at not in taken and _unnumbered(name) == meant and meant
        )


def _unnumbered(heading: str) -> frozenset[str]:
    return frozenset(words(heading)) - _NUMBERING


def recognised(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    overrides: Mapping[str, str] | None,
    where: str,
) -> Columns | None:
    """The columns of a register; None where the table is none.

    Args:
        names: the headings.
        rows: the first rows under them.
        overrides: heading or letter of a column by the code of its field.
        where: file and sheet, for messages.

    Raises:
        LocalisError: an override names no column.
    """
    hints = _Rows(names, rows[:_SAMPLE]).hints()
    found = recognise(names, rows, FIELDS, overrides=overrides, hints=hints, where=where)
    choices = found.choices
    if duration := choices.get("duration"):
        reason = f"{duration.reason}; gives the end where no column does"
        choices["duration"] = replace(duration, reason=reason)
    if not any(code in choices for code in NAMES):
        return None
    if any(code in choices for code in ENDS):
        return Columns(found, names)
    if "duration" in choices and _tells_ends(found, rows[:_SAMPLE]):
        return Columns(found, names)
    return None


def _tells_ends(found: Recognition, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the durations are such, and say when contracts end."""
    texts = _texts(rows, found.choices["duration"].column)
    said = words(found.choices["duration"].heading)
    unit = next((each for each in ("month", "year") if each in said), "")
    order = dates.order(text for row in rows for text in row)
    spans = sum(cells.span(text, order) is not None for text in texts)
    terms = sum(extensions.term(text, unit) is not None for text in texts)
    return spans > _MOST * len(texts) or ("start" in found.choices and terms > _MOST * len(texts))


def _texts(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at].strip() for row in rows if at < len(row) and not is_blank(row[at])]


def _share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    """The part of the texts that pass a test: all that it answers but None and False."""
    return sum(test(text) not in (None, False) for text in texts) / max(len(texts), 1)


def _is_amount_in_words(text: str) -> bool:
    return _AN_AMOUNT_IN_WORDS.search(text) is not None and not amounts.is_amount(text)


def _is_name_of_kind(text: str) -> bool:
    """Whether a text is hardly more than "SME", "Charity" or "Large"."""
    is_short = len(text.split()) <= _FEW_WORDS and flags.is_yes(text) is None
    return is_short and any(flags.read(text, kind) is not None for kind in flags.KINDS)


class _Rows:
    """What the rows of a table say of its columns."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        known, fields = vocabulary(FIELDS), {field.code: field for field in FIELDS}
        self.rows, self.names = rows, names
        self.order = dates.order(text for row in rows for text in row)
        self.texts = [_texts(rows, at) for at in range(len(names))]
        self.said = {
            code: [heading_worth(fields[code], name, known) for name in names]
            for code in ("value", "annual", "extension", "start", "end", "status")
        }

    def hints(self) -> Hints:
        """How much more or less a pair of field and column is worth."""
        hints: Hints = {}
        for at in range(len(self.names)):
            hints |= self._of_amounts(at) | self._of_periods(at) | self._of_kinds(at)
            hints |= self._of_days_in_words(at) | self._of_days(at)
        return hints

    def _of_amounts(self, at: int) -> Hints:
        name, said = self.names[at], self.said["value"][at]
        if said and _A_TIME.search(name):
            return {("value", at): _NEVER, ("annual", at): _NEVER}
        if said and _A_YEAR.search(name):
            return {("value", at): _NEVER, ("annual", at): (said, "")}
        in_words = _share(self.texts[at], _is_amount_in_words)
        return {
            (code, at): (self.said[code][at] * in_words, "some in words")
            for code in ("value", "annual")
            if in_words and self.said[code][at]
        }

    def _of_periods(self, at: int) -> Hints:
        texts, said = self.texts[at], self.said["extension"][at]
        if _share(texts, lambda text: cells.span(text, self.order)) > _MOST:
            return {("duration", at): (0.8, "its values go from one day to another")}
        if self.said["value"][at] >= said > 0:
            # "Value including extensions"
            return {("extension", at): _NEVER}
        if said and _share(texts, lambda text: dates.day(text, self.order)) > _MOST:
            latest = {} if self.said["end"][at] else {("latest", at): (said, "")}
            return {("extension", at): _NEVER, **latest}
        # "24 months" says more than "yes".
        return {("extension", at): (0.2 * _share(texts, _DIGIT.search), "")} if said else {}

    def _of_kinds(self, at: int) -> Hints:
        def is_kind(text: str) -> bool:
            return any(flags.read(text, kind) is not None for kind in flags.KINDS)

        texts = self.texts[at]
        if texts and self.said["status"][at] and _share(texts, is_kind) <= _MOST:
            return {("status", at): _NEVER}
        if _share(texts, _is_name_of_kind) > _MOST:
            return {("status", at): (0.3, "its values name kinds of supplier")}
        return {}

    def _of_days(self, at: int) -> Hints:
        ends = self.said["end"]
        if self._is_early(at) and any(
            ends[other] >= ends[at] > 0 and not self._is_early(other)
            for other in range(len(ends))
            if other != at
        ):
            return {(code, at): _NEVER for code in ENDS}
        if _share(self.texts[at], lambda text: dates.day(text, self.order)) > _MOST:
            if match := _FROM_OR_TO.search(self.names[at]):
                code = "start" if match[1].casefold() == "from" else "end"
                return {(code, at): (0.7, "")}
            said = words(self.names[at])
            if "extension" in said and "excluding" not in said:
                return {(code, at): _NEVER for code in ("end", "original")}
        # The contract's own start, rather than another one.
        own = self.said["start"][at] >= _CLEAR and "contract" in words(self.names[at])
        return {("start", at): (0.05, "")} if own else {}

    def _of_days_in_words(self, at: int) -> Hints:
        in_words = _share(self.texts[at], _A_DAY_IN_WORDS.search)
        return {
            (code, at): (self.said[code][at] * in_words, "some in words")
            for code in ("start", "end")
            if in_words and self.said[code][at] >= _CLEAR
        }

    def _is_early(self, at: int) -> bool:
        """Whether the days of a column are mostly before those of a start."""
        starts = [other for other, said in enumerate(self.said["start"]) if said >= _CLEAR]
        return any(self._is_before(at, start) for start in starts if start != at)

    def _is_before(self, at: int, start: int) -> bool:
        pairs = [
            (day, first)
            for row in self.rows
            if max(at, start) < len(row)
            and (day := dates.day(row[at], self.order))
            and (first := dates.day(row[start], self.order))
        ]
        return sum(day < first for day, first in pairs) > _MOST * len(pairs)


def unpacked(
    names: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], list[Sequence[str]]]:
    """The table with columns of their own, at its end, for what stands in one.

    "Supplier [Name|Is SME]" over "[Mop Ltd|Yes][Ash Ltd|No]" becomes "Supplier Name" over
    "Mop Ltd; Ash Ltd", and "Supplier Is SME" over "Yes; No".
    """
    packed = {at: match for at, name in enumerate(names) if (match := _PACKED.fullmatch(name))}
    if not packed:
        return tuple(names), list(rows)
    more = [f"{match[1]} {part}" for match in packed.values() for part in match[2].split("|")]
    wide: list[Sequence[str]] = []
    for row in rows:
        cells = [*row, *[""] * (len(names) - len(row))]
        for at, match in packed.items():
            parts = [each.split("|") for each in _PACK.findall(cells[at])]
            columns = list(zip_longest(*parts, fillvalue=""))
            columns += [()] * (match[2].count("|") + 1 - len(columns))
            cells += ["; ".join(filter(None, column)) for column in columns]
        wide.append(cells)
    return (*names, *more), wide
