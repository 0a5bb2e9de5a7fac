"""The charts: which columns each draws and the headline that titles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.workbook.grid import Chart, Series

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence, Outlook, Question

#: Headlines on Summary whose findings title a chart; a question's is its topic.
SHIFT = "Providers expected to gain"
PROGRESS = "Progress of the tracker"

#: Left of zero and right of zero, the mild answer first.
_COLOURS = {"fewer": ("orange", "dark pink"), "more": ("turquoise", "dark blue")}


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
        "Share of councils answering: fewer or none to the left, more to the right",
        "Diverging bar chart of the share of councils that expect fewer or more contracts and "
        f"services for each type of provider. At publication: {parts}. Values: sheet Balance.",
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
    mild, strong = _COLOURS[direction]
    return [
        Series(plotted(outlook.short), outlook.label, strong if number else mild)
        for number, outlook in enumerate(outlooks)
    ]


def options_chart(question: Question, place: tuple[int, float], size: tuple[float, float]) -> Chart:
    """Bars of the shares of a question's options."""
    return Chart(
        ("Headlines", question.topic, "Finding"),
        question.sheet,
        "Answer",
        (Series("Share", "Share of councils answering", "dark blue"),),
        "Answer",
        "Share of councils answering",
        f"Bar chart of the answers to question {question.question}, {question.topic.lower()}, as "
        f"shares of the councils answering. Values: sheet {question.sheet}.",
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
