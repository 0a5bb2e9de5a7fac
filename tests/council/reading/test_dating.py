"""Columns of dates: the year that is not said, and days that Excel has turned."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.council.reading import dating
from commissioning.council.reading.dates import Form

MAY = [dt.date(2019, 5, day) for day in range(1, 32)]
QUARTER = [dt.date(2019, month, day) for month in (4, 5, 6) for day in range(1, 31)]
YEAR = [dt.date(2019, month, day) for month in range(1, 13) for day in range(1, 29)]


def excel(days: list[dt.date], *, british: bool = False) -> list[str]:
    """What Excel makes of British dates where it is set to American ones: ISO or British again."""
    written = "%d/%m/%Y" if british else "%Y-%m-%d"
    return [
        f"{day.replace(month=day.day, day=day.month):{written}}"
        if day.day <= 12
        else f"{day:%d/%m/%Y}"
        for day in days
    ]


@pytest.mark.parametrize("days", [MAY, QUARTER], ids=["a month", "a quarter"])
@pytest.mark.parametrize("british", [True, False], ids=["in one form", "in two"])
def test_days_that_excel_turned_are_turned_back(days: list[dt.date], british: bool) -> None:
    texts = excel(days, british=british)
    manner = dating.manner(texts)
    assert [manner.day(text) for text in texts] == days
    assert manner.doubtful_of({text: manner.day(text) for text in texts}) == set()


@settings(deadline=None)
@given(
    st.sampled_from([MAY, QUARTER, YEAR]),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y"]),
    st.data(),
)
def test_days_as_they_are_meant_are_not_turned(
    days: list[dt.date], written: str, data: st.DataObject
) -> None:
    some = data.draw(st.lists(st.sampled_from(days), min_size=1, unique=True))
    # A day over 12 shows the order of numbers.
    texts = [day.strftime(written) for day in [*some, days[-1]]]
    manner = dating.manner(texts, ["spend-2019-05"])
    assert [manner.day(text) for text in texts] == [*some, days[-1]]


def test_a_late_payment_among_others_of_the_month_is_not_turned() -> None:
    texts = [*(day.isoformat() for day in MAY), "2019-03-05", "2019-04-05"]
    assert dating.manner(texts, ["2019-05"]).turned == frozenset()


def test_one_day_is_turned_only_into_the_month_that_the_file_and_all_others_tell() -> None:
    texts = ["2019-05-14", "2019-05-29", "2019-03-05"]
    assert dating.manner(texts, ["spend May 2019"]).day("2019-03-05") == dt.date(2019, 5, 3)
    manner = dating.manner(texts)
    assert manner.day("2019-03-05") == dt.date(2019, 3, 5)
    read = {text: manner.day(text) for text in texts}
    assert manner.doubtful_of(read) == {dt.date(2019, 3, 5)}


def test_where_either_would_do_days_in_two_forms_are_in_doubt() -> None:
    texts = excel(YEAR)
    manner = dating.manner(texts)
    assert manner.turned == frozenset()
    read = {text: manner.day(text) for text in texts}
    assert manner.doubtful_of(read) == {
        day for text in texts if "-" in text and (day := read[text]) and dating.can_turn(day)
    }


def test_serial_numbers_are_turned_like_other_days() -> None:
    start = dt.date(1899, 12, 30)
    wrong = [day.replace(month=day.day, day=day.month) for day in MAY[:12]]
    texts = [*(str((day - start).days) for day in wrong), *(f"{day:%d/%m/%Y}" for day in MAY[12:])]
    manner = dating.manner(texts)
    assert manner.turned == {Form.SERIAL}
    assert [manner.day(text) for text in texts] == MAY


@pytest.mark.parametrize(
    ("text", "told", "day"),
    [
        ("5 April", "Payments April 2019", "2019-04-05"),
        ("05-Apr", "spend-2019-04", "2019-04-05"),
        ("April 5th", "2019-04", "2019-04-05"),
        ("Fri 5 Apr", "over £500 2019-20", "2019-04-05"),
        ("29 Feb", "over £500 2019/20", "2020-02-29"),
        ("13 Jan", "Dec 2019 to Feb 2020", "2020-01-13"),
        ("5 April", "payments-2019", "2019-04-05"),
        ("5 April", "payments", None),
        ("29 Feb", "February 2019", None),
    ],
)
def test_a_day_without_a_year_is_of_the_time_that_the_file_tells(
    text: str, told: str, day: str | None
) -> None:
    assert dating.manner([text], [told]).day(text) == (dt.date.fromisoformat(day) if day else None)


def test_a_day_that_its_year_has_not_is_of_no_other_year() -> None:
    manner = dating.manner(["28 Feb", "29 Feb"], ["February 2019"])
    assert [manner.day(text) for text in ("28 Feb", "29 Feb")] == [dt.date(2019, 2, 28), None]


def test_2011_12_is_december_or_a_financial_year_by_the_days_that_are_in_it() -> None:
    assert dating.manner(["5 Dec"], ["2011-12"]).day("5 Dec") == dt.date(2011, 12, 5)
    texts = ["5 Apr", "5 Aug", "5 Dec", "5 Feb"]
    manner = dating.manner(texts, ["2011-12"])
    assert [manner.day(text) for text in texts] == [
        dt.date(2011, 4, 5),
        dt.date(2011, 8, 5),
        dt.date(2011, 12, 5),
        dt.date(2012, 2, 5),
    ]
