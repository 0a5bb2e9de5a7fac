"""Marks of what the program wrote into a cell, by which a refresh tells it from what was typed.

A mark is a short digest of heading and content. A workbook keeps the marks of its cells in its
table Provenance: a cell whose content has the mark kept for it is as the program left it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number, serial
from commissioning.workbook.book import content
from commissioning.workbook.grid import Cell, Formula, stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.workbook.grid import Column, Contents, Sheet, Table

#: Letters of a mark: a typed content passes for the program's once in 16 million.
_LENGTH = 6

#: Digits as letters, lest a program takes a mark such as 165206 or 12e456 for a number.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")

#: Stands among the marks of a row that is no longer declared; longer than any of them.
RETIRED = "retired"

_TEXT = re.compile(r'("(?:[^"]|"")*")')
_SHEET = re.compile(r"(?:'(?:[^']|'')*'|\w+)!(?=\$)")
_QUOTED_PLAIN = re.compile(r"'(\w+)'!")
#: Such a reference moves with rows and columns that an officer inserts.
_ABSOLUTE = re.compile(r"\$[a-z]{1,3}(?:\$\d+)?|\$\d+")
_DISPLAYED = re.compile(r"(\w*)\[@(?:\[([^\]]+)\]|([^\]\[]+))\]")


@cache
def normal(formula: str, table: str) -> str:
    """A formula as programs agree on it, however they write names, spaces and `[@Heading]`.

    Args:
        formula: without its equals sign.
        table: name of the table in which it stands.
    """
    parts = _TEXT.split(formula)
    # Every second part is a quoted text, which stays as it is.
    parts[::2] = [_normal_part(part, table) for part in parts[::2]]
    return "".join(parts)


def _normal_part(part: str, table: str) -> str:
    def this_row(match: re.Match[str]) -> str:
        return f"{match[1] or table}[[#this row],[{match[2] or match[3]}]]"

    # A sheet may have been renamed, which formulas follow as they follow what moves.
    part = _QUOTED_PLAIN.sub(r"\1!", _SHEET.sub("", part))
    part = _DISPLAYED.sub(this_row, part).casefold()
    # Excel leaves out the name of the table in whose rows a formula stands.
    part = re.sub(r"(?<!\w)\[\[#this row\]", f"{table.casefold()}[[#this row]", part)
    return re.sub(r"\s+", "", _ABSOLUTE.sub("$", part))


def declared_formula(formula: Formula, table: str) -> str:
    """A declared formula in its normal form."""
    return normal(stored(formula.text, table), table)


def mark(heading: str, held: Value | Formula, table: str) -> str:
    """The mark of what a cell under a heading of a table holds."""
    if isinstance(held, Formula):
        return formula_mark(heading, declared_formula(held, table))
    return _digest(heading, _text(held))


def formula_mark(heading: str, normal_form: str) -> str:
    """The mark of a formula, given in its normal form."""
    return _digest(heading, f"={normal_form}")


def _digest(heading: str, text: str) -> str:
    digest = hashlib.sha256(f"{heading}\0{text}".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:_LENGTH].translate(_LETTERS)


def _text(value: Value) -> str:
    """A value as it counts for its mark: a date is its serial number, a whole number has no .0."""
    if isinstance(value, dt.date):
        value = serial(value)
    if is_number(value):
        return f"#{value:.15g}"
    return f"'{'' if value is None else value}"


def link_mark(heading: str, link: str) -> str:
    """The mark of where a cell under a heading leads to."""
    return _digest(f"{heading} link", link)


def entry_of_row(table: str, key: str) -> str:
    """The name under which Provenance keeps the marks of a table's row."""
    return f"{table}: {key}"


def entry_of_column(table: str, heading: str) -> str:
    """The name under which Provenance keeps the mark of a column's formula."""
    return f"{table} column: {heading}"


def entry_of_line(sheet: str, number: int) -> str:
    """The name under which Provenance keeps the mark of a line above the table; 0 is the title."""
    return f"{sheet} line: {number}"


def entry_of_part(part: str) -> str:
    """The name under which Provenance keeps the evidence pack that a part was filled from."""
    return f"Evidence of {part}"


def is_kept(table: Table) -> bool:
    """Whether the program keeps the rows of a table, not the officer."""
    return not table.column(table.key).input


def row_contents(table: Table, row: Contents) -> Iterator[tuple[Column, Value | Formula]]:
    """The cells that a declared row has of its own: input and column formulas left out."""
    for column in table.columns:
        if not column.is_officers and (column.heading in row or not column.formula):
            yield column, content(row.get(column.heading))


def entries(sheets: Sequence[Sheet]) -> Mapping[str, str]:
    """What Provenance keeps of the declared sheets: entry -> marks, set apart by spaces."""
    return dict(pair for sheet in sheets for pair in sheet_entries(sheet))


def line_entries(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What Provenance keeps of the lines above a table."""
    for number, line in enumerate((sheet.title, *(line.content for line in sheet.lines))):
        yield entry_of_line(sheet.name, number), mark("", line, sheet.table.name)


def column_entries(table: Table) -> Iterator[tuple[str, str]]:
    """What Provenance keeps of the formulas of a table's columns."""
    for column in table.columns:
        if column.formula:
            heading = column.heading
            yield (
                entry_of_column(table.name, heading),
                mark(heading, column.formula, table.name),
            )


def sheet_entries(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What Provenance keeps of one sheet."""
    yield from line_entries(sheet)
    table = sheet.table
    yield from column_entries(table)
    for row in table.rows if is_kept(table) else ():
        marks = [mark(c.heading, held, table.name) for c, held in row_contents(table, row)]
        marks += [
            link_mark(heading, cell.link)
            for heading, cell in row.items()
            if isinstance(cell, Cell) and cell.link
        ]
        yield entry_of_row(table.name, str(content(row[table.key]))), " ".join(marks)
