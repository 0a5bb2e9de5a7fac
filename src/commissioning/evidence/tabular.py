"""Reading a Tabular Data Package: CSV files typed and constrained by a Table Schema.

The subset of the standard that our packs use: types string, integer, number, boolean and date;
constraints required, unique, enum, pattern, minimum and maximum; primary keys, and foreign keys
of one column. The reference implementation (frictionless) is too heavy to load for every formula
and command; the tests hold this reader against it.

Standard: https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import reprlib
from typing import TYPE_CHECKING, Any, NamedTuple

from commissioning.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Value = str | int | float | bool | dt.date | None

#: Longest text that a spreadsheet cell holds.
CELL_LIMIT = 32_767

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")

_SHORT = reprlib.Repr()
_SHORT.maxstring = 60
#: A value as an error quotes it: printable, and cut in the middle where it is long.
quoted = _SHORT.repr


class Record(NamedTuple):
    """One row of a file, typed, with its number as a spreadsheet counts (the heading is 1)."""

    values: Mapping[str, Any]
    file: Path
    row: int

    def fault(self, column: str, reason: str) -> EvidenceError:
        """The error that names this row's file and number and the given column."""
        return _fault(self.file, self.row, column, reason)


def _fault(file: Path, row: int, column: str, reason: str) -> EvidenceError:
    return EvidenceError(f"{file}, row {row}, column {column}: {reason}")


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,15}", text, re.ASCII):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        raise ValueError
    return float(text)


def _date(text: str) -> dt.date:
    # `fromisoformat` alone takes 20110927 and 2011-W39-2 too.
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError
    return dt.date.fromisoformat(text)


#: How the standard writes a boolean in text.
_BOOLEANS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "True", "TRUE", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "0"), False),
}

#: Type of a field -> how its text is read and how the error describes what is wanted.
_CASTS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (_integer, "a whole number"),
    "number": (_number, "a number such as 12.5, without commas or signs of currency"),
    "boolean": (_BOOLEANS.__getitem__, "true or false"),
    "date": (_date, "a date such as 2011-09-27"),
}


def read_table(file: Path, schema: Mapping[str, Any]) -> list[Record]:
    """The rows of a CSV file in UTF-8, typed and checked against its Table Schema.

    Rows without text are passed over, and blanks around a cell's text are dropped. Foreign keys
    are checked by `check_references`, once all tables are read.

    Raises:
        EvidenceError: naming file, row and column, at the first fault found.
    """
    fields: Sequence[Mapping[str, Any]] = schema["fields"]
    rows = _rows(file)
    _check_heading(file, *next(rows, (1, [])), [field["name"] for field in fields])
    records = [_record(file, row, cells, fields) for row, cells in rows]
    if not records:
        raise EvidenceError(f"{file} has a heading but no rows: add at least one.")
    for field in fields:
        if field.get("constraints", {}).get("unique"):
            _check_unique(records, [field["name"]])
    _check_unique(records, _names(schema["primaryKey"]))
    return records


def check_references(
    schema: Mapping[str, Any],
    records: Iterable[Record],
    tables: Mapping[str, Sequence[Record]],
) -> None:
    """Hold a table's foreign keys against the tables that they refer to.

    Raises:
        EvidenceError: naming the row whose key has no partner.
    """
    for key in schema.get("foreignKeys", ()):
        (name,), (target,) = _names(key["fields"]), _names(key["reference"]["fields"])
        others = tables[key["reference"]["resource"]]
        known = {other.values[target] for other in others}
        for record in records:
            value = record.values[name]
            if value is not None and value not in known:
                where = f"{others[0].file.name}, column {target}"
                raise record.fault(name, f"{quoted(value)} is not in {where}.")


def _names(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that has text, with its number."""
    row, reader = 0, csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        for row, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield row, cells
    except csv.Error as error:
        raise EvidenceError(
            f"{file}, row {row + 1}: not a row of CSV ({error}): check its quotation marks."
        ) from None


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise EvidenceError(f"{file} is missing from the evidence pack.") from None
    except OSError as error:
        raise EvidenceError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise EvidenceError(f"{file}, row {row}: not in UTF-8: save it as 'CSV UTF-8'.") from None


def _check_heading(file: Path, row: int, found: Sequence[str], wanted: Sequence[str]) -> None:
    """The heading names the schema's columns, all of them, once each and in order."""
    for name in found:
        if found.count(name) > 1:
            raise _fault(file, row, quoted(name), "stands in the heading more than once.")
    expected = f"the columns are {', '.join(wanted)}."
    for name in wanted:
        if name not in found:
            raise _fault(file, row, name, f"is missing from the heading; {expected}")
    for name in found:
        if name not in wanted:
            raise _fault(file, row, quoted(name), f"is not known; {expected}")
    for name, other in zip(found, wanted, strict=True):
        if name != other:
            raise _fault(file, row, name, f"stands in the place of {other}; in order, {expected}")


def _record(
    file: Path, row: int, cells: Sequence[str], fields: Sequence[Mapping[str, Any]]
) -> Record:
    values: dict[str, Any] = {}
    record = Record(values, file, row)
    if len(cells) < len(fields):
        column = fields[len(cells)]["name"]
        raise record.fault(column, "the row ends before it; add the cell, or the comma before it.")
    if len(cells) > len(fields):
        raise record.fault(
            fields[-1]["name"],
            "the row goes on after it; a text with a comma needs quotation marks around it.",
        )
    for field, cell in zip(fields, cells, strict=True):
        values[field["name"]] = _value(record, field, cell.strip())
    return record


def _value(record: Record, field: Mapping[str, Any], text: str) -> Value:
    """One cell, typed, within its constraints; an empty cell is None."""
    name, constraints = field["name"], field.get("constraints", {})
    if not text:
        if constraints.get("required"):
            raise record.fault(name, "is empty, and must not be.")
        return None
    if CONTROL.search(text):
        raise record.fault(name, "has a control character (such as a tab or line break) in it.")
    if len(text) > CELL_LIMIT:
        raise record.fault(name, f"is longer than the {CELL_LIMIT:,} characters a cell holds.")
    cast, wanted = _CASTS[field["type"]]
    try:
        value: Value = cast(text)
    except (ValueError, KeyError):
        raise record.fault(name, f"{quoted(text)} is not {wanted}.") from None
    if reason := _broken(value, text, constraints):
        raise record.fault(name, f"{quoted(text)} {reason}.")
    return value


def _broken(value: Any, text: str, constraints: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - any type of the schema
    """What is wrong with a value under its constraints, if anything."""
    if "enum" in constraints and value not in constraints["enum"]:
        return "is not one of " + ", ".join(map(str, constraints["enum"]))
    if "pattern" in constraints and not re.fullmatch(constraints["pattern"], text):
        return f"is not of the form {constraints['pattern']} (a regular expression)"
    if "minimum" in constraints and value < constraints["minimum"]:
        return f"is below {constraints['minimum']}"
    if "maximum" in constraints and value > constraints["maximum"]:
        return f"is above {constraints['maximum']}"
    return None


def _check_unique(records: Iterable[Record], names: Sequence[str]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for record in records:
        # Excel and the functions compare without regard to case, so keys do too.
        key = tuple(str(record.values[name]).casefold() for name in names)
        if key in seen:
            shown = ", ".join(str(record.values[name]) for name in names)
            raise record.fault(names[-1], f"{quoted(shown)} already stands in row {seen[key]}.")
        seen[key] = record.row
