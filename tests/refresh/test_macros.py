"""The macros as plain functions of a Book: what they report, and how they leave the program."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from commissioning import engine
from commissioning.errors import WorkbookError
from commissioning.evidence.pack import Evidence, load
from commissioning.excel import macros
from example import CHOICES, TYPED
from filling import blank, blank_bytes, filled_bytes
from rich_evidence import changed_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xlwings as xw

LAYOUT = blank()


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], xw.Book]:
    """Open a workbook's bytes."""

    def book(data: bytes) -> xw.Book:
        (path := tmp_path / "book.xlsx").write_bytes(data)
        return engine.open_book(path)

    return book


@pytest.fixture
def newer(tmp_path: Path) -> Evidence:
    return load(changed_pack(tmp_path / "pack"))


def _check(book: xw.Book, code: str, heading: str) -> xw.Range:
    """A cell of the sheet Checks, in the row of a check."""
    table = LAYOUT.tables["Checks"]
    codes = [row["Check"] for row in table.rows]
    return (
        book.sheets["Checks"]
        .tables["Checks"]
        .range[codes.index(code) + 1, table.position(heading) - 1]
    )


def test_the_check_of_a_sound_workbook_finds_nothing_and_changes_nothing(
    opened: Callable[[bytes], xw.Book],
) -> None:
    book = opened(blank_bytes())
    report = macros.check_workbook(book)
    assert (report.changed, report.look) == ([], [])
    assert engine.contents(book) is None


def test_the_check_puts_the_sheet_checks_in_order_and_says_what_does_not_hold(
    opened: Callable[[bytes], xw.Book],
) -> None:
    book = opened(filled_bytes({"Actions": {"R1-01": {"Percent complete input": 2}}}))
    problems = _check(book, "Percentages complete", "Problems")
    problems.value = None
    report = macros.check_workbook(book)
    assert str(problems.formula).startswith("=SUMPRODUCT(")
    assert problems.value == 1
    assert _check(book, "Percentages complete", "Result").value == "Look"
    [look] = report.look
    assert look.where.startswith("Checks!")
    assert "Every percentage complete is a number from 0% to 100%" in look.text
    assert look.text.endswith("Look at the sheet Actions.")


def test_each_macro_refreshes_its_part_and_all_of_them_everything(
    opened: Callable[[bytes], xw.Book], newer: Evidence
) -> None:
    book = opened(blank_bytes())
    for part, macro in macros.REFRESH.items():
        report = macro(book, newer)
        assert report.title == f"Refreshed {part}"
        assert any(f"Evidence of {part}:" in str(entry) for entry in report.changed)
    rest = macros.refresh_all(book, newer)
    assert (rest.changed, rest.look) == ([], [])


def test_the_program_is_left_as_it_was_found(
    opened: Callable[[bytes], xw.Book], newer: Evidence
) -> None:
    book = opened(blank_bytes())
    book.app.calculation, book.app.screen_updating = "semiautomatic", True
    macros.refresh_all(book, newer)
    assert (book.app.calculation, book.app.screen_updating) == ("semiautomatic", True)
    assert book.app.status_bar is False


def test_the_program_is_left_as_it_was_found_where_the_refresh_is_refused_too(
    opened: Callable[[bytes], xw.Book], newer: Evidence
) -> None:
    book = opened(blank_bytes())
    actions = book.sheets["Actions"]
    actions.range((actions.used_range.last_cell.row + 1, 1)).value = "below"
    with pytest.raises(WorkbookError, match="stands in its way"):
        macros.refresh_all(book, newer)
    assert book.app.screen_updating is True
    assert book.app.calculation == "automatic"
    assert book.sheets["Skills"].range("D7").value == 39


def test_progress_is_that_of_the_cells_as_they_stand(opened: Callable[[bytes], xw.Book]) -> None:
    book = opened(filled_bytes(TYPED, CHOICES))
    before = macros.show_progress(book)
    assert [each.action for each in before.overdue] == ["R3-04", "R5-01"]
    row = [row["Action id"] for row in LAYOUT.tables["Actions"].rows].index("R3-04") + 1
    column = LAYOUT.tables["Actions"].position("Status input") - 1
    book.sheets["Actions"].tables["Actions"].range[row, column].value = "Complete"
    after = macros.show_progress(book)
    assert [each.action for each in after.overdue] == ["R5-01"]
    assert after.overall.counted == before.overall.counted


def test_progress_of_a_workbook_that_lacks_a_column_says_which(
    opened: Callable[[bytes], xw.Book],
) -> None:
    renamed = openpyxl.load_workbook(io.BytesIO(blank_bytes()))
    actions, position = renamed["Actions"], LAYOUT.tables["Actions"].position("Owner input")
    actions.cell(LAYOUT.sheet_of("Actions").header_row, position).value = "Who"
    actions.tables["Actions"].tableColumns[position - 1].name = "Who"
    renamed.save(stream := io.BytesIO())
    with pytest.raises(WorkbookError, match="a table or heading of the tracker is missing"):
        macros.show_progress(opened(stream.getvalue()))
