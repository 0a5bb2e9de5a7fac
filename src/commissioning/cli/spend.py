"""`localis spend`: read payments as councils publish them, say how they were read, add them up."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from commissioning.cells import fixed
from commissioning.cli import FINE, FOUND, own_files
from commissioning.cli.commands import print_json
from commissioning.council import kinds
from commissioning.council.reading.amounts import counted, pounds
from commissioning.council.reading.columns import letter, parse_overrides
from commissioning.council.spend import bodies, overlaps, payments, remarks, store
from commissioning.council.spend.fields import FIELDS
from commissioning.council.spend.payments import Tally
from commissioning.council.suppliers.types import TYPES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import pandas as pd

    from commissioning.council.spend.overlaps import Overlap
    from commissioning.council.spend.payments import Reading
    from commissioning.council.spend.rows import Note

#: So many rows are listed of each file and of each table; `--json` has all.
_LISTED, _LARGEST = 10, 40
#: Of so many files is told how each was read; more would hide what was asked for.
_EXPLAINED = 5
#: What the columns of a table are called; those of words stand left, those of figures right.
_HEADINGS = {
    "month": "Month",
    "service": "Service",
    "supplier": "Supplier",
    "provider": "Provider",
    "year": "Year from April",
    "pence": "Paid",
    "payments": "Payments",
    "suppliers": "Suppliers",
    "hhi": "HHI",
    "largest": "Four largest",
    "of_all": "Of all",
    "of_known": "Of known",
    "reason": "Reason",
}
_WORDS = ("month", "service", "supplier", "provider", "reason")
_SHARES = ("of_all", "of_known", "largest")


class _Read(NamedTuple):
    """What has been read.

    Attributes:
        files: each file by its name.
        overlaps: months that two of them have.
        council: who paid: as it was given, or as the files agree.
        by: what the table is of.
        table: what was added up, if it was asked for.
    """

    files: Mapping[str, Reading]
    overlaps: Sequence[Overlap]
    council: str | None
    by: str | None
    table: pd.DataFrame | None


def spend(options: argparse.Namespace) -> int:
    """`localis spend`: exit code 1 where something was not read or is in two files."""
    found = _read(options)
    if options.json:
        print_json(_as_json(found))
    else:
        _print(found)
    look = any(reading.rejected for reading in found.files.values())
    return FOUND if look or any(each.identical for each in found.overlaps) else FINE


def _read(options: argparse.Namespace) -> _Read:
    """Read the files to their ends; the payments are on disk meanwhile, as they may be millions."""
    paths, overrides = own_files.paths(options.files), parse_overrides(options.columns, FIELDS)
    with kinds.right("spend", () if overrides else paths):
        readings = [payments.read(path, overrides) for path in paths]
    imports = [
        (path, reading.watched(own_files.watch))
        for path, reading in zip(paths, readings, strict=True)
    ]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        store.replaced(Path(folder) / "payments.parquet", imports) as kept,
    ):
        names = [file.name for file in store.imported(kept)]
        files = {_name(path, names): each for path, each in zip(paths, readings, strict=True)}
        # Known only now that the files have been read.
        council = options.council or bodies.agreed(each.body for each in readings)
        table = _table(options.by, readings, kept, council) if options.by else None
        return _Read(files, overlaps.months(kept), council, options.by, table)


def _name(path: Path, names: Iterable[str]) -> str:
    """A file's name among those in the store, some of them with folders to tell them apart."""
    whole = Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links stay
    return max((name for name in names if whole.endswith(f"/{name}")), key=len)


def _table(by: str, readings: Sequence[Reading], kept: Path, council: str | None) -> pd.DataFrame:
    """What was paid by provider, supplier, service or month; the columns of the table to print."""
    from commissioning.council.spend import market, totals

    if by == "month":
        return _by_month(readings)
    added = totals.added_up(kept)
    lines, suppliers = totals.lines(added), totals.suppliers(added, council)
    if by == "supplier":
        return suppliers[["supplier", "pence", "payments", "provider", "reason"]]
    lines["provider"] = lines["key"].map(suppliers.set_index("key")["provider"])
    return market.by_service(lines) if by == "service" else market.by_provider(lines)


def _by_month(readings: Sequence[Reading]) -> pd.DataFrame:
    import pandas as pd

    months: dict[str, Tally] = {}
    for reading in readings:
        for month, tally in reading.months.items():
            months.setdefault(f"{month:%Y-%m}", Tally()).add(tally.rows, tally.pence)
    undated = payments.total(reading.undated for reading in readings)
    listed = [*sorted(months.items()), *([("No date", undated)] if undated.rows else [])]
    rows = [(month, tally.pence, tally.rows) for month, tally in listed]
    return pd.DataFrame(rows, columns=["month", "pence", "payments"])


def _print(found: _Read) -> None:
    for name, reading in found.files.items():
        if len(found.files) > _EXPLAINED:
            print(_summary(name, reading))
        else:
            _print_file(name, reading)
    if len(found.files) > _EXPLAINED:
        print("\nHow a file was read is told of each with --json, or of five files or fewer.\n")
    _print_overlaps(found.overlaps)
    read, rejected = _totals(found)
    print(
        f"{counted(len(found.files), 'file')}: {counted(read.rows, 'payment')} read, "
        f"{pounds(read.pence)}; {rejected.rows:,} rejected, {pounds(rejected.pence)}."
    )
    if found.by and found.table is not None:
        if found.council:
            print(f"Paid by {found.council}.")
        print()
        _print_table(found.by, found.table)


