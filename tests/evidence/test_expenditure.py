from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.evidence import expenditure

amounts = st.floats(0, 1e9)
balances = st.lists(st.floats(-1, 1), min_size=1, max_size=6)
#: Net balances of the external provider types: SME, VCS, other public, large.
BALANCES = [63 / 91, 69 / 91, 69 / 90, 57 / 91]


def test_non_external_expenditure_of_2009_10_is_64_767_billion() -> None:
    assert expenditure.non_external(62.040, 27.364, 30.091) == pytest.approx(64.767, abs=1e-12)


def test_contractors_deliver_44_percent_of_procurement() -> None:
    assert expenditure.contractors_share(62.040, 27.364) == pytest.approx(0.441070, abs=5e-7)


def test_contractors_have_no_share_of_no_procurement() -> None:
    with pytest.raises(ZeroDivisionError):
        expenditure.contractors_share(0, 0)


def test_columns_of_pandas_give_the_same_numbers_row_by_row() -> None:
    table = pd.DataFrame({"p": [62.040, 10.0], "c": [27.364, 4.0], "e": [30.091, 0.5]})
    totals = expenditure.non_external(table["p"], table["c"], table["e"])
    shares = expenditure.contractors_share(table["p"], table["c"])
    assert list(totals) == [expenditure.non_external(62.040, 27.364, 30.091), 6.5]
    assert list(shares) == [expenditure.contractors_share(62.040, 27.364), 0.4]


@given(balances.filter(lambda values: any(value > 1e-6 for value in values)))
def test_a_division_by_balance_adds_up_to_1_and_gives_nothing_to_who_is_expected_less(
    values: list[float],
) -> None:
    shares = expenditure.division(values)
    assert math.fsum(shares) == pytest.approx(1)
    assert all(share == 0 for share, value in zip(shares, values, strict=True) if value <= 0)


def test_a_division_is_in_proportion_to_the_balances() -> None:
    assert expenditure.division([0.6, -0.8, 0.2]) == pytest.approx([0.75, 0, 0.25])


def test_no_positive_balance_divides_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        expenditure.division([-0.8, 0.0])


def test_one_share_of_the_officers_own_replaces_all_balances() -> None:
    assert expenditure.division([0.6, 0.2, 0.1], [None, 0.4, None]) == [0.0, 0.4, 0.0]


def test_a_zero_of_the_officers_own_is_a_share() -> None:
    assert expenditure.division([0.6, 0.2], [0.0, None]) == [0.0, 0.0]


def test_no_share_of_the_officers_own_leaves_the_balances() -> None:
    assert expenditure.division([0.6, 0.2], [None, None]) == expenditure.division([0.6, 0.2])


@given(amount=amounts, recommissioned=st.floats(0, 1))
def test_a_scenario_spends_what_is_recommissioned(amount: float, recommissioned: float) -> None:
    money = expenditure.scenario(amount, recommissioned, expenditure.division(BALANCES))
    assert math.fsum(money) == pytest.approx(amount * recommissioned)
    assert min(money) >= 0


def test_a_tenth_of_65_billion_divides_by_share() -> None:
    assert expenditure.scenario(65, 0.1, [0.5, 0.3, 0.2]) == pytest.approx([3.25, 1.95, 1.3])


@pytest.mark.parametrize("recommissioned", [-0.1, 1.1, 10, math.nan])
def test_a_share_that_is_no_fraction_has_no_scenario(recommissioned: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        expenditure.scenario(65, recommissioned, [1.0])
