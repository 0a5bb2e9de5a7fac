from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]
    confint_proportions_2indep,
)

from commissioning.council.survey import compare
from commissioning.evidence import measures, pack

EVIDENCE = pack.load()

#: Newcombe (1998), table II, method 10: two counts on their bases, the interval as printed.
PUBLISHED = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
]

answered = st.integers(1, 3_000).flatmap(
    lambda base: st.tuples(st.integers(0, base), st.just(base))
)
directions = st.tuples(*[st.integers(0, 400)] * 5).filter(any)


def own_counts(most: int = 60) -> st.SearchStrategy[dict[tuple[str, ...], int]]:
    cells = [("d", cell.provider, cell.outlook) for cell in EVIDENCE.shift]
    return st.fixed_dictionaries({cell: st.integers(0, most) for cell in cells})


def outcome(*counts: int) -> pack.Outcome:
    codes = [outlook.outlook for outlook in EVIDENCE.outlooks]
    found = dict(zip(codes, counts, strict=True))
    return compare.outcome(EVIDENCE, EVIDENCE.providers[0], found)


def balances(own: pack.Outcome, national: pack.Outcome) -> compare.Difference:
    return compare.balances(own.more, own.fewer, own.total, national)


@pytest.mark.parametrize(("counts", "expected"), PUBLISHED)
def test_the_interval_is_that_of_the_published_examples(
    counts: tuple[int, int, int, int], expected: tuple[float, float]
) -> None:
    assert compare.newcombe_interval(*counts) == pytest.approx(expected, abs=5e-5)


@given(own=answered, national=answered, confidence=st.floats(0.5, 0.999))
def test_the_interval_is_that_of_statsmodels(
    own: tuple[int, int], national: tuple[int, int], confidence: float
) -> None:
    expected = confint_proportions_2indep(
        *own, *national, method="newcomb", compare="diff", alpha=1 - confidence
    )
    assert compare.newcombe_interval(*own, *national, confidence) == pytest.approx(
        expected, abs=1e-9
    )


@given(own=answered, national=answered)
def test_the_interval_holds_the_difference_and_stays_between_less_and_plus_one(
    own: tuple[int, int], national: tuple[int, int]
) -> None:
    found = compare.shares(*own, *national)
    assert found.points is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 - 1e-12 <= found.low <= found.points <= found.high <= 1 + 1e-12


@given(own=answered, national=answered)
def test_swapping_the_surveys_swaps_higher_and_lower_and_the_ends_of_the_interval(
    own: tuple[int, int], national: tuple[int, int]
) -> None:
    low, high = compare.newcombe_interval(*own, *national)
    assert compare.newcombe_interval(*national, *own) == pytest.approx((-high, -low), abs=1e-12)
    swapped = {compare.HIGHER: compare.LOWER, compare.LOWER: compare.HIGHER}
    there = compare.verdict(low, high, 100, 10, 0.4)
    assert compare.verdict(-high, -low, 100, 10, 0.4) == swapped.get(there, there)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((0, 0), compare.TOO_FEW),
        ((0, 9), compare.TOO_FEW),  # far below the nation's four in five, but nine people
        ((0, 10), compare.LOWER),
        ((8, 10), compare.TOO_FEW),  # near the nation's, but it might be 30 points off
        ((40, 49), compare.NO_CLEAR_DIFFERENCE),
        ((60, 61), compare.HIGHER),
    ],
)
def test_verdicts_on_a_greater_commissioning_role(own: tuple[int, int], expected: str) -> None:
    assert compare.shares(*own, 84, 103).verdict == expected


def test_an_interval_around_0_says_nothing_up_to_27_own_answers_near_one_half() -> None:
    assert compare.shares(13, 27, 52, 103).verdict == compare.TOO_FEW
    assert compare.shares(14, 28, 52, 103).verdict == compare.NO_CLEAR_DIFFERENCE


def test_the_least_number_of_own_answers_can_be_chosen() -> None:
    assert compare.shares(0, 10, 84, 103, fewest=11).verdict == compare.TOO_FEW
    assert compare.shares(0, 5, 84, 103, fewest=5).verdict == compare.LOWER


def test_an_interval_that_touches_0_shows_no_clear_difference() -> None:
    assert compare.verdict(0.0, 0.2, 50, 10, 0.4) == compare.NO_CLEAR_DIFFERENCE
    assert compare.verdict(-0.2, 0.0, 50, 10, 0.4) == compare.NO_CLEAR_DIFFERENCE


