"""Expenditure that is not yet external, and what a shift of part of it would mean.

The calculation is the report's (press release, footnote 2): total procurement, less what external
contractors already deliver, plus other local government employees. All amounts of one call are in
one unit; functions of plain arithmetic take pandas Series too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.evidence.measures import Number


def non_external(procurement: Number, contractors: Number, employees: Number) -> Number:
    """Total non-external expenditure, in the unit of the amounts."""
    return procurement - contractors + employees


def contractors_share(procurement: Number, contractors: Number) -> Number:
    """Share of procurement that external contractors already deliver.

    Raises:
        ZeroDivisionError: there is no procurement (for single numbers).
    """
    return contractors / procurement


def division(balances: Sequence[float], own: Sequence[float | None] | None = None) -> list[float]:
    """How a scenario divides between provider types, as shares.

    The officer's own shares where any is given (a type without one gets nothing); else in
    proportion to the net balances, a negative balance counting as none.

    Raises:
        ZeroDivisionError: no own share is given and no balance is positive.
    """
    if own is not None and any(value is not None for value in own):
        return [value or 0.0 for value in own]
    positive = [max(balance, 0.0) for balance in balances]
    total = sum(positive)
    return [balance / total for balance in positive]


def scenario(amount: float, recommissioned: float, shares: Sequence[float]) -> list[float]:
    """Money for each provider type: amount x share recommissioned x the type's share.

    An illustration, not a forecast: nothing in the survey says how much money would move.

    Raises:
        ValueError: the share recommissioned is not between 0 and 1.
    """
    if not 0 <= recommissioned <= 1:
        raise ValueError(f"share {recommissioned} is not between 0 and 1")
    return [amount * recommissioned * part for part in shares]
