"""Faults of tables and merges that make Excel offer to repair a file."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from commissioning.check import references
from commissioning.check.findings import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commissioning.check.model import Sheet, Workbook

LONGEST_NAME = 255
_NAME = re.compile(r"(?:[^\W\d]|\\)[\w.\\?]*")
_ROW_COLUMN = re.compile(r"R[0-9]*(?:C[0-9]*)?|C[0-9]*", re.IGNORECASE)


def name_fault(name: str) -> str | None:
    """What is wrong with the name of a table or of a defined name; None where nothing is."""
    if len(name) > LONGEST_NAME:
        return f"has {len(name)} characters, {LONGEST_NAME} at most"
    if not _NAME.fullmatch(name):
        return "must be letters, digits, _ and . only, and start with a letter or _"
    if references.area(name.upper()) or _ROW_COLUMN.fullmatch(name):
        return "is a reference to cells"
    return None


@rule(
    "table-range",
    "repair",
    "A table's range lies in its sheet, holds a header and a data row, and fits its columns",
    "Correct the table's range, or make the table again.",
)
def table_range(workbook: Workbook) -> Iterator[Fault]:
    """Ranges that are malformed, too low or of another width than the columns."""
    for table in workbook.tables:
        where = table.sheet.at(table.ref)
        if table.area is None:
            yield where, f"table {table.name} has the range {table.ref!r}, which is no range"
            continue
        if table.body is None:
            yield where, f"table {table.name} has no row between header and totals"
        if table.area.width != len(table.columns):
            widths = f"{table.area.width} columns wide but declares {len(table.columns)}"
            yield where, f"table {table.name} is {widths}"


@rule(
    "table-overlap",
    "repair",
    "No two tables of a sheet overlap",
    "Move one of the tables.",
)
def table_overlap(workbook: Workbook) -> Iterator[Fault]:
    """Pairs of tables that share cells."""
    for sheet in workbook.worksheets:
        for one, other in combinations(sheet.tables, 2):
            if one.area and other.area and one.area.overlaps(other.area):
                yield sheet.at(other.ref), f"table {other.name} overlaps table {one.name}"


@rule(
    "table-header-row",
    "repair",
    "Each header cell of a table is text and the same as its column's name",
    "Type the column's name into the header cell as text.",
)
def table_header_row(workbook: Workbook) -> Iterator[Fault]:
    """Header cells that are missing, no text, or differ from the column declared."""
    for table in workbook.tables:
        for cell, column in zip(table.headings(), table.columns, strict=False):
            where = table.sheet.at(cell.reference)
            if cell.empty:
                yield where, f"the header cell of column {column.name!r} is missing"
            elif not cell.is_text:
                yield where, f"the header cell {cell.text!r} is no text"
            elif cell.text != column.name:
                yield (
                    where,
                    f"the header cell {cell.text!r} differs from its column {column.name!r}",
                )


@rule(
    "table-column-duplicate",
    "repair",
    "The columns of a table have different names and ids",
    "Give each column a name of its own.",
)
def table_column_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Names (without regard to case) and ids that two columns share."""
    for table in workbook.tables:
        where = table.sheet.at(table.ref)
        for name in repeated(column.name.casefold() for column in table.columns):
            yield where, f"table {table.name} has two columns named {name!r}"
        for number in repeated(str(column.id) for column in table.columns):
            yield where, f"table {table.name} has two columns with the id {number}"


@rule(
    "table-duplicate",
    "repair",
    "The tables of a workbook have different names and ids",
    "Give each table a name of its own.",
)
def table_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Names (without regard to case) and ids that two tables share."""
    for name in repeated(table.name.casefold() for table in workbook.tables):
        yield places(workbook, name), f"two tables are named {name!r}"
    for number in repeated(str(table.id) for table in workbook.tables):
        where = ", ".join(table.part for table in workbook.tables if str(table.id) == number)
        yield where, f"two tables have the id {number}"


def places(workbook: Workbook, name: str) -> str:
    """Where the tables of a name are, the name in folded case."""
    return ", ".join(
        table.sheet.at(table.ref) for table in workbook.tables if table.name.casefold() == name
    )


@rule(
    "table-name-invalid",
    "repair",
    "A table's name is a valid name that no defined name has",
    "Rename the table.",
)
def table_name_invalid(workbook: Workbook) -> Iterator[Fault]:
    """Names that are malformed, read as cells, or collide with a defined name."""
    taken = {name.name.casefold() for name in workbook.names}
    for table in workbook.tables:
        where = table.sheet.at(table.ref)
        if fault := name_fault(table.name):
            yield where, f"the table name {table.name!r} {fault}"
        if table.name.casefold() in taken:
            yield where, f"table {table.name} has the name of a defined name"


@rule(
    "table-filter",
    "repair",
    "The filter of a table covers its header and data rows and nothing else",
    "Switch the table's filter buttons off and on again.",
)
def table_filter(workbook: Workbook) -> Iterator[Fault]:
    """Filters whose range is another than the table's without its totals row."""
    for table in workbook.tables:
        if table.filter_ref is None or table.area is None:
            continue
        expected = table.area._replace(bottom=table.area.bottom - table.totals_rows)
        if references.area(table.filter_ref) != expected:
            yield (
                table.sheet.at(table.ref),
                f"the filter of table {table.name} covers {table.filter_ref!r}, not {expected}",
            )


@rule(
    "merge-overlap",
    "repair",
    "Merged cells lie in the sheet and overlap neither each other nor a table",
    "Unmerge the cells.",
)
def merge_overlap(workbook: Workbook) -> Iterator[Fault]:
    """Merges that are malformed, or share a cell with another merge or a table."""
    for sheet in workbook.worksheets:
        yield from _merge_faults(sheet)


def _merge_faults(sheet: Sheet) -> Iterator[Fault]:
    merges = [(ref, references.area(ref)) for ref in sheet.merges]
    for ref, area in merges:
        if area is None or area.height == area.width == 1:
            yield sheet.at(ref), f"the merge {ref!r} is no range of cells"
        for table in sheet.tables:
            if area and table.area and area.overlaps(table.area):
                yield sheet.at(ref), f"merged cells overlap table {table.name}"
    areas = sorted(area for _, area in merges if area)
    for number, area in enumerate(areas):
        for other in areas[number + 1 :]:
            if other.top > area.bottom:
                break
            if area.overlaps(other):
                yield sheet.at(str(other)), f"the merged cells {other} overlap {area}"
                break


def repeated(values: Iterable[str]) -> list[str]:
    """The values that occur more than once, each once, in order."""
    seen: dict[str, int] = {}
    for value in values:
        seen[value] = seen.get(value, 0) + 1
    return [value for value, times in seen.items() if times > 1]
