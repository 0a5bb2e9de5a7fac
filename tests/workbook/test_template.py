"""The file of a new workbook, read as its XML and as openpyxl reads it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter

from commissioning import __version__
from commissioning.cells import serial
from commissioning.evidence.pack import load
from commissioning.workbook.book import Book, number
from commissioning.workbook.grid import stored
from commissioning.workbook.layout import Choices, lay_out
from commissioning.workbook.template import SPARE_ROWS, template
from example import CHOICES, FILLED, OWN
from filling import BLANK, blank, blank_bytes, fill, filled_bytes

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.workbook.grid import Chart, Sheet

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

LAYOUT = blank()
NUMBERED = list(enumerate(LAYOUT.sheets, 1))
SHEETS = pytest.mark.parametrize(("place", "sheet"), NUMBERED, ids=lambda x: getattr(x, "name", ""))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = _parts(blank_bytes())
BOOK = openpyxl.load_workbook(io.BytesIO(blank_bytes()))


def _sheet_xml(place: int) -> etree._Element:
    return etree.fromstring(PARTS[f"xl/worksheets/sheet{place}.xml"])


def test_the_same_input_gives_the_same_bytes() -> None:
    load.cache_clear()
    assert template(lay_out(load(), BLANK), load(), BLANK) == blank_bytes()


def test_another_input_gives_other_bytes() -> None:
    other = Choices(BLANK.council, BLANK.financial_year, dt.date(2026, 11, 23))
    assert template(lay_out(load(), other), load(), other) != blank_bytes()


def test_no_time_of_making_stands_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(blank_bytes())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    found = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z?", b"".join(PARTS.values()))
    assert set(found) <= {b"2026-11-22T00:00:00Z"}


def test_the_document_says_what_it_is_and_in_which_language() -> None:
    properties = BOOK.properties
    assert properties.title == "Strategic commissioning workbook: Your council, 2026-27"
    assert properties.language == "en-GB"
    assert properties.subject == load().title


def test_the_document_is_marked_with_version_and_evidence() -> None:
    marks = {mark.name: mark.value for mark in BOOK.custom_doc_props.props}  # type: ignore[attr-defined]
    assert marks == {
        "Localis version": __version__,
        "Localis evidence": f"{load().name} {load().version}",
    }


def test_the_sheets_stand_in_order_and_the_file_opens_on_the_first() -> None:
    assert BOOK.sheetnames == [sheet.name for sheet in LAYOUT.sheets]
    assert BOOK.active is BOOK.worksheets[0]
    selected = {sheet.title for sheet in BOOK.worksheets if sheet.sheet_view.tabSelected}
    assert selected <= {BOOK.sheetnames[0]}
    assert {sheet.sheet_state for sheet in BOOK.worksheets} == {"visible"}


@SHEETS
def test_the_cursor_stands_in_the_title(place: int, sheet: Sheet) -> None:
    worksheet = BOOK.worksheets[place - 1]
    assert {each.activeCell for each in worksheet.sheet_view.selection} == {"A1"}
    assert worksheet["A1"].value == sheet.title


@SHEETS
def test_nothing_is_frozen_merged_hidden_or_protected(place: int, sheet: Sheet) -> None:
    root, worksheet = _sheet_xml(place), BOOK[sheet.name]
    for name in ("mergeCell", "pane", "sheetProtection", "headerFooter"):
        assert root.find(f".//{_MAIN}{name}") is None
    assert [row for row in worksheet.row_dimensions.values() if row.hidden] == []
    assert [column for column in worksheet.column_dimensions.values() if column.hidden] == []


def test_the_workbook_holds_no_macros_links_or_protection() -> None:
    assert [name for name in PARTS if "vba" in name.lower() or "externalLink" in name] == []
    protection = etree.fromstring(PARTS["xl/workbook.xml"]).find(f"{_MAIN}workbookProtection")
    assert protection is None or not protection.attrib


@SHEETS
def test_every_sheet_prints_on_a4_landscape_as_wide_as_the_page(place: int, sheet: Sheet) -> None:
    page = BOOK.worksheets[place - 1].page_setup
    assert (page.orientation, str(page.paperSize)) == ("landscape", "9")
    fitted = BOOK[sheet.name].sheet_properties.pageSetUpPr
    assert fitted is not None
    assert fitted.fitToPage
    if sheet.one_page:
        assert page.fitToHeight == 1
    else:
        assert page.fitToHeight == 0
        header = sheet.header_row
        assert BOOK[sheet.name].print_title_rows == f"${header}:${header}"


def test_no_table_is_printed_too_small_to_read_and_wide_ones_repeat_their_key() -> None:
    across = {sheet.title: sheet.page_setup.fitToWidth or 0 for sheet in BOOK.worksheets}
    for sheet in LAYOUT.sheets:
        width = sum(column.width for column in sheet.table.columns)
        # A page takes about 130 characters at their full size; a chart would be cut by a second.
        assert width / across[sheet.name] < (400 if sheet.charts else 300)
        assert not (sheet.charts and across[sheet.name] > 1)
        assert (across[sheet.name] > 1) == (BOOK[sheet.name].print_title_cols == "$A:$A")
    assert across["Contracts"] == 2
    assert across["Spend lines"] == 1


def test_a_page_begins_above_a_chart_that_the_page_of_its_table_has_no_room_for() -> None:
    breaks = {sheet.title: [each.id for each in sheet.row_breaks.brk] for sheet in BOOK.worksheets}
    chart = LAYOUT.sheet_of("OwnSurvey").charts[0]
    assert breaks.pop("Own survey") == [chart.place[0] - 1]
    assert not any(breaks.values())


def test_of_the_marks_only_those_of_program_and_evidence_come_on_paper() -> None:
    sheet = BOOK["Provenance"]
    *_, entries = str(sheet.print_area).rpartition("!")
    printed = [row[0].value for row in sheet[entries.replace("$", "")]]
    header = LAYOUT.sheet_of("Provenance").header_row
    assert printed[0] == "Provenance"
    assert printed[header:] == [
        "Program",
        "Evidence of survey",
        "Evidence of expenditure",
        "Evidence of recommendations",
    ]
    assert sheet.max_row > 10 * len(printed)


@SHEETS
def test_the_table_is_marked_up_with_its_name_columns_and_range(place: int, sheet: Sheet) -> None:
    [table] = BOOK.worksheets[place - 1].tables.values()
    assert table.displayName == table.name == sheet.table.name
    assert [column.name for column in table.tableColumns] == [
        column.heading for column in sheet.table.columns
    ]
    last = get_column_letter(len(sheet.table.columns))
    bottom = sheet.row_of(len(sheet.table.body) - 1)
    assert table.ref == f"A{sheet.header_row}:{last}{bottom}"
    assert table.headerRowCount == 1


@SHEETS
def test_rows_added_to_a_table_take_its_columns_formulas(place: int, sheet: Sheet) -> None:
    [table] = BOOK.worksheets[place - 1].tables.values()
    assert [
        column.calculatedColumnFormula and column.calculatedColumnFormula.attr_text
        for column in table.tableColumns
    ] == [
        column.formula and stored(column.formula.text, sheet.table.name)
        for column in sheet.table.columns
    ]


@SHEETS
def test_lists_limits_and_colours_reach_rows_added_later(place: int, sheet: Sheet) -> None:
    root = _sheet_xml(place)
    first = sheet.row_of(0)
    last = sheet.row_of(len(sheet.table.body) - 1) + SPARE_ROWS
    validated = {each.get("sqref") for each in root.iter(f"{_MAIN}dataValidation")}
    coloured = {each.get("sqref") for each in root.iter(f"{_MAIN}conditionalFormatting")}
    for column in sheet.table.columns:
        letter = get_column_letter(sheet.table.position(column.heading))
        cells = f"{letter}{first}:{letter}{last}"
        assert (cells in validated) == bool(column.choices or column.limits or column.prompt)
        assert (cells in coloured) == bool(column.tones)


def _drawn(data: bytes) -> list[tuple[etree._Element, str]]:
    """Every chart with its alternative text, in the order of their numbers."""
    parts = _parts(data)
    descriptions = []
    names = [name for name in parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
    for name in sorted(names, key=lambda each: (len(each), each)):
        root = etree.fromstring(parts[name])
        descriptions += [str(each.get("descr")) for each in root.iter("{*}cNvPr")]
    numbers = range(1, len(descriptions) + 1)
    charts = [etree.fromstring(parts[f"xl/charts/chart{number}.xml"]) for number in numbers]
    return list(zip(charts, descriptions, strict=True))


DECLARED = [(sheet, chart) for sheet in LAYOUT.sheets for chart in sheet.charts]


def _cells(reference: str | None, values: dict[str, list[list[Value]]]) -> list[Value]:
    """The values of a reference such as 'A sheet'!$B$3:$B$5, one column wide."""
    match = re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)(?::\$\2\$(\d+))?", reference or "")
    assert match, reference
    first, last = int(match[3]), int(match[4] or match[3])
    column = openpyxl.utils.column_index_from_string(match[2]) - 1
    return [values[match[1]][row - 1][column] for row in range(first, last + 1)]


def _grids(data: bytes) -> dict[str, list[list[Any]]]:
    """The cached values of every sheet, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def _cache(element: etree._Element) -> list[str]:
    return [str(point.findtext(f"{_CHART}v")) for point in element.iter(f"{_CHART}pt")]


