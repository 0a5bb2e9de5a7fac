"""The sheet of balances: who is expected to gain and who to lose, by every measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.evidence import measures
from commissioning.workbook.book import number, sound
from commissioning.workbook.grid import (
    DECIMAL,
    POINTS,
    SHARE,
    WHOLE,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.charts import plotted
from commissioning.workbook.layout.intervals import (
    CHECK_SETTINGS,
    critical_value,
    with_critical_value,
)
from commissioning.workbook.layout.notes import marker
from commissioning.workbook.layout.survey import of_direction, total

if TYPE_CHECKING:
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


def balances(evidence: Evidence) -> Sheet:
    """The balances of the outlook question, and the shares that the chart draws."""
    table = evidence.outlook_question.sheet
    fewer, same, more = (of_direction(evidence, each) for each in ("fewer", "same", "more"))
    columns = (
        Column("Code", width=14),
        Column("Provider type", width=34),
        *(
            _from_shift(table, heading, headings, twin)
            for heading, headings, twin in (
                ("Fewer", fewer, 'LOCALIS_SHIFT([@Code],"expecting fewer")'),
                ("No change", same, None),
                ("More", more, 'LOCALIS_SHIFT([@Code],"expecting more")'),
            )
        ),
        Column(
            "Row total",
            WHOLE,
            9,
            Formula(
                "[@Fewer]+[@No change]+[@More]",
                lambda row, _: total(("Fewer", "No change", "More"), row),
                'LOCALIS_SHIFT([@Code],"total")',
            ),
        ),
        *_measure_columns(evidence),
        *(
            _plotted(table, outlook.short, -1 if outlook.direction == "fewer" else 1)
            for outlook in evidence.outlooks
            if outlook.direction != "same"
        ),
    )
    rows: list[Contents] = [
        {"Code": provider.provider, "Provider type": provider.label}
        for provider in evidence.providers
    ]
    return Sheet(
        "Net balance",
        "Who is expected to gain and who to lose",
        "Net and weighted balance, diffusion index and ratio for each type of provider",
        "Evidence",
        Table("Balance", "Code", columns, rows),
        (
            Line(
                "In percentage points of the row total: net balance is the share that expects more "
                f"less the share that expects fewer or none {marker(evidence, 'balances')}."
            ),
            Line(
                "The last columns are the shares that the chart on Summary draws, those that "
                "expect fewer or none to the left of zero."
            ),
        ),
        parts=("survey",),
    )


def _from_shift(table: str, heading: str, headings: tuple[str, ...], twin: str | None) -> Column:
    """A count summed over the outlooks of one direction."""
    parts = [f"INDEX({table}[{each}],MATCH([@Code],{table}[Code],0))" for each in headings]
    return Column(
        heading,
        WHOLE,
        9,
        Formula(
            "+".join(parts) or "0",
            lambda row, book: _sum(headings, book.find(table, row["Code"])),
            twin,
        ),
    )


def _sum(headings: tuple[str, ...], row: Row) -> Value:
    """The sum of a row's cells; a single one as it is, be it a text."""
    return row[headings[0]] if len(headings) == 1 else total(headings, row)


def _margin(row: Row, book: Book) -> float | str:
    critical = critical_value(book)
    if critical is None:
        return CHECK_SETTINGS
    more, fewer, base = (row.number(heading) for heading in ("More", "Fewer", "Row total"))
    # Counts that are none, such as negative ones, may make it the square root of less than 0.
    return critical * math.sqrt(((more + fewer) / base - row.number("Net balance") ** 2) / base)


def _ratio(row: Row, _: Book) -> float | str:
    more = sound(row["More"])
    if is_number(more) and not more:
        return "No ratio"
    return measures.fewer_per_more(fewer=row.number("Fewer"), more=number(more))


def _measure_columns(evidence: Evidence) -> tuple[Column, ...]:
    table, outlooks = evidence.outlook_question.sheet, evidence.outlooks
    weighted = "+".join(
        f'INDEX(Outlooks[Weight],MATCH("{outlook.outlook}",Outlooks[Code],0))'
        f"*INDEX({table}[{outlook.short}],MATCH([@Code],{table}[Code],0))"
        for outlook in outlooks
    )

    def weighted_balance(row: Row, book: Book) -> float:
        counts = book.find(table, row["Code"])
        return sum(
            book.find("Outlooks", outlook.outlook).number("Weight") * counts.number(outlook.short)
            for outlook in outlooks
        ) / row.number("Row total")

    return (
        Column(
            "Net balance",
            POINTS,
            12,
            Formula(
                "([@More]-[@Fewer])/[@Row total]",
                lambda row, _: measures.net_balance(
                    row.number("More"), row.number("Fewer"), row.number("Row total")
                ),
                'LOCALIS_SHIFT([@Code],"net balance")',
            ),
        ),
        Column(
            "Margin",
            SHARE,
            11,
            Formula(
                with_critical_value(
                    "NORMSINV((1+Confidence)/2)*"
                    "SQRT((([@More]+[@Fewer])/[@Row total]-[@Net balance]^2)/[@Row total])"
                ),
                _margin,
                'LOCALIS_SHIFT([@Code],"margin")',
            ),
        ),
        Column(
            "Weighted balance",
            POINTS,
            12,
            Formula(
                f"({weighted})/[@Row total]",
                weighted_balance,
                'LOCALIS_SHIFT([@Code],"weighted balance")',
            ),
        ),
        Column(
            "Diffusion index",
            SHARE,
            12,
            Formula(
                "([@More]+[@No change]/2)/[@Row total]",
                lambda row, _: measures.diffusion_index(
                    row.number("More"), row.number("No change"), row.number("Row total")
                ),
                'LOCALIS_SHIFT([@Code],"diffusion index")',
            ),
        ),
        Column(
            "Fewer per more",
            DECIMAL,
            11,
            Formula(
                'IF([@More]=0,"No ratio",[@Fewer]/[@More])',
                _ratio,
                'LOCALIS_SHIFT([@Code],"ratio")',
            ),
        ),
    )


def _plotted(table: str, short: str, sign: int) -> Column:
    minus = "-" if sign < 0 else ""
    return Column(
        plotted(short),
        SHARE,
        11,
        Formula(
            f"{minus}INDEX({table}[{short}],MATCH([@Code],{table}[Code],0))/[@Row total]",
            lambda row, book: (
                sign
                * measures.share(
                    book.find(table, row["Code"]).number(short), row.number("Row total")
                )
            ),
        ),
    )
