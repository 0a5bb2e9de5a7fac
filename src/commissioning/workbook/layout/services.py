"""The council's services: what each costs, who provides it, and how concentrated it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.spend.concentration import LARGEST
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
from commissioning.workbook.layout.lines import (
    LOCAL,
    NAMED,
    PLACED,
    SERVICE,
    SPEND,
    SQUARED,
    YEAR,
    area_id,
    service_id,
    total,
    total_text,
)
from commissioning.workbook.layout.market import BOUGHT_FROM
from commissioning.workbook.layout.service_areas import AREA, AREA_ID
from commissioning.workbook.layout.spend import FILLED_BY, KEY, PART, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.council.figures import Spend
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: Types of provider whose share of a service is shown: heading -> code.
_PARTS = {"SME share": "SME", "Voluntary share": "VCS", "Unknown share": "unknown"}

#: What was paid to types of provider that a council buys from.
BOUGHT = "Bought £"

_OWN = f"[@{SERVICE}]"
_NAMED = total_text(NAMED, SERVICE, _OWN)


def _lines(row: Row, book: Book) -> Sequence[Row]:
    return book.matching("Spend", {SERVICE: row[SERVICE]})


def _measure(text: str, value: Callable[[Row, Book], Value], twin: str | None = None) -> Formula:
    """A formula that shows nothing in an empty row."""
    return Formula(
        f'IF({_OWN}="","",{text})',
        lambda row, book: value(row, book) if row.text(SERVICE) else "",
        twin,
    )


def _twin(measure: str, amounts: str) -> str:
    return f'LOCALIS_MARKET(Spend[{amounts}],Spend[{KEY}],,"{measure}",Spend[{SERVICE}],{_OWN})'


def _suppliers(row: Row, book: Book) -> int:
    """How many named suppliers were paid anything, as COUNTIFS sees it."""
    amounts = (line[NAMED] for line in _lines(row, book))
    return sum(is_number(amount) and amount > 0 for amount in amounts)


def _concentration(row: Row, book: Book) -> Value:
    """The HHI from the squares on the lines; `concentration.hhi` where nobody typed over them."""
    lines = _lines(row, book)
    whole = total(lines, NAMED)
    if not whole:
        return ""
    return 10_000 * summed(lines, SQUARED) / whole**2


def _largest_share(row: Row, book: Book) -> Value:
    lines = _lines(row, book)
    whole = total(lines, NAMED)
    if not whole:
        return ""
    # Arithmetic over both columns, which fails where one holds an error, or a text an amount.
    book.free_of_errors("Spend", SERVICE)
    others = len(book.arithmetic("Spend", NAMED)) - len(lines)
    if len(lines) + others < LARGEST:
        return 1
    # The lines of other services stand in it as 0.
    own = [line.number(NAMED) for line in lines] + [0.0] * min(others, LARGEST)
    return math.fsum(sorted(own, reverse=True)[:LARGEST]) / whole


def _part(code: str) -> Formula:
    """The share of the service's spending that goes to a type of provider."""
    text = total_text(SPEND, SERVICE, _OWN, TYPE, f'"{code}"')

    def value(row: Row, book: Book) -> Value:
        whole = row[SPEND]
        if not is_number(whole) or not whole:
            return ""
        lines = book.matching("Spend", {SERVICE: row[SERVICE], TYPE: code})
        return total(lines, SPEND) / whole

    return Formula(
        f'IF(ISNUMBER([@{SPEND}]),IF([@{SPEND}]=0,"",{text}/[@{SPEND}]),"")',
        value,
        f'LOCALIS_MARKET(Spend[{SPEND}],Spend[{TYPE}],"{code}","share",Spend[{SERVICE}],{_OWN})',
    )


def _local() -> Formula:
    """The local share of what has a postcode."""
    local, placed = (total_text(heading, SERVICE, _OWN) for heading in (LOCAL, PLACED))

    def value(row: Row, book: Book) -> Value:
        lines = _lines(row, book)
        whole = total(lines, PLACED)
        return total(lines, LOCAL) / whole if whole else ""

    return _measure(f'IF({placed}=0,"",{local}/{placed})', value)


