"""The sheets on money: the nation's, the council's own, and the one beside the other."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import expenditure
from commissioning.workbook.book import is_text, number
from commissioning.workbook.grid import (
    BILLIONS,
    MILLIONS,
    SHARE,
    WHOLE,
    Cell,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.lines import SPEND, YEAR
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

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

#: What stands in place of a figure that cannot be worked out.
NO_FIGURES = "No figures yet"
NO_PROCUREMENT = "No procurement"
CHECK_AMOUNTS = "Check amounts"

_OF_ROW = ",".join(f"[@{heading}]" for heading in AMOUNTS)
_TEXT_IN_ROW = ",".join(f"ISTEXT([@{heading}])" for heading in AMOUNTS)

_NATIONAL_NAMES = {
    "procurement": "NationalProcurement",
    "contractors": "NationalContractors",
    "employees": "NationalEmployees",
    "non-external": "NationalNonExternal",
    "contractors-share": "NationalContractorsShare",
}
_COUNCIL_NAMES = {
    "procurement": "CouncilProcurement",
    "contractors": "CouncilContractors",
    "employees": "CouncilEmployees",
    "non-external": "CouncilNonExternal",
    "contractors-share": "CouncilContractorsShare",
}


def _of_names(function: Callable[..., float], *names: str) -> Callable[[Row, Book], float]:
    """A function of the cells with the given names."""

    def value(_: Row, book: Book) -> float:
        return function(*(number(book.named(name)) for name in names))

    return value


def national(evidence: Evidence) -> Sheet:
    """The national components as printed, and what they come to."""
    columns = (
        Column("Item", width=18),
        Column("Measure", width=52),
        Column("Amount", BILLIONS, 12),
        Column("Unit", width=9),
        Column("Taken as", width=14),
        Column("Year", width=10),
        Column("Source table", width=12),
        Column("Page", WHOLE, 8),
        Column("Supports", width=20),
        WHERE,
    )
    printed = {claim.claim: claim.printed for claim in evidence.claims}
    components: list[Contents] = [
        {
            "Item": component.item,
            "Measure": component.label,
            "Amount": component.amount,
            "Unit": component.unit,
            "Taken as": "Added" if component.sign > 0 else "Taken off",
            "Year": component.year,
            "Source table": component.source_table,
            "Page": component.page,
            "Supports": printed[component.supports],
            "Where in the source": component.where,
        }
        for component in evidence.expenditure
    ]
    total = Formula(
        "NationalProcurement-NationalContractors+NationalEmployees",
        _of_names(
            expenditure.non_external,
            "NationalProcurement",
            "NationalContractors",
            "NationalEmployees",
        ),
        "LOCALIS_EXPENDITURE([@Item])",
    )
    share = Formula(
        "NationalContractors/NationalProcurement",
        _of_names(expenditure.contractors_share, "NationalProcurement", "NationalContractors"),
        "LOCALIS_EXPENDITURE([@Item])",
    )
    year, where = evidence.expenditure[0].year, evidence.expenditure[0].where
    worked_out: Contents = {"Taken as": "Worked out", "Year": year, "Source table": "None"}
    results: list[Contents] = [
        {
            **worked_out,
            "Item": "non-external",
            "Measure": "Total non-external expenditure",
            "Amount": total,
            "Unit": "£bn",
            "Page": "None",
            "Supports": printed[evidence.expenditure[0].supports],
            "Where in the source": where,
        },
        {
            **worked_out,
            "Item": "contractors-share",
            "Measure": "Share of procurement that external contractors deliver",
            "Amount": Cell(share, SHARE),
            "Unit": "Share",
            "Page": "None",
            "Supports": "None",
            "Where in the source": "Not in the source",
        },
    ]
    return Sheet(
        "National expenditure",
        "Total non-external local government expenditure",
        "The report's calculation of about £65bn, from its three components",
        "Evidence",
        Table(
            "National",
            "Item",
            columns,
            components + results,
            names={name: (item, "Amount") for item, name in _NATIONAL_NAMES.items()},
        ),
        (
            Line(
                "Procurement, less what external contractors already deliver, plus other local "
                f"government employees {marker(evidence, 'non-external')}."
            ),
        ),
        parts=("expenditure",),
    )


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
    for value in book.column("Spend", SPEND):
        number(value)
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


def _column_total(heading: str) -> Formula:
    """The sum of a column of the council's figures, once there are some and all are sound."""

    def value(_: Row, book: Book) -> Value:
        if CHECK_AMOUNTS in book.column("CouncilExpenditure", NON_EXTERNAL):
            return CHECK_AMOUNTS
        if not book.count("CouncilExpenditure", heading):
            return NO_FIGURES
        return sum(book.numbers("CouncilExpenditure", heading))

    column = f"CouncilExpenditure[{heading}]"
    return Formula(
        f'IF(COUNTIF(CouncilExpenditure[{NON_EXTERNAL}],"{CHECK_AMOUNTS}")>0,"{CHECK_AMOUNTS}",'
        f'IF(COUNT({column})=0,"{NO_FIGURES}",SUM({column})))',
        value,
    )


