"""The figures of a workbook worked out in Python, where no spreadsheet program has it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import engine
from commissioning.excel.planning import names_stand
from commissioning.workbook.heights import row_height
from commissioning.workbook.held import agree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commissioning.cells import Value
    from commissioning.excel.opened import Opened


def calculate(opened: Opened) -> None:
    """Give formulas their values: by Excel, or in a closed file those that are declared."""
    if opened.book.app.engine.name != engine.NAME:
        opened.book.app.calculate()
        fit_rows(opened)
        return
    # Formulas of the officer's lose values that no longer hold; figures may depend on those.
    while engine.set_cached(opened.book, _worked_out(opened)):
        opened.present.clear()


def fit_rows(opened: Opened) -> None:
    """Make rows that were written high enough for what they show; a closed file does by itself."""
    for name, rows in opened.written_rows.items():
        opened.forget(name)
        if (found := opened.found(name)) is None:
            continue
        cells = opened.tables[name.casefold()].range
        widths = {column.heading: column.width for column in opened.layout.tables[name].columns}
        for row in sorted(rows):
            texts = zip(found.headings, (held.value for held in found.rows[row]), strict=True)
            needed = row_height(
                (text, widths[heading])
                for heading, text in texts
                if isinstance(text, str) and heading in widths
            )
            # A hidden row has no height.
            if 0 < (cells[row + 1, 0].row_height or 0) < needed:
                cells[row + 1, :].rows.autofit()


def _worked_out(opened: Opened) -> Mapping[tuple[str, int, int], Value]:
    """The values of the cells whose formulas are declared: (sheet, row, column) -> value.

    A value that a cell shows already, but for what rounding does to its last digits, is given as
    it is. Left out is what depends on a table or column that is missing, or on a formula of the
    officer's own that has no value; everything, where a name stands for another cell.
    """
    if not names_stand(opened):
        return {}
    holdings = opened.holdings()
    found: dict[tuple[str, int, int], Value] = {}
    for figure in holdings.figures():
        table = opened.found(figure.table)
        if table is None or figure.held.formula is None:
            continue
        row = table.top + figure.row + (1 if figure.row >= 0 else 0)
        column = table.left + table.headings.index(figure.heading)
        shown = figure.held.value
        kept = shown is not None and agree(shown, figure.value)
        found[table.sheet, row, column] = shown if kept else figure.value
    return found
