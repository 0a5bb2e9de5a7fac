"""The sheet of checks: what the workbook watches in itself and in what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import claims
from commissioning.workbook.book import number_or_zero, sound
from commissioning.workbook.grid import (
    WHOLE,
    Cell,
    Check,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
    quoted,
)
from commissioning.workbook.layout import checks_of_input, checks_of_own
from commissioning.workbook.layout.survey import DIFFERS
from commissioning.workbook.layout.tracker import AS_AT_IS_A_DAY, as_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

PASS, LOOK = "Pass", "Look"


def sheet(evidence: Evidence, others: Sequence[Sheet]) -> Sheet:
    """Every check with the number of problems that it finds now in the other sheets."""
    columns = (
        Column("Check", width=24),
        Column("What must hold", width=70),
        Column("Problems", WHOLE, 11),
        Column(
            "Result",
            width=11,
            formula=Formula(
                f'IF([@Problems]=0,"{PASS}","{LOOK}")',
                lambda row, _: PASS if sound(row["Problems"]) in {0, None} else LOOK,
            ),
            tones={PASS: "good", LOOK: "bad"},
        ),
        Column("Where to look", width=24),
    )
    rows: list[Contents] = [
        {
            "Check": check.code,
            "What must hold": check.what,
            "Problems": Formula(check.formula, _problems(check)),
            "Where to look": Cell(check.sheet, link=check.sheet),
        }
        for check in checks(evidence, others)
    ]
    return Sheet(
        "Checks",
        "Checks of the workbook",
        "What the workbook watches in the evidence and in what is typed",
        "Reference",
        Table("Checks", "Check", columns, rows),
        (Line("Every check is worked out again whenever a figure changes."),),
    )


def _problems(check: Check) -> Callable[[Row, Book], float]:
    return lambda _, book: check.problems(book)


STATE = Formula(
    f'IF(COUNTIF(Checks[Result],"{PASS}")=ROWS(Checks[Result]),'
    '"All "&ROWS(Checks[Result])&" checks pass",'
    f'ROWS(Checks[Result])-COUNTIF(Checks[Result],"{PASS}")&" of "&ROWS(Checks[Result])'
    '&" checks need a look: see the sheet Checks")',
    lambda _, book: state(book),
)


def state(book: Book) -> str:
    """The state of all checks in one phrase."""
    results = book.column("Checks", "Result")
    failing = sum(result != PASS for result in results)
    if not failing:
        return f"All {len(results)} checks pass"
    return f"{failing} of {len(results)} checks need a look: see the sheet Checks"


def checks(evidence: Evidence, sheets: Sequence[Sheet]) -> list[Check]:
    """Every check, evidence first, then what officers type."""
    return [
        *_on_survey(evidence),
        *_on_settings(),
        *checks_of_input.on_money(),
        *checks_of_own.on_market(),
        *checks_of_own.on_settings(),
        *checks_of_input.on_tracker(),
        *(_nothing_below(sheet) for sheet in sheets if sheet.grows),
    ]


def _count_equal(table: str, heading: str, wanted: str) -> Callable[[Book], float]:
    return lambda book: sum(value == wanted for value in book.column(table, heading))


def _on_survey(evidence: Evidence) -> list[Check]:
    asked = [question for question in evidence.questions if question.kind != "outlook"]
    single = [each for each in asked if each.kind == "single" and each.answered is not None]
    found = [
        Check(
            f"Percentages {question.question}",
            f"Each printed percentage of question {question.question} follows from its count",
            question.sheet,
            f'COUNTIF({question.sheet}[Check],"{DIFFERS}")',
            _count_equal(question.sheet, "Check", DIFFERS),
        )
        for question in asked
    ]
    found += [
        Check(
            f"Counts {question.question}",
            f"The counts of question {question.question} add up to the councils that answered",
            question.sheet,
            # Not SUMIF, to which the texts 1.1 and 1.10 are the same number.
            f"ABS(SUM({question.sheet}[Count])-N(INDEX(Survey[Answered],"
            f'MATCH("{question.question}",Survey[Question],0))))',
            _sums_to_answered(question.sheet, question.question),
        )
        for question in single
    ]
    found += [
        Check(
            "Respondents",
            "Answered and skipped add up to the same number in every question",
            "Survey",
            "MAX(Survey[Respondents])-MIN(Survey[Respondents])",
            lambda book: _spread(book.numbers("Survey", "Respondents")),
        ),
        Check(
            "Claims",
            "Every published claim is reproduced",
            "Claims",
            f'COUNTIF(Claims[Verdict],"{claims.FAILS}")',
            _count_equal("Claims", "Verdict", claims.FAILS),
        ),
    ]
    return found


def _sums_to_answered(table: str, question: str) -> Callable[[Book], float]:
    def problems(book: Book) -> float:
        total = sum(book.numbers(table, "Count"))
        return abs(total - number_or_zero(book.find("Survey", question)["Answered"]))

    return problems


def _spread(numbers: list[float]) -> float:
    return max(numbers, default=0) - min(numbers, default=0)


def _named(name: str, wrong: Callable[[Value], bool]) -> Callable[[Book], float]:
    return lambda book: float(wrong(book.named(name)))


def _outside(low: float, high: float) -> Callable[[Value], bool]:
    return lambda value: not is_number(value) or not low <= value <= high


def _population_below_base(book: Book) -> float:
    population = book.named("Population")
    if not is_number(population):
        return 1
    return float(population < max(book.numbers("Survey", "Published base"), default=0))


def _on_settings() -> list[Check]:
    return [
        Check(
            "As at",
            "The As at date is a date",
            "Settings",
            f"IF({AS_AT_IS_A_DAY},0,1)",
            lambda book: float(as_at(book) is None),
        ),
        Check(
            "Confidence",
            "The confidence is between 50% and 99.9%",
            "Settings",
            "IF(ISNUMBER(Confidence),IF(AND(Confidence>=0.5,Confidence<=0.999),0,1),1)",
            _named("Confidence", _outside(0.5, 0.999)),
        ),
        Check(
            "Number of councils",
            "The number of councils is not below the largest base of the survey",
            "Settings",
            "IF(ISNUMBER(Population),IF(Population>=MAX(Survey[Published base]),0,1),1)",
            _population_below_base,
        ),
        Check(
            "Days of warning",
            "The days of warning are a number from 0 to 1,000",
            "Settings",
            "IF(ISNUMBER(WarningDays),IF(AND(WarningDays>=0,WarningDays<=1000),0,1),1)",
            _named("WarningDays", _outside(0, 1000)),
        ),
        Check(
            "Share recommissioned",
            "The share that might be recommissioned is between 0% and 100%",
            "Settings",
            "IF(ISNUMBER(Recommissioned),IF(AND(Recommissioned>=0,Recommissioned<=1),0,1),1)",
            _named("Recommissioned", _outside(0, 1)),
        ),
    ]


def _nothing_below(sheet: Sheet) -> Check:
    """A row typed below a table is no part of it; some programs do not take it in by themselves."""
    table, column = sheet.table, f"{quoted(sheet.name)}!$A:$A"
    heading = table.columns[0].heading
    headings = f"MATCH({table.name}[[#Headers],[{heading}]],{column},0)"
    # A row of totals is part of [#All]; ROW of a table's cells is not known to every program.
    next_row = f"{headings}+ROWS({table.name}[[#All],[{heading}]])"
    below = f"INDEX({column},{next_row}):INDEX({column},ROWS({column}))"
    return Check(
        f"Below {sheet.name}",
        f"Nothing stands below the table of {sheet.name}, where no formula would see it",
        sheet.name,
        f"IF(ISNUMBER({headings}),COUNTA({below}),0)",
        lambda book: book.below.get(table.name, 0),
    )
