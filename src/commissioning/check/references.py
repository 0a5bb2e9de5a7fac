"""References in the A1 style, and the size of a sheet."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")


class Area(NamedTuple):
    """A rectangle of cells; rows and columns count from 1, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left + 1

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in the area."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def overlaps(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def __str__(self) -> str:
        """The reference, such as A1:C4, or A1 for a single cell."""
        first, last = reference(self.top, self.left), reference(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


def letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    text = ""
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def reference(row: int, column: int) -> str:
    """The reference of a cell: row 4, column 2 is B4."""
    return f"{letters(column)}{row}"


def at(sheet: str, ref: str) -> str:
    """A cell or area with its sheet, as formulas name it; the sheet alone where there is none."""
    plain = sheet.replace("_", "").isalnum()
    title = sheet if plain else "'{}'".format(sheet.replace("'", "''"))
    return f"{title}!{ref}" if ref else sheet


@cache
def columns() -> dict[str, int]:
    """Column numbers, from 1, by the letters of every column that a sheet has."""
    return {letters(number): number for number in range(1, LAST_COLUMN + 1)}


def area(text: str) -> Area | None:
    """The area of a reference such as B4 or $A$1:$C$4; None where it is none inside a sheet."""
    match = _AREA.fullmatch(text)
    if match is None:
        return None
    first, top, last, bottom = match.groups()
    left, right = columns().get(first), columns().get(last or first)
    if left is None or right is None:
        return None
    found = Area(int(top), left, int(bottom or top), right)
    ordered = found.top <= found.bottom <= LAST_ROW and left <= right
    return found if ordered else None
