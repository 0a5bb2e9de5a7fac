"""Reading the cells of a worksheet, row by row, so that large sheets fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.model import Cell, Sheet
from commissioning.check.references import LAST_ROW, area, columns
from commissioning.check.xml import MAIN, flag, integer, text_of, unescape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

_CELL, _VALUE, _FORMULA, _INLINE = (f"{MAIN}{name}" for name in ("c", "v", "f", "is"))


class CellReader:
    """Adds the rows that it is shown to a sheet."""

    def __init__(self, sheet: Sheet, strings: Sequence[str], most: int) -> None:
        """Take the sheet to fill, the shared strings and the most cells that it may have."""
        self._sheet = sheet
        self._strings = strings
        self._most = most
        self._columns = columns()
        self._row = 0

    @property
    def overfull(self) -> bool:
        """Whether the sheet has more cells than it may."""
        return len(self._sheet.cells) > self._most

    def row(self, element: _Element) -> None:
        """Add a row; what has no place in the sheet is noted as misplaced."""
        sheet, given = self._sheet, element.get("r")
        number = self._row + 1 if given is None else integer(given)
        if number is None or not 1 <= number <= LAST_ROW:
            sheet.misplaced.append(f"row {given or number}")
            return
        self._row = number
        sheet.row_numbers.append(number)
        if style := element.get("s"):
            sheet.row_styles[number] = _index(style)
        if flag(element.get("hidden")):
            sheet.hidden_rows.append(number)
        if self.overfull:
            return
        column = 0
        for cell in element:
            if cell.tag == _CELL:
                column = self._cell(cell, number, column + 1)

    def _cell(self, element: _Element, row: int, following: int) -> int:
        """Add a cell; returns its column, which is the following one unless it says otherwise."""
        sheet, given = self._sheet, element.get("r")
        column = following
        if given is not None:
            name = given.rstrip("0123456789")
            column = self._columns.get(name, 0)
            if not column or given[len(name) :] != str(row):
                sheet.misplaced.append(given)
                return following - 1
        kind, style = element.get("t", "n"), element.get("s")
        text = formula = None
        for part in element:
            if part.tag == _VALUE:
                text = part.text
            elif part.tag == _FORMULA:
                formula = self._formula(part)
            elif part.tag == _INLINE:
                text = text_of(part)
        cell = Cell(row, column, kind, text, formula, _index(style) if style else 0)
        if kind in {"s", "str"}:
            cell = self._with_text(cell)
        sheet.cells.append(cell)
        return column

    def _formula(self, element: _Element) -> str:
        if element.get("t") in {"array", "dataTable"}:
            filled = area(element.get("ref", ""))
            if filled is not None:
                self._sheet.array_areas.append(filled)
        return element.text or ""

    def _with_text(self, cell: Cell) -> Cell:
        if cell.kind == "str":
            return cell._replace(text=unescape(cell.text)) if cell.text else cell
        index = integer(cell.text)
        if index is None or index >= len(self._strings):
            self._sheet.unknown_strings.append(cell)
            return cell._replace(text=None)
        return cell._replace(text=self._strings[index])


def _index(text: str) -> int:
    """An index into the formats; one that is no number is out of any range."""
    index = integer(text)
    return -1 if index is None else index
