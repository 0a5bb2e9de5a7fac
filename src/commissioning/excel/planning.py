"""What a refresh would change in an open workbook: all of it is known before any is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.check.formulas import scan
from commissioning.check.references import Area, area, letters
from commissioning.workbook import marks
from commissioning.workbook.book import content
from commissioning.workbook.grid import PARTS, Formula, quoted, stored
from commissioning.workbook.layout import provenance
from commissioning.workbook.refresh.merge import merge, merge_formulas, merge_lines
from commissioning.workbook.refresh.plan import Plan, Write
from commissioning.workbook.refresh.report import Entry, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from commissioning.cells import Value
    from commissioning.excel.opened import Opened
    from commissioning.workbook.grid import Sheet
    from commissioning.workbook.grid import Table as Declared
    from commissioning.workbook.refresh.found import Found


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


class Planner:
    """Plans what brings a workbook up to date."""

    def __init__(self, opened: Opened) -> None:
        """Take the workbook."""
        self.opened = opened

    def plan(self, sheets: Sequence[Sheet], parts: Sequence[str]) -> Changes:
        """What brings the given sheets up to date; nothing is written yet.

        The lines above the tables of all sheets are, since they point to notes by number; with all
        parts of the evidence, so are the formulas on the sheets of the council's own figures.
        """
        changes = Changes()
        entries: dict[str, str] = {}
        for sheet in self.opened.layout.sheets:
            found = self.opened.found(sheet.table.name)
            if sheet.table.name == provenance.NAME:
                continue
            if found is None:
                self._miss(sheet, changes)
            elif sheet in sheets:
                entries |= self._plan_table(sheet, found, changes)
            elif tuple(parts) == PARTS:
                entries |= self._plan_formulas(sheet, found, changes)
            elif parts:
                changes.plans[sheet.table.name] = merge_lines(sheet, found, self.opened.written)
                entries |= dict(marks.line_entries(sheet))
        self._leave_out_dangling(changes)
        self._plan_record(entries, parts, changes)
        ours = {sheet.name for sheet in self.opened.layout.sheets}
        ours |= {table.parent.name for table in self.opened.declared.values()}
        changes.report.look += self.opened.doubts
        changes.report.kept += [
            Entry(sheet.name, "a sheet of your own, left as it is.")
            for sheet in self.opened.book.sheets
            if sheet.name not in ours
        ]
        return changes

    @staticmethod
    def _miss(sheet: Sheet, changes: Changes) -> None:
        changes.report.look.append(
            Entry(
                sheet.name,
                f"the table {sheet.table.name} is missing; make a new workbook with 'localis "
                "template' and move what was typed into it.",
            )
        )

    def _plan_table(self, sheet: Sheet, found: Found, changes: Changes) -> Mapping[str, str]:
        """Plan a table and its names; returns what Provenance is to keep of it."""
        table = sheet.table
        plan = changes.plans[table.name] = merge(sheet, found, self.opened.written)
        if any(column.heading not in found.headings for column in table.columns):
            return {}
        self.plan_names(table, found, changes)
        unsettled = {marks.entry_of_row(table.name, key).casefold() for key in plan.unsettled}
        entries = {
            entry: held
            for entry, held in marks.sheet_entries(sheet)
            if entry.casefold() not in unsettled
        }
        for key, writes in plan.retired.items():
            entry = marks.entry_of_row(table.name, key)
            marking = {marks.mark(each.heading, each.content, table.name) for each in writes}
            held = {*self.opened.written[entry.casefold()], *marking, marks.RETIRED}
            entries[entry] = " ".join(sorted(held))
        return entries

    def _plan_formulas(self, sheet: Sheet, found: Found, changes: Changes) -> Mapping[str, str]:
        """Plan the formulas of a table of the council's own figures, which stay as imported.

        Returns what Provenance is to keep of them.
        """
        table, written = sheet.table, self.opened.written
        plan = changes.plans[table.name] = merge_formulas(sheet, found, written)
        entries = dict(marks.line_entries(sheet))
        if all(column.heading in found.headings for column in table.columns):
            entries |= dict(marks.column_entries(table))
        for write in plan.writes:
            entry = marks.entry_of_row(table.name, found.key(write.row, table.key))
            if not table.column(write.heading).formula and entry.casefold() in written:
                held = {*written[entry.casefold()], *entries.get(entry, "").split()}
                held.add(marks.mark(write.heading, write.content, table.name))
                entries[entry] = " ".join(sorted(held))
        return entries

    def _leave_out_dangling(self, changes: Changes) -> None:
        """Write no formula that names a table which is not there: Excel would refuse it."""
        missing = {name.casefold() for name in self.opened.layout.tables} - set(self.opened.tables)
        for name, plan in changes.plans.items():
            kept = [w for w in plan.writes if not _names_any(w.content, name, missing)]
            added = [
                row
                for row in plan.added
                if not any(_names_any(content(cell), name, missing) for cell in row.values())
            ]
            if len(kept) < len(plan.writes) or len(added) < len(plan.added):
                changes.report.look.append(
                    Entry(
                        self.opened.present[name].sheet,
                        "formulas that need a missing table were not written.",
                    )
                )
            plan.writes, plan.added = kept, added

    def plan_names(self, table: Declared, found: Found, changes: Changes) -> None:
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
            held = self.opened.names.get(name.casefold())
            if held is None:
                changes.report.look.append(
                    Entry(found.sheet, f"the name {name} is missing; define it as ={where}.")
                )
            elif _plain_reference(held.refers_to or "") != _plain_reference(where):
                self._plan_name(name, held.refers_to or "", where, found, changes)

    @staticmethod
    def _plan_name(name: str, there: str, where: str, found: Found, changes: Changes) -> None:
        """Let a name stand for its cell again, unless the officer gave it another use."""
        ours = _cells(where, found.sheet)
        held = _cells(there, found.sheet)
        if held is None and "#REF!" not in there:
            text = there.removeprefix("=")
            changes.report.look.append(
                Entry(found.sheet, f"the name {name} stands for {text}, not for {where}.")
            )
            return
        changes.names[name] = f"={where}"
        # That a list grows with its table goes without saying.
        grows = held and ours and held.bottom < ours.bottom and held._replace(bottom=ours.bottom)
        if not grows or grows != ours:
            changes.report.changed.append(
                Entry(found.sheet, f"the name {name} stands for its cells again.")
            )

    def _plan_record(
        self, entries: Mapping[str, str], parts: Sequence[str], changes: Changes
    ) -> None:
        """Keep the record of what was written in Provenance."""
        declared = self.opened.layout.tables[provenance.NAME]
        found = self.opened.found(provenance.NAME)
        if found is None or not {c.heading for c in declared.columns} <= set(found.headings):
            changes.report.look.append(
                Entry(
                    provenance.NAME,
                    "the table Provenance is missing or incomplete: cells that differ from the "
                    "evidence could not be told from typed ones and were kept.",
                )
            )
            return
        pack = f"{self.opened.evidence.name} {self.opened.evidence.version}"
        wanted = {**entries, provenance.PROGRAM: __version__}
        wanted |= {marks.entry_of_part(part): pack for part in parts}
        self._plan_packs(parts, pack, changes)
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

    def _plan_packs(self, parts: Sequence[str], pack: str, changes: Changes) -> None:
        """Say which parts come from another pack now, and which still from an earlier one."""
        earlier: dict[str, list[str]] = {}
        for part in PARTS:
            before = self.opened.recorded.get(marks.entry_of_part(part), pack)
            if before != pack:
                earlier.setdefault(before, []).append(part)
        for before, filled in earlier.items():
            now = [part for part in filled if part in parts]
            still = [part for part in filled if part not in parts]
            if now:
                changes.report.changed.append(
                    Entry("", f"Evidence of {', '.join(now)}: {pack} in place of {before}.")
                )
            if still and parts:
                changes.report.look.append(
                    Entry("", f"{', '.join(still)} still from {before}: refresh everything.")
                )


def names_stand(opened: Opened) -> bool:
    """Whether every name of the layout stands for the cell that it is declared for."""
    planner, changes = Planner(opened), Changes()
    for name, declared in opened.layout.tables.items():
        found = opened.found(name)
        if declared.names and (found is None or not _knows(declared, found)):
            return False
        if found is not None and declared.names:
            changes.plans[name] = Plan()
            planner.plan_names(declared._replace(lists={}), found, changes)
    return not (changes.names or changes.report.look)


def _knows(table: Declared, found: Found) -> bool:
    return {table.key, *(heading for _, heading in table.names.values())} <= set(found.headings)


def _plain_reference(text: str) -> str:
    return text.removeprefix("=").replace("'", "").casefold()


def _cells(reference: str, sheet: str) -> Area | None:
    """The area of a plain reference to cells of a sheet; None for anything else."""
    title, _, cells = _plain_reference(reference).rpartition("!")
    return area(cells.upper()) if title == _plain_reference(sheet) else None


def _names_any(cell: Value | Formula, table: str, missing: AbstractSet[str]) -> bool:
    """Whether a content is a formula that names one of the given tables, in lower case."""
    if not isinstance(cell, Formula) or not missing:
        return False
    named = {name.casefold() for name, _ in scan(stored(cell.text, table)).tables}
    return bool(named & missing)
