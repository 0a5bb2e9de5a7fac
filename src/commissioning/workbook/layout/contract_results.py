"""What the contracts register comes to: what falls due, and who holds the contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.council.contracts import deadlines
from commissioning.workbook.book import is_text, number, summed
from commissioning.workbook.grid import POUNDS, SHARE, WHOLE, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.contracts import (
    COUNTS,
    EXTEND,
    NO,
    PART,
    REVIEW,
    SME,
    STANDING,
    TEST,
    VALUE,
    VOLUNTARY,
    YES,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commissioning.cells import Value
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


def _holding(book: Book, wanted: Mapping[str, str]) -> list[Row]:
    """The contracts that hold texts in columns, as COUNTIFS finds them."""
    return [
        row
        for row in book.rows("Contracts")
        if all(_holds(row[heading], text) for heading, text in wanted.items())
    ]


def _holds(value: Value, text: str) -> bool:
    return is_text(value) and str(value).casefold() == text.casefold()


def _worth(rows: Sequence[Row]) -> float:
    """What contracts are worth, as SUMIFS adds it up."""
    return summed(rows, VALUE)


def _both(wanted: Mapping[str, str]) -> tuple[Formula, Formula]:
    """How many contracts that count hold texts in columns, and what they are worth."""
    wanted = {COUNTS: YES, **wanted}
    tests = ",".join(f'Contracts[{heading}],"{text}"' for heading, text in wanted.items())
    return (
        Formula(f"COUNTIFS({tests})", lambda _, book: len(_holding(book, wanted))),
        Formula(
            f"SUMIFS(Contracts[{VALUE}],{tests})", lambda _, book: _worth(_holding(book, wanted))
        ),
    )


def _sum(one: Formula, other: Formula) -> Formula:
    return Formula(
        f"{one.text}+{other.text}",
        lambda row, book: number(one.value(row, book)) + number(other.value(row, book)),
    )


def _share(part: Formula, whole: Formula) -> Formula:
    """The share of one figure in another, empty where there is nothing to divide by."""

    def value(row: Row, book: Book) -> Value:
        base = number(whole.value(row, book))
        return number(part.value(row, book)) / base if base else ""

    return Formula(f'IF(({whole.text})=0,"",({part.text})/({whole.text}))', value)


def results() -> Sheet:
    """What the register comes to."""
    columns = (
        Column("Item", width=12),
        Column("Measure", width=58),
        Column("Contracts", WHOLE, 12),
        Column(VALUE, POUNDS, 18),
        Column("Share of contracts", SHARE, 12),
        Column("Share of value", SHARE, 12),
        Column("Contracts that say", SHARE, 14),
        Column("Value of those that say", SHARE, 14),
    )
    count, worth = _both({})
    rows: list[Contents] = [
        {"Item": "all", "Measure": "Contracts that count", "Contracts": count, VALUE: worth}
    ]
    for item, measure, (number_of, value_of) in (
        ("ends", "Ending within the months ahead", _both({STANDING: deadlines.ENDS})),
        (
            "extend",
            "Of those ending, with an end that can be extended",
            _both({STANDING: deadlines.ENDS, EXTEND: YES}),
        ),
        ("review", "Due for review within the months ahead", _both({REVIEW: YES})),
        ("late", "Value test should have begun already", _both({TEST: deadlines.LATE})),
        ("short", "Too short for a value test in time", _both({TEST: deadlines.TOO_SHORT})),
    ):
        rows.append(
            {
                "Item": item,
                "Measure": measure,
                "Contracts": number_of,
                VALUE: value_of,
                "Share of contracts": _share(number_of, count),
                "Share of value": _share(value_of, worth),
            }
        )
    for item, measure, heading in (
        ("SME", "With small and medium-sized companies, of those that say", SME),
        ("VCS", "With voluntary and community organisations, of those that say", VOLUNTARY),
    ):
        held, held_worth = _both({heading: YES})
        others, others_worth = _both({heading: NO})
        said, said_worth = _sum(held, others), _sum(held_worth, others_worth)
        rows.append(
            {
                "Item": item,
                "Measure": measure,
                "Contracts": held,
                VALUE: held_worth,
                "Share of contracts": _share(held, said),
                "Share of value": _share(held_worth, said_worth),
                "Contracts that say": _share(said, count),
                "Value of those that say": _share(said_worth, worth),
            }
        )
    return Sheet(
        "Contract results",
        "What the contracts register comes to",
        "What falls due in the months ahead, and the part of small and voluntary suppliers",
        "Council",
        Table("ContractResults", "Item", columns, rows),
        (
            Line(
                "Counted as at the date, and for the months ahead, that are set on Settings. "
                "Values are over the whole life of a contract, as far as the register gives them.",
                link="Settings",
            ),
            Line(
                "Contracts that the register no longer has do not count. Shares of small and "
                "voluntary suppliers are of those that say; the last two columns show how many do."
            ),
        ),
        parts=(PART,),
    )
