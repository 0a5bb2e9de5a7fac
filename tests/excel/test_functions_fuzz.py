"""Whatever comes in, a value or a native error comes out; names and ranges keep their rules."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commissioning.evidence.pack import load
from commissioning.excel.answer import answer
from commissioning.excel.declared import DECLARED, FUNCTIONS
from commissioning.excel.values import OMITTED

if TYPE_CHECKING:
    from commissioning.excel.registry import Function

NAMES = ["SME", "net balance", "row total", "b", "yes", "count", "VCS", "SMEs", "4", "Complete"]

scalars = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["#N/A", "#DIV/0!", -2146826246, "", " ", "12%", "(5)", "{1}", *NAMES])
    | st.floats(0, 120)
    | st.dates()
    | st.datetimes()
    | st.decimals()
    | st.complex_numbers()
    | st.binary(max_size=3)
    | st.builds(np.float32, st.floats(width=32))
    | st.builds(np.int64, st.integers(-(2**63), 2**63 - 1))
    | st.just(np.datetime64("NaT"))
    | st.builds(object)
    | st.timedeltas()
)
rows = st.lists(st.lists(scalars, max_size=4) | scalars, max_size=4)
junk = scalars | rows | rows.map(tuple) | st.just(OMITTED)


def is_cell(cell: object) -> bool:
    finite = not isinstance(cell, float) or math.isfinite(cell)
    return isinstance(cell, (str, float, int, bool)) and finite


@pytest.mark.parametrize("function", DECLARED, ids=lambda function: function.name)
@settings(deadline=None)
@given(data=st.data())
def test_any_junk_gives_a_value_or_rows_of_values(function: Function, data: st.DataObject) -> None:
    most = len(function.arguments)
    arguments = data.draw(st.lists(junk, min_size=min(1, most), max_size=most + 1))
    found, reasons = answer(function, arguments)
    if isinstance(found, list):
        assert len({len(row) for row in found}) == 1
        assert all(is_cell(cell) for row in found for cell in row)
    else:
        assert is_cell(found)
    assert all(reason.startswith(function.name) and reason.endswith(".") for reason in reasons)


def _names() -> list[tuple[str, str, str]]:
    """Names with the function that knows them and the code that they stand for."""
    evidence = load()
    named: list[tuple[str, str, str | None, str]] = [
        *(("SHIFT", p.provider, p.aliases, p.label) for p in evidence.providers),
        *(("EXPENDITURE", c.item, c.aliases, c.label) for c in evidence.expenditure),
        *(("CLAIM", c.claim, None, c.statement) for c in evidence.claims),
        *(
            ("RECOMMENDATION", str(r.recommendation), None, r.title)
            for r in evidence.recommendations
        ),
    ]
    return [
        (f"LOCALIS_{function}", code, name)
        for function, code, aliases, label in named
        for name in (code, label, *(aliases.split("|") if aliases else ()))
    ]


@given(named=st.sampled_from(_names()), data=st.data())
def test_a_name_matches_whatever_its_case_spaces_and_hyphens(
    named: tuple[str, str, str], data: st.DataObject
) -> None:
    function, code, name = named
    letters = [data.draw(st.sampled_from([letter.upper(), letter.lower()])) for letter in name]
    gaps = data.draw(
        st.lists(
            st.sampled_from(["", "", " ", "-", "\u00a0", "\u2013"]),
            min_size=len(name),
            max_size=len(name),
        )
    )
    written = "".join(letter + gap for letter, gap in zip(letters, gaps, strict=True))
    expected = answer(FUNCTIONS[function], [code])
    assert answer(FUNCTIONS[function], [f" {written}"]) == expected
    assert not expected.reasons


#: Cells for each argument of the functions that work cell by cell, with some faults.
CELLS: dict[str, tuple[list[object], ...]] = {
    "LOCALIS_SHIFT": (["SME", "VCS", "x", None], ["more", "ratio", "x", None], ["row", None]),
    "LOCALIS_SURVEY": (["a", "b", "x", None], ["yes", "in-house", "x"], ["count", "low", "x"]),
    "LOCALIS_EXPENDITURE": (["procurement", "non-external", "x", 7.0, None, "#REF!"],),
    "LOCALIS_NONEXTERNAL": ([1.5, "2", "x", None], [3.0, None, True], [0.5, "#N/A"]),
    "LOCALIS_CLAIM": (["SMEs", "large", "x"], ["verdict", "printed", "on row total", None]),
    "LOCALIS_RECOMMENDATION": ([1.0, "2", 3, -4.0, None], ["title", "actions", "x", None]),
    "LOCALIS_INTERVAL": (
        [1.0, 50.0, None],
        [100.0, 0.0, 3.0],
        ["low", "high"],
        [0.9, 2.0],
        [353.0],
    ),
    "LOCALIS_SCENARIO": ([100.0, "x", None], [0.1, 2.0], ["SME", "in-house"], [0.5, None]),
}


@pytest.mark.parametrize("name", CELLS)
@settings(deadline=None)
@given(data=st.data())
def test_a_range_gives_its_own_shape_and_what_each_cell_gives_alone(
    name: str, data: st.DataObject
) -> None:
    function, choices = FUNCTIONS[name], CELLS[name]
    height, width = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    assume(height * width > 1)

    def grid(cells: list[object], height: int, width: int) -> list[list[object]]:
        cell = st.sampled_from(cells)
        lines = st.lists(cell, min_size=width, max_size=width)
        drawn: list[list[object]] = data.draw(st.lists(lines, min_size=height, max_size=height))
        return drawn

    def place(drawn: list[list[object]], row: int, column: int) -> object:
        return drawn[min(row, len(drawn) - 1)][min(column, len(drawn[0]) - 1)]

    sizes = st.sampled_from([(height, width), (1, width), (height, 1), (1, 1)])
    grids = [grid(cells, *data.draw(sizes)) for cells in choices]
    grids[0] = grid(choices[0], height, width)
    # Blanks at the end would be left off.
    grids[0][-1][-1] = choices[0][0]
    expected = [
        [answer(function, [place(g, row, column) for g in grids]).value for column in range(width)]
        for row in range(height)
    ]
    assert answer(function, grids).value == expected


def test_dates_and_odd_values_are_refused_by_name() -> None:
    found = answer(FUNCTIONS["LOCALIS_SHIFT"], [dt.datetime(2026, 11, 22, tzinfo=dt.UTC)])
    assert found.value == "#VALUE!"
    assert "2026-11-22" in found.reasons[0]
