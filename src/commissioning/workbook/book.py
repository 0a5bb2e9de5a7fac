"""The workbook's values in Python: what stands in the tables, and what follows from it.

The same declarations work out the figures of a new workbook and check those of an officer's file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, TypeGuard

from commissioning.workbook.grid import Cell, Formula, Table, Value

if TYPE_CHECKING:
    from commissioning.workbook.layout import Layout

#: Day 0 of Excel's calendar, as far as days after February 1900 go.
EPOCH = dt.date(1899, 12, 30)

#: The first day on which all programs agree, 1 March 1900, and the last one, 31 December 9999.
FIRST_DAY, LAST_DAY = 61, 2_958_465


class Error(str):
    """An error value such as #N/A: what a cell holds when its formula fails."""

    __slots__ = ()


class ErrorFoundError(Exception):
    """A formula has met an error value in another cell, and takes it on."""

    def __init__(self, error: Error) -> None:
        """Hold the error value."""
        super().__init__(error)
        self.error = error


#: What goes wrong in Python -> what the native formula then shows.
ERRORS: Mapping[type[Exception], Error] = {
    TypeError: Error("#VALUE!"),
    ZeroDivisionError: Error("#DIV/0!"),
    KeyError: Error("#N/A"),
    ValueError: Error("#NUM!"),
    OverflowError: Error("#NUM!"),
}


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
        """A cell as a formula's arithmetic sees it: empty is 0.

        Raises:
            TypeError: the cell holds text.
            ErrorFoundError: the cell holds an error value.
        """
        return number(self[heading])

    def text(self, heading: str) -> str:
        """A cell as a formula joins it to a text: empty is ""."""
        value = sound(self[heading])
        return "" if value is None else str(value)


class Book:
    """Every table's rows, and the names that single cells go by."""

    def __init__(
        self, layout: Layout, contents: Mapping[str, Sequence[Mapping[str, Value | Formula]]]
    ) -> None:
        """Hold the rows of each table by the table's name."""
        self.layout = layout
        self._rows = {
            name: [Row(self, layout.tables[name], row) for row in rows]
            for name, rows in contents.items()
        }

    @classmethod
    def fresh(cls, layout: Layout) -> Book:
        """The values of the workbook as the template makes it."""
        return cls(
            layout,
            {
                table.name: [
                    {key: content(cell) for key, cell in row.items()} for row in table.rows
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
        return sum(map(is_number, self.column(table, heading)))

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

    def named(self, name: str) -> Value:
        """The value of the cell with a workbook-wide name."""
        table, key, heading = self.layout.names[name]
        return self.find(table, key)[heading]


def content(cell: Value | Formula | Cell) -> Value | Formula:
    """What a declared cell holds, without its looks."""
    return cell.content if isinstance(cell, Cell) else cell


def evaluate(formula: Formula, row: Row, book: Book) -> Value:
    """The value of a formula; what goes wrong becomes Excel's error value."""
    try:
        return formula.value(row, book)
    except ErrorFoundError as found:
        return found.error
    except tuple(ERRORS) as error:
        return next(name for kind, name in ERRORS.items() if isinstance(error, kind))


def sound(value: Value) -> Value:
    """The value itself, unless it is an error value.

    Raises:
        ErrorFoundError: it is one.
    """
    if isinstance(value, Error):
        raise ErrorFoundError(value)
    return value


def number(value: Value) -> float:
    """A value as arithmetic sees it: empty is 0, a date its serial number.

    Raises:
        TypeError: the value is text.
        ErrorFoundError: the value is an error value.
    """
    value = sound(value)
    if value is None:
        return 0
    if isinstance(value, dt.date):
        return serial(value)
    if isinstance(value, str):
        raise TypeError(value)
    return value


def serial(day: dt.date) -> int:
    """A date as Excel's serial number."""
    return (day - EPOCH).days


def date(value: Value) -> dt.date | None:
    """A date or a serial number as a date; None for anything else."""
    if isinstance(value, dt.date):
        return value
    if is_number(value) and -EPOCH.toordinal() < value <= LAST_DAY:
        return EPOCH + dt.timedelta(days=float(value))
    return None


def is_number(value: Value) -> TypeGuard[float]:
    """Whether a value is a number as ISNUMBER sees it: not a truth value, text or date object."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def percent_text(value: Value) -> str:
    """A share as TEXT(value, "0.0%") writes it; a text stays as it is."""
    if isinstance(sound(value), str):
        return str(value)
    percent = Decimal(repr(float(number(value)))) * 100
    return f"{percent.quantize(Decimal('0.1'), ROUND_HALF_UP):f}%"


def signed_text(value: float) -> str:
    """A share as TEXT(value, "+0.0%;-0.0%;0.0%") writes it."""
    return f"+{percent_text(value)}" if value > 0 else percent_text(value)


def optional_text(value: Value) -> str | None:
    """A text, or None for an empty cell or an empty text."""
    return None if value is None or value == "" else str(value)
