"""Which service area of council expenditure each of the council's own services is part of."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

from commissioning.council.spend.service_areas import suggest
from commissioning.workbook.book import trimmed
from commissioning.workbook.grid import POUNDS, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.lines import area_id
from commissioning.workbook.layout.spend import FILLED_BY, PAID, PART, pounds

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.council.figures import Spend
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

TABLE = "ServiceAreas"

#: What tells a service apart, whatever signs are in its name.
AREA_ID = "Area id"

AREA, DECISION = "Service area", "Area input"

#: The heading of the areas on the sheet Council expenditure.
COUNCIL_AREA = "Service area input"

#: The name of the areas of the sheet Council expenditure, which a decision is chosen from.
AREAS = "CouncilAreas"


def _area(row: Row, book: Book) -> Value:
    wanted = trimmed(row.text(DECISION)) or row.text("Suggested area")
    if wanted:
        with contextlib.suppress(KeyError):
            return book.look_up("CouncilExpenditure", COUNCIL_AREA, wanted)[COUNCIL_AREA]
    return ""


#: The area that is decided on, else the suggested one.
_WANTED = f'IF(TRIM([@{DECISION}])="",[@Suggested area]&"",TRIM([@{DECISION}]))'


def service_areas(spend: Spend | None) -> Sheet:
    """Every service that was paid for, with the area that it seems to be part of."""
    columns = (
        Column("Service", width=46),
        Column(PAID, POUNDS, 16),
        Column("Suggested area", width=26),
        Column("Why", width=32),
        Column(
            DECISION,
            width=26,
            input=True,
            choices=AREAS,
            prompt="The area of Council expenditure that the service is part of.",
        ),
        Column("Note input", width=28, input=True),
        Column(
            AREA,
            width=26,
            formula=Formula(
                f'IF({_WANTED}="","",IFERROR(INDEX({AREAS},MATCH({_WANTED},{AREAS},0)),""))',
                _area,
            ),
        ),
        Column(AREA_ID, width=15),
    )
    paid: Counter[str] = Counter()
    for line in spend.lines if spend else ():
        paid[line.service] += line.pence
    rows: list[Contents] = []
    for service, pence in sorted(paid.items(), key=lambda each: (-each[1], each[0])):
        suggested = suggest(service)
        rows.append(
            {
                "Service": service,
                PAID: pounds(pence),
                "Suggested area": suggested.area,
                "Why": suggested.reason,
                AREA_ID: area_id(service),
            }
        )
    return Sheet(
        "Service areas",
        "Service areas: where the council's own services belong",
        "The area of Council expenditure that each service is part of; decide where it is empty",
        "Council",
        Table(TABLE, AREA_ID, columns, rows, filtered=True, retires={PAID: 0}),
        (
            Line(
                "Suggestions come from the words of a service's name. A service of several areas "
                "has none: its payments then count in no area until you decide."
            ),
            Line(FILLED_BY),
        ),
        task="Decide areas",
        parts=(PART,),
    )
