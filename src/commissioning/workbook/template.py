"""Writing a new workbook from its layout with openpyxl."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableFormula, TableStyleInfo

from commissioning import __version__, files
from commissioning.errors import LocalisError
from commissioning.workbook import charts, rules, theme
from commissioning.workbook.book import Book, content, evaluate
from commissioning.workbook.charts import EMU_PER_CM, column_width
from commissioning.workbook.finish import finish
from commissioning.workbook.grid import OWN_PARTS, Cell, Formula, Line, stored
from commissioning.workbook.heights import LINE, row_height
from commissioning.workbook.layout import EVIDENCE_PROPERTY, VERSION_PROPERTY

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from commissioning.cells import Value
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Column, Sheet
    from commissioning.workbook.layout import Choices, Layout

#: Rows below a table for which its drop-down lists and formats are laid out already.
SPARE_ROWS = 200

#: The width from which a table is too small to read on one page, in characters.
WIDEST_PAGE = 300


#: How much higher the rows of a table become when files are imported into it, as far as seen.
_FILLED = 1.5

_CM_PER_POINT = 2.54 / 72


class Page(NamedTuple):
    """What of a page can be printed on, in centimetres."""

    width: float
    height: float


#: Margins in inches at the sides, and above and below.
_MARGINS = (0.4, 0.5)

#: A4 landscape.
_PAGE = Page(*(side - 2 * 2.54 * edge for side, edge in zip((29.7, 21.0), _MARGINS, strict=True)))


class Place(NamedTuple):
    """Where a text stands within its cell; the indent in characters."""

    horizontal: Literal["left", "right"]
    vertical: Literal["top", "center"]
    indent: int


LEFT = Place("left", "top", 1)
RIGHT = Place("right", "top", 0)


def write(
    path: Path, layout: Layout, evidence: Evidence, choices: Choices, *, replace: bool = False
) -> Path | None:
    """Write a new workbook; returns the backup of the file that it replaced, if any.

    Raises:
        LocalisError: the name is not one of a workbook, the file exists and may not be replaced,
            or it cannot be written.
    """
    if path.suffix.casefold() != ".xlsx" or not path.name.isprintable():
        raise LocalisError(
            f"{path.name!r} is not the name of a workbook: choose one such as "
            "Commissioning.xlsx, without control characters."
        )
    try:
        data = template(layout, evidence, choices)
    except OSError as error:
        # openpyxl writes each sheet into the folder for temporary files first.
        raise LocalisError(
            f"The folder for temporary files cannot be written ({error.strerror or error}): make "
            "room there, or let the environment variable TMPDIR name another."
        ) from None
    return files.write(path, data, replace=replace)


def template(layout: Layout, evidence: Evidence, choices: Choices) -> bytes:
    """The workbook as the bytes of an .xlsx file; the same input gives the same bytes."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _set_properties(workbook, layout, evidence, choices)
    writer = _Writer(workbook, Book.fresh(layout))
    cached = {sheet.name: writer.write(sheet) for sheet in layout.sheets}
    _define_names(workbook, layout)
    return finish(workbook, layout, cached)


def _set_properties(
    workbook: Workbook, layout: Layout, evidence: Evidence, choices: Choices
) -> None:
    properties = workbook.properties
    properties.title = f"{layout.title}: {choices.council}, {choices.financial_year}"
    properties.creator = "Localis for Excel"
    properties.subject = evidence.title
    properties.language = "en-GB"
    marks = {
        VERSION_PROPERTY: __version__,
        EVIDENCE_PROPERTY: f"{evidence.name} {evidence.version}",
    }
    for name, value in marks.items():
        workbook.custom_doc_props.append(  # type: ignore[attr-defined]  # not in the stubs
            StringProperty(name=name, value=value)
        )
    # Cells that nobody has styled, and the row and column headings, take the workbook's font.
    workbook._fonts[0] = theme.font(theme.Style())  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl has no public way
    normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined]  # noqa: SLF001 - the same
    normal.font = theme.font(theme.Style())
    for name in theme.STYLES:
        workbook.add_named_style(theme.named_style(name))


def _define_names(workbook: Workbook, layout: Layout) -> None:
    """Give single cells and the columns of drop-down lists their workbook-wide names."""
    for sheet in layout.sheets:
        table = sheet.table
        keys = [content(row[table.key]) for row in table.rows]
        places = {
            name: f"${_letter(sheet, heading)}${sheet.row_of(keys.index(key))}"
            for name, (key, heading) in table.names.items()
        }
        for name, heading in table.lists.items():
            letter, last = _letter(sheet, heading), sheet.row_of(len(table.body) - 1)
            places[name] = f"${letter}${sheet.row_of(0)}:${letter}${last}"
        for name, place in places.items():
            target = f"{quote_sheetname(sheet.name)}!{place}"
            workbook.defined_names[name] = DefinedName(name, attr_text=target)


