"""Which of two sides belong together, as a whole: the assignment with the largest sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def best_pairs(worth: Sequence[Sequence[float]]) -> dict[int, int]:
    """Row to column, each used once at most, such that the sum of their worth is the largest.

    Pairs that are worth nothing are left out. The Hungarian method, with potentials (Kuhn 1955,
    Munkres 1957), in the number of rows squared times the number of columns.
    """
    # Rows that are worth nothing stay alone in any case.
    kept = [place for place, row in enumerate(worth) if any(value > 0 for value in row)]
    some = [worth[place] for place in kept]
    height = len(some)
    # So many columns more, worth nothing, let each row stay alone.
    width = (len(some[0]) if height else 0) + height
    rows, columns = [0.0] * (height + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, height + 1):
        _augment(some, row, rows, columns, owner)
    return {
        kept[row - 1]: column - 1
        for column, row in enumerate(owner)
        if row and column and column <= width - height and some[row - 1][column - 1] > 0
    }


def _augment(
    worth: Sequence[Sequence[float]],
    row: int,
    rows: list[float],
    columns: list[float],
    owner: list[int],
) -> None:
    """Give one more row its column, along the path that costs least; column 0 is the start."""
    width = len(columns) - 1
    owner[0], here = row, 0
    least, before, used = [math.inf] * (width + 1), [0] * (width + 1), [False] * (width + 1)
    while owner[here]:
        used[here] = True
        at, delta, following = owner[here], math.inf, 0
        for column in range(1, width + 1):
            if used[column]:
                continue
            value = worth[at - 1][column - 1] if column <= len(worth[at - 1]) else 0
            cost = -value - rows[at] - columns[column]
            if cost < least[column]:
                least[column], before[column] = cost, here
            if least[column] < delta:
                delta, following = least[column], column
        for column in range(width + 1):
            if used[column]:
                rows[owner[column]] += delta
                columns[column] -= delta
            else:
                least[column] -= delta
        here = following
    while here:
        owner[here], here = owner[before[here]], before[here]
