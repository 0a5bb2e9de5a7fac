"""The charts: which columns each draws and the headline that titles it."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from commissioning.workbook.grid import Chart, Series

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence, Outlook, Question

#: Headlines on Summary whose findings title a chart; a question's is its topic.
SHIFT = "Providers expected to gain"
PROGRESS = "Progress of the tracker"

#: Left of zero and right of zero, from the mildest answer to the strongest of a longer scale.
_COLOURS = {
    "fewer": ("orange", "dark pink", "dark grey"),
    "more": ("turquoise", "dark blue", "light purple"),
}


def plotted(short: str) -> str:
    """The heading of the column that the outlook chart draws for an outlook."""
    return f"Plot {short.lower()}"


def outlook_chart(evidence: Evidence, place: tuple[int, float], size: tuple[float, float]) -> Chart:
    """Diverging bars: who expects fewer to the left of zero, who expects more to the right."""
    parts = "; ".join(
        f"{o.provider.label} {o.more} more and {o.fewer} fewer or none of {o.total}"
        for o in evidence.outcomes.values()
    )
    return Chart(
        ("Headlines", SHIFT, "Finding"),
        "Balance",
        "Provider type",
        (*_side(evidence, "fewer"), *_side(evidence, "more")),
        "Type of provider",
        "Share of respondents: fewer or none to the left, more to the right",
        "Diverging bar chart of the share of respondents that expect fewer or more contracts and "
        f"services for each type of provider. At publication: {parts}. Values: sheet Net balance.",
        place,
        size,
        stacked=True,
        limits=(-1, 1),
    )


def _side(evidence: Evidence, direction: str) -> list[Series]:
    """The series of one direction, from zero outwards."""

    def strength(outlook: Outlook) -> float:
        return abs(outlook.weight)

    outlooks = sorted((o for o in evidence.outlooks if o.direction == direction), key=strength)
    return [
        Series(plotted(outlook.short), outlook.label, colour)
        for outlook, colour in zip(outlooks, cycle(_COLOURS[direction]), strict=False)
    ]


def options_chart(
    evidence: Evidence, question: Question, place: tuple[int, float], size: tuple[float, float]
) -> Chart:
    """Bars of the shares of a question's options."""
    parts = "; ".join(f"{o.label} {o.count}" for o in evidence.options_of(question.question))
    return Chart(
        ("Headlines", question.topic, "Finding"),
        question.sheet,
        "Answer",
        (Series("Share", "Share of respondents", "dark blue"),),
        "Answer",
        "Share of respondents",
        f"Bar chart of the answers to question {question.question}, {question.topic.lower()}, as "
        f"shares of the respondents. At publication: {parts} of {question.published_base}. "
        f"Values: sheet {question.sheet}.",
        place,
        size,
    )


def progress_chart(place: tuple[int, float], size: tuple[float, float]) -> Chart:
    """Bars of the progress of each recommendation."""
    return Chart(
        ("Headlines", PROGRESS, "Finding"),
        "Progress",
        "Title",
        (Series("Progress", "Mean progress of the actions that count", "turquoise"),),
        "Recommendation",
        "Mean progress of the actions that count",
        "Bar chart of the progress of each recommendation, from 0% to 100%. "
        "Values: sheet Progress.",
        place,
        size,
    )
