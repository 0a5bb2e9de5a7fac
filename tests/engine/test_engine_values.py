"""Values keep their types on their way into a cell and out of it; openpyxl reads the same."""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from closed import (
    MAIN,
    SHEET,
    STYLES,
    changed,
    edit,
    made,
    parts,
    save,
    saved,
    share,
    spending,
    text,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from commissioning.cells import Error
from commissioning.check.xml import unescape
from commissioning.engine import contents, open_book, set_cached
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Cells know no time zones.
DAY = dt.datetime(2026, 11, 22, 13, 45, 30)  # noqa: DTZ001


def dated(sheet: Worksheet) -> None:
    """Columns A to E are plain, F and G are formatted as dates, with and without a time."""
    for row in range(1, 11):
        for column in range(1, 6):
            sheet.cell(row, column)
        sheet.cell(row, 6).number_format = "yyyy-mm-dd hh:mm:ss"
        sheet.cell(row, 7).number_format = "dd/mm/yyyy"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path / "a.xlsx", dated)


def cell(data: bytes, place: str, part: str = SHEET) -> etree._Element:
    found = etree.fromstring(parts(data)[part]).find(f".//{MAIN}c[@r='{place}']")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "kind", "stored"),
    [
        (7, None, "7"),
        (-0.1, None, "-0.1"),
        (1e300, None, "1e+300"),
        (True, "b", "1"),
        (Error("#N/A"), "e", "#N/A"),
        (dt.date(2026, 11, 22), None, "46348"),
        (DAY, None, "46348.57326388889"),
    ],
)
def test_a_value_is_stored_with_its_type(
    path: Path, value: object, kind: str | None, stored: str
) -> None:
    book = open_book(path)
    book.sheets["Data"]["F1"].value = value
    written = cell(saved(book), "F1")
    assert (written.get("t"), written.findtext(f"{MAIN}v")) == (kind, stored)
    assert written.get("s") is not None


def test_a_negative_zero_is_a_plain_one(path: Path) -> None:
    row = '<row r="20"><c r="A20"><f>0</f><v>-0</v></c><c r="B20"><v>-0.0</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", row))
    book = open_book(path)
    for zero in (0, -0.0):
        set_cached(book, {("Data", 20, 1): zero})
        book.sheets["Data"]["B20"].value = zero
    assert contents(book) is None
    book.sheets["Data"]["A1"].value = -0.0
    assert cell(saved(book), "A1").findtext(f"{MAIN}v") == "0"
    assert book.sheets["Data"]["B20"].formula == "0"


def test_a_moment_that_is_given_as_it_was_read_changes_nothing(path: Path) -> None:
    style = cell(path.read_bytes(), "F1").get("s")
    row = f'<row r="20"><c r="F20" s="{style}"><f>1+1</f><v>46348.5806283228</v></c></row>'
    edit(path, SHEET, ("</sheetData>", f"{row}</sheetData>"))
    book = open_book(path)
    shown = book.sheets["Data"]["F20"].value
    assert isinstance(shown, dt.datetime)
    for moment in (shown, 46348.5806283217):
        set_cached(book, {("Data", 20, 6): moment})
    assert contents(book) is None


@pytest.mark.parametrize("value", ["007", "1234567890123456789", "1-2", "TRUE", "#N/A", "1e5"])
def test_a_text_that_looks_like_something_else_stays_a_text(path: Path, value: str) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = value
    assert load_workbook(save(book, path))["Data"]["A1"].data_type == "s"
    assert open_book(path).sheets["Data"]["A1"].value == value


