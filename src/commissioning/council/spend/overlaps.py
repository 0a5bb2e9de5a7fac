"""Months that two imported files both have, and payments that are in both."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.spend import store
from commissioning.council.suppliers.names import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

_COLUMNS = ["file", "date", "beneficiary", "amount", "transaction"]
_IDENTITY = ["date", "key", "amount", "transaction"]


#: So much of a file's payments being in another one makes it a part of that one.
_NEARLY_ALL = 0.95


class Overlap(NamedTuple):
    """A month that two files both have payments of.

    Attributes:
        month: its first day.
        file: the first file by name.
        other: the second.
        payments: of the month in the first file.
        other_payments: of the month in the second file.
        identical: payments of the one that the other has too: of one day, supplier, amount and
            transaction number (none in both counts as the same); each is matched once.
        pence: what the identical payments come to.
    """

    month: dt.date
    file: str
    other: str
    payments: int
    other_payments: int
    identical: int
    pence: int


def months(payments: Path) -> list[Overlap]:
    """Every month that two files of a store both have, in the order of month and files.

    A few payments of a neighbouring month are no fault; identical payments may be. Payments
    without a date are left out.

    Raises:
        LocalisError: there is no store, or it cannot be read.
    """
    counts: dict[dt.date, Counter[str]] = {}
    for table in store.tables(payments, ["file", "date"]):
        for month, file, count in _counted(table):
            counts.setdefault(month, Counter())[file] += count
    shared = {month: files for month, files in sorted(counts.items()) if len(files) > 1}
    return [each for month, files in shared.items() for each in _of(payments, month, files)]


class Twice(NamedTuple):
    """Two files that have payments in common, over all months.

    Attributes:
        file: the first file by name.
        other: the second.
        months: the first days of the months of the payments that both have.
        identical: how many both have.
        pence: what these come to.
        part: that one of the files whose payments are nearly all in the other one, the smaller of
            two that both are; None where neither is.
    """

    file: str
    other: str
    months: tuple[dt.date, ...]
    identical: int
    pence: int
    part: str | None


def twice(payments: Path, found: Iterable[Overlap]) -> list[Twice]:
    """The pairs of files of a store that have payments in common.

    Args:
        payments: the store.
        found: its `months`.
    """
    pairs: dict[tuple[str, str], list[Overlap]] = {}
    for each in found:
        if each.identical:
            pairs.setdefault((each.file, each.other), []).append(each)
    sizes = {file.name: file.payments for file in store.imported(payments)}
    return [
        Twice(
            *pair,
            months=tuple(each.month for each in shared),
            identical=(identical := sum(each.identical for each in shared)),
            pence=sum(each.pence for each in shared),
            part=_part(pair, identical, sizes),
        )
        for pair, shared in pairs.items()
    ]


def _part(pair: tuple[str, str], identical: int, sizes: Mapping[str, int]) -> str | None:
    """Which of two files is in the other: leaving it out loses next to nothing."""
    part = min(reversed(pair), key=lambda name: sizes[name])
    return part if identical >= _NEARLY_ALL * sizes[part] else None


def _counted(table: pa.Table) -> Iterator[tuple[dt.date, str, int]]:
    """Month, file and number of payments."""
    import pyarrow as pa
    import pyarrow.compute as pc

    day = table["date"]
    by_month = pa.table({"file": table["file"], "year": pc.year(day), "month": pc.month(day)})
    groups = by_month.drop_null().group_by(["file", "year", "month"], use_threads=False)
    for row in groups.aggregate([([], "count_all")]).to_pylist():
        yield dt.date(row["year"], row["month"], 1), row["file"], row["count_all"]


def _of(payments: Path, month: dt.date, files: Counter[str]) -> Iterator[Overlap]:
    found = _identical(store.of_month(payments, month, _COLUMNS).to_pandas())
    for file, other in combinations(sorted(files), 2):
        count, pence = found.get((file, other), (0, 0))
        yield Overlap(month, file, other, files[file], files[other], count, pence)


def _identical(rows: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Number and pence of the identical payments, by pairs of files that have some.

    Args:
        rows: payments with the columns of `_COLUMNS`.

    Returns:
        By the names of two files, in the order of the alphabet.
    """
    names = {name: key(name or "") for name in set(rows["beneficiary"])}
    rows["key"] = rows["beneficiary"].map(names)
    counts = rows.groupby([*_IDENTITY, "file"], dropna=False).size().rename("payments")
    counted = counts.reset_index()
    repeated = counted[counted.duplicated(_IDENTITY, keep=False)]
    pairs = repeated.merge(repeated, on=_IDENTITY, suffixes=("", "_other"))
    pairs = pairs[pairs["file"] < pairs["file_other"]]
    both = pairs[["payments", "payments_other"]].min(axis=1)
    pairs = pairs.assign(payments=both, pence=both * pairs["amount"])
    sums = pairs.groupby(["file", "file_other"])[["payments", "pence"]].sum()
    return {
        (file, other): (int(count), int(pence))
        for (file, other), count, pence in sums.itertuples(name=None)
    }
