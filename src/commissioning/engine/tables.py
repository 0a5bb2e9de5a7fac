# ruff: noqa: D102, D105, D107 - the members are described where xlwings declares them
"""xlwings' tables over a closed workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings import base_classes

from commissioning.engine.range import Range
from commissioning.engine.unavailable import closed_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xlwings

    from commissioning.check.references import Area
    from commissioning.engine.book import Sheet
    from commissioning.engine.table import Table as Part


@closed_file(base_classes.Tables)
class Tables:
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._tables = [Table(sheet, part) for part in sheet.worksheet.tables]

    def __call__(self, key: int | str) -> Table:
        if isinstance(key, str):
            found = [each for each in self._tables if each.name.casefold() == key.casefold()]
        else:
            found = self._tables[key - 1 : key] if key >= 1 else []
        if not found:
            raise KeyError(key)
        return found[0]

    def __len__(self) -> int:
        return len(self._tables)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables)

    def __contains__(self, key: str) -> bool:
        return any(each.name.casefold() == key.casefold() for each in self._tables)


@closed_file(base_classes.Table)
class Table:
    """A table."""

    def __init__(self, sheet: Sheet, part: Part) -> None:
        self._sheet = sheet
        self.part = part

    @property
    def api(self) -> Part:
        return self.part

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def display_name(self) -> str:
        return self.part.name

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def range(self) -> Range:
        return Range(self._sheet, self.part.area)

    @property
    def header_row_range(self) -> Range | None:
        return self.cells(self.part.header)

    @property
    def data_body_range(self) -> Range | None:
        return self.cells(None if self.part.is_empty else self.part.data)

    @property
    def insert_row_range(self) -> Range | None:
        return self.cells(self.part.data if self.part.is_empty else None)

    @property
    def totals_row_range(self) -> Range | None:
        return self.cells(self.part.totals)

    @property
    def show_headers(self) -> bool:
        return self.part.header is not None

    @property
    def show_totals(self) -> bool:
        return self.part.totals is not None

    @property
    def columns(self) -> TableColumns:
        return TableColumns(self)

    @property
    def rows(self) -> TableRows:
        return TableRows(self)

    def resize(self, range: xlwings.Range) -> None:  # noqa: A002 - the base class has it so
        self.part.resize(range.impl.block)

    def cells(self, block: Area | None) -> Range | None:
        """A part of the table as a range."""
        return None if block is None else Range(self._sheet, block)


@closed_file(base_classes.TableRows)
class TableRows:
    """The data rows of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @property
    def api(self) -> Part:
        return self._table.part

    @property
    def parent(self) -> Table:
        return self._table

    @property
    def column_count(self) -> int:
        return self._table.part.area.width

    def __len__(self) -> int:
        part = self._table.part
        return 0 if part.is_empty else part.data.height

    def __call__(self, key: int) -> TableRow:
        if not 1 <= key <= len(self):
            raise KeyError(key)
        return TableRow(self._table, key)

    def __iter__(self) -> Iterator[TableRow]:
        return (TableRow(self._table, index) for index in range(1, len(self) + 1))

    def add(self, values: list[object] | None, index: int | None) -> TableRow:
        part = self._table.part
        if index is not None and index <= len(self):
            raise part.sheet.error(
                f"cannot take a row into the middle of the table {part.name} while it is closed",
                "open the workbook in Excel, or add at its end",
            )
        part.add_row(values)
        return TableRow(self._table, len(self))


@closed_file(base_classes.TableRow)
class TableRow:
    """A data row of a table."""

    def __init__(self, table: Table, index: int) -> None:
        self._table = table
        self._index = index

    @property
    def index(self) -> int:
        return self._index

    @property
    def range(self) -> Range | None:
        data = self._table.part.data
        row = data.top + self._index - 1
        return self._table.cells(data._replace(top=row, bottom=row))


@closed_file(base_classes.TableColumns)
class TableColumns:
    """The columns of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._columns = [
            TableColumn(table, name, index) for index, name in enumerate(table.part.headings, 1)
        ]

    def __call__(self, key: int | str) -> TableColumn:
        found = [
            each
            for each in self._columns
            if (
                each.name.casefold() == key.casefold()
                if isinstance(key, str)
                else each.index == key
            )
        ]
        if not found:
            raise KeyError(key)
        return found[0]

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[TableColumn]:
        return iter(self._columns)

    def __contains__(self, key: str) -> bool:
        return any(each.name.casefold() == key.casefold() for each in self._columns)


@closed_file(base_classes.TableColumn)
class TableColumn:
    """A column of a table."""

    def __init__(self, table: Table, name: str, index: int) -> None:
        self._table = table
        self._name = name
        self._index = index

    @property
    def name(self) -> str:
        return self._name

    @property
    def index(self) -> int:
        return self._index

    @property
    def range(self) -> Range | None:
        return self._of(self._table.part.area)

    @property
    def data_body_range(self) -> Range | None:
        part = self._table.part
        return None if part.is_empty else self._of(part.data)

    def _of(self, block: Area) -> Range | None:
        column = block.left + self._index - 1
        return self._table.cells(block._replace(left=column, right=column))
