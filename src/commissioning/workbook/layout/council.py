"""The council's own expenditure by service area: what the officer types, and what follows."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import expenditure
from commissioning.workbook.book import is_text, number
from commissioning.workbook.grid import MILLIONS, SHARE, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.lines import SPEND, YEAR
from commissioning.workbook.layout.notes import marker

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row

#: Service areas as councils report them to central government; the officer may change them.
SERVICES = (
    "Education",
    "Highways and transport",
    "Children's social care",
    "Adult social care",
    "Public health",
    "Housing",
    "Culture and leisure",
    "Environment and waste",
    "Planning and development",
    "Central services",
)

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

#: What imported payments come to, beside what the officer types.
PAYMENTS = "Payments £m"

#: What stands in place of a figure where a text was typed for an amount.
CHECK_AMOUNTS = "Check amounts"

_OF_ROW = ",".join(f"[@{heading}]" for heading in AMOUNTS)
_TEXT_IN_ROW = ",".join(f"ISTEXT([@{heading}])" for heading in AMOUNTS)


def _row_non_external(row: Row, _: Book) -> float | str:
    amounts = [row[name] for name in AMOUNTS]
    if any(map(is_text, amounts)):
        return CHECK_AMOUNTS
    if not any(map(is_number, amounts)):
        return ""
    return expenditure.non_external(*map(number, amounts))


def _row_contractors_share(row: Row, _: Book) -> float | str:
    if not is_number(row[NON_EXTERNAL]) or not row.number(PROCUREMENT):
        return ""
    return expenditure.contractors_share(row.number(PROCUREMENT), row.number(CONTRACTORS))


def _row_part(row: Row, book: Book) -> float | str:
    total, own = book.named("CouncilNonExternal"), row[NON_EXTERNAL]
    if not is_number(total) or not is_number(own) or not total:
        return ""
    return own / total


#: The spend lines of the row's service in the council's financial year.
_LINES = (
    "(Spend[Service]=[@Service area input])"
    f"*(Spend[{YEAR}]=IFERROR(VALUE(LEFT(FinancialYear,4)),0))"
)


def _payments(row: Row, book: Book) -> Value:
    area = row["Service area input"]
    if area is None or area == "":
        return ""
    for heading in ("Service", YEAR):
        book.free_of_errors("Spend", heading)
    year = re.match(r" *(\d{1,4})", book.named_text("FinancialYear")[:4])
    lines = book.matching("Spend", {"Service": area, YEAR: int(year[1]) if year else 0})
    if not lines:
        return ""
    # Arithmetic over the column, which fails where it holds a text.
    book.arithmetic("Spend", SPEND)
    return math.fsum(line.number(SPEND) for line in lines) / 1_000_000


def council(evidence: Evidence) -> Sheet:
    """The council's own expenditure by service area: inputs, and results of each row."""
    columns = (
        Column("Service area input", width=30, input=True, prompt="Change or add areas as needed."),
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
            PAYMENTS,
            MILLIONS,
            13,
            Formula(
                'IF([@Service area input]="","",IF(SUMPRODUCT('
                f'{_LINES})=0,"",SUMPRODUCT({_LINES}*Spend[{SPEND}])/1000000))',
                _payments,
            ),
        ),
        Column(
            NON_EXTERNAL,
            MILLIONS,
            14,
            Formula(
                f'IF(OR({_TEXT_IN_ROW}),"{CHECK_AMOUNTS}",'
                f'IF(COUNT({_OF_ROW})=0,"",'
                f"[@{PROCUREMENT}]-[@{CONTRACTORS}]+[@{EMPLOYEES}]))",
                _row_non_external,
                "LOCALIS_NONEXTERNAL(" + _OF_ROW + ")",
            ),
        ),
        Column(
            "Share of procurement by contractors",
            SHARE,
            15,
            Formula(
                f'IF(ISNUMBER([@{NON_EXTERNAL}]),IF([@{PROCUREMENT}]=0,"",'
                f'[@{CONTRACTORS}]/[@{PROCUREMENT}]),"")',
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
            "Service area input",
            columns,
            [{"Service area input": service} for service in SERVICES],
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
                "Payments £m is what imported payments come to for a service of the same name in "
                "the financial year: a start for Procurement, once the year is complete."
            ),
            Line("Results for the whole council are on Council results.", link="Council results"),
        ),
        task="Type figures",
        grows=True,
        parts=("expenditure",),
    )
