"""The rows of a worksheet part, and the cells of a row."""

from __future__ import annotations

from bisect import bisect, bisect_left, insort
from functools import cache, cached_property
from typing import TYPE_CHECKING

from lxml.etree import SubElement

from commissioning.check.references import LAST_ROW, Area, columns, letters
from commissioning.check.xml import MAIN, child, children, flag, integer
from commissioning.engine.cells import CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element

_ROW = f"{MAIN}row"
_DIGITS = "0123456789"


class DisorderError(Exception):
    """Says what is out of order among rows and cells."""


class Row:
    """A row for as long as it is looked at; others may have added cells after that.

    Attributes:
        number: from 1.
        element: its element.
    """

    def __init__(self, number: int, element: _Element, style: Styled) -> None:
        """Take a row whose cells all say where they are, in order."""
        self.number = number
        self.element = element
        self._style = style

    @cached_property
    def cells(self) -> dict[int, _Element]:
        """Its cells by column, in order."""
        return {_column(cell): cell for cell in self.element.iterchildren(CELL)}

    def get(self, column: int) -> _Element | None:
        """A cell; None where the row has none there."""
        if "cells" not in self.__dict__ and column <= len(self.element):
            # Where it has all cells from the first column on, each is in its own place.
            cell = self.element[column - 1]
            if cell.get("r") == f"{_column_names()[column - 1]}{self.number}":
                return cell
        return self.cells.get(column)

    def ensure(self, wanted: Iterable[int]) -> list[int]:
        """Add empty cells where columns, in ascending order, have none; returns the new columns."""
        here, names = self.cells, _column_names()
        missing = [column for column in wanted if column not in here]
        present = list(here)
        for column in missing:
            place = bisect(present, column)
            cell = SubElement(self.element, CELL, r=f"{names[column - 1]}{self.number}")
            if style := self._style(self.element, column):
                cell.set("s", str(style))
            if place < len(present):
                here[present[place]].addprevious(cell)
            elif len(self.element) > len(present) + 1:
                # Extensions stand behind the cells.
                self.element.insert(len(present), cell)
            present.insert(place, column)
            here[column] = cell
        if missing:
            self.element.attrib.pop("spans", "")
        return missing


class Styled:
    """The format that a new cell takes from its row or its column."""

    def __init__(self, root: _Element) -> None:
        """Take the root of a worksheet part."""
        self._columns = [
            (integer(col.get("min")) or 0, integer(col.get("max")) or 0, integer(col.get("style")))
            for col in children(root, "cols", "col")
            if col.get("style")
        ]

    def __call__(self, row: _Element | None, column: int) -> int:
        """The index of the format."""
        if not self._columns and (row is None or row.get("customFormat") is None):
            return 0
        if row is not None and flag(row.get("customFormat")):
            return integer(row.get("s")) or 0
        styles = (style for first, last, style in self._columns if first <= column <= last)
        return next(styles, 0) or 0


@cache
def _column_names() -> tuple[str, ...]:
    """The letters of every column that a sheet has."""
    return tuple(columns())


class Rows:
    """The rows of a worksheet part by number."""

    def __init__(self, root: _Element) -> None:
        """Index the rows of a part; rows and cells without a number get theirs.

        Raises:
            DisorderError: a row or a cell stands twice or out of order.
        """
        data = child(root, "sheetData")
        if data is None:
            raise DisorderError("no sheetData")
        self._data = data
        self.styled = Styled(root)
        self._elements: dict[int, _Element] = {}
        last = 0
        for element in data.iterchildren(_ROW):
            given = element.get("r")
            number = last + 1 if given is None else integer(given)
            if number is None or not last < number <= LAST_ROW:
                raise DisorderError(f"row {given or number}")
            if given is None:
                element.set("r", str(number))
            self._elements[number] = element
            last = number
        self.numbers = list(self._elements)
        for number, element in self._elements.items():
            _number_cells(number, element)

    def find(self, number: int) -> Row | None:
        """A row, None where the sheet has none of that number."""
        element = self._elements.get(number)
        return None if element is None else Row(number, element, self.styled)

    def ensure(self, number: int) -> Row:
        """A row, a new one where the sheet has none of that number."""
        found = self.find(number)
        if found is not None:
            return found
        element = self._data.makeelement(_ROW, {"r": str(number)})
        place = bisect(self.numbers, number)
        if place:
            self._elements[self.numbers[place - 1]].addnext(element)
        else:
            self._data.insert(0, element)
        insort(self.numbers, number)
        self._elements[number] = element
        return Row(number, element, self.styled)

    def within(self, area: Area) -> Iterator[Row]:
        """The rows that the sheet has in an area."""
        for number in self._numbers_within(area):
            yield Row(number, self._elements[number], self.styled)

    def cells(self, area: Area) -> Iterator[tuple[int, int, _Element]]:
        """Row, column and element of each cell that the sheet has in an area, row by row."""
        for number in self._numbers_within(area):
            for cell in self._elements[number].iterchildren(CELL):
                column = _column(cell)
                if area.left <= column <= area.right:
                    yield number, column, cell

    def _numbers_within(self, area: Area) -> Sequence[int]:
        return self.numbers[bisect_left(self.numbers, area.top) : bisect(self.numbers, area.bottom)]

    def cell(self, number: int, column: int) -> _Element | None:
        """A cell's element, None where the sheet has none there."""
        row = self.find(number)
        return row.get(column) if row else None

    def used(self) -> Area | None:
        """The area that holds every cell, formatted ones too; None where there is none."""
        found = []
        for number in self.numbers:
            row = self._elements[number]
            ends = (next(row.iterchildren(CELL, reversed=back), None) for back in (False, True))
            found += [(number, _column(end)) for end in ends if end is not None]
        if not found:
            return None
        across = [column for _, column in found]
        return Area(found[0][0], min(across), found[-1][0], max(across))


def _column(cell: _Element) -> int:
    """The column of a cell."""
    return columns()[cell.get("r", "").rstrip(_DIGITS)]


def _number_cells(row: int, element: _Element) -> None:
    """Give cells that do not say where they are their place, and check the order of all."""
    known, last, number = columns(), 0, str(row)
    for cell in element.iterchildren(CELL):
        name = cell.get("r")
        if name is None:
            last += 1
            cell.set("r", f"{letters(last)}{number}")
            continue
        column = name.rstrip(_DIGITS)
        if known.get(column, 0) <= last or name[len(column) :] != number:
            raise DisorderError(f"the cell {name} in row {number}")
        last = known[column]