def _letter(sheet: Sheet, heading: str) -> str:
    return get_column_letter(sheet.table.position(heading))


def _cell(worksheet: Worksheet, row: int, column: int) -> ExcelCell:
    return cast("ExcelCell", worksheet.cell(row, column))


class _Writer:
    """Writes sheets one after the other, sharing what they have in common."""

    def __init__(self, workbook: Workbook, book: Book) -> None:
        self.workbook = workbook
        self.book = book
        self.styles: dict[tuple[str, str, Place], StyleArray] = {}

    def write(self, sheet: Sheet) -> dict[str, Value]:
        """Write a sheet; returns the values of its formulas by cell, to be cached in the file."""
        worksheet = self.workbook.create_sheet(sheet.name)
        cached = self._lines(worksheet, sheet)
        self._headings(worksheet, sheet)
        cached |= self._rows(worksheet, sheet)
        _add_table(worksheet, sheet)
        for chart in sheet.charts:
            worksheet.add_chart(charts.draw(chart, sheet, self.book))
        _set_view(worksheet, sheet)
        return cached

    def _lines(self, worksheet: Worksheet, sheet: Sheet) -> dict[str, Value]:
        """Write title and lines above the table."""
        cached = {}
        front = sheet is self.book.layout.sheets[0]
        lines = [Line(sheet.title, "Localis banner" if front else "Localis title"), *sheet.lines]
        for number, line in enumerate(lines, 1):
            _write_line(worksheet, sheet, number, line)
            if isinstance(line.content, Formula):
                first = self.book.rows(sheet.table.name)[0]
                cached[f"A{number}"] = evaluate(line.content, first, self.book)
        return cached

    def _headings(self, worksheet: Worksheet, sheet: Sheet) -> None:
        """Write the headings of the table, and set the widths of its columns."""
        columns, filtered = sheet.table.columns, sheet.table.filtered
        # A filter's button stands at the foot of the cell.
        vertical: Literal["top", "center"] = "top" if filtered else "center"
        for position, column in enumerate(columns, 1):
            heading = _cell(worksheet, sheet.header_row, position)
            heading.value = column.heading
            place = (RIGHT if column.kind.right else LEFT)._replace(vertical=vertical)
            self._set_style(heading, "Localis header", "General", place)
            worksheet.column_dimensions[get_column_letter(position)].width = column.width
        # Bold letters are wider.
        height = row_height((column.heading, column.width * 0.9) for column in columns)
        worksheet.row_dimensions[sheet.header_row].height = height + (LINE if filtered else 4)

    def _rows(self, worksheet: Worksheet, sheet: Sheet) -> dict[str, Value]:
        """Write the rows of the table."""
        cached = {}
        table = sheet.table
        for index, declared in enumerate(table.body):
            number, values = sheet.row_of(index), self.book.rows(table.name)[index]
            for position, column in enumerate(table.columns, 1):
                given = declared.get(column.heading, column.formula)
                cell = given if isinstance(given, Cell) else Cell(given)
                excel = _cell(worksheet, number, position)
                self._cell(excel, cell, column, table.name)
                if isinstance(cell.content, Formula):
                    cached[excel.coordinate] = values[column.heading]
            worksheet.row_dimensions[number].height = row_height(
                (value, column.width)
                for column in table.columns
                if isinstance(value := values[column.heading], str)
            )
        return cached

    def _cell(self, excel: ExcelCell, cell: Cell, column: Column, table: str) -> None:
        # What is worked out in a column of inputs is none.
        typed = column.input and not isinstance(cell.content, Formula)
        style = "Localis link" if cell.link else "Localis input" if typed else "Localis cell"
        kind = cell.kind or column.kind
        self._set_style(excel, style, kind.number_format, RIGHT if kind.right else LEFT)
        if isinstance(cell.content, Formula):
            excel.value = f"={stored(cell.content.text, table)}"
        elif isinstance(cell.content, str):
            _write_text(excel, cell.content)
        else:
            excel.value = cell.content
        if cell.link:
            _link(excel, cell.link)

    def _set_style(self, excel: ExcelCell, name: str, number_format: str, place: Place) -> None:
        """Give a cell a named style, a number format and a place within itself."""
        # openpyxl looks up every part of a style anew, so the first cell's serves all like it.
        key = (name, number_format, place)
        if key not in self.styles:
            excel.style = name
            excel.number_format = number_format
            excel.alignment = Alignment(
                place.horizontal, place.vertical, wrap_text=True, indent=place.indent
            )
            self.styles[key] = excel._style  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        excel._style = self.styles[key]  # type: ignore[attr-defined]  # noqa: SLF001 - the same


