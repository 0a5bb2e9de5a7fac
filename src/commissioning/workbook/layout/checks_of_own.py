"""The checks of the council's own figures: what was imported, and what was decided on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import is_number
from commissioning.council.suppliers import types
from commissioning.workbook.book import sound
from commissioning.workbook.grid import Check
from commissioning.workbook.layout.lines import SPEND
from commissioning.workbook.layout.spend import KEY, PAID, TYPE, TYPES

if TYPE_CHECKING:
    from commissioning.workbook.book import Book

#: Years that the market can be shown for.
_YEARS = (1990, 2100)


def on_market() -> list[Check]:
    """The checks of suppliers, their types and their money."""
    first, last = _YEARS
    return [
        Check(
            "Provider types",
            "Every supplier has one of the provider types",
            "Suppliers",
            f'SUMPRODUCT((Suppliers[{KEY}]<>"")*ISNA(MATCH(Suppliers[{TYPE}],{TYPES},0)))',
            _without_type,
        ),
        Check(
            "Spending adds up",
            "What suppliers were paid is the same on Suppliers and on Spend lines",
            "Spend lines",
            f"ABS(ROUND(SUM(Suppliers[{PAID}])-SUM(Spend[{SPEND}]),2))",
            lambda book: abs(
                round(
                    math.fsum(book.numbers("Suppliers", PAID))
                    - math.fsum(book.numbers("Spend", SPEND)),
                    2,
                )
            ),
        ),
        Check(
            "Market year",
            "The year of the market is a year, or empty for the latest",
            "Settings",
            f'IF(MarketYear="",0,IF(ISNUMBER(MarketYear),IF(AND(MarketYear>={first},'
            f"MarketYear<={last}),0,1),1))",
            _wrong_year,
        ),
    ]


def _without_type(book: Book) -> float:
    for key in book.column("Suppliers", KEY):
        sound(key)
    known = {code.casefold() for code in types.TYPES}
    return sum(
        row[KEY] not in {None, ""} and row.text(TYPE).casefold() not in known
        for row in book.rows("Suppliers")
    )


def _wrong_year(book: Book) -> float:
    year = book.named("MarketYear")
    if year is None or year == "":
        return 0
    return float(not (is_number(year) and _YEARS[0] <= year <= _YEARS[1]))
