"""Formulas of plain references lose their values exactly where these lead to a changed cell."""

from __future__ import annotations

import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from closed import MAIN, OTHER, SHEET, edit, made, parts, saved, text
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from commissioning.check.references import letters
from commissioning.engine import open_book

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Row and column from 1, after the number of the sheet.
Cell = tuple[int, int, int]

SIZE = 4
TITLES, PARTS = ("Data", "It's own"), (SHEET, OTHER)
CELLS = st.tuples(st.integers(0, 1), st.integers(1, SIZE), st.integers(1, SIZE))
#: Two corners on a sheet, and how the reference to them is written.
MENTIONED = st.tuples(CELLS, CELLS, st.sampled_from(["cells", "columns", "rows"]), st.booleans())
FORMULAS = st.dictionaries(CELLS, st.lists(MENTIONED, min_size=1, max_size=2), max_size=14)


def mention(home: int, one: Cell, other: Cell, kind: str, *, fixed: bool) -> tuple[str, set[Cell]]:
    """A reference as a formula of a sheet has it, and the cells of it that there are."""
    sheet, mark = one[0], "$" if fixed else ""
    top, bottom = sorted((one[1], other[1])) if kind != "columns" else (1, SIZE)
    left, right = sorted((one[2], other[2])) if kind != "rows" else (1, SIZE)
    columns, rows = [f"{mark}{letters(each)}" for each in (left, right)], [top, bottom]
    ends = {
        "cells": [f"{column}{mark}{row}" for column, row in zip(columns, rows, strict=True)],
        "columns": columns,
        "rows": [f"{mark}{row}" for row in rows],
    }[kind]
    written = ends[0] if kind == "cells" and ends[0] == ends[1] else ":".join(ends)
    title = "" if sheet == home else "'{}'!".format(TITLES[sheet].replace("'", "''"))
    inside = {
        (sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
    }
    return title + written, inside


def reached(changed: Cell, leads: dict[Cell, set[Cell]]) -> set[Cell]:
    """The cells with formulas that a changed one leads to."""
    found = {changed}
    while new := {cell for cell, mentioned in leads.items() if mentioned & found} - found:
        found |= new
    return found & leads.keys()


@cache
def empty() -> bytes:
    def two(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet(TITLES[1])

    with tempfile.TemporaryDirectory() as folder:
        return made(Path(folder, "a.xlsx"), two).read_bytes()


def filled(path: Path, texts: dict[Cell, str]) -> Path:
    """The workbook with these formulas, each with a value, and numbers in the other cells."""
    path.write_bytes(empty())
    for sheet, part in enumerate(PARTS):
        lines = []
        for row in range(1, SIZE + 1):
            formulas = {column: texts.get((sheet, row, column)) for column in range(1, SIZE + 1)}
            cells = (
                f'<c r="{letters(column)}{row}">{f"<f>{each}</f>" if each else ""}<v>1</v></c>'
                for column, each in formulas.items()
            )
            lines.append(f'<row r="{row}">{"".join(cells)}</row>')
        edit(path, part, ("<sheetData></sheetData>", f"<sheetData>{''.join(lines)}</sheetData>"))
    return path


def without_value(data: bytes) -> set[Cell]:
    found = set()
    for sheet, part in enumerate(PARTS):
        for cell in etree.fromstring(parts(data)[part]).iter(f"{MAIN}c"):
            if cell.find(f"{MAIN}v") is None:
                place = cell.get("r", "")
                found.add((sheet, int(place[1:]), ord(place[0]) - ord("A") + 1))
    return found


@settings(deadline=None)
@given(FORMULAS, CELLS, st.booleans())
def test_those_lose_their_values_that_a_changed_cell_leads_to_and_no_others(
    formulas: dict[Cell, list[tuple[Cell, Cell, str, bool]]], changed: Cell, parsed: bool
) -> None:
    formulas.pop(changed, None)
    texts, leads = {}, {}
    for cell, mentioned in formulas.items():
        found = [mention(cell[0], *each[:3], fixed=each[3]) for each in mentioned]
        texts[cell] = "SUM({})".format(",".join(written for written, _ in found))
        leads[cell] = set().union(*(inside for _, inside in found))
    with tempfile.TemporaryDirectory() as folder:
        path = filled(Path(folder, "a.xlsx"), texts)
        book = open_book(path)
        if parsed:
            for title in TITLES:
                book.sheets[title].used_range.value  # noqa: B018 - reading it parses the sheet
        book.sheets[TITLES[changed[0]]].range(changed[1:]).value = 2
        assert without_value(saved(book)) == reached(changed, leads)


@pytest.mark.parametrize("step", [-1, 1])
def test_a_long_column_of_which_each_cell_depends_on_the_next_takes_no_time(
    tmp_path: Path, step: int
) -> None:
    count = 5_000
    path = tmp_path / "a.xlsx"
    path.write_bytes(empty())
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><f>A{row + step}+B{row}</f><v>1</v></c></row>'
        for row in range(2, count)
    )
    edit(path, OTHER, ("<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>"))
    book = open_book(path)
    book.sheets[TITLES[1]]["A1" if step < 0 else f"A{count}"].value = 2
    before = time.process_time()
    content = saved(book)
    assert time.process_time() - before < 5
    assert text(content, OTHER).count("<v>1</v>") == 0


def test_a_chain_that_winds_for_long_is_cut_short_and_too_many_values_are_dropped(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(empty())
    # From the first row to the last, the second, the last but one ...
    order = [row for pair in zip(range(1, 100), range(200, 101, -1), strict=True) for row in pair]
    before = dict(zip(order[1:], order, strict=False))
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><f>A{before[row]}</f><v>1</v></c></row>'
        for row in sorted(before)
    )
    apart = '<row r="300"><c r="B300"><f>A299</f><v>1</v></c></row>'
    edit(path, OTHER, ("<sheetData></sheetData>", f"<sheetData>{rows}{apart}</sheetData>"))
    book = open_book(path)
    book.sheets[TITLES[1]]["A1"].value = 2
    assert "<v>1</v>" not in text(saved(book), OTHER)