def _write_line(worksheet: Worksheet, sheet: Sheet, number: int, line: Line) -> None:
    cell, style = _cell(worksheet, number, 1), theme.STYLES[line.style]
    cell.style = "Localis line link" if line.link and not line.tones else line.style
    if isinstance(line.content, Formula):
        cell.value = f"={stored(line.content.text, sheet.table.name)}"
    else:
        _write_text(cell, line.content)
    if line.link:
        _link(cell, line.link)
    worksheet.row_dimensions[number].height = style.height
    width = len(sheet.table.columns)
    if style.fill:
        for position in range(2, width + 1):
            _cell(worksheet, number, position).style = line.style
    for rule in rules.tones(line.tones, f"$A${number}"):
        band = f"A{number}:{get_column_letter(width)}{number}"
        worksheet.conditional_formatting.add(band, rule)


def _write_text(excel: ExcelCell, text: str) -> None:
    """Write text as text: whatever it begins with, it never becomes a formula."""
    excel.value = text
    excel.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "_x")):
        # Also when somebody edits the cell and presses Enter; Excel reads _x003D_ as an =.
        excel._style = copy(excel._style)  # type: ignore[attr-defined]  # noqa: SLF001 - shared with others
        excel.quotePrefix = True


def _link(excel: ExcelCell, target: str) -> None:
    """Link a cell to an address, or to the top of the sheet with that name."""
    if target.startswith(("http://", "https://")):
        excel.hyperlink = target
        return
    excel.hyperlink = Hyperlink(
        ref=excel.coordinate,
        location=f"{quote_sheetname(target)}!A1",
        tooltip=f"Go to the sheet {target}",
    )


def _add_table(worksheet: Worksheet, sheet: Sheet) -> None:
    """Mark the table up as an Excel table, with formulas, lists and colours for new rows too."""
    table = sheet.table
    last = f"{get_column_letter(len(table.columns))}{sheet.row_of(len(table.body) - 1)}"
    made = ExcelTable(
        displayName=table.name,
        name=table.name,
        ref=f"A{sheet.header_row}:{last}",
        tableStyleInfo=TableStyleInfo(showRowStripes=False, showColumnStripes=False),
    )
    for number, column in enumerate(table.columns, 1):
        made.tableColumns.append(TableColumn(id=number, name=column.heading))
        if column.formula:
            text = stored(column.formula.text, table.name)
            made.tableColumns[-1].calculatedColumnFormula = TableFormula(attr_text=text)
        _add_rules(worksheet, sheet, column)
    if table.filtered:
        made.autoFilter = AutoFilter(ref=made.ref)
    worksheet.add_table(made)


def _add_rules(worksheet: Worksheet, sheet: Sheet, column: Column) -> None:
    letter, first = _letter(sheet, column.heading), sheet.row_of(0)
    last = sheet.row_of(len(sheet.table.body) - 1) + SPARE_ROWS
    cells = f"{letter}{first}:{letter}{last}"
    for rule in rules.tones(column.tones, f"{letter}{first}"):
        worksheet.conditional_formatting.add(cells, rule)
    if validation := rules.validation(column):
        validation.add(cells)
        worksheet.add_data_validation(validation)


def _set_view(worksheet: Worksheet, sheet: Sheet) -> None:
    """Screen and paper: no grid, A4 landscape, as wide as the page, headings on every page.

    A wide table goes over several pages side by side, each with the first column; not one with a
    chart under it, which would be cut.
    """
    widths = sum(column.width for column in sheet.table.columns)
    across = 1 if sheet.charts else 1 + int(widths // WIDEST_PAGE)
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_properties.tabColor = theme.TABS[sheet.group]
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = across, 0
    worksheet.page_margins.left, worksheet.page_margins.top = _MARGINS
    worksheet.page_margins.right, worksheet.page_margins.bottom = _MARGINS
    if sheet.one_page:
        worksheet.page_setup.fitToHeight = 1
        worksheet.print_options.horizontalCentered = True
    else:
        worksheet.print_title_rows = f"{sheet.header_row}:{sheet.header_row}"
        _keep_whole(worksheet, sheet)
    if across > 1:
        worksheet.print_title_cols = "A:A"
    if sheet.printed:
        last = get_column_letter(len(sheet.table.columns))
        worksheet.print_area = f"A1:{last}{sheet.row_of(sheet.printed - 1)}"


def _keep_whole(worksheet: Worksheet, sheet: Sheet) -> None:
    """Begin a page above the first chart where it would be split between two."""
    if not sheet.charts:
        return
    table = sum(column_width(column.width) for column in sheet.table.columns) / EMU_PER_CM
    width = max(table, *(chart.place[1] + chart.size[0] for chart in sheet.charts))
    page = _PAGE.height * max(1, width / _PAGE.width)
    first = min(chart.place[0] for chart in sheet.charts)
    heights = (worksheet.row_dimensions[row].height or LINE for row in range(1, first))
    # Rows of the council's own figures grow when they are filled.
    growth = _FILLED if set(sheet.parts) & set(OWN_PARTS) else 1
    above = sum(heights) * growth * _CM_PER_POINT
    below = max(chart.size[1] for chart in sheet.charts if chart.place[0] == first)
    if above % page + below > page >= below:
        worksheet.row_breaks.append(Break(id=first - 1))
