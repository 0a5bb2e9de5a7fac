"""Whatever an officer did to the workbook, on the file: all of it is there after a refresh.

The edits are made with openpyxl, which also reads the result: neither shares code with the engine.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commissioning.check import check_file
from commissioning.cli import main
from commissioning.evidence.pack import load
from example import CHOICES, TYPED
from filling import blank, filled_bytes
from rich_evidence import changed_pack

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LAYOUT = blank()
ACTIONS = LAYOUT.sheet_of("Actions")
_INPUTS = [c.heading for c in ACTIONS.table.columns if c.input]
_FIRST = ACTIONS.row_of(0)
_MONEY = LAYOUT.sheet_of("CouncilExpenditure").row_of(0)
_LAST = ACTIONS.row_of(len(ACTIONS.table.rows) - 1)

_VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12),
    st.integers(-(10**12), 10**12),
    st.floats(-1, 1).map(lambda value: round(value, 6)),
    st.sampled_from(["007", "#N/A", "=1+2", "Complete", "12345678901234567890", "TRUE", " x "]),
)
_EDIT = st.tuples(
    st.sampled_from(["input", "money", "own sheet", "own column", "hide", "settings"]),
    st.integers(0, 38),
    st.sampled_from(_INPUTS),
    _VALUES,
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed_pack(tmp_path_factory.mktemp("packs") / "pack")


def _edited(edits: list[tuple[str, int, str, Any]], order: list[int]) -> bytes:
    """The filled workbook after an officer's edits, its tracker's rows in another order."""
    book = openpyxl.load_workbook(io.BytesIO(filled_bytes(TYPED, CHOICES)))
    actions = book["Actions"]
    own = book.create_sheet("My own 'notes'")
    for number, (kind, row, heading, value) in enumerate(edits, 1):
        if kind == "input":
            actions.cell(_FIRST + row, ACTIONS.table.position(heading), value)
        elif kind == "money":
            book["Council expenditure"].cell(_MONEY + row % 10, 2 + row % 3, value)
        elif kind == "settings":
            book["Settings"].cell(4 + row % 2, 2, value)
        elif kind == "own column":
            # Beside the table, on a row of it.
            actions.cell(_FIRST + row, len(ACTIONS.table.columns) + 2, value)
        elif kind == "hide":
            actions.row_dimensions[_FIRST + row].hidden = True
        own.cell(number, 1 + row, value)
    own.append(["=SUM(Actions[Progress])", "=COUNTA(A:A)"])
    _sort(actions, order)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sort(actions: Worksheet, order: list[int]) -> None:
    """Put the rows of the tracker into another order, as sorting does."""
    width = len(ACTIONS.table.columns)
    rows = [
        [actions.cell(row, column).value for column in range(1, width + 1)]
        for row in range(_FIRST, _LAST + 1)
    ]
    for row, source in enumerate(order, _FIRST):
        for column, value in enumerate(rows[source], 1):
            actions.cell(row, column).value = value


def _typed(book: Workbook) -> dict[tuple[str, ...], Any]:
    """Everything the officer typed: cells of own places, and input cells by their row's key."""
    found: dict[tuple[str, ...], Any] = {}
    for sheet in LAYOUT.sheets:
        table, cells = sheet.table, book[sheet.name]
        bottom = max(cells.max_row, sheet.header_row)
        for row in range(sheet.header_row + 1, bottom + 1):
            key = str(cells.cell(row, table.position(table.key)).value)
            for position, column in enumerate(table.columns, 1):
                if column.input and table.name != "ChangeLog":
                    found[sheet.name, key, column.heading] = cells.cell(row, position).value
    for cell in (cell for row in book["My own 'notes'"].iter_rows() for cell in row):
        found["own", cell.coordinate] = (cell.value, cell.data_type)
    beside = len(ACTIONS.table.columns) + 2
    for row in range(_FIRST, _LAST + 1):
        found["beside", str(row)] = book["Actions"].cell(row, beside).value
        found["hidden", str(row)] = book["Actions"].row_dimensions[row].hidden
    return found


@settings(
    max_examples=4 if settings().max_examples < 1000 else 100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(_EDIT, max_size=12), st.permutations(range(39)))
def test_nothing_typed_into_a_file_is_lost_and_once_is_enough(
    pack: Path,
    tmp_path_factory: pytest.TempPathFactory,
    edits: list[tuple[str, int, str, Any]],
    order: list[int],
) -> None:
    path = tmp_path_factory.mktemp("case") / "book.xlsx"
    path.write_bytes(_edited(edits, order))
    before = _typed(openpyxl.load_workbook(path))
    assert main(["refresh", str(path), "--evidence", str(pack)]) in {0, 1}
    after = _typed(openpyxl.load_workbook(path))
    assert {place: after.get(place) for place in before} == before
    # Typing may break the checks of the workbook, never the figures or the file; what depends on
    # a formula that nobody has worked out yet has no value.
    unknown = any(value == "=1+2" for *_, value in edits)
    rules = {
        finding.rule
        for finding in check_file(path, load(pack))
        if finding.where and not (unknown and "the file holds None" in finding.message)
    }
    assert not rules & {"figures", "replaced", "names", "tables"}
    once = path.read_bytes()
    assert main(["refresh", str(path), "--evidence", str(pack)]) in {0, 1}
    assert path.read_bytes() == once
