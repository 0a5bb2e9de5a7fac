"""Workbooks that somebody has typed into, for tests and for the filled example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from commissioning.cells import Value
from commissioning.evidence.pack import load
from commissioning.workbook.grid import Cell, Contents
from commissioning.workbook.layout import Choices, Layout, lay_out
from commissioning.workbook.template import template

if TYPE_CHECKING:
    from commissioning.council.figures import Own

#: table -> key of the row -> heading -> what is typed there.
Typed = Mapping[str, Mapping[str, Mapping[str, Value]]]

BLANK = Choices("Your council", "2026-27", dt.date(2026, 11, 22))

#: The filled workbooks made so far: many tests begin with the same ones.
_FILLED: dict[str, bytes] = {}


def fill(layout: Layout, typed: Typed) -> Layout:
    """The layout with values typed into rows that it has."""
    sheets = []
    for sheet in layout.sheets:
        table, edits = sheet.table, typed.get(sheet.table.name, {})
        unknown = set(edits) - {str(row[table.key]) for row in table.rows}
        assert not unknown, f"{table.name} has no rows {unknown}"
        rows = [_edited(row, edits.get(str(row[table.key]), {})) for row in table.rows]
        sheets.append(sheet._replace(table=table._replace(rows=rows)))
    return Layout(layout.title, tuple(sheets))


def _edited(row: Contents, edits: Mapping[str, Value]) -> Contents:
    edited = dict(row)
    for heading, value in edits.items():
        held = row.get(heading)
        edited[heading] = held._replace(content=value) if isinstance(held, Cell) else value
    return edited


def blank() -> Layout:
    """The layout of a new workbook."""
    return lay_out(load(), BLANK)


@cache
def blank_bytes() -> bytes:
    """A new workbook."""
    return template(blank(), load(), BLANK)


def filled_bytes(typed: Typed, choices: Choices = BLANK, own: Own | None = None) -> bytes:
    """A workbook with values typed in, as Excel would hold it after recalculating.

    With the council's own figures it is as after importing them.
    """
    key = repr((typed, choices, own))
    if key not in _FILLED:
        _FILLED[key] = template(fill(lay_out(load(), choices, own), typed), load(), choices)
    return _FILLED[key]
