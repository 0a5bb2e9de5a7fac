"""The market: who provides the council's services, by type of provider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.suppliers import types
from commissioning.workbook.book import percent_text
from commissioning.workbook.grid import (
    NUMBER,
    POUNDS,
    SHARE,
    WHOLE,
    Chart,
    Column,
    Formula,
    Line,
    Series,
    Sheet,
    Table,
)
from commissioning.workbook.layout.lines import COUNTED, SPEND, YEAR, total, total_text
from commissioning.workbook.layout.spend import FILLED_BY, PART, TYPE, TYPES

if TYPE_CHECKING:
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

KNOWN = "Type is known"
NOTHING_YET = "No payments imported yet"

_TYPE, _YEAR = f"[@{TYPE}]", f"[@{YEAR}]"

_NOT_KNOWN = {types.REDACTED, types.UNKNOWN}


def _year(_: Row, book: Book) -> Value:
    wanted = book.named("MarketYear")
    if is_number(wanted):
        return wanted
    return max(book.numbers("Spend", YEAR)) if book.count("Spend", YEAR) else ""


def _of_type(heading: str) -> Formula:
    """A total of the row's provider type in its year."""

    def value(row: Row, book: Book) -> Value:
        if not is_number(row[YEAR]):
            return ""
        lines = book.matching("Spend", {TYPE: row[TYPE], YEAR: row[YEAR]})
        return total(lines, heading)

    return Formula(
        f'IF(ISNUMBER([@{YEAR}]),{total_text(heading, TYPE, _TYPE, YEAR, _YEAR)},"")',
        value,
        f'LOCALIS_MARKET(Spend[{heading}],Spend[{TYPE}],[@{TYPE}],"amount",Spend[{YEAR}],[@{YEAR}])',
    )


def _suppliers() -> Formula:
    """How many suppliers are of the type; who is redacted stands for any number, and for none."""
    counted = _of_type(COUNTED)

    def value(row: Row, book: Book) -> Value:
        return 0 if row.text(TYPE).casefold() == types.REDACTED else counted.value(row, book)

    return Formula(f'IF([@{TYPE}]="{types.REDACTED}",0,{counted.text})', value)


def _share(row: Row, book: Book) -> Value:
    total = math.fsum(book.numbers("Market", SPEND))
    if not is_number(row[SPEND]) or not total:
        return ""
    return row.number(SPEND) / total


def _share_of_known(row: Row, book: Book) -> Value:
    known = book.matching("Market", {KNOWN: "Yes"})
    total = math.fsum(value for each in known if is_number(value := each[SPEND]))
    if row.text(KNOWN) != "Yes" or not is_number(row[SPEND]) or not total:
        return ""
    return row.number(SPEND) / total


def _in_words(row: Row, _: Book) -> str:
    if not is_number(row["Share of spend"]):
        return NOTHING_YET
    return f"{row.text('Name')}: {percent_text(row['Share of spend'])} of what was paid"


def market() -> Sheet:
    """The council's spending by type of provider in one financial year."""
    columns = (
        Column(TYPE, width=14),
        Column("Name", width=44),
        Column(KNOWN, width=11),
        Column(
            YEAR,
            NUMBER,
            13,
            Formula(
                f'IF(ISNUMBER(MarketYear),MarketYear,IF(COUNT(Spend[{YEAR}])=0,"",'
                f"MAX(Spend[{YEAR}])))",
                _year,
            ),
        ),
        Column(SPEND, POUNDS, 16, _of_type(SPEND)),
        Column(
            "Share of spend",
            SHARE,
            12,
            Formula(
                f'IF(ISNUMBER([@{SPEND}]),IF(SUM(Market[{SPEND}])=0,"",'
                f'[@{SPEND}]/SUM(Market[{SPEND}])),"")',
                _share,
            ),
        ),
        Column(
            "Share of known types",
            SHARE,
            12,
            Formula(
                f'IF(AND([@{KNOWN}]="Yes",ISNUMBER([@{SPEND}])),'
                f'IF(SUMIF(Market[{KNOWN}],"Yes",Market[{SPEND}])=0,"",'
                f'[@{SPEND}]/SUMIF(Market[{KNOWN}],"Yes",Market[{SPEND}])),"")',
                _share_of_known,
            ),
        ),
        Column("Suppliers", WHOLE, 12, _suppliers()),
        Column(
            "In words",
            width=58,
            formula=Formula(
                'IF(ISNUMBER([@Share of spend]),[@Name]&": "&TEXT([@Share of spend],"0.0%")&'
                f'" of what was paid","{NOTHING_YET}")',
                _in_words,
            ),
        ),
    )
    rows: list[Contents] = [
        {TYPE: code, "Name": name, KNOWN: "No" if code in _NOT_KNOWN else "Yes"}
        for code, name in types.TYPES.items()
    ]
    return Sheet(
        "Market",
        "The council's own market: who provides",
        "Spending and suppliers by type of provider in one financial year",
        "Council",
        Table("Market", TYPE, columns, rows, lists={TYPES: TYPE}),
        (
            Line(
                "The latest year that was imported, or the one set on Settings. Decisions on "
                "Suppliers count; what is not known is shown as such, never spread over the rest.",
                link="Suppliers",
            ),
            Line(FILLED_BY),
        ),
        (
            Chart(
                ("Market", "SME", "In words"),
                "Market",
                "Name",
                (Series("Share of spend", "Share of what was paid", "dark blue"),),
                "Type of provider",
                "Share of what was paid",
                "Bar chart of the share of the council's spending by type of provider. Values: "
                "column Share of spend of the sheet Market.",
                (16, 0),
                (24, 10),
            ),
        ),
        parts=(PART,),
    )
