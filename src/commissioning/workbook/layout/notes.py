"""Notes: those of the evidence first, then those on how this workbook works things out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.workbook.grid import Column, Line, Sheet, Table

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Contents

#: code -> note on method; the codes must differ from those of the evidence's notes.
METHODS = {
    "intervals": (
        "Intervals are Wilson's score intervals at the confidence set on Settings. The finite pair "
        "narrows them for the number of councils that could have answered, also set there: "
        "z squared becomes z squared x (N - n) / (N - 1). The survey was not a random sample, so "
        "they indicate and do not prove."
    ),
    "balances": (
        "Net balance is the share that expects more less the share that expects fewer, with none "
        "counted as fewer; its margin is the critical value times the square root of "
        "(more + fewer - balance squared) / n. Weighted balance adds up shares times the weights "
        "on Outlooks. The diffusion index is the share that expects more plus half the share that "
        "expects no change: above 50% means growth."
    ),
    "scenario": (
        "The scenario is an illustration, not a forecast: nothing in the survey says how much "
        "money would move. It multiplies non-external expenditure by the share set on Settings and "
        "divides the result between provider types outside the council: in proportion to their "
        "net balances, or by the officer's own division where one is typed."
    ),
    "council": (
        "A council's own figures follow the national calculation: procurement, less external "
        "contractors, plus other employees. An empty cell counts as zero."
    ),
    "rag": (
        "RAG is worked out from status, start and due date at the As at date on Settings, in this "
        "order: overdue, on hold, late start, no due date, due soon, on track. It does not move by "
        "itself: change As at to bring it up to date."
    ),
    "progress": (
        "Progress of an action is the percentage typed for it, or else what its status stands for "
        "on Statuses; the progress of several is their mean. Actions that are not applicable or "
        "retired do not count."
    ),
}


def _all(evidence: Evidence) -> list[tuple[str, str, str]]:
    """Code, text and place of every note, in the order of their numbers."""
    return [(note.note, note.text, note.where) for note in evidence.notes] + [
        (code, text, "Method of this workbook") for code, text in METHODS.items()
    ]


def marker(evidence: Evidence, code: str | None) -> str:
    """The mark that points to a note, such as "[note 3]"; nothing where there is no such note."""
    codes = [note[0] for note in _all(evidence)]
    return f"[note {codes.index(code) + 1}]" if code in codes else ""


def notes(evidence: Evidence) -> Sheet:
    """Every note that the other sheets point to."""
    columns = (
        Column("Note", width=12),
        Column("Text", width=100),
        Column("What it bears on", width=36),
    )
    rows: list[Contents] = [
        {"Note": f"[note {number}]", "Text": text, "What it bears on": where}
        for number, (_, text, where) in enumerate(_all(evidence), 1)
    ]
    return Sheet(
        "Notes",
        "Notes",
        "What to bear in mind when using a figure",
        "Reference",
        Table("Notes", "Note", columns, rows),
        (Line("Other sheets point here by number."),),
    )
