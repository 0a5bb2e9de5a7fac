"""The essential rules for spreadsheets of public bodies: tables, sheets and text.

Source: Government Analysis Function, "Releasing statistics in spreadsheets".
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from commissioning.check import references
from commissioning.check.findings import Fault, rule
from commissioning.check.repair_tables import repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commissioning.check.model import Table, Workbook

NOTES = "Notes"

_MEANINGLESS = re.compile(r"table_?\d*", re.IGNORECASE)
_NOTE = re.compile(r"\[note\s{1,3}([^\]]{1,40})\]", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S*", re.IGNORECASE)
_VAGUE = {"", "click", "click here", "download", "here", "link", "more", "read more", "this link"}
_PAGE_CODE = re.compile(
    r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d+|[A-FHILNOPR-UXYZ])', re.IGNORECASE
)
_PAGE_WORDS = {"", "page", "pageof", "of"}


@rule(
    "sheet-table",
    "accessibility",
    "Every sheet with data holds an Excel table; a sheet without one is text in column A only",
    "Select the data and insert a table (Ctrl+T).",
)
def sheet_table(workbook: Workbook) -> Iterator[Fault]:
    """Sheets whose data is not marked up as a table."""
    for sheet in workbook.worksheets:
        if sheet.tables:
            continue
        for cell in sheet.cells:
            if not cell.empty and not (cell.column == 1 and cell.is_text):
                yield sheet.at(cell.reference), "the sheet has data but no Excel table"
                break


@rule(
    "table-headings",
    "accessibility",
    "Every table has one header row, without blank headings or headings that look the same",
    "Give the table a header row with a different heading for each column.",
)
def table_headings(workbook: Workbook) -> Iterator[Fault]:
    """Tables without header row; headings that are blank or differ in spaces only."""
    for table in workbook.tables:
        where = table.sheet.at(table.ref)
        if table.header_rows != 1:
            yield where, f"table {table.name} has {table.header_rows} header rows"
        names = {column.name.casefold() for column in table.columns}
        for name in repeated(" ".join(name.split()) for name in names):
            yield where, f"headings of table {table.name} look the same: {name!r}"
        for cell in table.headings():
            if not cell.empty and not (cell.text or "").strip():
                yield table.sheet.at(cell.reference), "the heading is blank"


@rule(
    "table-name",
    "accessibility",
    "Every table has a name that says what it holds",
    "Rename the table in Table Design.",
)
def table_name(workbook: Workbook) -> Iterator[Fault]:
    """Names such as Table1."""
    for table in workbook.tables:
        if _MEANINGLESS.fullmatch(table.name):
            yield table.sheet.at(table.ref), f"the name {table.name} says nothing"


@rule(
    "table-column-a",
    "accessibility",
    "Every table starts in column A",
    "Move the table to column A.",
)
def table_column_a(workbook: Workbook) -> Iterator[Fault]:
    """Tables that start further right."""
    for table in workbook.tables:
        if table.area and table.area.left != 1:
            yield table.sheet.at(table.ref), f"table {table.name} does not start in column A"


@rule(
    "table-blank-row",
    "accessibility",
    "No row of a table is blank",
    "Delete the row, or say in it why it is empty.",
)
def table_blank_row(workbook: Workbook) -> Iterator[Fault]:
    """Runs of rows in which every cell is empty."""
    for table in workbook.tables:
        for first, last in _runs(_blank_rows(table)):
            rows = f"row {first} is" if first == last else f"rows {first} to {last} are"
            yield table.sheet.at(f"{first}:{last}"), f"{rows} blank in table {table.name}"


def _blank_rows(table: Table) -> Iterator[int]:
    if table.body is None:
        return
    filled = {cell.row for cell in table.cells() if not cell.empty}
    for number in range(table.body.top, table.body.bottom + 1):
        if number not in filled:
            yield number


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


@rule(
    "text-wrap",
    "accessibility",
    "Text in a table that is longer than its column is wide is wrapped",
    "Select the column and choose Wrap Text.",
)
def text_wrap(workbook: Workbook) -> Iterator[Fault]:
    """Texts that are cut off or run over their neighbours."""
    styles = workbook.styles.cells
    for table in workbook.tables:
        area = table.area
        widths = {
            column: table.sheet.width(column)
            for column in (range(area.left, area.right + 1) if area else ())
        }
        for cell in table.cells():
            if not cell.is_text or not cell.text or len(cell.text) <= widths[cell.column]:
                continue
            if 0 <= cell.style < len(styles) and not styles[cell.style].wrapped:
                sizes = f"{len(cell.text)} characters in a column of {widths[cell.column]:g}"
                yield table.sheet.at(cell.reference), f"{sizes}, not wrapped"


@rule(
    "merged-cells",
    "accessibility",
    "No cells are merged",
    "Unmerge the cells.",
)
def merged_cells(workbook: Workbook) -> Iterator[Fault]:
    """Merged cells."""
    for sheet in workbook.worksheets:
        for ref in sheet.merges:
            yield sheet.at(ref), "the cells are merged"


@rule(
    "sheet-title",
    "accessibility",
    "Every sheet has its title in A1",
    "Type the sheet's title into A1.",
)
def sheet_title(workbook: Workbook) -> Iterator[Fault]:
    """Sheets whose A1 holds no text."""
    for sheet in workbook.worksheets:
        title = sheet.cell(1, 1)
        if not title.is_text or not (title.text or "").strip():
            yield sheet.at("A1"), "the sheet has no title in A1"


@rule(
    "notes-listed",
    "accessibility",
    f"Every note, marked [note 1], is listed in a table on a sheet named {NOTES}",
    f"Add the note to the table on the sheet {NOTES}, its number in the first column.",
)
def notes_listed(workbook: Workbook) -> Iterator[Fault]:
    """Notes that the reader cannot look up."""
    sheet = workbook.sheet(NOTES)
    tables = sheet.tables if sheet else []
    listed = {
        _note_number(cell.text or "")
        for table in tables
        for cell in table.cells()
        if table.area and cell.column == table.area.left
    }
    for sheet in workbook.worksheets:
        for cell in sheet.cells:
            if cell.is_text and cell.text and "[" in cell.text:
                for note in _NOTE.findall(cell.text):
                    if _note_number(note) not in listed:
                        yield sheet.at(cell.reference), f"note {note} is not listed"


def _note_number(text: str) -> str:
    return text.casefold().strip("[] ").removeprefix("note").strip()


@rule(
    "link-text",
    "accessibility",
    "The text of a link says where it leads",
    "Replace the text by the title of what the link leads to.",
)
def link_text(workbook: Workbook) -> Iterator[Fault]:
    """Links whose text is an address, empty, or such as "click here"."""
    for sheet in workbook.worksheets:
        areas = [area for ref in sheet.hyperlinks if (area := references.area(ref))]
        linked = [sheet.cell(area.top, area.left) for area in areas]
        linked += [cell for cell in sheet.cells if "HYPERLINK(" in (cell.formula or "")]
        for cell in linked:
            text = (cell.text or "").strip()
            if _ADDRESS.fullmatch(text) or text.casefold().strip(" .") in _VAGUE:
                yield (
                    sheet.at(cell.reference),
                    f"the link's text {text!r} does not say where it leads",
                )


@rule(
    "text-box",
    "accessibility",
    "No content stands in text boxes or shapes",
    "Move the text into cells.",
)
def text_box(workbook: Workbook) -> Iterator[Fault]:
    """Shapes with text."""
    for sheet in workbook.sheets:
        for shape in sheet.shapes:
            if shape.kind == "sp" and shape.text.strip():
                yield sheet.at(), f"the shape {shape.name!r} holds the text {shape.text!r}"


@rule(
    "header-footer",
    "accessibility",
    "No content stands in the header or footer of a page; page numbers may",
    "Move the text into cells.",
)
def header_footer(workbook: Workbook) -> Iterator[Fault]:
    """Headers and footers with text or pictures."""
    for sheet in workbook.sheets:
        for text in sheet.printed:
            words = re.sub(r"[^\w&]", "", _PAGE_CODE.sub("", text)).casefold()
            if words not in _PAGE_WORDS:
                yield sheet.at(), f"the header or footer holds {text!r}"


@rule(
    "alternative-text",
    "accessibility",
    "Every chart and picture has alternative text",
    "Right-click it, choose Edit Alt Text and say what it shows.",
)
def alternative_text(workbook: Workbook) -> Iterator[Fault]:
    """Charts and pictures without description, but for those marked decorative."""
    for sheet in workbook.sheets:
        for shape in sheet.shapes:
            visual = shape.kind in {"pic", "graphicFrame"} and not shape.decorative
            if visual and not shape.description.strip():
                yield sheet.at(), f"{shape.name!r} has no alternative text"
