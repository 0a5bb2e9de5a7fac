"""Any file that holds tables: what it is, how it is encoded and cut, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.packaging.custom import CustomPropertyList

import judges
from commissioning.council.reading import text
from commissioning.council.reading.delimited import Delimited
from commissioning.council.reading.sources import HEAD, open_sources, read_tables
from commissioning.errors import LocalisError
from filling import blank_bytes
from payments_made import FEW
from spend_forms import write_ods

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ROWS = [["Supplier", "Amount"], ["Café Noir, £5 & Co", "1.50"], ["Ash", "-2"]]
_CSV = 'Supplier,Amount\n"Café Noir, £5 & Co",1.50\nAsh,-2\n'


def written(folder: Path, data: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows(path: Path) -> list[list[str]]:
    [table] = read_tables(path)
    return table.rows


def batched(path: Path, columns: Iterable[int]) -> list[tuple[object, ...]]:
    """The numbers and cells of all rows, as they come in batches."""
    [source] = open_sources(path)
    return [
        row
        for batch in source.batches([*columns], lambda _number, row: row)
        for row in zip(
            batch.numbers.tolist(), *(each.to_pylist() for each in batch.columns), strict=True
        )
    ]


@pytest.mark.parametrize(
    "data",
    [
        _CSV.encode(),
        _CSV.encode("utf-8-sig"),
        _CSV.encode("cp1252"),
        _CSV.encode("utf-16"),
        _CSV.encode("utf-16-le"),
        _CSV.encode("utf-16-be"),
        _CSV.encode("utf-32"),
        b"\xef\xbb\xbf".decode("cp1252").encode() + _CSV.encode(),
        b"\xef\xbb\xbf".decode("cp1252").encode().decode("cp1252").encode() + _CSV.encode(),
        _CSV.replace(",1", ";1").replace(",A", ";A").replace(",-", ";-").encode(),
        _CSV.replace(",1", "\t1").replace(",A", "\tA").replace(",-", "\t-").encode(),
        _CSV.replace("\n", "\r\n").encode(),
        _CSV.replace("\n", "\r").encode(),
        _CSV.rstrip("\n").encode(),
    ],
)
def test_text_is_read_in_any_encoding_and_cut_as_it_was_meant(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    assert rows(path) == ROWS
    first, *others = batched(path, (0, 1))
    assert first[2] == "Amount"
    assert others == [(2, *ROWS[1]), (3, *ROWS[2])]


def test_one_file_may_mix_two_encodings(tmp_path: Path) -> None:
    path = written(
        tmp_path, b"Name,Amount\nCaf\xc3\xa9,1\nCaf\xe9,2\nMid\xb4ton,3\nA \xc2\x96 B,4\n"
    )
    names = [name for _, name in batched(path, (0,))]
    assert names == ["Name", "Café", "Café", "Mid\N{ACUTE ACCENT}ton", "A \N{EN DASH} B"]
    assert [row[0] for row in rows(path)] == names


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    data = b'a,b,c\n1,"two\nlines",3\n\n4,5\n6,7,8,9\n10,11,12\n'
    assert batched(written(tmp_path, data), (0, 2)) == [
        (1, "a", "c"),
        (2, "1", "3"),
        (3, "", ""),
        (4, "4", ""),
        (5, "6", "8"),
        (6, "10", "12"),
    ]


_CELLS = st.lists(
    st.lists(st.text(' ",\n£é\N{EURO SIGN}ab1', max_size=6), min_size=1, max_size=5), max_size=12
)


@FEW
@given(_CELLS)
def test_batches_are_cut_as_the_csv_module_cuts(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    import csv
    import io

    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["Head", "Head"], *cells])
    path = written(tmp_path_factory.mktemp("cut"), stream.getvalue().encode())
    source = Delimited(path, HEAD)
    expected = list(text.rows(stream.getvalue(), source.delimiter))
    found = batched(path, (0, 1, 2))
    assert found == [
        (number, *(row[at] if at < len(row) else "" for at in range(3)))
        for number, row in enumerate(expected, 1)
    ]


def test_a_quotation_mark_that_is_never_closed_ends_with_its_line(tmp_path: Path) -> None:
    body = "".join(f"Firm {number},{number}\n" for number in range(400_000))
    path = written(tmp_path, f'Name,Amount\nAsh,1\n"Birch,2\n{body}'.encode())
    found = batched(path, (0, 1))
    assert found[:4] == [
        *((1, "Name", "Amount"), (2, "Ash", "1"), (3, "Birch", "2"), (4, "Firm 0", "0"))
    ]
    assert len(found) == 400_003


def test_two_lines_too_large_for_a_block_in_one_cell_are_one_row(tmp_path: Path) -> None:
    long = "Birch, " * 1_000_000
    found = batched(written(tmp_path, f'Name,Amount\n"{long}\nB",2\nElm,3\n'.encode()), (0, 1))
    assert found == [(1, "Name", "Amount"), (2, f"{long}\nB", "2"), (3, "Elm", "3")]


def test_sheets_are_read_with_their_names_and_true_values(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("April")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(2, 1, ["text", 8149.26, 1600426073, 0.1 + 0.2, True])
        sheet.write_datetime(3, 1, dt.datetime(2017, 3, 31), day)  # noqa: DTZ001 - as a cell has it
        sheet.write_datetime(4, 1, dt.datetime(2017, 3, 31, 9, 5), day)  # noqa: DTZ001
        sheet.write_formula(5, 1, "=1/0", None, "#DIV/0!")
    [table] = read_tables(path)
    assert (table.sheet, table.where(3)) == ("April", "book.xlsx, sheet April, row 3")
    assert table.rows[:2] == [[""] * 6, [""] * 6]
    assert table.rows[2] == ["", "text", "8149.26", "1600426073", "0.3", "TRUE"]
    assert [row[1] for row in table.rows[3:5]] == ["2017-03-31", "2017-03-31 09:05:00"]


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    write_ods(tmp_path / "file.ods", ROWS)
    assert rows(tmp_path / "file.ods") == ROWS


def test_an_old_excel_file_is_read(tmp_path: Path) -> None:
    judges.require("soffice")
    write_ods(tmp_path / "file.ods", ROWS)
    [old] = judges.converted([tmp_path / "file.ods"], "xls", tmp_path)
    assert rows(old) == ROWS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b",,,\n,,\n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF document"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "is a web page or XML"),
        (b'<?xml version="1.0"?><Workbook/>', "is a web page or XML"),
        (b"\x89PNG\r\n\x1a\n....", "is a picture"),
        (bytes(range(1, 32)) * 40, "is neither a spreadsheet nor a table of text"),
        (b"PK\x03\x04 not a zip at all", "cannot be read as a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read as a spreadsheet"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = written(tmp_path, data)
    with pytest.raises(LocalisError, match=rf"^{re.escape(str(path))} {reason}[^\n]*\.$"):
        read_tables(path)


def test_a_missing_file_or_a_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalisError, match=r"^There is no file .*check the name"):
        read_tables(tmp_path / "missing.csv")
    with pytest.raises(LocalisError, match=r"is a folder: name the files in it, such as .*\*\.csv"):
        read_tables(tmp_path)


def _encrypted_ods() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        archive.writestr("content.xml", b"\x8f\x01")
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        _encrypted_ods(),
    ],
    ids=["Excel", "OpenDocument"],
)
def test_a_workbook_with_a_password_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(LocalisError, match="is protected by a password: save a copy without one"):
        read_tables(written(tmp_path, data, "file.xlsx"))


def test_an_old_workbook_with_a_password_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise python_calamine.PasswordError

    monkeypatch.setattr(python_calamine, "load_workbook", refuse)
    with pytest.raises(LocalisError, match="is protected by a password: save a copy without one"):
        read_tables(written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.xls"))


@pytest.mark.parametrize("is_stripped", [False, True], ids=["as made", "without properties"])
def test_a_commissioning_workbook_is_no_file_to_read(tmp_path: Path, *, is_stripped: bool) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_bytes()))
    if is_stripped:
        # As Excel leaves it when personal information is removed.
        book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]
    path = tmp_path / "Plan.backup-20261123-051020-501455.xlsx"
    book.save(path)
    for read in (read_tables, open_sources):
        with pytest.raises(LocalisError, match="is a commissioning workbook of Localis, not a"):
            read(path)
