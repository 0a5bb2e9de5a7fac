"""From what Excel hands over to plain values, and back.

Excel hands over scalars, or rows of cells: numbers as floats, blanks as None, error values as
their names or codes, dates as dates. Functions see text, floats and None.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from commissioning.cells import (
    NOT_AVAILABLE,
    OUT_OF_DOMAIN,
    WRONG_KIND,
    Error,
    Value,
    is_number,
)
from commissioning.excel.registry import Refusal

#: Rows of cells.
Grid = list[list[Value]]

#: Rows of cells as Excel hands them over.
Rows = Sequence[Sequence[object]]


class Omitted:
    """Stands for an argument that is left out, as opposed to a blank cell."""


OMITTED = Omitted()

#: Excel's error values as COM hands them over, and as text.
_CODES = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
_ERRORS = frozenset(_CODES.values())

#: A number as people write it; accountants put negative ones in brackets.
_NUMBER = re.compile(
    r"(?P<bracket>\()?(?P<sign>(?(bracket)|[+\-\u2212]?))\s*£?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<rest>(?:\.\d*)?(?:e[+-]?\d{1,3})?)"
    r"\s*(?P<percent>%?)(?(bracket)\))",
    re.IGNORECASE | re.ASCII,
)


def single(rows: Sequence[object]) -> object:
    """The cell of a range of one cell; any other range as it is."""
    if len(rows) != 1:
        return rows
    row = rows[0]
    if not isinstance(row, (list, tuple)):
        return row
    return row[0] if len(row) == 1 else rows


def together(arguments: Sequence[object]) -> list[Rows]:
    """Arguments that go together as rows; a single value is one cell, a flat list one row.

    Rows and columns at the end that are blank in all of them are left off, since whole columns
    come with a million of them. What one argument lacks and another has stays: a cell keeps its
    neighbours.
    """
    tables = [_rows(argument) for argument in arguments]
    filled = [_filled(rows) for rows in tables]
    height = max((height for height, _ in filled), default=1)
    width = max((width for _, width in filled), default=1)
    return [_cut(rows, height, width) for rows in tables]


def shape(argument: object) -> tuple[int, int]:
    """Height and width of an argument as it comes, blanks and all."""
    rows = _rows(argument)
    return len(rows), _width(rows)


def _rows(argument: object) -> Rows:
    if not isinstance(argument, list | tuple):
        return [[argument]]
    if not any(isinstance(row, list | tuple) for row in argument):
        return [argument or [None]]
    return [row if isinstance(row, list | tuple) else [row] for row in argument]


def _width(rows: Rows) -> int:
    return max(1, *map(len, rows))


def _filled(rows: Rows) -> tuple[int, int]:
    """Height and width up to the last cell that is not blank, at least 1."""
    height, width = len(rows), _width(rows)
    while height > 1 and all(map(blank, rows[height - 1])):
        height -= 1
    while width > 1 and all(len(row) < width or blank(row[width - 1]) for row in rows[:height]):
        width -= 1
    return height, width


def blank(cell: object) -> bool:
    """Whether there is nothing in a cell, or no cell."""
    return cell is None or cell is OMITTED or (isinstance(cell, str) and not cell.strip())


def _cut(rows: Rows, height: int, width: int) -> Rows:
    width = min(width, _width(rows))
    return [[*row[:width], *[None] * (width - len(row))] for row in rows[:height]]


def plain(value: object) -> Value:
    """One cell: text without blanks around it, a float, a truth value, a date, an error or None."""
    # The commonest first: a column has a thousand of them.
    if isinstance(value, str):
        text = value.strip()
        return Error(text) if text in _ERRORS else text or None
    if value is None or value is OMITTED:
        return None
    if isinstance(value, (int, float)):
        return value if isinstance(value, bool) else _number(value)
    return _other(value)


def _number(value: float) -> Value:
    if isinstance(value, int) and value in _CODES:
        return Error(_CODES[value])
    try:
        number = float(value)
    except OverflowError:
        return OUT_OF_DOMAIN
    return number if math.isfinite(number) else OUT_OF_DOMAIN


def _other(value: object) -> Value:
    """A date, a decimal, a number of numpy, or something that no cell holds."""
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    try:
        return _number(float(value))  # type: ignore[arg-type]  # that is what is tried
    except (TypeError, ValueError, OverflowError):
        return WRONG_KIND


def text(value: Value, name: str) -> str:
    """A cell as a text argument; a whole number is the text of its digits.

    Raises:
        Refusal: it is a truth value or a date.
    """
    if isinstance(value, str):
        return value
    if is_number(value):
        return str(int(value)) if value == int(value) else repr(value)
    raise Refusal(WRONG_KIND, f"{name} must be text, not {shown(value)}.")


def number(value: Value, name: str) -> float:
    """A cell as a number argument; text such as "1,234.5", "£12" or "12%" counts as its number.

    Raises:
        Refusal: it is anything else.
    """
    if is_number(value):
        return float(value)
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Refusal(WRONG_KIND, f"{name} must be a number, not {shown(value)}.")
    digits = match["digits"].replace(",", "") or "0"
    found = float(digits + match["rest"]) / (100 if match["percent"] else 1)
    if not math.isfinite(found):
        raise Refusal(OUT_OF_DOMAIN, f"{name} is too large: {shown(value)}.")
    return -found if match["bracket"] or match["sign"] in _MINUS else found


def cells(rows: Grid, name: str) -> list[Value]:
    """The cells of a range in reading order.

    Raises:
        Refusal: one of them is an error value.
    """
    found = [cell for row in rows for cell in row]
    for cell in found:
        if isinstance(cell, Error):
            raise Refusal(cell, f"{name} holds the error {cell}.")
    return found


def shown(value: Value) -> str:
    """A value as a reason quotes it, cut to a line's worth."""
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else f"{value[:40]}…")  # noqa: PLR2004 - a line's worth
    return str(value)


def spread(rows: Rows, height: int, width: int) -> Rows:
    """A range as large as the common result: a single row or column serves for all.

    Beyond the end of a range there is nothing, which Excel shows as #N/A.
    """
    lines = [
        [*row] * width if len(row) == 1 else [*row, *[NOT_AVAILABLE] * (width - len(row))]
        for row in rows
    ]
    beyond = lines if len(lines) == 1 else [[NOT_AVAILABLE] * width]
    return lines + beyond * (height - len(lines))


@lru_cache(maxsize=1000)
def key(name: str) -> str:
    """A name as it is compared: without regard to case, blanks, hyphens and the like.

    A minus before a name is no hyphen: -4 is not 4.
    """
    sign = "-" if name.startswith(_MINUS) else ""
    return sign + name.casefold().translate(_COMPARED)


_MINUS = ("-", "\u2212")

#: What a name is compared without, and as what.
_COMPARED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, " \t\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212_/().,'\u2019")),
    ord("&"): "and",
}
