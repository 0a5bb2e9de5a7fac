"""The formats of a worksheet's cells: number formats, and formats that rows take from others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.engine.grid import REPAIR, restyle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from commissioning.check.references import Area
    from commissioning.engine.grid import Grid
    from commissioning.errors import WorkbookError

#: Characters of a number format's code.
LONGEST_CODE = 255


class Formats:
    """The formats of the cells of one worksheet."""

    def __init__(self, grid: Grid, error: Callable[[str, str], WorkbookError]) -> None:
        """Take the cells, and what makes the error for a fault of the sheet."""
        self._grid = grid
        self._error = error

    def number_format(self, block: Area) -> str | None:
        """The code of the number format of an area's cells, None where they differ."""
        codes = {self._grid.styles.code(style) for style in {each[2] for each in self._of(block)}}
        return codes.pop() if len(codes) == 1 else None

    def set_number_format(self, block: Area, code: str) -> bool:
        """Give cells a number format by its code; returns whether any had another.

        Raises:
            WorkbookError: Excel knows no such code, the sheet is protected, or the workbook has
                no formats; nothing has changed then.
        """
        if not 0 < len(code) <= LONGEST_CODE:
            fault = f"cannot have the number format {code[:80]!r} in {block}"
            raise self._error(fault, "give the code that Excel shows under Format Cells")
        styles = self._grid.styles
        other = [each for each in self._of(block) if styles.code(each[2]) != code]
        if other and self._grid.protected:
            raise self._grid.locked(f"the format of {block}")
        if any(style not in styles for *_, style in other):
            raise self._error(f"is damaged (no formats for the cells in {block})", REPAIR)
        self._set((n, column, styles.formatted(style, code)) for n, column, style in other)
        return bool(other)

    def fill(self, source: Area, block: Area) -> bool:
        """Give the rows of an area the formats of its first ones; returns whether any changed.

        Raises:
            WorkbookError: the sheet is protected.
        """
        styles = {
            (row - source.top, column): self._grid.styles.variant(style, prefixed=False)
            for row, column, style in self._of(source)
        }
        other = [
            (row, column, wanted)
            for row, column, style in self._of(block._replace(top=source.bottom + 1))
            if style != (wanted := styles[(row - source.top) % source.height, column])
        ]
        if other and self._grid.protected:
            raise self._grid.locked(f"the formats of {block}")
        self._set(other)
        return bool(other)

    def _of(self, block: Area) -> Iterator[tuple[int, int, int]]:
        """Row, column and format of each cell of an area, those that the sheet lacks too."""
        self._grid.check_size(block)
        for number in range(block.top, block.bottom + 1):
            row = self._grid.rows.find(number)
            held = row.cells if row else {}
            for column in range(block.left, block.right + 1):
                yield number, column, self._grid.style_at(row, held.get(column), column)

    def _set(self, wanted: Iterable[tuple[int, int, int]]) -> None:
        """Give cells, by row and column, a format; those that the sheet lacks are added."""
        for number, column, style in wanted:
            [cell] = self._grid.ensure(self._grid.rows.ensure(number), [column])
            restyle(cell, style)
