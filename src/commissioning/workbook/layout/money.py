"""The sheets on money: the nation's, and the council's beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import expenditure
from commissioning.workbook.book import number, summed
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
from commissioning.workbook.layout.council import (
    CHECK_AMOUNTS,
    CONTRACTORS,
    COUNTED,
    EMPLOYEES,
    MONTHS,
    NON_EXTERNAL,
    bought,
    services_in,
)
from commissioning.workbook.layout.lines import FIRST_YEAR, YEAR, first_year
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.payment_months import TABLE
from commissioning.workbook.layout.service_areas import AREA
from commissioning.workbook.layout.services import BOUGHT
from commissioning.workbook.layout.spend import PAID
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: The part of an average month's payments from which a month counts is one in so many.
_STRAY = 4

#: What stands in place of a figure that cannot be worked out.
NO_FIGURES = "No figures yet"
NO_PROCUREMENT = "No procurement"

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
    "payment-months": "PaymentMonths",
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


def _months_with_payments() -> Formula:
    """How many months of the council's financial year have payments.

    A month with less than a quarter of the average has none but stray ones: its file is missing.
    """

    def value(_: Row, book: Book) -> Value:
        rows = book.matching(TABLE, {YEAR: first_year(book)})
        least = max(0.01, summed(rows, PAID) / (MONTHS * _STRAY))
        return sum(is_number(row[PAID]) and row.number(PAID) >= least for row in rows)

    year, paid = f"{TABLE}[{YEAR}],{FIRST_YEAR}", f"{TABLE}[{PAID}]"
    return Formula(
        f'COUNTIFS({year},{paid},">="&MAX(0.01,SUMIFS({paid},{year})/{MONTHS * _STRAY}))', value
    )


def _without_area() -> Formula:
    """What was bought in the financial year in services that belong to no area, in £m."""
    return Formula(
        f'SUMPRODUCT((Services[{AREA}]="")*(Services[{YEAR}]={FIRST_YEAR})*Services[{BOUGHT}])'
        "/1000000",
        lambda _, book: bought(services_in(book, ""), book),
    )


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
        "procurement": ("Total procurement", _column_total(COUNTED)),
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
    for item, measure, formula, kind, unit in (
        (
            "payment-months",
            "Months of the financial year with imported payments",
            _months_with_payments(),
            WHOLE,
            "Months",
        ),
        (
            "without-area",
            "Bought in services that belong to no service area",
            _without_area(),
            MILLIONS,
            "£m",
        ),
    ):
        rows.append(
            {
                "Item": item,
                "Measure": measure,
                "Council": Cell(formula, kind),
                "Council unit": unit,
                "National": "None",
                "National unit": "None",
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