def test_where_nobody_answered_there_is_no_figure_but_the_national_one() -> None:
    expected = (None, 84 / 103, None, None, None, compare.TOO_FEW)
    assert compare.shares(0, 0, 84, 103) == expected
    assert balances(outcome(0, 0, 0, 0, 0), outcome(0, 7, 14, 67, 3))[0] is None


@pytest.mark.parametrize("counts", [(5, 4, 1, 2), (-1, 4, 1, 2), (1, 4, 3, 2)])
def test_a_count_outside_its_base_is_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="is not between 0 and the base"):
        compare.shares(*counts)


@pytest.mark.parametrize("counts", [(-1, 4, 10), (4, -1, 10), (7, 4, 10)])
def test_a_balance_of_more_people_than_answered_is_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="are not counts of 10 who answered"):
        compare.balances(*counts, outcome(0, 7, 14, 67, 3))


def test_balances_worked_by_hand() -> None:
    # SMEs: +70/100 - 10/100 = 0.6, variance (0.8 - 0.36)/100 = 0.0044; national, of the design
    # notes: +69.23 ± 12.44, variance (0.1244/1.96)² = 0.00403.
    found = balances(outcome(2, 8, 20, 60, 10), outcome(0, 7, 14, 67, 3))
    assert found.own == pytest.approx(0.6)
    assert found.national == pytest.approx(0.6923, abs=5e-5)
    margin = 1.959964 * math.sqrt(0.0044 + (0.1244 / 1.959964) ** 2)
    assert (found.low, found.high) == pytest.approx(
        (0.6 - 0.6923 - margin, 0.6 - 0.6923 + margin), abs=2e-4
    )
    assert found.verdict == compare.NO_CLEAR_DIFFERENCE


@given(own=directions, national=directions)
def test_variances_of_balances_add_up(
    own: tuple[int, int, int, int, int], national: tuple[int, int, int, int, int]
) -> None:
    found = balances(ours := outcome(*own), theirs := outcome(*national))
    errors = [measures.net_balance_error(row.more, row.fewer, row.total) for row in (ours, theirs)]
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.9599640 * math.hypot(*errors), abs=1e-6)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((0, 0, 0, 29, 0), compare.TOO_FEW),  # no width at all: the approximation fails
        ((0, 0, 0, 30, 0), compare.HIGHER),
        ((0, 25, 5, 0, 0), compare.LOWER),
        ((0, 3, 4, 23, 0), compare.NO_CLEAR_DIFFERENCE),
    ],
)
def test_verdicts_on_the_balance_of_small_companies(
    own: tuple[int, int, int, int, int], expected: str
) -> None:
    assert balances(outcome(*own), outcome(0, 7, 14, 67, 3)).verdict == expected


def test_the_nation_against_itself_shows_no_difference_anywhere() -> None:
    counts: dict[tuple[str, ...], int] = {
        (option.question, option.option): option.count for option in EVIDENCE.options
    }
    counts |= {(question.question,): question.answered or 0 for question in EVIDENCE.questions}
    counts |= {("d", cell.provider, cell.outlook): cell.count for cell in EVIDENCE.shift}
    found = [line.share for line in compare.answers(EVIDENCE, counts)]
    for line in compare.providers(EVIDENCE, counts):
        assert line.own == line.national
        found += [line.more, line.balance]
    assert {difference.points for difference in found} == {0}
    assert {difference.verdict for difference in found} == {compare.NO_CLEAR_DIFFERENCE}


def test_lines_have_the_own_counts_and_the_published_base_and_0_for_what_nobody_answered() -> None:
    counts: dict[tuple[str, ...], int] = {("b", "yes"): 11, ("b", "no"): 2, ("b",): 13}
    lines = {
        (line.option.question, line.option.option): line
        for line in compare.answers(EVIDENCE, counts)
    }
    assert lines["b", "yes"][1:4] == (11, 13, 103)
    assert lines["c", "none"][1:4] == (0, 0, 78)
    assert lines["c", "none"].share.verdict == compare.TOO_FEW


@given(counts=own_counts())
def test_provider_lines_sum_the_outlooks_by_direction_none_counted_as_fewer(
    counts: dict[tuple[str, ...], int],
) -> None:
    for line in compare.providers(EVIDENCE, counts):
        none, fewer, same, more, many = line.own.counts.values()
        assert line.own[2:] == (none + fewer, same, more + many)
        assert line.more.own == ((more + many) / line.own.total if line.own.total else None)
