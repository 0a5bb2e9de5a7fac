from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments_made import FEW

from commissioning.council.spend import market
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.types import TYPES

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
    found = market.concentration(of(*pence))
    assert (found.hhi, found.largest, found.coverage) == (hhi, largest, 1.0)


@pytest.mark.parametrize("pence", [(), (0,), (-5, 0)])
def test_where_nobody_was_paid_there_is_no_concentration(pence: tuple[int, ...]) -> None:
    assert market.concentration(of(*pence)) == (0, 0, None, None, None)


def test_a_suppliers_lines_count_as_one_sum_and_the_unnamed_as_coverage_alone() -> None:
    lines = [("A", "Care", 2024, 50), ("A", "Care", 2025, -20), ("B", "Care", 2025, 10)]
    unnamed = [("D", "Care", 2025, 30), (key(NOT_GIVEN), "Care", 2025, 30)]
    assert market.concentration(table(lines + unnamed)) == (2, 40, 6250, 1.0, 0.4)


@FEW
@given(some_lines)
def test_concentration_by_service_is_that_of_its_own_lines(lines: list[Line]) -> None:
    found = market.concentrations(table(lines))
    assert list(found) == sorted({service for _, service, _, _ in lines})
    for service, each in found.items():
        sums: dict[str, int] = defaultdict(int)
        for supplier, _, _, pence in (line for line in lines if line[1] == service):
            sums[supplier] += pence
        paid = [sums[supplier] for supplier in "ABC" if sums[supplier] > 0]
        assert (each.suppliers, each.pence) == (len(paid), sum(paid))
        if paid:
            exact = 10_000 * sum(Fraction(pence, sum(paid)) ** 2 for pence in paid)
            assert each.hhi == pytest.approx(float(exact), rel=1e-12)


@FEW
@given(some_lines)
def test_spend_adds_up_to_the_lines_however_it_is_divided(lines: list[Line]) -> None:
    frame, total = table(lines), sum(line[3] for line in lines)
    for by in (["provider"], ["service"], ["year"], ["provider", "service", "year"]):
        found = market.spend(frame, *by)
        assert int(found["pence"].sum()) == total
        assert int(found["payments"].sum()) == len(lines)


@FEW
@given(some_lines)
def test_suppliers_are_counted_once_and_only_where_named_and_not_nil(lines: list[Line]) -> None:
    found = market.spend(table(lines), "service")
    for service, suppliers in zip(found["service"], found["suppliers"], strict=True):
        paid = {line[0] for line in lines if line[1] == service and line[3]}
        assert suppliers == len(paid & set("ABC"))


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


def test_the_local_share_is_of_what_has_a_postcode_and_says_how_much_that_is() -> None:
    lines = pd.DataFrame({"pence": [100, 300], "placed": [100, 100], "local": [50, 0]})
    found = market.locality(lines)
    assert found == (400, 200, 50)
    assert (found.share, found.coverage) == (0.25, 0.5)
    assert market.locality(lines[:0]).share is None
