"""What a cell holds, as a report shows it and as a merge compares it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from commissioning.cells import serial

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.workbook.held import Held

#: Characters of a cell's content that a report shows.
_SHOWN = 60


def shown(held: Held) -> str:
    """A value, or a formula with its equals sign, cut to what a line takes."""
    return f"={held.formula}"[:_SHOWN] if held.formula is not None else shown_value(held.value)


def shown_value(value: Value) -> str:
    """A value as a report shows it."""
    if value is None or value == "":
        return "empty"
    if not isinstance(value, str):
        return str(value)
    return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")


def comparable(value: Value) -> Value:
    """A value so that equal ones compare equal: dates are numbers, nothing is an empty text."""
    if isinstance(value, bool):
        return str(value).upper()
    if value is None:
        return ""
    return serial(value) if isinstance(value, dt.date) else value
