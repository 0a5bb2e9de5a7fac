"""How high a row has to be for the texts in it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Height of a line of text in points.
LINE = 14.5

#: Width of a letter on the whole, and how much more a capital takes, in the digits that widths are
#: counted in.
_LETTER, _CAPITAL = 0.87, 0.48

#: Height in points of the highest row that Excel shows.
_HIGHEST = 409


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """Height in points of a row of wrapped texts in columns of the given widths."""
    lines = [
        len(wrap(text, max(fitting, 1)))
        for text, width in texts
        if len(text) > (fitting := _fitting(text, width))
    ]
    return min(max([1, *lines]) * LINE + 4, _HIGHEST)


def _fitting(text: str, width: float) -> int:
    """How many characters of a text fit into a line of a width."""
    capitals = sum(map(str.isupper, text)) / max(len(text), 1)
    return int(width / (_LETTER + _CAPITAL * capitals)) - 1
