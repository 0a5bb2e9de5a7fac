"""The judges can fail: each one catches a planted fault, and passes the same file without it."""

from __future__ import annotations

import zipfile
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

import judges
from judges import CellError, Difference, Values

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relation(kind: str, target: str) -> str:
    """A relationships part that holds one, rId1."""
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


#: The smallest workbook that Microsoft's validator accepts; what openpyxl writes is not valid.
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>""",
    "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">
<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
}


def _workbook(path: Path, *rows: str, after: str = "") -> Path:
    """A workbook with the given rows of XML on its one sheet, Data, and what comes after them."""
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, content)
    return path


def _times_three(row: int, value: str) -> str:
    """A row with 2 and, three times that, a formula with the given cached value."""
    return (
        f'<row r="{row}"><c r="A{row}"><v>2</v></c><c r="B{row}"><f>A{row}*3</f>{value}</c></row>'
    )


def _planted(path: Path) -> None:
    _workbook(path, _times_three(1, "<v>6</v>"), _times_three(2, "<v>99</v>"))


def _faulty(path: Path) -> None:
    _workbook(
        path,
        _times_three(1, ""),
        '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
        '<row r="3"><c r="A3" t="str"><f>1=1</f><v>TRUE</v></c></row>',
        '<row r="4"><c r="A4" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>',
        '<row r="5"><c r="A5" t="str"><f>""</f><v></v></c></row>',
        '<row r="6"><c r="A6" t="e"><v>#N/A</v></c></row>',
    )


def _chained(path: Path) -> None:
    """Formulas over columns of a table, whose formulas stand below them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    sheet["D1"], sheet["D2"] = "=SUM(Answers[Share])", '=COUNTIF(Answers[Share],">0.5")'
    sheet["A3"], sheet["B3"] = "Count", "Share"
    for row, count in enumerate((1, 3), start=4):
        sheet.cell(row, 1, count)
        sheet.cell(row, 2, "=Answers[[#This Row],[Count]]/SUM(Answers[Count])")
    sheet.add_table(Table(displayName="Answers", ref="A3:B5"))
    book.save(path)


def _number(number: int, path: Path) -> None:
    _workbook(path, f'<row r="1"><c r="A1"><f>{number}*1</f><v>0</v></c></row>')


_WORKBOOKS: dict[str, Callable[[Path], None]] = {
    "planted": _planted,
    "faulty": _faulty,
    "chained": _chained,
    "five": partial(_number, 5),
    "seven": partial(_number, 7),
}


class Judged(NamedTuple):
    """What a workbook stores, and what an engine makes of it."""

    stored: Values
    computed: Values


@pytest.fixture(scope="module", params=["LibreOffice", "formulon"])
def judged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Judged]:
    """The workbooks, all of one name, as each engine works them out."""
    paths = []
    for make in _WORKBOOKS.values():
        paths.append(tmp_path_factory.mktemp("judged") / "same.xlsx")
        make(paths[-1])
    computed = (
        judges.recalculate(paths)
        if request.param == "LibreOffice"
        else map(judges.formulon_values, paths)
    )
    found = map(Judged, map(judges.cached, paths), computed)
    return dict(zip(_WORKBOOKS, found, strict=True))


def test_a_planted_wrong_cached_value_is_caught_and_a_right_one_passes(
    judged: dict[str, Judged],
) -> None:
    assert judges.differences(*judged["planted"]) == [Difference("Data", "B2", 99.0, 6.0)]


def test_missing_cached_values_error_cells_and_wrong_kinds_are_reported(
    judged: dict[str, Judged],
) -> None:
    assert judges.differences(*judged["faulty"]) == [
        Difference("Data", "B1", None, 6.0),
        Difference("Data", "A2", CellError("#DIV/0!"), CellError("#DIV/0!")),
        Difference("Data", "A3", "TRUE", True),
        Difference("Data", "A6", None, CellError("#N/A")),
    ]


def test_a_chain_of_table_columns_is_worked_out_to_its_end(judged: dict[str, Judged]) -> None:
    values = judged["chained"].computed
    assert [values["Data", cell] for cell in ("B4", "B5", "D1", "D2")] == [0.25, 0.75, 1, 1]


def test_several_workbooks_of_one_name_are_worked_out_in_their_order(
    judged: dict[str, Judged],
) -> None:
    assert [judged[name].computed["Data", "A1"] for name in ("five", "seven")] == [5, 7]


def test_an_engine_whose_values_never_settle_says_so(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "random.xlsx", '<row r="1"><c r="A1"><f>RAND()</f></c></row>')
    with pytest.raises(RuntimeError, match=r"random\.xlsx: the values of formulon do not settle"):
        judges.formulon_values(path)


@pytest.mark.parametrize(
    ("stored", "computed", "agree"),
    [
        (1.0, 1.0 + 9e-10, True),
        (1.0, 1.0 + 2e-9, False),
        (1e12, 1e12 + 500.0, True),
        (0.0, 9e-10, True),
        (1.0, True, False),
        ("1", 1.0, False),
        ("#N/A", CellError("#N/A"), False),
        ("a", "A", False),
        ("", None, False),
    ],
)
def test_numbers_agree_to_a_billionth_and_all_else_exactly(
    stored: judges.Value, computed: judges.Value, *, agree: bool
) -> None:
    found = judges.differences({("Data", "A1"): stored}, {("Data", "A1"): computed})
    assert found == ([] if agree else [Difference("Data", "A1", stored, computed)])


def test_the_validator_catches_an_invalid_element_and_passes_a_valid_file(tmp_path: Path) -> None:
    valid = _workbook(tmp_path / "valid.xlsx", _times_three(1, "<v>6</v>"))
    broken = _workbook(tmp_path / "broken.xlsx", after="<nonsense/>")
    [fault] = judges.validator_errors([valid, broken])
    assert fault.startswith("broken.xlsx /xl/worksheets/sheet1.xml ")
    assert "nonsense" in fault


def test_the_validator_reports_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    (path := tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    assert len(judges.validator_errors([path])) == 1


def test_pages_are_rendered_as_pictures_that_replace_earlier_ones(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "page [1].xlsx", _times_three(1, "<v>6</v>"))
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "page [1]-page-2.png").touch()
    [page] = judges.rendered_pages(path, folder)
    assert page.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_a_missing_judge_skips_a_users_test_and_fails_in_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"soffice is not on PATH: install LibreOffice\."):
        judges.require("soffice")
