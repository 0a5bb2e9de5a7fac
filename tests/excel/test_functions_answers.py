"""What officers hand to the functions, and the values or native errors that they get back."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pytest

from commissioning.cells import Error
from commissioning.excel import values
from commissioning.excel.answer import MOST_REASONS, answer
from commissioning.excel.declared import DECLARED, FUNCTIONS
from commissioning.excel.values import OMITTED

ROWS_OF_A_SHEET = 1_048_576


def value(name: str, *arguments: object) -> object:
    return answer(FUNCTIONS[f"LOCALIS_{name}"], arguments).value


def reasons(name: str, *arguments: object) -> list[str]:
    return answer(FUNCTIONS[f"LOCALIS_{name}"], arguments).reasons


SME = value("SHIFT", "SME")
VCS = value("SHIFT", "VCS")


@pytest.mark.parametrize(
    ("call", "error", "accepted"),
    [
        (("SHIFT", "charity shops"), "#N/A", "large, SME, in-house, other-public or VCS"),
        (("SHIFT", "SME", "mood"), "#N/A", "net balance"),
        (("SHIFT", "SME", "more", "93"), "#N/A", "as published or row total"),
        (("SHIFT", True), "#VALUE!", "provider must be text"),
        (("SHIFT", dt.date(2026, 11, 22)), "#VALUE!", "provider must be text"),
        (("SHIFT", OMITTED, "more"), "#VALUE!", "provider is missing"),
        (("SURVEY", "e"), "#N/A", "a, b, c or d"),
        (("SURVEY", "b", "maybe"), "#N/A", "yes or no"),
        (("SURVEY", "b", None, "share"), "#VALUE!", "yes or no"),
        (("SURVEY", "d", "SME", "skipped"), "#N/A", "no skipped"),
        (("EXPENDITURE", "wages"), "#N/A", "procurement, contractors, employees"),
        (("CLAIM", "SMEs", "mood"), "#N/A", "worked out, printed"),
        (("RECOMMENDATION", 10), "#N/A", "8 or 9"),
        (("RECOMMENDATION", -4), "#N/A", "8 or 9"),
        (("RECOMMENDATION", 4.5), "#N/A", "8 or 9"),
        (("NONEXTERNAL", "lots", 1, 1), "#VALUE!", "procurement must be a number, not 'lots'"),
        (("NONEXTERNAL", 1, True, 1), "#VALUE!", "external_contractors must be a number"),
        (("NONEXTERNAL", 1, dt.date(2026, 11, 22), 1), "#VALUE!", "must be a number"),
        (("NONEXTERNAL", 1, 2), "#VALUE!", "other_employees is missing"),
        (("NONEXTERNAL", 1, 2, 3, 4), "#VALUE!", "too many arguments"),
        (("NONEXTERNAL", 1e308, -1e308, 1e308), "#NUM!", "too large"),
        (("NONEXTERNAL", "1e999", 0, 0), "#NUM!", "too large"),
        (("COMPARE", "b", "yes", 5, 4), "#NUM!", "between 0 and the base"),
        (("COMPARE", "b", "yes", 5, 9, "balance", None, 2), "#VALUE!", "name one of question d"),
        (("COMPARE", "d", "SME", 5, 9, "balance"), "#VALUE!", "fewer is missing"),
        (("COMPARE", "d", "SME", 5, 9, "balance", None, 5), "#NUM!", "5 and 5 are not counts of 9"),
        (("COMPARE", "d", "SME", 0, 0, "own balance", None, 0), "#DIV/0!", "base is 0"),
        (("PROGRESS", "Done"), "#N/A", "Complete, Not applicable or Retired"),
        (("PROGRESS", "Retired"), "#DIV/0!", "no base"),
        (("PROGRESS", None), "#DIV/0!", "no base"),
        (("PROGRESS", "On hold", 1.5), "#NUM!", "between 0% and 100%"),
        (("PROGRESS", "On hold", None, -1), "#NUM!", "not be negative"),
        (("PROGRESS", [["Complete"], ["On hold"]], None, 2), "#VALUE!", "weights 1 by 1"),
        (("PROGRESS", [["Complete"], ["On hold"]], [[1, 1]]), "#VALUE!", "percents 1 by 2"),
        (("INTERVAL", 84, 0), "#DIV/0!", "base is 0 or blank"),
        (("INTERVAL", 0, None), "#DIV/0!", "base is 0 or blank"),
        (("INTERVAL", 104, 103), "#NUM!", "not between 0 and the base"),
        (("INTERVAL", 84, 103, "middle"), "#N/A", "low or high"),
        (("INTERVAL", 84, 103, "low", 95), "#NUM!", "not between 0 and 1"),
        (("INTERVAL", 84, 103, "low", None, 50), "#NUM!", "below the base"),
        (("BALANCE", [[0, 0, 0, 0, 0]]), "#DIV/0!", "no base"),
        (("BALANCE", [[1, 2, 3, 4, 5, 6]]), "#VALUE!", "6 cells in a row"),
        (("BALANCE", [[1, 2, 3]]), "#VALUE!", "give 5, with 0 where there is none"),
        (("BALANCE", [[1, -2, 3, 4, 5]]), "#NUM!", "not be negative"),
        (("BALANCE", [[1, 2, 3, 0, 0]], "ratio"), "#N/A", "no ratio"),
        (("BALANCE", [[1, "two", 3, 0, 0]]), "#VALUE!", "must be a number, not 'two'"),
        (("SCENARIO", 100, 1.5), "#NUM!", "not between 0 and 1"),
        (("SCENARIO", 100, 0.5, "in-house"), "#N/A", "large, SME, other-public or VCS"),
        (("SCENARIO", 100, 0.5, "SME", 2), "#NUM!", "between 0% and 100%"),
        (("SCENARIO", 100, 0.5, None, 0.5), "#VALUE!", "name one"),
    ],
    ids=lambda case: repr(case)[:60],
)
def test_what_cannot_be_answered_is_a_native_error_with_its_reason(
    call: tuple[str, object], error: str, accepted: str
) -> None:
    assert isinstance(value(*call), Error)
    assert value(*call) == error
    [reason] = reasons(*call)
    assert accepted in reason
    assert reason.startswith(f"LOCALIS_{call[0]}: ")
    assert reason.endswith(".")


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#SPILL!", "#CALC!"])
def test_an_error_in_an_argument_passes_through_without_a_reason(error: str) -> None:
    assert value("SHIFT", error) == error
    assert value("SHIFT", "SME", error) == error
    assert value("NONEXTERNAL", 1, error, 1) == error
    assert value("SHIFT", [["SME"], [error]]) == [[SME], [error]]
    assert value("PROGRESS", [["Complete"], [error]]) == error
    assert value("BALANCE", [[1, 2, 3, 4, 5], [1, 2, 3, 4, error]], "total") == [[15], [error]]
    assert reasons("SHIFT", error) == []


def test_error_codes_of_com_are_error_values() -> None:
    codes = {-2146826288: "#NULL!", -2146826246: "#N/A", -2146826243: "#SPILL!"}
    for code, error in codes.items():
        assert value("SHIFT", code) == error
        assert value("NONEXTERNAL", float(code), 0, 0) == code


@pytest.mark.parametrize(
    "text",
    ["1234.5", " 1,234.5 ", "£1,234.5", "+1234.50", "123450%", "1.2345e3", "£ 1234.5\u00a0"],
)
def test_a_number_may_be_text(text: str) -> None:
    assert value("NONEXTERNAL", text, 0, 0) == 1234.5


@pytest.mark.parametrize("text", ["-5", "\u22125", "(5)", "(£5.00)", "-£5", "-500%"])
def test_a_negative_number_may_be_text(text: str) -> None:
    assert value("NONEXTERNAL", text, 0, 0) == -5


@pytest.mark.parametrize(
    "text", ["1,23", "12-", "(5", "5)", "(-5)", "1 000", "five", "£", "%", "1e", "0x10", "inf", "٣"]
)
def test_what_only_resembles_a_number_is_none(text: str) -> None:
    assert value("NONEXTERNAL", text, 0, 0) == "#VALUE!"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Decimal("2.5"), 2.5),
        (np.float64(2.5), 2.5),
        (np.int32(7), 7.0),
        (7, 7.0),
        (math.nan, "#NUM!"),
        (math.inf, "#NUM!"),
        (np.float32("nan"), "#NUM!"),
        (10**400, "#NUM!"),
        (1j, "#VALUE!"),
        (object(), "#VALUE!"),
    ],
)
def test_numbers_of_any_kind_count_and_others_are_errors(number: object, expected: object) -> None:
    assert value("NONEXTERNAL", number, 0, 0) == expected


def test_a_result_beyond_what_a_cell_holds_is_an_error_in_a_table_too() -> None:
    ends = value("INTERVAL", 1e200, 1e300)
    assert isinstance(ends, list)
    assert ends[0][0] == "#NUM!"


def test_a_blank_counts_as_zero_among_amounts_and_as_left_out_among_options() -> None:
    assert value("NONEXTERNAL", 5, None, "") == 5
    assert value("NONEXTERNAL", None, None, None) == ""
    assert value("SHIFT", "SME", None, " ") == SME
    assert value("SHIFT", None) == ""


def test_a_very_long_text_is_refused_in_a_short_sentence() -> None:
    assert value("SHIFT", "x" * 32_767) == "#N/A"
    [reason] = reasons("SHIFT", "x" * 32_767)
    assert len(reason) < 200


@pytest.mark.parametrize("function", DECLARED, ids=lambda function: function.name)
def test_without_arguments_a_function_spills_its_table_or_says_what_is_missing(
    function: object,
) -> None:
    found = answer(function, [])  # type: ignore[arg-type]
    if isinstance(found.value, list):
        assert len({len(row) for row in found.value}) == 1
        assert all(isinstance(heading, str) for heading in found.value[0])
    else:
        assert found.value == "#VALUE!" or not function.arguments  # type: ignore[attr-defined]


@pytest.mark.parametrize("cell", ["SME", ["SME"], [["SME"]], (("SME",),)])
def test_one_cell_is_one_value_however_it_is_wrapped(cell: object) -> None:
    assert value("SHIFT", cell) == SME


def test_a_row_gives_a_row_and_a_column_a_column() -> None:
    assert value("SHIFT", ["SME", "VCS"]) == [[SME, VCS]]
    assert value("SHIFT", [["SME", "VCS"]]) == [[SME, VCS]]
    assert value("SHIFT", [["SME"], ["VCS"]]) == [[SME], [VCS]]


def test_a_column_and_a_row_give_a_grid() -> None:
    grid = value("NONEXTERNAL", [[10], [20]], [[1, 2, 3]], 0)
    assert grid == [[9, 8, 7], [19, 18, 17]]


def test_beyond_the_end_of_a_shorter_range_there_is_na() -> None:
    assert value("NONEXTERNAL", [[1], [2], [3]], [[1], [1]], 0) == [[0], [1], ["#N/A"]]
    assert value("NONEXTERNAL", [[1, 2]], [[1], [1]], [[1, 1, 1]]) == [
        [1, 2, "#N/A"],
        [1, 2, "#N/A"],
    ]


def test_blanks_at_the_end_are_left_off_and_others_stay() -> None:
    assert value("SHIFT", [["SME"], [None], ["VCS"], [None], [" "]]) == [[SME], [""], [VCS]]
    assert value("SHIFT", [["SME", None], ["VCS", ""]]) == [[SME], [VCS]]
    assert value("SHIFT", [[None], [None]]) == ""


def test_a_range_that_ends_sooner_keeps_its_rows_beside_the_others() -> None:
    """A column with one amount on top is no single amount for all rows."""
    amounts = [[10.0], [20.0], [30.0]]
    assert value("NONEXTERNAL", amounts, [[1.0], [None], [None]], 0) == [[9], [20], [30]]
    statuses = [["Complete"], ["On hold"], [None]]
    assert value("PROGRESS", statuses, [[None], [0.5], [1.0]]) == 0.75
    assert value("PROGRESS", statuses, None, [[1], [3], [100]]) == 0.25


def test_lists_of_unequal_length_are_filled_up_with_blanks() -> None:
    assert value("SHIFT", [["SME"], [], ["x", "VCS"]]) == [[SME, ""], ["", ""], ["#N/A", VCS]]
    assert value("NONEXTERNAL", [[]], [[]], [[]]) == ""


@pytest.mark.parametrize(
    ("name", "filled", "expected"),
    [
        ("SHIFT", ["SME"] * 5, [[SME]] * 5),
        ("PROGRESS", ["Complete"] * 5, 1.0),
        ("BALANCE", [0, 7, 14, 67, 3], 63 / 91),
    ],
)
def test_a_whole_column_is_answered_as_far_as_it_is_filled(
    name: str, filled: list[object], expected: object
) -> None:
    column = [(cell,) for cell in filled] + [(None,)] * (ROWS_OF_A_SHEET - len(filled))
    assert value(name, tuple(column)) == expected


def test_a_column_of_faults_gives_few_reasons() -> None:
    assert len(reasons("SHIFT", [[f"nobody {i}"] for i in range(100)])) == MOST_REASONS
    assert len(reasons("SHIFT", [["nobody"]] * 100)) == 1


def test_a_result_larger_than_memory_is_refused() -> None:
    line = [1.0] * 2_000
    assert value("NONEXTERNAL", [line], [[cell] for cell in line], 0) == "#NUM!"


def test_the_ends_of_intervals_stand_side_by_side_in_each_row() -> None:
    both = value("INTERVAL", [[84], [36], [500]], 103)
    ends = [[value("INTERVAL", n, 103, bound) for bound in ("low", "high")] for n in (84, 36)]
    assert both == [*ends, ["#NUM!", ""]]


def test_a_row_of_counts_at_fault_leaves_the_others_alone() -> None:
    counts = [[0, 7, 14, 67, 3], [0, 0, 0, 0, 0], [None] * 5, [1, "x", 9, 68, 7], [1, 5, 9, 68, 7]]
    assert value("BALANCE", counts, "total") == [[91], ["#DIV/0!"], [""], ["#VALUE!"], [90]]


def test_a_row_of_measures_gives_a_column_of_balances_each() -> None:
    counts = [[0, 7, 14, 67, 3], [1, 5, 9, 68, 7]]
    assert value("BALANCE", counts, ["total", "expecting more", "mood"]) == [
        [91, 70, "#N/A"],
        [90, 75, "#N/A"],
    ]


def test_tables_cannot_stand_in_the_cells_of_a_range() -> None:
    assert value("SURVEY", [["a"], ["b"]]) == "#VALUE!"
    assert value("SURVEY", [["a", "c"]]) == "#VALUE!"
    assert "whole table" in reasons("SURVEY", [["a"], ["b"]])[0]


def test_a_question_alone_gives_its_table_with_headings() -> None:
    table = value("SURVEY", "b")
    assert isinstance(table, list)
    assert table[0][:3] == ["Answer", "share", "count"]
    assert [row[2] for row in table[1:]] == [84, 19]


@pytest.mark.parametrize("name", ["A & B", "a-and-b", "A AND B", "a\u2011and\u00a0b", "A and B'"])
def test_names_are_compared_without_case_spaces_and_hyphens(name: str) -> None:
    assert values.key(name) == "aandb"
