"""What an officer typed into a table, as far as a report speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Error
from commissioning.workbook.book import content
from commissioning.workbook.grid import Cell, Formula
from commissioning.workbook.refresh.report import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.workbook.grid import Table
    from commissioning.workbook.refresh.found import Found

#: Characters of a text that a report shows.
_SHOWN = 40


def texts(table: Table, found: Found) -> Iterator[Entry]:
    """Texts in the officer's cells where a number or a date belongs."""
    numeric = {
        (str(content(row[table.key])).casefold(), heading)
        for row in table.rows
        for heading, cell in row.items()
        if isinstance(cell, Cell) and cell.kind and cell.kind.right
    }
    for row in range(len(found.rows)):
        key = str(found.cell(row, table.key).value).casefold()
        for column in table.columns:
            value = found.cell(row, column.heading).value
            expected = column.limits is not None or (key, column.heading) in numeric
            if column.input and expected and isinstance(value, str) and value.strip():
                what = value if isinstance(value, Error) else f"the text {value[:_SHOWN]!r}"
                yield Entry(
                    found.at(row, column.heading),
                    f"{column.heading} holds {what} where a number or a date belongs.",
                )


def kept(table: Table, found: Found, own_rows: int) -> Iterator[Entry]:
    """How much of the officer's stands in a table: filled input cells, own rows and columns."""
    known = {column.heading: column.input for column in table.columns}
    own_columns = [heading for heading in found.headings if heading not in known]
    worked_out = {
        (str(content(row[table.key])), heading)
        for row in table.rows
        for heading, cell in row.items()
        if isinstance(content(cell), Formula)
    }
    filled = sum(
        known.get(heading, False)
        and not held.empty
        and (found.key(row, table.key), heading) not in worked_out
        for row, cells in enumerate(found.rows)
        for heading, held in zip(found.headings, cells, strict=True)
    )
    parts = []
    if filled:
        parts.append(f"{filled} filled input cell{'s' if filled > 1 else ''}")
    if own_rows:
        parts.append(f"{own_rows} row{'s' if own_rows > 1 else ''} of your own")
    if own_columns:
        parts.append(f"your column{'s' if len(own_columns) > 1 else ''} {', '.join(own_columns)}")
    if parts:
        yield Entry(found.sheet, f"{', '.join(parts)}.")
