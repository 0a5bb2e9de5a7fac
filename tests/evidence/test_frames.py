from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from commissioning.evidence import frames, pack

EVIDENCE = pack.load()
SURVEY = frames.survey(EVIDENCE)
SHIFT = frames.shift(EVIDENCE)

#: Provider type: statistics worked out by hand from table d, in percent.
STATISTICS = ["more_share_published", "more_share", "net_balance", "margin", "weighted_balance"]
EXPECTED = pd.DataFrame(
    {
        "large": [67.74, 69.23, 62.64, 12.43, 35.71],
        "SME": [75.27, 76.92, 69.23, 12.44, 36.26],
        "in-house": [5.38, 5.43, -82.61, 10.27, -41.85],
        "other-public": [80.65, 83.33, 76.67, 11.54, 41.67],
        "VCS": [81.72, 83.52, 75.82, 11.93, 43.96],
    },
    index=STATISTICS,
).T


def test_the_survey_has_a_row_for_each_option_in_the_order_of_the_evidence() -> None:
    rows = list(SURVEY[["question", "option", "label", "count"]].itertuples(index=False, name=None))
    assert rows == [(o.question, o.option, o.label, o.count) for o in EVIDENCE.options]
    assert list(SURVEY["base"]) == [103] * 6 + [78] * 5


def test_shares_of_the_survey_round_to_the_printed_percentages() -> None:
    assert list((SURVEY["share"] * 100).round(1)) == list(SURVEY["printed_percent"])


def test_intervals_of_the_survey_are_those_of_statsmodels() -> None:
    low, high = proportion_confint(SURVEY["count"], SURVEY["base"], method="wilson")
    assert SURVEY["low"].to_numpy() == pytest.approx(low, abs=1e-12)
    assert SURVEY["high"].to_numpy() == pytest.approx(high, abs=1e-12)


def test_the_shift_gives_the_statistics_of_the_design_notes() -> None:
    found = (SHIFT[STATISTICS] * 100).round(2)
    pd.testing.assert_frame_equal(found, EXPECTED, check_names=False)


def test_the_shift_has_counts_by_outlook_and_by_direction() -> None:
    assert SHIFT.index.name == "provider"
    row = SHIFT.loc["in-house"]
    counts = [f"count_{outlook.outlook}" for outlook in EVIDENCE.outlooks]
    assert list(row[counts]) == [1, 80, 6, 5, 0]
    assert list(row[["fewer", "same", "more", "total"]]) == [81, 6, 5, 92]
    assert list(SHIFT["total"]) == [91, 91, 92, 90, 91]


def test_shares_by_direction_add_up_to_1() -> None:
    shares = SHIFT[["fewer_share", "no_change_share", "more_share"]].sum(axis="columns")
    assert list(shares) == pytest.approx([1] * 5)


def test_the_shift_has_the_diffusion_index_and_the_ratio_of_the_design_notes() -> None:
    assert list((SHIFT["diffusion_index"] * 100).round(2)) == [81.32, 84.62, 8.70, 88.33, 87.91]
    assert SHIFT["fewer_per_more"]["in-house"] == pytest.approx(16.2)


def test_nobody_who_expects_more_makes_the_ratio_infinite() -> None:
    nobody = tuple(
        cell._replace(count=0) if (cell.provider, cell.outlook) == ("in-house", "more") else cell
        for cell in EVIDENCE.shift
    )
    shift = frames.shift(replace(EVIDENCE, shift=nobody))
    assert shift["fewer_per_more"]["in-house"] == float("inf")
