"""The sheets of the survey: an overview, one for each question, and the balances of the outlook."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from commissioning.evidence import measures
from commissioning.workbook.book import Book, Row, is_number
from commissioning.workbook.grid import (
    DECIMAL,
    POINTS,
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
from commissioning.workbook.layout.charts import options_chart, outlook_chart, plotted
from commissioning.workbook.layout.notes import marker

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence, Question
    from commissioning.workbook.grid import Contents

AGREES, DIFFERS = "Agrees", "Differs"
NOT_PRINTED = "Not printed"
#: Stands in place of a figure that a setting makes impossible.
CHECK_SETTINGS = "Check settings"
WHERE = Column("Where in the source", width=35)

_BASE = Formula(
    "INDEX(Survey[Published base],MATCH([@Question],Survey[Question],0))",
    lambda row, book: book.find("Survey", row["Question"])["Published base"],
)


def overview(evidence: Evidence) -> Sheet:
    """The four questions, who answered them and the base of their percentages."""
    columns = (
        Column("Question", width=11),
        Column("Topic", width=30),
        Column("What was asked", width=50),
        Column("Kind", width=11),
        Column("Answered", WHOLE, 12),
        Column("Skipped", WHOLE, 12),
        Column(
            "Respondents",
            WHOLE,
            14,
            Formula(
                'IF(COUNT([@Answered],[@Skipped])=0,"Not printed",[@Answered]+[@Skipped])',
                _respondents,
            ),
        ),
        Column("Published base", WHOLE, 12),
        Column("Base is", width=11),
        Column("Notes", width=11),
        WHERE,
    )
    notes = {"multiple": marker(evidence, "multiple"), "outlook": marker(evidence, "base")}
    rows: list[Contents] = [
        {
            "Question": question.question,
            "Topic": Cell(question.topic, link=question.sheet),
            "What was asked": question.asked,
            "Kind": question.kind,
            "Answered": _printed(question.answered),
            "Skipped": _printed(question.skipped),
            "Published base": question.published_base,
            "Base is": question.base_status,
            "Notes": notes.get(question.kind, "None"),
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
        (Line("One row is one question; its topic leads to its results."),),
    )


def _printed(count: int | None) -> int | str:
    return NOT_PRINTED if count is None else count


def _respondents(row: Row, _: Book) -> str | float:
    counts = [row["Answered"], row["Skipped"]]
    if all(isinstance(count, str) for count in counts):
        return NOT_PRINTED
    return row.number("Answered") + row.number("Skipped")


def _critical_value(book: Book) -> float | None:
    """The critical value at the confidence chosen on Settings; None where that is none."""
    confidence = book.named("Confidence")
    if not is_number(confidence) or not 0 < confidence < 1:
        return None
    return measures.critical_value(confidence)


def _with_critical_value(formula: str) -> str:
    """A formula that uses the critical value, guarded against a confidence that is none."""
    sound = "AND(ISNUMBER(Confidence),N(Confidence)>0,N(Confidence)<1)"
    return f'IF({sound},{formula},"{CHECK_SETTINGS}")'


def _squared(_: Row, book: Book) -> float | str:
    critical = _critical_value(book)
    return CHECK_SETTINGS if critical is None else critical**2


def _squared_finite(row: Row, book: Book) -> float | str:
    population, square = book.named("Population"), row["Z squared"]
    if not is_number(population) or not is_number(square):
        return CHECK_SETTINGS
    if population < row.number("Base") or population <= 1:
        return CHECK_SETTINGS
    return square * (population - row.number("Base")) / (population - 1)


def _interval(end: int, square: str, population: str | None, row: Row, book: Book) -> float | str:
    """One end of the interval of a row's share."""
    confidence, size = book.named("Confidence"), book.named(population) if population else None
    if not is_number(row[square]) or not is_number(confidence):
        return CHECK_SETTINGS
    return measures.wilson_interval(
        row.number("Count"),
        row.number("Base"),
        confidence,
        size if is_number(size) else None,
    )[end]


