"""Workbooks to open closed: made by openpyxl, their parts edited by hand, saved by the engine."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.worksheet.table import Table, TableColumn, TableFormula
from openpyxl.worksheet.worksheet import Worksheet

from commissioning.engine import contents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import xlwings

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
SHEET, OTHER, TABLE = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml"

BOOK_LINKS = "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

#: Headings and rows of the table of `spending`.
HEADINGS = ("Id", "Body", "Amount", "Double")
ROWS = (("007", "Ashby", 10), ("008", "Barton", 20), ("009", "Corby", 30))
DOUBLE = "Spending[[#This Row],[Amount]]*2"


def made(path: Path, build: Callable[[Worksheet], None]) -> Path:
    """A workbook with the sheet Data, and whatever else is built."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Data"
    build(sheet)
    book.save(path)
    return path


def spending(sheet: Worksheet) -> None:
    """Write the table Spending in A4:D7, whose last column is calculated."""
    sheet["A1"] = "Spending"
    sheet.append([])
    sheet.append([])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append([*row, f"={DOUBLE}"])
    table = Table(displayName="Spending", ref="A4:D7")
    table._initialise_columns()  # type: ignore[attr-defined]
    for column, heading in zip(table.tableColumns, HEADINGS, strict=True):
        column.name = heading
    last: TableColumn = table.tableColumns[-1]
    last.calculatedColumnFormula = TableFormula(attr_text=DOUBLE)
    table.autoFilter = None
    sheet.add_table(table)


def parts(file: Path | bytes) -> dict[str, bytes]:
    """The parts of a file, in their order."""
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text(file: Path | bytes, part: str) -> str:
    """A part of a file."""
    return parts(file)[part].decode()


def packed(path: Path, contained: Mapping[str, bytes]) -> Path:
    """A file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contained.items():
            archive.writestr(name, data)
    return path


def edit(path: Path, part: str, *changes: tuple[str, str]) -> Path:
    """Replace pieces of a part by hand; each must be there."""
    contained = parts(path)
    content = contained[part].decode()
    for old, new in changes:
        assert old in content, f"{old} is not in {content}"
        content = content.replace(old, new)
    return packed(path, contained | {part: content.encode()})


def share(path: Path, *strings: str) -> Path:
    """Give a workbook a part of shared strings, and refer to them in the cells of row 1."""
    items = "".join(
        f"<si><r><t>{text[:2]}</t></r><r><t>{text[2:]}</t></r></si>" for text in strings
    )
    namespace = MAIN.strip("{}")
    part = f'<sst xmlns="{namespace}">{items}</sst>'
    cells = "".join(
        f'<c r="{chr(65 + index)}1" t="s"><v>{index}</v></c>' for index in range(len(strings))
    )
    related = f'Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml" Id="rIdShared"/>'
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    packed(path, parts(path) | {"xl/sharedStrings.xml": part.encode()})
    edit(path, BOOK_LINKS, ("</Relationships>", f"<Relationship {related}</Relationships>"))
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content}"/></Types>'
    edit(path, TYPES, ("</Types>", override))
    first = text(path, SHEET)
    row = first[first.index('<row r="1"') : first.index("</row>") + 6]
    return edit(path, SHEET, (row, f'<row r="1">{cells}</row>'))


def saved(book: xlwings.Book) -> bytes:
    """The bytes of a changed book."""
    content = contents(book)
    assert content is not None
    return content


def save(book: xlwings.Book, path: Path) -> Path:
    """Write a changed book to a file."""
    path.write_bytes(saved(book))
    return path


def changed(path: Path, new: bytes) -> set[str]:
    """The parts in which two files differ."""
    old, now = parts(path), parts(new)
    return {name for name in old.keys() | now.keys() if old.get(name) != now.get(name)}


def body(table: xlwings.main.Table, column: str | None = None) -> xlwings.Range:
    """The data rows of a table that has some, or of one of its columns."""
    found = (table if column is None else table.columns[column]).data_body_range
    assert found is not None
    return found


def address(area: xlwings.Range | None) -> str | None:
    """Where an area is, if there is one."""
    return None if area is None else area.address


def formulas(area: xlwings.Range) -> list[list[str]]:
    """The formulas of several cells, row by row."""
    found: Any = area.formula
    return [list(row) for row in found]
