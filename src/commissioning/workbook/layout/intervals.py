"""Intervals of shares: the critical value set on Settings, and Wilson's score interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import is_number
from commissioning.evidence import measures
from commissioning.workbook.grid import WEIGHT, Column, Formula

if TYPE_CHECKING:
    from commissioning.workbook.book import Book, Row

#: Stands in place of a figure that a setting makes impossible.
CHECK_SETTINGS = "Check settings"


def critical_value(book: Book) -> float | None:
    """The critical value at the confidence chosen on Settings; None where that is none."""
    confidence = book.named("Confidence")
    if not is_number(confidence) or not 0 < confidence < 1:
        return None
    return measures.critical_value(confidence)


def with_critical_value(formula: str) -> str:
    """A formula that uses the critical value, guarded against a confidence that is none."""
    usable = "IF(ISNUMBER(Confidence),AND(Confidence>0,Confidence<1))"
    return f'IF({usable},{formula},"{CHECK_SETTINGS}")'


def _squared(_: Row, book: Book) -> float | str:
    critical = critical_value(book)
    return CHECK_SETTINGS if critical is None else critical**2


#: The square of the critical value, from which intervals are worked out.
Z_SQUARED = Column(
    "Z squared",
    WEIGHT,
    11,
    Formula(with_critical_value("NORMSINV((1+Confidence)/2)^2"), _squared),
)


def wilson(count: float, base: float, z: float, end: int) -> float:
    """One end of Wilson's interval, also where counts were typed that are none.

    Args:
        count: respondents with the answer.
        base: respondents who answered.
        z: the square of the critical value.
        end: 0 for the low end, 1 for the high one.
    """
    centre = (count + z / 2) / (base + z)
    spread = math.sqrt(z * (count * (base - count) / base + z / 4)) / (base + z)
    return max(0.0, centre - spread) if end == 0 else min(1.0, centre + spread)


def wilson_text(count: str, base: str, z: str, end: int) -> str:
    """The formula of `wilson`."""
    centre = f"({count}+{z}/2)/({base}+{z})"
    spread = f"SQRT({z}*({count}*({base}-{count})/{base}+{z}/4))/({base}+{z})"
    return f"MAX(0,{centre}-{spread})" if end == 0 else f"MIN(1,{centre}+{spread})"
