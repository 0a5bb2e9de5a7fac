"""Texts as dates: British order, names of months, serial numbers, and what is no date."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.council.reading import dates
from commissioning.council.reading.dates import Order

DAY = dt.date(2017, 3, 31)
_DAYS = st.dates(dates.EARLIEST, dates.LATEST)


@pytest.mark.parametrize(
    "text",
    [
        "31/03/2017",
        "31/3/17",
        "31-03-2017",
        "31.3.17",
        "2017-03-31",
        "2017/3/31",
        "20170331",
        "31032017",
        "31 March 2017",
        "31st March 2017",
        "31-Mar-17",
        "31MAR2017",
        "31-Mar-2017",
        "March 31, 2017",
        "Fri 31 Mar 2017",
        "Friday, 31 March 2017",
        "42825",
        "42825.75",
        "31/03/2017 00:00",
        "2017-03-31 00:00:00",
        "2017-03-31T12:30:00Z",
        "31/03/2017 9:05:00 AM",
        "2017-03-31 12:30:00.000",
        " 31/03/2017 ",
        "31 / 03 / 2017",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert dates.day(text) == DAY


@pytest.mark.parametrize("text", ["Mar-17", "March 2017", "Mar 17"])
def test_a_month_is_its_first_day(text: str) -> None:
    assert dates.day(text) == dt.date(2017, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2017",
        "03/31/2017",
        "01/04/2105",
        "01/04/1916",
        "2017",
        "201703",
        "13/13/2017",
        "00/01/1900",
        "0",
        "1",
        "12345",
        "99999",
        "Marketing 20",
        "32 March 2017",
        "soon",
        "2020--17",
        "1/2",
        "1/2/3/4",
        "#N/A",
        "\u0660\u0661/04/2017",
    ],
)
def test_what_is_no_day_between_1990_and_2099_is_none(text: str) -> None:
    assert dates.day(text) is None


@given(_DAYS)
def test_any_day_in_british_order_reads_back(day: dt.date) -> None:
    assert dates.day(f"{day:%d/%m/%Y}") == dates.day(f"{day.day} {day:%B %Y}") == day
    assert dates.day(str((day - dt.date(1899, 12, 30)).days)) == day


@given(_DAYS)
def test_with_the_month_first_a_day_is_read_so(day: dt.date) -> None:
    assert dates.day(f"{day:%m/%d/%Y}", Order.MONTH_FIRST) == day


def test_a_column_is_day_first_unless_only_month_first_fits_all() -> None:
    assert dates.order(["01/02/2017", "03/04/2017"]) is Order.DAY_FIRST
    assert dates.order(["13/02/2017", "03/04/2017"]) is Order.DAY_FIRST
    assert dates.order(["02/13/2017", "03/04/2017"]) is Order.MONTH_FIRST
    assert dates.order(["2017-02-13"]) is Order.DAY_FIRST
    assert dates.order([]) is Order.DAY_FIRST


def test_dates_of_both_orders_in_a_column_are_day_first() -> None:
    assert dates.order(["02/13/2017", "13/02/2017", "01/01/2017"]) is Order.DAY_FIRST


@settings(deadline=None)
@given(st.lists(st.one_of(_DAYS.map(str), st.text("0123456789/-: ", max_size=12)), max_size=10))
def test_a_column_is_read_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    found = dates.read(pa.array(texts, pa.string()), dates.day, {})
    assert found.to_pylist() == [dates.day(text) for text in texts]


def test_times_that_make_each_text_another_one_cost_no_day() -> None:
    texts = [f"2017-03-31 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.123" for n in range(4000)]
    found = dates.read(pa.array(texts), dates.day, {})
    assert set(found.to_pylist()) == {DAY}


@pytest.mark.parametrize(
    ("text", "day"),
    [("Feb-28", "2028-02-29"), ("March 2027", "2027-03-31"), ("1 March 2027", "2027-03-01")],
)
def test_a_month_as_an_end_is_its_last_day(text: str, day: str) -> None:
    assert dates.last_day(text) == dt.date.fromisoformat(day)
    assert dates.last_day("rolling") is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("spend-2017-03", "2017-03"),
        ("Payments over £500 March 2017", "2017-03"),
        ("Supplier_Payments_Mar_17", "2017-03"),
        ("201703 payments", "2017-03"),
        ("over_500_2017", None),
        ("report 12", None),
    ],
)
def test_a_title_or_file_tells_its_month(text: str, month: str | None) -> None:
    found = [f"{day:%Y-%m}" for day in dates.months(text)]
    assert found == ([month] if month else [])
