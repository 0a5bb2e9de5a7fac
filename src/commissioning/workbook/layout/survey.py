"""The sheets of the survey: an overview, one for each question, and the outlooks."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from commissioning.cells import fixed, is_number
from commissioning.evidence import measures
from commissioning.workbook.book import is_text, number, sound
from commissioning.workbook.grid import (
    SHARE,
    WEIGHT,
    WHOLE,
    Cell,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.charts import options_chart, outlook_chart
from commissioning.workbook.layout.intervals import CHECK_SETTINGS, Z_SQUARED, wilson, wilson_text
from commissioning.workbook.layout.notes import marker

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence, Question
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

AGREES, DIFFERS = "Agrees", "Differs"
NOT_PRINTED = "Not printed"
WHERE = Column("Where in the source", width=35)

_BASE = Formula(
    "INDEX(Survey[Published base],MATCH([@Question],Survey[Question],0))",
    lambda row, book: book.find("Survey", row["Question"])["Published base"],
    'LOCALIS_SURVEY([@Question],,"base")',
)


def overview(evidence: Evidence) -> Sheet:
    """The four questions, who answered them and the base of their percentages."""
    columns = (
        Column("Question", width=11),
        Column("Topic", width=30),
        Column("What was asked", width=50),
        Column("Kind", width=19),
        Column("Answered", WHOLE, 12),
        Column("Skipped", WHOLE, 12),
        Column(
            "Respondents",
            WHOLE,
            14,
            Formula(
                'IF(COUNT([@Answered],[@Skipped])=0,"Not printed",SUM([@Answered],[@Skipped]))',
                _respondents,
                'LOCALIS_SURVEY([@Question],,"respondents")',
            ),
        ),
        Column("Published base", WHOLE, 12),
        Column("Base is", width=11),
        Column("Notes", width=11),
        WHERE,
    )
    notes = {"multiple": marker(evidence, "multiple"), "outlook": marker(evidence, "base")}
    kinds = {
        "single": "One answer",
        "multiple": "Several answers",
        "outlook": "One answer for each type of provider",
    }
    rows: list[Contents] = [
        {
            "Question": question.question,
            "Topic": Cell(question.topic, link=question.sheet),
            "What was asked": question.asked,
            "Kind": kinds[question.kind],
            "Answered": _printed(question.answered),
            "Skipped": _printed(question.skipped),
            "Published base": question.published_base,
            "Base is": question.base_status,
            "Notes": notes.get(question.kind) or "None",
            "Where in the source": question.where,
        }
        for question in evidence.questions
    ]
    return Sheet(
        "Survey",
        "The survey in one table",
        "Who answered each question, and what its percentages are shares of",
        "Evidence",
        Table("Survey", "Question", columns, rows),
        (
            Line(
                "One row is one question; its topic leads to its results. Respondents are council "
                f"leaders and chief executives {marker(evidence, 'respondents')}."
            ),
        ),
        parts=("survey",),
    )


def _printed(count: int | None) -> int | str:
    return NOT_PRINTED if count is None else count


def _respondents(row: Row, _: Book) -> str | float:
    cells = (row["Answered"], row["Skipped"])
    if not any(map(is_number, cells)):
        return NOT_PRINTED
    return sum(count for count in map(sound, cells) if is_number(count))


def _squared_finite(row: Row, book: Book) -> float | str:
    population, square = book.named("Population"), row["Z squared"]
    if not is_number(population) or not is_number(square):
        return CHECK_SETTINGS
    # No number is above a text.
    if is_text(row["Base"]) or population < row.number("Base") or population <= 1:
        return CHECK_SETTINGS
    return square * (population - row.number("Base")) / (population - 1)


def _interval(end: int, square: str, row: Row, _: Book) -> float | str:
    """One end of the interval of a row's share, also where counts were typed that are none."""
    z = row[square]
    if not is_number(z):
        return CHECK_SETTINGS
    return wilson(row.number("Count"), row.number("Base"), z, end)


