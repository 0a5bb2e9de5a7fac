"""Areas of a sheet taken together."""

from __future__ import annotations

from commissioning.check.references import LAST_COLUMN, LAST_ROW, Area

WHOLE_SHEET = Area(1, 1, LAST_ROW, LAST_COLUMN)
#: Areas that are told apart; more of them are the whole sheet.
MOST_AREAS = 200


class Areas:
    """Cells of a sheet, as few areas; where these are too many, all cells."""

    def __init__(self) -> None:
        """Begin with no cell."""
        self._areas: list[Area] = []

    def add(self, block: Area) -> None:
        """Take the cells of an area in."""
        if any(encloses(each, block) for each in self._areas):
            return
        apart = list(self._areas)
        # One after the other: what is joined may fit with another one only then.
        while joining := next((each for each in apart if _fit(each, block)), None):
            apart.remove(joining)
            block = around(joining, block)
        self._areas = [*apart, block] if len(apart) < MOST_AREAS else [WHOLE_SHEET]

    def overlap(self, block: Area) -> bool:
        """Whether an area has one of the cells."""
        return any(each.overlaps(block) for each in self._areas)


def _fit(one: Area, other: Area) -> bool:
    """Whether two areas together are one, without a cell of neither."""
    if encloses(other, one):
        return True
    if (one.left, one.right) == (other.left, other.right):
        return one.top <= other.bottom + 1 and other.top <= one.bottom + 1
    if (one.top, one.bottom) == (other.top, other.bottom):
        return one.left <= other.right + 1 and other.left <= one.right + 1
    return False


def around(one: Area, other: Area) -> Area:
    """The smallest area that holds two others."""
    return Area(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )


def encloses(block: Area, other: Area) -> bool:
    """Whether an area holds all of another."""
    return block.holds(other.top, other.left) and block.holds(other.bottom, other.right)
