from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from commissioning.evidence import measures

if TYPE_CHECKING:
    from collections.abc import Callable

WEIGHTS = (-1.0, -0.5, 0.0, 0.5, 1.0)

#: Provider type: counts from "no contracts" to "many more", then what was worked out by hand of
#: them in percent: net balance and its margin, weighted balance, diffusion index.
SURVEY = {
    "large": ((0, 6, 22, 55, 8), 62.64, 12.43, 35.71, 81.32),
    "SME": ((0, 7, 14, 67, 3), 69.23, 12.44, 36.26, 84.62),
    "in-house": ((1, 80, 6, 5, 0), -82.61, 10.27, -41.85, 8.70),
    "other-public": ((1, 5, 9, 68, 7), 76.67, 11.54, 41.67, 88.33),
    "VCS": ((0, 7, 8, 65, 11), 75.82, 11.93, 43.96, 87.91),
}

bases = st.integers(1, 5_000)
confidences = st.floats(0.5, 0.999)
answers = st.tuples(*[st.integers(0, 500)] * 3).filter(any)
outlooks = st.tuples(*[st.integers(0, 500)] * 5).filter(any)


def percent(value: float) -> float:
    return round(100 * value, 2)


@pytest.mark.parametrize("provider", SURVEY)
def test_each_row_of_the_survey_gives_the_statistics_of_the_design_notes(provider: str) -> None:
    counts, balance, margin, weighted, diffusion = SURVEY[provider]
    none, few, same, some, many = counts
    fewer, more, base = none + few, some + many, sum(counts)
    error = measures.net_balance_error(more, fewer, base)
    assert percent(measures.net_balance(more, fewer, base)) == balance
    assert percent(measures.critical_value(0.95) * error) == margin
    assert percent(measures.weighted_balance(counts, WEIGHTS)) == weighted
    assert percent(measures.diffusion_index(more, same, base)) == diffusion


@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [(84, 103, 81.55), (76, 93, 81.72), (75, 93, 80.65), (70, 93, 75.27), (63, 93, 67.74)],
)
def test_shares_are_those_of_the_design_notes(count: int, base: int, expected: float) -> None:
    assert percent(measures.share(count, base)) == expected


def test_in_house_is_expected_less_by_16_2_for_each_that_expects_more() -> None:
    assert measures.fewer_per_more(5, 81) == pytest.approx(16.2, abs=1e-12)


@pytest.mark.parametrize(
    ("population", "low", "high"), [(None, 72.98, 87.86), (353, 74.46, 87.02), (103, 81.55, 81.55)]
)
def test_the_interval_of_84_in_103_is_that_of_the_design_notes_and_narrows_with_the_population(
    population: int | None, low: float, high: float
) -> None:
    interval = measures.wilson_interval(84, 103, 0.95, population)
    assert tuple(map(percent, interval)) == (low, high)


@given(base=bases, part=st.floats(0, 1), confidence=confidences)
def test_the_wilson_interval_is_that_of_statsmodels(
    base: int, part: float, confidence: float
) -> None:
    count = round(part * base)
    expected = proportion_confint(count, base, alpha=1 - confidence, method="wilson")
    assert measures.wilson_interval(count, base, confidence) == pytest.approx(expected, abs=1e-12)


@given(base=bases, part=st.floats(0, 1), confidence=confidences, others=st.integers(0, 9_999))
def test_a_finite_population_narrows_the_interval_around_the_same_share(
    base: int, part: float, confidence: float, others: int
) -> None:
    count = round(part * base)
    low, high = measures.wilson_interval(count, base, confidence)
    inner_low, inner_high = measures.wilson_interval(count, base, confidence, base + others)
    assert 0 <= low <= inner_low + 1e-12
    assert inner_low - 1e-12 <= count / base <= inner_high + 1e-12
    assert inner_high - 1e-12 <= high <= 1


@pytest.mark.parametrize("population", [None, 353])
def test_nobody_and_everybody_give_intervals_that_end_at_0_and_1(population: int | None) -> None:
    low, high = measures.wilson_interval(0, 103, 0.95, population)
    assert low == pytest.approx(0, abs=1e-15)
    assert measures.wilson_interval(103, 103, 0.95, population) == pytest.approx((1 - high, 1))


@pytest.mark.parametrize("count", [0, 1, 84, 103])
def test_asking_the_whole_population_leaves_no_interval(count: int) -> None:
    expected = pytest.approx((count / 103, count / 103))
    assert measures.wilson_interval(count, 103, 0.95, 103) == expected


def test_a_population_of_one_that_answered_leaves_no_interval() -> None:
    assert measures.wilson_interval(1, 1, 0.95, 1) == (1.0, 1.0)


