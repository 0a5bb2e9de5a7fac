# ruff: noqa: D102, D105, D107 - the members are described where xlwings declares them
"""xlwings' ranges over a closed workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from xlwings import base_classes

from commissioning.check.references import LAST_COLUMN, LAST_ROW, Area, area, letters
from commissioning.engine.formulas import moved
from commissioning.engine.names import quoted
from commissioning.engine.unavailable import closed_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings

    from commissioning.cells import Value
    from commissioning.engine.book import Sheet
    from commissioning.engine.sheet import Worksheet

    #: An address, (row, column), (row, column, rows, columns), or a range.
    Place: TypeAlias = "str | tuple[int, ...] | Range"


@closed_file(base_classes.Range)
class Range:
    """An area of a sheet; one without rows or columns is empty."""

    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Sheet, block: Area) -> None:
        self._sheet = sheet
        self.block = block
        #: What xlwings' Range keeps here; conversions are its own affair.
        self.options: dict[str, object] = {}

    @property
    def worksheet(self) -> Worksheet:
        """The sheet as the file has it."""
        return self._sheet.worksheet

    @property
    def api(self) -> Range:
        return self

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    def __len__(self) -> int:
        return self.block.height * self.block.width

    @property
    def row(self) -> int:
        return self.block.top

    @property
    def column(self) -> int:
        return self.block.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.block.height, self.block.width

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        row, column = ("$" if absolute else "" for absolute in (row_absolute, col_absolute))
        block = self.block
        corners = dict.fromkeys([(block.top, block.left), (block.bottom, block.right)])
        local = ":".join(f"{column}{letters(right)}{row}{below}" for below, right in corners)
        if not external:
            return local
        return f"{quoted(f'[{self._sheet.book.name}]{self._sheet.name}')}!{local}"

    @property
    def raw_value(self) -> list[list[Value]] | None:
        return self.worksheet.grid.values(self.block) if len(self) else None

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        if len(self):
            self.worksheet.write(self.block, self._filled(data))

    @property
    def formula(self) -> str | tuple[tuple[str, ...], ...] | None:
        if not len(self):
            return None
        found = self.worksheet.grid.formulas(self.block)
        return found[0][0] if len(self) == 1 else tuple(map(tuple, found))

    @formula.setter
    def formula(self, value: object) -> None:
        if not len(self):
            return
        rows = self._filled(value)
        if isinstance(value, str) and value.startswith("="):
            start = self.block[:2]
            rows = [
                [f"={moved(value[1:], start, (row, column))}" for column in self._columns]
                for row in self._rows
            ]
        self.worksheet.write_formulas(self.block, rows)

    @property
    def row_height(self) -> float | None:
        heights = {self.worksheet.height(row) for row in self._rows}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        for row in self._rows:
            self.worksheet.set_height(row, value)

    def autofit(self, axis: str | None = None) -> None:
        if axis not in {"r", "rows"}:
            raise self.worksheet.error(
                "cannot fit the width of columns",
                "only rows are in a closed file; open it in Excel",
            )
        self.worksheet.fit_rows(self.block)

    @property
    def number_format(self) -> str | None:
        return self.worksheet.formats.number_format(self.block) if len(self) else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        if len(self):
            self.worksheet.set_number_format(self.block, value)

    def autofill(self, destination: xlwings.Range, type_: str = "fill_default") -> None:
        block: Area = destination.api.block
        if type_ != "fill_formats" or block._replace(bottom=self.block.bottom) != self.block:
            raise self.worksheet.error(
                f"cannot fill {block} from {self.address} by {type_!r}",
                "only the formats of rows are filled down in a closed file; open it in Excel",
            )
        self.worksheet.fill_formats(self.block, block)

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        if arg2 is None:
            row, column = divmod(arg1 - 1, self.block.width)
        else:
            row, column = arg1 - 1, arg2 - 1
        return place_of(self._sheet, (self.row + row, self.column + column))

    @property
    def hyperlink(self) -> str:
        return self.worksheet.links.address(self.block)

    def add_hyperlink(
        self, address: str, text_to_display: str | None = None, screen_tip: str | None = None
    ) -> None:
        self.worksheet.links.add(self.block, address, screen_tip)
        if text_to_display is not None:
            self.raw_value = text_to_display

    @property
    def _rows(self) -> range:
        return range(self.block.top, self.block.bottom + 1)

    @property
    def _columns(self) -> range:
        return range(self.block.left, self.block.right + 1)

    def _filled(self, data: object) -> Sequence[Sequence[object]]:
        """What is set to each cell, row by row: a scalar is set to all of them."""
        if not isinstance(data, list | tuple):
            return [[data] * self.block.width] * self.block.height
        rows = data if data and isinstance(data[0], list | tuple) else [data]
        if (len(rows), {len(row) for row in rows}) != (self.block.height, {self.block.width}):
            raise ValueError(f"The values do not have the shape of {self.address}.")
        return rows


def place_of(sheet: Sheet, first: Place, last: Place | None = None) -> Range:
    """The range of an address, of a place (row, column, rows, columns), or between two of those.

    Raises:
        ValueError: there is no such place on a sheet.
    """
    one = _area(first)
    other = one if last is None else _area(last)
    found = Area(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )
    if found.top < 1 or found.left < 1 or found.bottom > LAST_ROW or found.right > LAST_COLUMN:
        raise ValueError(f"There is no place {first!r} on a sheet.")
    return Range(sheet, found)


def _area(given: Place) -> Area:
    if isinstance(given, Range):
        return given.block
    if isinstance(given, tuple):
        row, column, height, width = (*given, 1, 1)[:4]
        return Area(row, column, row + height - 1, column + width - 1)
    found = area(given.replace("$", "").upper())
    if found is None:
        raise ValueError(f"There is no place {given!r} on a sheet.")
    return found
