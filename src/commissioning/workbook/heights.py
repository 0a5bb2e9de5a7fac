"""How high a row has to be for the texts in it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Height of a line of text in points.
LINE = 14.5

#: Height in points of the highest row that Excel shows.
_HIGHEST = 409


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """Height in points of a row of wrapped texts in columns of the given widths."""
    # Letters are on the whole a little narrower than the digits that widths are counted in.
    lines = [
        len(wrap(text, max(fitting, 1)))
        for text, width in texts
        if len(text) > (fitting := int(width * 1.15) - 1)
    ]
    return min(max([1, *lines]) * LINE + 4, _HIGHEST)
