"""A commissioning workbook that is open in Excel or comes from the engine for files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.cells import Value, date
from commissioning.check.figures import release
from commissioning.check.references import letters, reference
from commissioning.errors import WorkbookError
from commissioning.excel import tables
from commissioning.workbook import marks
from commissioning.workbook.book import content
from commissioning.workbook.grid import PARTS, Cell, quoted
from commissioning.workbook.heights import row_height
from commissioning.workbook.held import Holdings
from commissioning.workbook.layout import NO_COUNCIL, Choices, lay_out, provenance
from commissioning.workbook.refresh.found import at
from commissioning.workbook.refresh.merge import Plan, Write, Written, merge
from commissioning.workbook.refresh.report import Entry, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw
    from xlwings.main import Name, Table

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Column, Contents, Sheet
    from commissioning.workbook.grid import Table as Declared
    from commissioning.workbook.layout import Layout
    from commissioning.workbook.refresh.found import Found

_LOG = "ChangeLog"


@dataclass
class Changes:
    """What is to be written: a plan for each table by name, and names with what they stand for."""

    plans: dict[str, Plan] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=lambda: Report(""))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.names and all(plan.empty for plan in self.plans.values())


class Opened:
    """The workbook, its layout, and what stands in its tables."""

    def __init__(self, book: xw.Book, evidence: Evidence) -> None:
        """Find the tables.

        Raises:
            WorkbookError: the book is no commissioning workbook, was filled by a newer version of
                the program, or from an evidence pack of another name.
        """
        self.book = book
        self.evidence = evidence
        today = dt.datetime.now().astimezone().date()
        # The officer's choices stand in the workbook; these fill settings that it lacks.
        self.layout: Layout = lay_out(evidence, Choices(NO_COUNCIL, str(today.year), today))
        self.tables: Mapping[str, Table] = tables.by_name(book)
        self._found: dict[str, Found] = {}
        self._identify()

    def _identify(self) -> None:
        name = self.book.name
        declared = self.layout.tables
        present = sum(table.casefold() in self.tables for table in declared)
        if present <= len(declared) / 2 and provenance.NAME.casefold() not in self.tables:
            raise WorkbookError(
                f"{name} is not a commissioning workbook: it has {present} of the "
                f"{len(declared)} tables of one. Make one with 'localis template'."
            )
        version = self._recorded.get(provenance.PROGRAM, "")
        if release(version) > release(__version__):
            raise WorkbookError(
                f"{name} was filled by version {version}, newer than this one ({__version__}): "
                "install the newer version first."
            )
        for part in PARTS:
            pack = self._recorded.get(marks.entry_of_part(part), self.evidence.name)
            if pack.rpartition(" ")[0] not in {"", self.evidence.name}:
                raise WorkbookError(
                    f"{name} was filled from evidence pack {pack}, which is another than "
                    f"{self.evidence.name}: name its folder with --evidence, or make a workbook "
                    "for the other pack with 'localis template --evidence'."
                )

    def found(self, name: str) -> Found | None:
        """A declared table as it stands in the workbook; None where it is missing."""
        if name not in self._found and name.casefold() in self.tables:
            self._found[name] = tables.read(self.tables[name.casefold()])
        return self._found.get(name)

    @cached_property
    def _recorded(self) -> Mapping[str, str]:
        """What Provenance says: entry -> what was written."""
        found = self.found(provenance.NAME)
        headings = {provenance.ENTRY, provenance.WRITTEN}
        if found is None or not headings <= set(found.headings):
            return {}
        return {
            str(found.cell(row, provenance.ENTRY).value): str(
                found.cell(row, provenance.WRITTEN).value
            )
            for row in range(len(found.rows))
        }

    @cached_property
    def _written(self) -> Written:
        return {entry.casefold(): frozenset(held.split()) for entry, held in self._recorded.items()}

    def plan(self, sheets: Sequence[Sheet], parts: Sequence[str]) -> Changes:
        """What brings the given sheets up to date; nothing is written yet."""
        changes = Changes()
        merged = []
        for sheet in sheets:
            name = sheet.table.name
            if name == provenance.NAME:
                continue
            found = self.found(name)
            if found is None:
                changes.report.look.append(
                    Entry(
                        sheet.name,
                        f"the table {name} is missing; make a new workbook with 'localis "
                        "template' and move what was typed into it.",
                    )
                )
                continue
            changes.plans[name] = merge(sheet, found, self._written)
            if all(column.heading in found.headings for column in sheet.table.columns):
                merged.append(sheet)
                self._plan_names(sheet.table, found, changes)
        self._plan_record(merged, parts, changes)
        ours = {table.parent.name for table in self.tables.values() if self._is_declared(table)}
        changes.report.kept += [
            Entry(sheet.name, "a sheet of your own, left as it is.")
            for sheet in self.book.sheets
            if sheet.name not in ours
        ]
        return changes

    def _is_declared(self, table: Table) -> bool:
        return table.name.casefold() in {name.casefold() for name in self.layout.tables}

    def _plan_names(self, table: Declared, found: Found, changes: Changes) -> None:
        """See that names stand for the cells they are declared for, also after sorting."""
        keys = [str(found.cell(row, table.key).value).casefold() for row in range(len(found.rows))]
        keys += [str(content(row[table.key])).casefold() for row in changes.plans[table.name].added]
        places = {
            name: (keys.index(key.casefold()),) * 2 + (heading,)
            for name, (key, heading) in table.names.items()
            if keys.count(key.casefold()) == 1
        }
        places |= {name: (0, len(keys) - 1, heading) for name, heading in table.lists.items()}
        for name, (first, last, heading) in places.items():
            letter = letters(found.left + found.headings.index(heading))
            rows = sorted({found.top + 1 + first, found.top + 1 + last})
            target = ":".join(f"${letter}${row}" for row in rows)
            where = f"{quoted(found.sheet)}!{target}"
            held = self._names.get(name.casefold())
            if held is None:
                changes.report.look.append(
                    Entry(found.sheet, f"the name {name} is missing; define it as ={where}.")
                )
            elif _plain_reference(held.refers_to or "") != _plain_reference(where):
                changes.names[name] = f"={where}"
                if first == last:
                    changes.report.changed.append(
                        Entry(found.sheet, f"the name {name} stands for its cell again.")
                    )

    @cached_property
    def _names(self) -> Mapping[str, Name]:
        return {name.name.casefold(): name for name in self.book.names}

    def _plan_record(self, merged: Sequence[Sheet], parts: Sequence[str], changes: Changes) -> None:
        """Keep the record of what was written in Provenance."""
        declared = self.layout.tables[provenance.NAME]
        found = self.found(provenance.NAME)
        if found is None or not {c.heading for c in declared.columns} <= set(found.headings):
            changes.report.look.append(
                Entry(
                    provenance.NAME,
                    "the table Provenance is missing or incomplete: cells that differ from the "
                    "evidence could not be told from typed ones and were kept.",
                )
            )
            return
        wanted = dict(entry for sheet in merged for entry in marks.sheet_entries(sheet))
        for sheet in merged:
            for key in changes.plans[sheet.table.name].unsettled:
                entry = marks.entry_of_row(sheet.table.name, key).casefold()
                wanted = {each: held for each, held in wanted.items() if each.casefold() != entry}
        wanted[provenance.PROGRAM] = __version__
        pack = f"{self.evidence.name} {self.evidence.version}"
        wanted |= {marks.entry_of_part(part): pack for part in parts}
        rows = {
            str(found.cell(row, provenance.ENTRY).value).casefold(): row
            for row in range(len(found.rows))
        }
        plan = changes.plans[provenance.NAME] = Plan()
        for entry, held in wanted.items():
            row = rows.get(entry.casefold())
            if row is None:
                plan.added.append({provenance.ENTRY: entry, provenance.WRITTEN: held})
            elif found.cell(row, provenance.WRITTEN).value != held:
                plan.writes.append(Write(row, provenance.WRITTEN, held))
        before: dict[str, list[str]] = {}
        for part in parts:
            before.setdefault(self._recorded.get(marks.entry_of_part(part), pack), []).append(part)
        before.pop(pack, None)
        plan.report.changed += [
            Entry("", f"Evidence of {', '.join(filled)}: {pack} in place of {other}.")
            for other, filled in before.items()
        ]

    def refuse_obstacles(self, changes: Changes) -> None:
        """See that every table has room to grow, the log too.

        Raises:
            WorkbookError: naming the first cell that stands in the way.
        """
        growth = {name: len(plan.added) for name, plan in changes.plans.items()}
        growth[_LOG] = growth.get(_LOG, 0) + 1
        for name, rows in growth.items():
            found = self.found(name)
            if found is not None:
                _refuse_obstacle(self.book.name, name, found, rows)

    def write(self, name: str, plan: Plan) -> None:
        """Carry out the plan for a table."""
        table, found = self.tables[name.casefold()], self._found[name]
        declared = self.layout.tables[name]
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
        self._append(table, found.headings, declared, plan.added)
        self._raise_rows(table, declared, found, plan)
        self._found.pop(name)

    @staticmethod
    def _append(
        table: Table, headings: Sequence[str], declared: Declared, rows: Sequence[Contents]
    ) -> None:
        for row in rows:
            contents = {
                column.heading: content(row.get(column.heading, column.formula))
                for column in declared.columns
            }
            added = tables.append(table, headings, contents)
            for heading, cell in row.items():
                if isinstance(cell, Cell) and cell.link:
                    tables.link(added[0, headings.index(heading)], cell.link)

    @staticmethod
    def _raise_rows(table: Table, declared: Declared, found: Found, plan: Plan) -> None:
        """Make rows high enough for the texts that were written into them."""
        texts: dict[int, list[tuple[str, Column]]] = {}
        for write in plan.writes:
            if isinstance(write.content, str):
                column = declared.column(write.heading)
                texts.setdefault(write.row, []).append((write.content, column))
        for index, row in enumerate(plan.added, len(found.rows)):
            texts[index] = [
                (text, column)
                for column in declared.columns
                if isinstance(text := content(row.get(column.heading)), str)
            ]
        for index, held in texts.items():
            cell = table.range[index + 1, 0]
            needed = row_height((text, column.width) for text, column in held)
            if (cell.row_height or 0) < needed:
                cell.row_height = needed

    def write_names(self, changes: Changes) -> None:
        """Let names stand for the cells that they are declared for."""
        for name, target in changes.names.items():
            self._names[name.casefold()].refers_to = target

    def log(self, row: Mapping[str, Value]) -> None:
        """Add a row to the log; a log that was deleted is not missed."""
        found = self.found(_LOG)
        if found is not None:
            there = {heading: value for heading, value in row.items() if heading in found.headings}
            tables.append(self.tables[_LOG.casefold()], found.headings, there)
            self._found.pop(_LOG)

    def as_at(self) -> dt.date | None:
        """The date on Settings at which figures are worked out."""
        name = self._names.get("asat")
        return date(tables.value(name.refers_to_range)) if name else None

    def holdings(self) -> Holdings:
        """What the declared tables hold now, with the figures that follow.

        Raises:
            WorkbookError: a declared table or column is missing.
        """
        rows, below, lines = {}, {}, {}
        for name, declared in self.layout.tables.items():
            found = self.found(name)
            if found is None:
                raise WorkbookError(f"{self.book.name} lacks the table {name}.")
            for column in declared.columns:
                if column.heading not in found.headings:
                    raise WorkbookError(
                        f"{self.book.name}: the table {name} on the sheet {found.sheet} lacks the "
                        f"heading {column.heading!r}."
                    )
            rows[name] = [
                {c.heading: found.cell(row, c.heading) for c in declared.columns}
                for row in range(len(found.rows))
            ]
            below[name] = sum(not cells[0].empty for cells in found.below)
            lines[name] = found.lines
        return Holdings(self.layout, rows, below, lines).with_own_formulas_as_values()


def _refuse_obstacle(book: str, name: str, found: Found, rows: int) -> None:
    for offset, cells in enumerate(found.below[:rows]):
        for heading, held in zip(found.headings, cells, strict=True):
            if not held.empty:
                column = found.left + found.headings.index(heading)
                where = at(found.sheet, reference(found.bottom + 1 + offset, column))
                raise WorkbookError(
                    f"{book}: the table {name} has to grow by {rows} row{'s' if rows > 1 else ''}, "
                    f"and {where} stands in its way: move that cell into the table or elsewhere. "
                    "Nothing was changed."
                )


def _by_heading(writes: Sequence[Write]) -> Mapping[str, list[Write]]:
    found: dict[str, list[Write]] = {}
    for write in writes:
        found.setdefault(write.heading, []).append(write)
    return found


def _plain_reference(text: str) -> str:
    return text.removeprefix("=").replace("'", "").casefold()
