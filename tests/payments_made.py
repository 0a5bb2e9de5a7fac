"""Tables of payments made up for the tests, as the reader would give them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import settings

from commissioning.council.spend import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DAY = dt.date(2025, 5, 1)

#: For properties whose every example writes files or adds up tables.
FEW = settings(max_examples=settings().max_examples // 5, deadline=None)


def payment(beneficiary: str, amount: int, **others: object) -> dict[str, Any]:
    """A payment in pence; what is not given is as in a file that has no such column."""
    return {"date": DAY, "service": "Libraries", "beneficiary": beneficiary, "amount": amount} | (
        others
    )


def table(file: str, payments: Sequence[dict[str, Any]]) -> pa.Table:
    """Payments as a table of the reader: names and labels as dictionaries."""
    rows = [{"file": file, "row": row, **each} for row, each in enumerate(payments, 2)]
    found = pa.Table.from_pylist(rows, store.schema())
    for name in ("file", "service", "category"):
        place = found.schema.get_field_index(name)
        found = found.set_column(place, name, found[name].dictionary_encode())
    return found


def file(folder: Path, name: str, text: str | None = None) -> Path:
    """A file of its own bytes, or of those of the text."""
    path = folder / name
    path.write_text(name if text is None else text, encoding="utf-8")
    return path


def imported(folder: Path, payments: Mapping[str, Sequence[dict[str, Any]]]) -> Path:
    """A store that holds the payments of files by their names."""
    path = folder / "Plan payments.parquet"
    imports = [(file(folder, name), [table(name, rows)]) for name, rows in payments.items()]
    with store.replaced(path, imports):
        pass
    return path
