"""The council's own files as figures for its workbook, with what needs a look."""

from __future__ import annotations

import contextlib
import itertools
import re
import tempfile
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council import kinds
from commissioning.council.figures import ImportedFile, Own, Spend, SpendLine, Supplier
from commissioning.council.looks import Unread, grouped
from commissioning.council.reading.amounts import pounds
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from commissioning.council.looks import Look
    from commissioning.council.spend.payments import Reading
    from commissioning.council.spend.store import File
    from commissioning.evidence.pack import Evidence

#: The columns of `totals.suppliers` in the order of `Supplier`.
_OF_SUPPLIER = ("key", "supplier", "pence", "payments", "provider", "reason")


class Imported(NamedTuple):
    """The figures of some files.

    Attributes:
        own: the figures.
        told: what was read, in words.
        look: what needs a look.
        unread: row by row what of it was not read.
    """

    own: Own
    told: Sequence[str]
    look: Sequence[Look]
    unread: Sequence[Unread] = ()


class Request(NamedTuple):
    """What to import.

    Attributes:
        kind: one of `kinds.KINDS`.
        files: the files, all of that kind.
        workbook: the workbook beside which payments are kept.
        evidence: the survey that the council's own is held against.
        columns: which column is which, where the choice is wrong (see `--columns`).
        council: name of the council, where it is known.
        areas: what counts as local: outward codes or postcode areas, such as "M5, M6, BL".
        held: the files of payments that count in the workbook, each with the name of the Parquet
            file beside the workbook that it is in: the workbook may have been renamed since, or
            saved as another.
        dry_run: whether nothing is to be written.
        watch: is told of each file how much of it has been read, from 0 to 1.
        without: names of files of payments that are to count no longer.
    """

    kind: str
    files: Sequence[Path]
    workbook: Path
    evidence: Evidence
    columns: str | None = None
    council: str | None = None
    areas: str = ""
    held: Mapping[str, str] = MappingProxyType({})
    dry_run: bool = False
    watch: Callable[[str, float], None] = lambda *_: None
    without: Sequence[str] = ()


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
    from commissioning.council.spend import bodies, doubts, payments, store
    from commissioning.council.spend.fields import FIELDS

    overrides, areas = parse_overrides(request.columns, FIELDS), _areas(request.areas)
    place = store.path_beside(request.workbook)
    earlier = place.with_name(next(iter(request.held.values()), place.name))
    earlier = place if place.exists() else earlier
    before = {file.name: file for file in store.imported(earlier)}
    without = _without(request, before)
    with kinds.right("spend", _guessed(request), request.evidence, request.workbook):
        readings = [payments.read(path, overrides) for path in request.files]
    imports = [
        (path, reading.watched(request.watch))
        for path, reading in zip(request.files, readings, strict=True)
    ]
    with contextlib.ExitStack() as stack:
        where = place
        if request.dry_run:
            where = Path(stack.enter_context(tempfile.TemporaryDirectory())) / place.name
        tallies = [partial(_known_of, reading) for reading in readings]
        new = stack.enter_context(store.replaced(where, imports, tallies, earlier, without))
        now, unread = store.imported(new), list(doubts.unread(readings))
        council = request.council or bodies.agreed(file.body for file in now)
        yield Imported(
            Own(spend=_summed(new, now, place.name, areas, council)),
            [
                *map(_told, readings),
                *_told_gone(before, now, without),
                *itertools.chain.from_iterable(map(_how, readings)),
            ],
            [
                *grouped(unread),
                *doubts.of_dates(readings),
                *doubts.of_places(before, now),
                *doubts.of_bodies(before, now, request.council, request.workbook),
                *doubts.of_overlaps(new, request.workbook),
            ],
            unread,
        )


def _guessed(request: Request) -> Sequence[Path]:
    """The files whose kind may be another one: who names their columns knows what they are."""
    return () if request.columns else request.files


