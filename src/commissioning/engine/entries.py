"""What is to stand in cells, and what the cells of every sheet refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.cells import Value
    from commissioning.engine.dates import Calendar
    from commissioning.engine.styles import Styles


class Context(NamedTuple):
    """What the cells of every sheet refer to."""

    string: Callable[[int], str]
    styles: Callable[[], Styles]
    calendar: Calendar


class Entry(NamedTuple):
    """What is to stand in a cell: a formula without its equals sign, or a value.

    A date is a serial number; a text with `prefixed` would be a formula if somebody typed it.
    """

    value: Value = None
    prefixed: bool = False
    formula: str | None = None

    @property
    def fills(self) -> bool:
        """Whether it is more than an empty cell."""
        return self.value is not None or self.formula is not None
