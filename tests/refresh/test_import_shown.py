"""What an import leaves to look at: charts as programs draw them that do not calculate, heights."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from imports import APRIL, LAYOUT, table, type_in, write_files
from lxml import etree

from commissioning import engine
from commissioning.evidence.pack import load
from commissioning.excel import figures
from commissioning.excel.opened import Opened
from commissioning.workbook.heights import row_height
from running import runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from running import Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def _kept() -> Iterator[tuple[str, list[object]]]:
    """The references of all charts and what the charts keep of them, in the order of the cells."""
    with zipfile.ZipFile("Plan.xlsx") as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        for name in charts:
            for formula in etree.fromstring(package.read(name)).iter("{*}f"):
                cache = formula.getnext()
                assert cache is not None, f"{name} keeps nothing of {formula.text}"
                (count,) = (each.get("val") for each in cache.iter("{*}ptCount"))
                points = {each.get("idx"): each[0].text for each in cache.iter("{*}pt")}
                places = range(int(str(count)))
                yield str(formula.text), [points.get(str(place)) for place in places]


def _shown(reference: str) -> list[object]:
    """What the cells of a reference hold."""
    book = openpyxl.load_workbook("Plan.xlsx", data_only=True)
    sheet, _, area = reference.rpartition("!")
    cells = book[sheet.strip("'")][area]
    return [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]


def test_every_chart_keeps_what_its_cells_hold_after_imports(run: Run) -> None:
    for kind, name in (
        ("spend", "april.csv"),
        ("contracts", "register.csv"),
        ("survey", "survey.csv"),
    ):
        run("import", kind, name, "--into", "Plan.xlsx")
    kept = list(_kept())
    assert kept
    for reference, values in kept:
        shown = _shown(reference)
        assert len(values) == len(shown)
        for value, cell in zip(values, shown, strict=True):
            if isinstance(cell, int | float):
                assert float(str(value)) == pytest.approx(cell)
            else:
                assert value in {cell, None}
    titles = {str(values[0]) for reference, values in kept if ":" not in reference}
    assert not any("No payments imported yet" in title for title in titles)


def _heights(name: str) -> dict[str, tuple[str | None, str | None]]:
    """Height of each row of a table, and whether somebody set it, by the first cell."""
    sheet = LAYOUT.sheet_of(name)
    part = f"xl/worksheets/sheet{LAYOUT.sheets.index(sheet) + 1}.xml"
    with zipfile.ZipFile("Plan.xlsx") as package:
        rows = list(etree.fromstring(package.read(part)).iter("{*}row"))
    found = openpyxl.load_workbook("Plan.xlsx", data_only=True)[sheet.name]
    return {
        str(found.cell(int(str(row.get("r"))), 1).value): (row.get("ht"), row.get("customHeight"))
        for row in rows
        if int(str(row.get("r"))) > sheet.header_row
    }


def _lines(row: dict[str, Any], widths: dict[str, float]) -> int:
    """How many lines a row of the workbook needs at least."""
    texts = {heading: text for heading, text in row.items() if isinstance(text, str)}
    return max(math.ceil(len(text) / (1.25 * widths[each])) for each, text in texts.items())


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("OwnSurvey", "Row"),
        ("Suppliers", "Supplier"),
        ("ServiceAreas", "Service"),
    ],
)
def test_rows_are_as_high_after_imports_as_their_texts_need(run: Run, name: str, key: str) -> None:
    text = APRIL.replace("Marrow Lane Carers", "Marrow Lane Carers and Companions " * 3)
    Path("april.csv").write_text(
        text.replace("Highways", "Highways and Street Lighting " * 5), encoding="utf-8"
    )
    run("import", "survey", "survey.csv", "--into", "Plan.xlsx")
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    widths = {column.heading: column.width for column in LAYOUT.tables[name].columns}
    lines = {str(each): _lines(row, widths) for each, row in table(name, key).items()}
    heights = _heights(name)
    assert max(lines.values()) > 1
    for each, needed in lines.items():
        height, is_set = heights[each]
        # A line of the workbook's font is 14 points high; nobody set the height.
        assert (float(str(height)) >= 14 * needed, is_set) == (True, None), each


def test_a_height_that_the_officer_set_stays(run: Run) -> None:
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    book = openpyxl.load_workbook("Plan.xlsx")
    first = LAYOUT.sheet_of("Suppliers").row_of(0)
    for number in range(first, first + 3):
        book["Suppliers"].row_dimensions[number].height = 60
    book.save("Plan.xlsx")
    before = _heights("Suppliers")
    assert list(before.values()) == [("60", "1")] * 3
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    assert list(_heights("Suppliers").values())[:3] == [("60", "1")] * 3


def test_rows_that_excel_has_worked_out_are_fitted_where_they_are_too_low(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "Marrow Lane Carers", "Note input", "A long note. " * 20)
    opened = Opened(engine.open_book(Path("Plan.xlsx")), load())
    body = opened.tables["suppliers"].data_body_range
    assert body is not None
    long = [row[0] for row in body.value].index("Marrow Lane Carers")
    rows = body.impl.worksheet.grid.rows.within(body.impl.block)
    for row in rows:
        row.element.set("ht", "40")
    opened.written_rows["Suppliers"] = {0, 1, 2}
    figures.fit_rows(opened)
    assert body.impl.worksheet.grid.unfit == {body.row + long}


def test_a_name_in_capitals_takes_more_room() -> None:
    name = "V & T (Plumbing, Central Heating and Bathrooms) Ltd"
    assert row_height([(name.lower(), 46)]) < row_height([(name.upper(), 46)])
