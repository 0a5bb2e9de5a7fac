"""Reading a contracts register as a council publishes it.

Nothing is guessed: "TBC", "Various", "up to £50,000" or 31 September leave a gap, which is listed
with its reason and counted in the coverage. Each row of a file is read, rejected (nothing in it
says which contract it is) or set aside (blank, the headings again, a total).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts import extensions
from commissioning.council.contracts.fields import ENDS, FIELDS, NAMES
from commissioning.council.figures import Contract
from commissioning.council.reading import amounts, dates, flags, headings, sources
from commissioning.council.reading.columns import Recognition, recognise
from commissioning.council.reading.content import is_blank
from commissioning.council.reading.words import words
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from commissioning.council.reading.sources import Table

_LABELS = {field.code: field.label for field in FIELDS}

_NOT_ONE_AMOUNT = "is not one amount"
_NEGATIVE = "is below nothing"
_NO_DAY = f"is no day from {dates.EARLIEST.year} to {dates.LATEST.year}"
_NO_FLAG = "says neither yes nor no"

_SCALED = re.compile(r"£?\s*(\d+(?:\.\d+)?)\s*(k|m|mn|million|thousand)", re.IGNORECASE | re.ASCII)
_THOUSAND = ("k", "thousand")
_UNTIL = re.compile(r"(?:extend(?:ed|able)? )?(?:up )?(?:until|till|to)\s+(?=.*\d)", re.IGNORECASE)
_TOTAL = re.compile(r"(?:grand |sub[- ]?)?totals?\b", re.IGNORECASE)


class Remark(NamedTuple):
    """Something that was not read: a row (`field` is then empty) or what a cell of it says."""

    row: int
    field: str
    text: str
    reason: str


class Entry(NamedTuple):
    """A row of the register: the contract, and what else stands there; "" where nothing does.

    Attributes:
        row: in the file, from 1 as a spreadsheet shows it.
        vat: that cannot be recovered, in pence.
        extension: what the register says of extensions, in its words.
        process: how the contract was procured.
    """

    contract: Contract
    row: int
    description: str
    company: str
    charity: str
    vat: int | None
    extension: str
    process: str


@dataclass(frozen=True)
class Register:
    """A contracts register, read.

    Attributes:
        file: its name, with the sheet if it is a workbook.
        columns: which column is which field, and why.
        entries: the contracts, in the order of the file.
        rejected: rows that say of no contract which it is.
        aside: rows that are no contract.
        unread: cells whose words leave a gap.
        rows: rows below the headings: those read, rejected and set aside.
    """

    file: str
    columns: Recognition
    entries: tuple[Entry, ...]
    rejected: tuple[Remark, ...]
    aside: tuple[Remark, ...]
    unread: tuple[Remark, ...]

    @property
    def rows(self) -> int:
        """Rows below the headings."""
        return len(self.entries) + len(self.rejected) + len(self.aside)

    @property
    def open_extensions(self) -> frozenset[int]:
        """Rows that name extensions and leave open until when."""
        return frozenset(remark.row for remark in self.unread if remark.field == _LABELS["latest"])


def read(path: Path, overrides: Mapping[str, str] | None = None) -> list[Register]:
    """The registers of a file: one, or in a workbook one for each sheet that is a register.

    Args:
        path: the file.
        overrides: heading or letter of a column by the code of its field.

    Raises:
        LocalisError: the file cannot be read, no table of it is a contracts register, or none has
            a column that the overrides name.
    """
    found, refused = [], None
    for table in sources.read_tables(path):
        try:
            register = _register(table, overrides)
        except LocalisError as error:
            # Another sheet may have the columns that were named.
            refused = error
            continue
        if register and register.entries:
            found.append(register)
    if found:
        return found
    raise refused or LocalisError(
        f"{path} is not a contracts register: no column gives the day on which contracts end, or "
        "none says which contract it is, or no contract follows. If it is one, name the columns, "
        'such as --columns title="Agreement",end="Finish".'
    )


def _register(table: Table, overrides: Mapping[str, str] | None) -> Register | None:
    """A table's register; None where it is no such table."""
    found = headings.find(table.rows[: sources.HEAD], FIELDS)
    body = table.rows[found.body :]
    columns = recognise(
        found.names, body[: sources.HEAD], FIELDS, overrides=overrides, where=table.where(1)
    )
    if not any(code in columns.choices for code in NAMES):
        return None
    if not any(code in columns.choices for code in ENDS):
        return None
    reader = _Reader(columns, body)
    for row, cells in enumerate(body, found.body + 1):
        reader.take(row, cells, found.names)
    name = f"{table.file}, sheet {table.sheet}" if table.sheet else table.file
    return Register(
        name,
        columns,
        tuple(reader.entries),
        tuple(reader.rejected),
        tuple(reader.aside),
        tuple(reader.unread),
    )


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, columns: Recognition, body: Sequence[Sequence[str]]) -> None:
        self.entries: list[Entry] = []
        self.rejected: list[Remark] = []
        self.aside: list[Remark] = []
        self.unread: list[Remark] = []
        self._at = {code: choice.column for code, choice in columns.choices.items()}
        if "end" not in self._at:
            # The only end that the file has is the end.
            only = next(code for code in ENDS if code in self._at)
            self._at["end"] = self._at.pop(only)
        days = [self._at[code] for code in ("start", "review", *ENDS) if code in self._at]
        self._order = dates.order(row[at] for row in body for at in days if at < len(row))
        self._unit = _unit(columns)
        self._row, self._cells = 0, [""]

    def take(self, row: int, cells: Sequence[str], names: Sequence[str]) -> None:
        """Read a row of the table, or say why not."""
        self._row, self._cells = row, [" ".join(cell.split()) for cell in cells]
        filled = [cell for cell in self._cells if not is_blank(cell)]
        start = filled[0] if filled else ""
        if not filled:
            self.aside.append(Remark(row, "", "", "blank"))
        elif headings.repeats(cells, names):
            self.aside.append(Remark(row, "", start, "the headings again"))
        elif self._is_total():
            self.aside.append(Remark(row, "", start, "a total"))
        elif len(filled) == 1 < len(self._at):
            self.aside.append(Remark(row, "", start, "a remark: one cell is filled"))
        elif not any(self._text(code) for code in NAMES):
            reason = "does not say which contract it is"
            self.rejected.append(Remark(row, "", start, reason))
        else:
            self.entries.append(self._entry())

    def _is_total(self) -> bool:
        """Whether the row adds up others: a word for it where a contract has its name, no day."""
        named = {text for code in NAMES if (text := self._text(code))}
        totals = {cell for cell in self._cells if _TOTAL.match(cell)}
        days = (dates.day(self._text(code), self._order) for code in ("start", "end"))
        return bool(totals) and named <= totals and not any(days)

    def _entry(self) -> Entry:
        end, latest = self._ends()
        sme, voluntary = self._kinds()
        contract = Contract(
            reference=self._text("reference"),
            title=self._text("title") or self._text("description") or self._text("reference"),
            supplier=self._text("supplier"),
            service=self._text("service"),
            value=self._pence("value"),
            annual_value=self._pence("annual"),
            start=self._day("start"),
            end=end,
            review=self._day("review"),
            extended_end=latest,
            sme=sme,
            voluntary=voluntary,
        )
        return Entry(
            contract,
            self._row,
            self._text("description"),
            self._text("company"),
            self._text("charity"),
            self._pence("vat"),
            self._text("extension"),
            self._text("process"),
        )

    def _cell(self, code: str) -> str:
        at = self._at.get(code)
        return "" if at is None or at >= len(self._cells) else self._cells[at]

    def _text(self, code: str) -> str:
        cell = self._cell(code)
        return "" if is_blank(cell) else cell

    def _gap(self, code: str, text: str, reason: str) -> None:
        self.unread.append(Remark(self._row, _LABELS[code], text, reason))

    def _pence(self, code: str) -> int | None:
        text = self._text(code)
        if not text:
            return None
        found = _pence(text)
        if found is None or found < 0:
            self._gap(code, text, _NOT_ONE_AMOUNT if found is None else _NEGATIVE)
            return None
        return found

    def _day(self, code: str) -> dt.date | None:
        text = self._text(code)
        read = dates.last_day if code in ENDS else dates.day
        found = read(text, self._order) if text else None
        if text and found is None:
            self._gap(code, text, _NO_DAY)
        return found

    def _kinds(self) -> tuple[bool | None, bool | None]:
        """Whether the supplier is small or medium-sized, and whether it is voluntary."""
        sme, voluntary = self._flag("sme"), self._flag("voluntary")
        if both := self._text("status"):
            read = [flags.read(both, kind, alone=False) for kind in flags.KINDS]
            if read == [None, None]:
                self._gap("status", both, _NO_FLAG)
            sme = read[0] if sme is None else sme
            voluntary = read[1] if voluntary is None else voluntary
        return sme, voluntary

    def _flag(self, kind: flags.Kind) -> bool | None:
        text = self._text(kind)
        found = flags.read(text, kind) if text else None
        if text and found is None:
            self._gap(kind, text, _NO_FLAG)
        return found

    def _ends(self) -> tuple[dt.date | None, dt.date | None]:
        """The end as it now stands, and the latest that extensions allow.

        Where a file has the first end and the current one, a row without the current one has not
        been extended. The latest end is the register's own where it gives one; otherwise it is
        reckoned from the extensions that it names.
        """
        original = self._day("original")
        end = self._day("end") if self._text("end") else original
        latest = self._day("latest")
        if end and not latest:
            latest = self._reckoned(end, original or end)
        return end, latest

    def _reckoned(self, end: dt.date, original: dt.date) -> dt.date | None:
        text = self._text("extension")
        until = _UNTIL.match(text)
        if until and (day := dates.day(text[until.end() :], self._order)):
            return day
        if not text:
            return None
        count = self._text("extensions")
        latest = extensions.latest_end(
            end,
            original,
            extensions.Options(
                extensions.months(text, self._unit),
                int(count) if count.isdecimal() else None,
                len(re.findall(r"\d+", text)) == 1,
                flags.is_yes(self._text("extended")) is True,
            ),
        )
        if isinstance(latest, str):
            self._gap("latest", text, latest)
            return None
        return latest


