"""The heights of rows whose texts have changed.

A height that somebody set stays. Any other is the one that the texts need: Excel fits a row
without a height when it opens the file, but LibreOffice gives it a single line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Error
from commissioning.check.xml import children, decimal, flag, integer
from commissioning.workbook.heights import row_height

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from commissioning.engine.grid import Grid
    from commissioning.engine.rows import Row

#: Width of a column in characters where the sheet says nothing.
_DEFAULT_WIDTH = 8.43


def fit(root: _Element, grid: Grid) -> None:
    """Fit the rows of a worksheet part whose texts have changed."""
    widths = [
        (integer(col.get("min")) or 0, integer(col.get("max")) or 0, decimal(col.get("width")))
        for col in children(root, "cols", "col")
    ]

    def width(column: int) -> float:
        found = (each for first, last, each in widths if first <= column <= last)
        return next(found, None) or _DEFAULT_WIDTH

    for number in sorted(grid.unfit):
        row = grid.rows.find(number)
        if row is None or flag(row.element.get("customHeight")):
            continue
        row.element.attrib.pop("ht", "")
        if texts := [(text, width(column)) for column, text in _wrapped(row, grid)]:
            row.element.set("ht", f"{row_height(texts):g}")
    grid.unfit.clear()


def _wrapped(row: Row, grid: Grid) -> Iterator[tuple[int, str]]:
    """The texts of a row that go over several lines where they must, by column."""
    for column, cell in row.cells.items():
        # Numbers, most of a table, need no look at what they hold.
        if cell.get("t", "n") in {"s", "str", "inlineStr"} and grid.wraps(cell):
            value = grid.value(cell)
            if isinstance(value, str) and not isinstance(value, Error):
                yield column, value
