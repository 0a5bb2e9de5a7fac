"""`localis import spend --without`: a file whose payments are to count no longer."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imports import APRIL, table, type_in, write_files

from commissioning import files
from commissioning.check import check_file
from commissioning.council.spend import store
from commissioning.errors import LocalisError
from commissioning.evidence.pack import load
from judges import cached, differences, recalculate
from running import runner

if TYPE_CHECKING:
    from running import Run

PARQUET = Path("Plan payments.parquet")
HELD_IN, NO_LONGER = "Payments are in", "No longer held"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a workbook that holds the payments of two files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    run = runner(capsys)
    run("import", "spend", "april.csv", "may.csv", "--into", "Plan.xlsx")
    return run


def _contents() -> tuple[bytes, bytes]:
    return Path("Plan.xlsx").read_bytes(), PARQUET.read_bytes()


def _figures() -> dict[str, dict[object, dict[str, object]]]:
    keys = {"Suppliers": "Supplier key", "Spend": "Line", "Market": "Provider type"}
    return {name: table(name, key) for name, key in keys.items()}


def test_its_payments_no_longer_count_in_any_sheet_and_its_row_says_so(run: Run) -> None:
    ran = run("import", "spend", "--without", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert "may.csv: left out; its 3 payments of £2,800.00 no longer count." in ran.out
    assert [each.name for each in store.imported(PARQUET)] == ["april.csv"]
    held = {name: row[HELD_IN] for name, row in table("PaymentFiles", "File").items()}
    assert held == {"april.csv": PARQUET.name, "may.csv": NO_LONGER}
    paid = {name: row["Paid £"] for name, row in table("Suppliers", "Supplier").items()}
    assert paid["Turnpike Surfacing"] == paid["Northmoor NHS Trust"] == 0
    market = [row["Spend £"] for row in table("Market", "Provider type").values()]
    assert sum(float(str(each)) for each in market) == 2350.75
    path = Path("Plan.xlsx")
    assert check_file(path, load()) == []
    assert differences(cached(path), recalculate([path])[0]) == []


def test_a_backup_is_kept_and_a_second_time_it_is_not_there(run: Run) -> None:
    before = Path("Plan.xlsx").read_bytes()
    ran = run("import", "spend", "--without", "MAY.CSV", "--into", "Plan.xlsx")
    [name] = re.findall(r"Kept the old file as (.*)\.\n", ran.out)
    assert Path(name).read_bytes() == before
    held = _contents()
    ran = run("import", "spend", "--without", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, _contents()) == (2, held)
    assert ran.err == (
        "localis: There are no payments of may.csv to leave out; Plan payments.parquet has those "
        "of april.csv.\n"
    )


def test_importing_it_again_brings_everything_back(run: Run) -> None:
    before = _figures()
    run("import", "spend", "--without", "may.csv", "--into", "Plan.xlsx")
    assert _figures() != before
    run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    assert _figures() == before
    files_held = table("PaymentFiles", "File")
    assert {row[HELD_IN] for row in files_held.values()} == {PARQUET.name}


def test_all_files_can_be_left_out_and_nothing_is_reported_twice(run: Run) -> None:
    ran = run(
        "import", "spend", "--without", "may.csv", "--into", "Plan.xlsx", "--without", "april.csv"
    )
    assert ran.code == 0
    assert store.imported(PARQUET) == []
    assert {row["Spend £"] for row in table("Spend", "Line").values()} == {0}
    assert check_file(Path("Plan.xlsx"), load()) == []
    ran = run("import", "spend", "april.csv", "--into", "Plan.xlsx")
    assert "no longer" not in ran.out


def test_one_file_can_take_the_place_of_another_in_one_command(run: Run) -> None:
    Path("april.csv").rename("4.csv")
    Path("4.csv").write_text(f"{APRIL}13/04/2025,Highways,Quill,1.00,T9,\n", encoding="utf-8")
    ran = run("import", "spend", "--into", "Plan.xlsx", "--without", "april.csv", "4.csv")
    assert ran.code == 0
    assert [each.name for each in store.imported(PARQUET)] == ["4.csv", "may.csv"]


def test_the_report_of_an_overlap_names_the_command_that_ends_it(run: Run) -> None:
    Path("copy of may.csv").write_bytes(Path("may.csv").read_bytes() + b"\n")
    ran = run("import", "spend", "copy of may.csv", "--into", "Plan.xlsx")
    assert ran.code == 1
    [command] = re.findall(r"Leave it out: localis (.*)", ran.out)
    ran = run(*shlex.split(command))
    assert (ran.code, ran.err) == (0, "")
    assert len(store.imported(PARQUET)) == 2


def test_a_dry_run_tells_and_writes_nothing(run: Run) -> None:
    before = _contents()
    ran = run("import", "spend", "--without", "may.csv", "--into", "Plan.xlsx", "--dry-run")
    assert "may.csv: left out" in ran.out
    assert "Dry run: Plan.xlsx was not touched." in ran.out
    assert _contents() == before


def test_where_the_workbook_cannot_be_written_the_payments_stay_as_they_were(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise LocalisError("Plan.xlsx cannot be written.")

    before = _contents()
    monkeypatch.setattr(files, "write", refuse)
    ran = run("import", "spend", "--without", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, _contents()) == (2, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("spend",), "Nothing to import: name a file, or one to leave out with --without."),
        (("survey",), "Nothing to import: name a file."),
        (
            ("contracts", "register.csv", "--without", "may.csv"),
            "Only files of payments can be left out: localis import spend --without NAME.",
        ),
        (
            ("spend", "--without", "june.csv"),
            (
                "There are no payments of june.csv to leave out; Plan payments.parquet has those "
                "of april.csv, may.csv."
            ),
        ),
        (
            ("spend", "may.csv", "--without", "may.csv"),
            "may.csv cannot be both imported and left out: do one of the two.",
        ),
    ],
)
def test_what_cannot_be_left_out_is_said_in_one_sentence(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    before = _contents()
    ran = run("import", *arguments, "--into", "Plan.xlsx")
    assert (ran.code, ran.err) == (2, f"localis: {message}\n")
    assert _contents() == before


def test_local_postcodes_that_are_none_are_named_before_anything_is_read(run: Run) -> None:
    type_in("Settings", "Setting", "Local postcodes", "Value input", "M5, Salford")
    before = _contents()
    ran = run("import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert (ran.code, _contents()) == (2, before)
    assert "The setting Local postcodes has SALFORD, which is neither" in ran.err
