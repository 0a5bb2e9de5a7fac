from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend import totals
from commissioning.council.suppliers.names import NOT_GIVEN, key
from payments_made import FEW, imported, payment

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pytest


def suppliers(folder: Path, *payments: dict[str, Any], council: str | None = None) -> pd.DataFrame:
    added = totals.added_up(imported(folder, {"a.csv": payments}))
    return totals.suppliers(added, council).set_index("key")


def cells(found: pd.DataFrame, supplier: str, *columns: str) -> list[object]:
    return [found[column][supplier] for column in columns]


some_payments = st.lists(
    st.fixed_dictionaries(
        {
            "beneficiary": st.sampled_from(["Marl Ltd", "MARL LIMITED", "Ling", "", "Fenn & Co"]),
            "amount": st.integers(-(10**11), 10**11),
            "date": st.none() | st.dates(dt.date(2023, 3, 30), dt.date(2024, 4, 2)),
            "service": st.sampled_from(["Care", "Roads", "", None]),
            "postcode": st.sampled_from(["M5 4WT", "M6 1AA", "N/A", None]),
            "sme": st.sampled_from([True, False, None]),
            "company": st.sampled_from(["01234567", None]),
        }
    ),
    max_size=30,
)


def year_of(day: dt.date | None) -> int | None:
    return None if day is None else day.year - (day.month < 4)


@FEW
@given(some_payments, some_payments)
def test_months_are_what_adding_the_payments_one_by_one_gives(
    tmp_path_factory: pytest.TempPathFactory, one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    path = imported(tmp_path_factory.mktemp("store"), {"a.csv": one, "b.csv": two})
    expected: dict[dt.date, list[int]] = {}
    for each in (*one, *two):
        if each["date"]:
            expected.setdefault(each["date"].replace(day=1), []).append(each["amount"])
    assert [tuple(each) for each in totals.months(path)] == [
        (month, len(paid), sum(paid)) for month, paid in sorted(expected.items())
    ]


@FEW
@given(some_payments, some_payments)
def test_lines_are_what_adding_the_payments_one_by_one_gives(
    tmp_path_factory: pytest.TempPathFactory, one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    path = imported(tmp_path_factory.mktemp("store"), {"a.csv": one, "b.csv": two})
    added = totals.added_up(path, {"M5"})
    found = totals.lines(added)
    expected: dict[tuple[object, ...], list[int]] = {}
    for each in (*one, *two):
        name = key(each["beneficiary"] or NOT_GIVEN)
        place = (name, each["service"] or NOT_GIVEN, year_of(each["date"]))
        placed = each["amount"] * (each["postcode"] in {"M5 4WT", "M6 1AA"})
        local = each["amount"] * (each["postcode"] == "M5 4WT")
        sums = expected.setdefault(place, [0, 0, 0, 0])
        expected[place] = [
            a + b for a, b in zip(sums, (each["amount"], 1, placed, local), strict=True)
        ]
    lines = {
        (row["key"], row["service"], None if row["year"] is None else int(row["year"])): [
            int(row[name]) for name in ("pence", "payments", "placed", "local")
        ]
        for row in found.astype({"year": object}).where(found.notna(), None).to_dict("records")
    }
    assert lines == expected
    table = totals.suppliers(added)
    paid = Counter[str]()
    for each in (*one, *two):
        paid[key(each["beneficiary"] or NOT_GIVEN)] += each["amount"]
    assert dict(zip(table["key"], table["pence"], strict=True)) == dict(paid)
    assert table["pence"].is_monotonic_decreasing


def test_payments_are_of_the_financial_year_that_begins_in_april(tmp_path: Path) -> None:
    days = [dt.date(2025, 3, 31), dt.date(2025, 4, 1), dt.date(2026, 3, 31), None]
    path = imported(tmp_path, {"a.csv": [payment("Marl", 1, date=day) for day in days]})
    found = totals.lines(totals.added_up(path))
    assert found["year"].tolist()[:2] == [2024, 2025]
    assert found["year"].isna().tolist() == [False, False, True]
    assert found["payments"].tolist() == [1, 2, 1]


def test_a_supplier_shows_the_spelling_with_the_most_money(tmp_path: Path) -> None:
    paid = [payment("MARL LIMITED", 5)] * 3 + [payment("Marl Ltd", 16), payment("marl ltd.", -99)]
    found = suppliers(tmp_path, *paid)
    assert cells(found, "MARLLTD", "supplier", "pence", "payments") == ["Marl Ltd", -68, 5]


def test_of_spellings_with_the_same_money_the_first_by_alphabet_is_shown(tmp_path: Path) -> None:
    found = suppliers(tmp_path, payment("marl", 5), payment("Marl", 5), payment("MARL", 5))
    assert found["supplier"].tolist() == ["MARL"]


def test_a_supplier_without_a_name_is_shown_as_not_given_and_unknown(tmp_path: Path) -> None:
    found = suppliers(tmp_path, payment("", 5), payment(" ", 5))
    shown = cells(found, key(NOT_GIVEN), "supplier", "payments", "provider", "reason")
    assert shown == [NOT_GIVEN, 2, "unknown", "The file gives no name"]


def test_the_numbers_on_most_payments_are_the_suppliers(tmp_path: Path) -> None:
    paid = [payment("Marl", 1, company=number) for number in ("02", "01", None, "02", "01", None)]
    found = suppliers(tmp_path, *paid, payment("Ling", 1, charity="212345"))
    assert cells(found, "MARL", "company", "charity") == ["01", None]
    assert cells(found, "LING", "company", "charity") == [None, "212345"]


def test_flags_of_all_payments_and_spellings_decide_together(tmp_path: Path) -> None:
    paid = [payment("Marl Ltd", 1, sme=flag) for flag in (True, True, False, None)]
    found = suppliers(tmp_path, *paid, payment("MARL LIMITED", 1, sme=True))
    reason = "Flagged as SME on 3 of 4 flagged payments in the file"
    assert cells(found, "MARLLTD", "provider", "reason") == ["SME", reason]


def test_a_namesake_in_another_file_tells_the_type(tmp_path: Path) -> None:
    path = imported(tmp_path, {"a.csv": [payment("Marl", 9)], "b.csv": [payment("Marl Ltd", 1)]})
    found = totals.suppliers(totals.added_up(path))
    assert found["provider"].tolist() == ["private", "private"]


def test_the_councils_name_tells_what_is_in_house(tmp_path: Path) -> None:
    own, other = payment("Fenby Council", 2), payment("Ling Council", 1)
    found = suppliers(tmp_path, own, other, council="Fenby Borough Council")
    assert found["provider"].tolist() == ["in-house", "other-public"]


def test_a_store_without_payments_has_neither_lines_nor_suppliers(tmp_path: Path) -> None:
    added = totals.added_up(imported(tmp_path, {"a.csv": []}))
    assert totals.lines(added).empty
    assert totals.suppliers(added).empty