@pytest.mark.parametrize("count", [-1, 104, math.nan])
def test_a_count_outside_its_base_has_no_interval(count: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and the base 103"):
        measures.wilson_interval(count, 103)


def test_a_population_below_the_base_has_no_interval() -> None:
    with pytest.raises(ValueError, match="population 102 is below the base 103"):
        measures.wilson_interval(84, 103, 0.95, 102)


@pytest.mark.parametrize("population", [None, 0, 353])
def test_no_respondents_have_no_interval(population: int | None) -> None:
    with pytest.raises(ZeroDivisionError):
        measures.wilson_interval(0, 0, 0.95, population)


@pytest.mark.parametrize(
    "calculate",
    [
        lambda: measures.share(0, 0),
        lambda: measures.net_balance(0, 0, 0),
        lambda: measures.net_balance_error(0, 0, 0),
        lambda: measures.weighted_balance([0] * 5, WEIGHTS),
        lambda: measures.diffusion_index(0, 0, 0),
        lambda: measures.fewer_per_more(0, 5),
    ],
)
def test_no_respondents_have_no_statistics(calculate: Callable[[], float]) -> None:
    with pytest.raises(ZeroDivisionError):
        calculate()


@given(confidence=st.floats(1e-6, 1 - 1e-9))
def test_the_critical_value_is_that_of_scipy(confidence: float) -> None:
    expected = norm.ppf((1 + confidence) / 2)
    assert measures.critical_value(confidence) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("confidence", [-0.5, 0.0, 1.0, 95.0, math.nan])
def test_a_confidence_that_is_no_probability_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        measures.critical_value(confidence)


@given(answers)
def test_the_error_of_the_net_balance_is_the_spread_of_the_single_answers(
    counts: tuple[int, int, int],
) -> None:
    fewer, same, more = counts
    single = np.repeat([-1, 0, 1], counts)
    error = measures.net_balance_error(more, fewer, fewer + same + more)
    assert measures.net_balance(more, fewer, sum(counts)) == pytest.approx(single.mean())
    assert error == pytest.approx(math.sqrt(single.var() / len(single)), abs=1e-8)


@given(outlooks)
def test_the_weighted_balance_is_numpys_average(counts: tuple[int, ...]) -> None:
    expected = np.average(WEIGHTS, weights=counts)
    assert measures.weighted_balance(counts, WEIGHTS) == pytest.approx(expected, abs=1e-12)


@given(answers)
def test_the_diffusion_index_is_the_net_balance_on_a_scale_from_0_to_1(
    counts: tuple[int, int, int],
) -> None:
    fewer, same, more = counts
    balance = measures.net_balance(more, fewer, sum(counts))
    index = measures.diffusion_index(more, same, sum(counts))
    assert index == pytest.approx((1 + balance) / 2)


@given(st.lists(outlooks, min_size=1, max_size=8))
def test_columns_of_pandas_give_the_same_numbers_row_by_row(rows: list[tuple[int, ...]]) -> None:
    table = pd.DataFrame(rows, dtype=float)
    base, fewer, same = table.sum(axis="columns"), table[0] + table[1], table[2]
    more, high = table[3] + table[4], table[4]
    limits = measures.wilson_limits(high, base, 3.84)
    columns = [
        measures.share(more, base),
        measures.net_balance(more, fewer, base),
        measures.net_balance_error(more, fewer, base),
        measures.weighted_balance([table[place] for place in range(5)], WEIGHTS),
        measures.diffusion_index(more, same, base),
        *limits,
    ]
    for row, counts in enumerate(rows):
        n, down, up = sum(counts), counts[0] + counts[1], counts[3] + counts[4]
        expected = [
            measures.share(up, n),
            measures.net_balance(up, down, n),
            measures.net_balance_error(up, down, n),
            measures.weighted_balance(counts, WEIGHTS),
            measures.diffusion_index(up, counts[2], n),
            *measures.wilson_limits(counts[4], n, 3.84),
        ]
        assert [column[row] for column in columns] == pytest.approx(expected, abs=1e-12)


@given(
    thousandths=st.integers(-(10**9), 10**9),
    printed=st.integers(-(10**7), 10**7),
    unit=st.sampled_from(["1", "0.1", "0.01"]),
)
def test_rounding_is_decimals_half_up(thousandths: int, printed: int, unit: str) -> None:
    value = Decimal(thousandths) / 1000
    rounded = value.quantize(Decimal(unit), ROUND_HALF_UP)
    other = printed * Decimal(unit)
    assert measures.rounds_to(float(value), float(rounded), float(unit))
    assert measures.rounds_to(float(value), float(other), float(unit)) == (rounded == other)


@pytest.mark.parametrize(
    ("value", "printed", "unit"),
    [(0.5, 1, 1), (-0.5, -1, 1), (2.675, 2.68, 0.01), (1.005, 1.01, 0.01), (84 / 103, 0.8, 0.2)],
)
def test_halves_round_away_from_zero(value: float, printed: float, unit: float) -> None:
    assert measures.rounds_to(value, printed, unit)
