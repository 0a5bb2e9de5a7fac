"""The rules for our own workbooks: tables and names in place, every figure worked out again.

The layout is the judge: what the officer typed is read from the file's tables, every declared
formula is worked out on it in Python, and the value cached in the file is held against that.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from commissioning import __version__
from commissioning.cells import Value, is_number
from commissioning.check.findings import MOST_FINDINGS, Finding, printable
from commissioning.workbook.book import Book, content, evaluate, number
from commissioning.workbook.grid import Formula, stored
from commissioning.workbook.layout import EVIDENCE_PROPERTY, VERSION_PROPERTY, Choices, lay_out
from commissioning.workbook.layout.checks import PASS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from commissioning.check.model import Cell, Table, Workbook
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Sheet as DeclaredSheet
    from commissioning.workbook.layout import Layout

_CUSTOM = "docProps/custom.xml"
_NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"

#: Figures agree to this, relative to the larger and to 1.
TOLERANCE = 1e-9

_REMAKE = "Make a new workbook with 'localis template' and move what was typed into it."


class Figure(NamedTuple):
    """A cell whose formula the layout declares: where it is, what it holds, what it should."""

    where: str
    cell: Cell
    formula: Formula
    table: str
    value: Value


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
    def book(self) -> Book:
        """The declared formulas over what the file holds."""
        return Book(
            self.layout,
            {
                name: [self._contents(name, row) for row in rows]
                for name, rows in self.cells.items()
            },
            {name: _below(table) for name, table in self.tables.items()},
        )

    def _contents(self, name: str, row: dict[str, Cell]) -> dict[str, Value | Formula]:
        """What a row holds: the formula that is declared for a cell, or else the cell's value."""
        declared = self.layout.tables[name]
        return {
            column.heading: self._formula(name, row, column.heading)
            or _value(row[column.heading].value)
            for column in declared.columns
        }

    def _formula(self, name: str, row: dict[str, Cell], heading: str) -> Formula | None:
        """The formula of a cell: its row's own, found by the key, or that of its column."""
        declared = self.layout.tables[name]
        key = str(_value(row[declared.key].value)).casefold()
        own = self._own_formulas[name].get((key, heading))
        return own or declared.column(heading).formula

    @cached_property
    def _own_formulas(self) -> Mapping[str, Mapping[tuple[str, str], Formula]]:
        """The formulas that single rows declare, by table, key and heading."""
        return {
            name: {
                (str(content(row[table.key])).casefold(), heading): formula
                for row in table.rows
                for heading, cell in row.items()
                if isinstance(formula := content(cell), Formula)
            }
            for name, table in self.layout.tables.items()
        }

    def figures(self) -> Iterator[Figure]:
        """Every cell of the file whose formula is declared."""
        for name, rows in self.cells.items():
            sheet = self.tables[name].sheet
            for cells, values in zip(rows, self.book.rows(name), strict=True):
                for heading in values:
                    if formula := values.formula(heading):
                        cell = cells[heading]
                        where = sheet.at(cell.reference)
                        yield Figure(where, cell, formula, name, values[heading])
        for declared in self.layout.sheets:
            yield from self._line_figures(declared)

    def _line_figures(self, declared: DeclaredSheet) -> Iterator[Figure]:
        """The formulas in the lines above a table, which stand where the table's heading says."""
        name = declared.table.name
        if name not in self.tables or not (area := self.tables[name].area):
            return
        rows, sheet = self.book.rows(name), self.tables[name].sheet
        for place, line in enumerate(declared.lines, 2):
            row = area.top - declared.header_row + place
            if isinstance(line.content, Formula) and row > 0 and rows:
                cell = sheet.cell(row, 1)
                value = evaluate(line.content, rows[0], self.book)
                yield Figure(sheet.at(cell.reference), cell, line.content, name, value)


def _missing(table: Table, columns: tuple[object, ...]) -> list[str]:
    present = {column.name for column in table.columns}
    return [column.heading for column in columns if column.heading not in present]  # type: ignore[attr-defined]


def _value(value: str | float | bool | None) -> Value:
    """A cell's value as the book holds it: whole numbers without a fraction."""
    if is_number(value) and math.isfinite(value) and value == int(value):
        return int(value)
    return value


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
    version = held.marks.get(VERSION_PROPERTY, __version__)
    if _release(version) > _release(__version__):
        yield (
            "",
            f"the workbook was made by version {version}, newer than this one ({__version__})",
            "Install the newer version to check its figures.",
        )


def _release(version: str) -> tuple[int, ...]:
    numbers = version.split("+", maxsplit=1)[0].split(".")
    return tuple(int(each) for each in numbers if each.isdecimal())


def _other_evidence(held: Ours) -> Iterator[Fault]:
    wanted = f"{held.evidence.name} {held.evidence.version}"
    found = held.marks.get(EVIDENCE_PROPERTY, wanted)
    if found != wanted:
        yield (
            "",
            f"the workbook was made from evidence pack {found}, not from {wanted}",
            "Name the pack's folder with --evidence.",
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
    for figure in held.figures():
        if figure.cell.formula is None:
            text = stored(figure.formula.text, figure.table)
            yield (
                figure.where,
                f"a typed value or nothing stands in place of the formula ={text}",
                "Copy the formula from a neighbouring row, or undo the change.",
            )


def _figures(held: Ours) -> Iterator[Fault]:
    for figure in held.figures():
        cached = figure.cell.value
        if figure.cell.formula is not None and not _agree(cached, figure.value):
            yield (
                figure.where,
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


def _agree(cached: Value, worked_out: Value) -> bool:
    """Whether a cached value is the one worked out, empty text being the same as nothing."""
    if isinstance(worked_out, str) or worked_out is None:
        return (cached or "") == (worked_out or "")
    wanted = number(worked_out)
    return is_number(cached) and math.isclose(cached, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
