"""Calling a function: arguments in as Excel has them, values or native errors out.

No exception leaves this module, whatever comes in.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import ERRORS, OUT_OF_DOMAIN, WRONG_KIND, Error, error_of, is_number
from commissioning.excel import values
from commissioning.excel.registry import Argument, Function, Refusal
from commissioning.excel.values import OMITTED, Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.cells import Value

#: Distinct reasons kept from one call: a column of faults says the same over and over.
MOST_REASONS = 5

#: Most cells that a result may have; Excel itself ends at 17 thousand million.
MOST_CELLS = 2_000_000


class Answer(NamedTuple):
    """What a call gives: a value or rows of values, and the reasons for the errors among them."""

    value: Value | Grid
    reasons: list[str]


def answer(function: Function, arguments: Sequence[object]) -> Answer:
    """Call a function; an argument that is left out is `OMITTED` or missing at the end."""
    reasons: dict[str, None] = {}
    try:
        found = _answer(function, arguments, reasons)
    except Refusal as refusal:
        reasons[f"{function.name}: {refusal.reason}"] = None
        found = refusal.error
    return Answer(found, list(reasons)[:MOST_REASONS])


def _answer(
    function: Function, arguments: Sequence[object], reasons: dict[str, None]
) -> Value | Grid:
    if len(arguments) > len(function.arguments):
        raise Refusal(WRONG_KIND, f"too many arguments; write {function.signature}.")
    given = [*arguments, *[OMITTED] * (len(function.arguments) - len(arguments))]
    if function.table and all(argument is OMITTED for argument in given):
        return function.table()
    for declared, argument in zip(function.arguments, given, strict=True):
        if argument is OMITTED and not declared.optional:
            raise Refusal(WRONG_KIND, f"{declared.name} is missing; write {function.signature}.")
    if not any(isinstance(argument, list | tuple) for argument in given):
        # Most calls: single values in, and straight to work.
        return _work(function, [values.plain(argument) for argument in given], reasons)
    return _over_ranges(function, [values.grid(argument) for argument in given], reasons)


def _over_ranges(
    function: Function, grids: Sequence[Grid], reasons: dict[str, None]
) -> Value | Grid:
    """Work out a call with ranges: cell by cell, but for arguments taken as a whole."""
    each: list[Grid] = [
        [[None]] if declared.whole else rows
        for declared, rows in zip(function.arguments, grids, strict=True)
    ]
    height, width = values.broadcast(each)
    if height * width > MOST_CELLS:
        raise Refusal(OUT_OF_DOMAIN, f"a result of {height} by {width} cells is too large.")
    result = [
        [
            _work(
                function,
                [
                    rows if declared.whole else values.at(rows, row, column)
                    for declared, rows in zip(function.arguments, grids, strict=True)
                ],
                reasons,
            )
            for column in range(width)
        ]
        for row in range(height)
    ]
    if height == width == 1:
        return result[0][0]
    return _joined(result)


def _joined(result: list[list[Value | Grid]]) -> Grid:
    """One table of results, where each may itself be a row, as the two ends of an interval are."""
    joined: Grid = []
    for row in result:
        cells: list[Value] = []
        for each in row:
            if isinstance(each, list) and len(each) > 1:
                raise Refusal(WRONG_KIND, "a whole table cannot be given for each cell of a range.")
            cells.extend(each[0] if isinstance(each, list) else [each])
        joined.append(cells)
    width = max(map(len, joined))
    return [row + [""] * (width - len(row)) for row in joined]


def _work(
    function: Function, arguments: Sequence[Value | Grid], reasons: dict[str, None]
) -> Value | Grid:
    """Work out one cell; error values among the arguments pass through."""
    try:
        if arguments and arguments[0] is None and not function.arguments[0].number:
            # A blank among names gives an empty cell, so that a column may end in blanks.
            return ""
        for argument in arguments:
            if isinstance(argument, Error):
                return argument
        found = function.work(*map(_coerced, function.arguments, arguments))
    except Refusal as refusal:
        reasons[f"{function.name}: {refusal.reason}"] = None
        return refusal.error
    except tuple(ERRORS) as error:
        reasons[f"{function.name}: {_sentence(error)}"] = None
        return error_of(error)
    return _finite(found)


def _coerced(declared: Argument, argument: Value | Grid) -> Value | Grid:
    if argument is None:
        return None
    if isinstance(argument, list):
        return None if declared.optional and argument == [[None]] else argument
    if declared.whole:
        return [[argument]]
    if declared.number:
        return values.number(argument, declared.name)
    return values.text(argument, declared.name)


def _finite(found: Value | Grid) -> Value | Grid:
    if is_number(found) and not math.isfinite(found):
        return OUT_OF_DOMAIN
    return found


def _sentence(error: Exception) -> str:
    """The reason of an error of the calculations, which say it themselves or not at all."""
    if isinstance(error, ZeroDivisionError):
        return "there is no base to divide by."
    text = str(error.args[0]) if error.args else type(error).__name__
    return f"{text[:1].lower()}{text[1:]}."
