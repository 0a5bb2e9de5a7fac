"""The rules for our own workbooks: tables and names in place, every figure worked out again.

The layout is the judge: what the officer typed is read from the file's tables, every declared
formula is worked out on it in Python, and the value cached in the file is held against that.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.cells import Error
from commissioning.check.findings import MOST_FINDINGS, Finding, printable
from commissioning.check.references import reference
from commissioning.workbook.grid import PARTS, stored
from commissioning.workbook.held import Held, Holdings, agree, as_held
from commissioning.workbook.layout import EVIDENCE_PROPERTY, VERSION_PROPERTY, Choices, lay_out
from commissioning.workbook.layout import provenance as record
from commissioning.workbook.layout.checks import PASS
from commissioning.workbook.marks import entry_of_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from commissioning.check.model import Cell, Table, Workbook
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book
    from commissioning.workbook.held import Figure
    from commissioning.workbook.layout import Layout

_CUSTOM = "docProps/custom.xml"
_NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"

_REMAKE = "Make a new workbook with 'localis template' and move what was typed into it."


class Ours:
    """A file held against the layout of its evidence pack."""

    def __init__(self, workbook: Workbook, evidence: Evidence) -> None:
        """Hold the file's model, and lay out the workbook that it should be."""
        self.workbook = workbook
        self.evidence = evidence
        # The officer's own choices stand in the file; these only fill the declarations.
        self.layout: Layout = lay_out(evidence, Choices("", "", dt.date(2000, 1, 1)))

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """The custom properties of the document."""
        if _CUSTOM not in self.workbook.package:
            return {}
        root = self.workbook.package.xml(_CUSTOM)
        return {
            each.get("name", ""): "".join(map(str, each.itertext()))
            for each in root.iter(f"{_NAMESPACE}property")
        }

    @cached_property
    def provenance(self) -> Mapping[str, str]:
        """What the program recorded in the table Provenance: entry -> what it wrote."""
        table = self.workbook.table(record.NAME)
        rows = table.rows() if table else ()
        return {
            str(row[record.ENTRY].value): str(row[record.WRITTEN].value)
            for row in rows
            if record.ENTRY in row and record.WRITTEN in row
        }

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The declared tables that the file has, with every declared column."""
        found = {}
        for name, declared in self.layout.tables.items():
            table = self.workbook.table(name)
            if table is not None and not _missing(table, declared.columns):
                found[name] = table
        return found

    @property
    def is_ours(self) -> bool:
        """Whether the file has our mark, or, where a program has dropped it, our tables."""
        present = sum(self.workbook.table(name) is not None for name in self.layout.tables)
        return VERSION_PROPERTY in self.marks or present > len(self.layout.tables) / 2

    @cached_property
    def cells(self) -> Mapping[str, list[dict[str, Cell]]]:
        """The rows of each declared table: heading -> cell."""
        return {name: list(table.rows()) for name, table in self.tables.items()}

    @cached_property
    def holdings(self) -> Holdings:
        """What the tables hold, with the formulas that the layout declares for them."""
        return Holdings(
            self.layout,
            {
                name: [
                    {column.heading: _held(row[column.heading]) for column in declared.columns}
                    for row in self.cells[name]
                ]
                for name, declared in self.layout.tables.items()
                if name in self.cells
            },
            {name: _below(table) for name, table in self.tables.items()},
            {name: _lines(table) for name, table in self.tables.items()},
        )

    @property
    def book(self) -> Book:
        """The declared formulas over what the file holds."""
        return self.holdings.book

    def where(self, figure: Figure) -> str:
        """Sheet and cell of a figure."""
        table = self.tables[figure.table]
        if figure.row >= 0:
            cell = self.cells[figure.table][figure.row][figure.heading]
            return table.sheet.at(cell.reference)
        area = table.area
        return table.sheet.at(reference(area.top + figure.row, area.left) if area else "")


def _missing(table: Table, columns: tuple[object, ...]) -> list[str]:
    present = {column.name for column in table.columns}
    return [column.heading for column in columns if column.heading not in present]  # type: ignore[attr-defined]


def _held(cell: Cell) -> Held:
    value = cell.value
    return Held(Error(str(value)) if cell.is_error else as_held(value), cell.formula)


def _lines(table: Table) -> list[Held]:
    """What stands above a table's headings in its first column."""
    if (area := table.area) is None:
        return []
    return [_held(table.sheet.cell(row, area.left)) for row in range(1, area.top)]


def _below(table: Table) -> int:
    """How many filled cells stand in a table's first column, but below the table."""
    if (area := table.area) is None:
        return 0
    return sum(
        cell.column == area.left and cell.row > area.bottom and not cell.empty
        for cell in table.sheet.cells
    )


Fault = tuple[str, str, str]


