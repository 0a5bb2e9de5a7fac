"""In which months the council's own payments were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.workbook.book import summed
from commissioning.workbook.grid import (
    NUMBER,
    POUNDS,
    SHARE,
    WHOLE,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.lines import YEAR
from commissioning.workbook.layout.spend import FILLED_BY, PAID, PART, pounds

if TYPE_CHECKING:
    from commissioning.council.figures import Spend
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

TABLE = "MonthsPaid"

_OF_YEAR = f"SUMIFS({TABLE}[{PAID}],{TABLE}[{YEAR}],[@{YEAR}])"

#: The month in which a financial year begins.
_APRIL = 4


def _share(row: Row, book: Book) -> Value:
    if not is_number(row[PAID]) or not is_number(row[YEAR]):
        return ""
    total = summed(book.matching(TABLE, {YEAR: row[YEAR]}), PAID)
    return row.number(PAID) / total if total else ""


def payment_months(spend: Spend | None) -> Sheet:
    """How many payments were made in each month, and what they come to."""
    columns = (
        Column("Month", width=14),
        Column(YEAR, NUMBER, 16),
        Column("Payments", WHOLE, 14),
        Column(PAID, POUNDS, 18),
        Column(
            "Share of the year",
            SHARE,
            14,
            Formula(
                f"IF(AND(ISNUMBER([@{PAID}]),ISNUMBER([@{YEAR}])),"
                f'IF({_OF_YEAR}=0,"",[@{PAID}]/{_OF_YEAR}),"")',
                _share,
            ),
        ),
    )
    rows: list[Contents] = [
        {
            "Month": f"{each.month:%b %Y}",
            YEAR: each.month.year - (each.month.month < _APRIL),
            "Payments": each.payments,
            PAID: pounds(each.pence),
        }
        for each in reversed(spend.months if spend else ())
    ]
    return Sheet(
        "Payment months",
        "Months of the council's own payments",
        "What was paid in each month: one that is missing, or far too small, still lacks its file",
        "Council",
        Table(TABLE, "Month", columns, rows, retires={"Payments": 0, PAID: 0}),
        (
            Line("By the dates of all payments. Those without a date are in no month."),
            Line(FILLED_BY),
        ),
        parts=(PART,),
    )
