"""Number formats are read and set as Excel's Range.NumberFormat, and nothing else of a format."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from closed import SHEET, STYLES, changed, edit, made, parts, save, saved, spending, text
from openpyxl import load_workbook
from openpyxl.styles import Font

from commissioning.engine import contents, open_book
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

#: One that has a number in every file, one that has none, one that XML and the format escape.
CODES = ["0.00%", '#,##0.0 "x"', '[Red]<_x0041_&"é"']


def formatted(sheet: Worksheet) -> None:
    """A1 is plain, B1 bold; C1 and C2 have formats of their own; column E is one of dates."""
    sheet["A1"] = sheet["B1"] = sheet["C1"] = sheet["C2"] = 46348
    sheet["B1"].font = Font(bold=True)
    sheet["C1"].number_format, sheet["C2"].number_format = "0.00%", '0.0 "own"'
    sheet.column_dimensions["E"].number_format = "dd/mm/yyyy"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path / "a.xlsx", formatted)


def test_the_code_is_read_of_cells_that_are_there_and_of_those_that_are_not(path: Path) -> None:
    sheet = open_book(path).sheets["Data"]
    found = [sheet[place].number_format for place in ("A1", "C1", "C2", "E9", "Z9")]
    assert found == ["General", "0.00%", '0.0 "own"', "dd/mm/yyyy", "General"]


def test_there_is_no_code_where_cells_differ(path: Path) -> None:
    sheet = open_book(path).sheets["Data"]
    assert sheet["A1:B9"].number_format == "General"
    assert sheet["A1:C1"].number_format is None
    assert sheet["D9:E9"].number_format is None


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_set_and_the_rest_of_the_format_stays(path: Path, code: str) -> None:
    book = open_book(path)
    book.sheets["Data"]["B1"].number_format = code
    sheet = load_workbook(save(book, path))["Data"]
    assert sheet["B1"].font.b
    assert not sheet["A1"].font.b
    assert sheet["A1"].number_format == "General"
    assert open_book(path).sheets["Data"]["B1"].number_format == code
    assert sheet["B1"].number_format == code.replace("_x0041_", "_x005F_x0041_")


def test_a_cell_that_is_not_there_is_made_with_the_format_of_its_column(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["E3:F3"].number_format = "0.00%"
    sheet = load_workbook(save(book, path))["Data"]
    assert [sheet["E3"].number_format, sheet["F3"].number_format] == ["0.00%", "0.00%"]
    assert sheet.dimensions == "A1:F3"


@pytest.mark.parametrize("code", CODES)
def test_formats_are_made_once_and_found_again(path: Path, code: str) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1:B9"].number_format = code
    made_once = saved(book)
    before, after = (text(each, STYLES) for each in (path, made_once))
    assert after.count("<xf ") == before.count("<xf ") + 2
    path.write_bytes(made_once)
    again = open_book(path)
    again.sheets["Data"]["A10:A20"].number_format = code
    assert changed(path, saved(again)) == {SHEET}


@pytest.mark.parametrize("place", ["A1", "C1", "C2", "E5"])
def test_setting_the_code_that_is_there_changes_nothing(path: Path, place: str) -> None:
    book = open_book(path)
    cell = book.sheets["Data"][place]
    cell.number_format = cell.number_format
    assert contents(book) is None


def test_a_number_that_gets_the_format_of_a_date_is_read_as_one(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].number_format = "d mmm yyyy"
    day = dt.datetime(2026, 11, 22)  # noqa: DTZ001 - cells know no time zones
    assert book.sheets["Data"]["A1"].value == day
    book.sheets["Data"]["A1"].number_format = "General"
    assert book.sheets["Data"]["A1"].value == 46348


def test_a_text_that_is_marked_keeps_its_mark(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["B1"].value = "'=x"
    book.sheets["Data"]["B1"].number_format = "0.00%"
    cell = load_workbook(save(book, path))["Data"]["B1"]
    assert (cell.quotePrefix, cell.font.b, cell.number_format) == (True, True, "0.00%")


def test_new_rows_of_a_table_take_a_code(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", spending)
    book = open_book(path)
    row = book.sheets["Data"].tables["Spending"].rows.add(["010", "Derby", 0.4, None]).range
    row[0, 2].number_format = "0%"
    sheet = load_workbook(save(book, path))["Data"]
    assert [sheet[place].number_format for place in ("C7", "C8", "D8")] == [
        *("General", "0%", "General"),
    ]


def test_a_locked_sheet_keeps_its_formats_and_takes_those_it_has(path: Path) -> None:
    edit(path, SHEET, ("</sheetData>", '</sheetData><sheetProtection sheet="1"/>'))
    book = open_book(path)
    book.sheets["Data"]["C1"].number_format = "0.00%"
    with pytest.raises(WorkbookError, match="the format of A1:C1 is locked; unprotect the sheet"):
        book.sheets["Data"]["A1:C1"].number_format = "0.00%"
    assert contents(book) is None


@pytest.mark.parametrize("code", ["", "0" * 256])
def test_a_code_that_excel_does_not_take_is_refused(path: Path, code: str) -> None:
    book = open_book(path)
    with pytest.raises(
        WorkbookError, match=r"sheet Data\) cannot have the number format .* in A1;"
    ):
        book.sheets["Data"]["A1"].number_format = code
    assert contents(book) is None


def test_a_workbook_without_formats_is_refused_one(path: Path) -> None:
    whole = text(path, STYLES)
    start, end = whole.index("<cellXfs"), whole.index("</cellXfs>") + len("</cellXfs>")
    edit(path, STYLES, (whole[start:end], ""))
    book = open_book(path)
    with pytest.raises(WorkbookError, match="no formats for the cells in A1"):
        book.sheets["Data"]["A1"].number_format = "0%"
    assert contents(book) is None
    assert STYLES in parts(path)
