"""Sheets of an officer's own, as XlsxWriter makes them."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook


def _png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour."""
    row = b"\0" + bytes(colour) * width
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


PICTURE = _png(24, 16, (18, 67, 109))
HEADER_PICTURE = _png(8, 8, (128, 22, 80))
CELL_PICTURE = _png(6, 6, (40, 161, 151))

#: Contract, supplier, value in pounds, day of signing, reference of the finance system.
CONTRACTS = (
    ("00123", "Northgate Care", 1250000.5, dt.date(2025, 4, 1), 123456789012345),
    ("00456", "Easby Transport", 310000, dt.date(2024, 11, 22), 987654321098765),
    ("07890", "=A formula? No", 78000, dt.date(2026, 2, 28), 555555555555555),
    ("00042", "Northgate Care", 64000.25, dt.date(2023, 7, 31), 100000000000001),
)
_TOTAL = sum(contract[2] for contract in CONTRACTS)
#: Supplier -> value of its contracts, in the order of the pivot table.
_SPENT = {
    supplier: sum(contract[2] for contract in CONTRACTS if contract[1] == supplier)
    for supplier in sorted({contract[1] for contract in CONTRACTS})
}
SUPPLIERS = list(_SPENT)
_MONTHS = (4, 7, 1, 9, 12, 10)


def contracts(book: Workbook) -> None:
    """A table with ids of leading zeros, long numbers and dates, frozen, partly hidden."""
    sheet = book.add_worksheet("Purchases")
    day, text = book.add_format({"num_format": "d mmm yyyy"}), book.add_format({"num_format": "@"})
    money = book.add_format({"num_format": '"£"#,##0.00', "bg_color": "#DDEBF7", "italic": True})
    for number, (contract, supplier, value, signed, reference) in enumerate(CONTRACTS, 1):
        sheet.write_string(number, 0, contract, text)
        sheet.write_string(number, 1, supplier)
        sheet.write_number(number, 2, value, money)
        sheet.write_datetime(number, 3, dt.datetime.combine(signed, dt.time()), day)
        sheet.write_number(number, 4, reference, book.add_format({"num_format": "0"}))
    headings = ("Contract", "Supplier", "Value", "Signed", "Reference", "Yearly")
    columns: list[dict[str, object]] = [{"header": heading} for heading in headings]
    columns[-1] |= {"formula": "=[@Value]/2"}
    sheet.add_table("A1:F5", {"name": "Purchases", "columns": columns})
    yearly = "=Purchases[[#This Row],[Value]]/2"
    for number, (_, _, value, _, _) in enumerate(CONTRACTS, 1):
        sheet.write_formula(number, 5, yearly, money, value / 2)
    sheet.freeze_panes(1, 1)
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.write_string("A8", "Hidden by the officer")


