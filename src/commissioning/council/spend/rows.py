"""Rows that are no plain payment: which are payments all the same, which are none, and why.

A total tells itself by what it is: it says so or is the sum of the rows above it, and it has no
date, unless it is the sum of all of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates, headings
from commissioning.council.reading.columns import name_of
from commissioning.council.reading.content import is_blank

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from commissioning.council.reading.sources import Source

#: So many rows show what the cells of a column look like.
_COMPARED = 200
#: A total can be of any number of payments up to here, or of all.
_REMEMBERED = 100_000

TOTAL = r"(?i)\b(?:sub[- ]?|grand )?totals?\b"
_IS_TOTAL = re.compile(
    r"(?:(?:sub|grand|overall|report|final|page|running)[- ]?)?totals?"
    r"(?: (?:amount|value|paid|payments?|spend|expenditure|net|sum))?[\s:=]*|.+ total[\s:]*",
    re.IGNORECASE,
)
_SAYS_TOTAL = re.compile(TOTAL[4:], re.IGNORECASE)


class Verdict(StrEnum):
    """What a row is."""

    PAYMENT = "payment"
    REJECTED = "rejected"
    BLANK = "blank"
    ASIDE = "set aside"


@dataclass(frozen=True)
class Note:
    """A row that is not read.

    Attributes:
        sheet: name of the sheet; empty for a file of text.
        row: its number, from 1, as a spreadsheet shows it.
        reason: why, in words.
        pence: its amount, where it can be read.
    """

    sheet: str
    row: int
    reason: str
    pence: int | None = None


class Totals:
    """Sums that a total row can be of: the rows above it, from the first or any later one on."""

    def __init__(self) -> None:
        """No payment yet."""
        import numpy as np

        self._read = self._rejected = 0
        # What has been read up to each of the last payments, to be joined when it is needed.
        self._sums = [np.zeros(1, np.int64)]

    def read(self, pence: npt.NDArray[np.int64]) -> None:
        """Payments were read, in this order."""
        if len(pence):
            self._sums.append(pence.cumsum() + self._read)
            self._read = int(self._sums[-1][-1])

    def rejected(self, pence: int) -> None:
        """A payment was rejected: whoever made the file has counted it."""
        self._rejected += pence

    def is_all(self, pence: int) -> bool:
        """Whether an amount is that of all payments so far."""
        return pence == self._read + self._rejected != 0

    def maybe_all(self, pence: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of the following amounts may be that of all payments before it."""
        before = self._read + self._rejected + pence.cumsum() - pence
        found: npt.NDArray[np.bool_] = (pence == before) & (pence != 0)
        return found

    def has(self, pence: int) -> bool:
        """Whether an amount is one of the sums."""
        import numpy as np

        self._sums = [np.concatenate(self._sums)[-_REMEMBERED:]]
        before = self._read - pence
        return before == -self._rejected or bool((self._sums[0] == before).any())


def judge(
    cells: Mapping[str, str],
    names: Mapping[str, str],
    totals: Totals,
    pence: int | None,
    date: dt.date | None,
) -> tuple[Verdict, str]:
    """What a row is, and why.

    Args:
        cells: the row's text by field, for the fields that have a column.
        names: the headings of these columns.
        totals: the sums of the rows above.
        pence: what the row's amount is read as, if it can be.
        date: what its date is read as, if it can be.
    """
    filled = {code: text.strip() for code, text in cells.items() if not is_blank(text)}
    if not filled:
        return Verdict.BLANK, ""
    if headings.repeats(list(cells.values()), [names[code] for code in cells]):
        return Verdict.ASIDE, "the headings again"
    if "credit" in filled:
        # Debit and credit are one amount.
        filled["amount"] = filled.get("amount", "") or filled["credit"]
        del filled["credit"]
    if date is None and _is_label(filled):
        filled["label"] = filled.pop("date")
    if pence is None:
        return _without_amount(filled)
    if "date" not in filled:
        return _undated(filled, pence, totals)
    return _dated(filled, pence, totals, date)


def _dated(
    filled: Mapping[str, str], pence: int, totals: Totals, date: dt.date | None
) -> tuple[Verdict, str]:
    """A row with an amount and a date, or with what should be one."""
    if date is None:
        if dates.without_year(filled["date"]):
            return (
                Verdict.REJECTED,
                f"the date {filled['date']!r} has no year, and no title says it",
            )
        return Verdict.REJECTED, f"the date {filled['date']!r} cannot be read"
    if _says_total(filled) and totals.is_all(pence):
        return Verdict.ASIDE, "a total of the rows above it"
    return Verdict.PAYMENT, ""


def _is_label(filled: Mapping[str, str]) -> bool:
    """Whether "Total", "Count" or a note stands where the dates do."""
    text = filled.get("date", "1")
    no_date = not any(map(str.isdecimal, text))
    return no_date and ("amount" not in filled or _IS_TOTAL.fullmatch(text) is not None)


def _without_amount(filled: Mapping[str, str]) -> tuple[Verdict, str]:
    if "date" not in filled and _says_total(filled):
        return Verdict.ASIDE, "a total without an amount"
    told = {"date", "beneficiary"}
    if "label" in filled or not told & filled.keys() or filled.keys() < told:
        return Verdict.ASIDE, "a title or note, and no amount"
    if "amount" in filled:
        return Verdict.REJECTED, f"the amount {filled['amount']!r} cannot be read"
    return Verdict.REJECTED, "there is no amount"