def _wilson(heading: str, end: int, square: str, population: str | None) -> Column:
    """One end of Wilson's interval, with the square of the critical value in its own column."""
    z = f"[@{square}]"
    bound = wilson_text("[@Count]", "[@Base]", z, end)
    bound_name = ("low", "high")[end]
    return Column(
        heading,
        SHARE,
        11,
        Formula(
            f'IF(ISNUMBER({z}),{bound},"{CHECK_SETTINGS}")',
            partial(_interval, end, square),
            f'LOCALIS_INTERVAL([@Count],[@Base],"{bound_name}",Confidence'
            f"{',Population' if population else ''})",
        ),
    )


def _as_printed(row: Row, _: Book) -> str:
    share, printed = fixed(row.number("Share"), 3), sound(row["As printed"])
    # A text is never equal to a number, whatever it spells.
    same = not is_text(printed) and math.isclose(float(share), number(printed), abs_tol=1e-15)
    return AGREES if same else DIFFERS


def options(evidence: Evidence, question: Question) -> Sheet:
    """The options of a single or multiple question, with shares, checks and intervals."""
    columns = (
        Column("Question", width=11),
        Column("Code", width=16),
        Column("Answer", width=40),
        Column("Count", WHOLE, 10),
        Column("Base", WHOLE, 10, _BASE),
        Column("As printed", SHARE, 11),
        Column(
            "Share",
            SHARE,
            11,
            Formula(
                "[@Count]/[@Base]",
                lambda row, _: measures.share(row.number("Count"), row.number("Base")),
                "LOCALIS_SURVEY([@Question],[@Code])",
            ),
        ),
        Column(
            "Check",
            width=11,
            formula=Formula(
                f'IF(ROUND([@Share],3)=[@As printed],"{AGREES}","{DIFFERS}")',
                _as_printed,
            ),
            tones={AGREES: "good", DIFFERS: "bad"},
        ),
        Z_SQUARED,
        _wilson("Lower bound", 0, "Z squared", None),
        _wilson("Upper bound", 1, "Z squared", None),
        Column(
            "Z squared finite",
            WEIGHT,
            11,
            Formula(
                "IF(IF(AND(ISNUMBER([@Z squared]),ISNUMBER(Population)),"
                "AND(Population>=[@Base],Population>1)),"
                f'[@Z squared]*(Population-[@Base])/(Population-1),"{CHECK_SETTINGS}")',
                _squared_finite,
            ),
        ),
        _wilson("Lower bound finite", 0, "Z squared finite", "Population"),
        _wilson("Upper bound finite", 1, "Z squared finite", "Population"),
        WHERE,
    )
    rows: list[Contents] = [
        {
            "Question": option.question,
            "Code": option.option,
            "Answer": option.label,
            "Count": option.count,
            "As printed": round(option.printed_percent / 100, 3),
            "Where in the source": option.where,
        }
        for option in evidence.options_of(question.question)
    ]
    multiple = f" More than one answer was allowed {marker(evidence, 'multiple')}."
    return Sheet(
        question.sheet,
        question.topic,
        f"Question {question.question}: counts, shares as printed and worked out, intervals",
        "Evidence",
        Table(question.sheet, "Code", columns, rows),
        (
            Line(
                f"Counts are of respondents {marker(evidence, 'respondents')}; shares are of those "
                f"who answered question {question.question}."
                f"{multiple if question.kind == 'multiple' else ''}"
            ),
            Line(
                "The bounds enclose each share at the confidence chosen on Settings; the finite "
                f"pair allows for the number of councils {marker(evidence, 'intervals')}."
            ),
        ),
        (options_chart(evidence, question, (len(rows) + 7, 0), (26, 8.5)),),
        parts=("survey",),
    )