def test_spaces_around_a_text_and_line_breaks_in_it_stay(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = "  one\n two\t "
    assert load_workbook(save(book, path))["Data"]["A1"].value == "  one\n two\t "


def test_what_xml_cannot_hold_and_what_looks_like_an_escape_is_escaped(path: Path) -> None:
    value = "bell \x07, return \r, escape _x0041_, half \ud800, end"
    book = open_book(path)
    book.sheets["Data"]["A1"].value = value
    written = cell(saved(book), "A1").findtext(f"{MAIN}is/{MAIN}t")
    assert written is not None
    assert "_x0007_" in written
    assert "_x000D_" in written
    assert "_x005F_x0041_" in written
    assert "_xD800_" in written
    assert open_book(save(book, path)).sheets["Data"]["A1"].value == unescape(written)


@pytest.mark.parametrize("value", ["", None, "'", math.nan])
def test_an_empty_value_empties_the_cell_and_keeps_its_format(path: Path, value: object) -> None:
    book = open_book(path)
    book.sheets["Data"]["F1"].value = 5
    style = cell(saved(book), "F1").get("s")
    book.sheets["Data"]["F1"].value = value
    written = cell(saved(book), "F1")
    assert (len(written), written.get("s"), written.get("t")) == (0, style, None)


def test_an_empty_value_makes_no_cell(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["J20:K21"].value = [[None, None], [None, None]]
    assert contents(book) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("'=1+1", "=1+1"), ("'+1", "+1"), ("'-1", "-1"), ("'@x", "@x")],
)
def test_a_text_that_excel_would_take_for_a_formula_is_marked(
    path: Path, value: str, shown: str
) -> None:
    book = open_book(path)
    book.sheets["Data"]["F1"].value = value
    sheet = load_workbook(save(book, path))["Data"]
    assert (sheet["F1"].value, sheet["F1"].data_type) == (shown, "s")
    assert sheet["F1"].quotePrefix
    assert sheet["F1"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert open_book(path).sheets["Data"]["F1"].value == shown


def test_a_mark_is_made_once_for_each_format(path: Path) -> None:
    book = open_book(path)
    before = text(path, STYLES).count("<xf ")
    book.sheets["Data"]["A1:A9"].value = "'=x"
    book.sheets["Data"]["F1:F9"].value = "'=x"
    assert text(saved(book), STYLES).count("<xf ") == before + 2
    again = open_book(save(book, path))
    again.sheets["Data"]["B1:B9"].value = "'=x"
    assert STYLES not in changed(path, saved(again))


def test_a_number_over_a_marked_text_loses_the_mark(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["F1"].value = "'=x"
    book.sheets["Data"]["F1"].value = 1
    sheet = load_workbook(save(book, path))["Data"]
    assert not sheet["F1"].quotePrefix
    assert sheet["F1"].style_id == sheet["F2"].style_id


def test_styles_are_left_alone_where_no_text_is_marked(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1:C1"].value = [["text", 1, "'apostrophe"]]
    assert changed(path, saved(book)) == {SHEET}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("=1+1", "begins with ="),
        ("x" * 32_768, "32,768 characters"),
        ("\N{GRINNING FACE}" * 16_384, "16,384 characters"),
        (math.inf, "not finite"),
        (10**400, "not finite"),
        (dt.date(1900, 2, 28), "1900-02-28"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_with_the_cell_and_nothing_changes(
    path: Path, value: object, reason: str
) -> None:
    book = open_book(path)
    with pytest.raises(WorkbookError, match=rf"a\.xlsx \(sheet Data\).*{reason}.* in B3;"):
        book.sheets["Data"]["A3:B3"].value = [[1, value]]
    assert contents(book) is None


def test_a_long_text_of_32767_characters_is_kept(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = "x" * 32_767
    assert open_book(save(book, path)).sheets["Data"]["A1"].value == "x" * 32_767


def test_setting_what_is_there_changes_nothing(path: Path) -> None:
    row = [["007", 1.5, True, None, Error("#REF!"), DAY, dt.date(2026, 1, 1)]]
    book = open_book(path)
    book.sheets["Data"]["A1:G1"].value = row
    again = open_book(save(book, path))
    again.sheets["Data"]["A1:G1"].value = row
    assert contents(again) is None


@pytest.mark.parametrize(
    ("held", "new"), [("1", 1), (1, True), (0, False), ("#N/A", Error("#N/A"))]
)
def test_the_same_look_with_another_type_is_a_change(path: Path, held: object, new: object) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = held
    again = open_book(save(book, path))
    again.sheets["Data"]["A1"].value = new
    assert contents(again) is not None


def test_rich_text_is_read_as_text_and_kept_where_the_same_text_is_set(tmp_path: Path) -> None:
    def rich(sheet: Worksheet) -> None:
        sheet["A1"] = CellRichText("one ", TextBlock(InlineFont(b=True), "two"))

    book = open_book(made(tmp_path / "a.xlsx", rich))
    assert book.sheets["Data"]["A1"].value == "one two"
    book.sheets["Data"]["A1"].value = "one two"
    assert contents(book) is None


def test_shared_strings_are_read_and_their_part_is_left_alone(tmp_path: Path) -> None:
    path = share(made(tmp_path / "a.xlsx", spending), "shared", "other")
    book = open_book(path)
    assert book.sheets["Data"]["A1:B1"].value == ["shared", "other"]
    book.sheets["Data"]["A1"].value = "new"
    assert changed(path, saved(book)) == {SHEET}


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-809]d mmmm yyyy;@", True),
        ("[h]:mm", True),
        ("mm:ss.0", True),
        ("0.00", False),
        ('0 "days"', False),
        (r"0\d", False),
        ("[Red]0;[Blue]-0", False),
        ("General", False),
        ("0_d", False),
    ],
)
def test_a_number_is_a_date_where_its_format_shows_one(
    tmp_path: Path, code: str, *, is_date: bool
) -> None:
    def numbered(sheet: Worksheet) -> None:
        sheet["A1"] = 46348
        sheet["A1"].number_format = code

    value = open_book(made(tmp_path / "a.xlsx", numbered)).sheets["Data"]["A1"].value
    midnight = DAY.replace(hour=0, minute=0, second=0)
    assert value == (midnight if is_date else 46348.0)


def test_dates_of_a_1904_workbook_are_read_and_written_in_its_calendar(path: Path) -> None:
    edit(path, "xl/workbook.xml", ("<workbookPr/>", '<workbookPr date1904="1"/>'))
    book = open_book(path)
    book.sheets["Data"]["F1:G1"].value = [[DAY, dt.date(1904, 1, 2)]]
    sheet = load_workbook(save(book, path))["Data"]
    assert (sheet["F1"].value, sheet["G1"].value) == (DAY, DAY.min.replace(1904, 1, 2))
    assert open_book(path).sheets["Data"]["F1"].value == DAY


def test_dates_in_iso_format_are_read(path: Path) -> None:
    row = '<row r="20"><c r="A20" t="d"><v>2026-11-22T13:45:30</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", row))
    assert open_book(path).sheets["Data"]["A20"].value == DAY


def test_errors_are_none_unless_they_are_asked_for(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = Error("#DIV/0!")
    assert book.sheets["Data"]["A1"].value is None
    assert book.sheets["Data"]["A1"].options(err_to_str=True).value == "#DIV/0!"


def test_one_value_fills_an_area(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1:B3"].value = 7
    assert book.sheets["Data"]["A1:B3"].value == [[7, 7]] * 3


def test_a_damaged_value_is_reported_with_its_cell(path: Path) -> None:
    row = '<row r="20"><c r="A20"><v>seven</v></c><c r="B20" t="s"><v>99</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", row))
    sheet = open_book(path).sheets["Data"]
    for place in ("A20", "B20"):
        with pytest.raises(WorkbookError, match=rf"sheet Data.*damaged.*cell {place}"):
            sheet[place].value  # noqa: B018 - reading it is what raises


TEXTS = st.text(max_size=40).filter(lambda value: not value.startswith(("=", "'")))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"\A0[0-9]{1,20}\Z"),
    st.sampled_from([Error("#N/A"), Error("#DIV/0!")]),
    TEXTS,
)
MOMENTS = st.datetimes(DAY.min.replace(1900, 3, 1), DAY.max).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
BLOCKS = st.lists(
    st.tuples(VALUES, VALUES, VALUES, VALUES, VALUES, MOMENTS), min_size=1, max_size=6
)


@cache
def dated_bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return made(Path(folder, "a.xlsx"), dated).read_bytes()


def as_read(value: object) -> object:
    """A value as xlwings reads it: numbers are floats, an empty text is nothing."""
    if isinstance(value, str) and not isinstance(value, Error):
        return unescape(value) or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value


@settings(deadline=None)
@given(BLOCKS, st.integers(1, 4))
def test_values_come_back_as_they_were_set_and_openpyxl_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]], top: int
) -> None:
    path = tmp_path_factory.mktemp("values") / "a.xlsx"
    path.write_bytes(dated_bytes())
    book = open_book(path)
    area = book.sheets["Data"].range((top, 1), (top + len(rows) - 1, 6))
    area.value = [list(row) for row in rows]
    content = contents(book)
    if content is not None:
        path.write_bytes(content)
    again = open_book(path).sheets["Data"].range(area.address)
    read = again.options(ndim=2, err_to_str=True).value
    assert [list(map(typed, row)) for row in read] == [
        [typed(as_read(value)) for value in row] for row in rows
    ]
    sheet = load_workbook(path)["Data"]
    for number, row in enumerate(rows, top):
        for column, value in enumerate(row, 1):
            if not isinstance(value, str) or not re.search("[\x00-\x1f\ud800-\udfff]|_x", value):
                held = sheet.cell(number, column).value
                assert held == (as_read(value) if column < 6 else value)


def typed(value: object) -> tuple[str, object]:
    return type(value).__name__, value
