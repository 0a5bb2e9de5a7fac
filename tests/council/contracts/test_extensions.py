"""How far a contract can be extended, from words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.contracts.extensions import Term, months, term


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("24 months", 24),
        ("24mths", 24),
        ("Up to a further 2 years", 24),
        ("Option to extend for 12 months", 12),
        ("12 month extension", 12),
        ("1.5 years", 18),
        ("2 x 12 months", 24),
        ("2x12 months", 24),
        ("option of 2 \N{MULTIPLICATION SIGN} 1 year", 24),
        ("1 year + 1 year", 24),
        ("1+1 years", 24),
        ("12 months and a further 12 months", 24),
        ("two further periods of 12 months", 24),
        ("Two (2) periods of twelve (12) months", 24),
        ("24 months (2 x 12)", 24),
        ("24 months (subject to funding)", 24),
        ("+1+1 years", 24),
        ("Two one-year renewals", 24),
        ("None", 0),
        ("No extension options.", 0),
        ("not extendable", 0),
    ],
)
def test_words_with_one_meaning_are_read(words: str, expected: int) -> None:
    assert months(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        *("", "Yes", "TBC", "N/A", "-", "12", "1+1", "2 x 12", "annual", "until further notice"),
        *("12-24 months", "12 to 24 months", "12 or 24 months", "12/24 months"),
        *("3+1+1 years", "1 year + 6 months", "24 months (12 taken)", "900 months", "1.5 months"),
        *("6 weeks", "extended by 12 months"),
    ],
)
def test_words_that_leave_it_open_are_not_guessed(words: str) -> None:
    assert months(words) is None


@pytest.mark.parametrize(("words", "expected"), [("12", 12), ("2 x 12", 24), ("0", 0), ("1+1", 2)])
def test_a_number_alone_is_read_by_the_unit_in_the_heading(words: str, expected: int) -> None:
    assert months(words, "month") == expected


@given(
    st.integers(1, 4),
    st.integers(1, 36),
    st.sampled_from(["{} x {} months", "{}x{}m", "{} periods of {} mths", "Up to {} * {} months"]),
)
def test_so_many_extensions_of_so_many_months_are_multiplied(
    count: int, each: int, form: str
) -> None:
    assert months(form.format(count, each)) == count * each


@given(st.text())
def test_any_text_gives_months_or_nothing(text: str) -> None:
    found = months(text, "month")
    assert found is None or 0 <= found <= 600


@pytest.mark.parametrize(
    ("words", "unit", "expected"),
    [
        ("3 years", "", Term(36, None)),
        ("36", "month", Term(36, None)),
        ("5+2", "year", Term(60, 24)),
        ("3 + 1 + 1 years", "", Term(36, 24)),
        ("2 years plus 12 months", "", Term(24, 12)),
        ("3 years with option to extend for a further 2 years", "", Term(36, 24)),
    ],
)
def test_a_contracts_own_time_is_told_from_its_extensions(
    words: str, unit: str, expected: Term
) -> None:
    assert term(words, unit) == expected


@pytest.mark.parametrize("words", ["", "36", "3+1+1", "Ongoing", "3-5 years", "0", "3 years + TBC"])
def test_a_time_that_is_left_open_is_not_guessed(words: str) -> None:
    assert term(words) is None
