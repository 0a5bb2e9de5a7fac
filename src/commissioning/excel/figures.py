"""The figures of a workbook worked out in Python, where no spreadsheet program has it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.errors import WorkbookError
from commissioning.excel.opened import Opened
from commissioning.workbook.held import agree

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlwings as xw

    from commissioning.cells import Value
    from commissioning.evidence.pack import Evidence


def worked_out(book: xw.Book, evidence: Evidence) -> Mapping[tuple[str, int, int], Value]:
    """The values of the cells whose formulas are declared: (sheet, row, column) -> value.

    A value that a cell shows already, but for what rounding does to its last digits, is given as
    it is. Nothing where the workbook lacks a table or column: none could be vouched for.
    """
    opened = Opened(book, evidence)
    try:
        holdings = opened.holdings()
    except WorkbookError:
        return {}
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
