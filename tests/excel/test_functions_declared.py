"""The declarations keep to the limits of Excel and VBA, and their examples are true everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from standins import MISSING, Cells, call

from commissioning.cli import main
from commissioning.excel import help as helped
from commissioning.excel.answer import answer
from commissioning.excel.declared import DECLARED
from commissioning.excel.registry import (
    LONGEST_ARGUMENTS,
    LONGEST_HELP,
    PREFIX,
    Example,
    Function,
)

README = Path(__file__).parents[2] / "README.md"

#: Reserved identifiers of VBA (MS-VBAL 3.3.5.2) that an English word might be.
_KEYWORDS = (
    "abs and any array as boolean byref byte byval call case cdate circle close const currency "
    "date debug decimal declare dim do double each else empty end enum erase error event exit "
    "false fix for friend function get global if imp implements in input int integer is len let "
    "like lock long loop lset me mod new next not nothing null on open option optional or print "
    "private property public put redim rem resume return rset scale seek select set sgn shared "
    "single spc static step stop string sub tab then to true type unlock until variant wend while "
    "with write xor"
)

EXAMPLES = [(function, example) for function in DECLARED for example in function.examples]
each_function = pytest.mark.parametrize("function", DECLARED, ids=lambda function: function.name)
each_example = pytest.mark.parametrize(
    ("function", "example"), EXAMPLES, ids=[helped.formula(f, e.arguments) for f, e in EXAMPLES]
)


def rows_of(result: object) -> list[list[object]]:
    return result if isinstance(result, list) else [[result]]


def same(found: object, example: Example) -> bool:
    rows, expected = rows_of(found), rows_of(example.result)
    return len(rows) == len(expected) and all(
        row == pytest.approx(wanted, rel=0, abs=1e-12) if is_numeric(wanted) else row == wanted
        for row, wanted in zip(rows, expected, strict=True)
    )


def is_numeric(row: list[object]) -> bool:
    return all(isinstance(cell, float) for cell in row)


@each_example
def test_an_example_is_true_in_python(function: Function, example: Example) -> None:
    assert same(answer(function, example.arguments).value, example)


@each_example
def test_an_example_is_true_through_xlwings(function: Function, example: Example) -> None:
    arguments = [
        Cells(*argument)
        if isinstance(argument, list)
        else MISSING
        if argument is None
        else argument
        for argument in example.arguments
    ]
    assert same(call(function.name, *arguments), example)


@each_example
def test_an_example_is_true_from_the_shell(
    function: Function, example: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        argument if isinstance(argument, str) else helped.constant(argument)
        for argument in example.arguments
    ]
    code = main(["call", function.name, *words])
    printed = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    expected = rows_of(example.result)
    read = [
        [
            float(cell) if isinstance(wanted, float) else cell
            for cell, wanted in zip(*pair, strict=True)
        ]
        for pair in zip(printed, expected, strict=True)
    ]
    assert same(read, example)
    assert code == str(example.result).startswith("#")


@pytest.mark.parametrize("example", [example for _, example in EXAMPLES if example.shown])
def test_what_an_example_shows_is_its_result_rounded(example: Example) -> None:
    numbers = [cell for row in rows_of(example.result) for cell in row]
    for number, shown in zip(numbers, example.shown.split(", "), strict=True):
        places = len(shown.rstrip("%").partition(".")[2])
        assert format(number, f".{places}{'%' if '%' in shown else 'f'}") == shown


@each_function
def test_texts_keep_to_the_limits_of_the_function_wizard(function: Function) -> None:
    names = [argument.name for argument in function.arguments]
    assert max(map(len, [function.help, *(a.help for a in function.arguments)])) <= LONGEST_HELP
    assert len(", ".join(names)) <= LONGEST_ARGUMENTS
    assert len(set(names)) == len(names)


@each_function
def test_names_are_names_in_python_and_in_vba(function: Function) -> None:
    assert function.name.startswith(PREFIX)
    for name in (function.name, *(argument.name for argument in function.arguments)):
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name)
        assert name.isidentifier()
        assert name.lower() not in _KEYWORDS.split()


def test_no_two_functions_have_one_name() -> None:
    assert len({function.name for function in DECLARED}) == len(DECLARED)


@each_function
def test_optional_arguments_come_last_and_each_has_an_example(function: Function) -> None:
    optional = [argument.optional for argument in function.arguments]
    assert optional == sorted(optional)
    for position, argument in enumerate(function.arguments):
        given = [e.arguments[position] for e in function.examples if len(e.arguments) > position]
        assert any(value is not None for value in given), argument.name


def test_the_table_of_the_readme_is_the_one_generated() -> None:
    text = README.read_text(encoding="utf-8")
    block = text.partition("<!-- functions -->\n")[2].partition("\n<!-- end of functions -->")[0]
    assert block == helped.markdown()