def _totals(found: _Read) -> tuple[Tally, Tally]:
    """What was read of all files, and what was rejected."""
    readings = found.files.values()
    return payments.total(each.read for each in readings), payments.total(
        each.unread for each in readings
    )


def _summary(name: str, reading: Reading) -> str:
    """What was read of a file, in a line."""
    read, unread = reading.read, reading.unread
    rejected = f" {unread.rows:,} rejected, {pounds(unread.pence)}." if unread.rows else ""
    said = f"{counted(read.rows, 'payment')}, {pounds(read.pence)}{_span(reading)}.{rejected}"
    return f"{name}: {said}"


def _print_file(name: str, reading: Reading) -> None:
    print(_summary(name, reading))
    for decision in reading.decisions:
        if decision.sheet:
            print(f"  Sheet {decision.sheet}:")
        width = max(len(each.field.label) for each in decision.choices.values())
        for each in decision.choices.values():
            print(f"  {each.field.label.ljust(width)}  {each.name}: {each.reason}")
        for note in decision.notes:
            print(f"  Note: {note}")
    for line in (*reading.skipped, *remarks.of_rows(reading)):
        print(f"  Note: {line}")
    _print_notes("Rejected", reading.rejected)
    _print_notes("Set aside", reading.aside)
    print()


def _span(reading: Reading) -> str:
    days = [day for day in reading.days if day]
    return f", {min(days)} to {max(days)}" if days else ""


def _print_notes(title: str, notes: Sequence[Note]) -> None:
    if not notes:
        return
    pence = sum(note.pence or 0 for note in notes)
    print(f"  {title}: {counted(len(notes), 'row')}, {pounds(pence)}")
    for note in notes[:_LISTED]:
        sheet = f"sheet {note.sheet}, " if note.sheet else ""
        amount = "" if note.pence is None else f", {pounds(note.pence)}"
        print(f"    {sheet}row {note.row}: {note.reason}{amount}")
    if len(notes) > _LISTED:
        print(f"    and {len(notes) - _LISTED:,} more (all of them with --json)")


def _print_overlaps(shared: Sequence[Overlap]) -> None:
    """The payments in two files one by one; months without any in a line."""
    for each in shared:
        if each.identical:
            print(
                f"{each.month:%B %Y} is in {each.file} and in {each.other}: "
                f"{counted(each.identical, 'identical payment')}, {pounds(each.pence)}, "
                "counted in each."
            )
    months = {each.month for each in shared if not each.identical}
    if months:
        print(
            f"{counted(len(months), 'month')} in more than one file, without identical payments: "
            f"{', '.join(f'{month:%Y-%m}' for month in sorted(months))}."
        )
    if shared:
        print()


def _print_table(by: str, table: pd.DataFrame) -> None:
    columns = [name for name in _HEADINGS if name in table.columns]
    rows = [[_HEADINGS[name] for name in columns]]
    rows += [
        [_text(name, record[name]) for name in columns] for record in _records(table.head(_LARGEST))
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            text.ljust(width) if name in _WORDS else text.rjust(width)
            for name, text, width in zip(columns, row, widths, strict=True)
        ]
        print("  ".join(cells).rstrip())
    if len(table) > _LARGEST:
        print(f"and {counted(len(table) - _LARGEST, by)} more (all of them with --json)")


def _records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The rows of a table; None where a cell is empty."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a cell of a table holds
    if value is None:
        return ""
    if name == "pence":
        return pounds(value)
    if name in _SHARES:
        return f"{fixed(value, 1, 100)}%"
    if name == "hhi":
        return f"{int(fixed(value, 0)):,}"
    if name == "provider":
        return TYPES[value]
    return str(value) if name in (*_WORDS, "year") else f"{value:,}"


def _as_json(found: _Read) -> dict[str, Any]:
    read, rejected = _totals(found)
    told: dict[str, Any] = {
        "files": [_file_as_json(name, reading) for name, reading in found.files.items()],
        "overlaps": [
            {
                "month": f"{each.month:%Y-%m}",
                "files": [each.file, each.other],
                "identical": {"rows": each.identical, "pence": each.pence},
            }
            for each in found.overlaps
        ],
        "read": asdict(read),
        "rejected": asdict(rejected),
        "council": found.council,
    }
    if found.table is not None:
        told[f"by_{found.by}"] = _records(found.table)
    return told


def _file_as_json(name: str, reading: Reading) -> dict[str, Any]:
    days = sorted(day for day in reading.days if day)
    return {
        "file": name,
        "tables": [
            {
                "sheet": decision.sheet,
                "columns": {
                    code: {
                        "column": letter(each.column),
                        "heading": each.heading,
                        "reason": each.reason,
                    }
                    for code, each in decision.choices.items()
                },
                "notes": decision.notes,
            }
            for decision in reading.decisions
        ],
        "notes": [*reading.skipped, *remarks.of_rows(reading)],
        "read": asdict(reading.read),
        "rejected": [asdict(note) for note in reading.rejected],
        "set_aside": [asdict(note) for note in reading.aside],
        "blank": reading.blank,
        "first": days[0].isoformat() if days else None,
        "last": days[-1].isoformat() if days else None,
        "months": {f"{month:%Y-%m}": asdict(tally) for month, tally in reading.months.items()},
    }
