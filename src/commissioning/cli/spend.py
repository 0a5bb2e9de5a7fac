"""`localis spend`: read payments as councils publish them, say how they were read, add them up."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commissioning.cells import fixed
from commissioning.cli import FINE, FOUND, own_files
from commissioning.cli.commands import print_json
from commissioning.council.reading.amounts import pounds
from commissioning.council.reading.columns import letter, parse_overrides
from commissioning.council.spend import overlaps, payments, store
from commissioning.council.spend.fields import FIELDS
from commissioning.council.spend.payments import Tally
from commissioning.council.suppliers.types import TYPES

if TYPE_CHECKING:
    import argparse
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from commissioning.council.spend.payments import Reading
    from commissioning.council.spend.rows import Note

#: So many rows are listed of each file and of each table; `--json` has all.
_LISTED, _LARGEST = 10, 40
#: What the columns of a table are called; those of words stand left, those of figures right.
_HEADINGS = {
    "month": "Month",
    "service": "Service",
    "supplier": "Supplier",
    "provider": "Provider",
    "pence": "Paid",
    "payments": "Payments",
    "suppliers": "Suppliers",
    "of_all": "Of all",
    "of_known": "Of known",
    "reason": "Reason",
}
_WORDS = ("month", "service", "supplier", "provider", "reason")


@dataclass(frozen=True)
class _File:
    """A file that has been read: its name for the reader, what is known of it, its payments."""

    name: str
    reading: Reading
    store: Path


@dataclass(frozen=True)
class _Overlap:
    """A month that two files have, and the payments that are in both."""

    month: dt.date
    first: str
    second: str
    both: Tally


def spend(options: argparse.Namespace) -> int:
    """`localis spend`: exit code 1 where something was not read or is in two files."""
    overrides = parse_overrides(options.columns, FIELDS)
    paths = own_files.paths(options.files)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        readings = [payments.read(path, overrides) for path in paths]
        files = [
            _File(name, reading, _stored(path, reading, Path(folder) / f"{number}.parquet"))
            for number, (name, path, reading) in enumerate(
                zip(_names(paths), paths, readings, strict=True)
            )
        ]
        shared = _overlaps(files)
        table = _table(options.by, files) if options.by else None
    if options.json:
        print_json(_as_json(files, shared, options.by, table))
    else:
        _print(files, shared, options.by, table)
    look = any(file.reading.rejected for file in files) or any(each.both.rows for each in shared)
    return FOUND if look else FINE


def _names(paths: Sequence[Path]) -> list[str]:
    """The files' names, or as much of their paths as was given where two have the same."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else str(path) for path in paths]


def _stored(path: Path, reading: Reading, kept: Path) -> Path:
    """Read a file to its end; its payments are kept on disk, as a million need not fit memory."""
    with store.replaced(kept, [(path, reading.watched(own_files.watch))]):
        return kept


def _overlaps(files: Sequence[_File]) -> list[_Overlap]:
    """Every month that two files have, earliest first."""
    found = [
        _Overlap(month, first.name, second.name, _in_both(first, second, month))
        for first, second in combinations(files, 2)
        for month in first.reading.months.keys() & second.reading.months.keys()
    ]
    return sorted(found, key=lambda each: (each.month, each.first, each.second))


def _in_both(first: _File, second: _File, month: dt.date) -> Tally:
    """The payments of a month that two files have in common, each of them once."""
    import pandas as pd

    rows = pd.concat(
        [
            store.of_month(file.store, month, overlaps.COLUMNS).to_pandas().assign(file=file.name)
            for file in (first, second)
        ],
        ignore_index=True,
    )
    one, other = sorted((first.name, second.name))
    return Tally(*overlaps.identical(rows).get((one, other), (0, 0)))


def _table(by: str, files: Sequence[_File]) -> pd.DataFrame:
    """What was paid by provider, supplier, service or month; the columns of the table to print."""
    import pandas as pd

    from commissioning.council.spend import market, totals

    if by == "month":
        return _by_month(files)
    added = pd.concat([totals.added_up(file.store) for file in files], ignore_index=True)
    lines, suppliers = totals.lines(added), totals.suppliers(added)
    if by == "supplier":
        return suppliers[["supplier", "pence", "payments", "provider", "reason"]]
    lines["provider"] = lines["key"].map(suppliers.set_index("key")["provider"])
    if by == "service":
        return market.spend(lines, "service").sort_values("pence", ascending=False)
    return market.by_provider(lines)


def _by_month(files: Sequence[_File]) -> pd.DataFrame:
    import pandas as pd

    months: dict[str, Tally] = {}
    for file in files:
        for month, tally in file.reading.months.items():
            months.setdefault(f"{month:%Y-%m}", Tally()).add(tally.rows, tally.pence)
    undated = payments.total(file.reading.undated for file in files)
    listed = [*sorted(months.items()), *([("No date", undated)] if undated.rows else [])]
    rows = [(month, tally.pence, tally.rows) for month, tally in listed]
    return pd.DataFrame(rows, columns=["month", "pence", "payments"])


def _print(
    files: Sequence[_File], shared: Sequence[_Overlap], by: str | None, table: pd.DataFrame | None
) -> None:
    for file in files:
        _print_file(file)
    _print_overlaps(shared)
    read = payments.total(file.reading.read for file in files)
    rejected = payments.total(file.reading.unread for file in files)
    count = _count(len(files), "file")
    print(
        f"{count}: {_count(read.rows, 'payment')} read, {pounds(read.pence)}; "
        f"{rejected.rows:,} rejected, {pounds(rejected.pence)}."
    )
    if by and table is not None:
        print()
        _print_table(by, table)


