"""What an officer's workbook holds, held against its layout: which figures follow from it.

Both the check of a file and the refresh look at a workbook through this, each reading its cells in
its own way.
"""

from __future__ import annotations

import contextlib
import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import Value, is_number
from commissioning.workbook.book import Book, UnknownValueError, content, evaluate, number
from commissioning.workbook.grid import Formula
from commissioning.workbook.marks import declared_formula, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.workbook.grid import Layout

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
        return {
            column.heading: self._content(name, row, column.heading)
            for column in self.layout.tables[name].columns
        }

    def _content(self, name: str, row: Mapping[str, Held], heading: str) -> Value | Formula:
        if heading not in row:
            return _UNKNOWN
        held, formula = row[heading], self.declared(name, row, heading)
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

    def declared(self, name: str, row: Mapping[str, Held], heading: str) -> Formula | None:
        """The formula declared for a cell: its row's own, found by the key, or its column's."""
        table = self.layout.tables[name]
        key = str(row[table.key].value).casefold()
        return self._own_formulas[name].get((key, heading)) or table.column(heading).formula

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
        """Every cell whose formula is declared."""
        for name, rows in self.rows.items():
            for index, (row, values) in enumerate(zip(rows, self.book.rows(name), strict=True)):
                for heading, held in row.items():
                    formula = self.declared(name, row, heading)
                    # What depends on something unknown has no value that could be told.
                    with contextlib.suppress(UnknownValueError):
                        if formula:
                            yield Figure(name, index, heading, held, formula, values[heading])
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


def _raise_unknown(*_: object) -> Value:
    raise UnknownValueError


_UNKNOWN = Formula("", _raise_unknown)


def agree(cached: Value, worked_out: Value) -> bool:
    """Whether a cached value is the one worked out, empty text being the same as nothing."""
    if isinstance(worked_out, str) or worked_out is None:
        return (cached or "") == (worked_out or "")
    wanted = number(worked_out)
    return is_number(cached) and math.isclose(cached, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def as_held(value: Value) -> Value:
    """A cell's value as the book holds it: whole numbers without a fraction."""
    if is_number(value) and math.isfinite(value) and value == int(value):
        return int(value)
    return value
