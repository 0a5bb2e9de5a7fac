"""The tracker: recommendations, their actions, statuses and progress."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from commissioning.cells import FIRST_DAY, LAST_DAY, date, is_number, serial
from commissioning.evidence import tracker
from commissioning.evidence.tracker import NOT_COUNTED, OVERDUE
from commissioning.workbook.book import is_equal, number, optional_text, sound
from commissioning.workbook.grid import (
    DATE,
    NUMBER,
    SHARE,
    TEXT,
    WHOLE,
    Cell,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.charts import progress_chart
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    import datetime as dt

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

STATUS = "Status input"
PERCENT = "Percent complete input"
START = "Start input"
DUE = "Due input"
DATES = (START, DUE, "Last updated input")
#: Whether the evidence still has an action; empty for an action of the officer's own.
STANDING = "Standing"
CURRENT, RETIRED = "Current", "Retired"
NOT_RATED = "Not counted"
NO_PROGRESS = "None counts"
NO_AS_AT = "Set the As at date"

#: Highest number of a recommendation that may be typed: more than any pack has, as a later one
#: may have more than this. The sheet Checks tells which numbers are none.
MOST_RECOMMENDATIONS = 99

#: Whether the As at date on Settings is a day, as a formula.
AS_AT_IS_A_DAY = f"IF(ISNUMBER(AsAt),AND(AsAt>={FIRST_DAY},AsAt<={LAST_DAY}))"

RAG_TONES = {
    "Red": "bad",
    "Amber": "warn",
    "Green": "good",
    "Complete": "done",
    "Unknown": "bad",
    "Set": "bad",
}


def statuses() -> Sheet:
    """The statuses that an action can have and what each stands for."""
    columns = (
        Column("Status", width=18),
        Column("Progress", SHARE, 16),
        Column("Meaning", width=70),
    )
    rows: list[Contents] = [
        {
            "Status": status.name,
            "Progress": NOT_COUNTED if status.progress is None else status.progress,
            "Meaning": status.meaning,
        }
        for status in tracker.STATUSES
    ]
    return Sheet(
        "Statuses",
        "Statuses of an action",
        "What each status stands for in progress",
        "Reference",
        Table("Statuses", "Status", columns, rows, lists={"StatusList": "Status"}),
        (Line("The drop-down list of the tracker offers these."),),
        parts=("recommendations",),
    )


def recommendations(evidence: Evidence) -> Sheet:
    """The recommendations by title, with the number of their actions."""
    columns = (
        Column("Recommendation", NUMBER, 17),
        Column("Title", width=62),
        Column("Highlighted in the text", width=14),
        Column(
            "Actions",
            WHOLE,
            10,
            Formula(
                "COUNTIF(Actions[Recommendation],[@Recommendation])",
                lambda row, book: len(_actions(row, book)),
                'LOCALIS_RECOMMENDATION([@Recommendation],"actions")',
            ),
        ),
        Column("Who acts", width=40),
        WHERE,
    )
    bodies = {
        each.recommendation: list(
            dict.fromkeys(
                a.body for a in evidence.actions if a.recommendation == each.recommendation
            )
        )
        for each in evidence.recommendations
    }
    rows: list[Contents] = [
        {
            "Recommendation": each.recommendation,
            "Title": each.title,
            "Highlighted in the text": "Yes" if each.highlighted else "No",
            "Who acts": ", ".join(bodies[each.recommendation]) or "Nobody named",
            "Where in the source": each.where,
        }
        for each in evidence.recommendations
    ]
    return Sheet(
        "Recommendations",
        f"The report's {len(rows)} recommendations",
        "Titles as published, and how many actions each breaks down into",
        "Tracker",
        Table("Recommendations", "Recommendation", columns, rows),
        (Line("Each is broken down into single actions on Actions.", link="Actions"),),
        parts=("recommendations",),
    )


def standing(book: Book) -> dict[str, float | None]:
    """What each status stands for, as the sheet Statuses has it."""
    return {
        row.text("Status").casefold(): value if is_number(value := row["Progress"]) else None
        for row in reversed(book.rows("Statuses"))
    }


def _is_retired(row: Row) -> bool:
    return row.text(STANDING).casefold() == RETIRED.casefold()


def _progress(row: Row, book: Book) -> float | str:
    if _is_retired(row):
        return NOT_COUNTED
    status = optional_text(row[STATUS])
    if status is None or status.casefold() not in standing(book):
        return ""
    percent = row[PERCENT]
    value = tracker.action_progress(status, percent if is_number(percent) else None, standing(book))
    return NOT_COUNTED if value is None else value


def as_at(book: Book) -> dt.date | None:
    """The As at date on Settings; None where no day stands there."""
    day = date(book.named("AsAt"))
    return day if day and FIRST_DAY <= serial(day) <= LAST_DAY else None


def _rating(row: Row, book: Book) -> str:
    day, warning = as_at(book), book.named("WarningDays")
    if day is None:
        return NO_AS_AT
    if _is_retired(row):
        return NOT_RATED
    return tracker.rating(
        optional_text(row[STATUS]),
        date(row[START]),
        date(row[DUE]),
        day,
        warning if is_number(warning) else 0,
        standing(book),
    )


_KNOWN = f"MATCH([@{STATUS}],Statuses[Status],0)"
_STANDS_FOR = f"INDEX(Statuses[Progress],{_KNOWN})"

_PROGRESS = (
    f'IF([@{STANDING}]="{RETIRED}","{NOT_COUNTED}",IF([@{STATUS}]="","",IF(ISNA({_KNOWN}),"",'
    f"IF(ISNUMBER({_STANDS_FOR}),IF(ISNUMBER([@{PERCENT}]),[@{PERCENT}],{_STANDS_FOR}),"
    f'"{NOT_COUNTED}"))))'
)

_RATING = (
    f'IF({AS_AT_IS_A_DAY},IF([@{STANDING}]="{RETIRED}","{NOT_RATED}",'
    f'IF([@{STATUS}]="","{NOT_RATED}",IF(ISNA({_KNOWN}),"Unknown status",'
    f'IF(NOT(ISNUMBER({_STANDS_FOR})),"{NOT_RATED}",'
    f'IF([@{STATUS}]="Complete","Complete",'
    f'IF(IF(ISNUMBER([@{DUE}]),[@{DUE}]<AsAt),"{OVERDUE}",'
    f'IF([@{STATUS}]="On hold","Amber: on hold",'
    f'IF(IF(AND([@{STATUS}]="Not started",ISNUMBER([@{START}])),[@{START}]<AsAt),'
    f'"Amber: late start",IF(NOT(ISNUMBER([@{DUE}])),"No due date",'
    f"IF([@{DUE}]<=AsAt+IF(ISNUMBER(WarningDays),WarningDays,0),"
    f'"Amber: due soon","Green: on track")))))))))),"{NO_AS_AT}")'
)


def actions(evidence: Evidence) -> Sheet:
    """The tracker itself: one row is one thing somebody can do."""
    columns = (
        Column("Action id", width=10),
        Column(
            "Recommendation",
            NUMBER,
            17,
            limits=(1, MOST_RECOMMENDATIONS),
        ),
        Column("Action", width=46),
        Column("Acting body", width=21),
        Column(STANDING, width=10, tones={RETIRED: "warn"}),
        Column("Owner input", width=16, input=True, prompt="Who sees to it."),
        Column("Priority input", width=10, input=True, choices=tracker.PRIORITIES),
        Column(STATUS, width=13, input=True, choices="StatusList"),
        Column(START, DATE, 13, input=True, limits=(FIRST_DAY, LAST_DAY), prompt="A date."),
        Column(DUE, DATE, 13, input=True, limits=(FIRST_DAY, LAST_DAY), prompt="A date."),
        Column(
            PERCENT,
            SHARE,
            11,
            input=True,
            limits=(0, 1),
            prompt="From 0% to 100%; leave empty to let the status speak.",
        ),
        Column(
            "Progress",
            SHARE,
            11,
            Formula(_PROGRESS, _progress, f"LOCALIS_PROGRESS([@{STATUS}],[@{PERCENT}])"),
        ),
        Column("RAG", TEXT, 16, Formula(_RATING, _rating), tones=RAG_TONES),
        Column("Evidence input", width=26, input=True, prompt="What shows that it is done."),
        Column("Notes input", width=26, input=True),
        Column(
            "Last updated input",
            DATE,
            13,
            input=True,
            limits=(FIRST_DAY, LAST_DAY),
            prompt="A date.",
        ),
    )
    rows: list[Contents] = [
        {
            "Action id": action.action,
            "Recommendation": action.recommendation,
            "Action": action.task,
            "Acting body": action.body,
            STANDING: CURRENT,
            # What others have to do is followed, not done, by the council.
            STATUS: "Not started" if "Council" in action.body else "Not applicable",
        }
        for action in evidence.actions
    ]
    return Sheet(
        "Actions",
        "Tracker of actions",
        "Who does what by when under each recommendation, and how far it is",
        "Tracker",
        Table("Actions", "Action id", columns, rows, filtered=True, retires={STANDING: RETIRED}),
        (
            Line(
                "Type into the columns headed input; the rest follows. RAG is worked out from "
                f"status and dates at the As at date on Settings {marker(evidence, 'rag')}."
            ),
            Line(
                "Actions of other bodies start as Not applicable: give one a status if the "
                "council takes part. A cell left empty means: not settled yet."
            ),
            Line(
                "For an action of your own, insert a row inside the table: an id of its own, and "
                "the number of the recommendation it belongs to; its standing stays empty. "
                "Retired means that the evidence no longer has an action."
            ),
        ),
        task="Keep up to date",
        grows=True,
        parts=("recommendations",),
    )


def _actions(row: Row, book: Book) -> list[Row]:
    """The actions of a row's recommendation."""
    wanted = row["Recommendation"]
    return [each for each in book.rows("Actions") if is_equal(each["Recommendation"], wanted)]


