"""Intervals: the critical value set on Settings, Wilson's score interval, and verdicts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.survey import compare
from commissioning.evidence import measures
from commissioning.workbook.grid import WEIGHT, Column, Formula

if TYPE_CHECKING:
    from commissioning.workbook.book import Book, Row

#: Stands in place of a figure that a setting makes impossible.
CHECK_SETTINGS = "Check settings"

#: Stands in place of a figure of counts that are none, or not of the same people.
CHECK_COUNTS = "Check counts"

#: What the council's own survey says while nobody has answered it.
NO_ANSWERS = "No own answers yet"

#: Headings of the interval of a difference.
LOW, HIGH = "Difference low", "Difference high"


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


def verdict(answered: str, fewest: str, widest: str) -> Column:
    """What the interval of a row's difference says, in plain words.

    Args:
        answered: heading of the own answers on which it stands.
        fewest: name of the setting of the fewest answers.
        widest: name of the setting of the widest interval around no difference.
    """

    def value(row: Row, book: Book) -> Value:
        low, high, base = row[LOW], row[HIGH], row[answered]
        if not (is_number(low) and is_number(high) and is_number(base)):
            return ""
        least, most = book.named(fewest), book.named(widest)
        if not is_number(least) or not is_number(most):
            return CHECK_SETTINGS
        return compare.verdict(low, high, base, least, most)

    low, high, base = f"[@{LOW}]", f"[@{HIGH}]", f"[@{answered}]"
    text = (
        f'IF(COUNT({low},{high},{base})<3,"",IF(COUNT({fewest},{widest})<2,"{CHECK_SETTINGS}",'
        f'IF({base}<{fewest},"{compare.TOO_FEW}",IF({low}>0,"{compare.HIGHER}",'
        f'IF({high}<0,"{compare.LOWER}",IF({high}-{low}>{widest},"{compare.TOO_FEW}",'
        f'"{compare.NO_CLEAR_DIFFERENCE}"))))))'
    )
    tones = {compare.HIGHER: "done", compare.LOWER: "done"}
    return Column("Verdict", width=20, formula=Formula(text, value), tones=tones)
