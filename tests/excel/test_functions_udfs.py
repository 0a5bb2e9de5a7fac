"""Our functions in xlwings' own Windows code: `call_udf`, the VBA wrappers, and the log."""

from __future__ import annotations

import datetime as dt
import io
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from standins import MISSING, MODULE, Cells, call, windows_xlwings

from commissioning.excel import log
from commissioning.excel.answer import answer
from commissioning.excel.declared import DECLARED, FUNCTIONS
from commissioning.excel.registry import CATEGORY, Function

if TYPE_CHECKING:
    from pathlib import Path

each_function = pytest.mark.parametrize("function", DECLARED, ids=lambda function: function.name)

NA, DIV0, SPILL = -2146826246, -2146826281, -2146826243

SME = [[70 / 93]]


@pytest.fixture(autouse=True)
def fresh_log() -> None:
    log.note.cache_clear()


@pytest.fixture
def logged(home: Path) -> Path:
    return home / ".localis" / "localis.log"


def as_rows(function: Function, *arguments: object) -> object:
    value = answer(function, arguments).value
    return value if isinstance(value, list) else [[value]]


@each_function
def test_xlwings_sees_the_declared_names_help_and_arguments(function: Function) -> None:
    _, ours = windows_xlwings()
    exposed = getattr(ours, function.name)
    info = exposed.__xlfunc__
    assert (info["name"], info["category"], info["sub"]) == (function.name, CATEGORY, False)
    assert exposed.__name__ == function.name
    assert exposed.__doc__ == info["ret"]["doc"] == function.help
    assert [(a["name"], a["doc"], "optional" in a) for a in info["args"]] == [
        (a.name, a.help, a.optional) for a in function.arguments
    ]


@each_function
def test_a_call_without_arguments_spills_the_table(function: Function) -> None:
    missing = [MISSING] * len(function.arguments)
    if function.table:
        assert call(function.name, *missing) == function.table()
    elif function.arguments[:1] and not function.arguments[0].optional:
        # What a formula leaves out of a required argument comes as a blank.
        assert call(function.name, *missing) == as_rows(function, *[None] * len(missing))
    else:
        assert call(function.name) == [[function.work()]]


#: Sound arguments for functions whose examples have ranges.
SOUND: dict[str, tuple[object, ...]] = {
    "LOCALIS_PROGRESS": ("Complete", 0.5, 1.0),
    "LOCALIS_MARKET": (1.0, "SME", "SME", "share", 2025.0, "2025"),
    "LOCALIS_BALANCE": (Cells((0.0, 7.0, 14.0, 67.0, 3.0)), "total"),
}


@each_function
def test_an_error_in_any_argument_comes_back(function: Function) -> None:
    for position, _ in enumerate(function.arguments):
        sound = SOUND.get(function.name, function.examples[0].arguments)
        arguments = [*sound, *[MISSING] * len(function.arguments)][: len(function.arguments)]
        for given, error in ((NA, "#N/A"), (Cells((DIV0,)), "#DIV/0!"), (SPILL, "#SPILL!")):
            arguments[position] = given
            assert call(function.name, *arguments) == [[error]]


def test_a_cell_a_constant_and_a_range_of_one_give_the_same() -> None:
    for argument in ("SME", Cells(("SME",)), (("SME",),), ("SME",)):
        assert call("LOCALIS_SHIFT", argument) == SME


def test_rows_columns_and_grids_keep_their_shape() -> None:
    vcs = 76 / 93
    assert call("LOCALIS_SHIFT", Cells(("SME", "VCS"))) == [[SME[0][0], vcs]]
    assert call("LOCALIS_SHIFT", Cells(("SME",), ("VCS",))) == [SME[0], [vcs]]
    assert call("LOCALIS_SHIFT", ("SME", "VCS")) == [[SME[0][0], vcs]]
    assert call("LOCALIS_SHIFT", Cells(("SME",), ("VCS",)), ("total", "more")) == [
        [91, SME[0][0]],
        [91, vcs],
    ]


def test_blank_and_omitted_arguments_are_told_apart() -> None:
    assert call("LOCALIS_SHIFT", Cells((None,))) == [[""]]
    assert call("LOCALIS_SHIFT", "") == [[""]]
    assert len(call("LOCALIS_SHIFT", MISSING)) == 6
    assert call("LOCALIS_SHIFT", "SME", Cells((None,)), MISSING) == SME
    assert call("LOCALIS_SHIFT", MISSING, "more") == [["#VALUE!"]]
    assert call("LOCALIS_NONEXTERNAL", 5.0, Cells((None,)), MISSING) == [[5]]


