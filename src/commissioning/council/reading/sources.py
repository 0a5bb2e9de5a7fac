"""Any file that holds tables, as its tables of text.

Comma-, semicolon-, tab- or bar-separated text in UTF-8, UTF-16 or Windows-1252; .xlsx, .xlsm,
.xlsb, .xls and .ods. What a file is, its first bytes tell, not its name.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commissioning import VERSION_PROPERTY
from commissioning.council.reading import text
from commissioning.council.reading.delimited import ROWS, Delimited, of_rows
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

    from commissioning.council.reading.delimited import Batch, Mend

    Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

#: So many rows show what a table's columns are.
HEAD = 2000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"PAR1", "a Parquet file"),
)
#: What the directory of an encrypted workbook names.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: The parts of a workbook in which document properties of one's own stand: .xlsx, .ods.
_PROPERTIES = ("docProps/custom.xml", "meta.xml")
#: Tables of a commissioning workbook, by which it is known where its properties were removed.
_TABLES = ("Provenance", "ChangeLog")
_REMEDY = "save it as .xlsx or .csv and use that"


@dataclass(frozen=True)
class Table:
    """One table of a file, cell by cell as text.

    Attributes:
        file: name of the file, for messages.
        sheet: name of the sheet; empty for a file of text.
        rows: all rows; `rows[0]` is row 1 as a spreadsheet shows it, blank rows are kept. Rows can
            differ in length. Dates are ISO texts, numbers as plain decimals.
    """

    file: str
    sheet: str
    rows: list[list[str]]

    def where(self, row: int) -> str:
        """A place in words, such as "spend.xlsx, sheet April, row 7"; rows count from 1."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, row {row}"


def read_tables(path: Path) -> list[Table]:
    """All tables of a file that hold anything: one for text, one for each sheet of a workbook.

    Raises:
        LocalisError: the file is missing, empty, encrypted, damaged or no table.
    """
    if is_workbook(path):
        tables = [Table(path.name, each.name, list(sheet_rows(each))) for each in sheets(path)]
    else:
        content = text.decode(_bytes(path))
        rows = list(text.rows(content, text.delimiter(content)))
        tables = [Table(path.name, "", rows)]
    filled = [table for table in tables if any(cell.strip() for row in table.rows for cell in row)]
    if not filled:
        raise empty(path)
    return filled


class Sheet:
    """A sheet of a workbook, read as a file of text is (see `Delimited`)."""

    def __init__(self, table: Table) -> None:
        """Take the rows of a sheet."""
        self.file, self.sheet, self.done = table.file, table.sheet, 0.0
        self._rows = table.rows
        self.head = table.rows[:HEAD]
        self.width, self.delimiter = max(map(len, self.head)), ","

    def batches(self, columns: Sequence[int], _mend: Mend) -> Iterator[Batch]:
        """The asked columns of all rows; a workbook's rows need no mending."""
        numbered = enumerate(self._rows, 1)
        while some := list(itertools.islice(numbered, ROWS)):
            self.done = some[-1][0] / len(self._rows)
            yield of_rows(some, columns)


#: A table that is read in batches.
Source = Delimited | Sheet


def open_sources(path: Path) -> list[Source]:
    """All tables of a file, to be read in batches.

    Raises:
        LocalisError: the file is missing, empty, encrypted, damaged or no table.
    """
    if is_workbook(path):
        return [Sheet(table) for table in read_tables(path)]
    return [Delimited(path, HEAD)]


def empty(path: Path) -> LocalisError:
    """What is wrong with a file in which nothing stands."""
    return LocalisError(f"{path} is empty: choose the file that has the rows.")


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook rather than text.

    Raises:
        LocalisError: it is missing, empty or neither, or a commissioning workbook.
    """
    start = _bytes(path, text.SAMPLE)
    if not start.strip():
        raise empty(path)
    for mark, name in _OTHERS:
        if start.startswith(mark):
            raise LocalisError(f"{path} is {name}, not a table: {_REMEDY}.")
    if start.startswith(_ZIP) and _is_ours(_bytes(path)):
        raise LocalisError(
            f"{path} is a commissioning workbook of Localis, not a file to read figures from: "
            "leave it out (a pattern such as *.xlsx takes in workbooks and their backups too)."
        )
    if start.startswith((_ZIP, _OLE)):
        return True
    if not text.is_text(start):
        raise LocalisError(f"{path} is neither a spreadsheet nor a table of text: {_REMEDY}.")
    opening = text.decode(start[:1000]).lstrip().casefold()
    if opening.startswith(("<!doctype html", "<html", "<table", "<?xml")):
        # Some finance systems export a web page and name it .xls.
        raise LocalisError(
            f"{path} is a web page or XML, whatever its name says: open it in Excel and save it "
            "as .xlsx or .csv."
        )
    return False


def _is_ours(data: bytes) -> bool:
    """Whether a file is a commissioning workbook, by its properties or its tables."""
    if VERSION_PROPERTY.encode() in _parts(data, *_PROPERTIES):
        return True
    tables = _parts(data, "xl/tables/")
    return all(f'displayName="{name}"'.encode() in tables for name in _TABLES)


def _is_encrypted(data: bytes) -> bool:
    """Whether a workbook needs a password, of Excel or of OpenDocument."""
    if data.startswith(_OLE):
        return _ENCRYPTED in data
    return b"encryption-data" in _parts(data, "META-INF/manifest.xml")


def _parts(data: bytes, *starts: str) -> bytes:
    """What the parts of a workbook hold whose names begin so; nothing where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = (name for name in archive.namelist() if name.startswith(starts))
            return b"".join(archive.read(name) for name in names)
    except Exception:  # noqa: BLE001 - zipfile fails in many ways; what is wrong is said later
        return b""


def sheets(path: Path) -> Iterator[CalamineSheet]:
    """The sheets of a workbook.

    Raises:
        LocalisError: the workbook is encrypted, damaged or of a form that is not known.
    """
    import python_calamine as calamine

    data = _bytes(path)
    if _is_encrypted(data):
        raise _locked(path)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        for index, about in enumerate(book.sheets_metadata):
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                yield book.get_sheet_by_index(index)
    except calamine.PasswordError:
        raise _locked(path) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise LocalisError(
            f"{path} cannot be read as a spreadsheet ({_short(error)}): open it in Excel, and "
            f"{_REMEDY}."
        ) from None


def _locked(path: Path) -> LocalisError:
    return LocalisError(f"{path} is protected by a password: save a copy without one and use that.")


def sheet_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows of a sheet as text, from row 1 and column A on."""
    for row in sheet.to_python(skip_empty_area=False):
        yield [_as_text(cell) for cell in row]


def _as_text(cell: Cell) -> str:
    """A cell's value as text that reads back as the same value."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        # Fifteen digits, as Excel shows: the sixteenth is how a computer holds the number.
        short = f"{cell:.15g}"
        return short if "e" not in short else f"{cell:.10f}".rstrip("0").rstrip(".")
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else str(cell)


def _bytes(path: Path, most: int = -1) -> bytes:
    if path.is_dir():
        raise LocalisError(f"{path} is a folder: name the files in it, such as {path / '*.csv'}.")
    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise LocalisError(f"There is no file {path}: check the name and the folder.") from None
    except OSError as error:
        raise LocalisError(
            f"{path} cannot be read ({error.strerror or error}): close it where it is open, or "
            "check who may read it."
        ) from None


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
