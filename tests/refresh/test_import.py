"""`localis import` as officers meet it: their own files into their workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from imports import MAY, table, type_in, write_files

from commissioning.check import check_file
from commissioning.evidence.pack import load
from judges import cached, differences, recalculate
from running import Run, runner
from shared import COUNCIL_SPEND, DATA, needs_shared

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def _contents() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in Path().iterdir()
        if path.suffix in {".xlsx", ".parquet"}
    }


def test_payments_fill_files_suppliers_lines_services_and_market(run: Run) -> None:
    ran = run("import", "spend", "april.csv", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, ran.err) == (0, "")
    files = table("PaymentFiles", "File")
    assert {name: (row["Payments read"], row["Read £"]) for name, row in files.items()} == {
        "april.csv": (4, 2350.75),
        "may.csv": (3, 2800),
    }
    suppliers = table("Suppliers", "Supplier")
    fenbrook = suppliers["FENBROOK CARE LIMITED"]
    assert (fenbrook["Paid £"], fenbrook["Payments"], fenbrook["Provider type"]) == (
        3200.5,
        2,
        "private",
    )
    market = table("Market", "Provider type")
    assert {code: row["Spend £"] for code, row in market.items() if row["Spend £"]} == {
        "private": 3200.5,
        "SME": 1500,
        "other-public": 100,
        "redacted": 50.25,
        "unknown": 300,
    }
    assert sum(float(str(row["Share of spend"])) for row in market.values()) == pytest.approx(1)
    care = table("Services", "Service")["Adult Social Care"]
    assert care["Suppliers"] == 2
    assert care["HHI"] == pytest.approx(10_000 * (3200.5**2 + 800**2) / 4000.5**2)
    assert care["Four largest"] == 1


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("spend", ("april.csv", "may.csv")),
        ("contracts", ("register.csv",)),
        ("survey", ("survey.csv",)),
    ],
)
def test_the_workbook_is_sound_agrees_with_itself_and_a_second_import_changes_nothing(
    run: Run, kind: str, names: tuple[str, ...]
) -> None:
    run("import", kind, *names, "--into", "Plan.xlsx")
    assert check_file(Path("Plan.xlsx"), load()) == []
    before = _contents()
    again = run("import", kind, *names, "--into", "Plan.xlsx")
    assert "is up to date; it was not touched" in again.out
    assert _contents() == before


def test_libreoffice_works_out_every_cached_value_after_all_imports(run: Run) -> None:
    for kind, name in (("spend", "april.csv"), ("contracts", "register.csv")):
        run("import", kind, name, "--into", "Plan.xlsx")
    run("import", "survey", "survey.csv", "--into", "Plan.xlsx")
    path = Path("Plan.xlsx")
    assert differences(cached(path), recalculate([path])[0]) == []


def test_a_decision_survives_later_imports_and_the_market_follows_it(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "Fenbrook Care Ltd", "Decision input", "large")
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    fenbrook = table("Suppliers", "Supplier")["FENBROOK CARE LIMITED"]
    assert (fenbrook["Decision input"], fenbrook["Provider type"]) == ("large", "large")
    assert table("Market", "Provider type")["large"]["Spend £"] == 3200.5


def test_a_figure_that_was_typed_over_is_kept_and_reported(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    type_in("Suppliers", "Supplier", "Marrow Lane Carers", "Paid £", 999)
    ran = run("import", "spend", "april.csv", "may.csv", "--into", "Plan.xlsx")
    assert ran.code == 1
    assert "Paid £ holds 999 in place of 800.0; it was kept as typed" in ran.out
    assert table("Suppliers", "Supplier")["Marrow Lane Carers"]["Paid £"] == 999


def test_a_corrected_file_takes_the_place_of_the_earlier_one(run: Run) -> None:
    run("import", "spend", "april.csv", "may.csv", "--into", "Plan.xlsx")
    Path("may.csv").write_text(MAY.replace("Turnpike Surfacing,700", "Quill,650"), encoding="utf-8")
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    suppliers = table("Suppliers", "Supplier")
    assert suppliers["Quill"]["Paid £"] == 650
    assert suppliers["Turnpike Surfacing"]["Paid £"] == 0
    assert table("Market", "Provider type")["SME"]["Spend £"] == 1450
    assert check_file(Path("Plan.xlsx"), load()) == []


def test_contracts_show_what_ends_and_keep_what_was_decided(run: Run) -> None:
    ran = run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    # The value of one contract is no amount.
    assert ran.code == 1
    assert "register.csv, row 4: " in ran.out
    assert "is not one amount: TBC" in ran.out
    type_in("Contracts", "Contract", "C1", "Decision input", "Extend")
    run("import", "contracts", "register.csv", "--into", "Plan.xlsx")
    contracts = table("Contracts", "Contract")
    assert contracts["C1"]["Standing"] == "Ends within the horizon"
    assert (contracts["C1"]["Value test"], contracts["C1"]["Decision input"]) == ("Late", "Extend")
    assert contracts["C2"]["Standing"] == "Ended"
    assert contracts["007"]["Value £"] is None
    small = table("ContractResults", "Item")["SME"]
    assert (small["Share of contracts"], small["Share of value"]) == (
        pytest.approx(2 / 3),
        pytest.approx(0.2),
    )


def test_a_survey_is_held_against_the_national_one_and_typed_counts_stay(run: Run) -> None:
    type_in("OwnSurvey", "Row", "b no", "Own count input", 11)
    ran = run("import", "survey", "survey.csv", "--into", "Plan.xlsx")
    assert "Own count input holds 11 in place of 10" in ran.out
    rows = table("OwnSurvey", "Row")
    assert rows["b yes"]["Own share"] == 0.75
    assert rows["b yes"]["Difference"] == pytest.approx(30 / 40 - 84 / 103)
    assert rows["a mix"]["Verdict"] == "Lower"
    assert rows["c none"]["Verdict"] in {None, ""}


def test_a_refresh_leaves_the_councils_own_figures_alone(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    before = _contents()
    assert "is up to date" in run("refresh", "Plan.xlsx").out
    assert _contents() == before


def test_a_supplier_that_looks_like_a_formula_stays_a_text(run: Run) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    sheet = openpyxl.load_workbook("Plan.xlsx")["Suppliers"]
    [cell] = [row[0] for row in sheet.iter_rows() if row[0].value == "=1+1"]
    assert cell.data_type == "s"


def test_a_dry_run_tells_and_writes_nothing(run: Run) -> None:
    before = _contents()
    ran = run("import", "spend", "april.csv", "--into", "Plan.xlsx", "--dry-run")
    assert "Dry run: Plan.xlsx was not touched." in ran.out
    assert _contents() == before


def test_json_tells_what_was_read_and_changed(run: Run) -> None:
    ran = run("import", "spend", "april.csv", "--into", "Plan.xlsx", "--json")
    told = json.loads(ran.out)
    assert told["read"] == [
        "april.csv: 4 payments of £2,350.75; 0 rejected.",
        (
            'april.csv: amount, net from "Net Amount", date from "Payment Date", beneficiary from '
            '"Supplier Name", service from "Service".'
        ),
    ]
    assert told["written"] is True


def test_an_import_tells_of_dates_that_may_be_turned(run: Run) -> None:
    days = [f"2025-{month:02}-05" for month in range(1, 13)]
    days += [f"{day}/{month:02}/2025" for month in range(1, 13) for day in (14, 25)]
    rows = "".join(f"{day},Highways,Tar Ltd,100.00\n" for day in days)
    Path("turned.csv").write_text(f"Date,Service,Supplier,Net Amount\n{rows}", encoding="utf-8")
    ran = run("import", "spend", "turned.csv", "--into", "Plan.xlsx")
    assert "11 payments of £1,100.00 on a day of which Excel may have turned" in ran.out


def _damaged(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 no workbook")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _letter(path: Path) -> None:
    path.write_text("Dear Sir,\nthank you for your letter.\n", encoding="utf-8")


@pytest.mark.parametrize("kind", ["spend", "contracts", "survey"])
@pytest.mark.parametrize(
    ("name", "spoil"),
    [("none.csv", None), ("a.xlsx", _damaged), ("a.csv", _empty), ("b.csv", _letter)],
)
def test_a_wrong_file_gives_one_clear_sentence_and_nothing_changes(
    run: Run, kind: str, name: str, spoil: Callable[[Path], None] | None
) -> None:
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    if spoil:
        spoil(Path(name))
    before = _contents()
    ran = run("import", kind, name, "--into", "Plan.xlsx")
    assert ran.code == 2
    assert ran.err.startswith("localis: ")
    assert len(ran.err.splitlines()) == 1
    assert name in ran.err
    assert _contents() == before


def test_a_workbook_that_is_none_of_ours_is_refused_before_anything_is_read(run: Run) -> None:
    openpyxl.Workbook().save("other.xlsx")
    ran = run("import", "spend", "april.csv", "--into", "other.xlsx")
    assert ran.code == 2
    assert "other.xlsx is not a commissioning workbook" in ran.err
    assert not Path("other payments.parquet").exists()


@needs_shared
def test_real_files_and_a_real_register_go_into_one_workbook(run: Run) -> None:
    names = sorted(COUNCIL_SPEND.glob("harrogate/published/2021-1*.csv"))
    ran = run("import", "spend", *names, "--into", "Plan.xlsx")
    assert ran.code in {0, 1}
    assert len(table("PaymentFiles", "File")) == len(names)
    run(
        "import",
        "contracts",
        DATA / "salford-contracts-register-2022-07.csv",
        "--into",
        "Plan.xlsx",
    )
    assert len(table("Contracts", "Contract")) == 360
    assert check_file(Path("Plan.xlsx"), load()) == []
