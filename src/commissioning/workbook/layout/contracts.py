"""The contracts register: what ends when, and by when to begin."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from commissioning.cells import Value, date, is_number, serial
from commissioning.council.contracts import deadlines
from commissioning.workbook.book import number
from commissioning.workbook.grid import (
    DATE,
    POUNDS,
    Column,
    Formula,
    Line,
    Sheet,
    Table,
)
from commissioning.workbook.layout.intervals import CHECK_SETTINGS
from commissioning.workbook.layout.spend import pounds
from commissioning.workbook.layout.tracker import AS_AT_IS_A_DAY, as_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.council.figures import Contract
    from commissioning.workbook.book import Book, Row
    from commissioning.workbook.grid import Contents

#: The part of the workbook that an import of a contracts register fills.
PART = "own contracts"

VALUE, STANDING, TEST = "Value £", "Standing", "Value test"
SME, VOLUNTARY, EXTEND, REVIEW = "SME", "Voluntary", "Can be extended", "Review due"
YES, NO, LATE, AHEAD = "Yes", "No", "Late", "Ahead"

#: Stands where the register speaks of extensions but leaves open until when.
OPEN = "See words"

#: What the officer may decide on a contract.
DECISIONS = ("Tender again", "Extend", "Renegotiate", "Bring in-house", "Let it end")

FILLED_BY = "Filled by: localis import contracts FILE --into WORKBOOK"

#: Names of the settings in months, each from 0 to this.
HORIZON, PROCUREMENT, RENEGOTIATION = "HorizonMonths", "ProcurementMonths", "RenegotiationMonths"
_MONTHS = (HORIZON, PROCUREMENT, RENEGOTIATION)
MOST_MONTHS = 600

_LISTED = ",".join(_MONTHS)
_USABLE = (
    f"IF({AS_AT_IS_A_DAY},IF(COUNT({_LISTED})={len(_MONTHS)},"
    f"AND(MIN({_LISTED})>=0,MAX({_LISTED})<={MOST_MONTHS})))"
)


def _day(value: Value) -> float | None:
    """A day as its number; None where ISNUMBER sees none."""
    if isinstance(value, dt.date):
        return serial(value)
    return value if is_number(value) else None


def _edate(day: float, months: float) -> int:
    """The serial number of a day so many months later, as EDATE gives it.

    Raises:
        ValueError: there is no such day.
    """
    found = date(day)
    if found is None or day < 0:
        raise ValueError(day)
    return serial(deadlines.months_after(found, int(months)))


class _Settings:
    """The As at date and the months on Settings, as a formula of a contract uses them."""

    def __init__(self, book: Book) -> None:
        self.as_at = _day(book.named("AsAt")) or 0
        self._months = {name: book.named(name) for name in _MONTHS}
        numbers = [months for months in self._months.values() if is_number(months)]
        self.usable = (
            as_at(book) is not None
            and len(numbers) == len(_MONTHS)
            and 0 <= min(numbers) <= max(numbers) <= MOST_MONTHS
        )

    def months(self, name: str) -> float:
        return number(self._months[name])

    def is_within(self, day: float) -> bool:
        """Whether a day is between As at and the horizon, both included."""
        return self.as_at <= day <= _edate(self.as_at, self.months(HORIZON))


def _of_day(
    heading: str, text: str, value: Callable[[float, _Settings, Row], Value], missing: str = '""'
) -> Formula:
    """A formula of a day in the row and of the settings.

    Args:
        heading: of the column with the day.
        text: the formula where there is one and the settings are sound.
        value: the same in Python.
        missing: formula where there is no day: nothing, or what stands in place of it.
    """

    def worked_out(row: Row, book: Book) -> Value:
        day, settings = _day(row[heading]), _Settings(book)
        if day is None:
            return missing.strip('"') if row.text("Contract") else ""
        return value(day, settings, row) if settings.usable else CHECK_SETTINGS

    return Formula(
        f'IF(ISNUMBER([@{heading}]),IF({_USABLE},{text},"{CHECK_SETTINGS}"),'
        f'IF([@Contract]="","",{missing}))',
        worked_out,
    )


_WITHIN = f"AND([@{{0}}]>=AsAt,[@{{0}}]<=EDATE(AsAt,{HORIZON}))"


def _standing(end: float, settings: _Settings, _: Row) -> str:
    if end < settings.as_at:
        return deadlines.ENDED
    return deadlines.ENDS if settings.is_within(end) else deadlines.LATER


def _can_be_extended(row: Row, _: Book) -> str:
    end, latest = _day(row["End"]), _day(row["Latest end"])
    if end is None or latest is None:
        return OPEN if row.text("Extensions") else ""
    return YES if latest > end else NO


def _begins(name: str) -> Formula:
    """The day on which something that takes so many months should begin."""
    return _of_day(
        "End",
        f"EDATE([@End],-{name})",
        lambda end, settings, _: _edate(end, -int(settings.months(name))),
    )


def _test(row: Row, book: Book) -> str:
    begins = row["Value test begins"]
    if row.text(STANDING) != deadlines.ENDS or not is_number(begins):
        return ""
    return LATE if begins < _Settings(book).as_at else AHEAD


def register(contracts: Sequence[Contract] | None) -> Sheet:
    """Every contract of the council's register, with the days on which to begin."""
    columns = (
        Column("Contract", width=20),
        Column("Title", width=40),
        Column("Supplier", width=34),
        Column("Service", width=22),
        Column(VALUE, POUNDS, 15),
        Column("Annual value £", POUNDS, 14),
        Column("Start", DATE, 13),
        Column("End", DATE, 13),
        Column("Review", DATE, 13),
        Column("Latest end", DATE, 13),
        Column("Extensions", width=22),
        Column("Process", width=20),
        Column(SME, width=8),
        Column(VOLUNTARY, width=11),
        Column(
            STANDING,
            width=25,
            formula=_of_day(
                "End",
                f'IF([@End]<AsAt,"{deadlines.ENDED}",IF([@End]<=EDATE(AsAt,{HORIZON}),'
                f'"{deadlines.ENDS}","{deadlines.LATER}"))',
                _standing,
                f'"{deadlines.NO_END}"',
            ),
            tones={deadlines.ENDS: "warn"},
        ),
        Column(
            EXTEND,
            width=11,
            formula=Formula(
                "IF(AND(ISNUMBER([@End]),ISNUMBER([@Latest end])),"
                f'IF([@Latest end]>[@End],"{YES}","{NO}"),IF([@Extensions]="","","{OPEN}"))',
                _can_be_extended,
            ),
        ),
        Column(
            REVIEW,
            width=10,
            formula=_of_day(
                "Review",
                f'IF({_WITHIN.format("Review")},"{YES}","{NO}")',
                lambda review, settings, _: YES if settings.is_within(review) else NO,
            ),
        ),
        Column("Value test begins", DATE, 13, _begins(PROCUREMENT)),
        Column("Renegotiation begins", DATE, 15, _begins(RENEGOTIATION)),
        Column(
            TEST,
            width=10,
            formula=Formula(
                f'IF([@{STANDING}]="{deadlines.ENDS}",IF(ISNUMBER([@Value test begins]),'
                f'IF([@Value test begins]<AsAt,"{LATE}","{AHEAD}"),""),"")',
                _test,
            ),
            tones={LATE: "bad"},
        ),
        Column("Decision input", width=16, input=True, choices=DECISIONS),
        Column("Notes input", width=26, input=True),
    )
    ordered = sorted(
        contracts or (), key=lambda each: (each.end or dt.date.max, -(each.value or 0))
    )
    return Sheet(
        "Contracts",
        "The council's own contracts",
        "What ends, can be extended or is due for review, and when a value test should begin",
        "Council",
        Table("Contracts", "Contract", columns, [_row(each) for each in ordered], filtered=True),
        (
            Line(
                "A value test asks whether the council still needs it, and who could deliver it, "
                "before anything is bought again. Lead times are on Settings.",
                link="Settings",
            ),
            Line(FILLED_BY),
        ),
        task="Decide",
        parts=(PART,),
    )


def _row(contract: Contract) -> Contents:
    """A contract as the register has it; what it does not say stays empty."""
    flags = {True: YES, False: NO, None: None}
    return {
        "Contract": contract.reference,
        "Title": contract.title,
        "Supplier": contract.supplier,
        "Service": contract.service,
        VALUE: None if contract.value is None else pounds(contract.value),
        "Annual value £": (
            None if contract.annual_value is None else pounds(contract.annual_value)
        ),
        "Start": contract.start,
        "End": contract.end,
        "Review": contract.review,
        "Latest end": contract.extended_end,
        "Extensions": contract.extension or None,
        "Process": contract.process or None,
        SME: flags[contract.sme],
        VOLUNTARY: flags[contract.voluntary],
    }
