"""What the contracts register comes to: what falls due, and who holds the contracts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commissioning.cells import Value, is_number
from commissioning.council.contracts import deadlines
from commissioning.workbook.book import is_text, number, sound
from commissioning.workbook.grid import POUNDS, SHARE, WHOLE, Column, Formula, Line, Sheet, Table
from commissioning.workbook.layout.contracts import (
    EXTEND,
    LATE,
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
    from collections.abc import Sequence

    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents


def _holding(book: Book, heading: str, *texts: str) -> list[Row]:
    """The contracts that hold one of some texts in a column, as COUNTIF finds them."""
    return [row for row in book.rows("Contracts") if _holds(row, heading, *texts)]


def _holds(row: Row, heading: str, *texts: str) -> bool:
    value = row[heading]
    return is_text(value) and str(value).casefold() in {text.casefold() for text in texts}


def _worth(rows: Sequence[Row]) -> float:
    """What contracts are worth, as SUMIF adds it up."""
    return math.fsum(value for row in rows if is_number(value := sound(row[VALUE])))


def _counts(heading: str, *texts: str) -> Formula:
    """How many contracts hold one of some texts in a column."""
    text = "+".join(f'COUNTIF(Contracts[{heading}],"{each}")' for each in texts)
    return Formula(text, lambda _, book: len(_holding(book, heading, *texts)))


def _sums(heading: str, *texts: str) -> Formula:
    """What the contracts are worth that hold one of some texts in a column."""
    text = "+".join(f'SUMIF(Contracts[{heading}],"{each}",Contracts[{VALUE}])' for each in texts)
    return Formula(
        text,
        lambda _, book: math.fsum(_worth(_holding(book, heading, each)) for each in texts),
    )


def _both(heading: str, text: str) -> tuple[Formula, Formula]:
    """How many contracts hold a text in a column, and what they are worth."""
    return _counts(heading, text), _sums(heading, text)


def _ending_extendable() -> tuple[Formula, Formula]:
    """How many contracts end within the horizon and can be extended, and what they are worth."""
    wanted = f'Contracts[{STANDING}],"{deadlines.ENDS}",Contracts[{EXTEND}],"{YES}"'

    def found(book: Book) -> list[Row]:
        ending = _holding(book, STANDING, deadlines.ENDS)
        return [row for row in ending if _holds(row, EXTEND, YES)]

    return (
        Formula(f"COUNTIFS({wanted})", lambda _, book: len(found(book))),
        Formula(f"SUMIFS(Contracts[{VALUE}],{wanted})", lambda _, book: _worth(found(book))),
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
    count, worth = (
        Formula(
            'SUMPRODUCT(--(Contracts[Contract]<>""))',
            lambda _, book: sum(
                sound(row["Contract"]) not in {None, ""} for row in book.rows("Contracts")
            ),
        ),
        Formula(
            f"SUM(Contracts[{VALUE}])", lambda _, book: math.fsum(book.numbers("Contracts", VALUE))
        ),
    )
    rows: list[Contents] = [
        {"Item": "all", "Measure": "Contracts in the register", "Contracts": count, VALUE: worth}
    ]
    for item, measure, (number_of, value_of) in (
        ("ends", "Ending within the months ahead", _both(STANDING, deadlines.ENDS)),
        ("extend", "Of those ending, with an end that can be extended", _ending_extendable()),
        ("review", "Due for review within the months ahead", _both(REVIEW, YES)),
        ("late", "Value test should have begun already", _both(TEST, LATE)),
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
        said, held = _counts(heading, YES, NO), _counts(heading, YES)
        rows.append(
            {
                "Item": item,
                "Measure": measure,
                "Contracts": held,
                VALUE: _sums(heading, YES),
                "Share of contracts": _share(held, said),
                "Share of value": _share(_sums(heading, YES), _sums(heading, YES, NO)),
                "Contracts that say": _share(said, count),
                "Value of those that say": _share(_sums(heading, YES, NO), worth),
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
                "Shares of small and voluntary suppliers are of the contracts that say; the last "
                "two columns show how many do."
            ),
        ),
        parts=(PART,),
    )