def _council_share(_: Row, book: Book) -> Value:
    procurement, contractors = (
        book.named(name) for name in ("CouncilProcurement", "CouncilContractors")
    )
    if not is_number(procurement):
        return procurement
    if not procurement:
        return NO_PROCUREMENT
    if not is_number(contractors):
        return contractors
    return expenditure.contractors_share(procurement, contractors)


def results(evidence: Evidence) -> Sheet:
    """The council's totals beside the nation's."""
    year = evidence.expenditure[0].year
    columns = (
        Column("Item", width=18),
        Column("Measure", width=52),
        Column("Council", MILLIONS, 16),
        Column("Council unit", width=12),
        Column("National", BILLIONS, 14),
        Column("National unit", width=16),
    )
    formulas: dict[str, tuple[str, Formula]] = {
        "procurement": ("Total procurement", _column_total(PROCUREMENT)),
        "contractors": ("Delivered through external contractors", _column_total(CONTRACTORS)),
        "employees": ("Other employees", _column_total(EMPLOYEES)),
        "non-external": ("Total non-external expenditure", _column_total(NON_EXTERNAL)),
        "contractors-share": (
            "Share of procurement that external contractors deliver",
            Formula(
                f'IF(ISNUMBER(CouncilProcurement),IF(CouncilProcurement=0,"{NO_PROCUREMENT}",'
                "IF(ISNUMBER(CouncilContractors),CouncilContractors/CouncilProcurement,"
                "CouncilContractors)),CouncilProcurement)",
                _council_share,
            ),
        ),
    }
    rows: list[Contents] = []
    for item, (measure, formula) in formulas.items():
        name, is_share = _NATIONAL_NAMES[item], item.endswith("share")
        rows.append(
            {
                "Item": item,
                "Measure": measure,
                "Council": Cell(formula, SHARE if is_share else MILLIONS),
                "Council unit": "Share" if is_share else "£m",
                "National": Cell(_same_as(name), SHARE if is_share else BILLIONS),
                "National unit": f"{'Share' if is_share else '£bn'}, {year}",
            }
        )
    return Sheet(
        "Council results",
        "The council beside the nation",
        "Totals of the council's own figures, with the published national ones of their own year",
        "Council",
        Table(
            "Results",
            "Item",
            columns,
            rows,
            names={name: (item, "Council") for item, name in _COUNCIL_NAMES.items()},
        ),
        (
            Line(
                Formula(
                    'Council&", "&FinancialYear&": totals of the sheet Council expenditure."',
                    lambda _, book: (
                        f"{book.named_text('Council')}, {book.named_text('FinancialYear')}: "
                        "totals of the sheet Council expenditure."
                    ),
                )
            ),
        ),
        parts=("expenditure",),
    )


def _same_as(name: str) -> Formula:
    """The value of the cell with the given name."""
    return Formula(name, lambda _, book: book.named(name), "LOCALIS_EXPENDITURE([@Item])")