def _wilson(heading: str, end: int, square: str, population: str | None) -> Column:
    """One end of Wilson's interval, with the square of the critical value in its own column."""
    z, count, base = f"[@{square}]", "[@Count]", "[@Base]"
    centre = f"({count}+{z}/2)/({base}+{z})"
    spread = f"SQRT({z}*({count}*({base}-{count})/{base}+{z}/4))/({base}+{z})"
    bound = f"MAX(0,{centre}-{spread})" if end == 0 else f"MIN(1,{centre}+{spread})"
    return Column(
        heading,
        SHARE,
        11,
        Formula(
            f'IF(ISNUMBER({z}),{bound},"{CHECK_SETTINGS}")',
            partial(_interval, end, square, population),
        ),
    )


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
            ),
        ),
        Column(
            "Check",
            width=11,
            formula=Formula(
                f'IF(ROUND([@Share],3)=[@As printed],"{AGREES}","{DIFFERS}")',
                lambda row, _: (
                    AGREES
                    if measures.rounds_to(row.number("Share"), row.number("As printed"), 0.001)
                    else DIFFERS
                ),
            ),
            tones={AGREES: "good", DIFFERS: "bad"},
        ),
        Column(
            "Z squared",
            WEIGHT,
            11,
            Formula(_with_critical_value("NORMSINV((1+Confidence)/2)^2"), _squared),
        ),
        _wilson("Low", 0, "Z squared", None),
        _wilson("High", 1, "Z squared", None),
        Column(
            "Z squared finite",
            WEIGHT,
            11,
            Formula(
                "IF(AND(ISNUMBER([@Z squared]),ISNUMBER(Population),N(Population)>=[@Base],"
                "N(Population)>1),[@Z squared]*(Population-[@Base])/(Population-1),"
                f'"{CHECK_SETTINGS}")',
                _squared_finite,
            ),
        ),
        _wilson("Low finite", 0, "Z squared finite", "Population"),
        _wilson("High finite", 1, "Z squared finite", "Population"),
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
                f"Counts are of respondents; shares are of those who answered question "
                f"{question.question}.{multiple if question.kind == 'multiple' else ''}"
            ),
            Line(
                "Low and High bound each share at the confidence chosen on Settings; the finite "
                f"pair allows for the number of councils {marker(evidence, 'intervals')}."
            ),
        ),
        (options_chart(question, (len(rows) + 7, 0), (26, 8.5)),),
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
    )


def _sum_of(evidence: Evidence, direction: str) -> tuple[str, ...]:
    return tuple(o.short for o in evidence.outlooks if o.direction == direction)


def _total(headings: tuple[str, ...], row: Row) -> float:
    return sum(row.number(heading) for heading in headings)


def _sum(headings: tuple[str, ...]) -> str:
    return "+".join(f"[@{heading}]" for heading in headings) or "0"


def shift(evidence: Evidence) -> Sheet:
    """The outlook question: counts by provider type and outlook, and shares on either base."""
    everything = tuple(outlook.short for outlook in evidence.outlooks)
    fewer, same, more = (_sum_of(evidence, each) for each in ("fewer", "same", "more"))

    def share(heading: str, headings: tuple[str, ...], base: str) -> Column:
        return Column(
            heading,
            SHARE,
            13,
            Formula(
                f"({_sum(headings)})/[@{base}]",
                lambda row, _: measures.share(_total(headings, row), row.number(base)),
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
            Formula(_sum(everything), lambda row, _: _total(everything, row)),
        ),
        Column("Published base", WHOLE, 11, _BASE),
        share("More on published base", more, "Published base"),
        share("More on row total", more, "Row total"),
        share("Fewer on row total", fewer, "Row total"),
        share("No change on row total", same, "Row total"),
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
        f"Question {question.question}: what councils expect of each type of provider",
        "Evidence",
        Table(question.sheet, "Code", columns, rows),
        (
            Line(
                "Counts are of respondents. The published shares stand on a base of "
                f"{question.published_base}, which is {question.base_status} "
                f"{marker(evidence, 'base')}; both bases are shown."
            ),
        ),
        (outlook_chart(evidence, (len(rows) + 6, 0), (26, 10)),),
    )


