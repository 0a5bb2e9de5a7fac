"""The formulas of a worksheet's cells: those that share a text, and those that fill an area.

Standard: ECMA-376 part 1, 18.3.1.40 (f).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning.check.references import Area, area
from commissioning.engine.areas import encloses
from commissioning.engine.cells import FORMULA, part
from commissioning.engine.formulas import Formula, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from commissioning.errors import WorkbookError

_FILLING = frozenset({"array", "dataTable"})
_REPAIR = "open it in Excel, let it repair the file and save it under a new name"


class _Shared(NamedTuple):
    """A formula that several cells share: its text, the cell that has it, and all its cells."""

    text: str
    home: tuple[int, int]
    elements: list[_Element]


class CellFormulas:
    """The formulas of a worksheet.

    Attributes:
        arrays: the areas that array formulas and data tables fill.
    """

    def __init__(self, root: _Element, error: Callable[[str, str], WorkbookError]) -> None:
        """Take the root of a worksheet part, and what makes the error for a fault of the sheet."""
        self._root = root
        self._error = error
        self.arrays: list[Area] = []
        self._shared: dict[str, _Shared] = {}
        for element in root.iter(FORMULA):
            self._index(element)

    def text(self, cell: _Element) -> str | None:
        """A cell's formula without its equals sign; None where it has none.

        Raises:
            WorkbookError: it shares one that is not there.
        """
        element = part(cell, FORMULA)
        if element is None:
            return None
        if element.get("t") != "shared" or element.text:
            return element.text or ""
        shared = self._shared[element.get("si", "")]
        if not shared.text:
            raise self._error(f"is damaged (the formula of {cell.get('r')} is missing)", _REPAIR)
        return moved(shared.text, shared.home, _place(cell))

    def own(self, cell: _Element) -> None:
        """Give a cell that shares a formula, and every cell that shares its, one of their own."""
        element = part(cell, FORMULA)
        if element is None or element.get("t") != "shared":
            return
        index = element.get("si", "")
        shared = self._shared[index]
        sharing = shared.elements if shared.home == _place(cell) else [cell]
        texts = [(each, self.text(each)) for each in sharing]
        for each, text in texts:
            own = part(each, FORMULA)
            if own is not None and own.get("t") == "shared" and own.get("si", "") == index:
                own.text = text
                for name in ("t", "si", "ref"):
                    own.attrib.pop(name, "")

    def all(self) -> Iterator[Formula]:
        """All formulas, row by row."""
        for element in self._root.iter(FORMULA):
            cell = element.getparent()
            shared = self._shared.get(element.get("si", ""))
            filled = area(element.get("ref", "")) if element.get("t") in _FILLING else None
            if cell is None:
                continue
            if element.text or shared is None:
                yield Formula(*_place(cell), element.text or "", filled)
            else:
                yield Formula(*_place(cell), shared.text, filled, shared.home)

    def forget_arrays(self, block: Area) -> None:
        """Forget the array formulas in an area that has been overwritten."""
        self.arrays = [filled for filled in self.arrays if not encloses(block, filled)]

    def _index(self, formula: _Element) -> None:
        kind, cell = formula.get("t"), formula.getparent()
        if kind in _FILLING:
            filled = area(formula.get("ref", ""))
            if filled is not None:
                self.arrays.append(filled)
        elif kind == "shared" and cell is not None:
            index = formula.get("si", "")
            shared = self._shared.setdefault(index, _Shared("", (0, 0), []))
            shared.elements.append(cell)
            if formula.text:
                self._shared[index] = shared._replace(text=formula.text, home=_place(cell))


def _place(cell: _Element) -> tuple[int, int]:
    """Row and column of a cell; of a formula that stands in none, no place that exists."""
    found = area(cell.get("r", ""))
    return (found.top, found.left) if found else (0, 0)
