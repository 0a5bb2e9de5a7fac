"""Damaged and hostile files: one clear sentence or a correct result, and nothing is written."""

from __future__ import annotations

import contextlib
import html
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from closed import (
    BOOK,
    BOOK_LINKS,
    OTHER,
    SHEET,
    STYLES,
    TABLE,
    TYPES,
    body,
    changed,
    edit,
    made,
    packed,
    parts,
    save,
    saved,
    spending,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule

from commissioning.engine import contents, open_book, set_cached
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

#: What XML and attributes are made of, and what breaks careless readers of them.
PIECES = st.sampled_from(
    [
        *("", "0", "-1", "1e999", "nan", "99999999999", "\N{ARABIC-INDIC DIGIT ONE}", "1_0"),
        *("A1", "A0:ZZZZ9", "A1:XFD1048576", "<", "/>", '"', "'", "[", "]", "&amp;", "&x;", "\x00"),
        *('t="shared"', 't="array"', 'ref="A1:D9"', 'si="9"', "<f>A1</f>", "<v>1</v>", "_xD800_"),
    ]
)


def rich(sheet: Worksheet) -> None:
    """A table, a rule, a chart, a name and formulas over it."""
    spending(sheet)
    sheet["F1"] = "=SUM(Spending[Amount])"
    rule = CellIsRule("greaterThan", ["15"])  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C5:C7", rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, 3, 4, 3, 7), titles_from_data=True)
    sheet.add_chart(chart, "H9")


@cache
def sound() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder, "a.xlsx"), rich)
        names = '<definedNames><definedName name="All">Data!$C$5:$C$7</definedName></definedNames>'
        return edit(path, BOOK, ("<definedNames/>", names)).read_bytes()


