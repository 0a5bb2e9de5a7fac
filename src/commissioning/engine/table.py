"""The tables of a worksheet: where they stand, and how they grow.

Standard: ECMA-376 part 1, 18.5.1.2 (table).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.references import LAST_ROW, Area, area, reference
from commissioning.check.xml import MAIN, child, children, flag, integer, unescape
from commissioning.engine import cells
from commissioning.engine.formulas import fault_of, grown, moved
from commissioning.engine.grid import restyle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element

    from commissioning.engine.sheet import Worksheet
    from commissioning.errors import WorkbookError

_CALCULATED = f"{MAIN}calculatedColumnFormula"
_ROOM = "make room below the table in Excel, then try again"


class Table:
    """A table.

    Attributes:
        name: what formulas call it.
        sheet: the sheet it stands on.
        area: all its cells, headings and totals too.
        settled: its data rows until what depends on them was last brought up to date.
    """

    def __init__(self, root: _Element, sheet: Worksheet, part: str) -> None:
        """Take the root of a table part.

        Raises:
            WorkbookError: it does not say where the table stands.
        """
        self.part = part
        self.sheet = sheet
        self.name = root.get("displayName", "") or root.get("name", "")
        self._root = root
        self._columns = list(children(root, "tableColumns", "tableColumn"))
        self._headings = _count(root, "headerRowCount", 1)
        self._totals = _count(root, "totalsRowCount", 0)
        found = area(root.get("ref", ""))
        if found is None or found.width != len(self._columns) or found.height < self._fixed:
            raise self._damaged(f"a damaged table {self.name}")
        self.area = found
        self._implied: dict[int, str | None] = {}
        self.settled = self.data

    @property
    def headings(self) -> list[str]:
        """The names of its columns."""
        return [unescape(column.get("name", "")) for column in self._columns]

    @property
    def header(self) -> Area | None:
        """The row of its headings."""
        return self.area._replace(bottom=self.area.top) if self._headings else None

    @property
    def totals(self) -> Area | None:
        """Its totals row."""
        return self.area._replace(top=self.area.bottom) if self._totals else None

    @property
    def data(self) -> Area:
        """Its data rows; of an empty table the row that waits for the first."""
        return self.area._replace(
            top=self.area.top + self._headings, bottom=self.area.bottom - self._totals
        )

    @property
    def is_empty(self) -> bool:
        """Whether its one row is none yet, but waits for the first."""
        return flag(self._root.get("insertRow")) or not self.data.height

    @property
    def _fixed(self) -> int:
        return self._headings + self._totals

    def calculated(self, column: int) -> str | None:
        """The formula that new rows have in a column of the sheet, as its first data row has it.

        None where there is none, or an array formula, which each row would need for itself.

        Programs other than Excel leave it out of the file: then the one that every row has.
        """
        declared = child(self._columns[column - self.area.left], "calculatedColumnFormula")
        if declared is not None and flag(declared.get("array")):
            return None
        if declared is not None and declared.text:
            if fault := fault_of(declared.text):
                raise self._damaged(f"a damaged formula in the table {self.name} ({fault})")
            return declared.text
        if column not in self._implied:
            self._implied[column] = self._common(column)
        return self._implied[column]

    def set_calculated(self, column: int, formula: str) -> None:
        """Declare the formula of a column, as its first data row has it."""
        element = self._columns[column - self.area.left]
        declared = child(element, "calculatedColumnFormula")
        if declared is None:
            declared = element.makeelement(_CALCULATED)
            element.insert(0, declared)
        if declared.text != formula or declared.get("array"):
            declared.text = formula
            declared.attrib.pop("array", "")
            self.sheet.touch(self.part)

    def add_row(self, values: Sequence[object] | None) -> None:
        """Add a row below the data; None for a row with its calculated columns only.

        Raises:
            WorkbookError: there is no room, or a cell cannot hold its value; nothing has changed.
        """
        number = self.data.bottom + (0 if self.is_empty and self.data.height else 1)
        block = self.area._replace(top=number, bottom=number)
        places = zip(values or (), self._sheet_columns, strict=False)
        entries = [self.sheet.grid.entry(value, number, column) for value, column in places]
        self.grow(1)
        if entries:
            self.sheet.put(block, [entries])

    def resize(self, block: Area) -> None:
        """Let the table have more rows, or fewer; those it gives up keep what they hold.

        Raises:
            WorkbookError: it would have other columns or headings, or there is no room.
        """
        old = self.area
        more = block.bottom - old.bottom
        if block[:2] != old[:2] or block.right != old.right or block.height <= self._fixed:
            raise self.sheet.error(
                f"has the table {self.name} in {old}, and {block} is not for its headings and rows",
                "change its columns in Excel",
            )
        if more > 0:
            self.grow(more + (1 if self.is_empty and self.data.height else 0))
        elif more < 0:
            self._shrink(block)

    def grow(self, count: int) -> None:
        """Add rows below the data, first the one that waits for it; a totals row moves down.

        Raises:
            WorkbookError: there is no room, or the sheet is protected; nothing has changed then.
        """
        waiting = 1 if self.is_empty and self.data.height else 0
        more, last = count - waiting, self.data.bottom - waiting
        self._require_room(more)
        formulas = [(column, self.calculated(column)) for column in self._sheet_columns]
        self._root.attrib.pop("insertRow", "")
        self._move_totals(more)
        self.area = self.area._replace(bottom=self.area.bottom + more)
        self._fill(last, {column: text for column, text in formulas if text})
        self._note()

    def _shrink(self, block: Area) -> None:
        if self.sheet.grid.protected:
            raise self.sheet.grid.locked(f"the table {self.name}")
        if self._totals:
            fault = f"has the totals row of the table {self.name} in row {self.area.bottom}"
            raise self.sheet.error(fault, "delete rows of this table in Excel")
        self._note()
        self.area = block

    def _note(self) -> None:
        self.sheet.touch(self.part)
        self.sheet.touch(self.sheet.part)
        self.sheet.note(self.area)

    def store(self) -> None:
        """Write where the table stands into its part."""
        old, data = area(self._root.get("ref", "")), self.data
        if old is None or old == self.area:
            return
        until = old.bottom - self._totals
        self._root.set("ref", str(self.area))
        for element in self._root.iter(*_FOLLOWERS):
            found = area(element.get("ref", ""))
            if found and found.bottom == until:
                element.set("ref", str(found._replace(bottom=data.bottom)))

    @property
    def _sheet_columns(self) -> range:
        return range(self.area.left, self.area.right + 1)

    def _common(self, column: int) -> str | None:
        data, grid = self.data, self.sheet.grid
        found = {}
        for row in grid.rows.within(data):
            cell = row.cells.get(column)
            found[row.number] = None if cell is None else grid.cell_formulas.text(cell)
        first = found.get(data.top)
        if first is None or len(found) != data.height:
            return None
        start = (data.top, column)
        same = all(text == moved(first, start, (row, column)) for row, text in found.items())
        return first if same else None

    def _require_room(self, count: int) -> None:
        grid = self.sheet.grid
        if grid.protected:
            raise grid.locked(f"the table {self.name}")
        if not count:
            return
        strip = self.area._replace(top=self.area.bottom + 1, bottom=self.area.bottom + count)
        if strip.bottom > LAST_ROW:
            raise self._no_room("the sheet ends")
        for row, column, cell in grid.rows.cells(strip):
            if grid.is_occupied(cell):
                raise self._no_room(f"{reference(row, column)} holds something")
        for what, taken in (
            *(("merged cells", merge) for merge in grid.merges),
            *(("an array formula", filled) for filled in grid.cell_formulas.arrays),
            *((f"the table {each.name}", each.area) for each in self.sheet.tables),
        ):
            if taken.overlaps(strip):
                raise self._no_room(f"{what} stand in {taken}")

    def _damaged(self, what: str) -> WorkbookError:
        return self.sheet.error(f"has {what}", "open the workbook in Excel and repair it")

    def _no_room(self, why: str) -> WorkbookError:
        return self.sheet.error(f"has no room below the table {self.name}: {why}", _ROOM)

    def _move_totals(self, count: int) -> None:
        """Move the cells of the totals row down."""
        totals, rows = self.totals, self.sheet.grid.rows
        old = rows.find(totals.top) if totals else None
        if totals is None or old is None:
            return
        new = rows.ensure(totals.top + count)
        data = self.data
        moving = [column for column in old.cells if totals.left <= column <= totals.right]
        new.ensure(moving)
        here = new.cells
        for column in moving:
            cell, blank = old.cells[column], here[column]
            self.sheet.grid.cell_formulas.own(cell)
            cell.set("r", blank.get("r", ""))
            for formula in cell.iterchildren(cells.FORMULA):
                standing = self.sheet.title, data
                text = formula.text or ""
                formula.text = grown(text, self.sheet.title, standing, data.bottom + count)
            blank.addprevious(cell)
            new.element.remove(blank)

    def _fill(self, last: int, calculated: Mapping[int, str]) -> None:
        """Format the rows below the last one as that one is, and calculate their columns."""
        grid, top = self.sheet.grid, self.data.top
        above = grid.rows.find(last) if last >= top else None
        held = above.cells if above else {}
        styles = {column: grid.plain_style(held[column]) for column in held if column in self}
        height = None
        # A row that fits its own texts says nothing of the next one's.
        if above is not None and flag(above.element.get("customHeight")):
            height = above.element.get("ht")
        wanted = sorted({*styles, *calculated})
        for number in range(last + 1, self.data.bottom + 1):
            row = grid.rows.ensure(number)
            if height is not None and row.element.get("ht") is None:
                row.element.attrib.update({"ht": height, "customHeight": "1"})
            grid.unfit.add(number)
            row.ensure(wanted)
            here = row.cells
            for column, style in styles.items():
                restyle(here[column], style)
            for column, text in calculated.items():
                cells.empty(here[column])
                cells.write_formula(here[column], moved(text, (top, column), (number, column)))
        grid.formulas_moved |= bool(calculated)
        grid.extend(self.area)

    def __contains__(self, column: int) -> bool:
        """Whether a column of the sheet belongs to the table."""
        return self.area.left <= column <= self.area.right


_FOLLOWERS = tuple(MAIN + name for name in ("autoFilter", "sortState", "sortCondition"))


def _count(root: _Element, name: str, default: int) -> int:
    count = integer(root.get(name))
    return default if count is None else min(count, 1)
