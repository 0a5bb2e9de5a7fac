"""What covers the last row or all rows of a table follows when the table grows, as in Excel."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Literal

import pytest
from closed import BOOK, MAIN, SHEET, TABLE, changed, edit, made, parts, saved, spending
from lxml import etree
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.spreadsheet_drawing import (
    AbsoluteAnchor,
    AnchorMarker,
    OneCellAnchor,
    TwoCellAnchor,
)
from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D

from commissioning.engine import open_book

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

DRAWING = "xl/drawings/drawing1.xml"
CHART = "xl/charts/chart1.xml"
RULES = (
    '<conditionalFormatting sqref="{0}"><cfRule type="expression" priority="1"><formula>A5=1'
    '</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation '
    'type="whole" sqref="{0}"><formula1>1</formula1></dataValidation></dataValidations>'
)
X14 = (
    '<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="http://schemas.micro'
    'soft.com/office/spreadsheetml/2009/9/main"><x14:conditionalFormattings>'
    '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    "<xm:sqref>{0}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    '<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="http://schemas.microsoft.com/'
    'office/spreadsheetml/2009/9/main"><x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com'
    '/office/excel/2006/main"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Data!C5:C7'
    "</xm:f><xm:sqref>C7</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    "</x14:sparklineGroups></ext></extLst>"
)


def grown(path: Path, rows: int = 2) -> bytes:
    book = open_book(path)
    for _ in range(rows):
        book.sheets["Data"].tables["Spending"].rows.add()
    return saved(book)


def names(data: bytes) -> dict[str, str | None]:
    elements = etree.fromstring(parts(data)[BOOK]).iter(f"{MAIN}definedName")
    return {str(element.get("name")): element.text for element in elements}


def with_names(path: Path, **defined: str) -> Path:
    elements = "".join(
        f'<definedName name="{name}">{reference}</definedName>'
        for name, reference in defined.items()
    )
    return edit(path, BOOK, ("<definedNames/>", f"<definedNames>{elements}</definedNames>"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path / "a.xlsx", spending)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C5:C7", "C5:C9"),
        ("A5:D7", "A5:D9"),
        ("B7", "B7:B9"),
        ("C5:C8", "C5:C9"),
        ("C5:C200", "C5:C200"),
        ("C5:C6", "C5:C6"),
        ("F5:F7", "F5:F7"),
        ("C5:F7", "C5:F7 C8:D9"),
        ("A1 C5:C7 A20", "A1 C5:C9 A20"),
    ],
)
def test_rules_that_cover_the_last_row_reach_to_the_new_one(
    path: Path, before: str, after: str
) -> None:
    edit(path, SHEET, ("</sheetData>", "</sheetData>" + RULES.format(before)))
    edit(path, SHEET, ("</worksheet>", X14.format(before) + "</worksheet>"))
    root = etree.fromstring(parts(grown(path))[SHEET])
    found = [element.get("sqref") for element in root.iter() if element.get("sqref")]
    assert found[-2:] == [after, after]
    extended = [element.text for element in root.iter("{*}sqref")]
    assert extended == [after, "C7"]


def test_names_of_whole_columns_of_the_rows_grow_and_others_stay(path: Path) -> None:
    with_names(
        path,
        Amounts="Data!$C$5:$C$7",
        Two="'Data'!$B$5:$C$7,Data!$A$5:$A$7",
        Part="Data!$C$5:$C$6",
        Wider="Data!$C$5:$E$7",
        Other="Other!$C$5:$C$7",
        Foreign="[1]Data!$C$5:$C$7",
        Text='"Data!$C$5:$C$7"',
        Whole="Data!$A$4:$D$7",
    )
    assert names(grown(path)) == {
        "Amounts": "Data!$C$5:$C$9",
        "Two": "'Data'!$B$5:$C$9,Data!$A$5:$A$9",
        "Part": "Data!$C$5:$C$6",
        "Wider": "Data!$C$5:$E$7",
        "Other": "Other!$C$5:$C$7",
        "Foreign": "[1]Data!$C$5:$C$7",
        "Text": '"Data!$C$5:$C$7"',
        "Whole": "Data!$A$4:$D$7",
    }


def test_a_name_is_read_as_far_as_it_reaches_now(path: Path) -> None:
    book = open_book(with_names(path, Amounts="Data!$C$5:$C$7"))
    table = book.sheets["Data"].tables["Spending"]
    table.rows.add()
    assert book.names["Amounts"].refers_to_range.address == "$C$5:$C$8"
    table.rows.add()
    assert book.names["Amounts"].refers_to == "=Data!$C$5:$C$9"


def with_chart(sheet: Worksheet) -> None:
    spending(sheet)
    chart = BarChart()
    chart.add_data(Reference(sheet, 3, 4, 3, 7), titles_from_data=True)
    chart.set_categories(Reference(sheet, 2, 5, 2, 7))
    sheet.add_chart(chart, "F4")


def test_the_references_of_a_chart_grow_and_so_do_the_values_it_keeps(
    tmp_path: Path,
) -> None:
    path = made(tmp_path / "a.xlsx", with_chart)
    cache = "<numCache><ptCount val='3'/></numCache>"
    before = "<f>'Data'!$C$5:$C$7</f>"
    title = "<f>'Data'!C4</f>"
    edit(path, CHART, (before, before + cache), (title, f"{title}<strCache/>"))
    root = etree.fromstring(parts(grown(path))[CHART])
    assert [element.text for element in root.iter("{*}f")] == [
        *("'Data'!C4", "'Data'!$B$5:$B$9", "'Data'!$C$5:$C$9"),
    ]
    (numbers,), (texts,) = (root.findall(f".//{{*}}{kind}Cache") for kind in ("num", "str"))
    assert [each.get("val") for each in numbers.iter("{*}ptCount")] == ["5"]
    assert [each.text for each in numbers.iter("{*}v")] == ["10", "20", "30"]
    assert [each.text for each in texts.iter("{*}v")] == ["Amount"]


def drawn(sheet: Worksheet) -> None:
    """Charts that hold on to one cell, to two, and to none."""
    spending(sheet)
    for name, anchor in ANCHORS.items():
        chart = BarChart()
        chart.title = name
        chart.anchor = copy.deepcopy(anchor)  # type: ignore[assignment]
        sheet.add_chart(chart)


def held(
    first: int, last: int, edit_as: Literal["oneCell", "absolute"] | None = None
) -> TwoCellAnchor:
    """From one row to another, counted from 1."""
    anchor = TwoCellAnchor(editAs=edit_as)
    anchor._from.row, anchor.to.row = first - 1, last - 1
    return anchor


ANCHORS = {
    "one cell below": OneCellAnchor(AnchorMarker(row=7), XDRPositiveSize2D(9, 9)),
    "one cell beside": OneCellAnchor(AnchorMarker(row=6), XDRPositiveSize2D(9, 9)),
    "two cells below": held(8, 20),
    "below, of its own size": held(9, 20, "oneCell"),
    "across the end": held(7, 20),
    "held on to the sheet": held(8, 20, "absolute"),
    "at a point": AbsoluteAnchor(pos=XDRPoint2D(0, 99), ext=XDRPositiveSize2D(9, 9)),
}


def rows(path: Path) -> dict[str, list[int]]:
    """The rows that charts hold on to, from 1, as openpyxl reads them."""
    found = {}
    sheet = load_workbook(path)["Data"]
    for chart in sheet._charts:  # type: ignore[attr-defined]
        ends = (getattr(chart.anchor, end, None) for end in ("_from", "to"))
        name = chart.title.tx.rich.p[0].r[0].t
        found[name] = [end.row + 1 for end in ends if end is not None]
    return found


def test_charts_that_begin_below_the_table_move_down_with_it(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", drawn)
    before = rows(path)
    path.write_bytes(grown(path))
    moved = {"one cell below", "two cells below", "below, of its own size"}
    assert rows(path) == {
        name: [row + 2 if name in moved else row for row in held] for name, held in before.items()
    }


def test_what_is_drawn_below_a_totals_row_moves_and_beside_it_does_not(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", drawn)
    edit(path, TABLE, ('ref="A4:D7"', 'ref="A4:D8" totalsRowCount="1"'))
    before = rows(path)
    path.write_bytes(grown(path))
    assert {name for name, held in rows(path).items() if held != before[name]} == {
        "below, of its own size"
    }


def test_drawings_are_left_alone_where_nothing_is_below_the_table(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", with_chart)
    assert DRAWING not in changed(path, grown(path))


def test_what_is_drawn_stays_where_it_is_while_the_table_shrinks_or_cells_change(
    tmp_path: Path,
) -> None:
    path = made(tmp_path / "a.xlsx", drawn)
    book = open_book(path)
    sheet = book.sheets["Data"]
    sheet.tables["Spending"].resize(sheet["A4:D6"])
    sheet["F1"].value = 1
    assert DRAWING not in changed(path, saved(book))


def test_charts_and_names_of_other_cells_are_left_alone(tmp_path: Path) -> None:
    def elsewhere(sheet: Worksheet) -> None:
        with_chart(sheet)
        for chart in sheet._charts:  # type: ignore[attr-defined]
            chart.series[0].val.numRef.f = "Data!$C$5:$C$6"
            chart.series[0].cat.numRef.f = "Data!$B$5:$B$6"

    path = with_names(made(tmp_path / "a.xlsx", elsewhere), Part="Data!$C$5:$C$6")
    assert changed(path, grown(path)) == {SHEET, "xl/tables/table1.xml"}


def test_rows_added_one_by_one_or_at_once_leave_the_same_file(path: Path) -> None:
    edit(path, SHEET, ("</sheetData>", "</sheetData>" + RULES.format("C5:C7")))
    with_names(path, Amounts="Data!$C$5:$C$7")
    book = open_book(path)
    sheet = book.sheets["Data"]
    sheet.tables["Spending"].resize(sheet["A4:D9"])
    assert saved(book) == grown(path)


def test_what_is_drawn_moves_as_far_row_by_row_as_at_once(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", drawn)
    book = open_book(path)
    for _ in range(2):
        book.sheets["Data"].tables["Spending"].rows.add()
        assert book.names.count == 0
    assert saved(book) == grown(path)


def test_a_grown_table_is_as_openpyxl_reads_it(path: Path) -> None:
    edit(path, SHEET, ("</sheetData>", "</sheetData>" + RULES.format("C5:C7")))
    path.write_bytes(grown(path))
    sheet = load_workbook(path)["Data"]
    assert sheet.tables["Spending"].ref == "A4:D9"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["C5:C9"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C5:C9"


def test_the_end_of_a_page_below_a_table_moves_down_with_what_is_drawn_there(path: Path) -> None:
    breaks = '<rowBreaks count="2"><brk id="3" man="1"/><brk id="9" man="1"/></rowBreaks>'
    edit(path, SHEET, ("<tableParts", f"{breaks}<tableParts"))
    found = etree.fromstring(parts(grown(path))[SHEET]).iter(f"{MAIN}brk")
    assert [each.get("id") for each in found] == ["3", "11"]
