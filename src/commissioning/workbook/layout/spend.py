"""The sheets on the files of payments, and on the suppliers that were paid."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from commissioning.workbook.book import trimmed
from commissioning.workbook.grid import (
    DATE,
    OWN_PARTS,
    POUNDS,
    SHARE,
    WHOLE,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.council.figures import Spend
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: The part of the workbook that an import of payments fills.
PART = OWN_PARTS[0]

PAID = "Paid £"
TYPE = "Provider type"
DECISION = "Decision input"

#: What tells suppliers apart, whatever the spelling.
KEY = "Supplier key"

#: The table of files, and the heading of their names.
FILES, FILE = "PaymentFiles", "File"

#: Where the payments of a file are, and what stands there once they no longer are.
HELD_IN, NO_LONGER_HELD = "Payments are in", "No longer held"

#: The name of the codes in the table Market, which the officer's decision is chosen from.
TYPES = "ProviderTypes"

FILLED_BY = "Filled by: localis import spend FILE --into WORKBOOK"


def pounds(pence: int) -> float:
    """Pence as pounds."""
    return pence / 100


def _share_read(row: Row, _: Book) -> Value:
    read, rejected = row.number("Payments read"), row.number("Payments rejected")
    if not row.text("File") or not read + rejected:
        return ""
    return read / (read + rejected)


def files(spend: Spend | None) -> Sheet:
    """The files that the council's payments were read from."""
    columns = (
        Column(FILE, width=44),
        Column("Payments read", WHOLE, 13),
        Column("Read £", POUNDS, 16),
        Column("Payments rejected", WHOLE, 13),
        Column("Rejected £", POUNDS, 16),
        Column("First payment", DATE, 15),
        Column("Last payment", DATE, 15),
        Column(
            "Share read",
            SHARE,
            11,
            Formula(
                'IF([@File]="","",IF([@Payments read]+[@Payments rejected]=0,"",'
                "[@Payments read]/([@Payments read]+[@Payments rejected])))",
                _share_read,
            ),
        ),
        Column(HELD_IN, width=40),
    )
    rows: list[Contents] = [
        {
            "File": file.name,
            "Payments read": file.rows,
            "Read £": pounds(file.pence),
            "Payments rejected": file.rejected_rows,
            "Rejected £": pounds(file.rejected_pence),
            "First payment": file.first or "No dates",
            "Last payment": file.last or "No dates",
            HELD_IN: file.held_in,
        }
        for file in (spend.files if spend else ())
    ]
    return Sheet(
        "Payment files",
        "Files of the council's own payments",
        "Which files the spending on the next sheets was read from, and how much could be read",
        "Council",
        Table(
            FILES,
            FILE,
            columns,
            rows,
            retires={HELD_IN: NO_LONGER_HELD, "Payments read": 0, "Read £": 0},
        ),
        (
            Line(FILLED_BY),
            Line(
                "What was read and what was rejected add up to the whole file. The payments "
                "themselves stay in a Parquet file beside this workbook."
            ),
        ),
        parts=(PART,),
    )


def _type_used(row: Row, book: Book) -> Value:
    decided = trimmed(row.text(DECISION))
    if decided:
        for heading in (TYPE, "Name"):
            with contextlib.suppress(KeyError):
                return book.look_up("Market", heading, decided)[TYPE]
    return row.text("Suggested type")


def suppliers(spend: Spend | None) -> Sheet:
    """Every supplier with the provider type that it seems to be of, and the officer's decision."""
    columns = (
        Column("Supplier", width=46),
        Column(PAID, POUNDS, 16),
        Column("Payments", WHOLE, 11),
        Column("Suggested type", width=15),
        Column("Why", width=50),
        Column(
            DECISION,
            width=16,
            input=True,
            choices=TYPES,
            prompt="The provider type, where you know better than the suggestion.",
        ),
        Column("Note input", width=34, input=True),
        Column(
            TYPE,
            width=15,
            formula=Formula(
                f'IF(TRIM([@{DECISION}])="",[@Suggested type]&"",'
                + "".join(
                    f"IFERROR(INDEX({TYPES},MATCH(TRIM([@{DECISION}]),{where},0)),"
                    for where in (TYPES, "Market[Name]")
                )
                + '[@Suggested type]&"")))',
                _type_used,
            ),
        ),
        Column(KEY, width=46),
    )
    ordered = sorted(spend.suppliers, key=lambda each: (-each.pence, each.key)) if spend else ()
    rows: list[Contents] = [
        {
            "Supplier": supplier.name,
            KEY: supplier.key,
            PAID: pounds(supplier.pence),
            "Payments": supplier.payments,
            "Suggested type": supplier.suggested,
            "Why": supplier.reason,
        }
        for supplier in ordered
    ]
    return Sheet(
        "Suppliers",
        "Who provides: the council's own suppliers",
        "The type of provider of each supplier; where a suggestion is wrong, decide otherwise",
        "Council",
        Table(
            "Suppliers", KEY, columns, rows, filtered=True, retires={PAID: pounds(0), "Payments": 0}
        ),
        (
            Line(
                "Suggestions come from flags, numbers and names in the files, never from guesses "
                "of size. Decisions stay through every later import."
            ),
            Line(FILLED_BY),
        ),
        task="Correct suggestions",
        parts=(PART,),
    )