def _print_file(file: _File) -> None:
    reading, read = file.reading, file.reading.read
    print(f"{file.name}: {_count(read.rows, 'payment')}, {pounds(read.pence)}{_span(reading)}.")
    for decision in reading.decisions:
        if decision.sheet:
            print(f"  Sheet {decision.sheet}:")
        width = max(len(each.field.label) for each in decision.choices.values())
        for each in decision.choices.values():
            print(f"  {each.field.label.ljust(width)}  {each.name}: {each.reason}")
        for note in decision.notes:
            print(f"  Note: {note}")
    for line in (*reading.skipped, *_remarks(reading)):
        print(f"  Note: {line}")
    _print_notes("Rejected", reading.rejected)
    _print_notes("Set aside", reading.aside)
    print()


def _span(reading: Reading) -> str:
    days = [day for day in reading.days if day]
    return f", {min(days)} to {max(days)}" if days else ""


def _remarks(reading: Reading) -> list[str]:
    """What is to be known of the payments that were read."""
    counts = (
        (reading.blank, "blank row", "left away"),
        (reading.undated.rows if len(reading.days) > 1 else 0, "payment", "without a date"),
        (reading.nameless, "payment", "without a beneficiary"),
        (reading.rounded, "amount", "with a fraction of a penny, rounded half away from zero"),
        (reading.mended, "row", "with a comma in a cell that was not quoted: put together again"),
    )
    return [f"{_count(count, noun)} {what}." for count, noun, what in counts if count]


def _print_notes(title: str, notes: Sequence[Note]) -> None:
    if not notes:
        return
    pence = sum(note.pence or 0 for note in notes)
    print(f"  {title}: {_count(len(notes), 'row')}, {pounds(pence)}")
    for note in notes[:_LISTED]:
        sheet = f"sheet {note.sheet}, " if note.sheet else ""
        amount = "" if note.pence is None else f", {pounds(note.pence)}"
        print(f"    {sheet}row {note.row}: {note.reason}{amount}")
    if len(notes) > _LISTED:
        print(f"    and {len(notes) - _LISTED:,} more (all of them with --json)")


def _print_overlaps(shared: Sequence[_Overlap]) -> None:
    """The payments in two files one by one; months without any in a line."""
    for each in shared:
        if each.both.rows:
            print(
                f"{each.month:%B %Y} is in {each.first} and in {each.second}: "
                f"{_count(each.both.rows, 'identical payment')}, {pounds(each.both.pence)}, "
                "counted in each."
            )
    months = {each.month for each in shared if not each.both.rows}
    if months:
        print(
            f"{_count(len(months), 'month')} in more than one file, without identical payments: "
            f"{', '.join(f'{month:%Y-%m}' for month in sorted(months))}."
        )
    if shared:
        print()


def _print_table(by: str, table: pd.DataFrame) -> None:
    columns = [name for name in _HEADINGS if name in table.columns]
    rows = [[_HEADINGS[name] for name in columns]]
    rows += [
        [_text(name, record[name]) for name in columns]
        for record in table.head(_LARGEST).to_dict("records")
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            text.ljust(width) if name in _WORDS else text.rjust(width)
            for name, text, width in zip(columns, row, widths, strict=True)
        ]
        print("  ".join(cells).rstrip())
    if len(table) > _LARGEST:
        print(f"and {_count(len(table) - _LARGEST, by)} more (all of them with --json)")


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a cell of a table holds
    if name == "pence":
        return pounds(value)
    if name in ("of_all", "of_known"):
        return "" if value != value else f"{fixed(value, 1, 100)}%"  # noqa: PLR0124 - not a number
    if name == "provider":
        return TYPES[value]
    return value if name in _WORDS else f"{value:,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _as_json(
    files: Sequence[_File], shared: Sequence[_Overlap], by: str | None, table: pd.DataFrame | None
) -> dict[str, Any]:
    read = payments.total(file.reading.read for file in files)
    rejected = payments.total(file.reading.unread for file in files)
    found: dict[str, Any] = {
        "files": [_file_as_json(file) for file in files],
        "overlaps": [
            {
                "month": f"{each.month:%Y-%m}",
                "files": [each.first, each.second],
                "identical": asdict(each.both),
            }
            for each in shared
        ],
        "read": asdict(read),
        "rejected": asdict(rejected),
    }
    if by and table is not None:
        records = table.astype(object).where(table.notna(), None).to_dict("records")
        found[f"by_{by}"] = records
    return found


def _file_as_json(file: _File) -> dict[str, Any]:
    reading = file.reading
    days = sorted(day for day in reading.days if day)
    return {
        "file": file.name,
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
        "notes": [*reading.skipped, *_remarks(reading)],
        "read": asdict(reading.read),
        "rejected": [asdict(note) for note in reading.rejected],
        "set_aside": [asdict(note) for note in reading.aside],
        "blank": reading.blank,
        "first": days[0].isoformat() if days else None,
        "last": days[-1].isoformat() if days else None,
        "months": {f"{month:%Y-%m}": asdict(tally) for month, tally in reading.months.items()},
    }
