"""Text as a date, in British order.

Read are days as 31/03/2017, 31.3.17, 2017-03-31, 31 March 2017, 31-Mar-17 or 20170331, with or
without a time of day; months as Mar-17 (their first day); and a spreadsheet's serial numbers
(42825, in the 1900 system). What only a whole column tells, such as the order of day and month, is
for `dating` to find.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

#: Dates outside are slips of the pen, such as 2105 for 2015.
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)

_SERIAL_START = dt.date(1899, 12, 30)
#: Years written with two digits are of this century up to here.
_LAST_SHORT_YEAR = 68
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

#: "Wednesday, 30th of September 2015 12:30:00.000 PM +01:00" is as long as a date can be.
_LONGEST = 60
#: More different texts than days in a batch of rows.
_MANY = 3000
_CLOCK = r"[T ]\d\d:\d\d(:\d\d)?([.]\d+)?$"
_TIME = re.compile(
    r"[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]m)?\s*(?:z|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[ ,]+", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4}|\d{2})", re.ASCII)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-/. ,]*([a-z]{3,9})[-/. ,']*(\d{4}|\d{2})", re.IGNORECASE | re.ASCII
)
_MONTH_DAY = re.compile(
    r"([a-z]{3,9})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:, *|[-/. ]+)(\d{4})", re.IGNORECASE | re.ASCII
)
_MONTH = re.compile(r"([a-z]{3,9})[-/. ,']*(\d{4}|\d{2})", re.IGNORECASE | re.ASCII)
_MONTH_WITHIN = re.compile(r"(?<!\d)(20\d\d)[-. ]?(0[1-9]|1[0-2])(?!\d)", re.ASCII)
_NAME_WITHIN = re.compile(
    r"(?<![a-z])([a-z]{3,9})[-. ,']*(20\d\d|\d\d)(?!\d)", re.IGNORECASE | re.ASCII
)
_DAY_ALONE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})", re.IGNORECASE | re.ASCII)
_ALONE_DAY = re.compile(r"([a-z]{3,9})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE | re.ASCII)
_FINANCIAL = re.compile(r"(?<!\d)(20\d\d) ?[-/] ?(?:20)?(\d\d)(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)
_DIGIT = re.compile(r"\d", re.ASCII)
_DIGITS = re.compile(r"(\d{8})|(\d{5})(?:\.\d+)?", re.ASCII)


class Order(StrEnum):
    """What comes first in a date of numbers only."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def day(text: str, order: Order = Order.DAY_FIRST) -> dt.date | None:
    """The day that a text names, from 1990 to 2099; None where it names none."""
    bare = _bare(text)
    found = _by_numbers(bare, order) or _by_name(bare) or _by_digits(bare)
    return found if found and EARLIEST <= found <= LATEST else None


def last_day(text: str, order: Order = Order.DAY_FIRST) -> dt.date | None:
    """The day that a text names as an end: of a month alone, its last one."""
    found = day(text, order)
    if found and _MONTH.fullmatch(_bare(text)):
        return found.replace(day=calendar.monthrange(found.year, found.month)[1])
    return found


class Form(StrEnum):
    """How a day can be written that Excel may have taken for another one."""

    YEAR_FIRST = "year first"
    NUMBERS = "day or month first"
    SERIAL = "serial number"


def form(text: str) -> Form | None:
    """The form of a date of numbers only; None for others, such as those with the month's name."""
    bare = _bare(text)
    if _YEAR_FIRST.fullmatch(bare):
        return Form.YEAR_FIRST
    if _NUMBERS.fullmatch(bare):
        return Form.NUMBERS
    digits = _DIGITS.fullmatch(bare)
    return Form.SERIAL if digits and digits[2] else None


def without_year(text: str) -> tuple[int, int] | None:
    """Month and day of a date without a year, such as 5 April; None for other texts."""
    bare = _bare(text)
    if match := _DAY_ALONE.fullmatch(bare):
        named, day = match[2], match[1]
    elif match := _ALONE_DAY.fullmatch(bare):
        named, day = match[1], match[2]
    else:
        return None
    # A leap year has every day.
    found = _date("2000", _month(named), day)
    return (found.month, found.day) if found else None


