"""Tables as they stand in a new workbook, to be changed as an officer would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commissioning.workbook import marks
from commissioning.workbook.book import Book, evaluate
from commissioning.workbook.grid import Formula, stored
from commissioning.workbook.held import Held
from commissioning.workbook.refresh.found import Found
from filling import blank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.cells import Value
    from commissioning.workbook.grid import Layout, Sheet
    from commissioning.workbook.refresh.plan import Written

LAYOUT = blank()


def found(sheet: Sheet, layout: Layout = LAYOUT) -> Found:
    """The table of a sheet as the template writes it."""
    book, table = Book.fresh(layout), sheet.table

    def held(content: Value | Formula, value: Value) -> Held:
        return (
            Held(value, stored(content.text, table.name))
            if isinstance(content, Formula)
            else Held(value)
        )

    rows = [
        [held(row.formula(c.heading) or None, row[c.heading]) for c in table.columns]
        for row in book.rows(table.name)
    ]
    first = book.rows(table.name)[0]
    lines = [Held(sheet.title)] + [
        held(
            line.content,
            evaluate(line.content, first, book)
            if isinstance(line.content, Formula)
            else line.content,
        )
        for line in sheet.lines
    ]
    return Found(
        sheet=sheet.name,
        headings=tuple(column.heading for column in table.columns),
        rows=rows,
        top=sheet.header_row,
        left=1,
        bottom=sheet.header_row + len(rows),
        lines=lines,
        below=0,
    )


def written(layout: Layout = LAYOUT) -> Written:
    """What Provenance of a new workbook says."""
    return {
        entry.casefold(): frozenset(held.split())
        for entry, held in marks.entries(layout.sheets).items()
    }


def typed(table: Found, row: int, heading: str, value: Value, formula: str | None = None) -> Found:
    """The table after somebody typed a value, or a formula that gives it, into a cell."""
    rows = [list(cells) for cells in table.rows]
    rows[row][table.headings.index(heading)] = Held(value, formula)
    return replace(table, rows=rows)


def with_rows(table: Found, change: Callable[[list[Sequence[Held]]], object]) -> Found:
    """The table after its list of rows was changed in place."""
    rows = list(table.rows)
    change(rows)
    return replace(table, rows=rows, bottom=table.top + len(rows))
