"""`localis import` into a workbook that an officer has made their own, in whatever way."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from imports import LAYOUT, MAY, REGISTER, write_files
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn

import rich
from commissioning.check import lint
from commissioning.check.findings import RULES
from commissioning.check.reader import read_workbook
from commissioning.cli import main
from example import CHOICES, TYPED
from filling import filled_bytes
from judges import CellError, cached, differences, recalculate, validator_errors
from rich_compare import SHARED, charts, drawn, lost, ours
from rich_package import Draft, relations_part
from running import runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from running import Run

BASE = filled_bytes(TYPED, CHOICES)
VBA = "xl/vbaProject.bin"
#: What is imported first, and what once the officer has done something.
FIRST = (("spend", "april.csv"), ("contracts", "register.csv"))
AGAIN = (("spend", "may.csv"), ("contracts", "register.csv"))
_LATER = "C9,Paving,Turnpike Surfacing,500,01/04/2026,31/03/2028,,Yes\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def _import(run: Run, imports: Sequence[tuple[str, str]]) -> str:
    """Import files; returns what the commands printed."""
    ran = [run("import", kind, name, "--into", "Plan.xlsx") for kind, name in imports]
    assert {each.code for each in ran} <= {0, 1}
    return "".join(each.out for each in ran)


def _edit(name: str, change: Callable[[Worksheet], None]) -> None:
    """Change the sheet of a table as an officer would."""
    book = openpyxl.load_workbook("Plan.xlsx")
    change(book[LAYOUT.sheet_of(name).name])
    book.save("Plan.xlsx")


def _table(name: str) -> list[dict[str, Any]]:
    """The rows of a table, wherever it and its columns stand; a row of totals is left out."""
    sheet = openpyxl.load_workbook("Plan.xlsx", data_only=True)[LAYOUT.sheet_of(name).name]
    table = sheet.tables[name]
    left, top, right, bottom = range_boundaries(table.ref)
    heading, *rows = sheet.iter_rows(
        top, int(bottom or 0) - (table.totalsRowCount or 0), left, right, values_only=True
    )
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def _held() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in Path().iterdir()
        if path.suffix in {".xlsx", ".parquet"}
    }


def _repairs(path: Path) -> list[str]:
    """What Excel would offer to repair."""
    found = lint(read_workbook(path))
    return [str(each) for each in found if RULES[each.rule].group == "repair"]


def _paid() -> dict[str, float]:
    return {str(row["Supplier"]): row["Paid £"] for row in _table("Suppliers")}


@pytest.fixture(scope="module", params=[".xlsx", ".xlsm"])
def worked_on(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """A workbook with every feature of Excel, before and after imports of all kinds."""
    folder = tmp_path_factory.mktemp("rich")
    old, new = (folder / f"{name}{request.param}" for name in ("old", "new"))
    data = rich.rich_bytes(BASE, macros=request.param == ".xlsm")
    old.write_bytes(data)
    new.write_bytes(data)
    with contextlib.chdir(folder):
        write_files()
        for kind, file in (*FIRST, ("survey", "survey.csv"), *AGAIN):
            assert main(["import", kind, file, "--into", str(new)]) in {0, 1}
    return old, new


def _fillable(draft: Draft) -> dict[str, set[str]]:
    """The cells that imports may fill, by the part of their sheet: a refresh fills fewer."""
    found = ours(draft, LAYOUT)
    for sheet in LAYOUT.sheets:
        table, first = sheet.table, sheet.header_row + 1
        headings = [column.heading for column in table.columns if column.imported]
        # The blank row with which an empty table starts gets a key.
        headings += [] if table.rows else [table.key]
        found[draft.sheet(sheet.name)] |= {
            f"{get_column_letter(table.position(heading))}{first + row}"
            for heading in headings
            for row in range(len(table.body))
        }
    return found


def test_every_feature_of_a_rich_workbook_survives_byte_for_byte(
    worked_on: tuple[Path, Path],
) -> None:
    before, after = (Draft(path.read_bytes()) for path in worked_on)
    assert rich.present(before.parts) - rich.present(after.parts) == {"calculation chain"}
    fillable = _fillable(before)
    editable = {*SHARED, "xl/calcChain.xml"}
    for sheet in fillable:
        editable |= {sheet, before.related(sheet, "table"), relations_part(sheet)}
    ours_drawn = {chart for sheet in fillable for chart in charts(before, sheet)}
    for chart in ours_drawn:
        assert drawn(before.parts[chart]) == drawn(after.parts[chart])
    found = {
        name: lost(data, after.parts[name], fillable.get(name, ()))
        if name in editable and name in after.parts
        else "changed"
        for name, data in before.parts.items()
        if after.parts.get(name) != data and name not in {"xl/calcChain.xml", *ours_drawn}
    }
    assert {name: losses for name, losses in found.items() if losses} == {}
    if worked_on[0].suffix == ".xlsm":
        assert before.parts[VBA] == after.parts[VBA]


def test_a_rich_workbook_is_sound_after_imports(worked_on: tuple[Path, Path]) -> None:
    _, new = worked_on
    assert _repairs(new) == []
    assert validator_errors([new]) == []
    layout = {sheet.name for sheet in LAYOUT.sheets}
    wrong = [
        each
        for each in differences(cached(new), recalculate([new])[0])
        # The officer's own formulas have no value until their program has worked them out.
        if each.sheet in layout
        and not (each.stored is None or isinstance(each.computed, CellError))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["Suppliers", "Contracts", "Provenance"])
def test_a_protected_sheet_is_refused_in_one_sentence(run: Run, name: str) -> None:
    _import(run, FIRST)

    def protect(sheet: Worksheet) -> None:
        sheet.protection.sheet = True

    _edit(name, protect)
    before = _held()
    kind, file, text = ("spend", "may.csv", MAY)
    if name == "Contracts":
        kind, file, text = ("contracts", "register.csv", f"{REGISTER}{_LATER}")
    Path(file).write_text(text, encoding="utf-8")
    ran = run("import", kind, file, "--into", "Plan.xlsx")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert f"Plan.xlsx (sheet {name}) is protected and the " in ran.err
    assert "is locked; unprotect the sheet in Excel." in ran.err
    assert _held() == before


def test_without_room_to_grow_one_sentence_names_the_cell(run: Run) -> None:
    _import(run, FIRST)

    def note_below(sheet: Worksheet) -> None:
        sheet.cell(sheet.max_row + 2, 1, "Checked by Ann")

    _edit("Suppliers", note_below)
    before = _held()
    ran = run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert "the table Suppliers has to grow by 2 rows, and Suppliers!A" in ran.err
    assert _held() == before


def _switch_on_totals(sheet: Worksheet) -> None:
    """A row of totals as Excel makes it."""
    [table] = sheet.tables.values()
    left, top, right, bottom = map(int, range_boundaries(table.ref))  # type: ignore[arg-type]
    table.ref = f"A{top}:{get_column_letter(right)}{bottom + 1}"
    table.totalsRowCount = 1
    first, money = table.tableColumns[0], next(c for c in table.tableColumns if "£" in c.name)
    first.totalsRowLabel, money.totalsRowFunction = "Total", "sum"
    sheet.cell(bottom + 1, left, "Total")
    place = left + table.tableColumns.index(money)
    sheet.cell(bottom + 1, place, f"=SUBTOTAL(109,{table.name}[[{money.name}]])")


@pytest.mark.parametrize("name", ["Spend", "Contracts"])
def test_a_row_of_totals_stays_below_and_counts_what_is_added(run: Run, name: str) -> None:
    _import(run, FIRST)
    _edit(name, _switch_on_totals)
    Path("register.csv").write_text(f"{REGISTER}{_LATER}", encoding="utf-8")
    _import(run, AGAIN)
    path, sheet = Path("Plan.xlsx"), LAYOUT.sheet_of(name)
    [found] = recalculate([path])
    rows = len(_table(name))
    assert rows == {"Suppliers": 6, "Spend": 6, "PaymentFiles": 2, "Contracts": 4}[name]
    heading = next(c.heading for c in LAYOUT.tables[name].columns if "£" in c.heading)
    place = f"{get_column_letter(sheet.table.position(heading))}{sheet.header_row + rows + 1}"
    wanted = 1_500_500 if name == "Contracts" else 5150.75
    assert found[sheet.name, place] == pytest.approx(wanted)
    assert _repairs(path) == []


def _turn_round(sheet: Worksheet) -> None:
    """Move the columns of the table into the opposite order, with everything in them."""
    [table] = sheet.tables.values()
    left, top, right, bottom = map(int, range_boundaries(table.ref))  # type: ignore[arg-type]
    for row in sheet.iter_rows(top, bottom, left, right):
        held = [(cell.value, cell.data_type) for cell in row]
        for cell, (value, kind) in zip(row, reversed(held), strict=True):
            cell.value, cell.data_type = value, kind
    table.tableColumns.reverse()
    for number, column in enumerate(table.tableColumns, 1):
        column.id = number


def _add_column(sheet: Worksheet) -> None:
    """A column of the officer's own at the right end of the table, with a note in each row."""
    [table] = sheet.tables.values()
    left, top, right, bottom = map(int, range_boundaries(table.ref))  # type: ignore[arg-type]
    sheet.cell(top, right + 1, "Cost centre")
    for row in range(top + 1, bottom + 1):
        sheet.cell(row, right + 1, f"CC{row}")
    area = f"A{top}:{get_column_letter(right + 1)}{bottom}"
    table.ref = area
    if table.autoFilter:
        table.autoFilter.ref = area
    table.tableColumns.append(TableColumn(id=right - left + 2, name="Cost centre"))


