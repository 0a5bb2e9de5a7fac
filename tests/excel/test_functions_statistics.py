"""The functions give what others work out: statsmodels, the survey itself, the calculations."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from commissioning.evidence import expenditure
from commissioning.evidence.pack import load
from commissioning.excel.answer import answer
from commissioning.excel.declared import FUNCTIONS
from commissioning.excel.lookups import BALANCE_MEASURES

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.excel.values import Grid


def value(name: str, *arguments: object) -> Value | Grid:
    return answer(FUNCTIONS[name], arguments).value


def number(name: str, *arguments: object) -> float:
    return cast("float", value(name, *arguments))


def rows(name: str, *arguments: object) -> list[list[float]]:
    return cast("list[list[float]]", value(name, *arguments))


@given(
    base=st.integers(1, 5_000),
    part=st.floats(0, 1),
    confidence=st.floats(0.5, 0.999),
)
def test_the_interval_is_that_of_statsmodels(base: int, part: float, confidence: float) -> None:
    count = round(base * part)
    low, high = proportion_confint(count, base, 1 - confidence, method="wilson")
    [ends] = rows("LOCALIS_INTERVAL", count, base, None, confidence)
    assert ends == pytest.approx([low, high], abs=1e-9)
    assert value("LOCALIS_INTERVAL", count, base, "low", confidence) == ends[0]
    assert value("LOCALIS_INTERVAL", count, base, "high", confidence) == ends[1]


@pytest.mark.parametrize("measure", BALANCE_MEASURES.first)
def test_the_balances_of_the_surveys_own_counts_are_those_of_the_shift(measure: str) -> None:
    evidence = load()
    providers = [provider.provider for provider in evidence.providers]
    counts = [list(evidence.outcomes[provider].counts.values()) for provider in providers]
    shift = rows("LOCALIS_SHIFT", [[p] for p in providers], measure, "row total")
    assert value("LOCALIS_BALANCE", counts, measure) == shift
    assert value("LOCALIS_BALANCE", [[count] for count in counts[0]], measure) == shift[0][0]


def test_a_scenario_divides_its_money_between_all_providers_outside() -> None:
    parts = cast("list[tuple[str, float]]", value("LOCALIS_SCENARIO", 200, 0.25))
    labels = [provider.label for provider in load().providers if provider.external]
    assert [label for label, _ in parts] == labels
    assert sum(money for _, money in parts) == pytest.approx(50)
    for label, money in parts:
        assert value("LOCALIS_SCENARIO", 200, 0.25, label) == money


def test_non_external_expenditure_of_the_nation_is_the_printed_result() -> None:
    items = ("procurement", "contractors", "employees")
    parts = [number("LOCALIS_EXPENDITURE", item) for item in items]
    assert value("LOCALIS_NONEXTERNAL", *parts) == value("LOCALIS_EXPENDITURE", "non-external")
    assert expenditure.non_external(*parts) == pytest.approx(64.767)
