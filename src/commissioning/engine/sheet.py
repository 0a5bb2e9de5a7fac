"""A worksheet of a closed workbook: its cells and its tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from commissioning.check.references import Area, area, reference
from commissioning.check.xml import child, decimal
from commissioning.engine import heights, raw
from commissioning.engine.areas import around
from commissioning.engine.followers import follow
from commissioning.engine.formats import Formats
from commissioning.engine.formulas import moved
from commissioning.engine.grid import Grid
from commissioning.engine.links import Links
from commissioning.engine.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.cells import Value
    from commissioning.engine.document import Document
    from commissioning.engine.entries import Entry
    from commissioning.engine.formulas import Formula
    from commissioning.errors import WorkbookError


#: Height in points of a row where the sheet says nothing.
DEFAULT_HEIGHT = 15.0


class Worksheet:
    """A worksheet; its part is parsed when one of its cells is asked for.

    Attributes:
        document: the workbook.
        title: its name.
        part: the name of its part.
        given: row and column of each cell whose formula was given its worked-out value.
    """

    def __init__(self, document: Document, title: str, part: str) -> None:
        """Take what the workbook says of the sheet."""
        self.document = document
        self.title = title
        self.part = part
        self.given: set[tuple[int, int]] = set()

    @cached_property
    def tables(self) -> list[Table]:
        """Its tables, in the order of the file."""
        package, parts = self.document.package, self.document.parts
        related = package.relationships(self.part)
        names = [found.target for found in related if found.kind == "table"]
        return [Table(parts.root(name), self, name) for name in names]

    @cached_property
    def grid(self) -> Grid:
        """Its cells."""
        return Grid(self.document.parts.root(self.part), self.document.context, self.error)

    @cached_property
    def formats(self) -> Formats:
        """The formats of its cells."""
        return Formats(self.grid, self.error)

    @cached_property
    def raw_formulas(self) -> list[Formula] | None:
        """The formulas that the bytes of its part have; None where it is to be parsed for them."""
        package = self.document.package
        if not raw.may_have_formulas(package.chunks(self.part)):
            return []
        try:
            return raw.formulas(package.read(self.part))
        except raw.UnclearError:
            return None

    @cached_property
    def links(self) -> Links:
        """Its hyperlinks."""
        return Links(self)

    @property
    def is_parsed(self) -> bool:
        """Whether somebody has asked for its cells."""
        return "grid" in self.__dict__

    def error(self, fault: str, remedy: str) -> WorkbookError:
        """The error that names the file, the sheet, what is wrong and what to do next."""
        return self.document.package.error(f"(sheet {self.title}) {fault}", remedy)

    def touch(self, part: str) -> None:
        """Note that a part of the sheet has been edited."""
        self.document.parts.touch(part)

    def note(self, block: Area) -> None:
        """Note that what an area shows has changed, for whatever depends on it."""
        changes = self.document.changes
        changes.add(self.title, block)
        changes.tables |= {
            table.name.casefold() for table in self.tables if table.area.overlaps(block)
        }

    def write(self, block: Area, values: Sequence[Sequence[object]]) -> None:
        """Set the values of an area, row by row.

        Raises:
            WorkbookError: a cell cannot hold its value or cannot be changed; nothing has changed.
        """
        self.put(
            block,
            [
                [
                    self.grid.entry(value, row, column)
                    for column, value in enumerate(line, block.left)
                ]
                for row, line in enumerate(values, block.top)
            ],
        )

    def write_formulas(self, block: Area, texts: Sequence[Sequence[object]]) -> None:
        """Set the formulas of an area, row by row; a table's column that has one keeps it for more.

        Raises:
            WorkbookError: a formula is none, or a cell cannot be changed; nothing has changed.
        """
        entries = [
            [
                self.grid.formula_entry(text, row, column)
                for column, text in enumerate(line, block.left)
            ]
            for row, line in enumerate(texts, block.top)
        ]
        self.put(block, entries)
        for table in self.tables:
            if (table.data.top, table.data.bottom) == (block.top, block.bottom):
                self._calculate_columns(table, block, entries)

    def height(self, number: int) -> float:
        """The height of a row in points."""
        row = self.grid.rows.find(number)
        own = None if row is None else decimal(row.element.get("ht"))
        if own is not None:
            return own
        format_ = child(self.document.parts.root(self.part), "sheetFormatPr")
        default = None if format_ is None else decimal(format_.get("defaultRowHeight"))
        return DEFAULT_HEIGHT if default is None else default

    def set_height(self, number: int, height: float) -> None:
        """Give a row a height in points.

        Raises:
            WorkbookError: the sheet is protected.
        """
        if self.grid.protected:
            raise self.grid.locked(f"the height of row {number}")
        element = self.grid.rows.ensure(number).element
        element.set("ht", f"{height:g}")
        element.set("customHeight", "1")
        self.touch(self.part)

    def fit_rows(self, block: Area) -> None:
        """Fit rows to their texts; a height that somebody set stays."""
        self.grid.unfit.update(row.number for row in self.grid.rows.within(block))
        self.touch(self.part)

    def set_number_format(self, block: Area, code: str) -> None:
        """Give the cells of an area a number format by its code.

        Raises:
            WorkbookError: Excel knows no such code, or the format cannot be changed.
        """
        if self.formats.set_number_format(block, code):
            self.touch(self.part)

    def fill_formats(self, source: Area, block: Area) -> None:
        """Give the rows of an area the formats of its first ones, over and over.

        Raises:
            WorkbookError: the sheet is protected.
        """
        if self.formats.fill(source, block):
            self.touch(self.part)

    def write_cached(self, row: int, column: int, value: Value) -> None:
        """Give a cell's formula, if it has one, its worked-out value."""
        self.given.add((row, column))
        if self.grid.write_cached(row, column, value):
            self.touch(self.part)
            self.note(Area(row, column, row, column))

    def put(self, block: Area, entries: Sequence[Sequence[Entry]]) -> None:
        """Put entries into an area, row by row.

        Raises:
            WorkbookError: a cell cannot be changed; nothing has changed.
        """
        for table in self.tables:
            self._keep_headings(table, block, entries)
        if self.grid.write(block, entries):
            self.touch(self.part)
            self.note(block)

    def _keep_headings(self, table: Table, block: Area, entries: Sequence[Sequence[Entry]]) -> None:
        header = table.header
        if header is None or not header.overlaps(block):
            return
        for column, heading in enumerate(table.headings, header.left):
            if block.left <= column <= block.right:
                entry = entries[header.top - block.top][column - block.left]
                if entry.value != heading:
                    where = reference(header.top, column)
                    raise self.error(
                        f"has the heading {heading!r} of the table {table.name} in {where}",
                        "change headings in Excel, which changes the formulas that name them",
                    )

    def _calculate_columns(
        self, table: Table, block: Area, entries: Sequence[Sequence[Entry]]
    ) -> None:
        """Keep the formula of each column that has the same one in all its rows."""
        for place, first in enumerate(entries[0]):
            column = block.left + place
            if first.formula is None or column not in table:
                continue
            start = block.top, column
            texts = [moved(first.formula, start, (row, column)) for row in _rows(block)]
            if texts == [line[place].formula for line in entries]:
                table.set_calculated(column, first.formula)

    def settle(self) -> None:
        """Let what covers the rows of a table that has grown reach as far as it does now."""
        for table in self.tables:
            if table.data.bottom > table.settled.bottom:
                follow(self.document, table)
            table.settled = table.data

    def store(self) -> None:
        """Write heights of rows, and the extent of the sheet and its tables, into their parts."""
        heights.fit(self.document.parts.root(self.part), self.grid)
        for table in self.tables:
            table.store()
        added = self.grid.extent
        element = child(self.document.parts.root(self.part), "dimension") if added else None
        if added is None or element is None:
            return
        old = area(element.get("ref", "")) or added
        element.set("ref", str(around(old, added)))


def _rows(block: Area) -> range:
    return range(block.top, block.bottom + 1)
