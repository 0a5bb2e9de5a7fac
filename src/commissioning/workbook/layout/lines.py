"""The sheet of spend lines, from which the market is worked out, and formulas over its rows."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.types import REDACTED
from commissioning.workbook.book import ErrorFoundError, summed
from commissioning.workbook.grid import NUMBER, POUNDS, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.spend import FILLED_BY, KEY, PART, TYPE, pounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commissioning.council.figures import Spend, SpendLine
    from commissioning.workbook.book import Book, Row
from commissioning.workbook.grid import Contents

SPEND = "Spend £"
YEAR = "Year from April"
SERVICE = "Service id"

#: The key of payments that name nobody.
UNNAMED = key(NOT_GIVEN)

#: 1 in one line of each named supplier and year, so that suppliers can be counted.
COUNTED = "Counts supplier"

#: What concentration is worked out from: who is redacted or not given cannot be told apart.
NAMED = "Named £"
PLACED, LOCAL = "With postcode £", "Local £"
SQUARED = "Named £ squared"


#: The key as MATCH takes it for itself: a name of signs alone, such as ***, is no pattern.
_PLAIN_KEY = f"[@{KEY}]"
for _sign in "~*?":
    _PLAIN_KEY = f'SUBSTITUTE({_PLAIN_KEY},"{_sign}","~{_sign}")'


#: The first calendar year of the council's financial year, 0 where it is none.
FIRST_YEAR = "IFERROR(VALUE(LEFT(FinancialYear,4)),0)"


def first_year(book: Book) -> int:
    """The value of `FIRST_YEAR`."""
    try:
        text = book.named_text("FinancialYear")
    except ErrorFoundError:
        return 0
    year = re.match(r" *(\d{1,4})", text[:4])
    return int(year[1]) if year else 0


def service_id(line: SpendLine) -> str:
    """What tells a service in a financial year apart, whatever signs are in its name."""
    return _id("V", line.service, str(line.year))


def area_id(service: str) -> str:
    """What tells a service apart over all years."""
    return _id("A", service)


def _id(letter: str, *names: str) -> str:
    return letter + hashlib.sha256("\0".join(names).encode()).hexdigest()[:10]


def total(lines: Sequence[Row], heading: str) -> float:
    """The sum of a column over some lines, to the penny; texts count as nothing.

    Raises:
        ErrorFoundError: there is an error value among them.
    """
    return round(summed(lines, heading), 2)


def total_text(heading: str, *wanted: str) -> str:
    """The formula of `total`.

    Args:
        heading: of the column to add up.
        wanted: headings of the lines, each followed by a formula of what must stand there: a
            code, a year or an id, in which SUMIFS sees no pattern.
    """
    pairs = zip(wanted[::2], wanted[1::2], strict=True)
    conditions = ",".join(f"Spend[{column}],{formula}" for column, formula in pairs)
    return f"ROUND(SUMIFS(Spend[{heading}],{conditions}),2)"


def _supplier_type(row: Row, book: Book) -> Value:
    supplier = row.text(KEY)
    return book.look_up("Suppliers", KEY, supplier)[TYPE] if supplier else ""


def _named(row: Row, _: Book) -> Value:
    spend = row[SPEND]
    unnamed = (
        row.text(TYPE).casefold() == REDACTED or row.text(KEY).casefold() == UNNAMED.casefold()
    )
    return max(0, spend) if is_number(spend) and not unnamed else 0


def _counted(lines: Sequence[SpendLine]) -> Iterator[tuple[SpendLine, int]]:
    """Each line with 1 where it is the first of a named supplier and year that is not nil."""
    seen: set[tuple[str, int | None]] = set()
    for line in lines:
        named = line.key != UNNAMED and bool(line.pence)
        first = named and (line.key, line.year) not in seen
        if first:
            seen.add((line.key, line.year))
        yield line, int(first)


def lines(spend: Spend | None) -> Sheet:
    """What was paid to each supplier for each service in each financial year."""
    columns = (
        Column("Line", width=15),
        Column("Supplier", width=46),
        Column("Service", width=36),
        Column(YEAR, NUMBER, 13),
        Column(SERVICE, width=15),
        Column(SPEND, POUNDS, 16),
        Column(PLACED, POUNDS, 14),
        Column(LOCAL, POUNDS, 14),
        Column(COUNTED, NUMBER, 11),
        Column(
            TYPE,
            width=15,
            formula=Formula(
                f'IF([@{KEY}]="","",INDEX(Suppliers[{TYPE}],MATCH({_PLAIN_KEY},Suppliers[{KEY}],0)))',
                _supplier_type,
            ),
        ),
        Column(
            NAMED,
            POUNDS,
            16,
            Formula(
                f'IF(OR([@{TYPE}]="{REDACTED}",[@{KEY}]="{UNNAMED}"),0,'
                f"IF(ISNUMBER([@{SPEND}]),MAX(0,[@{SPEND}]),0))",
                _named,
            ),
        ),
        Column(
            SQUARED,
            POUNDS,
            20,
            Formula(f"[@{NAMED}]^2", lambda row, _: row.number(NAMED) ** 2),
        ),
        Column(KEY, width=46),
    )
    ordered = (
        sorted(
            spend.lines, key=lambda each: (-(each.year or 0), each.service, -each.pence, each.key)
        )
        if spend
        else ()
    )
    rows: list[Contents] = [
        {
            "Line": _id("L", line.key, line.service, str(line.year)),
            "Supplier": line.supplier,
            KEY: line.key,
            "Service": line.service,
            YEAR: line.year,
            SERVICE: service_id(line),
            SPEND: pounds(line.pence),
            PLACED: pounds(line.placed),
            LOCAL: pounds(line.local),
            COUNTED: counted,
        }
        for line, counted in _counted(ordered)
    ]
    return Sheet(
        "Spend lines",
        "The council's own spending by supplier, service and year",
        "What the sheets Market and Services are worked out from",
        "Council",
        Table(
            "Spend",
            "Line",
            columns,
            rows,
            filtered=True,
            retires=dict.fromkeys((SPEND, PLACED, LOCAL, COUNTED), 0),
        ),
        (
            Line(
                "One row for each supplier, service and financial year; net of VAT, credit notes "
                "taken off. Nothing to type here."
            ),
            Line(FILLED_BY),
        ),
        parts=(PART,),
    )
