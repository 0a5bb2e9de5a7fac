"""The council's own expenditure by service area: what the officer types, and what follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.spend.service_areas import AREAS as SERVICE_AREAS
from commissioning.evidence import expenditure
from commissioning.workbook.book import is_text, number_or_zero, sound
from commissioning.workbook.grid import MILLIONS, SHARE, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.lines import FIRST_YEAR, YEAR, first_year
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.service_areas import AREA as OF_SERVICE
from commissioning.workbook.layout.service_areas import AREAS
from commissioning.workbook.layout.service_areas import COUNCIL_AREA as AREA
from commissioning.workbook.layout.services import BOUGHT as PAID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row

PROCUREMENT = "Procurement £m input"
CONTRACTORS = "External contractors £m input"
EMPLOYEES = "Other employees £m input"
AMOUNTS = (PROCUREMENT, CONTRACTORS, EMPLOYEES)
_PROMPTS = {
    PROCUREMENT: "All spending on goods, works and services bought from others, in £m.",
    CONTRACTORS: "The part of procurement paid to those who deliver a service already, in £m.",
    EMPLOYEES: "Pay of staff whose work is not counted in procurement, in £m.",
}

#: An amount above this, in £m, has been typed in pounds or thousands.
HIGHEST_AMOUNT = 10_000
NON_EXTERNAL = "Non-external £m"

#: What imported payments to those whom the council buys from come to, in its financial year.
BOUGHT = "Bought £m"

#: Procurement as it is counted: as typed, else as bought once the year is complete.
COUNTED = "Procurement £m"

#: Months of a financial year, of which payments have to be there before they are taken for it.
MONTHS = 12

#: What stands in place of a figure where a text was typed for an amount.
CHECK_AMOUNTS = "Check amounts"

#: What non-external expenditure is worked out from.
PARTS = (COUNTED, CONTRACTORS, EMPLOYEES)

_OF_ROW = ",".join(f"[@{heading}]" for heading in PARTS)
_TEXT_IN_ROW = ",".join(f"ISTEXT([@{heading}])" for heading in AMOUNTS)


def _counted(row: Row, book: Book) -> Value:
    typed = sound(row[PROCUREMENT])
    if typed is not None and typed != "":
        return typed
    complete = sound(book.named("PaymentMonths")) == MONTHS
    others = all(is_number(row[heading]) for heading in (CONTRACTORS, EMPLOYEES))
    return row[BOUGHT] if complete and others and is_number(row[BOUGHT]) else ""


def _row_non_external(row: Row, _: Book) -> float | str:
    if any(is_text(row[name]) for name in AMOUNTS):
        return CHECK_AMOUNTS
    amounts = [row[name] for name in PARTS]
    if not any(map(is_number, amounts)):
        return ""
    return expenditure.non_external(*map(number_or_zero, amounts))


def _row_contractors_share(row: Row, _: Book) -> float | str:
    if not is_number(row[NON_EXTERNAL]) or not number_or_zero(row[COUNTED]):
        return ""
    return expenditure.contractors_share(row.number(COUNTED), row.number(CONTRACTORS))


def _row_part(row: Row, book: Book) -> float | str:
    total, own = book.named("CouncilNonExternal"), row[NON_EXTERNAL]
    if not is_number(total) or not is_number(own) or not total:
        return ""
    return own / total


#: The services of the row's area in the council's financial year.
_SERVICES = f"(Services[{OF_SERVICE}]=[@{AREA}])*(Services[{YEAR}]={FIRST_YEAR})"


def _bought(row: Row, book: Book) -> Value:
    area = sound(row[AREA])
    if area is None or area == "":
        return ""
    services = services_in(book, area)
    return bought(services, book) if services else ""


def services_in(book: Book, area: Value) -> Sequence[Row]:
    """The services of an area in the council's financial year.

    Raises:
        ErrorFoundError: the area or the year of any service is an error value.
    """
    for heading in (OF_SERVICE, YEAR):
        book.free_of_errors("Services", heading)
    return book.matching("Services", {OF_SERVICE: area, YEAR: first_year(book)})


def bought(services: Sequence[Row], book: Book) -> float:
    """What was bought in some services, in £m, by arithmetic over all of them.

    Raises:
        TypeError: what was bought in any service is a text that is no number.
        ErrorFoundError: it is an error value.
    """
    book.arithmetic("Services", PAID)
    return math.fsum(service.number(PAID) for service in services) / 1_000_000


def council(evidence: Evidence) -> Sheet:
    """The council's own expenditure by service area: inputs, and results of each row."""
    columns = (
        Column(AREA, width=30, input=True, prompt="Change or add areas as needed."),
        *(
            Column(
                heading,
                MILLIONS,
                16,
                input=True,
                limits=(0, HIGHEST_AMOUNT),
                prompt=prompt,
            )
            for heading, prompt in _PROMPTS.items()
        ),
        Column("Source and date input", width=34, input=True, prompt="Where the figures are from."),
        Column(
            BOUGHT,
            MILLIONS,
            12,
            Formula(
                f'IF([@{AREA}]="","",IF(SUMPRODUCT({_SERVICES})=0,"",'
                f"SUMPRODUCT({_SERVICES}*Services[{PAID}])/1000000))",
                _bought,
            ),
        ),
        Column(
            COUNTED,
            MILLIONS,
            14,
            Formula(
                f'IF([@{PROCUREMENT}]="",IF(AND(PaymentMonths={MONTHS},'
                f"COUNT([@{CONTRACTORS}],[@{EMPLOYEES}])=2,ISNUMBER([@{BOUGHT}])),"
                f'[@{BOUGHT}],""),[@{PROCUREMENT}])',
                _counted,
            ),
        ),
        Column(
            NON_EXTERNAL,
            MILLIONS,
            14,
            Formula(
                f'IF(OR({_TEXT_IN_ROW}),"{CHECK_AMOUNTS}",'
                f'IF(COUNT({_OF_ROW})=0,"",'
                f"N([@{COUNTED}])-[@{CONTRACTORS}]+[@{EMPLOYEES}]))",
                _row_non_external,
                "LOCALIS_NONEXTERNAL(" + _OF_ROW + ")",
            ),
        ),
        Column(
            "Share of procurement by contractors",
            SHARE,
            15,
            Formula(
                f'IF(ISNUMBER([@{NON_EXTERNAL}]),IF(N([@{COUNTED}])=0,"",'
                f'[@{CONTRACTORS}]/[@{COUNTED}]),"")',
                _row_contractors_share,
            ),
        ),
        Column(
            "Share of all non-external",
            SHARE,
            15,
            Formula(
                f"IF(AND(ISNUMBER(CouncilNonExternal),ISNUMBER([@{NON_EXTERNAL}])),"
                f'IF(CouncilNonExternal=0,"",[@{NON_EXTERNAL}]/CouncilNonExternal),"")',
                _row_part,
            ),
        ),
    )
    return Sheet(
        "Council expenditure",
        "The council's own expenditure by service area",
        "Type the council's own figures here; the national calculation is worked out on them",
        "Council",
        Table(
            "CouncilExpenditure",
            AREA,
            columns,
            [{AREA: area} for area in SERVICE_AREAS],
            lists={AREAS: AREA},
        ),
        (
            Line(
                "Type into the columns headed input, in £m, and 0 where there is none: all three "
                f"amounts of an area, or none of them {marker(evidence, 'council')}."
            ),
            Line(
                "For another service area, change a name or insert a row inside the table. A "
                "result stays empty until amounts are typed."
            ),
            Line(
                "Bought £m is what imported payments of the financial year come to. It stands for "
                "Procurement left empty, once they cover all twelve months and the other two "
                "amounts are typed."
            ),
            Line(
                "Which area each service counts in is decided on Service areas.",
                link="Service areas",
            ),
            Line("Results for the whole council are on Council results.", link="Council results"),
        ),
        task="Type figures",
        grows=True,
        parts=("expenditure",),
    )
