"""From what Excel hands over to plain values, and back.

Excel hands over scalars, or rows of cells: numbers as floats, blanks as None, error values as
their names or codes, dates as dates. Functions see text, floats and None.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from commissioning.cells import (
    NOT_AVAILABLE,
    OUT_OF_DOMAIN,
    WRONG_KIND,
    Error,
    Value,
    is_number,
)
from commissioning.excel.registry import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Rows of cells.
Grid = list[list[Value]]


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
}
_ERRORS = frozenset(_CODES.values())

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*£?\s*(?P<digits>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<rest>(?:\.\d*)?"
    r"(?:e[+-]?\d{1,3})?)\s*(?P<percent>%?)",
    re.IGNORECASE | re.ASCII,
)


def grid(argument: object) -> Grid:
    """Any argument as rows of plain values, blank rows and columns at the end left off.

    A single value is one row of one cell; a flat list is one row.
    """
    if not isinstance(argument, list | tuple):
        return [[plain(argument)]]
    rows = [
        [plain(cell) for cell in row] if isinstance(row, list | tuple) else [plain(row)]
        for row in argument
    ]
    if argument and not any(isinstance(row, list | tuple) for row in argument):
        rows = [[row[0] for row in rows]]
    return _trimmed(rows)


def _trimmed(rows: Grid) -> Grid:
    """Without the blank rows and columns at the end: whole columns come with a million of them."""
    while len(rows) > 1 and all(cell is None for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    while width > 1 and all(len(row) < width or row[width - 1] is None for row in rows):
        width -= 1
    return [(row + [None] * width)[:width] for row in rows] or [[None]]


def plain(value: object) -> Value:
    """One cell: text without blanks around it, a float, a truth value, a date, an error or None."""
    if isinstance(value, str):
        text = value.strip()
        return Error(text) if text in _ERRORS else text or None
    if value is None or isinstance(value, bool | Omitted):
        return None if isinstance(value, Omitted) else value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
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
    """A decimal, a number of numpy, or something that no cell holds."""
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
    raise Refusal(WRONG_KIND, f"{name} must be text, not {_shown(value)}.")


def number(value: Value, name: str) -> float:
    """A cell as a number argument; text such as "1,234.5", "£12" or "12%" counts as its number.

    Raises:
        Refusal: it is anything else.
    """
    if is_number(value):
        return float(value)
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Refusal(WRONG_KIND, f"{name} must be a number, not {_shown(value)}.")
    digits = match["digits"].replace(",", "") or "0"
    found = float(match["sign"] + digits + match["rest"]) / (100 if match["percent"] else 1)
    if not math.isfinite(found):
        raise Refusal(OUT_OF_DOMAIN, f"{name} is too large: {_shown(value)}.")
    return found


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else f"{value[:40]}…")  # noqa: PLR2004 - a line's worth
    return str(value)


def broadcast(grids: Sequence[Grid]) -> tuple[int, int]:
    """The height and width of the result of ranges taken cell by cell, as Excel's own."""
    return max(len(rows) for rows in grids), max(len(rows[0]) for rows in grids)


def at(rows: Grid, row: int, column: int) -> Value:
    """The cell of a range for one cell of the result: a single row or column serves for all.

    Beyond the end of a longer range there is nothing, which Excel shows as #N/A.
    """
    row = 0 if len(rows) == 1 else row
    column = 0 if len(rows[0]) == 1 else column
    if row >= len(rows) or column >= len(rows[0]):
        return NOT_AVAILABLE
    return rows[row][column]


def key(name: str) -> str:
    """A name as it is compared: without regard to case, blanks, hyphens and the like."""
    return name.casefold().translate(_IGNORED)


_IGNORED = dict.fromkeys(map(ord, " \t\u00a0-\u2010\u2011\u2012\u2013\u2014_/&().,"))
