"""The survey's statistics.

Counts are of respondents, results are fractions (0.62 is 62%), and every function of plain
arithmetic takes a number or a pandas Series alike, so that a table is one call.

Sources: net balance, weighted balance and diffusion index as central banks and statistics offices
use them for business surveys (Bank of England, Agents' and credit conditions surveys: weights of
1, 1/2, 0, -1/2, -1); Wilson (1927), "Probable inference, the law of succession, and statistical
inference", for the interval.
"""

from __future__ import annotations

import math
from functools import reduce
from operator import add
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

#: One number, or one number for each row of a table.
Number = TypeVar("Number", float, "pd.Series[float]")


def share(count: Number, base: Number) -> Number:
    """Share of respondents: count / base.

    Raises:
        ZeroDivisionError: the base is 0 (for single numbers).
    """
    return count / base


def net_balance(more: Number, fewer: Number, base: Number) -> Number:
    """Share that expects more less the share that expects fewer ("none" counted as fewer)."""
    return (more - fewer) / base


def net_balance_error(more: Number, fewer: Number, base: Number) -> Number:
    """Standard error of the net balance under multinomial sampling.

    sqrt((p₊ + p₋ - (p₊ - p₋)²) / n), with p₊ and p₋ the shares that expect more and fewer.
    """
    balance = (more - fewer) / base
    # The fractions' sum is at least the square of their difference, but for rounding.
    variance = abs((more + fewer) / base - balance * balance) / base
    error: Number = variance**0.5
    return error


def weighted_balance(counts: Sequence[Number], weights: Sequence[float]) -> Number:
    """Balance that counts a strong answer more than a mild one: sum of weight x share.

    Args:
        counts: respondents for each outlook, one number or Series an outlook.
        weights: of the outlooks in the same order; -1, -½, 0, ½, 1 in the survey of 2011.

    Raises:
        ZeroDivisionError: there are no respondents (for single numbers).
    """
    weighted = [count * weight for count, weight in zip(counts, weights, strict=True)]
    return reduce(add, weighted) / reduce(add, counts)


def diffusion_index(more: Number, same: Number, base: Number) -> Number:
    """Share that expects more plus half the share that expects no change; ½ is no movement."""
    return (more + same * 0.5) / base


def fewer_per_more(more: Number, fewer: Number) -> Number:
    """Respondents who expect fewer for each one who expects more.

    Raises:
        ZeroDivisionError: nobody expects more (for single numbers).
    """
    return fewer / more


def critical_value(confidence: float) -> float:
    """Two-sided critical value of the normal distribution: 1.96 for 0.95.

    Raises:
        ValueError: the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1, such as 0.95")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson_interval(
    count: float, base: float, confidence: float = 0.95, population: float | None = None
) -> tuple[float, float]:
    """Low and high end of Wilson's score interval for a share.

    Args:
        count: respondents with the answer.
        base: respondents, n.
        confidence: of the interval, between 0 and 1.
        population: councils that could have answered, N; the interval then narrows as
            z² becomes z²(N - n)/(N - 1).

    Raises:
        ZeroDivisionError: the base is 0.
        ValueError: a count outside 0 to base, or a population below the base.
    """
    if not 0 <= count <= base:
        raise ValueError(f"count {count} is not between 0 and the base {base}")
    square = critical_value(confidence) ** 2
    if population is not None:
        if population < base:
            raise ValueError(f"population {population} is below the base {base}")
        square *= (population - base) / (population - 1) if population > 1 else 0.0
    return wilson_limits(count, base, square)


def wilson_limits(count: Number, base: Number, square: float) -> tuple[Number, Number]:
    """Low and high end of Wilson's score interval, from the square of the critical value.

    Plain arithmetic on counts known to be between 0 and a positive base: `wilson_interval`
    checks them.
    """
    # The high end as the other answer's low end: exactly 1 where everybody gave this one.
    return _wilson_low(count, base, square), 1 - _wilson_low(base - count, base, square)


def _wilson_low(count: Number, base: Number, square: float) -> Number:
    spread = (square * (count * (base - count) / base + square / 4)) ** 0.5
    # Nobody's low end is 0, but for rounding: never below it.
    low: Number = abs(count + square / 2 - spread) / (base + square)
    return low


def rounds_to(value: float, printed: float, unit: float) -> bool:
    """Whether a value rounds to the printed figure, in steps of `unit`, halves away from zero."""
    return _steps(value, unit) == _steps(printed, unit)


def _steps(value: float, unit: float) -> float:
    # A spreadsheet's ROUND works on 15 significant digits; so does this, lest 0.5 be 0.49999….
    return math.copysign(math.floor(float(f"{abs(value) / unit:.15g}") + 0.5), value)