def ours(workbook: Workbook, evidence: Evidence) -> list[Finding]:
    """What the rules for our own workbooks find, the first reason that ends the search first."""
    held = Ours(workbook, evidence)
    for rule in (_not_ours, _newer, _other_evidence, _tables, _names):
        if found := _findings(rule, held):
            return found
    return [finding for rule in (_replaced, _figures, _checks) for finding in _findings(rule, held)]


def _findings(rule: Callable[[Ours], Iterator[Fault]], held: Ours) -> list[Finding]:
    identifier = rule.__name__.strip("_").replace("_", "-")
    faults = list(rule(held))
    found = [
        Finding(identifier, printable(where), printable(message), remedy)
        for where, message, remedy in faults[:MOST_FINDINGS]
    ]
    if rest := len(faults) - len(found):
        found.append(Finding(identifier, "", f"the same in {rest:,} more places", faults[0][2]))
    return found


def _not_ours(held: Ours) -> Iterator[Fault]:
    if not held.is_ours:
        yield (
            "",
            "this is not a Localis workbook: it has neither its mark nor its tables",
            "Make one with 'localis template'; what else was found holds for any workbook.",
        )


def _newer(held: Ours) -> Iterator[Fault]:
    found = (held.marks.get(VERSION_PROPERTY), held.provenance.get(record.PROGRAM))
    for version in sorted({each for each in found if each}, key=release):
        if release(version) > release(__version__):
            yield (
                "",
                f"the workbook was filled by version {version}, newer than this one, {__version__}",
                "Install the newer version to check its figures.",
            )
            return


def release(version: str) -> tuple[int, ...]:
    """A version's numbers, to tell which is newer."""
    numbers = version.split("+", maxsplit=1)[0].split(".")
    return tuple(int(each) for each in numbers if each.isdecimal())


def _other_evidence(held: Ours) -> Iterator[Fault]:
    wanted = f"{held.evidence.name} {held.evidence.version}"
    made_from = held.marks.get(EVIDENCE_PROPERTY, wanted)
    found = {held.provenance.get(entry_of_part(part), made_from): part for part in PARTS}
    for pack in sorted(set(found) - {wanted}):
        yield (
            "",
            f"the workbook was filled from evidence pack {pack}, not from {wanted}",
            "Name that pack's folder with --evidence, or refresh the workbook.",
        )


def _tables(held: Ours) -> Iterator[Fault]:
    for name, declared in held.layout.tables.items():
        table = held.workbook.table(name)
        sheet = held.layout.sheet_of(name).name
        if table is None:
            yield sheet, f"the table {name} is missing", _REMAKE
            continue
        for heading in _missing(table, declared.columns):
            yield (
                table.sheet.at(table.ref),
                f"the table {name} lacks the column {heading!r}",
                "Give the column its heading back, or undo its deletion.",
            )


def _names(held: Ours) -> Iterator[Fault]:
    """Names stand for the cells they are declared for, also after a table was sorted."""
    for name, (table, key, heading) in held.layout.names.items():
        keys = held.layout.tables[table].key
        wanted = next(
            (
                row[heading]
                for row in held.cells[table]
                if str(row[keys].value).casefold() == key.casefold()
            ),
            None,
        )
        if wanted is None:
            yield (
                held.tables[table].sheet.at(held.tables[table].ref),
                f"the table {table} lacks the row {key!r}",
                "Give the row its key back, or undo its deletion.",
            )
        elif held.workbook.named_cell(name) != wanted:
            yield (
                held.tables[table].sheet.at(wanted.reference),
                f"the name {name} does not stand for this cell",
                "Sort the table back, or correct the name in Excel's Name Manager.",
            )


def _replaced(held: Ours) -> Iterator[Fault]:
    for figure in held.holdings.figures():
        if figure.held.formula is None:
            text = stored(figure.formula.text, figure.table)
            yield (
                held.where(figure),
                f"a typed value or nothing stands in place of the formula ={text}",
                "Empty the cell and refresh the workbook, or undo the change.",
            )


def _figures(held: Ours) -> Iterator[Fault]:
    for figure in held.holdings.figures():
        cached = figure.held.value
        if figure.held.formula is not None and not agree(cached, figure.value):
            yield (
                held.where(figure),
                f"the file holds {cached!r} where {figure.value!r} is worked out",
                "Recalculate the workbook (F9 in Excel) and save it.",
            )


def _checks(held: Ours) -> Iterator[Fault]:
    """The workbook's own checks that do not pass, by what stands in the file now."""
    for cells, row in zip(held.cells["Checks"], held.book.rows("Checks"), strict=True):
        if row["Result"] != PASS:
            yield (
                held.tables["Checks"].sheet.at(cells["Result"].reference),
                f"this does not hold: {row['What must hold']}",
                f"Correct it on the sheet {row['Where to look']}.",
            )