def outlooks(evidence: Evidence) -> Sheet:
    """The answers of the outlook question with their weights."""
    columns = (
        Column("Code", width=12),
        Column("Outlook", width=36),
        Column("Heading", width=14),
        Column("Direction", width=12),
        Column("Weight", WEIGHT, 11),
        WHERE,
    )
    rows: list[Contents] = [
        {
            "Code": outlook.outlook,
            "Outlook": outlook.label,
            "Heading": outlook.short,
            "Direction": outlook.direction,
            "Weight": outlook.weight,
            "Where in the source": outlook.where,
        }
        for outlook in evidence.outlooks
    ]
    return Sheet(
        "Outlooks",
        "The answers about each type of provider",
        "The direction and the weight of each outlook in the balances",
        "Evidence",
        Table("Outlooks", "Code", columns, rows),
        (
            Line(
                "Weights run from -1 to 1: a strong answer counts twice as much as a mild one "
                f"{marker(evidence, 'balances')}."
            ),
        ),
        parts=("survey",),
    )


def of_direction(evidence: Evidence, direction: str) -> tuple[str, ...]:
    """The headings of the outlooks of one direction."""
    return tuple(o.short for o in evidence.outlooks if o.direction == direction)


def total(headings: tuple[str, ...], row: Row) -> float:
    """The sum of a row's cells under the given headings."""
    return sum(row.number(heading) for heading in headings)


def _sum(headings: tuple[str, ...]) -> str:
    return "+".join(f"[@{heading}]" for heading in headings) or "0"


def shift(evidence: Evidence) -> Sheet:
    """The outlook question: counts by provider type and outlook, and shares on either base."""
    everything = tuple(outlook.short for outlook in evidence.outlooks)
    fewer, same, more = (of_direction(evidence, each) for each in ("fewer", "same", "more"))

    def share(heading: str, headings: tuple[str, ...], base: str, twin: str) -> Column:
        return Column(
            heading,
            SHARE,
            13,
            Formula(
                f"({_sum(headings)})/[@{base}]",
                lambda row, _: measures.share(total(headings, row), row.number(base)),
                f"LOCALIS_SHIFT([@Code],{twin})",
            ),
        )

    columns = (
        Column("Question", width=11),
        Column("Code", width=14),
        Column("Provider type", width=34),
        *(Column(heading, WHOLE, 9) for heading in everything),
        Column(
            "Row total",
            WHOLE,
            9,
            Formula(
                _sum(everything),
                lambda row, _: total(everything, row),
                'LOCALIS_SHIFT([@Code],"total")',
            ),
        ),
        Column("Published base", WHOLE, 11, _BASE),
        share("More on published base", more, "Published base", '"more"'),
        share("More on row total", more, "Row total", '"more","row total"'),
        share("Fewer on row total", fewer, "Row total", '"fewer","row total"'),
        share("No change on row total", same, "Row total", '"no change","row total"'),
        WHERE,
    )
    counts = {(cell.provider, cell.outlook): cell.count for cell in evidence.shift}
    question = evidence.outlook_question
    rows: list[Contents] = [
        {
            "Question": question.question,
            "Code": provider.provider,
            "Provider type": provider.label,
            **{o.short: counts[provider.provider, o.outlook] for o in evidence.outlooks},
            "Where in the source": provider.where,
        }
        for provider in evidence.providers
    ]
    return Sheet(
        question.sheet,
        question.topic,
        f"Question {question.question}: what respondents expect of each type of provider",
        "Evidence",
        Table(question.sheet, "Code", columns, rows),
        (
            Line(
                f"Counts are of respondents {marker(evidence, 'respondents')}. The published "
                "shares stand on a base of "
                f"{question.published_base}, which is {question.base_status} "
                f"{marker(evidence, 'base')}; both bases are shown."
            ),
        ),
        (outlook_chart(evidence, (len(rows) + 6, 0), (26, 10)),),
        parts=("survey",),
    )
