"""The sheets on money: the nation's, and the council's beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import expenditure
from commissioning.workbook.book import number
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
    EMPLOYEES,
    NON_EXTERNAL,
    PROCUREMENT,
)
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

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