def formulas(book: Workbook) -> None:
    """Formulas of cells and of arrays, error values, rules of input, links and names."""
    sheet = book.add_worksheet("Own workings")
    sheet.write_formula("A1", "=SUM(Purchases[Value])", None, _TOTAL)
    sheet.write_array_formula("A2", "{=SUM(Purchases[Value]*2)}", None, 2 * _TOTAL)
    sheet.write_array_formula("A3:A4", "{=LEN(Purchases!A2:A3)}", None, 5)
    sheet.write_number("A4", 5)
    sheet.write_formula("A5", "=NA()", None, "#N/A")
    sheet.write_formula("A6", "=1/0", None, "#DIV/0!")
    sheet.write_formula("A7", "=OwnRate*Share", None, 0.02)
    sheet.write_number("A8", 0.1)
    book.define_name("OwnRate", "='Own workings'!$A$8")
    book.define_name("'Own workings'!Share", "=0.2")
    bold = book.add_format({"bold": True, "font_color": "#801650"})
    sheet.write_rich_string("B1", "Part of this is ", bold, "bold")
    sheet.write_url("B2", "https://example.org/policy?a=1&b=2", string="Policy")
    sheet.write_url("B3", "internal:'Purchases'!A1", string="Purchases")
    sheet.data_validation("B4", {"validate": "list", "source": ["Yes", "No"]})
    sheet.conditional_format("A1:A4", {"type": "cell", "criteria": ">", "value": 5, "format": bold})
    sheet.conditional_format("A1:A8", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("A1:A8", {"type": "icon_set", "icon_style": "3_traffic_lights"})


def ignored_errors(book: Workbook) -> None:
    """Numbers kept as text, and Excel told not to mind."""
    sheet = book.add_worksheet("Ignored errors")
    sheet.write_string("A1", "0012345")
    sheet.ignore_errors({"number_stored_as_text": "A1"})


def metadata(book: Workbook) -> None:
    """A formula that spills, and a picture inside a cell: both need the part metadata.xml."""
    sheet = book.add_worksheet("Spilled")
    for row, value in enumerate(_MONTHS[:3], 1):
        sheet.write_number(row, 0, value)
    sheet.write_dynamic_array_formula("B2:B4", "=A2:A4*2", None, _MONTHS[0] * 2)
    for row, value in enumerate(_MONTHS[1:3], 2):
        sheet.write_number(row, 1, value * 2)
    sheet.embed_image("D2", "crest.png", {"image_data": io.BytesIO(CELL_PICTURE)})


def sparklines(book: Workbook) -> None:
    """Lines inside cells."""
    sheet = book.add_worksheet("Trends")
    sheet.write_row("A1", _MONTHS)
    sheet.add_sparkline("H1", {"range": "Trends!A1:F1", "markers": True})
    sheet.add_sparkline("I1", {"range": "Trends!A1:F1", "type": "column", "style": 12})


def own_chart(book: Workbook) -> None:
    """A chart over the officer's own figures."""
    sheet = book.add_worksheet("Own charts")
    sheet.write_column("A1", _MONTHS)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Own charts'!$A$1:$A$6", "trendline": {"type": "linear"}})
    chart.set_title({"name": "Contracts let by month"})
    sheet.insert_chart("C2", chart)


def chart_sheet(book: Workbook) -> None:
    """A sheet that is nothing but a chart."""
    data = book.add_worksheet("Chart data")
    data.write_column("A1", _MONTHS)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Chart data'!$A$1:$A$6"})
    book.add_chartsheet("Big chart").set_chart(chart)


def picture(book: Workbook) -> None:
    """A picture on a sheet."""
    sheet = book.add_worksheet("Picture")
    sheet.insert_image("B2", "town.png", {"image_data": io.BytesIO(PICTURE)})


def header_picture(book: Workbook) -> None:
    """A picture in the header of a sheet."""
    sheet = book.add_worksheet("Letterhead")
    crest = {"image_left": "crest.png", "image_data_left": io.BytesIO(HEADER_PICTURE)}
    sheet.set_header("&L&G&RFor the commissioning board", crest)


def text_boxes(book: Workbook) -> None:
    """Text boxes."""
    sheet = book.add_worksheet("Text boxes")
    sheet.insert_textbox("B2", "Read this before the board meets", {"fill": {"color": "#FFF6DB"}})


def comments(book: Workbook) -> None:
    """Comments in the manner of Excel before 2019."""
    sheet = book.add_worksheet("Commented")
    sheet.write_string("A1", "Look at the comment")
    sheet.write_comment("A1", "Agreed with finance", {"author": "A. Officer", "visible": True})


def pivot_cells(book: Workbook) -> None:
    """The cells that a pivot table fills."""
    sheet = book.add_worksheet("Pivot")
    rows = [("Row Labels", "Sum of Value"), *_SPENT.items(), ("Grand Total", _TOTAL)]
    for number, (label, value) in enumerate(rows, 2):
        sheet.write_string(number, 0, label)
        sheet.write(number, 1, value)
