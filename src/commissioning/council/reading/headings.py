"""Where a table's headings are: below titles, over one row or several, or nowhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates
from commissioning.council.reading.columns import Field, heading_worth, vocabulary
from commissioning.council.reading.content import is_blank
from commissioning.council.reading.words import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Titles and notes above the headings go no further down.
_DEEPEST = 60
#: Headings are spread over so many rows at most.
_TALLEST = 3
#: A row that goes on with the headings of the one above has more than a name of a group.
_SEVERAL = 2
#: A heading that is worth as much needs no other above it.
_CLEAR = 0.5
#: A text that is longer is a sentence, not a heading.
_LONGEST = 120
#: What the headings of a row must be worth together: less is a row of values with a word in it.
_ENOUGH = 1.2


@dataclass(frozen=True)
class Headings:
    """The headings of a table.

    Attributes:
        first: their first row, from 0; where there are none, the first row of values.
        body: the first row of values, from 0.
        names: one for each column, "" where it has none.
    """

    first: int
    body: int
    names: tuple[str, ...]

    @property
    def are_there(self) -> bool:
        """Whether the table has headings."""
        return self.body > self.first


def find(rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> Headings:
    """The headings of a table, by what the fields know and by how they differ from the values.

    Args:
        rows: the table's first rows, a few of its values among them.
        fields: what the headings may mean.
    """
    judge = _Judge(tuple(fields))
    best, best_worth = None, _ENOUGH
    for first in range(min(len(rows), _DEEPEST)):
        body, names, worth = _block(rows, first, judge)
        # A heading that is repeated is worth as much as the first.
        if worth > best_worth:
            best, best_worth = Headings(first, body, names), worth
    return best or _unknown(rows)


def repeats(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row of a table says its headings again."""
    said = [text.strip().casefold() for text in row]
    meant = [text.strip().casefold() for text in names]
    same = sum(text == other != "" for text, other in zip(said, meant, strict=False))
    return same >= max(2, 0.6 * sum(map(bool, said)))


class _Judge:
    """How far texts are headings that the fields know."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        known = vocabulary(fields)

        @cache
        def worth(name: str) -> float:
            return max((heading_worth(each, name, known) for each in fields), default=0.0)

        self._one = worth

    def worth(self, names: Sequence[str]) -> float:
        """What all of the names are worth."""
        return sum(self._one(name) for name in names if 0 < len(name) <= _LONGEST)

    def joined(self, block: list[list[str]]) -> tuple[str, ...]:
        """Rows of headings as one; what stands above several columns may go with each of them."""
        width = max(map(len, block))
        padded = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in block]
        padded[0][0] = padded[0][0].lstrip(MARKS)
        for upper, lower in pairwise(padded):
            # One text above all columns is a title.
            is_title = upper[0] and not any(upper[1:])
            for at in range(1, 1 if is_title else width):
                if not upper[at] and lower[at] and lower[at - 1]:
                    alone = self._one(lower[at])
                    if alone < _CLEAR and alone < self._one(f"{upper[at - 1]} {lower[at]}"):
                        upper[at] = upper[at - 1]
        return tuple(" ".join(filter(None, column)) for column in zip(*padded, strict=True))


def _block(
    rows: Sequence[Sequence[str]], first: int, judge: _Judge
) -> tuple[int, tuple[str, ...], float]:
    """The headings that begin in a row: where they end, their names and what these are worth."""
    body, worth = first, 0.0
    names: tuple[str, ...] = ()
    for end in range(first + 1, min(first + _TALLEST, len(rows)) + 1):
        row = rows[end - 1]
        if _is_value_row(row) or _filled(row) < (_SEVERAL if names else 1):
            break
        joined = judge.joined([list(each) for each in rows[first:end]])
        if (found := judge.worth(joined)) < worth:
            break
        body, names, worth = end, joined, found
    return body, names, worth


def _filled(row: Sequence[str]) -> int:
    return sum(not is_blank(cell) for cell in row)


def _is_value_row(row: Sequence[str]) -> bool:
    """Whether a row has an amount or a date in it, as headings have not."""
    return any(_is_value(cell.strip()) for cell in row if cell.strip())


@lru_cache(maxsize=4096)
def _is_value(text: str) -> bool:
    return text != "-" and (amounts.is_amount(text) or dates.is_date(text))


def _unknown(rows: Sequence[Sequence[str]]) -> Headings:
    """Headings in words that no field knows, or none: where the rows have their usual width."""
    widths = Counter(_filled(row) for row in rows if _filled(row))
    if not widths:
        return Headings(0, 0, ())
    usual = max(widths, key=lambda width: (widths[width] * width, width))
    first = next(at for at, row in enumerate(rows) if _filled(row) >= min(usual, 2))
    width = max(len(row) for row in rows)
    row = [*(cell.strip() for cell in rows[first]), *[""] * (width - len(rows[first]))]
    below = rows[first + 1 : first + 20]
    if not _is_value_row(row) and any(_is_value_row(each) for each in below):
        return Headings(first, first + 1, tuple(row))
    return Headings(first, first, ("",) * width)
