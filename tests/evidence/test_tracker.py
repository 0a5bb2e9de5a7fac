from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.evidence import tracker

AS_AT = dt.date(2026, 6, 15)
WARNING = 30
STATUSES = [status.name for status in tracker.STATUSES]
COUNTED = [status.name for status in tracker.STATUSES if status.progress is not None]

fractions = st.floats(0, 1)
actions = st.lists(
    st.tuples(st.sampled_from([*STATUSES, None]), st.none() | fractions), max_size=12
).map(lambda rows: [("In progress", None), *rows])


def day(offset: int | None) -> dt.date | None:
    return None if offset is None else AS_AT + dt.timedelta(days=offset)


#: Status, start and due in days from the "as at" date, rating.
RATINGS: list[tuple[str | None, int | None, int | None, str]] = [
    (None, None, None, "Not counted"),
    ("", -9, -1, "Not counted"),
    ("Not applicable", None, -1, "Not counted"),
    ("Retired", None, -1, "Not counted"),
    ("Done", None, None, "Unknown status"),
    ("Complete", None, None, "Complete"),
    ("Complete", -90, -60, "Complete"),
    ("In progress", None, -1, "Red: overdue"),
    ("On hold", None, -1, "Red: overdue"),
    ("Not started", -9, -1, "Red: overdue"),
    ("On hold", None, None, "Amber: on hold"),
    ("On hold", None, 90, "Amber: on hold"),
    ("Not started", -1, 90, "Amber: late start"),
    ("Not started", -1, None, "Amber: late start"),
    ("Not started", 0, 90, "Green: on track"),
    ("In progress", -1, 90, "Green: on track"),
    ("In progress", None, None, "No due date"),
    ("Not started", None, None, "No due date"),
    ("In progress", None, 0, "Amber: due soon"),
    ("In progress", None, 30, "Amber: due soon"),
    ("In progress", None, 31, "Green: on track"),
    ("IN PROGRESS", None, 31, "Green: on track"),
]


@pytest.mark.parametrize(("status", "start", "due", "expected"), RATINGS)
def test_an_action_is_rated_by_the_first_rule_that_fits(
    status: str | None, start: int | None, due: int | None, expected: str
) -> None:
    assert tracker.rating(status, day(start), day(due), AS_AT, WARNING) == expected


def test_a_rating_on_the_last_day_of_the_calendar_does_not_overflow() -> None:
    rated = tracker.rating("In progress", None, dt.date.max, dt.date.max, WARNING)
    assert rated == "Amber: due soon"


@given(
    status=st.sampled_from([name for name in COUNTED if name != "Complete"]),
    due=st.dates(),
    as_at=st.dates(),
    days=st.integers(0, 400),
)
def test_what_is_not_complete_is_red_exactly_after_its_due_date(
    status: str, due: dt.date, as_at: dt.date, days: int
) -> None:
    rated = tracker.rating(status, None, due, as_at, days)
    assert (rated == "Red: overdue") == (as_at > due)


@pytest.mark.parametrize(
    ("status", "percent", "expected"),
    [
        ("Not started", None, 0.0),
        ("In progress", None, 0.5),
        ("On hold", None, 0.0),
        ("Complete", None, 1.0),
        ("complete", None, 1.0),
        ("In progress", 0.8, 0.8),
        ("In progress", 0.0, 0.0),
        ("On hold", 0.3, 0.3),
        ("Not applicable", 0.3, None),
        ("Retired", None, None),
        (None, 0.3, None),
        ("", None, None),
    ],
)
def test_a_typed_percentage_goes_before_what_the_status_stands_for(
    status: str | None, percent: float | None, expected: float | None
) -> None:
    assert tracker.action_progress(status, percent) == expected


def test_a_status_that_nobody_knows_has_no_progress() -> None:
    with pytest.raises(KeyError):
        tracker.progress(["Done"])


@pytest.mark.parametrize(
    ("statuses", "percents", "weights", "expected"),
    [
        (["Complete", "Not started"], None, None, 0.5),
        (["Complete", "Not applicable", "Retired", None], None, None, 1.0),
        (["Complete", "In progress", "On hold"], [None, 0.2, 0.3], None, 0.5),
        (["Complete", "Not started"], None, [3.0, 1.0], 0.75),
        (["Complete", "Not applicable"], None, [1.0, 9.0], 1.0),
    ],
)
def test_progress_is_the_mean_of_the_actions_that_count(
    statuses: list[str | None],
    percents: list[float | None] | None,
    weights: list[float] | None,
    expected: float,
) -> None:
    assert tracker.progress(statuses, percents, weights) == pytest.approx(expected)


@pytest.mark.parametrize("statuses", [[], [None], ["Not applicable", "Retired"]])
def test_no_action_that_counts_has_no_progress(statuses: list[str | None]) -> None:
    with pytest.raises(ZeroDivisionError):
        tracker.progress(statuses)


@given(actions, st.floats(0.1, 100))
def test_progress_lies_between_0_and_1_and_weights_of_equal_size_change_nothing(
    rows: list[tuple[str | None, float | None]], weight: float
) -> None:
    statuses, percents = [row[0] for row in rows], [row[1] for row in rows]
    progress = tracker.progress(statuses, percents)
    assert 0 <= progress <= 1
    weighted = tracker.progress(statuses, percents, [weight] * len(rows))
    assert weighted == pytest.approx(progress)


@given(actions, st.data())
def test_progress_does_not_depend_on_the_order_of_the_actions(
    rows: list[tuple[str | None, float | None]], data: st.DataObject
) -> None:
    weights = data.draw(
        st.lists(st.floats(0.1, 100), min_size=len(rows), max_size=len(rows)), label="weights"
    )
    order = list(range(len(rows)))
    random.Random(data.draw(st.integers(), label="seed")).shuffle(order)  # noqa: S311 - no secret
    progress = tracker.progress([row[0] for row in rows], [row[1] for row in rows], weights)
    shuffled = tracker.progress(
        [rows[place][0] for place in order],
        [rows[place][1] for place in order],
        [weights[place] for place in order],
    )
    assert shuffled == pytest.approx(progress)
