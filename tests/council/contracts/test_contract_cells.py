"""What single cells of a register say that is more than an amount or a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.contracts import cells
from commissioning.council.contracts.cells import Sum
from commissioning.council.reading.amounts import POUNDS, Form
from commissioning.council.reading.dates import Order

DAY = Order.DAY_FIRST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£25k", Sum(2_500_000)),
        ("£1,250k", Sum(125_000_000)),
        ("1.2m", Sum(120_000_000)),
        ("c. £9,000", Sum(900_000)),
        ("approx £50k", Sum(5_000_000)),
        ("£9,000 ex VAT", Sum(900_000)),
        ("£9,000 (excl. VAT)", Sum(900_000)),
        ("25,000 per annum", Sum(2_500_000, "year")),
        ("£950 p.a.", Sum(95_000, "year")),
        ("£5 million a year", Sum(500_000_000, "year")),
        ("£40,000/year", Sum(4_000_000, "year")),
        ("£9,000 + VAT pa", Sum(900_000, "year")),
        ("£150,000 over 3 years", Sum(15_000_000, "whole")),
        ("£90,000 in total", Sum(9_000_000, "whole")),
    ],
)
def test_an_amount_is_read_with_the_time_that_it_is_for(text: str, expected: Sum) -> None:
    assert cells.amount(text, POUNDS) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "TBC", "Rates", "Various", "Up to £50,000 p.a.", "£10,000 - £25,000", "pa", "c."),
        *("£500 per month", "£60 per hour", "£9,000 inc VAT", "£9,000 or £10,000"),
    ],
)
def test_words_that_are_not_one_amount_are_not_guessed(text: str) -> None:
    assert cells.amount(text, POUNDS) is None


def test_an_amount_has_the_unit_of_its_heading_but_not_beside_one_of_its_own() -> None:
    thousands = Form(unit="thousands of pounds", worth=10**5)
    assert cells.amount("250 per annum", thousands) == Sum(25_000_000, "year")
    assert cells.amount("£250k", thousands) == Sum(25_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/03/2027", (dt.date(2027, 3, 31), "")),
        ("Mar-27", (dt.date(2027, 3, 31), "")),
        ("31/03/2027 + 2 years", (dt.date(2027, 3, 31), "2 years")),
        ("31/03/2027 plus 12 months", (dt.date(2027, 3, 31), "12 months")),
        ("31 March 2027 (option to 31/03/2029)", (dt.date(2027, 3, 31), "option to 31/03/2029")),
    ],
)
def test_an_end_is_read_with_the_extensions_after_it(
    text: str, expected: tuple[dt.date, str]
) -> None:
    assert cells.end(text, DAY) == expected


@pytest.mark.parametrize(
    "text", ["", "Ongoing", "Rolling", "31/03/2027 (TBC)", "31/03/2027 + extensions", "2 years"]
)
def test_an_end_with_words_that_are_none_of_extensions_is_not_guessed(text: str) -> None:
    assert cells.end(text, DAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Up to 31/03/2028", dt.date(2028, 3, 31)),
        ("May be extended to March 2028", dt.date(2028, 3, 31)),
        ("Option to extend until 30 June 2028.", dt.date(2028, 6, 30)),
        ("Up to 12 months", None),
        ("Until further notice", None),
    ],
)
def test_a_day_up_to_which_a_contract_can_be_extended_is_read(
    text: str, expected: dt.date | None
) -> None:
    assert cells.until(text, DAY) == expected


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@given(
    DAYS,
    DAYS,
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%m-%Y"]),
    st.sampled_from(["{} - {}", "{} to {}", "from {} until {}", "{}-{}", "{} \N{EN DASH} {}"]),
)
def test_a_contract_from_one_day_to_another_has_both(
    first: dt.date, last: dt.date, form: str, words: str
) -> None:
    text = words.format(f"{first:{form}}", f"{last:{form}}")
    assert cells.span(text, DAY) == ((first, last) if first <= last else None)


@given(st.text())
def test_any_text_gives_something_or_nothing(text: str) -> None:
    found = cells.end(text, DAY)
    assert found is None or 1990 <= found[0].year <= 2099
    assert cells.amount(text, POUNDS) is None or isinstance(cells.amount(text, POUNDS), Sum)
    assert cells.span(text, DAY) is None or len(text) >= len("1/1/901/1/90")
