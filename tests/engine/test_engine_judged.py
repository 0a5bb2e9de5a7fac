"""What the engine writes is judged by Microsoft's validator, by LibreOffice and by openpyxl."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from closed import body, changed, made, parts, saved, spending
from openpyxl import load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation

from commissioning.cells import Error, Value
from commissioning.check.xml import unescape
from commissioning.engine import open_book, set_cached
from filling import blank_bytes
from judges import cached, differences, recalculate, validator_errors

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings
    from openpyxl.worksheet.worksheet import Worksheet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(blank_bytes())
    return path


def tracked(book: xlwings.Book) -> None:
    """Change the tracker as a refresh would, and more: every kind of value, rows, links, names."""
    sheet = book.sheets["Actions"]
    table = sheet.tables["Actions"]
    for row in range(3):
        new = table.rows.add().range
        new[0, :6].value = [[f"X-0{row}", row, "'=not a formula", " spaced ", "Current", "\x07"]]
        new[0, 8].value = dt.date(2026, 11, 22)
        new[0, 1].number_format = '0 "of nine"'
    body(table, "Notes input")[0, 0].value = Error("#N/A")
    sheet["T1"].add_hyperlink("https://example.org/", "A link", "There")
    sheet["T2"].formula = '=IF(A5="","",COUNTA(Actions[Action id]))'
    book.names["Confidence"].refers_to = "=0.9"


def test_a_changed_commissioning_workbook_is_valid(path: Path) -> None:
    book = open_book(path)
    tracked(book)
    before = validator_errors([path])
    path.write_bytes(saved(book))
    assert validator_errors([path]) == before


def test_libreoffice_works_out_the_values_that_were_given(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", spending)
    book = open_book(path)
    sheet = book.sheets["Data"]
    sheet.tables["Spending"].rows.add(["010", "Derby", 40, None])
    sheet["D8"].formula = "=Spending[[#This Row],[Amount]]*2"
    sheet["F1:F4"].formula = [
        ["=SUM(Spending[Amount])"],
        ['=A5&" and "&A8'],
        ["=C5>C6"],
        ["=LEN(G1)"],
    ]
    sheet["G1"].value = "é _x0041_ <&>"
    doubles = {
        ("Data", row, 4): 2 * value
        for row, value in zip(range(5, 9), (10, 20, 30, 40), strict=True)
    }
    texts: dict[tuple[str, int, int], Value] = {
        ("Data", 1, 6): 100,
        ("Data", 2, 6): "007 and 010",
        ("Data", 3, 6): False,
    }
    values = texts | {**doubles, ("Data", 4, 6): 13}
    set_cached(book, values)
    path.write_bytes(saved(book))
    assert len(cached(path)) == 8
    assert differences(cached(path), recalculate([path])[0]) == []


def test_libreoffice_reads_texts_with_odd_characters_as_they_were_set(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", spending)
    book = open_book(path)
    # Not a tab: LibreOffice makes another character of it in a text of several lines.
    text = "  <&>\"'\n\N{GRINNING FACE} _x0041_ \x07 '=1 "
    book.sheets["Data"]["G1"].value = text
    book.sheets["Data"]["F1:F2"].formula = [["=G1"], ["=LEN(G1)"]]
    set_cached(book, {("Data", 1, 6): text, ("Data", 2, 6): len(text)})
    path.write_bytes(saved(book))
    found = recalculate([path])[0]
    assert unescape(str(found["Data", "F1"])) == text
    assert found["Data", "F2"] == len(text)


def test_the_workbook_opens_with_all_that_is_unchanged(path: Path) -> None:
    book = open_book(path)
    book.sheets["Actions"]["O6"].value = "a note"
    content = saved(book)
    # Charts of figures that are to be worked out anew keep no values of them.
    edited = {part.rpartition("/")[0] for part in changed(path, content)}
    assert edited == {"xl/worksheets", "xl/charts"}
    assert list(parts(content)) == list(parts(path))
    old = load_workbook(path)
    path.write_bytes(content)
    new = load_workbook(path)
    for sheet in old.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = new[sheet.title][cell.coordinate]
                note = (sheet.title, cell.coordinate) == ("Actions", "O6")
                assert other.value == ("a note" if note else cell.value)
                assert other.style_id == cell.style_id


def test_a_grown_table_with_rules_is_valid(tmp_path: Path) -> None:
    def ruled(sheet: Worksheet) -> None:
        spending(sheet)
        rule = CellIsRule("greaterThan", ["15"])  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add("A5:F7", rule)
        sheet.add_data_validation(DataValidation("whole", formula1="0", sqref="C5:C7"))

    path = made(tmp_path / "a.xlsx", ruled)
    before = validator_errors([path])
    book = open_book(path)
    for _ in range(3):
        book.sheets["Data"].tables["Spending"].rows.add(["010", "Derby", 40, None])
    path.write_bytes(saved(book))
    assert validator_errors([path]) == before
