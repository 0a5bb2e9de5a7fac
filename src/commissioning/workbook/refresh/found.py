"""A table as it stands in an officer's workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commissioning.check.references import at, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.workbook.held import Held


@dataclass(frozen=True)
class Found:
    """A table as it stands in the workbook.

    Attributes:
        sheet: title of its sheet.
        headings: in their order, with columns of the officer's own.
        rows: what the cells of each row hold, in the order of the headings.
        top: row of the headings on the sheet, counted from 1.
        left: column of the first heading, counted from 1.
        bottom: last row of the table on the sheet, a row of totals included.
        lines: what stands above the headings in the table's first column, from row 1 on.
        below: how many filled cells stand under the table in its first column.
    """

    sheet: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Held]]
    top: int
    left: int
    bottom: int
    lines: Sequence[Held]
    below: int

    def cell(self, row: int, heading: str) -> Held:
        """What the cell in a row, counted from 0, under a heading holds."""
        return self.rows[row][self.headings.index(heading)]

    def key(self, row: int, heading: str) -> str:
        """What tells a row apart, by the heading of the table's key."""
        value = self.cell(row, heading).value
        return "" if value is None else str(value).strip()

    def at(self, row: int, heading: str) -> str:
        """Sheet and reference of a cell; row -1 is that of the headings."""
        place = reference(self.top + 1 + row, self.left + self.headings.index(heading))
        return at(self.sheet, place)
