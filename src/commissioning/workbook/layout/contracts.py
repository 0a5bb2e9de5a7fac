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
YES, NO = "Yes", "No"

#: Whether the register still has a contract, empty for one of the officer's own, and whether the
#: contract therefore counts.
IN_REGISTER, NO_LONGER, COUNTS = "In register", "No longer", "Counts"
GONE = "No longer in register"

#: Stands where the register speaks of extensions but leaves open until when.
OPEN = "See words"

#: What the officer may decide on a contract.
DECISIONS = ("Tender again", "Extend", "Renegotiate", "Bring in-house", "Let it end")

FILLED_BY = "Filled by: localis import contracts FILE --into WORKBOOK"

#: Names of the settings in months, each from 0 to this.
HORIZON, PROCUREMENT, RENEGOTIATION = "HorizonMonths", "ProcurementMonths", "RenegotiationMonths"
NOTICE = "NoticeMonths"
MONTHS = (HORIZON, PROCUREMENT, RENEGOTIATION, NOTICE)
MOST_MONTHS = 600

_LISTED = ",".join(MONTHS)
_USABLE = (
    f"IF({AS_AT_IS_A_DAY},IF(COUNT({_LISTED})={len(MONTHS)},"
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
        self._months = {name: book.named(name) for name in MONTHS}
        numbers = [months for months in self._months.values() if is_number(months)]
        self.usable = (
            as_at(book) is not None
            and len(numbers) == len(MONTHS)
            and 0 <= min(numbers) <= max(numbers) <= MOST_MONTHS
        )

    def months(self, name: str) -> float:
        return number(self._months[name])

    def is_within(self, day: float) -> bool:
        """Whether a day is between As at and the horizon, both included."""
        return self.as_at <= day <= _edate(self.as_at, self.months(HORIZON))


def _of_day(
    heading: str,
    text: str,
    value: Callable[[float, _Settings, Row], Value],
    missing: str = "",
    gone: str = "",
) -> Formula:
    """A formula of a day in the row and of the settings.

    Args:
        heading: of the column with the day.
        text: the formula where there is one and the settings are sound.
        value: the same in Python.
        missing: what stands in place of it where there is no day.
        gone: what stands in place of it where the contract no longer counts.
    """

    def worked_out(row: Row, book: Book) -> Value:
        if not _says(row, COUNTS, YES):
            return gone if _says(row, COUNTS, NO) else ""
        day = _day(row[heading])
        if day is None:
            return missing
        settings = _Settings(book)
        return value(day, settings, row) if settings.usable else CHECK_SETTINGS

    otherwise = f'IF([@{COUNTS}]="{NO}","{gone}","")' if gone else '""'
    return Formula(
        f'IF([@{COUNTS}]="{YES}",IF(ISNUMBER([@{heading}]),'
        f'IF({_USABLE},{text},"{CHECK_SETTINGS}"),"{missing}"),{otherwise})',
        worked_out,
    )


def _says(row: Row, heading: str, text: str) -> bool:
    """Whether a cell holds a text as `=` sees it."""
    return row.text(heading).casefold() == text.casefold()


def _counts(row: Row, _: Book) -> str:
    if not row.text("Contract"):
        return ""
    return NO if _says(row, IN_REGISTER, NO_LONGER) else YES


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


def _decided(end: float, settings: _Settings, row: Row) -> Value:
    """The day by which to decide on an extension, where there can be one."""
    return _edate(end, -int(settings.months(NOTICE))) if _says(row, EXTEND, YES) else ""


def _test(row: Row, book: Book) -> str:
    begins = row["Value test begins"]
    if not _says(row, STANDING, deadlines.ENDS) or not is_number(begins):
        return ""
    if (start := _day(row["Start"])) is not None and begins < start:
        return deadlines.TOO_SHORT
    return deadlines.LATE if begins < _Settings(book).as_at else deadlines.AHEAD


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
        Column(IN_REGISTER, width=11, tones={NO_LONGER: "warn"}),
        Column(
            COUNTS,
            width=9,
            formula=Formula(
                f'IF([@Contract]="","",IF([@{IN_REGISTER}]="{NO_LONGER}","{NO}","{YES}"))', _counts
            ),
        ),
        Column(
            STANDING,
            width=25,
            formula=_of_day(
                "End",
                f'IF([@End]<AsAt,"{deadlines.ENDED}",IF([@End]<=EDATE(AsAt,{HORIZON}),'
                f'"{deadlines.ENDS}","{deadlines.LATER}"))',
                _standing,
                deadlines.NO_END,
                GONE,
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
            "Extension decided by",
            DATE,
            13,
            _of_day("End", f'IF([@{EXTEND}]="{YES}",EDATE([@End],-{NOTICE}),"")', _decided),
        ),
        Column(
            TEST,
            width=10,
            formula=Formula(
                f'IF([@{STANDING}]="{deadlines.ENDS}",IF(ISNUMBER([@Value test begins]),'
                f'IF(IF(ISNUMBER([@Start]),[@Value test begins]<[@Start]),"{deadlines.TOO_SHORT}",'
                f'IF([@Value test begins]<AsAt,"{deadlines.LATE}","{deadlines.AHEAD}")),""),"")',
                _test,
            ),
            tones={deadlines.LATE: "bad", deadlines.TOO_SHORT: "warn"},
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
        Table(
            "Contracts",
            "Contract",
            columns,
            [_row(each) for each in ordered],
            filtered=True,
            retires={IN_REGISTER: NO_LONGER},
        ),
        (
            Line(
                "A value test asks whether the council still needs it, and who could deliver it, "
                "before anything is bought again. Lead times are on Settings.",
                link="Settings",
            ),
            Line(
                "Too short: the contract began after the day on which its value test should have. "
                "A contract that is no longer in the register keeps what you typed, but counts no "
                "more."
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
        IN_REGISTER: YES,
    }
