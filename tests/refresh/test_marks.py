"""A mark is the same for what programs take for the same, and differs for everything else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.cells import serial
from commissioning.workbook.grid import Formula
from commissioning.workbook.marks import declared_formula, entries, mark, normal
from filling import blank

LAYOUT = blank()


@pytest.mark.parametrize(
    "other",
    [
        'IF(Actions[[#This Row],[Due input]]<AsAt,Settings!$B$4,"A  b")',
        'IF([@[Due input]]<AsAt,Settings!$B$4,"A  b")',
        "IF([@[Due input]] < ASAT, 'Settings'!$B$4, \"A  b\")",
        "if(Actions[@[Due input]]<AsAt,'Settings'!$C$9,\"A  b\")",
        'IF([[#This Row],[Due input]]<AsAt,Settings!$B$4,"A  b")',
    ],
)
def test_a_formula_is_the_same_however_programs_write_it(other: str) -> None:
    written = "IF(Actions[[#This Row],[Due input]]<AsAt,'Settings'!$B$4,\"A  b\")"
    assert normal(other, "Actions") == normal(written, "Actions")


@pytest.mark.parametrize(
    "other",
    [
        'IF([@[Due input]]<AsAt,"A b")',
        'IF([@[Due input]]<AsAt,"a  b")',
        'IF([@[Start input]]<AsAt,"A  b")',
        'IF([@[Due input]]<=AsAt,"A  b")',
        'IF(Other[@[Due input]]<AsAt,"A  b")',
    ],
)
def test_another_formula_is_another(other: str) -> None:
    assert normal(other, "Actions") != normal('IF([@[Due input]]<AsAt,"A  b")', "Actions")


def test_every_declared_formula_of_the_workbook_has_a_normal_form_of_its_own_in_its_table() -> None:
    for table in LAYOUT.tables.values():
        formulas = [column.formula for column in table.columns if column.formula]
        texts = {formula.text for formula in formulas}
        assert len({declared_formula(each, table.name) for each in formulas}) == len(texts)


def test_values_that_compare_equal_in_a_workbook_have_one_mark() -> None:
    day = dt.date(2026, 11, 22)
    assert mark("Due", day, "T") == mark("Due", serial(day), "T") == mark("Due", 46348.0, "T")
    assert mark("Due", None, "T") == mark("Due", "", "T")


@given(
    st.lists(st.one_of(st.integers(-(10**9), 10**9), st.text(max_size=20)), unique=True, max_size=9)
)
def test_different_values_have_different_marks(values: list[int | str]) -> None:
    assert len({mark("Heading", value, "T") for value in values}) == len(
        {"" if value is None else value for value in values}
    )


def test_text_of_digits_number_formula_and_heading_all_count() -> None:
    found = {
        mark("A", "1", "T"),
        mark("A", 1, "T"),
        mark("A", "=1", "T"),
        mark("A", Formula("1", lambda _, __: 1), "T"),
        mark("B", 1, "T"),
    }
    assert len(found) == 5


def test_the_record_has_an_entry_for_every_row_formula_and_line_of_the_program() -> None:
    found = entries(LAYOUT.sheets)
    assert "Actions: R1-01" in found
    assert "Actions column: RAG" in found
    assert "Cover line: 0" in found
    # The officer names service areas and writes the log.
    assert not any(entry.startswith(("CouncilExpenditure:", "ChangeLog:")) for entry in found)
    assert all(held for held in found.values())
