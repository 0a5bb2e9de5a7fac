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
        "Intervals are Wilson's score intervals at the confidence set on Settings; z squared is "
        "the square of the critical value of the normal distribution at that confidence. The "
        "finite pair narrows them for the number of councils that could have answered, also set "
        "there: z squared becomes z squared x (N - n) / (N - 1). The respondents were not a "
        "random sample and, where two of them are of one council, the finite pair is too narrow: "
        "intervals indicate and do not prove."
    ),
    "balances": (
        "Net balance is the share that expects more less the share that expects fewer, with none "
        "counted as fewer; its margin is the critical value times the square root of (more + "
        "fewer - balance squared) / n, without allowance for the number of councils. Weighted "
        "balance adds up shares times the weights on Outlooks. The diffusion index is the share "
        "that expects more plus half the share that expects no change: above 50%, more expect a "
        "rise than a fall."
    ),
    "scenario": (
        "The scenario is an illustration, not a forecast: nothing in the survey says how much "
        "money would move. It multiplies non-external expenditure by the share set on Settings "
        "and divides the result between provider types outside the council: in proportion to "
        "their net balances, or by the officer's own division where one is typed."
    ),
    "council": (
        "A council's own figures follow the national calculation. Procurement: all spending on "
        "goods, works and services bought from others. External contractors: the part of it paid "
        "to those who already deliver a service for the council. Other employees: pay of staff "
        "whose work is not counted in procurement. The press release does not define the three; "
        "for a comparison with the national figures follow table 3.4a of its source. Type 0 where "
        "there is none. National figures are of 2009-10 and in prices of that year."
    ),
    "rag": (
        "RAG (red, amber, green) is worked out from status, start and due date at the As at date "
        "on Settings; the first of these that fits stands: Not counted, Complete, Red: overdue "
        "(due before the date), Amber: on hold, Amber: late start (not started though the start "
        "has passed), No due date, Amber: due soon (due within the days of warning set on "
        "Settings), Green: on track. The percentage complete plays no part. It does not move by "
        "itself: change As at to bring it up to date."
    ),
    "progress": (
        "Progress of an action is the percentage typed for it, or else what its status stands for "
        "on Statuses; the progress of several is their mean. Actions that are not applicable or "
        "retired do not count."
    ),
    "terms": (
        "SME: small and medium-sized enterprise. VCS: voluntary and community sector. In-house: "
        "delivered by the council's own staff. Value test: compare what a contract gives with "
        "what else could be had for the money. Strategic commissioning: decide what residents "
        "need and choose, whoever provides it, the best way to meet it."
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
