"""The workbook's values in Python: what stands in the tables, and what follows from it.

The same declarations work out the figures of a new workbook and check those of an officer's file.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeGuard

from commissioning.cells import ERRORS, Error, Value, error_of, fixed, is_number, serial
from commissioning.workbook.grid import Cell, Formula, Table

if TYPE_CHECKING:
    from commissioning.workbook.grid import Layout


#: A text that arithmetic takes for the number it spells, in any country.
_NUMERAL = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)? *", re.ASCII | re.IGNORECASE)


class ErrorFoundError(Exception):
    """A formula has met an error value in another cell, and takes it on."""

    def __init__(self, error: Error) -> None:
        """Hold the error value."""
        super().__init__(error)
        self.error = error


class UnknownValueError(Exception):
    """A figure depends on what cannot be told: a formula without a value, a table or a column."""


class _Tables(dict[str, "list[Row]"]):
    """The rows of the tables that are there."""

    def __missing__(self, table: str) -> list[Row]:
        raise UnknownValueError(table)


class Row(Mapping[str, Value]):
    """One row of a table; a formula is worked out when its value is first asked for."""

    def __init__(self, book: Book, table: Table, contents: Mapping[str, Value | Formula]) -> None:
        """Hold the contents, by heading; headings left out hold the column's formula or nothing."""
        self._book = book
        self._contents = {
            column.heading: contents.get(column.heading, column.formula) for column in table.columns
        }
        self._values: dict[str, Value] = {}

    def __getitem__(self, heading: str) -> Value:
        """The value of a cell, None where it is empty."""
        if heading not in self._values:
            content = self._contents[heading]
            self._values[heading] = (
                evaluate(content, self, self._book) if isinstance(content, Formula) else content
            )
        return self._values[heading]

    def __iter__(self) -> Iterator[str]:
        """The headings."""
        return iter(self._contents)

    def __len__(self) -> int:
        """The number of columns."""
        return len(self._contents)

    def formula(self, heading: str) -> Formula | None:
        """The formula of a cell, if it has one."""
        content = self._contents[heading]
        return content if isinstance(content, Formula) else None

    def number(self, heading: str) -> float:
        """A cell as a formula's arithmetic sees it; see `number`."""
        return number(self[heading])

    def text(self, heading: str) -> str:
        """A cell as a formula joins it to a text: empty is ""."""
        value = sound(self[heading])
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, float):
            return f"{value:.15g}".upper()
        return "" if value is None else str(value)


class Book:
    """Every table's rows, and the names that single cells go by."""

    def __init__(
        self,
        layout: Layout,
        contents: Mapping[str, Sequence[Mapping[str, Value | Formula]]],
        below: Mapping[str, int] | None = None,
    ) -> None:
        """Hold the rows of each table by the table's name.

        `below` counts the filled cells that stand in a table's first column, but below the table.
        """
        self.layout = layout
        self.below = below or {}
        self._sound: set[tuple[str, str]] = set()
        self._arithmetic: dict[tuple[str, str], Sequence[float]] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], Mapping[tuple[Value, ...], list[Row]]] = {}
        self._rows = _Tables(
            {
                name: [Row(self, layout.tables[name], row) for row in rows]
                for name, rows in contents.items()
            }
        )

    @classmethod
    def fresh(cls, layout: Layout) -> Book:
        """The values of the workbook as the template makes it."""
        return cls(
            layout,
            {
                table.name: [
                    {key: content(cell) for key, cell in row.items()} for row in table.body
                ]
                for table in layout.tables.values()
            },
        )

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table, in its order."""
        return self._rows[table]

    def column(self, table: str, heading: str) -> list[Value]:
        """The values of a whole column."""
        return [row[heading] for row in self._rows[table]]

    def numbers(self, table: str, heading: str) -> list[float]:
        """The numbers in a column as SUM sees it: texts and empty cells passed over.

        Raises:
            ErrorFoundError: there is an error value among them.
        """
        return [float(v) for v in map(sound, self.column(table, heading)) if is_number(v)]

    def count(self, table: str, heading: str) -> int:
        """How many numbers a column holds, as COUNT sees it: errors are passed over too."""
        return len(self.only_numbers(table, heading))

    def only_numbers(self, table: str, heading: str) -> list[float]:
        """The numbers in a column as COUNTIF and SUMIF compare them: errors are passed over too."""
        return [value for value in self.column(table, heading) if is_number(value)]

    def find(self, table: str, key: Value) -> Row:
        """The row with the given key, compared without regard to case.

        Raises:
            KeyError: there is none.
        """
        heading = self.layout.tables[table].key
        wanted = str(key).casefold()
        for row in self._rows[table]:
            if str(row[heading]).casefold() == wanted:
                return row
        raise KeyError(key)

    def look_up(self, table: str, heading: str, wanted: Value) -> Row:
        """The first row in which a column holds a value, as MATCH finds it.

        Raises:
            KeyError: there is none.
        """
        return self._by_values(table, (heading,))[(_compared(sound(wanted)),)][0]

    def matching(self, table: str, wanted: Mapping[str, Value]) -> Sequence[Row]:
        """The rows whose columns hold the wanted values, as SUMIFS finds them; errors never do.

        Raises:
            ErrorFoundError: a value that is wanted is an error value.
        """
        values = tuple(_compared(sound(value)) for value in wanted.values())
        return self._by_values(table, tuple(wanted)).get(values, ())

    def arithmetic(self, table: str, heading: str) -> Sequence[float]:
        """The values of a whole column as arithmetic over it sees them; see `number`.

        Raises:
            TypeError: there is a text among them that is no number.
            ErrorFoundError: there is an error value among them.
        """
        if (table, heading) not in self._arithmetic:
            self._arithmetic[table, heading] = [number(v) for v in self.column(table, heading)]
        return self._arithmetic[table, heading]

    def free_of_errors(self, table: str, heading: str) -> None:
        """See that a column holds no error value, which a formula over all of it would take on.

        Raises:
            ErrorFoundError: it holds one.
        """
        if (table, heading) not in self._sound:
            for value in self.column(table, heading):
                sound(value)
            self._sound.add((table, heading))

    def _by_values(
        self, table: str, headings: tuple[str, ...]
    ) -> Mapping[tuple[Value, ...], list[Row]]:
        """The rows of a table by what they hold in some columns; made once, tables being long."""
        if (table, headings) not in self._indexes:
            index: dict[tuple[Value, ...], list[Row]] = {}
            for row in self._rows[table]:
                key = tuple(_compared(row[heading]) for heading in headings)
                index.setdefault(key, []).append(row)
            self._indexes[table, headings] = index
        return self._indexes[table, headings]

    def named_text(self, name: str) -> str:
        """A named cell as a formula joins it to a text: empty is ""."""
        table, key, heading = self.layout.names[name]
        return self.find(table, key).text(heading)

    def named(self, name: str) -> Value:
        """The value of the cell with a workbook-wide name."""
        table, key, heading = self.layout.names[name]
        return self.find(table, key)[heading]


def _compared(value: Value) -> Value:
    """A value so that two of them are equal where `=` says so, but for an empty cell."""
    if isinstance(value, dt.date):
        return serial(value)
    if isinstance(value, bool):
        # TRUE is not 1.
        return f"\0{value}"
    if isinstance(value, Error):
        return f"\0{value}"
    return value.casefold() if isinstance(value, str) else value


def content(cell: Value | Formula | Cell) -> Value | Formula:
    """What a declared cell holds, without its looks."""
    return cell.content if isinstance(cell, Cell) else cell


def evaluate(formula: Formula, row: Row, book: Book) -> Value:
    """The value of a formula; what goes wrong becomes Excel's error value, an empty cell is 0."""
    try:
        value = formula.value(row, book)
    except ErrorFoundError as found:
        return found.error
    except tuple(ERRORS) as error:
        return error_of(error)
    return 0 if value is None else value


