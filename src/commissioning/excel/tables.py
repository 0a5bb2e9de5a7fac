"""The tables of an open workbook, read and written through xlwings alone.

Only what xlwings has for Excel on Windows and on macOS is used, so that the same code runs there
and on a closed file.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from commissioning.cells import EPOCH, Error, Value
from commissioning.workbook.grid import Formula, quoted, stored
from commissioning.workbook.held import Held, as_held
from commissioning.workbook.refresh.found import Found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw
    from xlwings.main import Table

#: Every error value that a cell can show.
_ERRORS = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])")

#: What Excel takes for the text that it is, however it is set up: no number, date or truth value.
_PLAIN = re.compile(r"(?!true$|false$)[^\W\d_][^\d]*", re.IGNORECASE)

_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.datetime.combine(EPOCH, dt.time())


def by_name(book: xw.Book) -> Mapping[str, Table]:
    """The tables of all sheets by name in lower case."""
    return {table.name.casefold(): table for sheet in book.sheets for table in sheet.tables}


def read(table: Table) -> Found:
    """A table with what stands above and below it."""
    sheet, area = table.parent, table.range
    height, top, left = area.shape[0], area.row, area.column
    grid = _read(area)
    last = sheet.used_range.last_cell.row
    bottom = top + height - 1
    return Found(
        sheet=sheet.name,
        headings=tuple("" if held.value is None else str(held.value) for held in grid[0]),
        rows=grid[1 : height - table.show_totals],
        top=top,
        left=left,
        bottom=bottom,
        lines=[
            row[0] for row in (_read(sheet.range((1, left), (top - 1, left))) if top > 1 else ())
        ],
        below=sum(not row[0].empty for row in _read(sheet.range((bottom + 1, left), (last, left))))
        if last > bottom
        else 0,
    )


def below(table: Table, rows: int) -> list[list[Held]]:
    """The next rows under a table, as far as it is wide and the sheet is used."""
    area = table.range
    height, width = area.shape
    used = table.parent.used_range.last_cell.row - (area.row + height - 1)
    return _read(area.offset(height, 0).resize(min(rows, used), width)) if used > 0 else []


def _read(area: xw.Range) -> list[list[Held]]:
    """What the cells of a range hold, row by row."""
    values = area.options(ndim=2, err_to_str=True).value
    formulas = area.formula
    if not isinstance(formulas, list | tuple):
        formulas = [[formulas]]
    elif formulas and not isinstance(formulas[0], list | tuple):
        formulas = [formulas] if area.shape[0] == 1 else [[each] for each in formulas]
    return [
        [_held(value, formula) for value, formula in zip(*rows, strict=True)]
        for rows in zip(values, formulas, strict=True)
    ]


def _held(value: object, formula: object) -> Held:
    # Of a text that only looks like a formula, Excel gives the same for both.
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        # A column has the same one in every row.
        return Held(_value(value), sys.intern(formula[1:]))
    return Held(_value(value))


def _value(value: object) -> Value:
    """A value as xlwings gives it: dates and times become serial numbers."""
    if isinstance(value, str):
        return Error(value) if value.startswith("#") and _ERRORS.fullmatch(value) else value
    if isinstance(value, dt.datetime):
        return as_held((value.replace(tzinfo=None) - _MIDNIGHT) / _DAY)
    if isinstance(value, Decimal):
        return as_held(float(value))
    return as_held(value) if isinstance(value, float | bool | dt.date) else None


def write(cell: xw.Range, content: Value | Formula, table: str) -> None:
    """Write into a cell; a text stays a text, whatever it looks like."""
    if isinstance(content, Formula):
        cell.formula = f"={stored(content.text, table)}"
    else:
        cell.value = _entered(content)


def _entered(content: Value) -> Value:
    """What to enter so that a cell holds a value; a text that looks like more is marked."""
    return f"'{content}" if isinstance(content, str) and not _PLAIN.fullmatch(content) else content


def extend(table: Table, rows: int) -> xw.Range:
    """Add rows to a table, which look like the last one and have its formulas; returns them."""
    first = table.rows.add().range
    if rows == 1:
        return first
    if table.show_totals:
        # Excel does not move a row of totals when a table is resized.
        for _ in range(rows - 1):
            table.rows.add()
        return first.resize(rows, first.shape[1])
    height, width = table.range.shape
    table.resize(table.range.resize(height + rows - 1, width))
    added = first.resize(rows, width)
    first.autofill(added, "fill_formats")
    return added


def write_column(cells: xw.Range, contents: Sequence[Value | Formula], table: str) -> None:
    """Write the cells of a column of new rows; what is empty is not written.

    A formula that all of them have is written at once, and so are values.
    """
    first = contents[0]
    values = [content for content in contents if not isinstance(content, Formula)]
    if isinstance(first, Formula) and all(content == first for content in contents):
        write(cells, first, table)
    elif len(values) == len(contents):
        if any(value is not None for value in values):
            cells.value = [[_entered(value)] for value in values]
    else:
        for number, content in enumerate(contents):
            if content is not None:
                write(cells[number, 0], content, table)


def link(cell: xw.Range, target: str, text: Value | Formula, table: str) -> None:
    """Link a cell to an address, or to the top of the sheet with that name; it shows the text."""
    address = target if target.startswith(("http://", "https://")) else f"#{quoted(target)}!A1"
    # Set as the text of a link, a text could become a formula.
    cell.add_hyperlink(address, text_to_display="link")
    write(cell, text, table)


def value(cell: xw.Range) -> Value:
    """What a single cell shows."""
    return _value(cell.options(err_to_str=True).value)