def _pence(text: str) -> int | None:
    """An amount in pence, also as £1.2m or 50k; None where the text is not one amount."""
    scaled = _SCALED.fullmatch(text)
    if not scaled:
        return amounts.pence(text)
    factor = 1_000 if scaled[2].casefold() in _THOUSAND else 1_000_000
    return amounts.pence(str(Decimal(scaled[1]) * factor))


def _unit(columns: Recognition) -> str:
    """The unit that the heading of the extensions names, for numbers that stand alone."""
    choice = columns.choices.get("extension")
    said = words(choice.heading) if choice else ()
    return next((unit for unit in ("month", "year") if unit in said), "")


#: Codes of the fields that an entry keeps; others serve to read these.
_KEPT = frozenset(("annual", "latest", *Entry._fields, *Contract._fields))


class Coverage(NamedTuple):
    """In how many rows a field was read, and in how many it stood but could not be read."""

    field: str
    read: int
    unread: int


def coverage(registers: Iterable[Register]) -> list[Coverage]:
    """How far the registers give each field."""
    read: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for register in registers:
        unread.update(remark.field for remark in register.unread)
        for entry in register.entries:
            # "" and None are gaps; no pounds and "no" are answers.
            read.update(code for code, value in _said(entry).items() if value not in ("", None))
    return [
        Coverage(field.label, read[field.code], unread[field.label])
        for field in FIELDS
        if field.code in _KEPT and (read[field.code] or unread[field.label])
    ]


def _said(entry: Entry) -> dict[str, object]:
    """What a row says, by the codes of the fields."""
    said = entry._asdict() | entry.contract._asdict()
    return said | {"annual": entry.contract.annual_value, "latest": entry.contract.extended_end}


def repeated(registers: Iterable[Register]) -> list[Contract]:
    """Contracts that are in more than one of the registers, by all that tells them apart.

    They are counted in each: registers of several dates hold most contracts again.
    """
    seen: dict[tuple[object, ...], Contract] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for register in registers:
        keys = {_identity(entry.contract): entry.contract for entry in register.entries}
        seen.update(keys)
        counts.update(iter(keys))
    return [seen[key] for key, count in counts.items() if count > 1]


def _identity(contract: Contract) -> tuple[object, ...]:
    names = (contract.reference, contract.title, contract.supplier)
    return (*(name.casefold() for name in names), contract.start)