@pytest.mark.parametrize(
    "data", [blank_bytes(), filled_bytes(FILLED, CHOICES, OWN)], ids=["new", "used"]
)
def test_what_a_chart_caches_is_what_its_cells_hold(data: bytes) -> None:
    values = _grids(data)
    references = 0
    for root, _ in _drawn(data):
        for element in root.iter(f"{_CHART}strRef"):
            cells = _cells(element.findtext(f"{_CHART}f"), values)
            assert _cache(element) == [str(value) for value in cells]
            references += 1
        for element in root.iter(f"{_CHART}numRef"):
            cells = _cells(element.findtext(f"{_CHART}f"), values)
            numbers = [each for each in cells if isinstance(each, int | float)]
            assert [float(text) for text in _cache(element)] == pytest.approx(numbers)
            count = element.find(f".//{_CHART}ptCount")
            assert count is not None
            assert count.get("val") == str(len(cells))
            references += 1
    assert references > 3 * len(DECLARED)


def test_every_chart_is_drawn_with_title_axis_titles_and_alternative_text() -> None:
    drawn = _drawn(blank_bytes())
    assert [text for _, text in drawn] == [chart.description for _, chart in DECLARED]
    for (root, _), (_, chart) in zip(drawn, DECLARED, strict=True):
        titles = [_written(title) for title in root.iter(f"{_CHART}title")]
        assert titles == [_finding(chart), chart.category_axis, chart.value_axis]
        assert len(list(root.iter(f"{_CHART}ser"))) == len(chart.series)


