"""Books, names, ranges and links of a closed file answer as xlwings' own in Excel do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed import (
    BOOK,
    MAIN,
    OTHER,
    SHEET,
    changed,
    edit,
    made,
    parts,
    save,
    saved,
    spending,
    text,
)
from lxml import etree
from openpyxl import load_workbook
from openpyxl.chart import BarChart
from openpyxl.styles import Alignment

from commissioning.engine import contents, open_book, set_cached
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings
    from openpyxl.worksheet.worksheet import Worksheet

LINKS = "xl/worksheets/_rels/sheet2.xml.rels"


def sheets(sheet: Worksheet) -> None:
    spending(sheet)
    assert sheet.parent is not None
    sheet.parent.create_sheet("It's here")["A1"] = "one"
    sheet.parent.create_chartsheet("Chart").add_chart(BarChart())
    sheet.parent.create_sheet("Last")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = made(tmp_path / "a.xlsx", sheets)
    names = (
        "<definedName name=\"Here\">'It''s here'!$A$1:$B$2</definedName>"
        '<definedName name="Rate">0.5</definedName>'
        "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"1\">'It''s here'!$A$1</definedName>"
    )
    return edit(path, BOOK, ("<definedNames/>", f"<definedNames>{names}</definedNames>"))


@pytest.fixture
def book(path: Path) -> xlwings.Book:
    return open_book(path)


def test_a_book_knows_its_file_and_its_worksheets(book: xlwings.Book, path: Path) -> None:
    assert (book.name, book.fullname) == ("a.xlsx", str(path))
    assert [sheet.name for sheet in book.sheets] == ["Data", "It's here", "Last"]
    assert book.sheets["it's HERE"] == book.sheets[1]
    assert book.sheets[1].index == 2
    assert "LAST" in book.sheets
    assert book.sheets[0].book == book
    with pytest.raises(KeyError):
        book.sheets["Chart"]


def test_two_open_books_are_not_the_same(path: Path) -> None:
    assert open_book(path) != open_book(path)


def test_names_are_found_whatever_their_case_and_lead_to_their_cells(book: xlwings.Book) -> None:
    assert "HERE" in book.names
    assert "Missing" not in book.names
    assert [name.name for name in book.names] == ["Here", "Rate", "'It''s here'!Print_Area"]
    assert book.names["here"].refers_to == "='It''s here'!$A$1:$B$2"
    assert book.names["here"].refers_to_range == book.sheets["It's here"]["A1:B2"]
    assert book.sheets["Last"].range("here") == book.sheets["It's here"]["A1:B2"]
    with pytest.raises(KeyError):
        book.names["Missing"]


def test_a_name_for_something_else_has_no_cells(book: xlwings.Book) -> None:
    with pytest.raises(WorkbookError, match=r"the name Rate for 0\.5, not for cells"):
        book.names["Rate"].refers_to_range  # noqa: B018 - reading it is what raises


def test_a_name_can_be_defined_again(book: xlwings.Book, path: Path) -> None:
    book.names["Rate"].refers_to = "=0.5"
    assert contents(book) is None
    book.names["Rate"].refers_to = "=Data!$A$1"
    assert changed(path, saved(book)) == {BOOK}
    assert load_workbook(save(book, path)).defined_names["Rate"].value == "Data!$A$1"


@pytest.mark.parametrize("definition", ["0.5", "=", "=SUM(A1"])
def test_a_name_is_not_defined_as_what_is_no_formula(book: xlwings.Book, definition: str) -> None:
    with pytest.raises(WorkbookError, match="the name Rate as"):
        book.names["Rate"].refers_to = definition
    assert contents(book) is None


def test_ranges_are_addressed_resized_and_moved(book: xlwings.Book) -> None:
    sheet = book.sheets["It's here"]
    block = sheet["B2:D5"]
    assert (block.row, block.column, block.shape, len(block)) == (2, 2, (4, 3), 12)
    assert block.address == "$B$2:$D$5"
    assert block.get_address(False, False) == "B2:D5"
    assert block.last_cell.address == "$D$5"
    assert block[1, 2].address == "$D$3"
    assert block[1:, :2].address == "$B$3:$C$5"
    assert block(4).address == "$B$3"
    assert block.resize(1, 1).address == "$B$2"
    assert block.offset(-1, 1).address == "$C$1:$E$4"
    assert sheet.range((2, 3), (4, 5)).address == "$C$2:$E$4"
    assert sheet.range(sheet["B2"], sheet["A9"]).address == "$A$2:$B$9"
    assert sheet[0, 1].address == "$B$1"
    assert sheet.range("$B$2") == sheet["b2"]


@pytest.mark.parametrize("place", ["A0", "ZZZZ1", "A1048577", "Nowhere", "B2:A1"])
def test_a_place_that_no_sheet_has_is_refused(book: xlwings.Book, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        book.sheets[0].range(place)


def test_the_height_of_rows_is_told_and_set(book: xlwings.Book, path: Path) -> None:
    rows = book.sheets["Data"]["A5:D6"]
    assert rows.row_height == 15
    book.sheets["Data"]["A5"].row_height = 30.5
    assert rows.row_height is None
    assert changed(path, saved(book)) == {SHEET}
    heights = load_workbook(save(book, path))["Data"].row_dimensions
    assert (heights[5].height, heights[6].height) == (30.5, None)


@pytest.fixture
def with_heights(path: Path) -> Path:
    """Rows 5 and 6 are 30 points high, row 6 since somebody wanted it so."""
    free, custom = 'ht="30"', 'ht="30" customHeight="1"'
    rows = (('<row r="5"', f'<row r="5" {free}'), ('<row r="6"', f'<row r="6" {custom}'))
    return edit(path, SHEET, *rows)


def _heights(data: bytes) -> list[str | None]:
    rows = etree.fromstring(parts(data)[SHEET]).iter(f"{MAIN}row")
    return [row.get("ht") for row in rows if row.get("r") in {"5", "6", "8"}]


def test_a_row_is_as_high_as_its_texts_need_unless_somebody_set_the_height(
    with_heights: Path,
) -> None:
    book = open_book(with_heights)
    book.sheets["Data"]["F5:F6"].value = "a long text"
    assert _heights(saved(book)) == [None, "30"]


def test_a_row_of_wrapped_texts_has_room_for_their_lines(tmp_path: Path) -> None:
    def wrapped(sheet: Worksheet) -> None:
        spending(sheet)
        sheet.column_dimensions["F"].width = 20
        for row in (5, 6, 8):
            sheet.cell(row, 6).alignment = Alignment(wrap_text=True)

    book = open_book(made(tmp_path / "wrapped.xlsx", wrapped))
    for row, words in ((5, 1), (6, 8), (8, 40)):
        book.sheets["Data"].range((row, 6)).value = " ".join(["expenditure"] * words)
    low, middle, high = (float(str(each)) for each in _heights(saved(book)))
    assert low < middle < high
    # One word and a half to the line, and about 14 points for each line.
    assert high > 20 * 14


def test_a_row_is_as_high_as_a_text_that_was_worked_out_needs(with_heights: Path) -> None:
    book = open_book(with_heights)
    set_cached(book, {("Data", 5, 4): "a long text", ("Data", 6, 4): "a long text"})
    assert _heights(saved(book)) == [None, "30"]


def test_a_number_leaves_the_height_of_its_row(with_heights: Path) -> None:
    book = open_book(with_heights)
    book.sheets["Data"]["C5"].value = 99
    set_cached(book, {("Data", 5, 4): 198})
    assert _heights(saved(book)) == ["30", "30"]


def test_rows_are_fitted_where_asked_for_and_columns_are_left_to_excel(with_heights: Path) -> None:
    book = open_book(with_heights)
    book.sheets["Data"]["A5:D6"].rows.autofit()
    assert _heights(saved(book)) == [None, "30"]
    with pytest.raises(WorkbookError, match="cannot fit the width of columns"):
        book.sheets["Data"]["A5"].columns.autofit()


def test_a_new_row_takes_the_height_that_somebody_set_and_no_other(with_heights: Path) -> None:
    edit(with_heights, SHEET, ('<row r="7"', '<row r="7" ht="45"'))
    book = open_book(with_heights)
    book.sheets["Data"].tables["Spending"].rows.add()
    assert _heights(saved(book)) == ["30", "30", None]
    edit(with_heights, SHEET, ('ht="45"', 'ht="45" customHeight="1"'))
    book = open_book(with_heights)
    book.sheets["Data"].tables["Spending"].rows.add()
    assert _heights(saved(book)) == ["30", "30", "45"]


def test_an_empty_range_holds_nothing_and_takes_nothing(book: xlwings.Book) -> None:
    nothing = book.sheets[0]["A1:B2"][2:, :]
    assert nothing.value is None
    nothing.value = 5
    assert contents(book) is None


def test_the_used_range_holds_all_cells(book: xlwings.Book) -> None:
    assert book.sheets["Data"].used_range.address == "$A$1:$D$7"
    assert book.sheets["Last"].used_range.address == "$A$1"


def test_the_application_keeps_its_switches(book: xlwings.Book) -> None:
    with book.app.properties(screen_updating=False, display_alerts=False, calculation="manual"):
        assert not book.app.screen_updating
    assert book.app.screen_updating
    assert book.app.calculation == "automatic"
    book.app.status_bar = "busy"
    assert (book.app.version.major, book.app.engine.name) == (16, "file")
    assert book.app.books[0] == book


def test_calculating_changes_nothing(book: xlwings.Book) -> None:
    book.app.calculate()
    assert contents(book) is None


def test_a_link_out_of_the_workbook_is_a_relationship(book: xlwings.Book, path: Path) -> None:
    cell = book.sheets["It's here"]["B3"]
    cell.add_hyperlink("https://example.org/?a=1&b=2", "See example", "Opens example.org")
    book.sheets["It's here"]["B4"].add_hyperlink("https://example.org/?a=1&b=2", "Again")
    assert cell.hyperlink == "https://example.org/?a=1&b=2"
    assert changed(path, saved(book)) == {OTHER, LINKS}
    assert text(saved(book), LINKS).count("<Relationship ") == 1
    sheet = load_workbook(save(book, path))["It's here"]
    link = sheet["B3"].hyperlink
    assert (link.target, link.tooltip) == ("https://example.org/?a=1&b=2", "Opens example.org")
    assert sheet["B3"].value == "See example"
    again = open_book(path)
    again.sheets["It's here"]["B3"].add_hyperlink(
        "https://example.org/?a=1&b=2", "See example", "Opens example.org"
    )
    assert contents(again) is None


def test_a_link_inside_the_workbook_needs_no_relationship(book: xlwings.Book, path: Path) -> None:
    book.sheets["It's here"]["B3"].add_hyperlink("#Data!A1", "Data")
    assert changed(path, saved(book)) == {OTHER}
    assert open_book(save(book, path)).sheets["It's here"]["B3"].hyperlink == "#Data!A1"


def test_a_link_stands_where_the_schema_has_it_and_replaces_the_one_before(
    book: xlwings.Book, path: Path
) -> None:
    edit(
        path,
        OTHER,
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="E1:F1"/></mergeCells>'),
    )
    book = open_book(path)
    cell = book.sheets["It's here"]["B3"]
    cell.add_hyperlink("#Data!A1", "Data")
    cell.add_hyperlink("#Data!A2", "Data")
    content = text(saved(book), OTHER)
    assert content.count("<hyperlink ") == 1
    assert content.index("<mergeCells") < content.index("<hyperlinks") < content.index("<pageM")


def test_a_cell_without_a_link_says_so(book: xlwings.Book) -> None:
    with pytest.raises(WorkbookError, match="no hyperlink in A1"):
        book.sheets["It's here"]["A1"].hyperlink  # noqa: B018 - reading it is what raises


def test_comments_instructions_and_unknown_content_of_edited_parts_stay(path: Path) -> None:
    note = '<?keep this?><!-- and this --><x:y xmlns:x="urn:unknown" x:z="1"/></worksheet>'
    attributes = 'xmlns:mc="urn:mc" mc:Ignorable="xr" xmlns:xr="urn:xr" xr:uid="{1}"'
    edit(path, SHEET, ("</worksheet>", note), ("<worksheet ", f"<worksheet {attributes} "))
    book = open_book(path)
    book.sheets["Data"]["A1"].value = "changed"
    content = text(saved(book), SHEET)
    assert note in content
    for attribute in attributes.split():
        assert attribute in content
    assert content.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes'?>")


def test_the_file_itself_is_never_written(book: xlwings.Book, path: Path) -> None:
    before = path.read_bytes()
    book.sheets["Data"]["A1"].value = "changed"
    assert saved(book) == saved(book) != before
    assert path.read_bytes() == before


def test_a_macro_workbook_keeps_its_macros(path: Path) -> None:
    from closed import TYPES, packed

    kind = "application/vnd.ms-office.vbaProject"
    packed(path, parts(path) | {"xl/vbaProject.bin": b"\0macros\xff" * 50})
    default = f'<Default Extension="bin" ContentType="{kind}"/></Types>'
    edit(path, TYPES, ("</Types>", default), ("sheet.main+xml", "sheet.macroEnabled.main+xml"))
    macros = path.rename(path.with_suffix(".xlsm"))
    book = open_book(macros)
    book.sheets["Data"]["A1"].value = "changed"
    assert changed(macros, saved(book)) == {SHEET}
