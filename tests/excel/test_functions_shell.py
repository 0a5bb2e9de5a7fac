"""`localis functions` and `localis call`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commissioning.cli import main
from commissioning.excel.declared import DECLARED, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

Run = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """A command with its exit code and what it prints."""

    def run(*words: str) -> Run:
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.mark.parametrize("name", ["LOCALIS_SHIFT", "shift", "Shift", "localis-shift"])
def test_the_figure_is_printed_with_all_its_digits(run: Callable[..., Run], name: str) -> None:
    assert run("call", name, "SME") == (0, f"{70 / 93!r}\n", "")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["nonexternal", "5", "-3", "1"], "9.0"),
        (["nonexternal", "-5", "-3.5", "-£1,000"], "-1001.5"),
        (["non-external", "-5%", "(1)", ".5"], "1.45"),
        (["nonexternal", "5", "", ""], "5.0"),
        (["survey", "c", "", "skipped"], "27"),
        (["recommendation", "4"], "Redefine risk"),
        (["shift", '{"SME","in-house"}', "ratio"], "0.1\t16.2"),
        (["shift", "{SME; VCS}", "{total, expecting more}"], "91\t70\n91\t76"),
        (["progress", "{Complete;Not started}", "{}", "{3;1}"], "0.75"),
        (["progress", '{"Complete";""}'], "1.0"),
        (["balance", "{0,7,14,67,3}", "total"], "91.0"),
        (["shift", ""], ""),
    ],
)
def test_arguments_are_read_as_excel_would(
    run: Callable[..., Run], words: list[str], printed: str
) -> None:
    assert run("call", *words) == (0, f"{printed}\n", "")


def test_a_table_is_printed_in_columns(run: Callable[..., Run]) -> None:
    code, out, err = run("call", "claim")
    lines = [line.split("\t") for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0][:2] == ["Claim", "statement"]
    assert {len(line) for line in lines} == {8}


def test_an_error_is_printed_and_its_reason_said(run: Callable[..., Run]) -> None:
    code, out, err = run("call", "shift", "{SME;charity shops}", "total")
    assert (code, out) == (1, "91\n#N/A\n")
    assert err.startswith("LOCALIS_SHIFT: provider 'charity shops' is not known; use large")
    assert run("call", "shift", "#REF!") == (1, "#REF!\n", "")


def test_an_unknown_function_is_bad_input(run: Callable[..., Run]) -> None:
    code, out, err = run("call", "shirt", "SME")
    assert (code, out) == (2, "")
    assert "'shirt'" in err
    assert all(name.removeprefix("LOCALIS_") in err for name in FUNCTIONS)


@pytest.mark.parametrize("text", ["{1,2;3}", '{"a}', '{"a"b}', '{a"b"}', "{{1}}", "{1}}"])
def test_a_range_that_is_none_is_bad_input(run: Callable[..., Run], text: str) -> None:
    code, out, err = run("call", "shift", text)
    assert (code, out) == (2, "")
    assert text in err
    assert "{1,2;3,4}" in err


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_after_a_name_is_that_of_the_function(run: Callable[..., Run], word: str) -> None:
    code, out, _ = run("call", "shift", word)
    assert code == 0
    assert out.startswith(FUNCTIONS["LOCALIS_SHIFT"].signature)
    assert "diffusion index" in out


@pytest.mark.parametrize("command", ["call", "functions"])
def test_the_commands_explain_themselves(run: Callable[..., Run], command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"localis {command}" in out
    assert "exit codes:" in out


def test_the_list_has_every_function_with_its_arguments(run: Callable[..., Run]) -> None:
    code, out, _ = run("functions")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100
    for function in DECLARED:
        assert f"{function.signature}\n" in out
        assert all(f"    {argument.name} " in out for argument in function.arguments)


def test_programs_get_everything_that_is_declared(run: Callable[..., Run]) -> None:
    code, out, _ = run("functions", "--json")
    listed = json.loads(out)
    assert code == 0
    assert out.isascii()
    assert [function["name"] for function in listed] == [*FUNCTIONS]
    for found, function in zip(listed, DECLARED, strict=True):
        assert found["help"] == function.help
        assert [a["name"] for a in found["arguments"]] == [a.name for a in function.arguments]
        assert len(found["examples"]) == len(function.examples)
    assert listed[0]["examples"][0] == {
        "formula": '=LOCALIS_SHIFT("SME")',
        "arguments": ["SME"],
        "result": 0.752688172043,
        "shown": "75%",
    }
