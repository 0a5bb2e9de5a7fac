"""Carrying out what was planned for an open workbook, once nothing stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.references import at, reference
from commissioning.errors import WorkbookError
from commissioning.excel import tables
from commissioning.workbook.grid import Cell, Formula

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw
    from xlwings.main import Table

    from commissioning.cells import Value
    from commissioning.excel.opened import Opened
    from commissioning.excel.planning import Changes
    from commissioning.workbook.grid import Contents
    from commissioning.workbook.grid import Table as Declared
    from commissioning.workbook.refresh.found import Found
    from commissioning.workbook.refresh.plan import Plan, Write

_LOG = "ChangeLog"


class Writer:
    """Writes into a workbook."""

    def __init__(self, opened: Opened) -> None:
        """Take the workbook."""
        self.opened = opened

    def refuse_obstacles(self, changes: Changes) -> None:
        """See that every table has room to grow, the log too.

        Raises:
            WorkbookError: naming the first cell that stands in the way.
        """
        growth = {name: len(plan.added) for name, plan in changes.plans.items()}
        growth[_LOG] = growth.get(_LOG, 0) + 1
        for name, rows in growth.items():
            found = self.opened.found(name)
            if found is not None and rows:
                self._refuse_obstacle(name, found, rows)

    def _refuse_obstacle(self, name: str, found: Found, rows: int) -> None:
        table = self.opened.tables[name.casefold()]
        for offset, cells in enumerate(tables.below(table, rows), 1):
            for column, held in enumerate(cells, found.left):
                if not held.empty:
                    where = at(found.sheet, reference(found.bottom + offset, column))
                    raise WorkbookError(
                        f"{self.opened.book.name}: the table {name} has to grow by {rows} "
                        f"row{'s' if rows > 1 else ''}, and {where} stands in its way: move that "
                        "cell into the table or elsewhere. Nothing was changed."
                    )

    def write(self, name: str, plan: Plan) -> None:
        """Carry out the plan for a table."""
        if plan.empty:
            return
        table, found = self.opened.tables[name.casefold()], self.opened.present[name]
        declared = self.opened.layout.tables[name]
        for row, line in plan.lines.items():
            tables.write(table.parent.range((row, found.left)), line, name)
        for heading, writes in _by_heading(plan.writes).items():
            column = declared.column(heading)
            position = found.headings.index(heading)
            if len(writes) == len(found.rows) and all(w.content == column.formula for w in writes):
                # All at once it becomes the formula of the column, which new rows take on.
                body = table.columns[heading].data_body_range
                tables.write(body, writes[0].content, name)  # type: ignore[arg-type]
                continue
            for write in writes:
                tables.write(table.range[write.row + 1, position], write.content, name)
        for link in plan.links:
            cell = table.range[link.row + 1, found.headings.index(link.heading)]
            tables.link(cell, self._target(str(link.content)), tables.value(cell), name)
        self._append(table, found.headings, declared, plan.added)
        rows = range(len(found.rows), len(found.rows) + len(plan.added))
        self.opened.written_rows[name] = {*rows, *(write.row for write in plan.writes)}
        self.opened.forget(name)

    def _target(self, link: str) -> str:
        """Where a link leads to: sheets may have been renamed."""
        titles = {sheet.name for sheet in self.opened.layout.sheets}
        return self.opened.title(link) if link in titles else link

    def _append(
        self, table: Table, headings: Sequence[str], declared: Declared, rows: Sequence[Contents]
    ) -> None:
        if not rows:
            return
        added = tables.extend(table, len(rows))
        for column in declared.columns:
            given = [_cell(row.get(column.heading, column.formula)) for row in rows]
            position = headings.index(column.heading)
            cells = added[:, position : position + 1]
            tables.write_column(cells, [cell.content for cell in given], table.name)
            # A new row looks like the one above, which may hold figures of another kind.
            kinds = [(cell.kind or column.kind).number_format for cell in given]
            if len(set(kinds)) == 1:
                _format(cells, kinds[0])
            else:
                for number, kind in enumerate(kinds):
                    _format(cells[number, 0], kind)
            for number, cell in enumerate(given):
                if cell.link:
                    target = self._target(cell.link)
                    tables.link(cells[number, 0], target, cell.content, table.name)

    def write_names(self, changes: Changes) -> None:
        """Let names stand for the cells that they are declared for."""
        for name, target in changes.names.items():
            self.opened.names[name.casefold()].refers_to = target

    def log(self, row: Mapping[str, Value]) -> None:
        """Add a row to the log; a log that was deleted is not missed."""
        found = self.opened.found(_LOG)
        if found is not None:
            there = {heading: value for heading, value in row.items() if heading in found.headings}
            added = tables.extend(self.opened.tables[_LOG.casefold()], 1)
            for heading, value in there.items():
                tables.write(added[0, found.headings.index(heading)], value, _LOG)
            self.opened.forget(_LOG)


def _cell(given: Value | Formula | Cell) -> Cell:
    return given if isinstance(given, Cell) else Cell(given)


def _format(cells: xw.Range, number_format: str) -> None:
    # New rows all have the formats of the one above them.
    if cells[0, 0].number_format != number_format:
        cells.number_format = number_format


def _by_heading(writes: Sequence[Write]) -> Mapping[str, list[Write]]:
    found: dict[str, list[Write]] = {}
    for write in writes:
        found.setdefault(write.heading, []).append(write)
    return found
