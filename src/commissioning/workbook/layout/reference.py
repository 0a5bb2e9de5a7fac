"""The sheets to look things up in: endorsements, sources and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.workbook.grid import (
    DATE,
    TIME,
    Cell,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout import provenance
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import WHERE

if TYPE_CHECKING:
    import datetime as dt

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


def endorsements(evidence: Evidence) -> Sheet:
    """Who is named in support of the report."""
    columns = (
        Column("Name", width=30),
        Column("Role", width=38),
        Column("Organisation", width=48),
        Column("Sector", width=22),
        Column("Part in the report", width=26),
        WHERE,
    )
    rows: list[Contents] = [
        {
            "Name": each.name,
            "Role": each.role,
            "Organisation": each.organisation,
            "Sector": each.sector,
            "Part in the report": each.relation,
            "Where in the source": each.where,
        }
        for each in evidence.endorsements
    ]
    return Sheet(
        "Endorsements",
        "Who supported the report",
        "Names, roles and sectors as they were at the time",
        "Reference",
        Table("Endorsements", "Name", columns, rows),
        (Line(f"Roles are those held at publication {marker(evidence, 'support')}."),),
    )


def _payments(_: Row, book: Book) -> str:
    held = book.rows("PaymentFiles")[0].text("Payments are in")
    return held or "No payments imported yet"


def sources(evidence: Evidence) -> Sheet:
    """What the evidence was taken from, and the pack that holds it."""
    columns = (
        Column("Source", width=18),
        Column("Title", width=56),
        Column("Publisher", width=34),
        Column("Published", DATE, 14),
        Column("Used for", width=30),
        Column("Address", width=52),
        WHERE,
    )
    rows: list[Contents] = [
        {
            "Source": source.source,
            "Title": source.title,
            "Publisher": source.publisher,
            "Published": source.published or "Not known",
            "Used for": source.used_for,
            "Address": Cell(f"Website of {source.publisher}", link=source.link)
            if source.link
            else "No address",
            "Where in the source": source.where,
        }
        for source in evidence.sources
    ]
    rows.append(
        {
            "Source": "own-payments",
            "Title": Formula(
                'IF(INDEX(PaymentFiles[Payments are in],1)&""="","No payments imported yet",'
                'INDEX(PaymentFiles[Payments are in],1)&"")',
                _payments,
            ),
            "Publisher": "The council",
            "Published": "Not known",
            "Used for": "Market, Services, Suppliers, Spend lines",
            "Address": "A Parquet file beside this workbook",
            "Where in the source": "The files are listed on Payment files",
        }
    )
    return Sheet(
        "Sources",
        "Sources",
        "Where every figure comes from",
        "Reference",
        Table("Sources", "Source", columns, rows),
        (
            Line(f"The evidence: {evidence.title}."),
            Line(provenance.FILLED),
            Line(
                "This workbook is not a publication of Localis; it cites the report's press "
                "release as its source. Addresses are as printed there and may have moved."
            ),
        ),
    )


def log(evidence: Evidence, as_at: dt.date) -> Sheet:
    """What was done to the workbook by when and with which versions."""
    columns = (
        Column("When input", TIME, 19, input=True),
        Column("Figures as at input", DATE, 14, input=True),
        Column("Who input", width=20, input=True),
        Column("What input", width=60, input=True),
        Column("Program input", width=26, input=True),
        Column("Evidence input", width=38, input=True),
    )
    rows: list[Contents] = [
        {
            # The same choices give the same file on any day.
            "When input": "Not recorded",
            "Figures as at input": as_at,
            "Who input": "localis template",
            "What input": "Workbook made",
            "Program input": f"Localis for Excel {__version__}",
            "Evidence input": f"{evidence.name} {evidence.version}",
        }
    ]
    return Sheet(
        "Log",
        "Log of versions",
        "What was done to this workbook and with which version",
        "Reference",
        Table("ChangeLog", "What input", columns, rows),
        (Line("Add a line of your own for each change that others should know of."),),
        task="Add a line",
        grows=True,
    )
