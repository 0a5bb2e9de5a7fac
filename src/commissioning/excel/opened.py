"""A commissioning workbook that is open in Excel or comes from the engine for files."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.cells import date
from commissioning.check.figures import release
from commissioning.errors import WorkbookError
from commissioning.excel import known_contracts, tables
from commissioning.workbook import marks
from commissioning.workbook.grid import PARTS
from commissioning.workbook.held import Holdings
from commissioning.workbook.layout import NO_COUNCIL, Choices, financial_year, lay_out, provenance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xlwings as xw
    from xlwings.main import Name, Table

    from commissioning.council.figures import Own
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.layout import Layout
    from commissioning.workbook.refresh.found import Found
    from commissioning.workbook.refresh.plan import Written
    from commissioning.workbook.refresh.report import Entry


class Opened:
    """The workbook, its layout, and what stands in its tables.

    Attributes:
        doubts: rows of which nobody can tell whether they are of what is to be put in.
        written_rows: rows that were written, counted from 0, by the name of their table.
    """

    def __init__(self, book: xw.Book, evidence: Evidence, own: Own | None = None) -> None:
        """Find the tables; `own` is what is to be put into those of the council's figures.

        Raises:
            WorkbookError: the book is no commissioning workbook, or was filled by a newer version
                of the program.
        """
        self.book = book
        self.evidence = evidence
        self.tables: Mapping[str, Table] = tables.by_name(book)
        self.present: dict[str, Found] = {}
        self.doubts: Sequence[Entry] = ()
        self.written_rows: dict[str, set[int]] = {}
        today = dt.datetime.now().astimezone().date()
        # The officer's choices stand in the workbook; these fill settings that it lacks.
        self.layout: Layout = lay_out(
            evidence, Choices(NO_COUNCIL, financial_year(today), today), self._known(own)
        )
        self._identify()

    def _known(self, own: Own | None) -> Own | None:
        """What is to be put in, contracts under the ids that the workbook has for them."""
        if own is None or own.contracts is None:
            return own
        found = self.found(known_contracts.NAME)
        named, self.doubts = known_contracts.known(own.contracts, found, self.recorded)
        return own._replace(contracts=named)

    def _identify(self) -> None:
        name = self.book.name
        declared = self.layout.tables
        present = sum(table.casefold() in self.tables for table in declared)
        if present <= len(declared) / 2 and provenance.NAME.casefold() not in self.tables:
            raise WorkbookError(
                f"{name} is not a commissioning workbook: it has {present} of the "
                f"{len(declared)} tables of one. Make one with 'localis template'."
            )
        version = self.recorded.get(provenance.PROGRAM, "")
        if release(version) > release(__version__):
            raise WorkbookError(
                f"{name} was filled by version {version}, newer than this one ({__version__}): "
                "install the newer version first."
            )

    def refuse_other_evidence(self) -> None:
        """See that the evidence is the workbook's own, of the same version or a later one.

        Raises:
            WorkbookError: it is another pack, an earlier one, or needs a sheet more.
        """
        name = self.book.name
        for part in PARTS:
            entry = marks.entry_of_part(part)
            pack, _, filled = self.recorded.get(entry, "").rpartition(" ")
            if pack not in {"", self.evidence.name}:
                raise WorkbookError(
                    f"{name} was filled from evidence pack {pack} {filled}, which is another than "
                    f"{self.evidence.name}: name its folder with --evidence, or make a workbook "
                    "for the other pack with 'localis template --evidence'."
                )
            if release(filled) > release(self.evidence.version):
                raise WorkbookError(
                    f"{name} was filled from evidence pack {pack} {filled}, newer than "
                    f"{self.evidence.version}: name the folder of the newer one with --evidence."
                )
        self._refuse_more_tables()

    def _refuse_more_tables(self) -> None:
        """See that the evidence needs no table that the workbook never had."""
        known = {entry.partition(" line: ")[0] for entry in self.recorded}
        for sheet in self.layout.sheets:
            missing = sheet.table.name.casefold() not in self.tables
            if missing and self.recorded and sheet.name not in known | {provenance.NAME}:
                raise WorkbookError(
                    f"{self.book.name} has no sheet {sheet.name}, which this evidence needs: make "
                    "a new workbook with 'localis template' and move what was typed into it."
                )

    @property
    def declared(self) -> Mapping[str, Table]:
        """The tables of the layout that the workbook has, by name."""
        return {
            name: self.tables[name.casefold()]
            for name in self.layout.tables
            if name.casefold() in self.tables
        }

    def title(self, sheet: str) -> str:
        """What a sheet of the layout is called in the workbook, where its table stands."""
        table = next(each.table.name for each in self.layout.sheets if each.name == sheet)
        there = self.declared.get(table)
        return sheet if there is None else there.parent.name

    def found(self, name: str) -> Found | None:
        """A declared table as it stands in the workbook; None where it is missing."""
        if name not in self.present and name.casefold() in self.tables:
            self.present[name] = tables.read(self.tables[name.casefold()])
        return self.present.get(name)

    def forget(self, name: str) -> None:
        """Read a table anew when it is next asked for: it was written."""
        self.present.pop(name, None)

    @cached_property
    def recorded(self) -> Mapping[str, str]:
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
    def written(self) -> Written:
        """The marks of what the program wrote: entry in lower case -> marks."""
        return {entry.casefold(): frozenset(held.split()) for entry, held in self.recorded.items()}

    @cached_property
    def names(self) -> Mapping[str, Name]:
        """The names of the workbook by name in lower case."""
        return {name.name.casefold(): name for name in self.book.names}

    def as_at(self) -> dt.date | None:
        """The date on Settings at which figures are worked out."""
        name = self.names.get("asat")
        return date(tables.value(name.refers_to_range)) if name else None

    def holdings(self) -> Holdings:
        """What the declared tables hold now, as far as they are there."""
        rows, below, lines = {}, {}, {}
        for name, declared in self.layout.tables.items():
            found = self.found(name)
            if found is None:
                continue
            headings = [c.heading for c in declared.columns if c.heading in found.headings]
            if declared.key not in headings:
                continue
            rows[name] = [
                {heading: found.cell(row, heading) for heading in headings}
                for row in range(len(found.rows))
            ]
            below[name] = found.below
            lines[name] = found.lines
        return Holdings(self.layout, rows, below, lines, own_formulas=True)
