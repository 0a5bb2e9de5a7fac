from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.spend import market
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.types import TYPES
from payments_made import FEW

#: Supplier's key -> its type; each supplier has one.
SUPPLIERS = {"A": "SME", "B": "VCS", "C": "unknown", "D": "redacted", key(NOT_GIVEN): "unknown"}

Line = tuple[str, str, int, int]
some_lines = st.lists(
    st.tuples(
        st.sampled_from(list(SUPPLIERS)),
        st.sampled_from(["Care", "Roads"]),
        st.sampled_from([2024, 2025]),
        st.integers(-(10**13), 10**13),
    ),
    unique_by=lambda line: line[:3],
)


def table(lines: list[Line]) -> pd.DataFrame:
    names = ["key", "service", "year", "pence"]
    frame = pd.DataFrame(lines, columns=names).astype({"pence": "int64"})
    return frame.assign(provider=frame["key"].map(SUPPLIERS), payments=1)


def of(*pence: int) -> pd.DataFrame:
    """Lines of one service and year, of a named supplier each."""
    rows = [(f"S{place}", "Care", 2025, each) for place, each in enumerate(pence)]
    return table([]) if not rows else table(rows).assign(provider="private")


@pytest.mark.parametrize(
    ("pence", "hhi", "largest"),
    [
        # The example of the United States Department of Justice.
        ((30, 30, 20, 20), 2600, 1.0),
        ((5,), 10_000, 1.0),
        ((10,) * 10, 1000, 0.4),
        ((30, -5, 0, 10), 6250, 1.0),
        ((10**14 + 1, 10**14 + 1), 5000, 1.0),
    ],
)
def test_concentration_is_that_of_the_textbook_and_credit_counts_as_nothing(
    pence: tuple[int, ...], hhi: float, largest: float
) -> None:
    [found] = market.by_service(of(*pence)).to_dict("records")
    assert (found["hhi"], found["largest"]) == (hhi, largest)
    assert found["suppliers"] == sum(each > 0 for each in pence)


@pytest.mark.parametrize("pence", [(0,), (-5, 0)])
def test_where_nobody_was_paid_there_is_no_concentration(pence: tuple[int, ...]) -> None:
    found = market.by_service(of(*pence))
    assert found["suppliers"].tolist() == [0]
    assert found[["hhi", "largest"]].isna().all(axis=None)


def test_a_service_has_a_row_a_year_and_the_unnamed_count_in_pounds_alone() -> None:
    lines = [("A", "Care", 2024, 50), ("A", "Care", 2025, 60), ("B", "Care", 2025, 20)]
    unnamed = [("D", "Care", 2025, 30), (key(NOT_GIVEN), "Care", 2025, 30)]
    found = market.by_service(table(lines + unnamed))
    assert found.to_numpy().tolist() == [
        ["Care", 2025, 140, 4, 2, 6250, 1.0],
        ["Care", 2024, 50, 1, 1, 10_000, 1.0],
    ]


def test_payments_without_a_date_are_a_year_of_their_own() -> None:
    lines = table([("A", "Care", 2025, 50), ("B", "Care", 2024, 20)])
    undated = lines.assign(year=lines["year"].astype("Int64").where(lines["year"] > 2024))
    found = market.by_service(undated)
    assert found["pence"].tolist() == [50, 20]
    assert found["year"].isna().tolist() == [False, True]


@FEW
@given(some_lines)
def test_concentration_by_service_is_that_of_its_own_lines(lines: list[Line]) -> None:
    found = market.by_service(table(lines))
    rows = set(zip(found["service"], found["year"], strict=True))
    assert rows == {(service, year) for _, service, year, _ in lines}
    for _, each in found.iterrows():
        paid = [
            pence
            for supplier, *own, pence in lines
            if own == [each["service"], each["year"]] and supplier in "ABC" and pence > 0
        ]
        assert each["suppliers"] == len(paid)
        if paid:
            exact = 10_000 * sum(Fraction(pence, sum(paid)) ** 2 for pence in paid)
            four = Fraction(sum(sorted(paid)[-4:]), sum(paid))
            assert each["hhi"] == pytest.approx(float(exact), rel=1e-12)
            assert each["largest"] == pytest.approx(float(four), rel=1e-12)


@FEW
@given(some_lines)
def test_both_tables_add_up_to_the_lines(lines: list[Line]) -> None:
    frame, total = table(lines), sum(line[3] for line in lines)
    for found in (market.by_provider(frame), market.by_service(frame)):
        assert int(found["pence"].sum()) == total
        assert int(found["payments"].sum()) == len(lines)


@FEW
@given(some_lines)
def test_suppliers_of_a_type_are_counted_once_and_only_where_named_and_not_nil(
    lines: list[Line],
) -> None:
    found = market.by_provider(table(lines)).set_index("provider")["suppliers"]
    paid = {line[0] for line in lines if line[3]}
    assert found[["SME", "VCS", "unknown"]].tolist() == [each in paid for each in "ABC"]
    assert found.sum() == len(paid & set("ABC"))


def test_every_type_has_a_row_and_the_unknown_is_not_spread_over_the_rest() -> None:
    rows = [("A", "Care", 2025, 30), ("B", "Care", 2025, 10), ("C", "Care", 2025, 40)]
    found = market.by_provider(table([*rows, ("D", "Care", 2025, 20)])).set_index("provider")
    assert list(found.index) == list(TYPES)
    of_all = {name: share for name, share in found["of_all"].items() if share}
    assert of_all == {"SME": 0.3, "VCS": 0.1, "unknown": 0.4, "redacted": 0.2}
    of_known = found["of_known"]
    assert of_known[["SME", "VCS", "large"]].tolist() == [0.75, 0.25, 0.0]
    assert of_known[["unknown", "redacted"]].isna().all()
    assert found["suppliers"]["redacted"] == 0


def test_without_payments_there_are_types_and_no_shares() -> None:
    found = market.by_provider(table([]))
    assert found["pence"].tolist() == [0] * len(TYPES)
    assert found[["of_all", "of_known"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("M5 4WT", "M5"),
        ("m54wt", "M5"),
        ("M50 2AB", "M50"),
        ("M502AB", "M50"),
        ("EC1A 1BB", "EC1A"),
        ("LS1", "LS1"),
        ("N/A", None),
        ("", None),
        ("M5 4W", None),
    ],
)
def test_the_outward_code_is_told_from_the_inward_one(postcode: str, code: str | None) -> None:
    assert market.outward(postcode) == code


@pytest.mark.parametrize(
    ("postcode", "areas", "local"),
    [
        ("M5 4WT", {"M5"}, True),
        ("M50 2AB", {"M5"}, False),
        ("M50 2AB", {"M"}, True),
        ("ML1 1AA", {"M"}, False),
        ("EC1A 1BB", {"EC"}, True),
        ("M5 4WT", set(), False),
        ("nowhere", {"NO"}, False),
    ],
)
def test_local_is_an_outward_code_or_a_whole_postcode_area(
    postcode: str, areas: set[str], local: bool
) -> None:
    assert market.is_local(postcode, areas) is local