def sound(value: Value) -> Value:
    """The value itself, unless it is an error value.

    Raises:
        ErrorFoundError: it is one.
    """
    if isinstance(value, Error):
        raise ErrorFoundError(value)
    return value


def summed(rows: Iterable[Row], heading: str) -> float:
    """The sum of a column over some rows, as SUMIFS adds it up; texts count as nothing.

    Raises:
        ErrorFoundError: there is an error value among them.
    """
    return math.fsum(filter(is_number, (sound(row[heading]) for row in rows)))


def number(value: Value) -> float:
    """A value as arithmetic sees it: empty is 0, a date its serial number, "12" is 12.

    Raises:
        TypeError: the value is any other text.
        ErrorFoundError: the value is an error value.
    """
    value = sound(value)
    if value is None:
        return 0
    if isinstance(value, dt.date):
        return serial(value)
    if _is_words(value):
        raise TypeError(value)
    return float(value) if isinstance(value, str) else value


def number_or_zero(value: Value) -> float:
    """A value as the function N gives it: every text is 0.

    Raises:
        ErrorFoundError: the value is an error value.
    """
    return 0 if is_text(value) else number(value)


def is_text(value: Value) -> bool:
    """Whether a value is a text as ISTEXT sees it: no error value."""
    return isinstance(value, str) and not isinstance(value, Error)


def is_equal(value: Value, wanted: Value) -> bool:
    """Whether a value is the number wanted as COUNTIF sees it: also a text that spells it."""
    if isinstance(value, Error | bool) or value is None or _is_words(value):
        return False
    return number(value) == wanted


def _is_words(value: Value) -> TypeGuard[str]:
    """Whether a value is a text that spells no number."""
    return isinstance(value, str) and is_text(value) and not _NUMERAL.fullmatch(value)


def percent_text(value: Value) -> str:
    """A share as TEXT(value, "0.0%") writes it; a text that is no number stays as it is."""
    return value if _is_words(value) else f"{fixed(number(value), 1, 100)}%"


def thousandths_text(value: Value) -> str:
    """A number as TEXT(value, "0.000") writes it; a text that is no number stays as it is."""
    return value if _is_words(value) else fixed(number(value), 3)


def trimmed(text: str) -> str:
    """A text as TRIM gives it: without blanks around it, and one between words."""
    return " ".join(filter(None, text.split(" ")))


def optional_text(value: Value) -> str | None:
    """A text, or None for an empty cell or an empty text.

    Raises:
        ErrorFoundError: the value is an error value.
    """
    return None if sound(value) in {None, ""} else str(value)
