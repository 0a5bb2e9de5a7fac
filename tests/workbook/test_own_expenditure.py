"""Payments stand for procurement that was not typed, once those of the year are complete."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from commissioning.council.figures import ImportedFile, Own, PaidMonth, Spend, SpendLine, Supplier
from commissioning.evidence.pack import load
from commissioning.workbook.book import Book
from commissioning.workbook.layout import Choices, lay_out
from commissioning.workbook.template import template
from filling import Typed, fill
from judges import cached, differences, recalculate

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.cells import Value

CHOICES = Choices("Sandborough", "2025-26", dt.date(2026, 6, 1))
HIGHWAYS = "Highways and transport"
OTHERS: dict[str, Value] = {"External contractors £m input": 2, "Other employees £m input": 1}

#: What was paid in the twelve months from April, and where March has nothing but a stray payment.
YEAR = (40_000_000,) * 11 + (20_000_000,)
ELEVEN = (40_000_000,) * 11 + (60_000,)


def _own(paid: tuple[int, ...]) -> Own:
    """Payments of five million for highways, of which a million is a precept."""
    lines = [
        SpendLine("TARLTD", "Tar Ltd", "Roads", 2025, 300_000_000),
        SpendLine("TARLTD", "Tar Ltd", "Highways", 2025, 100_000_000),
        SpendLine("TARLTD", "Tar Ltd", "Highways", 2024, 700_000_000),
        SpendLine("POLICE", "Police Authority", "Highways", 2025, 100_000_000),
        SpendLine("TARLTD", "Tar Ltd", "Places", 2025, 50_000_000),
    ]
    suppliers = [
        Supplier("TARLTD", "Tar Ltd", 1_150_000_000, 9, "private", "Name has LTD"),
        Supplier("POLICE", "Police Authority", 100_000_000, 1, "other-public", "Name has POLICE"),
    ]
    months = [
        PaidMonth(dt.date(2025 + month // 12, month % 12 + 1, 1), 9, pence)
        for month, pence in enumerate(paid, 3)
    ]
    files = [ImportedFile("a.csv", 5, 1, 0, 0, None, None, "Plan payments.parquet")]
    return Own(Spend(files, suppliers, lines, months))


def _book(typed: dict[str, Value], paid: tuple[int, ...] = YEAR) -> Book:
    entered: Typed = {"CouncilExpenditure": {HIGHWAYS: typed}}
    return Book.fresh(fill(lay_out(load(), CHOICES, _own(paid)), entered))


def test_what_was_bought_in_the_year_is_shown_beside_each_area_without_public_bodies() -> None:
    book = _book({})
    assert book.find("CouncilExpenditure", HIGHWAYS)["Bought £m"] == pytest.approx(4)
    assert book.find("CouncilExpenditure", "Education")["Bought £m"] == ""


def test_it_stands_for_procurement_that_was_left_empty() -> None:
    row = _book(OTHERS).find("CouncilExpenditure", HIGHWAYS)
    assert row["Procurement £m"] == pytest.approx(4)
    assert row["Non-external £m"] == pytest.approx(4 - 2 + 1)


def test_totals_and_checks_take_it_too() -> None:
    book = _book(OTHERS)
    assert book.named("CouncilProcurement") == pytest.approx(4)
    assert book.named("CouncilContractorsShare") == pytest.approx(2 / 4)
    assert book.find("Checks", "Amounts complete")["Problems"] == 0


def test_what_was_typed_counts_before_it() -> None:
    row = _book({**OTHERS, "Procurement £m input": 9}).find("CouncilExpenditure", HIGHWAYS)
    assert row["Procurement £m"] == 9
    assert row["Non-external £m"] == 9 - 2 + 1


def test_an_area_of_which_nothing_else_is_known_stays_empty() -> None:
    row = _book({}).find("CouncilExpenditure", HIGHWAYS)
    assert (row["Procurement £m"], row["Non-external £m"]) == ("", "")


def test_eleven_months_are_not_taken_for_a_year() -> None:
    book = _book(OTHERS, ELEVEN)
    assert book.named("PaymentMonths") == 11
    assert book.find("CouncilExpenditure", HIGHWAYS)["Procurement £m"] == ""
    assert book.find("Checks", "Amounts complete")["Problems"] == 1


def test_what_has_no_area_is_told() -> None:
    results = _book({}).find("Results", "without-area")
    assert results["Council"] == pytest.approx(0.5)


def test_an_officers_decision_moves_a_service_to_another_area() -> None:
    layout = lay_out(load(), CHOICES, _own(YEAR))
    ids = {row["Service"]: str(row["Area id"]) for row in layout.tables["ServiceAreas"].rows}
    book = Book.fresh(
        fill(layout, {"ServiceAreas": {ids["Places"]: {"Area input": "Central services"}}})
    )
    assert book.find("CouncilExpenditure", "Central services")["Bought £m"] == pytest.approx(0.5)
    assert book.find("Results", "without-area")["Council"] == 0


def test_an_area_that_council_expenditure_has_not_is_found_by_the_checks() -> None:
    layout = lay_out(load(), CHOICES, _own(YEAR))
    ids = {row["Service"]: str(row["Area id"]) for row in layout.tables["ServiceAreas"].rows}
    book = Book.fresh(fill(layout, {"ServiceAreas": {ids["Places"]: {"Area input": "Elsewhere"}}}))
    assert book.find("Checks", "Service areas")["Problems"] == 1
    # The suggestion does not stand in for it, nor does its money count in an area by mistake.
    assert book.find("Results", "without-area")["Council"] == pytest.approx(0.5)


def test_a_service_without_an_area_is_found_by_the_checks_if_it_was_bought_in_the_year() -> None:
    assert _book({}).find("Checks", "Services in an area")["Problems"] == 1


def test_blanks_around_a_decision_do_not_take_its_money_away() -> None:
    layout = lay_out(load(), CHOICES, _own(YEAR))
    ids = {row["Service"]: str(row["Area id"]) for row in layout.tables["ServiceAreas"].rows}
    typed: Typed = {
        "ServiceAreas": {ids["Places"]: {"Area input": " housing "}},
        "Suppliers": {"TARLTD": {"Decision input": "Small and medium-sized companies "}},
    }
    book = Book.fresh(fill(layout, typed))
    assert book.find("CouncilExpenditure", "Housing")["Bought £m"] == pytest.approx(0.5)
    assert book.find("Market", "SME")["Spend £"] == 4_500_000
    assert book.find("Checks", "Decisions on types")["Problems"] == 0


def test_a_decision_that_is_no_type_is_found_and_leaves_the_suggestion() -> None:
    layout = lay_out(load(), CHOICES, _own(YEAR))
    book = Book.fresh(fill(layout, {"Suppliers": {"TARLTD": {"Decision input": "small"}}}))
    assert book.find("Suppliers", "TARLTD")["Provider type"] == "private"
    assert book.find("Checks", "Decisions on types")["Problems"] == 1


def test_where_no_file_gives_sizes_no_share_of_small_companies_is_claimed() -> None:
    book = _book({})
    assert book.find("Headlines", "Own spending with small and medium companies")["Figure"] == (
        "Size not known"
    )
    assert "not known" in str(book.find("Market", "SME")["In words"])


@pytest.mark.parametrize("written", ["25/26", "FY2025-26", "2025-27", "", "2025-2026"])
def test_a_financial_year_written_otherwise_is_found(written: str) -> None:
    layout = fill(
        lay_out(load(), CHOICES), {"Settings": {"Financial year": {"Value input": written}}}
    )
    assert Book.fresh(layout).find("Checks", "Financial year")["Problems"] == 1


@pytest.mark.parametrize("paid", [YEAR, ELEVEN], ids=["year", "eleven months"])
def test_libreoffice_works_out_the_same(paid: tuple[int, ...], tmp_path: Path) -> None:
    layout = fill(lay_out(load(), CHOICES, _own(paid)), {"CouncilExpenditure": {HIGHWAYS: OTHERS}})
    path = tmp_path / "own.xlsx"
    path.write_bytes(template(layout, load(), CHOICES))
    [computed] = recalculate([path])
    assert differences(cached(path), computed) == []
