"""Payments added up: what the workbook's tables of suppliers and of spend take from the store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from commissioning.council.figures import PaidMonth
from commissioning.council.spend import market, store
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.providers import Flag, Suggestion, suggest, with_namesakes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

_KEYS = ["name", "service", "year", "company", "charity"]
_SUMS = ["pence", "payments", "sme_yes", "sme_no", "voluntary_yes", "voluntary_no"]
_SUMS += ["placed", "local"]
_COLUMNS = ["date", "service", "beneficiary", "amount", "company", "charity", "sme"]
_COLUMNS += ["voluntary", "postcode"]


def added_up(payments: Path, areas: Collection[str] = ()) -> pd.DataFrame:
    """One pass over a store: what was paid by spelling of a name, service and financial year.

    Args:
        payments: the store.
        areas: what counts as local, see `market.is_local`.

    Returns:
        A table to hand to `lines` and `suppliers`; the columns are theirs to know.

    Raises:
        LocalisError: there is no store, or it cannot be read.
    """
    import pyarrow as pa

    cells = _cells(store.schema().empty_table(), areas)
    for table in store.tables(payments, _COLUMNS):
        # Added up as they come: what is held is never longer than the summary itself.
        cells = _summed(pa.concat_tables([cells, _cells(table, areas)]))
    frame: pd.DataFrame = cells.sort_by([(name, "ascending") for name in _KEYS]).to_pandas()
    frame["year"] = frame["year"].astype("Int64")
    return frame.assign(key=frame["name"].map({name: key(name) for name in set(frame["name"])}))


def lines(added: pd.DataFrame) -> pd.DataFrame:
    """What was paid to each supplier for each service in each financial year.

    Returns:
        A table in the order of supplier, service and year, of the columns

        - supplier: the spelling of its name with the most money; `NOT_GIVEN` where there is none;
        - key: in which all spellings are one (`names.key`);
        - service: as the council names it, or `NOT_GIVEN`;
        - year: calendar year in which the financial year begins, on 1 April; null without a date;
        - pence, payments: net sum, and how many;
        - placed, local: pence of payments with a postcode, and with one that is local.
    """
    sums = ["pence", "payments", "placed", "local"]
    found = added.groupby(["key", "service", "year"], dropna=False, sort=True)[sums].sum()
    found = found.reset_index()
    found.insert(0, "supplier", found["key"].map(_shown(added)))
    return found


def suppliers(added: pd.DataFrame, council: str | None = None) -> pd.DataFrame:
    """Each supplier with the provider type that it seems to be of.

    Args:
        added: from `added_up`.
        council: name of the paying council, where it is known.

    Returns:
        A table in the order of money, most first, of the columns

        - supplier, key, pence, payments: as in `lines`;
        - company, charity: the registers' numbers that most of its payments have, or None;
        - provider, reason: code of the suggested type, and why (`providers.suggest`).
    """
    found = added.groupby("key")[_SUMS].sum()
    found = found.join(_most_frequent(added, "company")).join(_most_frequent(added, "charity"))
    found = found.join(_shown(added).rename("supplier")).reset_index()
    suggested = _suggested(found, council)
    found["provider"] = found["key"].map({key: each.provider for key, each in suggested.items()})
    found["reason"] = found["key"].map({key: each.reason for key, each in suggested.items()})
    shown = ["supplier", "key", "pence", "payments", "company", "charity", "provider", "reason"]
    found = found.sort_values(["pence", "key"], ascending=[False, True], ignore_index=True)
    return found[shown]


def months(payments: Path) -> list[PaidMonth]:
    """What was paid in each month that has payments, the earliest first.

    Raises:
        LocalisError: there is no store, or it cannot be read.
    """
    found: Counter[dt.date] = Counter()
    pence: Counter[dt.date] = Counter()
    for table in store.tables(payments, ["date", "amount"]):
        for month, count, amount in _by_month(table):
            found[month] += count
            pence[month] += amount
    return [PaidMonth(month, found[month], pence[month]) for month in sorted(found)]


def _by_month(table: pa.Table) -> Iterator[tuple[dt.date, int, int]]:
    """Month, number of payments and what they come to."""
    import pyarrow as pa
    import pyarrow.compute as pc

    day = table["date"]
    columns = {"year": pc.year(day), "month": pc.month(day), "pence": table["amount"]}
    groups = pa.table(columns).drop_null().group_by(["year", "month"], use_threads=False)
    for row in groups.aggregate([([], "count_all"), ("pence", "sum")]).to_pylist():
        yield dt.date(row["year"], row["month"], 1), row["count_all"], row["pence_sum"]


def _suggested(found: pd.DataFrame, council: str | None) -> dict[str, Suggestion]:
    return with_namesakes(
        {
            row["key"]: suggest(
                row["supplier"],
                sme=Flag(row["sme_yes"], row["sme_no"]),
                voluntary=Flag(row["voluntary_yes"], row["voluntary_no"]),
                company=row["company"],
                charity=row["charity"],
                council=council,
            )
            for row in found.to_dict("records")
        }
    )


def _shown(added: pd.DataFrame) -> pd.Series[str]:
    """Each key's spelling with the most money, of several the first by alphabet."""
    spellings = added.groupby(["key", "name"])[["pence"]].sum().reset_index()
    ranked = spellings.sort_values(["pence", "name"], ascending=[False, True])
    return ranked.drop_duplicates("key").set_index("key")["name"]


