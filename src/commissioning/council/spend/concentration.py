"""How concentrated a market is, from what each of its suppliers was paid.

Amounts are of one supplier each, in any unit; those that are not above zero count as nothing.

Source: Office of Fair Trading and Competition Commission, Merger Assessment Guidelines
(OFT1254, 2010), 5.3.4 and 5.3.5, the CMA's until 2021; they call a market concentrated above
1,000 and highly concentrated above 2,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many of the largest suppliers the concentration ratio counts.
LARGEST = 4


def hhi(amounts: Iterable[float]) -> float:
    """The Herfindahl-Hirschman index: the sum of squared percentages, above 0 to 10,000.

    Raises:
        ZeroDivisionError: no amount is above zero.
    """
    counted = _above_zero(amounts)
    # Squares of pence go beyond 64 bits: Python's own integers hold them.
    return 10_000 * sum(each * each for each in counted) / sum(counted) ** 2


def share_of_largest(amounts: Iterable[float], count: int = LARGEST) -> float:
    """The share of the largest suppliers, a fraction.

    Raises:
        ZeroDivisionError: no amount is above zero.
    """
    counted = _above_zero(amounts)
    return sum(counted[:count]) / sum(counted)


def _above_zero(amounts: Iterable[float]) -> list[float]:
    """The amounts above zero, the largest first."""
    return sorted((each for each in amounts if each > 0), reverse=True)
