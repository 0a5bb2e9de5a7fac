"""Formulas are read and set as Excel does, and those that share text or fill areas stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed import (
    BOOK_LINKS,
    MAIN,
    SHEET,
    TABLE,
    TYPES,
    body,
    changed,
    edit,
    formulas,
    made,
    parts,
    save,
    saved,
    spending,
    text,
)
from lxml import etree
from openpyxl import load_workbook

from commissioning.cells import Error, Value
from commissioning.engine import contents, open_book, set_cached
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

SHARED = """
<row r="20"><c r="A20"><v>1</v></c><c r="B20"><f t="shared" ref="B20:B22" si="3">A20*$A$20</f>
<v>1</v></c></row>
<row r="21"><c r="A21"><v>2</v></c><c r="B21"><f t="shared" si="3"/><v>2</v></c></row>
<row r="22"><c r="A22"><v>3</v></c><c r="B22"><f t="shared" si="3"/><v>3</v></c></row>
<row r="30"><c r="A30" cm="1"><f t="array" ref="A30:A31">B20:B21</f><v>1</v></c>
<c r="C30"><f t="array" ref="C30">SUM(A20:A22)</f><v>6</v></c></row>
<row r="31"><c r="A31"><v>2</v></c></row></sheetData>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = made(tmp_path / "a.xlsx", spending)
    return edit(path, SHEET, ("</sheetData>", SHARED))


def stored(data: bytes) -> dict[str, str | None]:
    """Cell -> its formula as the part has it, without what they share."""
    cells = etree.fromstring(parts(data)[SHEET]).iter(f"{MAIN}c")
    return {str(cell.get("r")): cell.findtext(f"{MAIN}f") for cell in cells}


