"""How a whole column of dates is to be read.

One text alone does not tell whether 04/05 is in May, which year "5 April" is of, or whether Excel
took 4 May for 5 April when it opened a file: where it is set to American dates it turns day and
month in each day up to the 12th, and leaves the others as they are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commissioning.council.reading import dates
from commissioning.council.reading.dates import Form, Order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_MONTHS = 12
#: So many days show by themselves what Excel did; fewer need the file's own month as well.
_SEVERAL = 3
#: A quarter has three months, and so a quarter of its turned days fall into it by chance.
_BY_CHANCE = 3

Month = tuple[int, int]
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Manner:
    """How the dates of a column are read.

    Attributes:
        order: of numbers in a date.
        about: the middle of the time that the file tells, for days without a year.
        turned: forms in which day and month changed places in each day up to the 12th.
        spans: first and last months that the file tells.
    """

    order: Order = Order.DAY_FIRST
    about: dt.date | None = None
    turned: frozenset[Form] = frozenset()
    spans: tuple[Span, ...] = ()

    def day(self, text: str) -> dt.date | None:
        """The day that a text names; None where it names none, or one of an unknown year."""
        found = dates.day(text, self.order)
        if found is None and self.about and (alone := dates.without_year(text)):
            found = _nearest(*alone, self.about)
        if found and self.turned and can_turn(found) and dates.form(text) in self.turned:
            return turned(found)
        return found

    def doubtful_of(self, read: Mapping[str, dt.date | None]) -> set[dt.date]:
        """The days that may be others, of all that were read, by their texts.

        What the first rows do not show yet, all of them may: then it is too late to turn.
        """
        found = {text: day for text, day in read.items() if day}
        changed, doubtful = _turned_forms(found, self.spans)
        return {
            day
            for text, day in found.items()
            if can_turn(day) and dates.form(text) in changed | doubtful
        }


def manner(texts: Collection[str], told: Sequence[str] = ()) -> Manner:
    """How to read a column.

    Args:
        texts: its different texts.
        told: titles and names that may tell the months that it is of, the best first.
    """
    order = dates.order(texts)
    days = {text: day for text in texts if (day := dates.day(text, order))}
    spans = tuple(span for text in told for span in dates.spans(text))
    changed, _ = _turned_forms(days, spans)
    return Manner(order, _about(texts, spans), changed, spans)


def can_turn(day: dt.date) -> bool:
    """Whether another day comes of changing day and month."""
    return day.day <= _MONTHS and day.day != day.month


def turned(day: dt.date) -> dt.date:
    """The day of which day and month have changed places."""
    return day.replace(month=day.day, day=day.month)


def is_settled(texts: Iterable[str]) -> bool:
    """Whether some text is a day that no other can stand for, or none can be taken for another."""
    formed = [text for text in texts if dates.form(text)]
    days = map(dates.day, formed)
    return not formed or any(day and day.day > _MONTHS for day in days)


def _nearest(month: int, day: int, about: dt.date) -> dt.date | None:
    """A day of the year in which it is nearest to a date; None where that year has no such day."""
    years = (about.year - 1, about.year, about.year + 1)
    nearest = min(years, key=lambda year: abs(dt.date(year, month, min(day, 28)) - about))
    return _date(nearest, month, day)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _about(texts: Iterable[str], spans: Sequence[Span]) -> dt.date | None:
    """The middle of the span into which most of the days without a year fall."""
    alone = {found for text in texts if (found := dates.without_year(text))}

    def within(span: Span) -> int:
        middle, (first, last) = _middle(span), span
        days = (_nearest(*each, middle) for each in alone)
        return sum(first <= each.replace(day=1) <= last for each in days if each)

    best = max(spans, key=within, default=None)
    return _middle(best) if best and within(best) else None


def _middle(span: Span) -> dt.date:
    first, last = span
    return first + (last - first) / 2 + dt.timedelta(days=15)


def _turned_forms(
    days: Mapping[str, dt.date], spans: Sequence[Span]
) -> tuple[frozenset[Form], frozenset[Form]]:
    """Forms whose days up to the 12th are turned, and those of which that cannot be told."""
    open_days: dict[Form, set[dt.date]] = defaultdict(set)
    sure: dict[Form | None, set[dt.date]] = defaultdict(set)
    for text, day in days.items():
        form = dates.form(text)
        if form and can_turn(day):
            open_days[form].add(day)
        else:
            sure[form].add(day)
    told = {_month(first) for first, last in spans if first == last}
    seen = {_month(day) for some in sure.values() for day in some}
    few, months = 1 if seen and seen <= told else _SEVERAL, seen or told
    changed = {
        form for form, some in open_days.items() if len(some) >= few and _is_turned(some, months)
    }
    doubtful = {
        form
        for form, some in open_days.items()
        if form not in changed and _is_doubtful(form, some, sure, open_days, months)
    }
    return frozenset(changed), frozenset(doubtful)


def _is_turned(some: set[dt.date], months: set[Month]) -> bool:
    """Whether all days fall into the months of the column if they are turned, and hardly before."""
    before, after = _within(some, months)
    return after == len(some) and _BY_CHANCE * before < after


def _within(some: set[dt.date], months: set[Month]) -> tuple[int, int]:
    """How many days fall into some months as they are, and turned."""
    return (
        sum(_month(day) in months for day in some),
        sum(_month(turned(day)) in months for day in some),
    )


def _is_doubtful(
    form: Form,
    some: set[dt.date],
    sure: Mapping[Form | None, set[dt.date]],
    open_days: Mapping[Form, set[dt.date]],
    months: set[Month],
) -> bool:
    """Whether turning would do as well, or better, and the column looks as Excel leaves it."""
    before, after = _within(some, months)
    if after > _BY_CHANCE * before:
        return True
    # Days up to the 12th all in one form, the others all in another one.
    others = [other for other in sure if other and other != form and not open_days.get(other)]
    none_later = all(day.day <= _MONTHS for day in sure.get(form, ()))
    return bool(0 < after == before and others and none_later and len(some) >= _SEVERAL)


def _month(day: dt.date) -> Month:
    return day.year, day.month