def _bought() -> Formula:
    """What was paid to the types of provider that the sheet Market says are bought from.

    Nothing in an empty row is 0, since it is arithmetic over the column that adds it up.
    """

    def value(row: Row, book: Book) -> Value:
        if not row.text(SERVICE):
            return 0
        # Of every type, since an error among payments that do not count makes the sum one too.
        paid = [
            (
                each.text(BOUGHT_FROM).casefold() == "yes",
                total(book.matching("Spend", {SERVICE: row[SERVICE], TYPE: each[TYPE]}), SPEND),
            )
            for each in book.rows("Market")
        ]
        return round(math.fsum(amount for counts, amount in paid if counts), 2)

    paid = f"SUMIFS(Spend[{SPEND}],Spend[{SERVICE}],{_OWN},Spend[{TYPE}],Market[{TYPE}])"
    return Formula(
        f'IF({_OWN}="",0,ROUND(SUMPRODUCT((Market[{BOUGHT_FROM}]="Yes")*{paid}),2))', value
    )


def _area(row: Row, book: Book) -> Value:
    area = row[AREA_ID]
    return book.look_up("ServiceAreas", AREA_ID, area)[AREA] if row.text(AREA_ID) else ""


def services(spend: Spend | None) -> Sheet:
    """Each service in each financial year: cost, suppliers and concentration."""
    columns = (
        Column("Service", width=44),
        Column(YEAR, NUMBER, 13),
        Column(
            SPEND,
            POUNDS,
            16,
            _measure(
                total_text(SPEND, SERVICE, _OWN),
                lambda row, book: total(_lines(row, book), SPEND),
                _twin("amount", SPEND),
            ),
        ),
        Column(BOUGHT, POUNDS, 16, _bought()),
        Column(
            "Suppliers",
            WHOLE,
            12,
            _measure(
                f'COUNTIFS(Spend[{SERVICE}],{_OWN},Spend[{NAMED}],">0")',
                _suppliers,
                _twin("suppliers", NAMED),
            ),
        ),
        Column(
            "HHI",
            WHOLE,
            10,
            _measure(
                f'IF({_NAMED}=0,"",10000*SUMIFS(Spend[{SQUARED}],Spend[{SERVICE}],{_OWN})'
                f"/{_NAMED}^2)",
                _concentration,
                _twin("HHI", NAMED),
            ),
        ),
        Column(
            "Four largest",
            SHARE,
            12,
            _measure(
                f'IF({_NAMED}=0,"",IF(ROWS(Spend[{NAMED}])<{LARGEST},1,'
                f"SUMPRODUCT(LARGE((Spend[{SERVICE}]={_OWN})*Spend[{NAMED}],{{1,2,3,4}}))/{_NAMED}))",
                _largest_share,
                _twin("four largest", NAMED),
            ),
        ),
        *(Column(heading, SHARE, 12, _part(code)) for heading, code in _PARTS.items()),
        Column("Local share", SHARE, 12, _local()),
        Column(
            AREA,
            width=24,
            formula=Formula(
                f'IF([@{AREA_ID}]="","",'
                f"INDEX(ServiceAreas[{AREA}],MATCH([@{AREA_ID}],ServiceAreas[{AREA_ID}],0)))",
                _area,
            ),
        ),
        Column(SERVICE, width=15),
        Column(AREA_ID, width=15),
    )
    found = {(line.year, line.service): line for line in (spend.lines if spend else ())}
    rows: list[Contents] = [
        {
            "Service": line.service,
            YEAR: line.year,
            SERVICE: service_id(line),
            AREA_ID: area_id(line.service),
        }
        for _, line in sorted(found.items(), key=lambda each: (-(each[0][0] or 0), each[0][1]))
    ]
    return Sheet(
        "Services",
        "The council's own services: cost, suppliers and concentration",
        "What each service costs in each year, and how much of it a few suppliers have",
        "Council",
        Table("Services", SERVICE, columns, rows, filtered=True, retires={}),
        (
            Line(
                "HHI is the sum of the squared percentages of a service's suppliers, from near 0 "
                "to 10,000 for a single one; net credits count as nothing in it."
            ),
            Line(FILLED_BY),
        ),
        parts=(PART,),
    )