def _count(heading: str, rating: str) -> Column:
    """The number of a recommendation's actions whose rating begins so."""
    return Column(
        heading,
        WHOLE,
        12,
        Formula(
            f'COUNTIFS(Actions[Recommendation],[@Recommendation],Actions[RAG],"{rating}*")',
            lambda row, book: sum(
                str(each["RAG"]).startswith(rating) for each in _actions(row, book)
            ),
        ),
    )


def _mean_progress(row: Row, book: Book) -> float | str:
    """Mean progress of a row's actions, by the number of those that count beside it."""
    counted = sound(row["Actions counted"])
    if counted in {0, None}:
        return NO_PROGRESS
    progress = [sound(each["Progress"]) for each in _actions(row, book)]
    return sum(filter(is_number, progress)) / number(counted)


def _overall(_: Row, book: Book) -> float | str:
    if not book.count("Actions", "Progress"):
        return NO_PROGRESS
    return fmean(book.numbers("Actions", "Progress"))


#: Progress of the whole tracker.
OVERALL = Formula(
    f'IF(COUNT(Actions[Progress])=0,"{NO_PROGRESS}",AVERAGE(Actions[Progress]))',
    _overall,
    "LOCALIS_PROGRESS(Actions[Progress])",
)


def progress(evidence: Evidence) -> Sheet:
    """Progress by recommendation."""
    columns = (
        Column("Recommendation", NUMBER, 17),
        Column("Title", width=62),
        Column(
            "Actions counted",
            WHOLE,
            12,
            Formula(
                'COUNTIFS(Actions[Recommendation],[@Recommendation],Actions[Progress],">=0")'
                '+COUNTIFS(Actions[Recommendation],[@Recommendation],Actions[Progress],"<0")',
                lambda row, book: sum(is_number(a["Progress"]) for a in _actions(row, book)),
            ),
        ),
        _count("Complete", "Complete"),
        _count("On track", "Green: on track"),
        _count("Amber", "Amber"),
        _count("Overdue", OVERDUE),
        _count("No due date", "No due date"),
        Column(
            "Progress",
            SHARE,
            13,
            Formula(
                f'IF([@Actions counted]=0,"{NO_PROGRESS}",'
                "SUMIF(Actions[Recommendation],[@Recommendation],Actions[Progress])"
                "/[@Actions counted])",
                _mean_progress,
            ),
        ),
    )
    rows: list[Contents] = [
        {"Recommendation": each.recommendation, "Title": Cell(each.title)}
        for each in evidence.recommendations
    ]
    return Sheet(
        "Progress",
        "Progress by recommendation",
        "How many actions are complete, on track or overdue",
        "Tracker",
        Table("Progress", "Recommendation", columns, rows),
        (
            Line(
                "Progress is the mean over the actions that count "
                f"{marker(evidence, 'progress')}; the counts follow the RAG column of Actions."
            ),
        ),
        (progress_chart((len(rows) + 6, 0), (26, 10.5)),),
        parts=("recommendations",),
    )
