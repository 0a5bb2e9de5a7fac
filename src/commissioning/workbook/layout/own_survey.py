"""The council's own survey beside the national one."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import measures
from commissioning.workbook.book import number, percent_text
from commissioning.workbook.grid import (
    POINTS,
    SHARE,
    WHOLE,
    Chart,
    Column,
    Formula,
    Line,
    Series,
    Sheet,
    Table,
)
from commissioning.workbook.layout import own_balance
from commissioning.workbook.layout.intervals import (
    CHECK_COUNTS,
    HIGH,
    LOW,
    NO_ANSWERS,
    Z_SQUARED,
    verdict,
    wilson,
    wilson_text,
)
from commissioning.workbook.layout.own_balance import PART
from commissioning.workbook.layout.survey import of_direction, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from commissioning.evidence.pack import Evidence, Question
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

COUNT, ANSWERED = "Own count input", "Own answered input"
IN_WORDS = "In words"

#: Names of the settings by which a verdict is given.
FEWEST, WIDEST = "FewestAnswers", "WidestInterval"

_SHARES = {"Own": (COUNT, ANSWERED), "National": ("National count", "National answered")}


def _own_share(row: Row, _: Book) -> Value:
    count, base = row[COUNT], row[ANSWERED]
    if not is_number(count) or not is_number(base):
        return "" if row.text(COUNT) == row.text(ANSWERED) == "" else CHECK_COUNTS
    return count / base if base > 0 and 0 <= count <= base else CHECK_COUNTS


def _national_share(row: Row, _: Book) -> Value:
    return measures.share(row.number("National count"), row.number("National answered"))


def _bound(whose: str, end: int, row: Row, _: Book) -> Value:
    """One end of Wilson's interval of a share."""
    square = row["Z squared"]
    if not is_number(row[f"{whose} share"]) or not is_number(square):
        return ""
    count, base = (number(row[heading]) for heading in _SHARES[whose])
    return wilson(count, base, square, end)


def _wilson(whose: str, end: int) -> Column:
    z, (count, base) = "[@Z squared]", (f"[@{heading}]" for heading in _SHARES[whose])
    bound = wilson_text(count, base, z, end)
    return Column(
        f"{whose} {('low', 'high')[end]}",
        SHARE,
        10,
        Formula(
            f'IF(AND(ISNUMBER([@{whose} share]),ISNUMBER({z})),{bound},"")',
            partial(_bound, whose, end),
        ),
    )


def _difference(row: Row, _: Book) -> Value:
    own, national = row["Own share"], row["National share"]
    return own - national if is_number(own) and is_number(national) else ""


def _newcombe(end: int, row: Row, _: Book) -> Value:
    """One end of the interval of the difference."""
    needed = ("Difference", "Own low", "Own high", "National low", "National high")
    if not all(is_number(row[heading]) for heading in needed):
        return ""
    difference, low, high, national_low, national_high = map(row.number, needed)
    own, national = row.number("Own share"), row.number("National share")
    if end == 0:
        return difference - math.hypot(own - low, national_high - national)
    return difference + math.hypot(high - own, national - national_low)


def _interval(end: int) -> Column:
    own, national = (
        ("[@Own share]-[@Own low]", "[@National high]-[@National share]"),
        ("[@Own high]-[@Own share]", "[@National share]-[@National low]"),
    )[end]
    name, sign = (("low", "-"), ("high", "+"))[end]
    return Column(
        (LOW, HIGH)[end],
        POINTS,
        11,
        Formula(
            "IF(COUNT([@Difference],[@Own low],[@Own high],[@National low],[@National high])=5,"
            f'[@Difference]{sign}SQRT(({own})^2+({national})^2),"")',
            partial(_newcombe, end),
            f'LOCALIS_COMPARE([@Question],[@Code],[@{COUNT}],[@{ANSWERED}],"{name}",Confidence)',
        ),
    )


def _in_words(row: Row, _: Book) -> Value:
    if not row.text("Verdict"):
        return NO_ANSWERS
    own, national = (percent_text(row[f"{whose} share"]) for whose in _SHARES)
    said = row.text("Verdict").lower()
    return f"{row.text('Answer')}: {own} here, {national} nationally: {said}"


def _columns() -> tuple[Column, ...]:
    own, answered = f"[@{COUNT}]", f"[@{ANSWERED}]"
    return (
        Column("Row", width=20),
        Column("Question", width=11),
        Column("Code", width=16),
        Column("Answer", width=44),
        Column(COUNT, WHOLE, 11, input=True, imported=True, limits=(0, 100_000)),
        Column(ANSWERED, WHOLE, 12, input=True, imported=True, limits=(0, 100_000)),
        Column(
            "Own share",
            SHARE,
            13,
            Formula(
                f"IF(AND(ISNUMBER({own}),ISNUMBER({answered})),"
                f"IF(AND({answered}>0,{own}>=0,{own}<={answered}),"
                f'{own}/{answered},"{CHECK_COUNTS}"),'
                f'IF({own}&{answered}="","","{CHECK_COUNTS}"))',
                _own_share,
                f'LOCALIS_COMPARE([@Question],[@Code],{own},{answered},"own")',
            ),
        ),
        Column("National count", WHOLE, 10),
        Column("National answered", WHOLE, 11),
        Column(
            "National share",
            SHARE,
            11,
            Formula(
                "[@National count]/[@National answered]",
                _national_share,
                'LOCALIS_COMPARE([@Question],[@Code],1,1,"national")',
            ),
        ),
        Column(
            "Difference",
            POINTS,
            12,
            Formula(
                "IF(AND(ISNUMBER([@Own share]),ISNUMBER([@National share])),"
                '[@Own share]-[@National share],"")',
                _difference,
                f"LOCALIS_COMPARE([@Question],[@Code],{own},{answered})",
            ),
        ),
        _interval(0),
        _interval(1),
        verdict(ANSWERED, FEWEST, WIDEST),
        Column(
            IN_WORDS,
            width=56,
            formula=Formula(
                f'IF([@Verdict]="","{NO_ANSWERS}",[@Answer]&": "&TEXT([@Own share],"0.0%")'
                '&" here, "&TEXT([@National share],"0.0%")&" nationally: "&LOWER([@Verdict]))',
                _in_words,
            ),
        ),
        Z_SQUARED,
        *(_wilson(whose, end) for whose in _SHARES for end in (0, 1)),
    )