def _written(title: etree._Element) -> str:
    """A title's text, written there or cached from its cell."""
    return "".join(
        part.text or "" for part in title.iter(f"{_CHART}v", f"{_DRAWING}t") if part.text
    )


def _finding(chart: Chart) -> str:
    table, key, heading = chart.title
    return str(Book.fresh(LAYOUT).find(table, key)[heading])


def test_every_formula_has_the_value_of_its_python_twin() -> None:
    layout = fill(lay_out(load(), CHOICES, OWN), FILLED)
    book, values = Book.fresh(layout), _grids(filled_bytes(FILLED, CHOICES, OWN))
    compared = 0
    for sheet in layout.sheets:
        for index, row in enumerate(book.rows(sheet.table.name)):
            for position, column in enumerate(sheet.table.columns):
                if row.formula(column.heading):
                    found = values[sheet.name][sheet.row_of(index) - 1][position]
                    if isinstance(found, dt.datetime):
                        found = serial(found.date())
                    wanted = row[column.heading]
                    if isinstance(wanted, str):
                        assert (found or "") == wanted
                    else:
                        assert found == pytest.approx(number(wanted), rel=1e-14, abs=1e-12)
                    compared += 1
    assert compared > 500


def test_every_defined_name_stands_for_its_declared_cell() -> None:
    values = _grids(blank_bytes())
    book = Book.fresh(LAYOUT)
    for name in LAYOUT.names:
        [found] = _cells(BOOK.defined_names[name].attr_text, values)
        wanted = book.named(name)
        if isinstance(found, dt.datetime):
            found = found.date()
        assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


def test_rows_are_never_higher_than_excel_allows() -> None:
    long = {"Actions": {"R1-01": {"Notes input": "word " * 6000}}}
    book = openpyxl.load_workbook(io.BytesIO(filled_bytes(long)))
    heights = [
        row.height or 0 for sheet in book.worksheets for row in sheet.row_dimensions.values()
    ]
    assert max(heights) == 409


def test_no_cell_is_written_in_italics_or_in_small_letters() -> None:
    cells = [cell for sheet in BOOK.worksheets for row in sheet.iter_rows() for cell in row]
    fonts = {(cell.font.name, bool(cell.font.italic), cell.font.size >= 10) for cell in cells}
    assert fonts == {("Arial", False, True)}