def test_error_cells_of_a_range_stay_in_their_cells() -> None:
    column = Cells((NA,), ("SME",), (DIV0,), (SPILL,))
    assert call("LOCALIS_SHIFT", column) == [["#N/A"], SME[0], ["#DIV/0!"], ["#SPILL!"]]


def test_truth_values_dates_and_money_are_taken_for_what_they_are() -> None:
    udfs, _ = windows_xlwings()
    time_type = udfs.xlwings._xlwindows.time_types[2]
    cells = Cells((True,), (time_type(2026, 11, 22, tzinfo=dt.UTC),), (2.5,))
    assert call("LOCALIS_NONEXTERNAL", cells, 0.0, 0.0) == [["#VALUE!"], ["#VALUE!"], [2.5]]


@pytest.mark.parametrize("function", [f for f in DECLARED if f.table], ids=lambda f: f.name)
def test_tables_go_to_excel_as_texts_and_numbers(function: Function) -> None:
    rows = call(function.name)
    assert len(rows) > 1
    assert all(isinstance(cell, (str, float, int)) for row in rows for cell in row)


def test_no_exception_reaches_a_cell(monkeypatch: pytest.MonkeyPatch, logged: Path) -> None:
    _, ours = windows_xlwings()

    def broken(*_: object) -> None:
        raise AttributeError("a fault of ours")

    monkeypatch.setattr(ours, "answer", broken)
    for _ in range(3):
        assert call("LOCALIS_SHIFT", "SME") == [["#VALUE!"]]
    text = logged.read_text(encoding="utf-8")
    assert text.count("LOCALIS_SHIFT: Traceback") == 1
    assert "AttributeError: a fault of ours" in text


def test_each_reason_is_logged_once_and_success_never(logged: Path) -> None:
    call("LOCALIS_SHIFT", "SME")
    call("LOCALIS_SHIFT", NA)
    assert not logged.parent.exists()
    for _ in range(3):
        call("LOCALIS_SHIFT", Cells(*[("nobody",)] * 500, ("nobody else",)))
    lines = logged.read_text(encoding="utf-8").splitlines()
    assert [re.sub(r"^[\d-]{10} [\d:]{8} ", "", line) for line in lines] == [
        f"LOCALIS_SHIFT: provider '{name}' is not known; use large, SME, in-house, other-public "
        "or VCS."
        for name in ("nobody", "nobody else")
    ]


def test_a_full_log_is_begun_anew_and_the_old_one_kept(
    logged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LARGEST", 100)
    for text in ("first" * 30, "second" * 30, "third"):
        log.note(text)
    old = logged.with_name("localis.old.log")
    assert "third" in logged.read_text(encoding="utf-8")
    assert "second" in old.read_text(encoding="utf-8")
    assert sorted(logged.parent.iterdir()) == [logged, old]


def test_a_log_that_cannot_be_written_is_no_log(home: Path) -> None:
    (home / ".localis").write_text("in the way", encoding="utf-8")
    assert call("LOCALIS_SHIFT", "nobody") == [["#N/A"]]
    assert (home / ".localis").read_text(encoding="utf-8") == "in the way"


def test_a_text_that_is_no_unicode_is_logged_all_the_same(logged: Path) -> None:
    assert call("LOCALIS_SHIFT", "\ud800") == [["#N/A"]]
    assert "ud800" in logged.read_text(encoding="utf-8")


def test_xlwings_writes_a_vba_function_for_each_with_its_optional_arguments() -> None:
    udfs, ours = windows_xlwings()
    written = io.StringIO()
    udfs.generate_vba_wrapper(MODULE, ours, written, SimpleNamespace(Name="Localis.xlam"))
    signatures = re.findall(r"^Function (\w+)\((.*)\)$", written.getvalue(), re.MULTILINE)
    assert dict(signatures) == {
        function.name: ", ".join(
            f"Optional {argument.name}" if argument.optional else argument.name
            for argument in function.arguments
        )
        for function in DECLARED
    }
    assert len(signatures) == len(FUNCTIONS)
