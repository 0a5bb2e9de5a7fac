"""The checks of the council's own figures: what was imported or set, and what was decided."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from commissioning.cells import is_number
from commissioning.council.suppliers import types
from commissioning.workbook.book import ErrorFoundError, sound, trimmed
from commissioning.workbook.grid import Check
from commissioning.workbook.layout import own_balance, own_survey
from commissioning.workbook.layout.contracts import MONTHS, MOST_MONTHS
from commissioning.workbook.layout.lines import SPEND
from commissioning.workbook.layout.spend import DECISION, KEY, PAID, TYPE, TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.workbook.book import Book

#: Years that the market can be shown for.
_YEARS = (1990, 2100)

#: Most respondents that can be asked for, and the widest interval that a difference of net balances
#: can have: each of them is from -100% to 100%.
_MOST_ANSWERS, _WIDEST = 100_000, 4


def on_market() -> list[Check]:
    """The checks of suppliers, their types and their money."""
    first, last = _YEARS
    return [
        Check(
            "Provider types",
            "Every supplier has one of the provider types",
            "Suppliers",
            f'SUMPRODUCT((Suppliers[{KEY}]<>"")*((Suppliers[{TYPE}]="")+(Suppliers[{TYPE}]<>"")'
            f"*ISNA(MATCH(Suppliers[{TYPE}],{TYPES},0))))",
            _without_type,
        ),
        Check(
            "Decisions on types",
            "Every decision on a supplier is one of the provider types",
            "Suppliers",
            f'SUMPRODUCT((Suppliers[{DECISION}]<>"")'
            f"*ISNA(MATCH(TRIM(Suppliers[{DECISION}]),{TYPES},0))"
            f"*ISNA(MATCH(TRIM(Suppliers[{DECISION}]),Market[Name],0)))",
            _unknown_decisions,
        ),
        Check(
            "Spending adds up",
            "What suppliers were paid is the same on Suppliers and on Spend lines",
            "Suppliers",
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
    for heading in (KEY, TYPE):
        book.free_of_errors("Suppliers", heading)
    known = {code.casefold() for code in types.TYPES}
    return sum(
        row[KEY] not in {None, ""} and row.text(TYPE).casefold() not in known
        for row in book.rows("Suppliers")
    )


def _unknown_decisions(book: Book) -> float:
    known = {
        row.text(heading).casefold() for row in book.rows("Market") for heading in (TYPE, "Name")
    }
    decided = [row.text(DECISION) for row in book.rows("Suppliers")]
    return sum(bool(text) and trimmed(text).casefold() not in known for text in decided)


def _wrong_year(book: Book) -> float:
    year = book.named("MarketYear")
    if year is None or year == "":
        return 0
    return float(not (is_number(year) and _YEARS[0] <= year <= _YEARS[1]))


def _wrong_financial_year(book: Book) -> float:
    try:
        written = re.fullmatch(r"(\d{4})-(\d{2})", book.named_text("FinancialYear"))
    except ErrorFoundError:
        return 1
    return float(not written or (int(written[1]) + 1) % 100 != int(written[2]))


def _wrong_areas(book: Book) -> float:
    areas = sound(book.named("LocalAreas"))
    return float(not (areas is None or isinstance(areas, str)))


def on_settings() -> list[Check]:
    """The checks of the settings behind the council's own figures."""
    return [
        Check(
            "Financial year",
            "The financial year is written as 2025-26",
            "Settings",
            'IFERROR(IF(AND(LEN(FinancialYear)=7,MID(FinancialYear,5,1)="-",'
            "VALUE(RIGHT(FinancialYear,2))=MOD(VALUE(LEFT(FinancialYear,4))+1,100)),0,1),1)",
            _wrong_financial_year,
        ),
        _bounded(
            "Months of contracts",
            f"The months for contracts are numbers from 0 to {MOST_MONTHS}",
            MONTHS,
            MOST_MONTHS,
        ),
        _bounded(
            "Fewest own answers",
            f"The fewest own answers are numbers from 0 to {_MOST_ANSWERS:,}",
            (own_survey.FEWEST, own_balance.FEWEST),
            _MOST_ANSWERS,
        ),
        _bounded(
            "Widest intervals",
            f"The widest intervals of a difference are numbers from 0% to {_WIDEST:.0%}",
            (own_survey.WIDEST, own_balance.WIDEST),
            _WIDEST,
        ),
        Check(
            "Local postcodes",
            "Local postcodes are a text such as M5, M6, BL, or empty",
            "Settings",
            'IF(LocalAreas="",0,IF(ISTEXT(LocalAreas),0,1))',
            _wrong_areas,
        ),
    ]


def _bounded(code: str, what: str, names: Sequence[str], most: float) -> Check:
    """The check that some settings are numbers from 0 to another."""
    return Check(
        code,
        what,
        "Settings",
        "+".join(f"IF(ISNUMBER({name}),IF(AND({name}>=0,{name}<={most}),0,1),1)" for name in names),
        lambda book: sum(
            not is_number(value) or not 0 <= value <= most for value in map(book.named, names)
        ),
    )
