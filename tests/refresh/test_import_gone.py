"""Contracts, services and suppliers that are gone from the files: kept, told once, not counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imports import MAY, table, type_in, write_files

from commissioning.check import check_file
from commissioning.evidence.pack import load
from judges import cached, differences, recalculate
from running import runner

if TYPE_CHECKING:
    from running import Ran, Run

HEADING = (
    "Contract Reference,Title,Supplier,Contract Value,Start Date,End Date,Review Date,"
    "Extended End Date,SME,VCSE"
)
C1 = "C1,Home care,Fenbrook,1000,01/04/2024,31/03/2027,01/12/2026,31/03/2028,No,Yes"
C2 = "C2,Surfacing,Turnpike,300,01/07/2023,30/06/2027,,,Yes,No"
C3 = "C3,Leaflets,Quill,50,01/01/2026,28/02/2027,01/02/2027,,Yes,"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def _register(run: Run, *lines: str) -> Ran:
    Path("r.csv").write_text("\n".join((HEADING, *lines)), encoding="utf-8")
    return run("import", "contracts", "r.csv", "--into", "Plan.xlsx")


def _results() -> dict[str, dict[str, object]]:
    return table("ContractResults", "Item")


def _faults() -> list[object]:
    """Figures that the check finds wrong, and those that LibreOffice contradicts."""
    path = Path("Plan.xlsx")
    wrong = [found for found in check_file(path, load()) if found.rule == "figures"]
    return [*wrong, *differences(cached(path), recalculate([path])[0])]


def test_a_contract_that_is_gone_keeps_what_was_typed_and_counts_in_no_result(run: Run) -> None:
    _register(run, C2, C3)
    without = _results()
    _register(run, C1, C2, C3)
    assert _results() != without
    type_in("Contracts", "Contract", "C1", "Decision input", "Extend")
    type_in("Contracts", "Contract", "C1", "Notes input", "Ask the ward")
    ran = _register(run, C2, C3)
    assert ran.code == 0
    assert "Contract C1 no longer in the imported files: kept, and counted no more." in ran.out
    gone = table("Contracts", "Contract")["C1"]
    assert (gone["Decision input"], gone["Notes input"]) == ("Extend", "Ask the ward")
    assert (gone["Value £"], gone["In register"], gone["Counts"]) == (1000, "No longer", "No")
    assert gone["Standing"] == "No longer in register"
    days = ("Review due", "Value test begins", "Extension decided by", "Value test")
    assert {gone[heading] for heading in days} <= {"", None}
    assert _results() == without
    assert _faults() == []


def test_it_is_told_once_and_a_second_identical_import_changes_nothing(run: Run) -> None:
    _register(run, C1, C2, C3)
    _register(run, C2, C3)
    before = Path("Plan.xlsx").read_bytes()
    ran = _register(run, C2, C3)
    assert (ran.code, Path("Plan.xlsx").read_bytes()) == (0, before)
    assert "C1" not in ran.out
    _register(run, C3)
    assert "C1" not in _register(run, C3).out


def test_a_contract_that_comes_back_counts_again_and_can_go_again(run: Run) -> None:
    _register(run, C1, C2, C3)
    before, contracts = _results(), table("Contracts", "Contract")
    _register(run, C2, C3)
    ran = _register(run, C1, C2, C3)
    assert ran.code == 0
    assert "In register: was 'No longer', now 'Yes'." in ran.out
    assert (_results(), table("Contracts", "Contract")) == (before, contracts)
    assert "Contract C1 no longer" in _register(run, C2, C3).out


def test_when_the_whole_register_is_another_nothing_of_the_old_one_counts(run: Run) -> None:
    _register(run, C1, C2)
    _register(run, C3)
    results = _results()
    assert (results["all"]["Contracts"], results["all"]["Value £"]) == (1, 50)
    assert (results["SME"]["Contracts"], results["SME"]["Share of value"]) == (1, 1)
    assert results["VCS"]["Share of contracts"] in {"", None}
    assert _faults() == []


def test_a_contract_of_the_officers_own_counts_and_stays(run: Run) -> None:
    _register(run, C1)
    type_in("Contracts", "Contract", "C1", "Contract", "OWN-1")
    # The row of C1 is known by its texts: another supplier makes it the officer's own.
    type_in("Contracts", "Contract", "OWN-1", "Supplier", "Marrow")
    type_in("Contracts", "Contract", "OWN-1", "In register", None)
    _register(run, C2)
    contracts = table("Contracts", "Contract")
    assert (contracts["OWN-1"]["In register"], contracts["OWN-1"]["Counts"]) == (None, "Yes")
    assert _results()["all"]["Contracts"] == 2


def test_what_was_typed_over_the_mark_is_kept_and_reported_each_time(run: Run) -> None:
    _register(run, C1, C2)
    type_in("Contracts", "Contract", "C1", "In register", "Being replaced")
    for _ in range(2):
        ran = _register(run, C2)
        assert ran.code == 1
        assert "In register holds 'Being replaced' in place of 'No longer'" in ran.out


def test_services_suppliers_and_lines_that_are_gone_are_told_once_and_come_to_nothing(
    run: Run,
) -> None:
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    Path("may.csv").write_text(MAY.replace("Highways", "Roads"), encoding="utf-8")
    ran = run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert ran.code == 0
    told = [line for line in ran.out.splitlines() if "no longer in the imported files" in line]
    assert [line.split(":")[0].strip() for line in told].count("Services") == 1
    [gone] = [row for name, row in table("Services", "Service").items() if name == "Highways"]
    assert (gone["Spend £"], gone["Suppliers"], gone["HHI"]) == (0, 0, None)
    before = Path("Plan.xlsx").read_bytes()
    ran = run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, Path("Plan.xlsx").read_bytes()) == (0, before)
    assert _faults() == []


def test_a_service_that_comes_back_can_go_and_be_told_again(run: Run) -> None:
    def imported(text: str) -> str:
        Path("may.csv").write_text(text, encoding="utf-8")
        return run("import", "spend", "may.csv", "--into", "Plan.xlsx").out

    imported(MAY)
    for _ in range(2):
        assert "Services: Service Highways no longer" in imported(MAY.replace("Highways", "Roads"))
        assert "Services: Service Highways" not in imported(MAY)
    assert _faults() == []


def test_of_very_many_rows_and_cells_the_number_is_told(run: Run) -> None:
    lines = [f"G{number},Care,Fenbrook,1,,31/03/2030,,,," for number in range(60)]
    _register(run, *lines, C1)
    ran = _register(run, C1)
    assert (
        "60 rows no longer in the imported files: kept, and counted no more: Contract G0, G1, "
        "G10 and 57 more." in ran.out
    )
    assert len(ran.out.splitlines()) < 10
    ran = _register(run, *lines, C1)
    assert "Contracts: In register, 60 cells: was 'No longer', now 'Yes'." in ran.out