def test_constants_are_read_as_the_text_that_excel_gives(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", lambda sheet: sheet.append([7, 0.5, True, "text", None]))
    book = open_book(path)
    book.sheets["Data"]["E1"].value = Error("#N/A")
    expected = ["7", "0.5", "TRUE", "text", "#N/A", ""]
    assert formulas(book.sheets["Data"]["A1:F1"]) == [expected]
    assert book.sheets["Data"]["A1"].formula == "7"


def test_a_shared_formula_is_read_as_each_of_its_cells_has_it(path: Path) -> None:
    sheet = open_book(path).sheets["Data"]
    assert [cell.formula for cell in sheet["B20:B22"]] == ["=A20*$A$20", "=A21*$A$20", "=A22*$A$20"]


def test_setting_a_formula_drops_the_value_it_had_and_is_no_change_where_it_is_there(
    path: Path,
) -> None:
    book = open_book(path)
    book.sheets["Data"]["B21"].formula = "=A21*$A$20"
    assert contents(book) is None
    book.sheets["Data"]["B21"].formula = "=A21+1"
    assert book.sheets["Data"]["B21"].value is None
    assert load_workbook(save(book, path))["Data"]["B21"].value == "=A21+1"


def test_one_formula_set_to_an_area_moves_as_excel_moves_it(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["E20:F21"].formula = '=A20+$A20+A$20+SUM(Spending[Amount])&"A20"'
    assert formulas(book.sheets["Data"]["E20:F21"]) == [
        [
            '=A20+$A20+A$20+SUM(Spending[Amount])&"A20"',
            '=B20+$A20+B$20+SUM(Spending[Amount])&"A20"',
        ],
        [
            '=A21+$A21+A$20+SUM(Spending[Amount])&"A20"',
            '=B21+$A21+B$20+SUM(Spending[Amount])&"A20"',
        ],
    ]


def test_formulas_and_constants_are_set_together_cell_by_cell(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["E20:E22"].formula = [["=A20"], [5], [None]]
    assert formulas(book.sheets["Data"]["E20:E22"]) == [["=A20"], ["5"], [""]]


def test_overwriting_the_first_cell_of_a_shared_formula_leaves_the_others_theirs(
    path: Path,
) -> None:
    book = open_book(path)
    book.sheets["Data"]["B20"].value = 1
    found = stored(saved(book))
    assert [found[cell] for cell in ("B20", "B21", "B22")] == [None, "A21*$A$20", "A22*$A$20"]
    assert 't="shared"' not in text(saved(book), SHEET)


def test_overwriting_a_later_cell_of_a_shared_formula_leaves_the_rest_shared(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["B21"].value = 1
    sheet = open_book(save(book, path)).sheets["Data"]
    assert formulas(sheet["B20:B22"]) == [["=A20*$A$20"], ["1"], ["=A22*$A$20"]]
    assert text(path, SHEET).count('t="shared"') == 2


@pytest.mark.parametrize("place", ["A30", "A31", "A31:B33"])
def test_a_part_of_an_array_formula_cannot_be_overwritten(path: Path, place: str) -> None:
    book = open_book(path)
    with pytest.raises(WorkbookError, match=r"sheet Data.*array formula in A30:A31"):
        book.sheets["Data"][place].value = 5
    assert contents(book) is None


def test_the_whole_of_an_array_formula_can_be_overwritten(path: Path) -> None:
    book = open_book(path)
    book.sheets["Data"]["A30:A31"].value = [[5], [6]]
    book.sheets["Data"]["A31"].value = 7
    book.sheets["Data"]["C30"].value = 8
    found = etree.fromstring(parts(saved(book))[SHEET])
    assert found.find(f".//{MAIN}f[@t='array']") is None
    assert found.find(f".//{MAIN}c[@cm]") is None


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=SUM(A1", r"\) is missing"),
        ("=", "empty"),
        ("1+1", "does not begin with ="),
        ("=" + "1+" * 4_200 + "1", "8,401 characters"),
    ],
)
def test_a_formula_that_excel_cannot_read_is_refused_with_its_cell(
    path: Path, formula: str, reason: str
) -> None:
    book = open_book(path)
    with pytest.raises(WorkbookError, match=f"sheet Data.*{reason}.* in E5"):
        book.sheets["Data"]["E5"].formula = formula
    assert contents(book) is None


def test_the_formula_of_a_whole_column_becomes_that_of_its_table(path: Path) -> None:
    book = open_book(path)
    table = book.sheets["Data"].tables["Spending"]
    body(table, "Double").formula = "=Spending[[#This Row],[Amount]]*3"
    body(table, "Body").formula = "=A5&C5"
    content = saved(book)
    columns = etree.fromstring(parts(content)[TABLE]).iter(f"{MAIN}calculatedColumnFormula")
    assert [column.text for column in columns] == ["A5&C5", "Spending[[#This Row],[Amount]]*3"]
    assert stored(content)["B7"] == "A7&C7"


def test_the_formula_of_some_rows_does_not_become_that_of_the_table(path: Path) -> None:
    book = open_book(path)
    table = book.sheets["Data"].tables["Spending"]
    body(table, "Double")[:2, 0].formula = "=1+1"
    body(table, "Body").formula = [["=A5"], ["=A6"], ["=1"]]
    assert TABLE not in changed(path, saved(book))


def test_worked_out_values_go_to_formulas_only_and_keep_their_types(path: Path) -> None:
    book = open_book(path)
    values: dict[tuple[str, int, int], Value] = {
        ("Data", 20, 1): 99,
        ("Data", 20, 2): "007",
        ("Data", 21, 2): True,
        ("data", 22, 2): Error("#N/A"),
        ("Data", 5, 4): "",
        ("Data", 30, 3): None,
        ("Data", 99, 99): 1,
    }
    set_cached(book, values)
    cells = {
        cell.get("r"): (cell.get("t"), cell.findtext(f"{MAIN}v"))
        for cell in etree.fromstring(parts(saved(book))[SHEET]).iter(f"{MAIN}c")
    }
    assert [cells[place] for place in ("A20", "B20", "B21", "B22", "D5", "C30")] == [
        (None, "1"),
        ("str", "007"),
        ("b", "1"),
        ("e", "#N/A"),
        ("str", ""),
        (None, None),
    ]
    again = open_book(save(book, path))
    set_cached(again, values)
    assert contents(again) is None


def test_a_worked_out_value_that_agrees_in_15_digits_is_no_change(path: Path) -> None:
    book = open_book(path)
    set_cached(book, {("Data", 20, 2): 1 + 2e-16})
    assert contents(book) is None


def with_chain(path: Path) -> Path:
    chain = f'<calcChain xmlns="{MAIN.strip("{}")}"><c r="D5" i="1"/></calcChain>'
    from closed import OFFICE, packed

    packed(path, parts(path) | {"xl/calcChain.xml": chain.encode()})
    relation = f'<Relationship Id="rIdC" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
    edit(path, BOOK_LINKS, ("</Relationships>", f"{relation}</Relationships>"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    return edit(path, TYPES, ("</Types>", override))


def test_the_calculation_chain_goes_where_formulas_come_or_go(path: Path) -> None:
    with_chain(path)
    book = open_book(path)
    book.sheets["Data"]["A1"].formula = "=1+1"
    content = saved(book)
    assert "xl/calcChain.xml" not in parts(content)
    assert "calcChain" not in text(content, TYPES) + text(content, BOOK_LINKS)


def test_the_calculation_chain_stays_where_only_values_change(path: Path) -> None:
    with_chain(path)
    book = open_book(path)
    book.sheets["Data"]["A1"].value = 7
    assert changed(path, saved(book)) == {SHEET}


def test_a_changed_file_is_worked_out_anew_when_it_is_opened(path: Path) -> None:
    def bare(sheet: Worksheet) -> None:
        sheet["A1"] = 1

    made(path, bare)
    edit(path, "xl/workbook.xml", ('<calcPr calcId="124519" fullCalcOnLoad="1"/>', ""))
    book = open_book(path)
    book.sheets["Data"]["A1"].value = 2
    root = etree.fromstring(parts(saved(book))["xl/workbook.xml"])
    assert [etree.QName(element).localname for element in root][-2:] == ["definedNames", "calcPr"]
    assert root[-1].get("fullCalcOnLoad") == "1"


def test_a_shared_formula_whose_text_is_missing_is_reported(path: Path) -> None:
    edit(path, SHEET, ('ref="B20:B22" si="3">A20*$A$20</f>', 'si="3"/>'))
    with pytest.raises(WorkbookError, match="formula of B20 is missing"):
        open_book(path).sheets["Data"]["B20"].formula  # noqa: B018 - reading it is what raises