DRAWN = ("xl/charts/chart1.xml", "xl/drawings/drawing1.xml")
EDITED = (BOOK, BOOK_LINKS, SHEET, STYLES, TABLE, TYPES, *DRAWN)


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Let through what is refused in a sentence that names the file as it was given."""
    reasons = []
    try:
        yield
    except WorkbookError as error:
        reasons.append(str(error))
    sentence = re.compile(rf"{re.escape(str(path))} .*; .*[^.]\.", re.DOTALL)
    assert all(map(sentence.fullmatch, reasons))


def work(path: Path) -> None:
    """Read and change whatever there is, as a macro would; what is written can be read again."""
    before = path.read_bytes()
    with refusing(path):
        book = open_book(path)
        for sheet in book.sheets:
            sheet.used_range.resize(9, 9).options(ndim=2, err_to_str=True).value  # noqa: B018
            sheet["A1:H9"].formula  # noqa: B018
            for table in sheet.tables:
                table.rows.add()
                body(table)[0, 0].value = "'=changed"
            sheet["F1:G2"].value = [["text", 1], [True, None]]
            sheet["F3"].formula = "=A1+1"
            sheet["F4:G5"].number_format = "0.000"
            set_cached(book, {(sheet.name, 1, 6): 1.5})
        for name in book.names:
            with refusing(path):
                name.refers_to_range  # noqa: B018
        content = contents(book)
        assert path.read_bytes() == before
        if content is not None:
            path.write_bytes(content)
            assert contents(open_book(path)) is None


def mutated(part: str, place: float, cut: int, piece: str) -> bytes:
    data = parts(sound())[part]
    start = round(place * len(data))
    return data[:start] + piece.encode() + data[start + cut :]


@settings(max_examples=max(150, settings().max_examples), deadline=None)
@given(st.sampled_from(EDITED), st.floats(0, 1), st.integers(0, 12), PIECES)
@example(SHEET, 0.0, 0, "")
def test_a_damaged_part_is_worked_with_or_refused(
    part: str, place: float, cut: int, piece: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changed = parts(sound()) | {part: mutated(part, place, cut, piece)}
        work(packed(Path(folder, "a.xlsx"), changed))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=4),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_a_damaged_package_is_worked_with_or_refused(
    flips: list[tuple[float, int]], length: float | None
) -> None:
    data = bytearray(sound())
    for place, mask in flips:
        data[round(place * (len(data) - 1))] ^= mask
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(data if length is None else data[: round(length * len(data))])
        work(path)


@settings(max_examples=max(50, settings().max_examples // 4), deadline=None)
@given(st.sampled_from(sorted(parts(sound()))))
def test_a_missing_part_is_missed_or_not_needed(part: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        left = {name: data for name, data in parts(sound()).items() if name != part}
        work(packed(Path(folder, "a.xlsx"), left))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(sound())
    return path


def test_a_sheet_with_entities_is_refused(path: Path) -> None:
    declared = '<!DOCTYPE worksheet [<!ENTITY x "boom">]><worksheet '
    edit(path, SHEET, ("<worksheet ", declared))
    book = open_book(path)
    with pytest.raises(WorkbookError, match="DOCTYPE"):
        book.sheets["Data"]["A1"].value  # noqa: B018


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"not a zip file", "is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_is_no_package_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=rf"a\.xlsx.*{reason}"):
        open_book(path)


def test_a_document_of_another_program_is_refused(path: Path) -> None:
    edit(path, TYPES, ("spreadsheetml.sheet.main", "wordprocessingml.document.main"))
    with pytest.raises(WorkbookError, match="is a Word document"):
        open_book(path)


def test_a_strict_workbook_is_refused(path: Path) -> None:
    transitional = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    edit(path, BOOK, (transitional, "http://purl.oclc.org/ooxml/spreadsheetml/main"))
    with pytest.raises(WorkbookError, match="Strict"):
        open_book(path)


def test_a_damaged_table_is_reported_with_its_sheet(path: Path) -> None:
    edit(path, TABLE, ('ref="A4:D7"', 'ref="A4:E7"'))
    with pytest.raises(WorkbookError, match=r"sheet Data.*damaged table Spending"):
        open_book(path).sheets["Data"].tables["Spending"]


def test_a_sheet_that_nobody_asks_for_may_be_damaged(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A1"].value = "changed"
    save(book, path)
    edit(path, SHEET, ("</worksheet>", ""))
    assert [sheet.name for sheet in open_book(path).sheets] == ["Data"]


def test_a_sheet_as_large_as_can_be_is_not_read_at_once(path: Path) -> None:
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    edit(path, SHEET, ("</sheetData>", last))
    sheet = open_book(path).sheets["Data"]
    assert sheet.used_range.last_cell.value == 1
    with pytest.raises(WorkbookError, match="17,179,869,184 cells to read at once"):
        sheet.used_range.value  # noqa: B018


def endless(path: Path, piece: str) -> Path:
    """A workbook whose sheet Other has a formula and then the same beginning over and over."""

    def two(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("Other")

    cells = f'<c r="A1"><f>Data!A1</f></c>{piece * 200_000}</sheetData>'
    return edit(made(path, two), OTHER, ("</sheetData>", cells))


# Patterns that look back and forth would take minutes over these sheets.
@pytest.mark.parametrize("piece", ["<c><f/>", "<c><f>A1</f><v>", "<f "])
def test_a_sheet_of_endless_formulas_is_refused_at_once(tmp_path: Path, piece: str) -> None:
    book = open_book(endless(tmp_path / "a.xlsx", piece))
    book.sheets["Data"]["A1"].value = 1
    with pytest.raises(WorkbookError, match=r"sheet2\.xml"):
        contents(book)


@pytest.mark.parametrize("piece", ["<c a='", "<c r='A1'>", "<c><v>"])
def test_a_sheet_of_endless_cells_stays_as_it_is(tmp_path: Path, piece: str) -> None:
    path = endless(tmp_path / "a.xlsx", piece)
    book = open_book(path)
    book.sheets["Data"]["A1"].value = 1
    assert OTHER not in changed(path, saved(book))


@pytest.mark.parametrize("piece", ["'", "'a'", "[", '"', "A1:", "$", "'A1:B2'!"])
def test_a_name_of_endless_beginnings_is_kept(path: Path, piece: str) -> None:
    edit(path, BOOK, ("Data!$C$5:$C$7", html.escape(piece) * 50_000))
    book = open_book(path)
    book.sheets["Data"].tables["Spending"].rows.add()
    save(book, path)
    assert open_book(path).names["All"].refers_to == "=" + piece * 50_000
