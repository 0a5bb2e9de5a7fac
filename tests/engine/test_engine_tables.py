"""Tables are found by name, grow below their data, and never over what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed import (
    DOUBLE,
    HEADINGS,
    MAIN,
    SHEET,
    TABLE,
    address,
    body,
    changed,
    edit,
    formulas,
    made,
    parts,
    save,
    saved,
    spending,
    text,
)
from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from commissioning.engine import contents, open_book
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet
    from xlwings import main

TOTALS = ('ref="A4:D7"', 'ref="A4:D8" totalsRowCount="1"')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path / "a.xlsx", spending)


def table_of(path: Path) -> main.Table:
    return open_book(path).sheets["Data"].tables["Spending"]


def with_totals(path: Path) -> Path:
    row = '<row r="8"><c r="A8" t="str"><v>Total</v></c><c r="C8" s="0"><f>SUBTOTAL(109,C5:C7)</f>'
    edit(path, SHEET, ("</sheetData>", f"{row}<v>60</v></c></row></sheetData>"))
    return edit(path, TABLE, TOTALS)


def test_tables_sheets_and_columns_are_found_whatever_their_case(path: Path) -> None:
    book = open_book(path)
    table = book.sheets["DATA"].tables["sPENDING"]
    assert (table.name, table.parent.name, table.range.address) == ("Spending", "Data", "$A$4:$D$7")
    assert [column.name for column in table.columns] == list(HEADINGS)
    assert body(table, "amount").value == [10, 20, 30]
    assert "spending" in book.sheets[0].tables
    with pytest.raises(KeyError):
        book.sheets[0].tables["Savings"]


def test_a_table_knows_its_parts(path: Path) -> None:
    table = table_of(with_totals(path))
    assert table.show_totals
    assert address(table.header_row_range) == "$A$4:$D$4"
    assert address(table.data_body_range) == "$A$5:$D$7"
    assert address(table.totals_row_range) == "$A$8:$D$8"
    assert [row.range.address for row in table.rows] == ["$A$5:$D$5", "$A$6:$D$6", "$A$7:$D$7"]


def test_a_new_row_has_the_calculated_columns_the_formats_and_the_height_of_the_one_above(
    tmp_path: Path,
) -> None:
    def formatted(sheet: Worksheet) -> None:
        spending(sheet)
        sheet["B7"].font = Font(bold=True)
        sheet["D7"].number_format = "0.00"
        sheet.row_dimensions[7].height = 33

    path = made(tmp_path / "a.xlsx", formatted)
    book = open_book(path)
    row = book.sheets["Data"].tables["Spending"].rows.add()
    assert (row.index, row.range.address) == (4, "$A$8:$D$8")
    sheet = load_workbook(save(book, path))["Data"]
    assert (sheet["B8"].font.b, sheet["D8"].number_format) == (True, "0.00")
    assert sheet["D8"].value == f"={DOUBLE}"
    assert sheet.row_dimensions[8].height == 33
    assert sheet.tables["Spending"].ref == "A4:D8"
    assert text(path, SHEET).count("A1:D8") == 1


def test_a_row_can_be_added_with_its_values(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"].tables["Spending"].rows.add(["010", "'=x", 40, None])
    again = table_of(save(book, path))
    assert again.rows[-1].range.value == ["010", "=x", 40, None]


def test_a_row_with_a_value_that_no_cell_holds_is_not_added(path: Path) -> None:
    book = open_book(path)
    with pytest.raises(WorkbookError, match="in B8"):
        book.sheets["Data"].tables["Spending"].rows.add(["010", "=x", 40, None])
    assert contents(book) is None


def test_a_totals_row_moves_down_and_covers_the_new_rows(path: Path) -> None:
    book = open_book(with_totals(path))
    table = book.sheets["Data"].tables["Spending"]
    table.rows.add(["010", "Derby", 40, None])
    table.rows.add()
    sheet = load_workbook(save(book, path))["Data"]
    assert [sheet["A10"].value, sheet["C10"].value] == ["Total", "=SUBTOTAL(109,C5:C9)"]
    assert sheet["A8"].value == "010"
    assert sheet["A9"].value is None
    assert sheet.tables["Spending"].ref == "A4:D10"


def test_filter_and_sort_references_follow(path: Path) -> None:
    state = (
        '<autoFilter ref="A4:D7"><sortState ref="A5:D7"><sortCondition ref="C5:C7"/></sortState>'
        '</autoFilter><sortState ref="A5:D7"><sortCondition ref="B5:B7"/></sortState><tableColumns'
    )
    edit(path, TABLE, ("<tableColumns", state))
    book = open_book(path)
    book.sheets["Data"].tables["Spending"].rows.add()
    root = etree.fromstring(parts(saved(book))[TABLE])
    assert [element.get("ref") for element in root.iter() if element.get("ref")] == [
        *("A4:D8", "A4:D8", "A5:D8", "C5:C8", "A5:D8", "B5:B8"),
    ]


def test_the_filter_of_a_table_with_totals_leaves_the_totals_out(path: Path) -> None:
    edit(with_totals(path), TABLE, ("<tableColumns", '<autoFilter ref="A4:D7"/><tableColumns'))
    book = open_book(path)
    book.sheets["Data"].tables["Spending"].rows.add()
    root = etree.fromstring(parts(saved(book))[TABLE])
    assert [element.get("ref") for element in root.iter() if element.get("ref")] == [
        *("A4:D9", "A4:D8"),
    ]


BELOW = '<row r="8"><c r="{}8"><v>5</v></c></row></sheetData>'


def test_a_row_is_refused_where_a_cell_below_holds_something(path: Path) -> None:
    edit(path, SHEET, ("</sheetData>", BELOW.format("B")))
    book = open_book(path)
    expected = r"a\.xlsx \(sheet Data\) has no room below the table Spending: B8 holds something;"
    with pytest.raises(WorkbookError, match=expected):
        book.sheets["Data"].tables["Spending"].rows.add()
    assert contents(book) is None


def test_a_cell_beside_the_table_or_with_a_format_only_is_no_obstacle(path: Path) -> None:
    row = '<row r="8"><c r="A8" s="0"/><c r="E8"><v>5</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", row))
    book = open_book(path)
    book.sheets["Data"].tables["Spending"].rows.add()
    assert load_workbook(save(book, path))["Data"]["E8"].value == 5


def test_a_row_is_refused_below_a_totals_row_with_something_under_it(path: Path) -> None:
    with_totals(path)
    edit(path, SHEET, ("</sheetData>", '<row r="9"><c r="D9"><v>5</v></c></row></sheetData>'))
    with pytest.raises(WorkbookError, match="D9 holds something"):
        table_of(path).rows.add()


def test_a_row_is_refused_where_cells_below_are_merged(tmp_path: Path) -> None:
    def merged(sheet: Worksheet) -> None:
        spending(sheet)
        sheet.merge_cells("D8:F9")

    path = made(tmp_path / "a.xlsx", merged)
    with pytest.raises(WorkbookError, match="merged cells stand in D8:F9"):
        table_of(path).rows.add()


def test_a_row_is_refused_where_another_table_stands_below(tmp_path: Path) -> None:
    def two(sheet: Worksheet) -> None:
        spending(sheet)
        sheet["D8"] = "Other"
        sheet.add_table(Table(displayName="Other", ref="D8:D9"))

    path = made(tmp_path / "a.xlsx", two)
    edit(path, SHEET, ('<c r="D8" t="inlineStr"><is><t>Other</t></is></c>', '<c r="D8"/>'))
    with pytest.raises(WorkbookError, match="the table Other stand in D8:D9"):
        table_of(path).rows.add()


def test_a_row_is_refused_on_a_protected_sheet(path: Path) -> None:
    edit(path, SHEET, ("</sheetData>", '</sheetData><sheetProtection sheet="1"/>'))
    book = open_book(path)
    with pytest.raises(WorkbookError, match="the table Spending is locked; unprotect the sheet"):
        book.sheets["Data"].tables["Spending"].rows.add()
    assert contents(book) is None


def test_a_row_is_refused_at_the_end_of_the_sheet(path: Path) -> None:
    edit(path, TABLE, ('ref="A4:D7"', 'ref="A4:D1048576"'))
    with pytest.raises(WorkbookError, match="the sheet ends"):
        table_of(path).rows.add()


def test_a_row_in_the_middle_is_refused(path: Path) -> None:
    with pytest.raises(WorkbookError, match="add at its end"):
        table_of(path).rows.add(index=1)


def test_a_table_without_rows_fills_the_row_that_waits(path: Path) -> None:
    edit(path, TABLE, ('ref="A4:D7"', 'ref="A4:D5" insertRow="1"'))
    edit(path, SHEET, *((f'<c r="{c}5"', f'<c r="{c}5"') for c in "ABCD"))
    table = table_of(path)
    assert table.data_body_range is None
    assert address(table.insert_row_range) == "$A$5:$D$5"
    assert len(table.rows) == 0
    table.rows.add()
    assert address(table.data_body_range) == "$A$5:$D$5"
    assert "insertRow" not in text(saved(table.parent.book), TABLE)


def test_resizing_adds_rows_and_gives_them_up(path: Path) -> None:
    book = open_book(path)
    sheet = book.sheets["Data"]
    table = sheet.tables["Spending"]
    table.resize(sheet["A4:D9"])
    assert formulas(sheet["D8:D9"]) == [[f"={DOUBLE}"], [f"={DOUBLE}"]]
    table.resize(sheet["A4:D6"])
    assert load_workbook(save(book, path))["Data"].tables["Spending"].ref == "A4:D6"
    assert open_book(path).sheets["Data"]["A7"].value == "009"


@pytest.mark.parametrize("place", ["A5:D9", "A4:E9", "B4:D9", "A4:D4"])
def test_resizing_to_other_columns_or_without_rows_is_refused(path: Path, place: str) -> None:
    book = open_book(path)
    with pytest.raises(WorkbookError, match="table Spending in A4:D7"):
        book.sheets["Data"].tables["Spending"].resize(book.sheets["Data"][place])
    assert contents(book) is None


def test_giving_up_rows_of_a_table_with_totals_is_refused(path: Path) -> None:
    book = open_book(with_totals(path))
    with pytest.raises(WorkbookError, match="totals row"):
        book.sheets["Data"].tables["Spending"].resize(book.sheets["Data"]["A4:D6"])


def test_the_formula_of_every_row_is_that_of_new_rows_where_the_table_declares_none(
    path: Path,
) -> None:
    declared = f"<calculatedColumnFormula>{DOUBLE}</calculatedColumnFormula>"
    edit(path, TABLE, (declared, ""))
    edit(path, SHEET, *((f"<f>{DOUBLE}</f>", "<f>C{}*2</f>") for _ in range(1)))
    for row in (5, 6, 7):
        content = text(path, SHEET).replace("C{}*2", f"C{row}*2", 1)
        edit(path, SHEET, (text(path, SHEET), content))
    table = table_of(path)
    table.rows.add()
    table.rows.add()
    assert formulas(body(table, "Double"))[-1] == ["=C9*2"]


def test_no_formula_is_guessed_where_rows_differ(path: Path) -> None:
    declared = f"<calculatedColumnFormula>{DOUBLE}</calculatedColumnFormula>"
    edit(path, TABLE, (declared, ""))
    book = open_book(path)
    table = book.sheets["Data"].tables["Spending"]
    book.sheets["Data"]["D6"].value = 1
    table.rows.add()
    assert formulas(body(table, "Double"))[-1] == [""]


def test_a_heading_is_not_overwritten_but_can_be_put_back(path: Path) -> None:
    book = open_book(path)
    sheet = book.sheets["Data"]
    with pytest.raises(WorkbookError, match="heading 'Body' of the table Spending in B4"):
        sheet["B4"].value = "Organisation"
    assert contents(book) is None
    edit(path, SHEET, ("<t>Body</t>", "<t>Organisation</t>"))
    book = open_book(path)
    book.sheets["Data"]["B4"].value = "Body"
    assert changed(path, saved(book)) == {SHEET}


def test_only_unlocked_cells_of_a_protected_sheet_are_written(tmp_path: Path) -> None:
    def protected(sheet: Worksheet) -> None:
        from openpyxl.styles import Protection

        sheet["A1"], sheet["B1"] = 1, 2
        sheet["B1"].protection = Protection(locked=False)
        sheet.protection.sheet = True

    book = open_book(made(tmp_path / "a.xlsx", protected))
    sheet = book.sheets["Data"]
    sheet["B1"].value = 3
    sheet["A1:B1"].value = [[1, 3]]
    for place in ("A1", "C1", "A9"):
        with pytest.raises(WorkbookError, match=rf"protected.*{place} is locked; unprotect"):
            sheet[place].value = 9


def test_rows_and_cells_that_are_numbered_only_by_their_order_are_found(path: Path) -> None:
    bare = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    whole = text(path, SHEET)
    data = whole[whole.index("<sheetData>") : whole.index("</sheetData>")]
    edit(path, SHEET, (data, bare))
    sheet = open_book(path).sheets["Data"]
    assert sheet["A1:B2"].value == [[1, 2], [3, None]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="2"/>',
        '<row r="3"/><row r="2"/>',
        '<row r="1048577"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="B3"/></row>',
    ],
)
def test_rows_and_cells_out_of_order_are_reported(path: Path, rows: str) -> None:
    whole = text(path, SHEET)
    data = whole[whole.index("<sheetData>") : whole.index("</sheetData>")]
    edit(path, SHEET, (data, f"<sheetData>{rows}"))
    with pytest.raises(WorkbookError, match=r"sheet Data.*is damaged"):
        open_book(path).sheets["Data"]["A1:B3"].value  # noqa: B018 - reading it is what raises


def test_new_cells_stand_in_order_and_take_the_format_of_row_or_column(path: Path) -> None:
    columns = '<cols><col min="7" max="7" style="1" width="9"/></cols><sheetData>'
    edit(path, SHEET, ("<sheetData>", columns))
    rows = '<row r="9" s="2" customFormat="1" spans="3:3"><c r="C9"><v>1</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", rows))
    book = open_book(path)
    sheet = book.sheets["Data"]
    for place in ("E9", "A9", "G10", "D9", "B9"):
        sheet[place].value = 5
    root = etree.fromstring(parts(saved(book))[SHEET])
    rows_found = {row.get("r"): row for row in root.iter(f"{MAIN}row")}
    nine, ten = rows_found["9"], rows_found["10"]
    assert [cell.get("r") for cell in nine] == ["A9", "B9", "C9", "D9", "E9"]
    assert nine.get("spans") is None
    assert [cell.get("s") for cell in nine] == ["2", "2", None, "2", "2"]
    assert [(cell.get("r"), cell.get("s")) for cell in ten] == [("G10", "1")]
    assert root.find(f"{MAIN}dimension").get("ref") == "A1:G10"  # type: ignore[union-attr]