def _of_option(question: Question, heading: str, twin: str) -> Formula:
    """A figure of an answer as the sheet of its question has it."""
    table = question.sheet
    return Formula(
        f"INDEX({table}[{heading}],MATCH([@Code],{table}[Code],0))",
        lambda row, book: book.find(table, row["Code"])[heading],
        f'LOCALIS_SURVEY([@Question],[@Code],"{twin}")',
    )


def _expecting_more(evidence: Evidence) -> Formula:
    """How many respondents expect more of a type of provider."""
    table, headings = evidence.outlook_question.sheet, of_direction(evidence, "more")
    parts = (f"INDEX({table}[{each}],MATCH([@Code],{table}[Code],0))" for each in headings)
    text = "+".join(parts) or "0"
    return Formula(
        text,
        lambda row, book: total(headings, book.find(table, row["Code"])),
        'LOCALIS_SHIFT([@Code],"expecting more")',
    )


def _of_outlook(heading: str) -> Formula:
    """A figure of the council's own answers about a type of provider: typed on their own sheet."""
    table = own_balance.TABLE
    return Formula(
        f"INDEX({table}[{heading}],MATCH([@Code],{table}[Code],0))",
        lambda row, book: book.find(table, row["Code"])[heading],
    )


def _answers(evidence: Evidence, own: Mapping[tuple[str, ...], int]) -> Iterator[Contents]:
    """The answers of the single and multiple questions."""
    for option in evidence.options:
        question = evidence.question(option.question)
        yield {
            "Row": f"{question.question} {option.option}",
            "Question": question.question,
            "Code": option.option,
            "Answer": option.label,
            "National count": _of_option(question, "Count", "count"),
            "National answered": _of_option(question, "Base", "base"),
            **_counted(own, (question.question, option.option), (question.question,)),
        }


def _expectations(evidence: Evidence) -> Iterator[Contents]:
    """The provider types of the outlook question, each with those who expect more of it."""
    outlook = evidence.outlook_question
    for provider in evidence.providers:
        row_total = Formula(
            f"INDEX({outlook.sheet}[Row total],MATCH([@Code],{outlook.sheet}[Code],0))",
            lambda row, book: book.find(outlook.sheet, row["Code"])["Row total"],
            'LOCALIS_SHIFT([@Code],"total")',
        )
        yield {
            "Row": f"{outlook.question} {provider.provider}",
            "Question": outlook.question,
            "Code": provider.provider,
            "Answer": f"{provider.label}: more or many more",
            "National count": _expecting_more(evidence),
            "National answered": row_total,
            COUNT: _of_outlook(own_balance.MORE),
            ANSWERED: _of_outlook(own_balance.TOTAL),
        }


def own_survey(evidence: Evidence, counts: Mapping[tuple[str, ...], int] | None) -> Sheet:
    """Each answer of the council's own survey beside that of the national one.

    Args:
        evidence: the national survey.
        counts: own respondents by question and answer; see `council.compare`.
    """
    outlook = evidence.outlook_question
    rows = [*_answers(evidence, counts or {}), *_expectations(evidence)]
    return Sheet(
        "Own survey",
        "The council's own survey beside the national one",
        "The same questions asked of the council's own members and managers, and what differs",
        "Council",
        Table("OwnSurvey", "Row", _columns(), rows),
        (
            Line(
                "Type how many gave each answer and how many answered the question, or: localis "
                "import survey FILE --into WORKBOOK"
            ),
            Line(
                f"What is expected of each type of provider, question {outlook.question}, is typed "
                f"on {own_balance.SHEET}; those who expect more are counted here.",
                link=own_balance.SHEET,
            ),
            Line(
                "The interval of a difference is Newcombe's, at the confidence on Settings; one "
                "in twenty comparisons shows a difference that is none."
            ),
        ),
        (
            Chart(
                ("OwnSurvey", str(rows[0]["Row"]), IN_WORDS),
                "OwnSurvey",
                "Answer",
                (
                    Series("Own share", "Own survey", "dark blue"),
                    Series("National share", "National survey", "orange"),
                ),
                "Answer",
                "Share of those who answered",
                "Bar chart of the share that gave each answer, in the council's own survey and in "
                "the national one. Values: columns Own share and National share.",
                (len(rows) + 8, 0),
                (30, 24),
            ),
        ),
        task="Type counts",
        parts=(PART,),
    )


def _counted(
    own: Mapping[tuple[str, ...], int], answer: tuple[str, ...], everybody: tuple[str, ...]
) -> Contents:
    """Own count and base of an answer; empty where nobody answered."""
    base = own.get(everybody, 0)
    return {COUNT: own.get(answer, 0) if base else None, ANSWERED: base or None}
