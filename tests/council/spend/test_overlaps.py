from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend.overlaps import Overlap, Twice, months, twice
from commissioning.errors import LocalisError
from payments_made import FEW, imported, payment

if TYPE_CHECKING:
    from pathlib import Path

MAY, JUNE = dt.date(2025, 5, 1), dt.date(2025, 6, 1)


def test_a_month_that_one_file_has_is_no_overlap(tmp_path: Path) -> None:
    paid = {"may.csv": [payment("Marl", 1)] * 2, "june.csv": [payment("Marl", 1, date=JUNE)]}
    assert months(imported(tmp_path, paid)) == []


def test_a_shared_month_is_told_with_the_payments_that_both_have(tmp_path: Path) -> None:
    may = [payment("Marl Ltd", 100, transaction="T1")] * 2 + [payment("Ling", 7)]
    june = [
        payment("MARL LIMITED", 100, transaction="T1"),
        payment("Ling", 7),
        payment("Ling", 8),
        payment("Ling", 7, date=JUNE),
    ]
    path = imported(tmp_path, {"may.csv": may, "june.csv": june})
    assert months(path) == [Overlap(MAY, "june.csv", "may.csv", 3, 3, 2, 107)]


@pytest.mark.parametrize(
    "other",
    [
        payment("Ling", 100, transaction="T1"),
        payment("Marl", 101, transaction="T1"),
        payment("Marl", 100, transaction="T2"),
        payment("Marl", 100),
        payment("Marl", 100, transaction="T1", date=dt.date(2025, 5, 31)),
    ],
)
def test_payments_that_differ_in_one_thing_are_not_identical(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    path = imported(tmp_path, {"a.csv": [payment("Marl", 100, transaction="T1")], "b.csv": [other]})
    assert months(path) == [Overlap(MAY, "a.csv", "b.csv", 1, 1, 0, 0)]


@pytest.mark.parametrize(("small", "large"), [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_of_a_part_and_a_whole_the_part_is_named_whatever_the_names(
    tmp_path: Path, small: str, large: str
) -> None:
    some = [payment("Marl", 5, transaction=f"T{number}") for number in range(4)]
    more = [payment("Ling", 7, date=day) for day in (MAY, JUNE)]
    path = imported(tmp_path, {large: [*some, *more], small: some})
    assert twice(path, months(path)) == [Twice("a.csv", "b.csv", (MAY,), 4, 20, small)]


def test_a_file_that_is_in_another_only_in_some_months_is_no_part_of_it(tmp_path: Path) -> None:
    both = [payment("Marl", 5), payment("Marl", 5, date=JUNE)]
    july = [payment("Marl", 5, date=dt.date(2025, 7, 1))] * 2
    april = [payment("Marl", 5, date=dt.date(2025, 4, 1))] * 2
    path = imported(tmp_path, {"a.csv": [*both, *july], "b.csv": [*april, *both]})
    assert twice(path, months(path)) == [Twice("a.csv", "b.csv", (MAY, JUNE), 2, 10, None)]


def test_of_two_equal_files_the_second_is_the_part(tmp_path: Path) -> None:
    path = imported(tmp_path, {name: [payment("Marl", 5)] for name in ("a.csv", "b.csv")})
    assert [each.part for each in twice(path, months(path))] == ["b.csv"]


def test_three_files_of_one_month_make_three_pairs(tmp_path: Path) -> None:
    path = imported(tmp_path, {name: [payment("Marl", 5)] for name in ("a", "b", "c")})
    found = [(each.file, each.other, each.identical) for each in months(path)]
    assert found == [("a", "b", 1), ("a", "c", 1), ("b", "c", 1)]


def test_payments_without_a_date_are_in_no_month(tmp_path: Path) -> None:
    paid = [payment("Marl", 5, date=None)]
    assert months(imported(tmp_path, {"a.csv": paid, "b.csv": paid})) == []


def test_without_a_store_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalisError, match="does not exist"):
        months(tmp_path / "none.parquet")


some_payments = st.lists(
    st.builds(
        payment,
        st.sampled_from(["Marl", "Ling"]),
        st.integers(1, 2),
        date=st.sampled_from([MAY, dt.date(2025, 5, 31), JUNE]),
        transaction=st.sampled_from(["T", None]),
    ),
    max_size=12,
)


@FEW
@given(some_payments, some_payments)
def test_identical_payments_are_matched_one_to_one(
    tmp_path_factory: pytest.TempPathFactory, one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    path = imported(tmp_path_factory.mktemp("store"), {"a.csv": one, "b.csv": two})

    def of(rows: list[dict[str, Any]], month: dt.date) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(row.values()) for row in rows if row["date"].month == month.month)

    expected = []
    for month in (MAY, JUNE):
        first, second = of(one, month), of(two, month)
        if first and second:
            both = first & second
            pence = sum(values[3] * count for values, count in both.items())
            ends = first.total(), second.total(), both.total(), pence
            expected.append(Overlap(month, "a.csv", "b.csv", *ends))
    assert months(path) == expected