def balances(evidence: Evidence) -> Sheet:
    """The balances of the outlook question, and the shares that the chart draws."""
    table = evidence.outlook_question.sheet
    fewer, same, more = (_sum_of(evidence, each) for each in ("fewer", "same", "more"))
    columns = (
        Column("Code", width=14),
        Column("Provider type", width=34),
        *(
            _from_shift(table, heading, headings)
            for heading, headings in (("Fewer", fewer), ("No change", same), ("More", more))
        ),
        Column(
            "Row total",
            WHOLE,
            9,
            Formula(
                "[@Fewer]+[@No change]+[@More]",
                lambda row, _: _total(("Fewer", "No change", "More"), row),
            ),
        ),
        *_measure_columns(evidence),
        *(
            _plotted(table, outlook.short, -1 if outlook.direction == "fewer" else 1)
            for outlook in evidence.outlooks
            if outlook.direction != "same"
        ),
    )
    rows: list[Contents] = [
        {"Code": provider.provider, "Provider type": provider.label}
        for provider in evidence.providers
    ]
    return Sheet(
        "Balance",
        "Who is expected to gain and who to lose",
        "Net and weighted balance, diffusion index and ratio for each type of provider",
        "Evidence",
        Table("Balance", "Code", columns, rows),
        (
            Line(
                "All on the row total. Net balance is the share that expects more less the share "
                f"that expects fewer or none {marker(evidence, 'balances')}."
            ),
            Line(
                "The last columns are the shares that the chart on Summary draws, those that "
                "expect fewer or none to the left of zero."
            ),
        ),
    )


def _from_shift(table: str, heading: str, headings: tuple[str, ...]) -> Column:
    """A count summed over the outlooks of one direction."""
    parts = [f"INDEX({table}[{each}],MATCH([@Code],{table}[Code],0))" for each in headings]
    return Column(
        heading,
        WHOLE,
        9,
        Formula(
            "+".join(parts) or "0",
            lambda row, book: _total(headings, book.find(table, row["Code"])),
        ),
    )


def _margin(row: Row, book: Book) -> float | str:
    critical = _critical_value(book)
    if critical is None:
        return CHECK_SETTINGS
    return critical * measures.net_balance_error(
        row.number("More"), row.number("Fewer"), row.number("Row total")
    )


def _measure_columns(evidence: Evidence) -> tuple[Column, ...]:
    table, outlooks = evidence.outlook_question.sheet, evidence.outlooks
    weighted = "+".join(
        f"INDEX(Outlooks[Weight],{place})*INDEX({table}[{outlook.short}],"
        f"MATCH([@Code],{table}[Code],0))"
        for place, outlook in enumerate(outlooks, 1)
    )

    def weighted_balance(row: Row, book: Book) -> float:
        counts = book.find(table, row["Code"])
        return measures.weighted_balance(
            [counts.number(outlook.short) for outlook in outlooks],
            book.numbers("Outlooks", "Weight"),
        )

    return (
        Column(
            "Net balance",
            POINTS,
            12,
            Formula(
                "([@More]-[@Fewer])/[@Row total]",
                lambda row, _: measures.net_balance(
                    row.number("More"), row.number("Fewer"), row.number("Row total")
                ),
            ),
        ),
        Column(
            "Margin",
            SHARE,
            11,
            Formula(
                _with_critical_value(
                    "NORMSINV((1+Confidence)/2)*"
                    "SQRT((([@More]+[@Fewer])/[@Row total]-[@Net balance]^2)/[@Row total])"
                ),
                _margin,
            ),
        ),
        Column(
            "Weighted balance", POINTS, 12, Formula(f"({weighted})/[@Row total]", weighted_balance)
        ),
        Column(
            "Diffusion index",
            SHARE,
            12,
            Formula(
                "([@More]+[@No change]/2)/[@Row total]",
                lambda row, _: measures.diffusion_index(
                    row.number("More"), row.number("No change"), row.number("Row total")
                ),
            ),
        ),
        Column(
            "Fewer per more",
            DECIMAL,
            11,
            Formula(
                'IF([@More]=0,"No ratio",[@Fewer]/[@More])',
                lambda row, _: (
                    measures.fewer_per_more(row.number("More"), row.number("Fewer"))
                    if row.number("More")
                    else "No ratio"
                ),
            ),
        ),
    )


def _plotted(table: str, short: str, sign: int) -> Column:
    minus = "-" if sign < 0 else ""
    return Column(
        plotted(short),
        SHARE,
        11,
        Formula(
            f"{minus}INDEX({table}[{short}],MATCH([@Code],{table}[Code],0))/[@Row total]",
            lambda row, book: (
                sign
                * measures.share(
                    book.find(table, row["Code"]).number(short), row.number("Row total")
                )
            ),
        ),
    )
