"""The sheet of checks: what the workbook watches in itself and in what is typed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from commissioning.cells import Value, is_number
from commissioning.evidence import claims
from commissioning.workbook.grid import WHOLE, Cell, Column, Formula, Line, Sheet, Table, quoted
from commissioning.workbook.layout import money
from commissioning.workbook.layout.survey import DIFFERS
from commissioning.workbook.layout.tracker import (
    AS_AT_IS_A_DAY,
    DATES,
    DUE,
    PERCENT,
    START,
    STATUS,
    as_at,
    standing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

PASS, LOOK = "Pass", "Look"

#: Three shares typed to a tenth of a percent may miss 100% by less than this.
_ROUNDING = 0.002


class Check(NamedTuple):
    """One check: how many problems a native formula and its Python twin count."""

    code: str
    what: str
    sheet: str
    formula: str
    problems: Callable[[Book], float]


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
                lambda row, _: LOOK if row.number("Problems") else PASS,
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
        *_on_settings(evidence),
        *_on_money(),
        *_on_tracker(),
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
        answered = book.find("Survey", question)["Answered"]
        total = sum(book.numbers(table, "Count"))
        return abs(total - (answered if is_number(answered) else 0))

    return problems


def _spread(numbers: list[float]) -> float:
    return max(numbers, default=0) - min(numbers, default=0)


def _named(name: str, wrong: Callable[[Value], bool]) -> Callable[[Book], float]:
    return lambda book: float(wrong(book.named(name)))


def _outside(low: float, high: float) -> Callable[[Value], bool]:
    return lambda value: not is_number(value) or not low <= value <= high


def _on_settings(evidence: Evidence) -> list[Check]:
    base = max(question.published_base for question in evidence.questions)
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
            _named("Population", _outside(base, float("inf"))),
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


def _own_column(heading: str) -> str:
    return f"CouncilExpenditure[{heading}]"


def _on_money() -> list[Check]:
    amounts = [_own_column(heading) for heading in money.AMOUNTS]
    procurement, contractors, _ = amounts
    filled = "(" + "+".join(f"ISNUMBER({amount})" for amount in amounts) + ")"
    return [
        Check(
            "Amounts are numbers",
            "The council's own amounts are numbers, not text",
            "Council expenditure",
            "+".join(f"SUMPRODUCT(--ISTEXT({amount}))" for amount in amounts),
            lambda book: sum(
                isinstance(value, str)
                for heading in money.AMOUNTS
                for value in book.column("CouncilExpenditure", heading)
            ),
        ),
        Check(
            "Amounts not negative",
            "None of the council's own amounts is negative",
            "Council expenditure",
            "+".join(f'COUNTIF({amount},"<0")' for amount in amounts),
            lambda book: sum(
                value < 0
                for heading in money.AMOUNTS
                for value in book.numbers("CouncilExpenditure", heading)
            ),
        ),
        Check(
            "Amounts complete",
            "An area with an amount has all three; type 0 where there is none",
            "Council expenditure",
            f"SUMPRODUCT(({filled}>0)*({filled}<{len(amounts)}))",
            _rows_incomplete,
        ),
        Check(
            "Amounts in £m",
            f"No amount is above {money.HIGHEST_AMOUNT:,}: amounts are in £m",
            "Council expenditure",
            "+".join(f'COUNTIF({amount},">{money.HIGHEST_AMOUNT}")' for amount in amounts),
            lambda book: sum(
                value > money.HIGHEST_AMOUNT
                for heading in money.AMOUNTS
                for value in book.numbers("CouncilExpenditure", heading)
            ),
        ),
        Check(
            "Contractors",
            "External contractors are part of procurement, so never more than it",
            "Council expenditure",
            f"SUMPRODUCT(ISNUMBER({contractors})*NOT(ISTEXT({procurement}))"
            f"*({contractors}>{procurement}))",
            _contractors_above_procurement,
        ),
        Check(
            "Own division",
            "The shares of an own division of the scenario are numbers and add up to 100%",
            "Scenario",
            "SUMPRODUCT(--ISTEXT(Scenario[Own division input]))"
            "+IF(COUNT(Scenario[Own division input])=0,0,"
            f"IF(ABS(SUM(Scenario[Own division input])-1)<{_ROUNDING},0,1))",
            _own_division_off,
        ),
    ]


def _contractors_above_procurement(book: Book) -> float:
    found = 0
    for row in book.rows("CouncilExpenditure"):
        contractors, procurement = row[money.CONTRACTORS], row[money.PROCUREMENT]
        if is_number(contractors) and not isinstance(procurement, str):
            found += contractors > row.number(money.PROCUREMENT)
    return found


def _own_division_off(book: Book) -> float:
    own = book.numbers("Scenario", "Own division input")
    texts = sum(isinstance(each, str) for each in book.column("Scenario", "Own division input"))
    return texts + (bool(own) and abs(sum(own) - 1) >= _ROUNDING)


def _rows_incomplete(book: Book) -> float:
    filled = [
        sum(is_number(row[heading]) for heading in money.AMOUNTS)
        for row in book.rows("CouncilExpenditure")
    ]
    return sum(0 < each < len(money.AMOUNTS) for each in filled)


def _nothing_below(sheet: Sheet) -> Check:
    """A row typed below a table is no part of it; some programs do not take it in by themselves."""
    table, cells = sheet.table, f"{quoted(sheet.name)}!$A"
    return Check(
        f"Below {sheet.name}",
        f"Nothing stands below the table of {sheet.name}, where no formula would see it",
        sheet.name,
        f"MAX(0,COUNTA({cells}:$A)-COUNTA({cells}$1:$A${sheet.header_row})"
        f"-COUNTA({table.name}[{table.columns[0].heading}]))",
        lambda book: book.below.get(table.name, 0),
    )


def _on_tracker() -> list[Check]:
    status, ids = f"Actions[{STATUS}]", "Actions[Action id]"
    start, due, percent = f"Actions[{START}]", f"Actions[{DUE}]", f"Actions[{PERCENT}]"
    return [
        Check(
            "Action ids",
            "Every action has an id, and no two have the same",
            "Actions",
            f"SUMPRODUCT(--(COUNTIF({ids},{ids})<>1))",
            _ids_not_single,
        ),
        Check(
            "Recommendations",
            "Every action belongs to one of the recommendations",
            "Actions",
            "SUMPRODUCT(--(COUNTIF(Recommendations[Recommendation],Actions[Recommendation])=0))",
            _unknown_recommendations,
        ),
        Check(
            "Statuses",
            "Every action has one of the statuses of the list",
            "Actions",
            f"SUMPRODUCT(--(COUNTIF(Statuses[Status],{status})=0))",
            lambda book: sum(
                str(value or "").casefold() not in standing(book)
                for value in book.column("Actions", STATUS)
            ),
        ),
        Check(
            "Percentages complete",
            "Every percentage complete is a number from 0% to 100%",
            "Actions",
            f'SUMPRODUCT(--ISTEXT({percent}))+COUNTIF({percent},"<0")+COUNTIF({percent},">1")',
            lambda book: sum(
                isinstance(value, str) or (is_number(value) and not 0 <= value <= 1)
                for value in book.column("Actions", PERCENT)
            ),
        ),
        Check(
            "Dates",
            "Every date is a date, not text",
            "Actions",
            "+".join(f"SUMPRODUCT(--ISTEXT(Actions[{heading}]))" for heading in DATES),
            lambda book: sum(
                isinstance(value, str)
                for heading in DATES
                for value in book.column("Actions", heading)
            ),
        ),
        Check(
            "Order of dates",
            "No action is due before it starts",
            "Actions",
            f"SUMPRODUCT(ISNUMBER({start})*ISNUMBER({due})*({due}<{start}))",
            _due_before_start,
        ),
        Check(
            "Status and percentage",
            "No action is complete with less than 100%, or not started with more than 0%",
            "Actions",
            f'COUNTIFS({status},"Complete",{percent},"<1")'
            f'+COUNTIFS({status},"Not started",{percent},">0")',
            lambda book: sum(map(_status_contradicts, book.rows("Actions"))),
        ),
    ]


def _status_contradicts(row: Row) -> bool:
    status, percent = str(row[STATUS]).casefold(), row[PERCENT]
    if not is_number(percent):
        return False
    return (status == "complete" and percent < 1) or (status == "not started" and percent > 0)


def _ids_not_single(book: Book) -> float:
    ids = [str(value or "").casefold() for value in book.column("Actions", "Action id")]
    counts = Counter(ids)
    return sum(not each or counts[each] != 1 for each in ids)


def _unknown_recommendations(book: Book) -> float:
    known = set(book.column("Recommendations", "Recommendation"))
    return sum(value not in known for value in book.column("Actions", "Recommendation"))


def _due_before_start(book: Book) -> float:
    return sum(
        not isinstance(row[START], str)
        and not isinstance(row[DUE], str)
        and None not in (row[START], row[DUE])
        and row.number(DUE) < row.number(START)
        for row in book.rows("Actions")
    )
