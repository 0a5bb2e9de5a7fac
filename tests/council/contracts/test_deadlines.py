"""When contracts end and when to begin; the calendar judged by pandas."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.contracts import deadlines
from commissioning.council.contracts.deadlines import LeadTimes, Share, Total
from commissioning.council.figures import Contract

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
AS_AT = dt.date(2026, 11, 22)
NOTHING = Contract("", "", "", "", None, None, None, None, None, None, None, None)


def later(day: dt.date, months: int) -> dt.date:
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


def ending(end: dt.date | None, **rest: object) -> Contract:
    return NOTHING._replace(end=end, **rest)  # type: ignore[arg-type]


@given(DAYS, st.integers(-600, 600))
def test_months_are_counted_as_pandas_counts_them(day: dt.date, months: int) -> None:
    assert deadlines.months_after(day, months) == later(day, months)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        # As Microsoft's help for EDATE and the ODF standard have it.
        (dt.date(2011, 1, 15), 1, dt.date(2011, 2, 15)),
        (dt.date(2011, 1, 15), -1, dt.date(2010, 12, 15)),
        (dt.date(2011, 1, 31), 1, dt.date(2011, 2, 28)),
        (dt.date(2012, 1, 31), 1, dt.date(2012, 2, 29)),
        (dt.date(2024, 2, 29), -12, dt.date(2023, 2, 28)),
    ],
)
def test_a_day_that_its_month_lacks_becomes_the_last(
    day: dt.date, months: int, expected: dt.date
) -> None:
    assert deadlines.months_after(day, months) == expected


@pytest.mark.parametrize("months", [12 * 8000, -12 * 3000])
def test_months_beyond_the_calendar_are_refused(months: int) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        deadlines.months_after(AS_AT, months)


@pytest.mark.parametrize(
    ("end", "months", "expected"),
    [
        (dt.date(2027, 6, 30), 6, dt.date(2027, 12, 31)),
        (dt.date(2027, 2, 28), 12, dt.date(2028, 2, 29)),
        (dt.date(2027, 3, 31), 24, dt.date(2029, 3, 31)),
        (dt.date(2027, 3, 30), 0, dt.date(2027, 3, 30)),
    ],
)
def test_an_extension_begins_on_the_day_after_the_end(
    end: dt.date, months: int, expected: dt.date
) -> None:
    assert deadlines.extended(end, months) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (None, deadlines.NO_END),
        (AS_AT - dt.timedelta(1), deadlines.ENDED),
        (AS_AT, deadlines.ENDS),
        (dt.date(2028, 11, 22), deadlines.ENDS),
        (dt.date(2028, 11, 23), deadlines.LATER),
    ],
)
def test_the_first_and_last_day_of_the_horizon_are_within_it(
    end: dt.date | None, expected: str
) -> None:
    assert deadlines.standing(end, AS_AT) == expected


@given(DAYS, DAYS, st.integers(1, 60))
def test_every_end_stands_in_one_way_and_is_within_only_where_it_ends(
    end: dt.date, as_at: dt.date, months: int
) -> None:
    within = as_at <= end <= later(as_at, months)
    assert (deadlines.standing(end, as_at, months) == deadlines.ENDS) == within
    assert (deadlines.standing(end, as_at, months) == deadlines.ENDED) == (end < as_at)


def test_a_day_to_begin_has_passed_on_the_day_after_it() -> None:
    assert not deadlines.is_late(AS_AT, AS_AT)
    assert deadlines.is_late(AS_AT - dt.timedelta(1), AS_AT)
    assert not deadlines.is_late(None, AS_AT)


@pytest.mark.parametrize(
    ("start", "begin", "expected"),
    [
        (AS_AT, AS_AT, False),
        (AS_AT + dt.timedelta(1), AS_AT, True),
        (None, AS_AT, False),
        (AS_AT, None, False),
    ],
)
def test_a_contract_is_too_short_where_it_began_after_the_day_to_begin(
    start: dt.date | None, begin: dt.date | None, expected: bool
) -> None:
    assert deadlines.is_too_short(start, begin) == expected


def test_each_step_begins_its_lead_time_before_the_end() -> None:
    contract = ending(dt.date(2027, 8, 31), extended_end=dt.date(2028, 8, 31))
    found = deadlines.deadline(contract, AS_AT, LeadTimes(18, 6, 3))
    assert found.value_test == dt.date(2026, 2, 28)
    assert found.renegotiation == dt.date(2027, 2, 28)
    assert found.decision == dt.date(2027, 5, 31)
    assert found.can_be_extended


@pytest.mark.parametrize("latest", [None, dt.date(2027, 8, 31), dt.date(2027, 8, 30)])
def test_nothing_is_decided_on_a_contract_without_a_later_end(latest: dt.date | None) -> None:
    contract = ending(dt.date(2027, 8, 31), extended_end=latest)
    found = deadlines.deadline(contract, AS_AT, LeadTimes())
    assert (found.ends, found.can_be_extended, found.decision) == (True, False, None)


def test_a_contract_beyond_the_horizon_can_be_extended_only_later() -> None:
    contract = ending(dt.date(2030, 1, 1), extended_end=dt.date(2032, 1, 1))
    assert not deadlines.deadline(contract, AS_AT, LeadTimes()).can_be_extended


def test_upcoming_has_ends_and_reviews_the_earliest_first_then_the_largest() -> None:
    day = dt.date(2027, 3, 31)
    contracts = [
        ending(day, reference="small", value=100),
        ending(day, reference="large", value=900),
        ending(None, reference="reviewed", review=dt.date(2027, 1, 1)),
        ending(dt.date(2028, 1, 1), reference="reviewed before", review=dt.date(2026, 12, 1)),
        ending(dt.date(2028, 2, 1), reference="review passed", review=dt.date(2026, 1, 1)),
        ending(dt.date(2020, 1, 1), reference="ended"),
        ending(dt.date(2040, 1, 1), reference="later"),
        ending(None, reference="no end"),
        ending(day, reference="no value"),
    ]
    found = [each.contract.reference for each in deadlines.upcoming(contracts, AS_AT)]
    assert found == [
        *("reviewed before", "reviewed", "large", "small", "no value", "review passed"),
    ]


def test_a_contract_reviewed_without_an_end_has_no_day_to_begin() -> None:
    contract = ending(None, review=dt.date(2027, 1, 1))
    [found] = deadlines.upcoming([contract], AS_AT)
    assert (found.ends, found.value_test, found.renegotiation) == (False, None, None)
    assert found.first == dt.date(2027, 1, 1)


def test_totals_are_over_the_contracts_that_give_a_value() -> None:
    contracts = [
        NOTHING._replace(value=100, annual_value=50),
        NOTHING._replace(value=0),
        NOTHING._replace(annual_value=25),
    ]
    assert deadlines.total(contracts) == Total(3, 2, 100, 2, 75)


def test_shares_are_of_the_contracts_that_say_and_of_their_pounds() -> None:
    contracts = [
        NOTHING._replace(value=300, sme=True),
        NOTHING._replace(value=100, sme=False),
        NOTHING._replace(value=None, sme=False),
        NOTHING._replace(value=600, sme=None, voluntary=True),
    ]
    found = deadlines.share(contracts, "sme")
    assert found == Share(4, 3, 1, 1000, 400, 300)
    assert found.by_number == 1 / 3
    assert found.by_value == 0.75
    assert deadlines.share(contracts, "voluntary") == Share(4, 1, 1, 1000, 600, 600)


def test_where_nothing_is_known_there_is_no_share() -> None:
    found = deadlines.share([NOTHING, NOTHING._replace(value=5)], "sme")
    assert (found.by_number, found.by_value) == (None, None)
    unvalued = deadlines.share([NOTHING._replace(sme=True)], "sme")
    assert (unvalued.by_number, unvalued.by_value) == (1.0, None)
