"""Reading a contracts register as a council publishes it.

Nothing is guessed: "TBC", "Various", "up to £50,000" or 31 September leave a gap, which is listed
with its reason and counted in the coverage. Each row of a file is read, rejected (nothing in it
says which contract it is) or set aside (blank, the headings again, a total).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts import recognition
from commissioning.council.contracts.fields import FIELDS
from commissioning.council.contracts.rows import LABELS, Entry, Reader, Remark
from commissioning.council.figures import Contract
from commissioning.council.reading import headings, sources
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from commissioning.council.reading.columns import Recognition
    from commissioning.council.reading.sources import Table


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
        return frozenset(remark.row for remark in self.unread if remark.field == LABELS["latest"])


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
        f"{path} is not a contracts register: no column gives the day on which contracts end or "
        "how long they run, or none says which contract it is, or no contract follows. If it is "
        'one, name the columns, such as --columns title="Agreement",end="Finish".'
    )


def _register(table: Table, overrides: Mapping[str, str] | None) -> Register | None:
    """A table's register; None where it is no such table."""
    found = headings.find(table.rows[: sources.HEAD], FIELDS)
    names, body = recognition.unpacked(found.names, table.rows[found.body :])
    columns = recognition.recognised(names, body[: sources.HEAD], overrides, table.where(1))
    if columns is None:
        return None
    reader = Reader(columns, body)
    for row, cells in enumerate(body, found.body + 1):
        reader.take(row, cells, names)
    name = f"{table.file}, sheet {table.sheet}" if table.sheet else table.file
    return Register(
        name,
        columns.found,
        tuple(reader.entries),
        tuple(reader.rejected),
        tuple(reader.aside),
        tuple(reader.unread),
    )


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
