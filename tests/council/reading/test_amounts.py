"""Texts as pence: what ledgers write, and what is no amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.council.reading import amounts
from spend_forms import amount_text

if TYPE_CHECKING:
    from decimal import Decimal

FORMS = ("plain", "pounds", "brackets", "trailing", "credit", "spaced")


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1234.5", 123450),
        (" £1,234.56 ", 123456),
        ("-£1,234.56", -123456),
        ("£-1,234.56", -123456),
        ("(1,234.56)", -123456),
        ("£(12.00)", -1200),
        ("1,234.56-", -123456),
        ("12.00 CR", -1200),
        ("12.00DR", 1200),
        ("\N{MINUS SIGN}7", -700),
        ("Â£20", 2000),
        ("GBP 20", 2000),
        ("1 234 567.00", 123456700),
        ("£ -   ", 0),
        ("-", 0),
        ("Nil", 0),
        (".5", 50),
        ("1.5E+03", 150000),
        ("1,000,000", 100000000),
        ("0.005", 1),
        ("-0.005", -1),
        ("2.675", 268),
        ("'1,250.00", 125000),
        ('="-12.50"', -1250),
    ],
)
def test_what_ledgers_write_is_read_exactly(text: str, pence: int) -> None:
    assert amounts.pence(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1E26",
        "1,23",
        "1.234,56",
        "12,34,567",
        "1.2.3",
        "--5",
        "(-5)",
        "-5-",
        "£",
        "5%",
        "٣",
        "1_000",
        "#N/A",
        "01/02/2020",
        "99999999999.00",
        "12 34",
        "nan",
        "inf",
        "0x10",
    ],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert amounts.pence(text) is None


@given(st.integers(-(10**11), 10**11), st.sampled_from(FORMS))
def test_an_amount_in_any_form_reads_back(pence: int, form: str) -> None:
    assert amounts.pence(amount_text(pence, form)) == pence


_TEXTS = st.one_of(
    st.builds(amount_text, st.integers(-(10**13), 10**13), st.sampled_from(FORMS)),
    st.decimals(-1000, 1000, places=4).map(str),
    st.text("0123456789.,-+() £eECRDrcrNil", max_size=10),
)


@settings(deadline=None)
@given(st.lists(_TEXTS, max_size=12))
def test_a_column_is_read_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    found, rounded = amounts.read(pa.array(texts, pa.string()))
    assert found.to_pylist() == [amounts.pence(text) for text in texts]
    assert rounded == sum(amounts.is_rounded(text) for text in texts)


@settings(deadline=None)
@given(st.lists(st.decimals(-(10**6), 10**6, places=2), max_size=30))
def test_a_plain_column_adds_up_to_the_penny(values: list[Decimal]) -> None:
    found, _ = amounts.read(pa.array(map(str, values), pa.string()))
    assert sum(found.to_pylist()) == sum(values) * 100


@pytest.mark.parametrize(
    ("heading", "text", "pence"),
    [
        ("Amount (£000)", "1,250.5", 125050000),
        ("Amount £'000s", "(2)", -200000),
        ("£000", "0.5", 50000),
        ("Net (000s)", "1", 100000),
        ("Spend £k", "1.5", 150000),
        ("Value in thousands", "3", 300000),
        ("Amount £m", "1.25", 125000000),
        ("Amount (£ million)", "0.1", 10000000),
        ("Amount in pence", "12050", 12050),
        ("Amount (p)", "99", 99),
        ("Amount (p)", "12.50", 1250),
        ("Amount £", "1,250.5", 125050),
        ("Payments over £25k", "1", 100),
        ("Spend over £500", "1", 100),
        ("Amount (£ and pence)", "1", 100),
        ("Ref 000123", "1", 100),
    ],
)
def test_the_unit_that_a_heading_says_is_taken_into_account(
    heading: str, text: str, pence: int
) -> None:
    assert amounts.pence(text, amounts.form([text], heading)) == pence


@pytest.mark.parametrize(
    ("texts", "pence"),
    [
        (["1.234,56", "100,00", "-5,5"], [123456, 10000, -550]),
        (["€1,00"], [None]),
        (["1 234,56", "1.234", "7"], [123456, 123400, 700]),
        (["1.234", "7"], [123, 700]),
        (["1,234", "12.50", "100,00"], [123400, 1250, None]),
        (["1,00", "2,00", "12.50"], [None, None, 1250]),
        ([*(f"{n},25" for n in range(100, 140)), "12.50"], [*range(10025, 14025, 100), None]),
    ],
    ids=["comma", "euro", "blank", "either", "British", "mixed", "a slip"],
)
def test_a_column_is_continental_only_where_its_content_tells(
    texts: list[str], pence: list[int | None]
) -> None:
    form = amounts.form(texts, "Amount")
    assert [amounts.pence(text, form) for text in texts] == pence
    assert amounts.read(pa.array(texts), form)[0].to_pylist() == pence
