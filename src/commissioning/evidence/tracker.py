"""The tracker of actions: statuses, progress and the worded rating."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence


class Status(NamedTuple):
    """A status of an action; `progress` is None where the action does not count."""

    name: str
    progress: float | None
    meaning: str


STATUSES = (
    Status("Not started", 0.0, "Counts, with no progress until a percentage is typed"),
    Status("In progress", 0.5, "Counts as half done until a percentage is typed"),
    Status("On hold", 0.0, "Counts, with no progress until a percentage is typed"),
    Status("Complete", 1.0, "Counts as done unless a smaller percentage is typed"),
    Status(
        "Not applicable", None, "Does not count: the council has decided that it does not apply"
    ),
    Status("Retired", None, "Does not count: the action has been given up"),
)
#: What stands in place of the progress of an action that does not count.
NOT_COUNTED = "Does not count"
#: The rating of an action that was due before the As at date.
OVERDUE = "Red: overdue"

PRIORITIES = ("High", "Medium", "Low")

#: What each status contributes to progress, by lower-case name.
PROGRESS: Mapping[str, float | None] = {
    status.name.casefold(): status.progress for status in STATUSES
}


def action_progress(
    status: str | None,
    percent: float | None = None,
    standing: Mapping[str, float | None] = PROGRESS,
) -> float | None:
    """Progress of one action from 0 to 1, or None where it does not count.

    A percentage that the officer typed goes before what the status stands for; an action without
    a status does not count. What each status stands for is that of `STATUSES`, or as given.

    Raises:
        KeyError: the status is not among them.
    """
    if not status:
        return None
    progress = standing[status.casefold()]
    return progress if progress is None or percent is None else percent


def progress(
    statuses: Iterable[str | None],
    percents: Sequence[float | None] | None = None,
    weights: Sequence[float] | None = None,
) -> float:
    """Mean progress of the actions that count, from 0 to 1; weighted where weights are given.

    Raises:
        KeyError: a status is not one of `STATUSES`.
        ZeroDivisionError: no action counts.
    """
    names = list(statuses)
    each = [
        action_progress(name, percent)
        for name, percent in zip(names, percents or [None] * len(names), strict=True)
    ]
    counted = [
        (value, weight)
        for value, weight in zip(each, weights or [1.0] * len(names), strict=True)
        if value is not None
    ]
    return sum(value * weight for value, weight in counted) / sum(w for _, w in counted)


def rating(  # noqa: PLR0911, PLR0913, PLR0917 - a return for each rating, an argument for each fact
    status: str | None,
    start: dt.date | None,
    due: dt.date | None,
    as_at: dt.date,
    warning_days: float,
    standing: Mapping[str, float | None] = PROGRESS,
) -> str:
    """The worded rating (RAG) of an action on a date; the first that fits, most settled first.

    An action that is due on the date itself is not overdue yet.
    """
    name = (status or "").casefold()
    if name and name not in standing:
        return "Unknown status"
    if not name or standing[name] is None:
        return "Not counted"
    if name == "complete":
        return "Complete"
    if due is not None and due < as_at:
        return OVERDUE
    if name == "on hold":
        return "Amber: on hold"
    if name == "not started" and start is not None and start < as_at:
        return "Amber: late start"
    if due is None:
        return "No due date"
    if (due - as_at).days <= warning_days:
        return "Amber: due soon"
    return "Green: on track"