def _undated(filled: Mapping[str, str], pence: int, totals: Totals) -> tuple[Verdict, str]:
    """A row with an amount but no date."""
    if _says_total(filled):
        other = "" if totals.has(pence) else ", though not of the rows above it"
        return Verdict.ASIDE, f"a total{other}"
    mentions = any(_SAYS_TOTAL.search(text) for text in filled.values())
    if (mentions or "beneficiary" not in filled) and pence and totals.has(pence):
        return Verdict.ASIDE, "a total of the rows above it"
    if filled.keys() == {"amount"}:
        if not pence:
            return Verdict.ASIDE, "a nil amount and nothing else"
        return Verdict.REJECTED, "an amount and nothing else, and not a total of the rows above it"
    return Verdict.PAYMENT, ""


def _says_total(filled: Mapping[str, str]) -> bool:
    return any(_IS_TOTAL.fullmatch(text) for text in filled.values())


class Mender:
    """Puts rows right that have more cells than the others, or fewer.

    A comma that the file did not quote has cut a cell in two: it is taken back. A cell that was
    left out has shifted those behind it: they go where they belong, but what is missing nobody
    knows. Of all ways to put a row together the one is taken whose cells are most like those of the
    other rows, column by column.

    Attributes:
        count: of rows of which two cells were put together.
        lacking: what is wrong with rows in which a cell is missing before others, by their number.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, int],
        names: Sequence[str],
        source: Source,
    ) -> None:
        """Take rows of the usual width to compare with, the columns of the fields and all names."""
        self._width, self._delimiter = source.width, source.delimiter
        self._rows, self._names = rows, names
        # A name is what most often has a comma in it, but 1,234.00 looks like nothing else.
        likely = ("amount", "beneficiary", "purpose")
        first = [columns[code] for code in likely if code in columns]
        self._order = [*first, *(at for at in range(self._width) if at not in first)]
        self.count = 0
        self.lacking: dict[int, str] = {}

    def __call__(self, number: int, row: list[str]) -> list[str]:
        """The row as it was meant; with or without cells at its end if that is most likely."""
        # A cell that is shifted looks like none of its column.
        if all(kinds[_kind(text)] for kinds, text in zip(self._kinds, row, strict=False)):
            return row
        if len(row) > self._width:
            best = max(row, *(self._joined(row, at) for at in self._order), key=self._likeness)
            self.count += best is not row
            return best
        usual = [*row, *[""] * (self._width - len(row))]
        best = max(usual, self._spread(row), key=self._likeness)
        if 2 * len(row) < self._width:
            # It is a title, a note or a summary, of which only a total needs its amount.
            return best if any(map(_IS_TOTAL.fullmatch, row)) else row
        if best != usual:
            self.lacking[number] = self._lack(row, best)
        return best

    def _joined(self, row: Sequence[str], at: int) -> list[str]:
        """A wide row whose surplus cells are part of the one at a place."""
        end = at + len(row) - self._width + 1
        return [*row[:at], self._delimiter.join(row[at:end]), *row[end:]]

    def _spread(self, row: Sequence[str]) -> list[str]:
        """A narrow row with blank cells where these make it most like the others."""
        # The best way to put so many of its cells into the columns up to here.
        ways: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
        for at in range(self._width):
            further: dict[int, tuple[float, list[str]]] = {}
            for placed, (likeness, cells) in ways.items():
                steps = [(placed, ""), *([(placed + 1, row[placed])] if placed < len(row) else [])]
                for count, text in steps:
                    way = (likeness + self._alike(at, text), [*cells, text])
                    further[count] = max(further.get(count, way), way, key=itemgetter(0))
            ways = further
        return ways[len(row)][1]

    def _lack(self, row: Sequence[str], best: Sequence[str]) -> str:
        at = next(at for at, pair in enumerate(zip(row, best, strict=False)) if pair[0] != pair[1])
        count = "a cell is" if len(best) - len(row) == 1 else f"{len(best) - len(row)} cells are"
        return f"{count} missing before {row[at]!r}, likely under {name_of(self._names[at], at)}"

    @cached_property
    def _kinds(self) -> list[Counter[str]]:
        """What the cells of each column look like; most files never ask."""
        usual = [row for row in self._rows if len(row) == self._width][:_COMPARED]
        return [Counter(_kind(row[at]) for row in usual) for at in range(self._width)]

    def _likeness(self, row: Sequence[str]) -> float:
        """How likely the cells' kinds are in their columns, as a logarithm."""
        return sum(self._alike(at, text) for at, text in enumerate(row[: self._width]))

    def _alike(self, at: int, text: str) -> float:
        kinds = self._kinds[at]
        return math.log((kinds[_kind(text)] + 1) / (kinds.total() + 1))


@lru_cache(maxsize=1 << 14)
def _kind(text: str) -> str:
    """What a cell looks like, roughly."""
    bare = text.strip()
    if is_blank(bare):
        return "blank"
    if bare.isdecimal():
        return f"{len(bare)} digits"
    if amounts.is_amount(bare):
        return "amount"
    if dates.is_date(bare):
        return "date"
    return "words" if " " in bare else "word"
