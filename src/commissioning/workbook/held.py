"""What an officer's workbook holds, held against its layout: which figures follow from it.

Both the check of a file and the refresh look at a workbook through this, each reading its cells in
its own way.
"""

from __future__ import annotations

import contextlib
import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from commissioning.cells import Value, is_number
from commissioning.workbook.book import Book, UnknownValueError, content, evaluate, number
from commissioning.workbook.grid import Formula
from commissioning.workbook.marks import declared_formula, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.workbook.grid import Contents, Layout, Table

    #: The formulas of a table's columns by heading, and those of rows that have some of their own:
    #: key in lower case -> by heading.
    _Declared: TypeAlias = tuple[Mapping[str, Formula], Mapping[str, Mapping[str, Formula]]]

#: Figures agree to this, relative to the larger and to 1.
TOLERANCE = 1e-9


class Held(NamedTuple):
    """What a cell holds: its value, as last worked out, and its formula without equals sign."""

    value: Value = None
    formula: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is neither value nor formula."""
        return self.formula is None and self.value in {None, ""}


class Figure(NamedTuple):
    """A cell whose formula the layout declares: where it is, what it holds, what it should.

    `row` counts the table's rows from 0; for a line above the table it is -1 for the one next to
    the headings, -2 for the one above that, and the heading is that of the first column.
    """

    table: str
    row: int
    heading: str
    held: Held
    formula: Formula
    value: Value


class Holdings:
    """The declared tables of a workbook with what their cells hold."""

    def __init__(
        self,
        layout: Layout,
        rows: Mapping[str, Sequence[Mapping[str, Held]]],
        below: Mapping[str, int],
        lines: Mapping[str, Sequence[Held]],
        *,
        own_formulas: bool = False,
    ) -> None:
        """Hold the rows of tables by name: each maps the declared headings to what stands there.

        `below` counts the filled cells below a table; `lines` are the cells above its headings,
        the highest first. With `own_formulas`, a formula in the place of a declared one is the
        officer's own; without, it is held to be wrong.
        """
        self.own_formulas = own_formulas
        self.layout = layout
        self.rows = rows
        self.below = below
        self.lines = lines

    @cached_property
    def book(self) -> Book:
        """The declared formulas over what stands in the cells.

        Where something was typed over a formula, that counts, as it does for Excel.
        """
        return Book(
            self.layout,
            {name: [self._contents(name, row) for row in rows] for name, rows in self.rows.items()},
            self.below,
        )

    def _contents(self, name: str, row: Mapping[str, Held]) -> dict[str, Value | Formula]:
        formulas = self._formulas(name, row)
        return {
            heading: self._content(name, row.get(heading), formulas.get(heading))
            for heading in self._headings[name]
        }

    def _content(self, name: str, held: Held | None, formula: Formula | None) -> Value | Formula:
        if held is None:
            return _UNKNOWN
        if held.formula is None:
            return held.value
        if formula and self._is_as_declared(name, held, formula):
            return formula
        # Of a formula of the officer's own, only its last value is known.
        return _UNKNOWN if self.own_formulas and held.value is None else held.value

    def _is_as_declared(self, name: str, held: Held, formula: Formula) -> bool:
        """Whether a cell holds the formula that is declared for it, or is taken to."""
        return not self.own_formulas or normal(held.formula or "", name) == declared_formula(
            formula, name
        )

    def _formulas(self, name: str, row: Mapping[str, Held]) -> Mapping[str, Formula]:
        """The formulas declared for a row: its own, found by the key, or its columns'."""
        of_columns, of_rows = self._declared[name]
        key = str(row[self.layout.tables[name].key].value).casefold()
        return of_rows.get(key, of_columns)

    @cached_property
    def _headings(self) -> Mapping[str, Sequence[str]]:
        """The declared headings by table."""
        return {
            name: [column.heading for column in table.columns]
            for name, table in self.layout.tables.items()
        }

    @cached_property
    def _declared(self) -> Mapping[str, _Declared]:
        return {name: _declared(table) for name, table in self.layout.tables.items()}

    def figures(self) -> Iterator[Figure]:
        """Every cell whose formula is declared."""
        for name, rows in self.rows.items():
            for index, (row, values) in enumerate(zip(rows, self.book.rows(name), strict=True)):
                for heading, formula in self._formulas(name, row).items():
                    # What depends on something unknown has no value that could be told.
                    with contextlib.suppress(UnknownValueError):
                        if heading in row:
                            yield Figure(
                                name, index, heading, row[heading], formula, values[heading]
                            )
            with contextlib.suppress(UnknownValueError):
                yield from self._line_figures(name)

    def _line_figures(self, name: str) -> Iterator[Figure]:
        """The formulas in the lines above a table, which stand where its headings say."""
        declared, rows = self.layout.sheet_of(name), self.book.rows(name)
        heading = declared.table.columns[0].heading
        lines = [*reversed(self.lines.get(name, ()))]
        for place, line in enumerate(reversed(declared.lines)):
            if isinstance(line.content, Formula) and place < len(lines) and rows:
                value = evaluate(line.content, rows[0], self.book)
                yield Figure(name, -1 - place, heading, lines[place], line.content, value)


def _declared(table: Table) -> _Declared:
    own = {
        str(content(row[table.key])).casefold(): _formulas(table, row)
        for row in table.rows
        if any(isinstance(content(cell), Formula) for cell in row.values())
    }
    return _formulas(table, {}), own


def _formulas(table: Table, row: Contents) -> Mapping[str, Formula]:
    """The formulas of a declared row by heading: its own, else its columns'."""
    found = {}
    for column in table.columns:
        own = content(row.get(column.heading))
        formula = own if isinstance(own, Formula) else column.formula
        if formula:
            found[column.heading] = formula
    return found


def _raise_unknown(*_: object) -> Value:
    raise UnknownValueError


_UNKNOWN = Formula("", _raise_unknown)


def agree(cached: Value, worked_out: Value) -> bool:
    """Whether a cached value is the one worked out, empty text being the same as nothing."""
    if isinstance(worked_out, str) or worked_out is None:
        return ("" if cached is None else cached) == (worked_out or "")
    wanted = number(worked_out)
    return is_number(cached) and math.isclose(cached, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def as_held(value: Value) -> Value:
    """A cell's value as the book holds it: whole numbers without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
