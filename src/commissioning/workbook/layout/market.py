"""The market: who provides the council's services, by type of provider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.suppliers import types
from commissioning.workbook.book import percent_text, summed
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
from commissioning.workbook.layout.lines import (
    COUNTED,
    FIRST_YEAR,
    SPEND,
    YEAR,
    first_year,
    total,
    total_text,
)
from commissioning.workbook.layout.spend import FILLED_BY, PART, TYPE, TYPES

if TYPE_CHECKING:
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

KNOWN = "Type is known"

#: Whether what is paid to the type counts as procurement.
BOUGHT_FROM = "Bought from"
NOTHING_YET = "No payments imported yet"

_TYPE, _YEAR = f"[@{TYPE}]", f"[@{YEAR}]"

#: Types of which a company is only where a file gives its size, and what is said where none does.
_OF_SOME_SIZE = (types.LARGE, types.SME)
_IS_OF_SOME_SIZE = f'OR([@{TYPE}]="{types.LARGE}",[@{TYPE}]="{types.SME}")'
SIZE_UNKNOWN = "not known, as no file gives the size of companies"

_NOT_KNOWN = {types.REDACTED, types.UNKNOWN}


def _year(_: Row, book: Book) -> Value:
    wanted = book.named("MarketYear")
    if is_number(wanted):
        return wanted
    if not book.count("Spend", YEAR):
        return ""
    own = first_year(book)
    return own if book.matching("Spend", {YEAR: own}) else max(book.numbers("Spend", YEAR))


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
    if not is_number(row[SPEND]):
        return ""
    total = math.fsum(book.numbers("Market", SPEND))
    return row.number(SPEND) / total if total else ""


def _share_of_known(row: Row, book: Book) -> Value:
    # AND looks at both, and takes on an error in either.
    if row.text(KNOWN).casefold() != "yes" or not is_number(row[SPEND]):
        return ""
    total = summed(book.matching("Market", {KNOWN: "Yes"}), SPEND)
    return row.number(SPEND) / total if total else ""


def _yes(holds: bool) -> str:
    return "Yes" if holds else "No"


#: What was paid to companies of which no file gives the size.
OF_UNKNOWN_SIZE = f'SUMIF(Market[{TYPE}],"{types.PRIVATE}",Market[{SPEND}])'


def of_unknown_size(book: Book) -> float:
    """The value of `OF_UNKNOWN_SIZE`.

    Raises:
        ErrorFoundError: it is an error value.
    """
    return summed(book.matching("Market", {TYPE: types.PRIVATE}), SPEND)


def _in_words(row: Row, book: Book) -> str:
    if not is_number(row["Share of spend"]):
        return NOTHING_YET
    if row[TYPE] in _OF_SOME_SIZE and row[SPEND] == 0 and of_unknown_size(book) > 0:
        return f"{row.text('Name')}: {SIZE_UNKNOWN}"
    return (
        f"{row.text('Name')}: {percent_text(row['Share of spend'])} of what was paid from April "
        f"{row.text(YEAR)}"
    )


def market() -> Sheet:
    """The council's spending by type of provider in one financial year."""
    columns = (
        Column(TYPE, width=14),
        Column("Name", width=44),
        Column(KNOWN, width=11),
        Column(BOUGHT_FROM, width=11),
        Column(
            YEAR,
            NUMBER,
            13,
            Formula(
                f'IF(ISNUMBER(MarketYear),MarketYear,IF(COUNT(Spend[{YEAR}])=0,"",'
                f"IF(COUNTIF(Spend[{YEAR}],{FIRST_YEAR})>0,{FIRST_YEAR},MAX(Spend[{YEAR}]))))",
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
            width=68,
            formula=Formula(
                f"IF(ISNUMBER([@Share of spend]),IF(AND([@{SPEND}]=0,{_IS_OF_SOME_SIZE},"
                f"{OF_UNKNOWN_SIZE}>0),"
                f'[@Name]&": {SIZE_UNKNOWN}",[@Name]&": "&TEXT([@Share of spend],"0.0%")&'
                f'" of what was paid from April "&[@{YEAR}]),"{NOTHING_YET}")',
                _in_words,
            ),
        ),
    )
    rows: list[Contents] = [
        {
            TYPE: code,
            "Name": name,
            KNOWN: _yes(code not in _NOT_KNOWN),
            BOUGHT_FROM: _yes(code in types.BOUGHT_FROM),
        }
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
                "The financial year on Settings, or the latest with payments; Settings can name "
                "another one. What is not known is shown as such, never spread over the rest.",
                link="Suppliers",
            ),
            Line(
                "Bought from: whether payments to the type count as procurement. Those to public "
                "bodies, own companies and people mostly do not: precepts, grants, benefits."
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
                (17, 0),
                (24, 10),
            ),
        ),
        parts=(PART,),
    )