@pytest.mark.parametrize("change", [_turn_round, _add_column])
def test_moved_and_added_columns_are_found_by_their_headings(
    run: Run, change: Callable[[Worksheet], None]
) -> None:
    _import(run, FIRST)
    for name in ("Suppliers", "Spend", "Contracts"):
        _edit(name, change)
    Path("register.csv").write_text(f"{REGISTER}{_LATER}", encoding="utf-8")
    _import(run, AGAIN)
    paid = _paid()
    assert (paid["FENBROOK CARE LIMITED"], paid["Turnpike Surfacing"]) == (3200.5, 700)
    contracts = {row["Contract"]: row for row in _table("Contracts")}
    assert (contracts["C9"]["Value £"], contracts["C9"]["In register"]) == (500, "Yes")
    assert contracts["C9"]["Standing"] == "Ends within the horizon"
    path = Path("Plan.xlsx")
    assert differences(cached(path), recalculate([path])[0]) == []
    assert _repairs(path) == []


def test_a_column_of_the_officers_own_keeps_its_notes_and_is_empty_in_new_rows(run: Run) -> None:
    _import(run, FIRST)
    _edit("Suppliers", _add_column)
    before = {row["Supplier key"]: row["Cost centre"] for row in _table("Suppliers")}
    printed = _import(run, [("spend", "may.csv")])
    after = {row["Supplier key"]: row["Cost centre"] for row in _table("Suppliers")}
    assert {key: after[key] for key in before} == before
    assert {after[key] for key in after.keys() - before.keys()} == {None}
    assert "your column Cost centre" in printed
