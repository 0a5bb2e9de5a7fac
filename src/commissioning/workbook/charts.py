"""Bar charts drawn from the workbook's tables, with their values cached for viewers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series as DrawnSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import get_column_letter, quote_sheetname

from commissioning.workbook import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.workbook.book import Book
    from commissioning.workbook.grid import Chart, Series, Sheet

#: English Metric Units, in which drawings are measured.
EMU_PER_CM, _EMU_PER_PIXEL = 360_000, 9_525

#: Longest name of a series in Excel.
_SERIES_NAME = 255

#: Labels on stacked bars: whole percentages, and none on a bar too short for it.
_LABELS = "[>=0.045]0%;[<=-0.045]0%;"


def draw(chart: Chart, sheet: Sheet, book: Book) -> BarChart:
    """The chart as openpyxl writes it, titled by the cell that states its finding."""
    drawn = BarChart()
    drawn.type = "bar"
    drawn.gapWidth = 45
    drawn.anchor = _anchor(chart, sheet)  # type: ignore[assignment]  # the stubs know cells only
    drawn.roundedCorners = False
    drawn.title = _cell_title(chart, book)
    if chart.stacked:
        drawn.grouping, drawn.overlap = "stacked", 100
    drawn.series = [
        _series(chart, series, number, book) for number, series in enumerate(chart.series)
    ]
    if len(chart.series) > 1:
        drawn.legend.position = "b"
        drawn.legend.txPr = _looks(1000)
    else:
        drawn.legend = None
    _axes(drawn, chart)
    return drawn


def _anchor(chart: Chart, sheet: Sheet) -> OneCellAnchor:
    """Where the chart stands: openpyxl counts rows and columns from 0 and lengths in EMU."""
    row, left = chart.place
    offset, column = round(left * EMU_PER_CM), 0
    for each in sheet.table.columns:
        width = column_width(each.width)
        if offset < width:
            break
        offset, column = offset - width, column + 1
    return OneCellAnchor(
        _from=AnchorMarker(col=column, colOff=offset, row=row - 1),
        ext=XDRPositiveSize2D(*(round(length * EMU_PER_CM) for length in chart.size)),
    )


def column_width(characters: float) -> int:
    """The width of a column in EMU."""
    # A character is 8 pixels wide in the workbook's font, and a column has 5 of padding.
    return int(characters * 8 + 5) * _EMU_PER_PIXEL


def _axes(drawn: BarChart, chart: Chart) -> None:
    for axis, title in ((drawn.x_axis, chart.category_axis), (drawn.y_axis, chart.value_axis)):
        axis.delete = False
        axis.title = _text_title(title)
        axis.txPr = _looks(1000)
        axis.majorTickMark = "none"
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.RULE))
    # The first row of the table stands at the top.
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.x_axis.tickLblPos = "low"
    drawn.y_axis.number_format = "0%;0%;0%" if chart.stacked else "0%"
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = chart.limits
    drawn.y_axis.majorUnit = 0.25
    drawn.y_axis.crosses = "max"
    drawn.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill="E6EAEE", w=6350))
    )


def _series(chart: Chart, series: Series, number: int, book: Book) -> DrawnSeries:
    values = book.column(chart.table, series.heading)
    names = [str(value) for value in book.column(chart.table, chart.categories)]
    points = [
        NumVal(idx=place, v=value)
        for place, value in enumerate(values)
        if not isinstance(value, str)
    ]
    drawn = DrawnSeries(
        idx=number,
        order=number,
        tx=SeriesLabel(v=series.name[:_SERIES_NAME]),
        cat=AxDataSource(
            strRef=StrRef(f=_range(book, chart.table, chart.categories), strCache=_texts(names))
        ),
        val=NumDataSource(
            numRef=NumRef(
                f=_range(book, chart.table, series.heading),
                numCache=NumData(formatCode="0.0%", ptCount=len(values), pt=points),
            )
        ),
        spPr=GraphicalProperties(solidFill=theme.PALETTE[series.colour]),
        invertIfNegative=False,
    )
    drawn.dLbls = DataLabelList(
        numFmt=_LABELS if chart.stacked else "0.0%",
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
    )
    drawn.dLbls.showPercent = False
    drawn.dLbls.position = "ctr" if chart.stacked else "outEnd"
    ink = theme.label_ink(series.colour) if chart.stacked else theme.INK
    drawn.dLbls.txPr = _looks(1000, ink=ink)
    return drawn


def _range(book: Book, table: str, heading: str) -> str:
    """A table's column as chart references name it."""
    sheet = book.layout.sheet_of(table)
    letter = get_column_letter(sheet.table.position(heading))
    last = sheet.row_of(len(book.rows(table)) - 1)
    return f"{quote_sheetname(sheet.name)}!${letter}${sheet.row_of(0)}:${letter}${last}"


def _texts(texts: Sequence[str]) -> StrData:
    return StrData(
        ptCount=len(texts), pt=[StrVal(idx=place, v=text) for place, text in enumerate(texts)]
    )


def _cell_title(chart: Chart, book: Book) -> Title:
    table, key, heading = chart.title
    sheet = book.layout.sheet_of(table)
    index = [row[sheet.table.key] for row in book.rows(table)].index(key)
    letter = get_column_letter(sheet.table.position(heading))
    cell = f"{quote_sheetname(sheet.name)}!${letter}${sheet.row_of(index)}"
    text = str(book.rows(table)[index][heading])
    title = Title(
        tx=Text(strRef=StrRef(f=cell, strCache=_texts([text]))), txPr=_looks(1200, bold=True)
    )
    title.overlay = False
    return title


def _text_title(text: str) -> Title:
    looks = _characters(1000)
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=looks), r=[RegularTextRun(rPr=_characters(1000), t=text)]
    )
    title = Title(tx=Text(rich=RichText(p=[paragraph])))
    title.overlay = False
    return title


@cache
def _looks(size: int, *, bold: bool = False, ink: str = theme.INK) -> RichText:
    """Text properties; the size in hundredths of a point."""
    properties = ParagraphProperties(defRPr=_characters(size, bold=bold, ink=ink))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties(lang="en-GB"))])


@cache
def _characters(size: int, *, bold: bool = False, ink: str = theme.INK) -> CharacterProperties:
    return CharacterProperties(
        latin=Font(typeface=theme.FONT), sz=size, b=bold, solidFill=ink, lang="en-GB"
    )
