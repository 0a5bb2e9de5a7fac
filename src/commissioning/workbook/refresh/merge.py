"""Merging the evidence into a table that an officer works in: what to write, and what to leave.

Rows are told apart by their key, columns by their heading, wherever they stand. A cell of the
program's is brought up to date if it is empty or as the program left it, by the marks in the table
Provenance; what was typed over it stays and is reported. Cells of the officer's are never written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import Value, serial
from commissioning.check.references import at, reference
from commissioning.workbook import marks
from commissioning.workbook.book import content
from commissioning.workbook.grid import PARTS, Cell, Formula
from commissioning.workbook.refresh import inputs
from commissioning.workbook.refresh.report import Entry, Report
from commissioning.workbook.refresh.shown import shown, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.workbook.grid import Column, Contents, Sheet, Table
    from commissioning.workbook.held import Held
    from commissioning.workbook.refresh.found import Found

#: Rows that are appended to a table are listed one by one up to here.
_LISTED = 50


class Write(NamedTuple):
    """A cell to write: the row counted from 0, and what to write."""

    row: int
    heading: str
    content: Value | Formula


@dataclass
class Plan:
    """What to do to a table and the lines above it, and what to tell of it.

    Attributes:
        writes: cells of rows that are there.
        links: cells to link anew, to the address that stands in place of the content.
        added: rows to append, whole.
        lines: lines above the table to write, by the row of the sheet.
        retired: those of the writes that mark rows which are no longer declared.
        unsettled: keys of rows that stand there more than once or under another key: what is on
            record for them stays, since nothing was written.
    """

    writes: list[Write] = field(default_factory=list)
    links: list[Write] = field(default_factory=list)
    added: list[Contents] = field(default_factory=list)
    lines: dict[int, str | Formula] = field(default_factory=dict)
    retired: list[Write] = field(default_factory=list)
    unsettled: set[str] = field(default_factory=set)
    report: Report = field(default_factory=lambda: Report(""))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.writes or self.links or self.added or self.lines)


#: What Provenance says: entry in lower case -> the marks of what the program wrote.
Written = dict[str, frozenset[str]]


def merge_lines(sheet: Sheet, found: Found, written: Written) -> Plan:
    """What brings the lines above a table up to date: they point to notes by number."""
    merger = _Merger(sheet, found, written)
    merger.lines()
    return merger.plan


def merge(sheet: Sheet, found: Found, written: Written) -> Plan:
    """What brings a table of the workbook up to date with its declaration."""
    merger = _Merger(sheet, found, written)
    merger.lines()
    if missing := [c.heading for c in sheet.table.columns if c.heading not in found.headings]:
        merger.look(
            found.at(-1, found.headings[0]),
            f"the table {sheet.table.name} lacks the heading {missing[0]!r}; nothing was changed "
            "in it. Give the column its heading back, or undo its deletion",
        )
        return merger.plan
    merger.rows()
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
        self._missed: dict[str, list[str]] = {"put back": [], "added": []}
        self._only_blank = len(found.rows) == 1 and self._is_blank(0)

    def look(self, where: str, text: str) -> None:
        self.plan.report.look.append(Entry(where, f"{text}."))

    def change(self, where: str, text: str) -> None:
        self.plan.report.changed.append(Entry(where, f"{text}."))

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
        self._tell_missed()
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
            self.change(self.found.at(row, heading), f"{heading}: its link leads to {link}")

    def _formulas(self, row: int) -> None:
        """See that a row of the officer's has the formulas of its columns."""
        if all(held.empty for held in self.found.rows[row]):
            return
        for column in self.table.columns:
            if column.formula:
                self._cell(row, column, column.formula, self._column_marks(column))

    def _cell(
        self, row: int, column: Column, wanted: Value | Formula, ours: frozenset[str]
    ) -> None:
        held, heading = self.found.cell(row, column.heading), column.heading
        if self._same(held, wanted):
            return
        where = self.found.at(row, heading)
        if held.empty or self._mark(heading, held) in ours:
            self.plan.writes.append(Write(row, heading, wanted))
            self.change(where, self._told(heading, held, wanted))
            return
        there = "its formula" if isinstance(wanted, Formula) else shown_value(wanted)
        self.look(
            where,
            f"{heading} holds {shown(held)} in place of {there}; it was kept as typed. Empty the "
            "cell and refresh to have the other back",
        )

    @staticmethod
    def _told(heading: str, held: Held, wanted: Value | Formula) -> str:
        """What is said of a cell that is written."""
        if not isinstance(wanted, Formula):
            return f"{heading}: was {shown(held)}, now {shown_value(wanted)}"
        done = "put back" if held.formula is None else "brought up to date"
        return f"{heading}: its formula was {done}"

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
        self._missed["put back" if ours else "added"].append(key)
        if self._only_blank:
            self._fill(declared)
        else:
            self.plan.added.append(declared)

    def _tell_missed(self) -> None:
        """Say which rows are appended; of very many, how many."""
        for done, keys in self._missed.items():
            if len(keys) > _LISTED:
                told = f"{len(keys):,} rows {done}, from {self.table.key} {keys[0]} to {keys[-1]}"
                self.change(self.found.sheet, told)
                continue
            for key in keys:
                self.change(self.found.sheet, f"{self.table.key} {key} {done}")

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
        elif self.table.retires:
            self._retire(row, key)
        else:
            self.look(
                self.found.at(row, self.table.key),
                f"{key!r} is no longer in the {self._source}; its row was kept. Delete the row "
                "unless you need it",
            )

    def _retire(self, row: int, key: str) -> None:
        """Mark a row that is no longer declared, told once for all of its cells."""
        told, first = self.plan.report.changed, len(self.plan.report.changed)
        before = len(self.plan.writes)
        for heading, retired in self.table.retires.items():
            self._cell(row, self.table.column(heading), retired, self._marks(key))
        if written := self.plan.writes[before:]:
            self.plan.retired += written
            del told[first:]
            self.change(
                self.found.at(row, written[0].heading),
                f"{key} is no longer in the {self._source}: kept, and marked {written[0].content}",
            )

    @property
    def _source(self) -> str:
        """Where the rows that are declared come from."""
        return "evidence" if set(self.sheet.parts) & set(PARTS) else "imported files"

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
        return held.formula is None and _plain(held.value) == _plain(wanted)


def _plain(value: Value) -> Value:
    """A value so that equal ones compare equal: dates are numbers, nothing is an empty text."""
    if isinstance(value, bool):
        return str(value).upper()
    if value is None:
        return ""
    return serial(value) if isinstance(value, dt.date) else value
