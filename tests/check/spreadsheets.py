"""A small workbook without faults, as parts, and ways to break it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

if TYPE_CHECKING:
    from pathlib import Path

Parts = dict[str, bytes]
#: Breaks a workbook's parts in place.
Mutation = Callable[[Parts], None]

BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
COVER, SPEND, NOTES = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))
SPEND_TABLE, NOTES_TABLE = "xl/tables/table1.xml", "xl/tables/table2.xml"
TYPES, CORE = "[Content_Types].xml", "docProps/core.xml"
BOOK_LINKS, SPEND_LINKS = "xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet2.xml.rels"
DRAWING = "xl/drawings/drawing1.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@cache
def good_parts() -> Mapping[str, bytes]:
    """The parts of the workbook without faults: Cover (text), Spend (a table), Notes (a table)."""
    stream = io.BytesIO()
    _book().save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # openpyxl writes neither alternative text nor the cached values of formulas.
    replace(DRAWING, 'name="Chart 1"', 'name="Chart 1" descr="Roads cost most"')(parts)
    replace(SPEND, "[Cost]])*2</f><v></v>", "[Cost]])*2</f><v>4</v>")(parts)
    return parts


def _book() -> Workbook:
    book = Workbook()
    book.properties.title, book.properties.language = "Spend by service", "en-GB"
    book.properties.created = book.properties.modified = dt.datetime(2026, 4, 1)  # noqa: DTZ001
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "Cover"
    _title(cover, "Spend by service")
    cover["A2"] = "What the council spent, in pounds. Costs are rounded [note 1]."
    _fill_spend(book.create_sheet("Spend"))
    notes = book.create_sheet("Notes")
    _title(notes, "Notes")
    _table(notes, "NotesList", [["Note", "Text"], ["note 1", "Rounded to whole pounds."]])
    book.defined_names["TotalCost"] = DefinedName("TotalCost", attr_text="Spend!$B$4")
    return book


def _fill_spend(sheet: Worksheet) -> None:
    _title(sheet, "Spend")
    formula = "=SUM(SpendList[[#This Row],[Cost]])*2"
    _table(
        sheet, "SpendList", [["Service", "Cost", "Twice"], ["Roads", 2, formula], ["Parks", 1, 2]]
    )
    sheet["A8"] = "Roads policy of the council"
    sheet["A8"].hyperlink = "https://example.org/roads"
    sheet["A9"] = "Linked to the cover"
    lists = DataValidation(type="list", formula1='"Roads,Parks"', promptTitle="Service")
    lists.add("A4:A5")
    sheet.add_data_validation(lists)
    marked = CellIsRule(  # type: ignore[no-untyped-call]
        operator="greaterThan",
        formula=["100"],
        font=Font(color="FFFFFF"),
        fill=PatternFill(bgColor="12436D"),
    )
    sheet.conditional_formatting.add("B4:B5", marked)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "E3")


def _title(sheet: Worksheet, text: str) -> None:
    sheet["A1"] = text
    sheet["A1"].font = Font(name="Arial", size=14, bold=True)


def _table(sheet: Worksheet, name: str, rows: list[list[str | int]]) -> None:
    """A table from A3 on, wrapped, its header white on dark blue."""
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 3:
                cell.font = Font(name="Arial", size=11, bold=True, color="FFFFFF")
                cell.fill = PatternFill("solid", start_color="12436D")
    last = f"{'ABC'[len(rows[0]) - 1]}{len(rows) + 2}"
    sheet.add_table(Table(displayName=name, ref=f"A3:{last}"))


def write(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Write parts as a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def replace(part: str, old: str, new: str) -> Mutation:
    """Replace a text, which must occur, by another, once."""

    def mutate(parts: Parts) -> None:
        text = parts[part].decode()
        assert old in text, text
        parts[part] = text.replace(old, new, 1).encode()

    return mutate


def add(part: str, text: str) -> Mutation:
    """Add a part."""
    return lambda parts: parts.update({part: text.encode()})


def all_of(*mutations: Mutation) -> Mutation:
    """Several mutations in turn."""

    def mutate(parts: Parts) -> None:
        for mutation in mutations:
            mutation(parts)

    return mutate
