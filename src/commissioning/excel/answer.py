"""Calling a function: arguments in as Excel has them, values or native errors out.

Whatever a cell can hold, no exception leaves this module.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

from commissioning.cells import ERRORS, OUT_OF_DOMAIN, WRONG_KIND, Error, error_of
from commissioning.excel import values
from commissioning.excel.registry import Argument, Function, Refusal
from commissioning.excel.values import OMITTED, Grid, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.cells import Value

#: Distinct reasons kept from one call: a column of faults says the same over and over.
MOST_REASONS = 5

#: Most cells that a result may have; Excel itself ends at 17 thousand million.
MOST_CELLS = 2_000_000

#: Reasons in the order in which they came up; the keys alone count.
Reasons = dict[str, None]

_FAULTS: tuple[type[Exception], ...] = (Refusal, *ERRORS)


class Answer(NamedTuple):
    """What a call gives: a value or rows of values, and the reasons for the errors among them."""

    value: Value | Grid
    reasons: list[str]


def answer(function: Function, arguments: Sequence[object]) -> Answer:
    """Call a function; an argument that is left out is `OMITTED` or missing at the end."""
    reasons: Reasons = {}
    try:
        found = _answer(function, arguments, reasons)
    except _FAULTS as fault:
        found = _refused(function, fault, reasons)
    return Answer(found, list(reasons))


def _answer(function: Function, arguments: Sequence[object], reasons: Reasons) -> Value | Grid:
    given = _given(function, arguments)
    if function.table and given.count(OMITTED) == len(given):
        return function.table()
    if OMITTED in given:
        _check_missing(function, given)
    cells: list[Value] = []
    for declared, argument in zip(function.arguments, given, strict=True):
        if declared.whole or isinstance(argument, (list, tuple)):
            return _over_ranges(function, given, reasons)
        cells.append(_taken(function, declared, argument, reasons))
    # Most calls: single values in, and straight to work.
    return _work(function, cells, reasons)


def _given(function: Function, arguments: Sequence[object]) -> list[object]:
    """The arguments with the omitted ones; a range of one cell is that cell."""
    given = [
        values.single(argument) if isinstance(argument, (list, tuple)) else argument
        for argument in arguments
    ]
    if len(given) > len(function.arguments):
        raise Refusal(WRONG_KIND, f"too many arguments; write {function.signature}.")
    return given + [OMITTED] * (len(function.arguments) - len(given))


def _check_missing(function: Function, given: Sequence[object]) -> None:
    for position, declared in enumerate(function.arguments):
        # The first argument is left out only where all are.
        if given[position] is OMITTED and not (declared.optional and position):
            raise Refusal(WRONG_KIND, f"{declared.name} is missing; write {function.signature}.")


def _over_ranges(function: Function, arguments: Sequence[object], reasons: Reasons) -> Value | Grid:
    """Work out a call with ranges: cell by cell, but for arguments taken as a whole."""
    whole = _whole(function, arguments)
    single = {
        declared: argument
        for declared, argument in zip(function.arguments, arguments, strict=True)
        if not declared.whole
    }
    cells = {
        declared: [[_taken(function, declared, cell, reasons) for cell in row] for row in rows]
        for declared, rows in zip(single, values.together(list(single.values())), strict=True)
    }
    grids: list[Rows] = [
        [[whole.get(declared)]] if declared.whole else cells[declared]
        for declared in function.arguments
    ]
    height, width = max(map(len, grids)), max(len(rows[0]) for rows in grids)
    if height * width > MOST_CELLS:
        raise Refusal(OUT_OF_DOMAIN, f"a result of {height} by {width} cells is too large.")
    result = [
        [_work(function, each, reasons) for each in zip(*rows, strict=True)]
        for rows in zip(*(values.spread(rows, height, width) for rows in grids), strict=True)
    ]
    return result[0][0] if height == width == 1 else _joined(result)


def _whole(function: Function, arguments: Sequence[object]) -> dict[Argument, Grid]:
    """The ranges that are taken as a whole; what is left out or blank is not among them.

    Raises:
        Refusal: they are not of one shape, so that their cells do not go together.
    """
    given = {
        declared: argument
        for declared, argument in zip(function.arguments, arguments, strict=True)
        if declared.whole and not (declared.optional and values.blank(argument))
    }
    shapes = {declared.name: values.shape(argument) for declared, argument in given.items()}
    if len(set(shapes.values())) > 1:
        sizes = ", ".join(f"{name} {rows} by {columns}" for name, (rows, columns) in shapes.items())
        raise Refusal(WRONG_KIND, f"ranges of one shape are needed, not {sizes}.")
    return {
        declared: [[values.plain(cell) for cell in row] for row in rows]
        for declared, rows in zip(given, values.together(list(given.values())), strict=True)
    }


def _taken(function: Function, declared: Argument, cell: object, reasons: Reasons) -> Value:
    """A cell as the argument's kind; an error value stays, and a wrong kind gives one."""
    try:
        value = values.plain(cell)
        if value is None or isinstance(value, Error):
            return value
        return (values.number if declared.number else values.text)(value, declared.name)
    except _FAULTS as fault:
        return _refused(function, fault, reasons)


def _work(function: Function, arguments: Sequence[object], reasons: Reasons) -> Value | Grid:
    """Work out one cell; error values among the arguments pass through."""
    if arguments and arguments[0] is None and not function.arguments[0].number:
        # A blank among names gives an empty cell, so that a column may end in blanks.
        return ""
    for argument in arguments:
        if isinstance(argument, Error):
            return argument
    try:
        return _finite(function.work(*arguments))
    except _FAULTS as fault:
        return _refused(function, fault, reasons)


def _finite(found: Value | Grid) -> Value | Grid:
    """A result that a cell can hold."""
    if isinstance(found, list):
        return [[OUT_OF_DOMAIN if _endless(cell) else cell for cell in row] for row in found]
    if _endless(found):
        raise Refusal(OUT_OF_DOMAIN, "the result is too large for a cell.")
    return found


def _endless(value: Value) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _joined(result: list[list[Value | Grid]]) -> Grid:
    """One table of results, where each may itself be rows: the two ends of an interval are one."""
    if not any(isinstance(each, list) for row in result for each in row):
        return cast("Grid", result)
    joined: Grid = []
    for row in result:
        blocks: Sequence[Grid] = [each if isinstance(each, list) else [[each]] for each in row]
        height = max(map(len, blocks))
        if height > 1 and (len(result) > 1 or any(1 < len(block) < height for block in blocks)):
            raise Refusal(WRONG_KIND, "a whole table cannot be given for each cell of a range.")
        joined += [
            [cell for block in blocks for cell in block[min(line, len(block) - 1)]]
            for line in range(height)
        ]
    width = max(map(len, joined))
    return [row + [""] * (width - len(row)) for row in joined]


def _refused(function: Function, fault: Exception, reasons: Reasons) -> Error:
    """The error value of a fault; its reason is kept."""
    if isinstance(fault, Refusal):
        error, sentence = fault.error, fault.reason
    else:
        error, sentence = error_of(fault), _sentence(fault)
    if len(reasons) < MOST_REASONS:
        reasons[f"{function.name}: {sentence}"] = None
    return error


def _sentence(error: Exception) -> str:
    """The reason of an error of the calculations, which say it themselves or not at all."""
    if isinstance(error, ZeroDivisionError):
        return "there is no base to divide by."
    text = str(error.args[0]) if error.args else type(error).__name__
    return f"{text[:1].lower()}{text[1:]}."