def _without(request: Request, before: Mapping[str, File]) -> list[str]:
    """The files to leave out that are held; of others that count none may be lost by accident.

    Raises:
        LocalisError: the payments of files that count are not where the workbook says, and these
            are neither imported again nor left out on purpose.
    """
    held = {name.casefold() for name in before}
    lost = {name.casefold(): name for name in request.held if name.casefold() not in held}
    wanted = {name.casefold() for name in request.without}
    given = [path.absolute().as_posix().casefold() for path in request.files]
    missing = [
        name
        for key, name in lost.items()
        if key not in wanted and not any(each.endswith(f"/{key}") for each in given)
    ]
    if missing:
        several = f"{missing[0]} and {len(missing) - 1} more" if missing[1:] else missing[0]
        raise LocalisError(
            f"{request.held[missing[0]]} with the payments of {several} is not beside "
            f"{request.workbook.name}, or lacks them, and nothing was written: put it there, or "
            "import these files too (the sheet Payment files lists them); --without NAME is for "
            "each that is to count no longer."
        )
    return [name for name in request.without if name.casefold() not in lost]


def _told(reading: Reading) -> str:
    return (
        f"{reading.file}: {reading.read.rows:,} payments of {pounds(reading.read.pence)}; "
        f"{len(reading.rejected):,} rejected."
    )


def _how(reading: Reading) -> Iterator[str]:
    """From which columns a file was read, and what is to be known of it."""
    from commissioning.council.spend import remarks

    for line in (*remarks.of_columns(reading), *reading.skipped, *remarks.of_rows(reading)):
        yield f"{reading.file}: {line}"


def _told_gone(
    before: Mapping[str, File], now: Sequence[File], without: Sequence[str]
) -> Iterator[str]:
    """Files that are no longer held: they were left out, or came again under other names."""
    wanted = {name.casefold() for name in without}
    names, contents = {file.name for file in now}, {file.sha256: file.name for file in now}
    for name, file in before.items():
        if name.casefold() in wanted:
            yield (
                f"{name}: left out; its {file.payments:,} payments of {pounds(file.pence)} no "
                "longer count."
            )
        elif name not in names:
            yield f"{contents[file.sha256]}: the same file as {name}, whose place it took."


def _areas(text: str) -> list[str]:
    """The outward codes and postcode areas that are listed."""
    codes = re.findall(r"[^\s,;]+", text.upper())
    for code in codes:
        if not re.fullmatch(r"[A-Z]{1,2}(\d[A-Z\d]?)?", code):
            raise LocalisError(
                f"The setting Local postcodes has {code}, which is neither an outward code, such "
                "as M5, nor a postcode area, such as BL: mend it on the sheet Settings, and import "
                "again."
            )
    return codes


def _summed(
    payments: Path, now: Sequence[File], name: str, areas: Collection[str], council: str | None
) -> Spend:
    """The summary of a store as the workbook takes it."""
    from commissioning.council.spend import totals

    added = totals.added_up(payments, areas)
    lines, suppliers = totals.lines(added), totals.suppliers(added, council)
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
            for each in now
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
        totals.months(payments),
    )


def _known_of(reading: Reading) -> tuple[int, int, str]:
    return reading.unread.rows, reading.unread.pence, reading.body


@contextlib.contextmanager
def _contracts(request: Request) -> Iterator[Imported]:
    from commissioning.council.contracts import register as contracts
    from commissioning.council.contracts.fields import FIELDS
    from commissioning.council.reading.columns import parse_overrides

    overrides = parse_overrides(request.columns, FIELDS)
    with kinds.right("contracts", _guessed(request), request.evidence, request.workbook):
        registers = [each for path in request.files for each in contracts.read(path, overrides)]
    unread = [
        Unread(
            register.file,
            remark.row,
            f"{remark.field or 'row'} not read, since it {remark.reason}",
            remark.text,
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
    yield Imported(Own(contracts=entries), told, grouped(unread), unread)


@contextlib.contextmanager
def _survey(request: Request) -> Iterator[Imported]:
    from commissioning.council.survey import survey

    with kinds.right("survey", _guessed(request), request.evidence, request.workbook):
        found = survey.read(request.files, request.evidence, request.columns)
    unread = [
        Unread(survey.name(reading), each.row, each.reason, each.text)
        for reading in found.readings
        for each in reading.unread
    ]
    told = [f"{survey.name(reading)}: read." for reading in found.readings]
    told += [f"{copy}: not counted, {first} has all its answers." for copy, first in found.copies]
    yield Imported(Own(survey=found.counts), told, grouped(unread), unread)


_READERS: Mapping[str, Callable[[Request], contextlib.AbstractContextManager[Imported]]] = {
    "spend": _spend,
    "contracts": _contracts,
    "survey": _survey,
}