def is_date(text: str, order: Order = Order.DAY_FIRST) -> bool:
    """Whether a text is a date, with a year or without."""
    return day(text, order) is not None or without_year(text) is not None


def order(texts: Iterable[str]) -> Order:
    """The order that fits most of the texts; day first where both fit."""
    pairs = [
        (int(match[1]), int(match[2]))
        for text in texts
        if (match := _NUMBERS.match(" ".join(text.split())))
    ]
    day_first = sum(second <= len(_MONTHS) for _, second in pairs)
    month_first = sum(first <= len(_MONTHS) for first, _ in pairs)
    return Order.MONTH_FIRST if month_first > day_first else Order.DAY_FIRST


@lru_cache(maxsize=1 << 15)
def _bare(text: str) -> str:
    """A date without its weekday and time of day; "" where the text is none at first sight."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return ""
    return _WEEKDAY.sub("", _TIME.sub("", " ".join(text.split())))


def _by_numbers(text: str, order: Order) -> dt.date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _NUMBERS.fullmatch(text):
        first, second = (1, 2) if order is Order.DAY_FIRST else (2, 1)
        return _date(match[3], match[second], match[first])
    return None


def _by_name(text: str) -> dt.date | None:
    if match := _DAY_MONTH.fullmatch(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := _MONTH_DAY.fullmatch(text):
        return _date(match[3], _month(match[1]), match[2])
    if match := _MONTH.fullmatch(text):
        return _date(match[2], _month(match[1]), "1")
    return None


def _by_digits(text: str) -> dt.date | None:
    match = _DIGITS.fullmatch(text)
    if not match:
        return None
    if match[2]:
        return _SERIAL_START + dt.timedelta(int(match[2]))
    return _date(text[:4], text[4:6], text[6:]) or _date(text[4:], text[2:4], text[:2])


def _month(name: str) -> str:
    """A month's number; 0 where the word is no month."""
    numbers = (i for i, month in enumerate(_MONTHS, 1) if month.startswith(name.casefold()))
    return str(next(numbers, 0))


def _date(year: str, month: str, day: str) -> dt.date | None:
    number = int(year)
    if number <= _LAST_SHORT_YEAR:
        number += 2000
    elif len(year) < len("yyyy"):
        number += 1900
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        return None


def read(
    texts: pa.StringArray,
    day: Callable[[str], dt.date | None],
    known: dict[str, dt.date | None],
) -> pa.Date32Array:
    """A column of texts as dates, null where a text is none.

    The same as `day` of each text; `known` keeps what has been read, so that it is read once.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(texts)
    if len(encoded.dictionary) > _MANY:
        # Times of day make nearly each text another one.
        encoded = pc.dictionary_encode(pc.replace_substring_regex(texts, _CLOCK, ""))
    distinct = encoded.dictionary.to_pylist()
    for text in distinct:
        if text not in known:
            known[text] = day(text)
    return pa.array([known[text] for text in distinct], pa.date32()).take(encoded.indices)


def months(text: str) -> list[dt.date]:
    """The first days of the months that a title or a file's name tells, such as "spend-2015-04"."""
    spaced = re.sub(r"[_\s]+", " ", text)
    found = [_date(match[1], match[2], "1") for match in _MONTH_WITHIN.finditer(spaced)]
    found += [_date(match[2], _month(match[1]), "1") for match in _NAME_WITHIN.finditer(spaced)]
    return [each for each in found if each and EARLIEST <= each <= LATEST]


def spans(text: str) -> list[tuple[dt.date, dt.date]]:
    """First and last month that a title or a file's name may tell, the likeliest first.

    These are the months that it names, or all of a financial or of a calendar year; "2011-12" may
    be December or a financial year.
    """
    spaced = re.sub(r"[_\s]+", " ", text)
    found = []
    if named := months(text):
        found.append((min(named), max(named)))
    for match in _FINANCIAL.finditer(spaced):
        first = int(match[1])
        if (first + 1) % 100 == int(match[2]):
            found.append((dt.date(first, 4, 1), dt.date(first + 1, 3, 1)))
    if not found and (years := {int(year) for year in _YEAR.findall(spaced)}):
        found.append((dt.date(min(years), 1, 1), dt.date(max(years), 12, 1)))
    return found
