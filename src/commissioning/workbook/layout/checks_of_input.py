"""The checks of what officers type: their council's money, and the tracker."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from commissioning.cells import is_number
from commissioning.workbook.book import is_equal, is_text, number, sound, trimmed
from commissioning.workbook.grid import Check
from commissioning.workbook.layout import council
from commissioning.workbook.layout.lines import FIRST_YEAR, YEAR
from commissioning.workbook.layout.service_areas import AREA, AREAS, COUNCIL_AREA, DECISION
from commissioning.workbook.layout.services import BOUGHT
from commissioning.workbook.layout.tracker import DATES, DUE, PERCENT, START, STATUS, standing

if TYPE_CHECKING:
    from commissioning.workbook.book import Book, Row

#: Three shares typed to a tenth of a percent may miss 100% by less than this.
_ROUNDING = 0.002


def _own_column(heading: str) -> str:
    return f"CouncilExpenditure[{heading}]"


def on_money() -> list[Check]:
    """The checks of the council's own amounts and of the scenario."""
    amounts = [_own_column(heading) for heading in council.AMOUNTS]
    counted = [_own_column(heading) for heading in council.PARTS]
    procurement, contractors, _ = counted
    filled = "(" + "+".join(f"ISNUMBER({amount})" for amount in counted) + ")"
    return [
        Check(
            "Amounts are numbers",
            "The council's own amounts are numbers, not text",
            "Council expenditure",
            "+".join(f"SUMPRODUCT(--ISTEXT({amount}))" for amount in amounts),
            lambda book: sum(
                is_text(value)
                for heading in council.AMOUNTS
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
                for heading in council.AMOUNTS
                for value in book.only_numbers("CouncilExpenditure", heading)
            ),
        ),
        Check(
            "Amounts complete",
            "An area with an amount has all three; type 0 where there is none",
            "Council expenditure",
            f"SUMPRODUCT(({filled}>0)*({filled}<{len(counted)}))",
            _rows_incomplete,
        ),
        Check(
            "Amounts in £m",
            f"No amount is above {council.HIGHEST_AMOUNT:,}: amounts are in £m",
            "Council expenditure",
            "+".join(f'COUNTIF({amount},">{council.HIGHEST_AMOUNT}")' for amount in amounts),
            lambda book: sum(
                value > council.HIGHEST_AMOUNT
                for heading in council.AMOUNTS
                for value in book.only_numbers("CouncilExpenditure", heading)
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
            "Service areas",
            "Every service area that was decided on is one of Council expenditure",
            "Service areas",
            f'SUMPRODUCT((ServiceAreas[{DECISION}]<>"")'
            f"*ISNA(MATCH(TRIM(ServiceAreas[{DECISION}]),{AREAS},0)))",
            _unknown_areas,
        ),
        Check(
            "Services in an area",
            "Every service bought in the financial year belongs to an area of Council expenditure",
            "Service areas",
            f'SUMPRODUCT((Services[{AREA}]="")*(Services[{YEAR}]={FIRST_YEAR})'
            f"*(Services[{BOUGHT}]<>0))",
            _services_without_area,
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
        contractors, procurement = (
            sound(row[heading]) for heading in (council.CONTRACTORS, council.COUNTED)
        )
        if is_number(contractors) and not is_text(procurement):
            found += contractors > number(procurement)
    return found


def _own_division_off(book: Book) -> float:
    texts = sum(map(is_text, book.column("Scenario", "Own division input")))
    if not book.count("Scenario", "Own division input"):
        return texts
    own = sum(book.numbers("Scenario", "Own division input"))
    return texts + (abs(own - 1) >= _ROUNDING)


def _rows_incomplete(book: Book) -> float:
    filled = [
        sum(is_number(row[heading]) for heading in council.PARTS)
        for row in book.rows("CouncilExpenditure")
    ]
    return sum(0 < each < len(council.PARTS) for each in filled)


def _unknown_areas(book: Book) -> float:
    known = {str(area or "").casefold() for area in book.column("CouncilExpenditure", COUNCIL_AREA)}
    decided = [row.text(DECISION) for row in book.rows("ServiceAreas")]
    return sum(bool(text) and trimmed(text).casefold() not in known for text in decided)


def _services_without_area(book: Book) -> float:
    book.free_of_errors("Services", BOUGHT)
    return sum(row[BOUGHT] not in {0, None} for row in council.services_in(book, ""))


def on_tracker() -> list[Check]:
    """The checks of the tracker."""
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
            f"SUMPRODUCT(1-ISNUMBER(MATCH({status},Statuses[Status],0)))",
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
                is_text(value) or (is_number(value) and not 0 <= value <= 1)
                for value in book.column("Actions", PERCENT)
            ),
        ),
        Check(
            "Dates",
            "Every date is a date, not text",
            "Actions",
            "+".join(f"SUMPRODUCT(--ISTEXT(Actions[{heading}]))" for heading in DATES),
            lambda book: sum(
                is_text(value) for heading in DATES for value in book.column("Actions", heading)
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
    known = book.column("Recommendations", "Recommendation")
    return sum(
        not any(is_equal(value, each) for each in known)
        for value in book.column("Actions", "Recommendation")
    )


def _due_before_start(book: Book) -> float:
    found = 0
    for row in book.rows("Actions"):
        start, due = sound(row[START]), sound(row[DUE])
        if None not in {start, due} and not is_text(start) and not is_text(due):
            found += number(due) < number(start)
    return found
