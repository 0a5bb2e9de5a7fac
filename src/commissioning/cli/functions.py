"""`localis functions` and `localis call`: the functions of Excel from the shell."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from commissioning.cells import Error
from commissioning.cli import FINE, FOUND
from commissioning.errors import LocalisError
from commissioning.excel import help as helped
from commissioning.excel.answer import answer
from commissioning.excel.declared import DECLARED
from commissioning.excel.registry import CATEGORY, PREFIX, Function
from commissioning.excel.values import key

if TYPE_CHECKING:
    import argparse

_WIDTH = 100

#: A cell of an array constant: a text in quotes or anything else, and what follows it.
_CELL = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^",;{}]*))([,;]|$)')


def functions(options: argparse.Namespace) -> int:
    """`localis functions`: what there is, with help and examples."""
    if options.json:
        # In ASCII it is the same JSON in whatever encoding a console or a redirection writes.
        print(json.dumps([_described(function) for function in DECLARED], indent=2))
    else:
        print("\n\n".join(_listed(function) for function in DECLARED))
    return FINE


def call(options: argparse.Namespace) -> int:
    """`localis call`: a function's answer; the exit code says whether it is an error value."""
    function = _named(options.name)
    if options.arguments in (["-h"], ["--help"]):
        print(_listed(function))
        return FINE
    found = answer(function, [_argument(text) for text in options.arguments])
    rows = found.value if isinstance(found.value, list) else [[found.value]]
    for row in rows:
        print("\t".join(map(_text, row)))
    for reason in found.reasons:
        print(reason, file=sys.stderr)
    failed = any(isinstance(cell, Error) for row in rows for cell in row)
    return FOUND if failed else FINE


def _described(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "signature": function.signature,
        "help": function.help,
        "category": CATEGORY,
        "spills_without_arguments": function.table is not None,
        "arguments": [argument._asdict() for argument in function.arguments],
        "examples": [
            {"formula": helped.formula(function, example.arguments), **example._asdict()}
            for example in function.examples
        ],
    }


def _listed(function: Function) -> str:
    lines = [function.signature, _paragraph(function.help, "  ", "  ")]
    width = max((len(argument.name) for argument in function.arguments), default=0)
    lines += [
        _paragraph(argument.help, f"    {argument.name:<{width}}  ", " " * (width + 6))
        for argument in function.arguments
    ]
    if function.examples:
        example = function.examples[0]
        typed = helped.formula(function, example.arguments)
        lines.append(f"  Example: {typed} gives {helped.result(example)}")
    return "\n".join(lines)


def _paragraph(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest)


def _named(name: str) -> Function:
    """The function of that name, with or without its prefix.

    Raises:
        LocalisError: there is none.
    """
    for function in DECLARED:
        if key(name) in (key(function.name), key(function.name.removeprefix(PREFIX))):
            return function
    known = ", ".join(function.name.removeprefix(PREFIX) for function in DECLARED)
    raise LocalisError(f"there is no function {name!r}; use one of {known}.")


def _argument(text: str) -> object:
    """An argument of the shell as Excel would hand it over: a text, or the rows of `{1,2;3,4}`.

    Raises:
        LocalisError: the braces do not hold rows of one length.
    """
    if not (text.startswith("{") and text.endswith("}")):
        return text
    rows: list[list[str]] = [[]]
    position, end = 1, len(text) - 1
    while position <= end:
        cell = _CELL.match(text, position, end)
        if cell is None:
            raise LocalisError(f"{text} is not a range: write it as {{1,2;3,4}}.")
        rows[-1].append(cell[1].replace('""', '"') if cell[1] is not None else cell[2].strip())
        if cell[3] == ";":
            rows.append([])
        position = cell.end() if cell[3] else end + 1
    if len({len(row) for row in rows}) > 1:
        raise LocalisError(f"{text} has rows of different lengths: write it as {{1,2;3,4}}.")
    return rows


def _text(value: object) -> str:
    """A value as it is printed: numbers to the last digit, truth values as Excel writes them."""
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value)
