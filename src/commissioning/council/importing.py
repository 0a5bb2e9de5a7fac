"""The council's own files as figures for its workbook, with what needs a look."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.figures import ImportedFile, Own, Spend, SpendLine, Supplier
from commissioning.council.reading.amounts import pounds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from commissioning.council.figures import Contract
    from commissioning.council.spend.payments import Reading
    from commissioning.council.spend.store import File
    from commissioning.evidence.pack import Evidence

#: The columns of `totals.suppliers` in the order of `Supplier`.
_OF_SUPPLIER = ("key", "supplier", "pence", "payments", "provider", "reason")

#: What can be imported.
KINDS = ("spend", "contracts", "survey")


class Look(NamedTuple):
    """Something that was not read, or may be wrong: where it stands, and what it is."""

    where: str
    text: str


class Imported(NamedTuple):
    """The figures of some files, what was read in words, and what needs a look."""

    own: Own
    told: Sequence[str]
    look: Sequence[Look]


class Request(NamedTuple):
    """What to import.

    Attributes:
        kind: one of `KINDS`.
        files: the files, all of that kind.
        workbook: the workbook beside which payments are kept.
        evidence: the survey that the council's own is held against.
        columns: which column is which, where the choice is wrong (see `--columns`).
        council: name of the council, where it is known.
        areas: what counts as local: outward codes or postcode areas.
        held_in: name of the file in which the workbook says that its payments are: it may have
            been renamed since, or saved as another.
        dry_run: whether nothing is to be written.
        watch: is told of each file how much of it has been read, from 0 to 1.
    """

    kind: str
    files: Sequence[Path]
    workbook: Path
    evidence: Evidence
    columns: str | None = None
    council: str | None = None
    areas: Collection[str] = ()
    held_in: str | None = None
    dry_run: bool = False
    watch: Callable[[str, float], None] = lambda *_: None


@contextlib.contextmanager
def read(request: Request) -> Iterator[Imported]:
    """Read the files; what is kept beside the workbook is replaced when the block is left.

    After an error in the block it is as it was.

    Raises:
        LocalisError: a file cannot be read or is not of that kind.
    """
    with _READERS[request.kind](request) as imported:
        yield imported


@contextlib.contextmanager
def _spend(request: Request) -> Iterator[Imported]:
    from commissioning.council.reading.columns import parse_overrides
    from commissioning.council.spend import payments, store
    from commissioning.council.spend.fields import FIELDS

    overrides = parse_overrides(request.columns, FIELDS)
    readings = [payments.read(path, overrides) for path in request.files]
    imports = [
        (path, reading.watched(request.watch))
        for path, reading in zip(request.files, readings, strict=True)
    ]
    held = where = store.path_beside(request.workbook)
    earlier = held.with_name(held.name if held.exists() else request.held_in or held.name)
    with contextlib.ExitStack() as stack:
        if request.dry_run:
            where = Path(stack.enter_context(tempfile.TemporaryDirectory())) / held.name
        tallies = [partial(_rejected_of, reading) for reading in readings]
        before = {file.name: file for file in store.imported(earlier)}
        new = stack.enter_context(store.replaced(where, imports, tallies, earlier))
        yield Imported(
            Own(spend=_summed(new, held.name, request)),
            [
                f"{each.file}: {each.read.rows:,} payments of {pounds(each.read.pence)}; "
                f"{len(each.rejected):,} rejected."
                for each in readings
            ],
            [*_rejected(readings), *_replaced(before, store.imported(new)), *_overlaps(new)],
        )


def _replaced(before: Mapping[str, File], now: Iterable[File]) -> Iterator[Look]:
    """Files in whose place came others of the same name but of another time."""
    for file in now:
        old = before.get(file.name)
        if old and old.sha256 != file.sha256 and (old.first, old.last) != (file.first, file.last):
            yield Look(
                file.name,
                "took the place of an earlier file of that name, whose payments from "
                f"{old.first} to {old.last} no longer count. If both should, give one another name "
                "and import both.",
            )


def _overlaps(payments: Path) -> Iterator[Look]:
    """Months that two files both have, where payments are in both."""
    from commissioning.council.spend import overlaps

    for each in overlaps.months(payments):
        if each.identical:
            yield Look(
                f"{each.file} and {each.other}",
                f"both have {each.identical:,} identical payments of {each.month:%B %Y}, "
                f"{pounds(each.pence)}, and count twice. Leave one of them out.",
            )


def _summed(payments: Path, name: str, request: Request) -> Spend:
    """The summary of a store as the workbook takes it."""
    from commissioning.council.spend import store, totals

    added = totals.added_up(payments, request.areas)
    lines, suppliers = totals.lines(added), totals.suppliers(added, request.council)
    return Spend(
        [
            ImportedFile(
                name=each.name,
                rows=each.payments,
                pence=each.pence,
                rejected_rows=each.rejected,
                rejected_pence=each.rejected_pence,
                first=each.first,
                last=each.last,
                held_in=name,
            )
            for each in store.imported(payments)
        ],
        [Supplier(*(each[name] for name in _OF_SUPPLIER)) for each in suppliers.to_dict("records")],
        [
            SpendLine(
                each["key"],
                each["supplier"],
                each["service"],
                None if each["year"] != each["year"] else int(each["year"]),
                each["pence"],
                each["placed"],
                each["local"],
            )
            for each in lines.astype({"year": float}).to_dict("records")
        ],
    )


def _rejected_of(reading: Reading) -> tuple[int, int]:
    return reading.unread.rows, reading.unread.pence


def _rejected(readings: Iterable[Reading]) -> Iterator[Look]:
    """The payments that could not be read."""
    for reading in readings:
        for note in reading.rejected:
            sheet = f", sheet {note.sheet}" if note.sheet else ""
            yield Look(f"{reading.file}{sheet}, row {note.row}", f"not read: {note.reason}.")


@contextlib.contextmanager
def _contracts(request: Request) -> Iterator[Imported]:
    from commissioning.council.contracts import register as contracts
    from commissioning.council.contracts.fields import FIELDS
    from commissioning.council.reading.columns import parse_overrides

    overrides = parse_overrides(request.columns, FIELDS)
    registers = [each for path in request.files for each in contracts.read(path, overrides)]
    unread = [
        Look(
            f"{register.file}, row {remark.row}",
            f"{remark.field or 'row'} not read, since it {remark.reason}: {remark.text}",
        )
        for register in registers
        for remark in (*register.rejected, *register.unread)
    ]
    told = [f"{each.file}: {len(each.entries):,} contracts of {each.rows:,}." for each in registers]
    entries = [
        entry.contract._replace(extension=entry.extension, process=entry.process)
        for register in registers
        for entry in register.entries
    ]
    yield Imported(Own(contracts=_told_apart(entries)), told, unread)


def _told_apart(contracts: Sequence[Contract]) -> list[Contract]:
    """The contracts with references that tell them apart; one that was read twice stands once.

    Those of one reference are numbered in an order of their own, not that of the register: what
    was decided on one of them must not pass to another when lines change places.
    """
    listed = [each._replace(reference=each.reference or each.title) for each in contracts]
    taken = {each.reference.casefold() for each in listed}
    first = dict.fromkeys(taken, True)
    found = []
    for contract in sorted(dict.fromkeys(listed), key=_of_one_reference):
        reference = contract.reference
        if not first[reference.casefold()]:
            numbered = (f"{reference} ({count})" for count in itertools.count(2))
            reference = next(each for each in numbered if each.casefold() not in taken)
        first[contract.reference.casefold()] = False
        taken.add(reference.casefold())
        found.append(contract._replace(reference=reference))
    return found


def _of_one_reference(contract: Contract) -> tuple[str, ...]:
    """What orders the contracts of one reference: who does what from when, before its money."""
    days = (contract.start, contract.end, contract.review, contract.extended_end)
    texts = (contract.title, contract.supplier, contract.service)
    return (*texts, *map(str, (*days, contract.value, contract.annual_value)))


@contextlib.contextmanager
def _survey(request: Request) -> Iterator[Imported]:
    from commissioning.council.survey import survey

    found = survey.read(request.files, request.evidence, request.columns)
    unread = [
        Look(f"{survey.name(reading)}, row {each.row}", f"{each.reason}: {each.text}")
        for reading in found.readings
        for each in reading.unread
    ]
    told = [f"{survey.name(reading)}: read." for reading in found.readings]
    told += [f"{copy}: not counted, {first} has all its answers." for copy, first in found.copies]
    yield Imported(Own(survey=found.counts), told, unread)


_READERS: Mapping[str, Callable[[Request], contextlib.AbstractContextManager[Imported]]] = {
    "spend": _spend,
    "contracts": _contracts,
    "survey": _survey,
}
