"""`localis import` a second time: what is gone, comes back, was renamed or stands twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imports import APRIL, HEADINGS, MAY, table, type_in, write_files

from commissioning.council.contracts.deadlines import ENDS
from judges import cached, differences, recalculate
from running import runner

if TYPE_CHECKING:
    from running import Ran, Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def test_a_line_that_is_gone_counts_no_supplier_and_no_postcode(run: Run) -> None:
    headings = "Payment Date,Service,Supplier Name,Net Amount,Postcode\n"
    Path("a.csv").write_text(
        f"{headings}03/04/2025,Care,Fenbrook,900,M5 4AA\n04/04/2025,Care,Marrow,800,M5 4AA\n",
        encoding="utf-8",
    )
    run("import", "spend", "a.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "Fenbrook", "Decision input", "SME")
    Path("a.csv").write_text(
        f"{headings}03/04/2025,Roads,Fenbrook,900,M5 4AA\n04/04/2025,Care,Marrow,800,\n",
        encoding="utf-8",
    )
    run("import", "spend", "a.csv", "--into", "Plan.xlsx")
    assert table("Market", "Provider type")["SME"]["Suppliers"] == 1
    assert table("Services", "Service")["Care"]["Local share"] in {None, ""}
    gone = [row for row in table("Spend", "Line").values() if row["Spend £"] == 0]
    assert [(row["With postcode £"], row["Counts supplier"]) for row in gone] == [(0, 0)]


def test_a_supplier_that_nets_to_nil_is_brought_up_to_date_later(run: Run) -> None:
    def imported(*lines: str) -> Ran:
        Path("a.csv").write_text("\n".join((HEADINGS, *lines)), encoding="utf-8")
        return run("import", "spend", "a.csv", "--into", "Plan.xlsx")

    paid, credit = "03/04/2025,Care,Fenbrook,900,T1,", "04/04/2025,Care,Fenbrook,-900,T2,"
    imported(paid)
    imported(paid, credit)
    ran = imported(paid, credit, "05/04/2025,Care,Fenbrook,50,T3,")
    assert "kept as typed" not in ran.out
    fenbrook = table("Suppliers", "Supplier")["Fenbrook"]
    assert (fenbrook["Paid £"], fenbrook["Payments"]) == (50, 3)


def test_a_supplier_that_comes_back_is_as_it_was_with_its_decision(run: Run) -> None:
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "Turnpike Surfacing", "Decision input", "large")
    before = table("Suppliers", "Supplier")["Turnpike Surfacing"]
    Path("may.csv").write_text(MAY.replace("Turnpike Surfacing", "Quill"), encoding="utf-8")
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    gone = table("Suppliers", "Supplier")["Turnpike Surfacing"]
    assert (gone["Paid £"], gone["Payments"], gone["Decision input"]) == (0, 0, "large")
    Path("may.csv").write_text(MAY, encoding="utf-8")
    ran = run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert "kept as typed" not in ran.out
    assert table("Suppliers", "Supplier")["Turnpike Surfacing"]["Paid £"] == 700
    assert before["Payments"] == table("Suppliers", "Supplier")["Turnpike Surfacing"]["Payments"]


def test_a_workbook_saved_under_another_name_keeps_its_payments(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    Path("Plan.xlsx").rename("Plan of June.xlsx")
    run("import", "spend", "may.csv", "--into", "Plan of June.xlsx")
    Path("Plan of June.xlsx").rename("Plan.xlsx")
    files = table("PaymentFiles", "File")
    assert {row["Payments are in"] for row in files.values()} == {"Plan of June payments.parquet"}
    assert table("Suppliers", "Supplier")["FENBROOK CARE LIMITED"]["Paid £"] == 3200.5
    assert Path("Plan payments.parquet").exists()


def test_who_is_redacted_counts_as_no_supplier(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    redacted = table("Market", "Provider type")["redacted"]
    assert (redacted["Spend £"], redacted["Suppliers"]) == (50.25, 0)


def test_a_supplier_named_by_signs_alone_is_itself(run: Run) -> None:
    Path("a.csv").write_text(APRIL.replace("Marrow Lane Carers", "***"), encoding="utf-8")
    run("import", "spend", "a.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "***", "Decision input", "individual")
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    path = Path("Plan.xlsx")
    assert table("Market", "Provider type")["individual"]["Spend £"] == 800
    assert differences(cached(path), recalculate([path])[0]) == []


def test_contracts_of_one_reference_keep_their_decisions_whatever_their_order(run: Run) -> None:
    heading, *lots = (
        "Contract Reference,Title,Supplier,Contract Value,End Date",
        "F1,Lot b,Quill,100,31/03/2027",
        "F1,Lot a,Fenbrook,200,31/03/2027",
        "F1 (2),Other,Marrow,300,31/03/2027",
    )
    Path("r.csv").write_text("\n".join((heading, *lots)), encoding="utf-8")
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    type_in("Contracts", "Title", "Lot b", "Decision input", "Extend")
    Path("r.csv").write_text("\n".join((heading, *reversed(lots))), encoding="utf-8")
    ran = run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    contracts = table("Contracts", "Title")
    assert "Needs a look" not in ran.out
    assert contracts["Lot b"]["Decision input"] == "Extend"
    assert len({row["Contract"] for row in contracts.values()}) == 3


def test_what_can_be_extended_is_counted_among_what_ends_in_the_months_ahead(run: Run) -> None:
    lines = (
        "Contract Reference,Title,Supplier,Contract Value,End Date,Extended End Date",
        "C1,Ended,Quill,100,31/03/2020,31/03/2021",
        "C2,Ends,Quill,200,31/03/2027,31/03/2028",
        "C3,Ends,Quill,400,31/03/2027,31/03/2027",
    )
    Path("r.csv").write_text("\n".join(lines), encoding="utf-8")
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    results = table("ContractResults", "Item")
    assert (results["ends"]["Contracts"], results["ends"]["Value £"]) == (2, 600)
    assert (results["extend"]["Contracts"], results["extend"]["Value £"]) == (1, 200)


def _lots(*lots: str) -> None:
    heading = "Contract Reference,Title,Supplier,Contract Value,Start Date,End Date"
    Path("r.csv").write_text("\n".join((heading, *lots)), encoding="utf-8")


def test_a_decision_on_a_lot_that_leaves_stands_on_no_other_lot(run: Run) -> None:
    lots = [f"S1,Lot {name},Quill,100,01/04/2024,31/03/2027" for name in "abc"]
    _lots(*lots)
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    for name in "abc":
        type_in("Contracts", "Title", f"Lot {name}", "Notes input", f"on {name}")
    _lots(*lots[1:], "S1,Lot d,Quill,900,01/04/2024,31/03/2030")
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    contracts = table("Contracts", "Title")
    assert {title: row["Notes input"] for title, row in contracts.items()} == {
        "Lot a": "on a",
        "Lot b": "on b",
        "Lot c": "on c",
        "Lot d": None,
    }
    assert [contracts[title]["In register"] for title in sorted(contracts)] == [
        "No longer",
        "Yes",
        "Yes",
        "Yes",
    ]


def test_a_reference_that_comes_to_be_shared_keeps_its_decision_on_the_first_lot(run: Run) -> None:
    first, second = (f"S1,Lot {name},Quill,100,01/04/2024,31/03/2027" for name in "ab")
    _lots(first)
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    type_in("Contracts", "Title", "Lot a", "Decision input", "Extend")
    _lots(second, first.replace("31/03/2027", "31/03/2028").replace("100", "700"))
    ran = run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    contracts = table("Contracts", "Title")
    assert "Needs a look" not in ran.out
    decided = {title: (row["Contract"], row["Decision input"]) for title, row in contracts.items()}
    assert decided == {"Lot a": ("S1", "Extend"), "Lot b": ("S1 · Lot b", None)}
    assert contracts["Lot a"]["Value £"] == 700


def test_a_reference_that_passes_to_another_contract_leaves_the_decision_and_says_so(
    run: Run,
) -> None:
    _lots("S1,Lot a,Quill,100,01/04/2024,31/03/2027")
    run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    type_in("Contracts", "Title", "Lot a", "Decision input", "Extend")
    _lots("S1,Lot z,Marrow,100,01/04/2024,31/03/2027")
    ran = run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    contracts = table("Contracts", "Title")
    assert (contracts["Lot a"]["Decision input"], contracts["Lot a"]["In register"]) == (
        "Extend",
        "No longer",
    )
    assert contracts["Lot z"]["Decision input"] is None
    assert "the register no longer has 'S1' with this title, supplier and start" in ran.out
    again = run("import", "contracts", "r.csv", "--into", "Plan.xlsx")
    assert "is up to date" in again.out


def test_a_refresh_puts_back_formulas_of_the_councils_own_sheets(run: Run) -> None:
    run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    before = {
        name: table(*name) for name in (("Contracts", "Contract"), ("Market", "Provider type"))
    }
    results = table("ContractResults", "Item")
    type_in("Contracts", "Contract", "C1", "Standing", None)
    type_in("Market", "Provider type", "SME", "Share of spend", None)
    type_in("ContractResults", "Item", "ends", "Value £", None)
    ran = run("refresh", "Plan.xlsx")
    assert ran.out.count("its formula was put back") == 3
    assert {name: table(*name) for name in before} == before
    assert table("ContractResults", "Item") == results
    assert "is up to date" in run("refresh", "Plan.xlsx").out


def test_a_formula_that_was_typed_over_comes_back_as_the_report_says(run: Run) -> None:
    run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    type_in("Contracts", "Contract", "C1", "Standing", "mine")
    ran = run("refresh", "Plan.xlsx")
    assert "it was kept as typed. Empty the cell and refresh to have the other back." in ran.out
    type_in("Contracts", "Contract", "C1", "Standing", None)
    run("refresh", "Plan.xlsx")
    assert table("Contracts", "Contract")["C1"]["Standing"] == ENDS


def test_an_imported_value_that_was_typed_over_comes_back_as_the_report_says(run: Run) -> None:
    run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    type_in("Contracts", "Contract", "C1", "Title", "mine")
    ran = run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    assert "Empty the cell and import again to have the other back." in ran.out
    type_in("Contracts", "Contract", "C1", "Title", None)
    run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    assert table("Contracts", "Contract")["C1"]["Title"] == "Home care"