def _most_frequent(added: pd.DataFrame, column: str) -> pd.Series[str]:
    """Each key's value on the most payments, of several the smallest; None where there is none."""
    values = added.groupby(["key", column])[["payments"]].sum().reset_index()
    ranked = values.sort_values(["payments", column], ascending=[False, True])
    found = ranked.drop_duplicates("key").set_index("key")[column]
    return (
        found.reindex(added["key"].unique()).astype(object).where(lambda each: each.notna(), None)
    )


def _cells(table: pa.Table, areas: Collection[str]) -> pa.Table:
    """A row group's payments with the columns to group by and to add up."""
    import pyarrow as pa
    import pyarrow.compute as pc

    amount, day = table["amount"], table["date"]
    early = pc.less(pc.month(day), 4).cast(pa.int64())
    columns = {
        "name": _given(table["beneficiary"]),
        "service": _given(table["service"]),
        "year": pc.subtract(pc.year(day), early),
        "company": table["company"],
        "charity": table["charity"],
        "pence": amount,
        "payments": pa.array([1] * len(table), pa.int64()),
    }
    for flag in ("sme", "voluntary"):
        columns[f"{flag}_yes"] = pc.fill_null(table[flag], fill_value=False).cast(pa.int64())
        columns[f"{flag}_no"] = pc.invert(pc.fill_null(table[flag], fill_value=True)).cast(
            pa.int64()
        )
    for name, found in (
        ("placed", lambda postcode: market.outward(postcode) is not None),
        ("local", lambda postcode: market.is_local(postcode, areas)),
    ):
        columns[name] = pc.if_else(_of_each(table["postcode"], found), amount, 0)
    return pa.table(columns)


def _given(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    text = pc.fill_null(pc.utf8_trim_whitespace(column), "")
    return pc.if_else(pc.equal(text, ""), NOT_GIVEN, text)


def _of_each(column: pa.ChunkedArray, holds: Callable[[str], bool]) -> pa.Array:
    """Whether something holds for each text, asked once for each that differs; not for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.combine_chunks().dictionary_encode()
    answers = pa.array([holds(text) for text in encoded.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(answers.take(encoded.indices), fill_value=False)


def _summed(cells: pa.Table) -> pa.Table:
    # One thread: the order of the groups, and so of ties, is then that of the payments.
    grouped = cells.group_by(_KEYS, use_threads=False)
    found = grouped.aggregate([(name, "sum") for name in _SUMS])
    return found.rename_columns([name.removesuffix("_sum") for name in found.column_names])
