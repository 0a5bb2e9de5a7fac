"""Dates and times as a workbook counts them."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from commissioning.cells import EPOCH, FIRST_DAY, LAST_DAY

_DAY_MS = 86_400_000
_EPOCH_1904 = dt.date(1904, 1, 1)
#: Number formats of dates and times without a code of their own.
#: Source: ECMA-376 part 1, 18.8.30.
_BUILT_IN = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', re.DOTALL)


class Calendar(NamedTuple):
    """The day 0 of a workbook, and the first day on which all programs agree."""

    epoch: dt.date
    first: int

    def serial(self, day: dt.date) -> float:
        """A date, or a date and time, as a serial number.

        Raises:
            ValueError: the calendar does not reach it; says which date.
        """
        date = day.date() if isinstance(day, dt.datetime) else day
        days = (date - self.epoch).days
        if not self.first <= days <= LAST_DAY:
            raise ValueError(f"the date {day}, which spreadsheets disagree on or cannot hold,")
        if not isinstance(day, dt.datetime):
            return float(days)
        midnight = dt.datetime.combine(date, dt.time(), day.tzinfo)
        return days + (day - midnight) / dt.timedelta(days=1)

    def moment(self, serial: float) -> dt.datetime | float:
        """The date and time of a serial number, to the millisecond; the number where there is none.

        Before March 1900 the calendars of programs differ by a day: this is Excel's own for code.
        """
        if not 0 <= serial <= LAST_DAY:
            return serial
        start = dt.datetime.combine(self.epoch, dt.time())
        return start + dt.timedelta(milliseconds=round(serial * _DAY_MS))


CALENDAR_1900 = Calendar(EPOCH, FIRST_DAY)
CALENDAR_1904 = Calendar(_EPOCH_1904, 0)


def is_date_format(number: int, code: str | None) -> bool:
    """Whether a number format shows dates or times, by its number and, where it has one, code."""
    if code is None:
        return number in _BUILT_IN
    return re.search("[dmyhs]", _LITERAL.sub("", code), re.IGNORECASE) is not None
