"""The figures of a workbook worked out in Python, where no spreadsheet program has it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.excel.opened import Opened
from commissioning.excel.planning import names_stand
from commissioning.workbook.held import agree

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlwings as xw

    from commissioning.cells import Value
    from commissioning.evidence.pack import Evidence


def worked_out(book: xw.Book, evidence: Evidence) -> Mapping[tuple[str, int, int], Value]:
    """The values of the cells whose formulas are declared: (sheet, row, column) -> value.

    A value that a cell shows already, but for what rounding does to its last digits, is given as
    it is. Left out is what depends on a table or column that is missing, or on a formula of the
    officer's own that has no value; everything, where a name stands for another cell.
    """
    opened = Opened(book, evidence)
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
