"""Merging the evidence into a table that an officer works in: what to write, and what to leave.

Rows are told apart by their key, columns by their heading, wherever they stand. A cell of the
program's is brought up to date if it is empty or as the program left it, by the marks in the table
Provenance; what was typed over it stays and is reported. Cells of the officer's are never written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from commissioning.check.references import at, reference
from commissioning.workbook import marks
from commissioning.workbook.book import content
from commissioning.workbook.grid import PARTS, Cell, Formula
from commissioning.workbook.refresh import inputs
from commissioning.workbook.refresh.plan import Plan, Write, Written
from commissioning.workbook.refresh.report import Entry, TableChanges
from commissioning.workbook.refresh.shown import comparable, shown, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from commissioning.cells import Value
    from commissioning.workbook.grid import Column, Contents, Sheet, Table
    from commissioning.workbook.held import Held
    from commissioning.workbook.refresh.found import Found

#: What a row is known by within the workbook alone.
_ID = re.compile(r"[A-Z][0-9a-f]{10}")


def merge_lines(sheet: Sheet, found: Found, written: Written) -> Plan:
    """What brings the lines above a table up to date: they point to notes by number."""
    merger = _Merger(sheet, found, written)
    merger.lines()
    return merger.plan


def merge_formulas(sheet: Sheet, found: Found, written: Written) -> Plan:
    """What brings lines and formulas of a table up to date whose values an import fills."""
    merger = _Merger(sheet, found, written)
    merger.lines()
    if merger.has_headings():
        merger.formulas()
        merger.tell()
    return merger.plan


def merge(sheet: Sheet, found: Found, written: Written) -> Plan:
    """What brings a table of the workbook up to date with its declaration."""
    merger = _Merger(sheet, found, written)
    merger.lines()
    if not merger.has_headings():
        return merger.plan
    merger.rows()
    merger.tell()
    merger.plan.report.look += inputs.texts(sheet.table, found)
    merger.plan.report.kept += inputs.kept(sheet.table, found, merger.own_rows)
    return merger.plan


class _Merger:
    """Goes through one table."""

    def __init__(self, sheet: Sheet, found: Found, written: Written) -> None:
        self.sheet = sheet
        self.table: Table = sheet.table
        self.found = found
        self.written = written
        self.plan = Plan()
        self.own_rows = 0
        self._changes = TableChanges(found.sheet, imported=not self._is_evidence)
        self._only_blank = len(found.rows) == 1 and self._is_blank(0)

    def look(self, where: str, text: str) -> None:
        self.plan.report.look.append(Entry(where, f"{text}."))

    def change(self, where: str, text: str) -> None:
        self.plan.report.changed.append(Entry(where, f"{text}."))

    def has_headings(self) -> bool:
        """Whether the table has all its headings; says so where it has not."""
        headings = self.found.headings
        missing = [c.heading for c in self.table.columns if c.heading not in headings]
        if missing:
            self.look(
                self.found.at(-1, headings[0]),
                f"the table {self.table.name} lacks the heading {missing[0]!r}; nothing was "
                "changed in it. Give the column its heading back, or undo its deletion",
            )
        return not missing

    def lines(self) -> None:
        """Bring the lines above the table up to date, each where it stands now."""
        declared = (self.sheet.title, *(line.content for line in self.sheet.lines))
        for number, wanted in enumerate(declared):
            if any(self._same(held, wanted) for held in self.found.lines):
                continue
            entry = marks.entry_of_line(self.sheet.name, number)
            ours = self.written.get(entry.casefold(), frozenset())
            for row, held in enumerate(self.found.lines, 1):
                if not held.empty and self._mark("", held) in ours:
                    self.plan.lines[row] = wanted
                    place = at(self.found.sheet, reference(row, self.found.left))
                    self.change(place, "line above the table brought up to date")
                    break

    def rows(self) -> None:
        """Compare every row that is declared, and every row that is there."""
        if not marks.is_kept(self.table):
            for place in range(len(self.found.rows)):
                self._formulas(place)
            return
        declared = {str(content(row[self.table.key])).casefold(): row for row in self.table.rows}
        present = self._present()
        for key, row in declared.items():
            self._declared(key, row, present, declared)
        for key, places in present.items():
            if not key:
                self._nameless(places)
            elif len(places) > 1:
                self._repeated(places)
            elif key not in declared:
                self._unknown(places[0])

    def _declared(
        self,
        key: str,
        row: Contents,
        present: Mapping[str, Sequence[int]],
        everything: Mapping[str, Contents],
    ) -> None:
        """A row of the evidence: there, missing, or there in another way than the program's."""
        places = present.get(key, [])
        if not places:
            self._missing(row, present, everything)
        elif len(places) > 1:
            self.plan.unsettled.add(key)
        elif self._is_anothers(places[0], key, row):
            self._taken(places[0], key)
        else:
            self._cells(places[0], row)

    def _present(self) -> Mapping[str, list[int]]:
        """The rows by key, "" for those without; empty rows are left out."""
        places = defaultdict(list)
        for row in range(len(self.found.rows)):
            if not self._is_blank(row):
                places[self._key(row).casefold()].append(row)
        return places

    def _is_blank(self, row: int) -> bool:
        """Whether there is nothing in a row but formulas."""
        return all(held.empty or held.formula is not None for held in self.found.rows[row])

    def _is_anothers(self, place: int, key: str, declared: Contents) -> bool:
        """Whether a row that has a key of the evidence was never written by the program."""
        if self._marks(key) or not self._has_record:
            return False
        return any(
            not self._same(self.found.cell(place, column.heading), wanted)
            for column, wanted in marks.row_contents(self.table, declared)
            if column.heading != self.table.key
        )

    def _taken(self, place: int, key: str) -> None:
        self.look(
            self.found.at(place, self.table.key),
            f"{self._key(place)!r} is now the {self.table.key} of a row of the {self._source}, "
            "which could not be added; yours was left as it is. Give yours another, and refresh",
        )
        self.plan.unsettled.add(key)

    @cached_property
    def _has_record(self) -> bool:
        """Whether Provenance knows any row of the table."""
        start = marks.entry_of_row(self.table.name, "").casefold()
        return any(entry.startswith(start) for entry in self.written)

    def _nameless(self, places: Sequence[int]) -> None:
        for row in places:
            self.look(
                self.found.at(row, self.table.key),
                f"this row has no {self.table.key}; it was left as it is. Give it one of its own",
            )

    def _key(self, row: int) -> str:
        return self.found.key(row, self.table.key)

    def _repeated(self, places: Sequence[int]) -> None:
        where = ", ".join(self.found.at(row, self.table.key) for row in places)
        self.look(
            where,
            f"{len(places)} rows have the {self.table.key} {self._key(places[0])!r}; none of them "
            "was changed. Give each one of its own",
        )

    def _cells(self, row: int, declared: Contents) -> None:
        """Bring the program's cells of a row up to date."""
        ours = self._marks(self._key(row))
        for column in self.table.columns:
            if column.is_officers or column.heading == self.table.key:
                continue
            if column.heading not in declared and column.formula:
                self._cell(row, column, column.formula, self._column_marks(column))
            else:
                self._cell(row, column, content(declared.get(column.heading)), ours)
                self._link(row, column.heading, declared.get(column.heading), ours)

    def _link(
        self, row: int, heading: str, declared: Value | Formula | Cell, ours: frozenset[str]
    ) -> None:
        """Bring the link of a cell up to date, if the evidence has another than was written."""
        link = declared.link if isinstance(declared, Cell) else None
        if link and ours and marks.link_mark(heading, link) not in ours:
            self.plan.links.append(Write(row, heading, link))
            self._tell_cell(row, heading, f"its link leads to {link}")

    def _formulas(self, row: int, own: Collection[str] = ()) -> None:
        """See that a row has the formulas of its columns, where it has no content of its own."""
        if all(held.empty for held in self.found.rows[row]):
            return
        for column in self.table.columns:
            if column.formula and column.heading not in own:
                self._cell(row, column, column.formula, self._column_marks(column))

    def formulas(self) -> None:
        """See that every row has its formulas, those of its own too."""
        declared = {str(content(row[self.table.key])).casefold(): row for row in self.table.rows}
        for row in range(len(self.found.rows)):
            key = self._key(row)
            own = declared.get(key.casefold(), {})
            self._formulas(row, own)
            for heading, cell in own.items():
                if isinstance(wanted := content(cell), Formula):
                    self._cell(row, self.table.column(heading), wanted, self._marks(key))

    def _cell(
        self, row: int, column: Column, wanted: Value | Formula, ours: frozenset[str]
    ) -> None:
        held, heading = self.found.cell(row, column.heading), column.heading
        if self._same(held, wanted):
            return
        where = self.found.at(row, heading)
        if held.empty or self._mark(heading, held) in ours:
            self.plan.writes.append(Write(row, heading, wanted))
            self._tell_cell(row, heading, self._told(held, wanted))
            return
        there = "its formula" if isinstance(wanted, Formula) else shown_value(wanted)
        # Formulas are declared; what was imported stands in the council's files alone.
        again = "refresh" if isinstance(wanted, Formula) or self._is_evidence else "import again"
        self.look(
            where,
            f"{heading} holds {shown(held)} in place of {there}; it was kept as typed. Empty the "
            f"cell and {again} to have the other back",
        )

    @staticmethod
    def _told(held: Held, wanted: Value | Formula) -> str:
        """What is said of a cell that is written."""
        if not isinstance(wanted, Formula):
            return f"was {shown(held)}, now {shown_value(wanted)}"
        return f"its formula was {'put back' if held.formula is None else 'brought up to date'}"

    def _missing(
        self,
        declared: Contents,
        present: Mapping[str, Sequence[int]],
        everything: Mapping[str, Contents],
    ) -> None:
        """Append a row that is not there, unless it is there under another key."""
        key = str(content(declared[self.table.key]))
        ours = self._marks(key)
        for row in self._strangers(present, everything) if ours else ():
            if self._row_marks(row) <= ours:
                there = repr(self._key(row)) if self._key(row) else f"no {self.table.key}"
                self.look(
                    self.found.at(row, self.table.key),
                    f"this row has {there} in place of {key!r}; it was left as it is. Give it back "
                    f"its {self.table.key}; for a row of your own, change its texts",
                )
                self.plan.unsettled.add(key.casefold())
                return
        self._tell_row("put back" if ours else "added", lambda name: content(declared.get(name)))
        if self._only_blank:
            self._fill(declared)
        else:
            self.plan.added.append(declared)

    def _strangers(
        self, present: Mapping[str, Sequence[int]], everything: Mapping[str, Contents]
    ) -> Iterator[int]:
        """The rows that may be one of the evidence's whose key was changed."""
        for other, places in present.items():
            if len(places) > 1 or not other or not self._is_known(other, everything):
                yield from places

    def _fill(self, declared: Contents) -> None:
        """Write a row into the blank one with which an empty table starts."""
        self._only_blank = False
        for column, wanted in marks.row_contents(self.table, declared):
            if wanted is not None:
                self.plan.writes.append(Write(0, column.heading, wanted))

    def _is_known(self, key: str, everything: Mapping[str, Contents]) -> bool:
        """Whether the evidence has a row, or had it."""
        return key in everything or bool(self._marks(key))

    def _unknown(self, row: int) -> None:
        """A row that is not declared: the evidence has lost it, or it is the officer's own."""
        self._formulas(row)
        key = self._key(row)
        if not self._marks(key):
            self.own_rows += 1
        elif self.table.retires is not None:
            self._retire(row, key, self.table.retires)
        else:
            self.look(
                self.found.at(row, self.table.key),
                f"{key!r} is no longer in the {self._source}; its row was kept. Delete the row "
                "unless you need it",
            )

    def _retire(self, row: int, key: str, marking: Mapping[str, Value]) -> None:
        """Mark a row that is no longer declared; told once, for all of its cells."""
        told, written = len(self._changes.cells), len(self.plan.writes)
        for heading, retired in marking.items():
            self._cell(row, self.table.column(heading), retired, self._marks(key))
        self.plan.retired[key] = self.plan.writes[written:]
        if marks.RETIRED not in self._marks(key):
            del self._changes.cells[told:]
            gone = f"no longer in the {self._source}: kept, and counted no more"
            self._tell_row(gone, lambda name: self.found.cell(row, name).value)

    def _tell_cell(self, row: int, heading: str, text: str) -> None:
        self._changes.cells.append((self.found.at(row, heading), heading, text))

    def _tell_row(self, done: str, held: Callable[[str], Value | Formula]) -> None:
        """Name a row by the first of its columns that says something to a reader."""
        key = self.table.key
        said = ((column.heading, str(held(column.heading) or "")) for column in self.table.columns)
        readable = (each for each in said if each[1] and not _ID.fullmatch(each[1]))
        name = next(readable, (key, str(held(key))))
        self._changes.rows.setdefault(done, []).append(name)

    def tell(self) -> None:
        """Say which cells and rows were changed; of very many, how many."""
        self.plan.report.changed += self._changes.entries()

    @property
    def _source(self) -> str:
        """Where the rows that are declared come from."""
        return "evidence" if self._is_evidence else "imported files"

    @property
    def _is_evidence(self) -> bool:
        return bool(set(self.sheet.parts) & set(PARTS))

    def _marks(self, key: str) -> frozenset[str]:
        """The marks of what the program wrote into the row with a key."""
        return self.written.get(marks.entry_of_row(self.table.name, key).casefold(), frozenset())

    def _column_marks(self, column: Column) -> frozenset[str]:
        """The mark of the formula that the program wrote into a column."""
        entry = marks.entry_of_column(self.table.name, column.heading)
        return self.written.get(entry.casefold(), frozenset())

    def _row_marks(self, row: int) -> frozenset[str]:
        """The marks of the program's cells in a row, but for its key."""
        return frozenset(
            self._mark(column.heading, self.found.cell(row, column.heading))
            for column in self.table.columns
            if not column.is_officers and not column.formula and column.heading != self.table.key
        )

    def _mark(self, heading: str, held: Held) -> str:
        if held.formula is None:
            return marks.mark(heading, held.value, self.table.name)
        return marks.formula_mark(heading, marks.normal(held.formula, self.table.name))

    def _same(self, held: Held, wanted: Value | Formula) -> bool:
        """Whether a cell holds what it should."""
        if isinstance(wanted, Formula):
            return held.formula is not None and marks.normal(
                held.formula, self.table.name
            ) == marks.declared_formula(wanted, self.table.name)
        return held.formula is None and comparable(held.value) == comparable(wanted)
