"""What a cell can hold, and how spreadsheets count days and name errors."""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a cell can hold; None is an empty cell.
Value = str | float | bool | dt.date | None

#: Day 0 of Excel's calendar, as far as days after February 1900 go.
EPOCH = dt.date(1899, 12, 30)

#: The first day on which all programs agree, 1 March 1900, and the last one, 31 December 9999.
FIRST_DAY, LAST_DAY = 61, 2_958_465


class Error(str):
    """An error value such as #N/A: what a cell holds when its formula fails."""

    __slots__ = ()


NOT_AVAILABLE = Error("#N/A")
WRONG_KIND = Error("#VALUE!")
NO_BASE = Error("#DIV/0!")
OUT_OF_DOMAIN = Error("#NUM!")

#: What goes wrong in Python -> what a cell then shows.
ERRORS: Mapping[type[Exception], Error] = {
    TypeError: WRONG_KIND,
    ZeroDivisionError: NO_BASE,
    KeyError: NOT_AVAILABLE,
    ValueError: OUT_OF_DOMAIN,
    OverflowError: OUT_OF_DOMAIN,
}


def error_of(exception: Exception) -> Error:
    """The error value that stands for an exception of one of the kinds in `ERRORS`."""
    return next(error for kind, error in ERRORS.items() if isinstance(exception, kind))


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number as ISNUMBER sees it: not a truth value, text or date object."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def fixed(value: float, places: int, factor: int = 1) -> str:
    """A number, times a factor, as TEXT writes it with so many places: halves away from zero.

    Raises:
        ValueError: the number is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    with localcontext(prec=400):
        exact = Decimal(repr(float(value))) * factor
        return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def serial(day: dt.date) -> int:
    """A date as Excel's serial number."""
    return (day - EPOCH).days


def date(value: Value) -> dt.date | None:
    """A date or a serial number as a date; None for anything else."""
    if isinstance(value, dt.date):
        return value
    if is_number(value) and -EPOCH.toordinal() < value <= LAST_DAY:
        return EPOCH + dt.timedelta(days=float(value))
    return None
