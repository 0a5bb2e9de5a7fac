"""What officers and refreshes do to a workbook's tables, and what its formulas then say."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from commissioning.check.figures import Ours
from commissioning.check.reader import read_workbook
from commissioning.check.references import area
from commissioning.evidence.pack import load
from commissioning.workbook.book import Book
from commissioning.workbook.layout import Layout, provenance
from commissioning.workbook.marks import entry_of_part
from commissioning.workbook.template import template
from filling import BLANK, blank
from judges import Values, formulon_values, recalculate

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from commissioning.workbook.grid import Contents

LAYOUT = blank()

#: Part -> the pack that Provenance says it was filled from; of the third it says nothing.
_PACKS = {"survey": "other 2.0", "expenditure": "other 1.0"}


class Judged(NamedTuple):
    """The changed workbook as Python, LibreOffice and a second engine work it out."""

    book: Book
    libreoffice: Values
    second: Values


def _bounds(worksheet: Worksheet) -> tuple[int, int]:
    """The first and the last row of a sheet's only table."""
    [table] = worksheet.tables.values()
    bounds = area(table.ref)
    assert bounds is not None
    return bounds.top, bounds.bottom


def _add_totals(worksheet: Worksheet) -> None:
    [table] = worksheet.tables.values()
    top, bottom = _bounds(worksheet)
    table.ref = f"A{top}:{get_column_letter(len(table.tableColumns))}{bottom + 1}"
    table.totalsRowCount = 1
    table.tableColumns[0].totalsRowLabel = worksheet.cell(bottom + 1, 1).value = "Total"


def _type_above_and_below(worksheet: Worksheet) -> None:
    top, bottom = _bounds(worksheet)
    for row in (*range(1, top), bottom + 4):
        worksheet.cell(row, 1).value = "Typed"


def _swap_first_columns(worksheet: Worksheet) -> None:
    [table] = worksheet.tables.values()
    top, bottom = _bounds(worksheet)
    for row in range(top, bottom + 1):
        first, second = worksheet.cell(row, 1), worksheet.cell(row, 2)
        first.value, second.value = second.value, first.value
    first, second = table.tableColumns[:2]
    first.name, second.name = second.name, first.name


def _rows(name: str, rows: list[Contents]) -> list[Contents]:
    if name == "Outlooks":
        return rows[::-1]
    if name == provenance.NAME:
        packs = {entry_of_part(part): pack for part, pack in _PACKS.items()}
        lost = entry_of_part("recommendations")
        return [
            {**row, provenance.WRITTEN: packs.get(str(row[provenance.ENTRY]), held)}
            for row in rows
            if (held := row[provenance.WRITTEN]) and row[provenance.ENTRY] != lost
        ]
    return rows


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """A workbook with each of its growing tables, its record and its outlooks changed."""
    sheets = tuple(
        each._replace(table=each.table._replace(rows=_rows(each.table.name, [*each.table.rows])))
        for each in LAYOUT.sheets
    )
    data = template(Layout(LAYOUT.title, sheets), load(), BLANK)
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    _type_above_and_below(workbook["Actions"])
    _add_totals(workbook["Actions"])
    _add_totals(workbook["Council expenditure"])
    _swap_first_columns(workbook["Log"])
    path = tmp_path_factory.mktemp("changed") / "changed.xlsx"
    workbook.save(path)
    return Judged(
        Ours(read_workbook(path), load()).book, recalculate([path])[0], formulon_values(path)
    )


@pytest.mark.parametrize(
    ("name", "problems"), [("Actions", 1), ("Council expenditure", 0), ("Log", 0)]
)
def test_what_stands_below_a_table_is_counted_and_its_totals_are_not(
    judged: Judged, name: str, problems: int
) -> None:
    """Neither is what stands above it; a first column moved away counts as nothing below."""
    checks = LAYOUT.sheet_of("Checks")
    names = [row["Check"] for row in checks.table.rows]
    place = checks.name, f"C{checks.row_of(names.index(f'Below {name}'))}"
    found = judged.book.find("Checks", f"Below {name}")["Problems"]
    assert [found, judged.libreoffice[place], judged.second[place]] == [problems] * 3


@pytest.mark.parametrize("sheet", ["Cover", "Sources"])
def test_it_says_from_which_pack_each_part_was_filled(judged: Judged, sheet: str) -> None:
    line = (
        "evidence packs other 2.0 (survey), other 1.0 (expenditure), "
        "not recorded (recommendations)."
    )
    for values in (judged.libreoffice, judged.second):
        texts = [str(value) for (found, _), value in values.items() if found == sheet]
        assert [text.startswith("Filled by") for text in texts if text.endswith(line)] == [True]


def test_the_weighted_balance_stays_when_the_outlooks_are_sorted(judged: Judged) -> None:
    sheet = LAYOUT.sheet_of("Balance")
    letter = get_column_letter(sheet.table.position("Weighted balance"))
    wanted = Book.fresh(LAYOUT).column("Balance", "Weighted balance")
    found = [
        judged.libreoffice[sheet.name, f"{letter}{sheet.row_of(row)}"] for row in range(len(wanted))
    ]
    assert found == pytest.approx(wanted)


def test_a_later_packs_recommendation_can_be_typed() -> None:
    limits = LAYOUT.tables["Actions"].column("Recommendation").limits
    assert limits is not None
    assert limits[1] > 2 * len(load().recommendations)
