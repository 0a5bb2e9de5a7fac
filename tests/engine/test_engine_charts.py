"""What a chart keeps of the cells it shows is what these hold, whatever was written into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed import changed, edit, made, parts, saved, spending
from lxml import etree
from openpyxl.chart import BarChart, Reference

from commissioning.engine import open_book, set_cached

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

CHART = "xl/charts/chart1.xml"
NUMBERS = (
    "<numCache><formatCode>0.0</formatCode><ptCount val='3'/><pt idx='0'><v>10.0</v></pt>"
    "<pt idx='1'><v>2e1</v></pt><pt idx='2'><v>30</v></pt></numCache>"
)
TEXTS = "<strCache><ptCount val='1'/><pt idx='0'><v>Amount</v></pt></strCache>"


def charted(sheet: Worksheet) -> None:
    spending(sheet)
    sheet["F1"] = '=IF(C5>50,"High","Low")'
    chart = BarChart()
    chart.add_data(Reference(sheet, 3, 4, 3, 7), titles_from_data=True)
    sheet.add_chart(chart, "H4")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made_ = made(tmp_path / "a.xlsx", charted)
    values, title = "<f>'Data'!$C$5:$C$7</f>", "<f>'Data'!C4</f>"
    return edit(made_, CHART, (values, values + NUMBERS), (title, f"<f>'Data'!$F$1</f>{TEXTS}"))


def kept(data: bytes, kind: str) -> list[tuple[str | None, str | None]] | None:
    """The points that the chart keeps; None where it keeps nothing."""
    cache = etree.fromstring(parts(data)[CHART]).find(f".//{{*}}{kind}Cache")
    if cache is None:
        return None
    return [(each.get("idx"), each.findtext("{*}v")) for each in cache.iter("{*}pt")]


def test_numbers_that_were_written_stand_in_the_chart_in_its_own_format(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["C6"].value = 77.5
    data = saved(book)
    assert kept(data, "num") == [("0", "10"), ("1", "77.5"), ("2", "30")]
    assert etree.fromstring(parts(data)[CHART]).findtext(".//{*}formatCode") == "0.0"


def test_a_cell_that_is_emptied_or_holds_a_text_is_no_point(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["C5"].value = None
    book.sheets["Data"]["C7"].value = "none"
    assert kept(saved(book), "num") == [("1", "20")]


def test_a_title_that_was_worked_out_stands_in_the_chart(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["C5"].value = 60
    set_cached(book, {("Data", 1, 6): "High"})
    assert kept(saved(book), "str") == [("0", "High")]


def test_a_title_that_nobody_worked_out_is_left_to_the_program_that_opens_the_file(
    path: Path,
) -> None:
    book = open_book(path)
    set_cached(book, {("Data", 1, 6): "Low"})
    book = open_book(_written(path, saved(book)))
    book.sheets["Data"]["C5"].value = 60
    assert kept(saved(book), "str") is None


def test_a_number_in_a_title_is_left_to_the_program_that_knows_its_format(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["F1"].value = 0.25
    assert kept(saved(book), "str") is None


def test_a_chart_of_cells_that_stay_as_they_are_keeps_its_bytes(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = "Expenditure"
    assert CHART not in changed(path, saved(book))


def test_a_chart_that_has_the_numbers_already_keeps_its_bytes(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["C5"].value = 11
    book.sheets["Data"]["C5"].value = 10
    set_cached(book, {("Data", 1, 6): "Amount"})
    assert CHART not in changed(path, saved(book))


@pytest.mark.parametrize(
    "reference", ["(Data!$C$5,Data!$C$7)", "Amounts", "Data!$C:$C", "Data!$C$5:$D$7"]
)
def test_what_a_chart_keeps_of_cells_that_cannot_be_told_is_emptied(
    path: Path, reference: str
) -> None:
    names = '<definedNames><definedName name="Amounts">Data!$C$5:$C$7</definedName></definedNames>'
    edit(path, "xl/workbook.xml", ("<definedNames/>", names))
    edit(path, CHART, ("'Data'!$C$5:$C$7", reference))
    book = open_book(path)
    book.sheets["Data"]["C5"].value = 77
    assert kept(saved(book), "num") is None


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
