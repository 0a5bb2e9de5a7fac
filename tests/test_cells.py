from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.cells import fixed


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(62.0625, 3, "62.063"), (27.3125, 3, "27.313"), (-0.0005, 3, "-0.001"), (2.5, 0, "3")],
)
def test_halves_are_rounded_away_from_zero_as_text_does(
    value: float, places: int, text: str
) -> None:
    assert fixed(value, places) == text


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_a_number_is_written_as_its_shortest_decimal_rounds(value: float, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    assert Decimal(fixed(value, places)) == Decimal(repr(value)).quantize(unit, ROUND_HALF_UP)


def test_a_huge_share_is_written_out() -> None:
    assert fixed(1e300, 1, 100) == "1" + "0" * 302 + ".0"


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        fixed(value, 1)
