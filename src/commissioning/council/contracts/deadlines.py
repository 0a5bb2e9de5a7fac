"""What ends, can be extended or is due for review, and by when to begin; who holds the contracts.

Each definition is one that a spreadsheet can hold: months are counted as EDATE counts them, the
days as at and at the end of the horizon are both within it, and values are whole pence over a
contract's whole life. A contract that does not say something is counted as not saying it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commissioning.council.figures import Contract

#: Months that are looked ahead. The Procurement Act 2023, section 93, has large authorities
#: publish what they will tender in the coming 18 months; a value test goes before a tender.
HORIZON = 24

#: How a contract stands towards the horizon, by its end.
NO_END, ENDED, ENDS, LATER = "No end date", "Ended", "Ends within the horizon", "Ends later"


#: Whether a value test can begin in time.
AHEAD, LATE, TOO_SHORT = "Ahead", "Late", "Too short"


class LeadTimes(NamedTuple):
    """Months before a contract's end at which something should begin: for the officer to change.

    No law sets them; the defaults are a judgement.

    Attributes:
        procurement: the value test (does the council still need it, who could deliver it) and the
            procurement after it. Councils begin to tender six to twelve months before the end.
        renegotiation: terms to agree, to have approved and to sign.
        notice: for the supplier to know whether the contract is extended.
    """

    procurement: int = 12
    renegotiation: int = 6
    notice: int = 3


DEFAULTS = LeadTimes()


class Deadline(NamedTuple):
    """A contract that needs attention within the horizon, and the days on which to begin.

    Attributes:
        contract: the contract.
        ends: whether it ends within the horizon.
        can_be_extended: whether it does, and could be extended beyond that end.
        is_reviewed: whether its review is due within the horizon.
        value_test: day on which the value test should begin; None without an end date.
        renegotiation: day on which a renegotiation should begin; None without an end date.
        decision: day by which to decide on an extension; None where it cannot be extended.
    """

    contract: Contract
    ends: bool
    can_be_extended: bool
    is_reviewed: bool
    value_test: dt.date | None
    renegotiation: dt.date | None
    decision: dt.date | None

    @property
    def first(self) -> dt.date:
        """The day that falls first within the horizon: its end or its review."""
        contract = self.contract
        days = (contract.end if self.ends else None, contract.review if self.is_reviewed else None)
        return min(day for day in days if day)


class Total(NamedTuple):
    """How many contracts and what they are worth.

    Attributes:
        contracts: how many.
        valued: how many of them give their value over the whole life.
        pence: the sum of those values.
        annual_valued: how many of them give their annual value.
        annual_pence: the sum of those.
    """

    contracts: int
    valued: int
    pence: int
    annual_valued: int
    annual_pence: int


class Share(NamedTuple):
    """Contracts whose supplier is of a kind, with what is known about it.

    Attributes:
        contracts: all contracts.
        known: those that say whether their supplier is of the kind.
        held: those whose supplier is.
        pence: value of all contracts that give one.
        known_pence: of those that say.
        held_pence: of those whose supplier is.
    """

    contracts: int
    known: int
    held: int
    pence: int
    known_pence: int
    held_pence: int

    @property
    def by_number(self) -> float | None:
        """Share of the contracts that say, from 0 to 1; None where none says."""
        return self.held / self.known if self.known else None

    @property
    def by_value(self) -> float | None:
        """Share of the pounds of those contracts, from 0 to 1; None where they come to none."""
        return self.held_pence / self.known_pence if self.known_pence else None


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (or earlier), as EDATE(day, months).

    Where that month is too short it is the month's last day: one month after 31 January is
    28 February, or 29.

    Raises:
        ValueError: the day is outside the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise ValueError(f"{months} months from {day} are outside the calendar")
    return day.replace(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def extended(end: dt.date, months: int) -> dt.date:
    """The last day of a contract extended by so many months: EDATE(end + 1, months) - 1.

    The extension begins on the day after the end: half a year from 30 June ends on 31 December.

    Raises:
        ValueError: the day is outside the calendar.
    """
    return months_after(end + dt.timedelta(1), months) - dt.timedelta(1)


def is_within(day: dt.date | None, as_at: dt.date, months: int = HORIZON) -> bool:
    """Whether a day is within the horizon: as_at <= day <= EDATE(as_at, months)."""
    return day is not None and as_at <= day <= months_after(as_at, months)


def is_late(begin: dt.date | None, as_at: dt.date) -> bool:
    """Whether the day on which to begin has passed: begin < as_at; on the day itself it has not."""
    return begin is not None and begin < as_at


def is_too_short(start: dt.date | None, begin: dt.date | None) -> bool:
    """Whether what should begin on a day could never have: the contract began later itself."""
    return start is not None and begin is not None and begin < start


def standing(end: dt.date | None, as_at: dt.date, months: int = HORIZON) -> str:
    """How a contract stands by its end: `NO_END`, `ENDED`, `ENDS` or `LATER`.

    A contract that ends on the day as at has not ended: its last day still runs.
    """
    if end is None:
        return NO_END
    if end < as_at:
        return ENDED
    return ENDS if is_within(end, as_at, months) else LATER


def can_be_extended(contract: Contract) -> bool:
    """Whether the register gives an end with extensions that is later than the end."""
    end, latest = contract.end, contract.extended_end
    return end is not None and latest is not None and latest > end


def deadline(
    contract: Contract, as_at: dt.date, lead_times: LeadTimes, months: int = HORIZON
) -> Deadline:
    """What falls due on a contract; each day to begin is EDATE(end, -lead time)."""
    end, ends = contract.end, is_within(contract.end, as_at, months)
    extends = ends and can_be_extended(contract)
    return Deadline(
        contract,
        ends,
        extends,
        is_within(contract.review, as_at, months),
        value_test=end and months_after(end, -lead_times.procurement),
        renegotiation=end and months_after(end, -lead_times.renegotiation),
        decision=months_after(end, -lead_times.notice) if end and extends else None,
    )


def upcoming(
    contracts: Iterable[Contract],
    as_at: dt.date,
    lead_times: LeadTimes = DEFAULTS,
    months: int = HORIZON,
) -> list[Deadline]:
    """What ends or is due for review within the horizon: the earliest first, then the largest."""
    each = (deadline(contract, as_at, lead_times, months) for contract in contracts)
    return sorted(
        (found for found in each if found.ends or found.is_reviewed),
        key=lambda found: (
            found.first,
            -(found.contract.value or 0),
            found.contract.reference,
            found.contract.title,
        ),
    )


def total(contracts: Iterable[Contract]) -> Total:
    """How many contracts there are and what they are worth, as far as they say."""
    listed = list(contracts)
    values = [each.value for each in listed if each.value is not None]
    annual = [each.annual_value for each in listed if each.annual_value is not None]
    return Total(len(listed), len(values), sum(values), len(annual), sum(annual))


def share(contracts: Iterable[Contract], flag: Literal["sme", "voluntary"]) -> Share:
    """Contracts whose supplier is small or medium-sized, or voluntary; by number and by value.

    Counted are contracts, not suppliers: each row of the register once.
    """
    listed = list(contracts)
    known = [each for each in listed if getattr(each, flag) is not None]
    held = [each for each in known if getattr(each, flag)]
    everything, of_known, of_held = total(listed), total(known), total(held)
    return Share(
        everything.contracts,
        of_known.contracts,
        of_held.contracts,
        everything.pence,
        of_known.pence,
        of_held.pence,
    )
