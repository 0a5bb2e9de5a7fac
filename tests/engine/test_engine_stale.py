"""A formula keeps no value that no longer holds, and loses none that still does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed import BOOK, MAIN, OTHER, SHEET, changed, edit, made, parts, saved, spending, text
from lxml import etree

from commissioning.engine import contents, open_book, set_cached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xlwings
    from openpyxl.worksheet.worksheet import Worksheet

NAMES = (
    '<definedNames><definedName name="Rate">Data!$F$1</definedName>'
    '<definedName name="Twice">Rate*2</definedName>'
    '<definedName name="Fixed">Notes!$A$1</definedName></definedNames>'
)


def formula(place: str, formula: str, value: str = "1", kind: str = "") -> str:
    return f'<c r="{place}"{kind}><f>{formula}</f><v>{value}</v></c>'


def build(path: Path, *formulas: str) -> Path:
    """Data with the table Spending and F1; Notes, whose rows from 1 have these formulas in B."""

    def sheets(sheet: Worksheet) -> None:
        spending(sheet)
        sheet["F1"] = 5
        assert sheet.parent is not None
        sheet.parent.create_sheet("Notes")["A1"] = 1
        sheet.parent.create_sheet("My notes")["A1"] = 1

    made(path, sheets)
    edit(path, BOOK, ("<definedNames/>", NAMES))
    rows = "".join(
        f'<row r="{row}">{formula(f"B{row}", each)}</row>' for row, each in enumerate(formulas, 1)
    )
    return edit(path, OTHER, (sheet_data(path), f"<sheetData>{rows}</sheetData>"))


def sheet_data(path: Path) -> str:
    whole = text(path, OTHER)
    return whole[whole.index("<sheetData>") : whole.index("</sheetData>") + 12]


def kept(data: bytes, part: str = OTHER) -> list[bool]:
    """For each formula of a sheet, whether it has a value."""
    return [
        cell.find(f"{MAIN}v") is not None and bool(cell.findtext(f"{MAIN}v"))
        for cell in etree.fromstring(parts(data)[part]).iter(f"{MAIN}c")
        if cell.find(f"{MAIN}f") is not None
    ]


def change_cell(book: xlwings.Book) -> None:
    book.sheets["Data"]["F1"].value = 6


def change_table(book: xlwings.Book) -> None:
    book.sheets["Data"]["C5"].value = 99


def change_name(book: xlwings.Book) -> None:
    book.names["Rate"].refers_to = "=0.5"


DEPENDING = [
    (change_cell, "Data!F1*2"),
    (change_cell, "'Data'!F1*2"),
    (change_cell, "SUM(Data!F:F)"),
    (change_cell, "Rate*3"),
    (change_cell, "twice+1"),
    (change_cell, 'INDIRECT("Data!F1")'),
    (change_cell, "OFFSET(A1,0,0)"),
    (change_cell, "SUM(Data!$1:$2)"),
    (change_cell, "SUM(Data!$A1:XFD1)"),
    (change_cell, "SUM(Data!A1:INDEX(Data!A1:G1,7))"),
    (change_cell, 'SUMIF(Data!A1:C1,"x",Data!E1)'),
    (change_table, 'SUMIF(Data!A1:A9,"x",Data!C1)'),
    (change_table, 'AVERAGEIF(Others[Id],"x",Data!C1)'),
    (change_table, "LOOKUP(2,Data!A1:A9,Data!C1)"),
    (change_cell, "data!f1"),
    (change_cell, "SUM(Cover:Notes!A1)"),
    (change_cell, "SUM('Cover:My notes'!A1)"),
    (change_table, "SUM(Spending[Amount])"),
    (change_table, "spending[[#Totals],[Amount]]"),
    (change_table, "ROWS(Spending)"),
    (change_name, "Rate*3"),
    (change_name, "Twice"),
]
INDEPENDENT = [
    (change_cell, "A1*2"),
    (change_cell, "F1*2"),
    (change_cell, "Data!F2*2"),
    (change_cell, "SUM(Data!$A$1:E9,Data!F2:F9,Data!G:XFD)"),
    (change_cell, "SUM(Data!2:9)"),
    (change_cell, 'SUMIF(Data!A1:A9,"x",Data!E1)'),
    (change_cell, "COUNTIFS(Data!A2:A9,Data!F2:F9)"),
    (change_table, "Data!C6"),
    (change_table, "Spending!C5"),
    (change_cell, "SUM(Spending[Amount])"),
    (change_cell, "Fixed+1"),
    (change_cell, '"Data!F1"&amp;A1'),
    (change_cell, "'My notes'!A1"),
    (change_cell, "Others[Data]"),
    (change_name, "SUM(Spending[Amount])"),
    (change_name, "Data!F1"),
    (change_name, "Rate!A1"),
]


@pytest.mark.parametrize("parsed", [False, True])
@pytest.mark.parametrize(("change", "depending"), DEPENDING)
def test_a_formula_that_depends_on_a_change_loses_its_value(
    tmp_path: Path, change: Callable[[xlwings.Book], None], depending: str, *, parsed: bool
) -> None:
    book = open_book(build(tmp_path / "a.xlsx", depending))
    if parsed:
        assert book.sheets["Notes"]["B1"].value == 1
    change(book)
    assert kept(saved(book)) == [False]


@pytest.mark.parametrize("parsed", [False, True])
@pytest.mark.parametrize(("change", "independent"), INDEPENDENT)
def test_a_formula_that_depends_on_nothing_changed_keeps_its_value_and_its_sheet_its_bytes(
    tmp_path: Path, change: Callable[[xlwings.Book], None], independent: str, *, parsed: bool
) -> None:
    path = build(tmp_path / "a.xlsx", independent)
    book = open_book(path)
    if parsed:
        assert book.sheets["Notes"]["B1"].value == 1
    change(book)
    assert OTHER not in changed(path, saved(book))


def test_what_depends_on_a_formula_without_a_value_loses_its_own(tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx", "'My notes'!C1", "A1", "B1+1")
    last = "xl/worksheets/sheet3.xml"
    edit(path, last, ("</row>", formula("C1", "Data!F1") + "</row>"))
    book = open_book(path)
    change_cell(book)
    content = saved(book)
    assert kept(content, last) == [False]
    assert kept(content) == [False, True, False]


def test_a_value_that_was_given_stays_and_what_depends_on_another_one_does_not(
    tmp_path: Path,
) -> None:
    path = build(tmp_path / "a.xlsx", "Data!F1", "'My notes'!A1", "Data!F1+1")
    book = open_book(path)
    change_cell(book)
    set_cached(book, {("Notes", 1, 2): 6, ("Notes", 3, 2): 7})
    cells = etree.fromstring(parts(saved(book))[OTHER]).iter(f"{MAIN}c")
    assert [cell.findtext(f"{MAIN}v") for cell in cells] == ["6", "1", "7"]


def test_a_given_value_that_is_no_other_than_before_changes_nothing_else(tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx", "Data!F1", "B1+1")
    book = open_book(path)
    change_cell(book)
    set_cached(book, {("Notes", 1, 2): 1})
    assert OTHER not in changed(path, saved(book))


def test_nothing_is_dropped_where_nothing_has_changed(tmp_path: Path) -> None:
    book = open_book(build(tmp_path / "a.xlsx", "Data!F1"))
    book.sheets["Data"]["F1"].value = 5
    assert contents(book) is None


def test_formulas_of_the_edited_sheet_are_judged_one_by_one(tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx")
    row = "".join(
        formula(place, text)
        for place, text in (
            ("H9", "Notes!F1"),
            ("I9", "F1"),
            ("J9", "A1"),
            ("K9", "SUM(Spending[Amount])"),
        )
    )
    edit(path, SHEET, ("</sheetData>", f'<row r="9">{row}</row></sheetData>'))
    book = open_book(path)
    change_cell(book)
    assert kept(saved(book), SHEET)[-4:] == [True, False, True, True]


def test_only_the_values_leave_a_sheet_that_is_not_otherwise_edited(tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx")
    before = (
        '<sheetData>\n<row r="1" spans="1:2" ><c r="A1" t=\'str\' s="0"  ><f>Data!F1&amp;"x"</f>'
        '<v>5x</v></c> <c r="B1"><f>A9</f><v>3</v></c></row><row r="2"><c r="A2" t="e"><f'
        ' t="shared" ref="A2:A3" si="0">Data!F$1</f><v>#N/A</v></c></row><row r="3"><c r="A3">'
        '<f si="0" t="shared"/><v>7</v><extLst/></c></row></sheetData>'
    )
    after = (
        '<sheetData>\n<row r="1" spans="1:2" ><c r="A1" s="0"  ><f>Data!F1&amp;"x"</f>'
        '</c> <c r="B1"><f>A9</f><v>3</v></c></row><row r="2"><c r="A2"><f'
        ' t="shared" ref="A2:A3" si="0">Data!F$1</f></c></row><row r="3"><c r="A3">'
        '<f si="0" t="shared"/><extLst/></c></row></sheetData>'
    )
    edit(path, OTHER, (sheet_data(path), before))
    book = open_book(path)
    change_cell(book)
    assert text(saved(book), OTHER) == text(path, OTHER).replace(before, after)


@pytest.mark.parametrize("parsed", [False, True])
def test_a_formula_that_cells_share_is_judged_for_each_by_the_cells_it_means_there(
    tmp_path: Path, *, parsed: bool
) -> None:
    path = build(tmp_path / "a.xlsx")
    master = '<f t="shared" ref="A1:A3" si="0">Data!F2+Data!$A$1</f><v>1</v>'
    share = '<f t="shared" si="0"/><v>1</v>'
    rows = "".join(
        f'<row r="{row}"><c r="A{row}">{each}</c></row>'
        for row, each in enumerate(("<v>1</v>", share, master, share), 1)
    )
    # The cell with the text is the third; the one above it means the row above.
    edit(path, OTHER, (sheet_data(path), f"<sheetData>{rows}</sheetData>"))
    book = open_book(path)
    if parsed:
        assert book.sheets["Notes"]["A1"].value == 1
    change_cell(book)
    assert kept(saved(book)) == [False, True, True]


@pytest.mark.parametrize("parsed", [False, True])
def test_the_values_that_an_array_formula_spills_go_with_its_own(
    tmp_path: Path, *, parsed: bool
) -> None:
    path = build(tmp_path / "a.xlsx")
    rows = (
        '<sheetData><row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A3">Data!F1:F3</f><v>5</v></c>'
        '<c r="B1"><v>1</v></c></row><row r="2"><c r="A2"><v>6</v></c></row><row r="3">'
        '<c r="A3" t="str"><v>x</v></c></row><row r="4"><c r="A4"><v>8</v></c></row></sheetData>'
    )
    edit(path, OTHER, (sheet_data(path), rows))
    book = open_book(path)
    if parsed:
        assert book.sheets["Notes"]["A2"].value == 6
    change_cell(book)
    cells = etree.fromstring(parts(saved(book))[OTHER]).iter(f"{MAIN}c")
    values = {cell.get("r"): cell.findtext(f"{MAIN}v") for cell in cells}
    assert values == {"A1": None, "B1": "1", "A2": None, "A3": None, "A4": "8"}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><!-- <c r="Z1"><f>1</f></c> --><c r="B1"><f>Data!F1</f><v>1</v></c></row>',
        '<row r="1"><c r="B1"><f><![CDATA[Data!F1]]></f><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c><c><f>Data!F1</f><v>1</v></c></row>',
    ],
)
def test_a_sheet_whose_bytes_are_unclear_is_parsed(tmp_path: Path, rows: str) -> None:
    path = build(tmp_path / "a.xlsx")
    edit(path, OTHER, (sheet_data(path), f"<sheetData>{rows}</sheetData>"))
    book = open_book(path)
    change_cell(book)
    assert kept(saved(book)) == [False]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_sheet_in_another_encoding_is_parsed(tmp_path: Path, encoding: str) -> None:
    from closed import packed

    path = build(tmp_path / "a.xlsx", "Data!F1")
    whole = text(path, OTHER)
    body = whole[whole.index("<worksheet") :]
    recoded = f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding)
    packed(path, parts(path) | {OTHER: recoded})
    book = open_book(path)
    change_cell(book)
    assert kept(saved(book)) == [False]


def test_prefixed_tags_are_understood(tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx", "Data!F1", "'My notes'!A1")
    namespace = MAIN.strip("{}")
    rows = "".join(
        f'<x:row r="{row}"><x:c r="B{row}"><x:f>{each}</x:f><x:v>1</x:v></x:c></x:row>'
        for row, each in enumerate(("Data!F1", "'My notes'!A1"), 1)
    )
    sheet = f'<x:worksheet xmlns:x="{namespace}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    edit(path, OTHER, (text(path, OTHER), sheet))
    book = open_book(path)
    change_cell(book)
    assert kept(saved(book)) == [False, True]
    book.sheets["Notes"]["C1"].value = "new"
    assert '<x:c r="C1" t="inlineStr"><x:is><x:t>new</x:t>' in text(saved(book), OTHER)


def test_giving_values_drops_those_that_no_longer_hold_and_says_so(tmp_path: Path) -> None:
    book = open_book(build(tmp_path / "a.xlsx", "Data!F1", "Data!F1+1"))
    values = {("Notes", 1, 2): 6}
    assert not set_cached(book, values)
    change_cell(book)
    assert book.sheets["Notes"]["B2"].value == 1
    assert set_cached(book, values)
    assert book.sheets["Notes"]["B1:B2"].value == [6, None]
    assert not set_cached(book, values)


def test_a_value_given_earlier_goes_when_it_is_not_given_again(tmp_path: Path) -> None:
    book = open_book(build(tmp_path / "a.xlsx", "Data!F1"))
    change_cell(book)
    set_cached(book, {("Notes", 1, 2): 6})
    assert set_cached(book, {})
    assert book.sheets["Notes"]["B1"].value is None
