"""`localis spend` as officers meet it."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from running import Run, runner
from shared import COUNCIL_SPEND, needs_shared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = ["Payment Date", "Supplier Name", "Net Amount", "Directorate", "Transaction No"]
APRIL = [
    ["01/04/2017", "Ash Ltd", "1,000.00", "Place", "1"],
    ["13/04/2017", "Elm NHS Trust", "-50.50", "Adults", "2"],
    ["02/05/2017", "ASH LIMITED", "20.00", "Place", "3"],
]
MAY = [
    ["02/05/2017", "Ash Ltd", "20.00", "Place", "3"],
    ["31/05/2017", "Oak Ltd", "TBC", "Place", "4"],
    ["30/05/2017", "Yew, Mr", "5.25", "Adults", "5"],
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command inside this process, in a folder with two files."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "april.csv", APRIL)
    write(tmp_path / "may.csv", MAY)
    return runner(capsys)


def write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])


def test_a_file_is_told_with_its_decision_reasons_and_sums(run: Run) -> None:
    ran = run("spend", "april.csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("april.csv: 3 payments, £969.50, 2017-04-01 to 2017-05-02.\n")
    assert '  Amount, net  "Net Amount": by its heading; 100% of the 3 values' in ran.out
    assert ran.out.endswith("1 file: 3 payments read, £969.50; 0 rejected, £0.00.\n")


def test_what_is_rejected_or_in_two_files_needs_a_look(run: Run) -> None:
    ran = run("spend", "april.csv", "may.csv")
    assert ran.code == 1
    assert "  Rejected: 1 row, £0.00\n    row 3: the amount 'TBC' cannot be read\n" in ran.out
    assert "May 2017 is in april.csv and in may.csv: 1 identical payment, £20.00" in ran.out


def test_a_pattern_is_expanded_where_no_shell_has_done_so(run: Run) -> None:
    assert "2 files: 5 payments read" in run("spend", "*.csv").out


def test_payments_are_added_up_by_month(run: Run) -> None:
    out = run("spend", "april.csv", "may.csv", "--by", "month").out
    assert [line.split() for line in out.splitlines()[-3:]] == [
        ["Month", "Paid", "Payments"],
        ["2017-04", "£949.50", "2"],
        ["2017-05", "£45.25", "3"],
    ]


def test_spellings_of_a_supplier_are_added_up_together(run: Run) -> None:
    out = run("spend", "april.csv", "may.csv", "--by", "supplier", "--json").out
    [ash] = [each for each in json.loads(out)["by_supplier"] if each["supplier"] == "Ash Ltd"]
    assert (ash["pence"], ash["payments"], ash["provider"]) == (104000, 3, "private")


@pytest.mark.parametrize("by", ["provider", "service", "supplier", "month"])
def test_every_table_adds_up_to_all_that_was_read(run: Run, by: str) -> None:
    found = json.loads(run("spend", "april.csv", "may.csv", "--by", by, "--json").out)
    assert found["read"] == {"rows": 5, "pence": 99475}
    assert found["rejected"] == {"rows": 1, "pence": 0}
    assert sum(each["pence"] for each in found[f"by_{by}"]) == 99475
    assert sum(each["payments"] for each in found[f"by_{by}"]) == 5


def test_the_same_is_told_as_json(run: Run) -> None:
    found = json.loads(run("spend", "may.csv", "april.csv", "--json").out)
    may, april = found["files"]
    assert april["read"] == {"rows": 3, "pence": 96950}
    assert (april["first"], april["last"]) == ("2017-04-01", "2017-05-02")
    assert april["tables"][0]["columns"]["amount"]["heading"] == "Net Amount"
    assert may["rejected"] == [
        {"sheet": "", "row": 3, "reason": "the amount 'TBC' cannot be read", "pence": None}
    ]
    assert found["overlaps"] == [
        {
            "month": "2017-05",
            "files": ["april.csv", "may.csv"],
            "identical": {"rows": 1, "pence": 2000},
        }
    ]


def test_a_column_can_be_named(run: Run) -> None:
    ran = run("spend", "april.csv", "--columns", 'service="Transaction No",transaction=D')
    assert 'Service      "Transaction No": named with --columns' in ran.out
    assert 'Transaction  "Directorate": named with --columns' in ran.out


def test_two_files_of_one_name_are_told_apart(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    write(tmp_path / "other" / "may.csv", APRIL[:1])
    out = run("spend", "may.csv", "other/may.csv").out
    assert "may.csv: 2 payments" in out
    assert "other/may.csv: 1 payment, " in out


def test_two_equal_files_are_refused_under_whatever_name(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "copy.csv", MAY)
    ran = run("spend", "april.csv", "copy.csv", "may.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "localis: copy.csv and may.csv are the same file: leave one out.\n"


def test_services_are_shown_with_their_concentration(run: Run) -> None:
    out = run("spend", "april.csv", "may.csv", "--by", "service").out
    assert [re.split("  +", line) for line in out.splitlines()[-3:]] == [
        ["Service", "Year from April", "Paid", "Payments", "Suppliers", "HHI", "Four largest"],
        ["Place", "2017", "£1,040.00", "3", "1", "10,000", "100.0%"],
        ["Adults", "2017", "-£45.25", "2", "1", "10,000", "100.0%"],
    ]


def test_a_service_that_was_only_credited_has_no_concentration(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "credit.csv", [APRIL[1]])
    assert run("spend", "credit.csv", "--by", "service").out.endswith(
        "-£50.50         1          0\n"
    )
    [adults] = json.loads(run("spend", "credit.csv", "--by", "service", "--json").out)["by_service"]
    assert (adults["suppliers"], adults["hhi"], adults["largest"]) == (0, None, None)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("missing.csv",), "There is no file missing.csv"),
        (("april.csv", "missing.csv"), "There is no file missing.csv"),
        ((".",), ". is a folder: name the files in it"),
        (("empty.csv",), "empty.csv is empty"),
        (("page.xls",), "page.xls is a web page or XML"),
        (("april.csv", "--columns", "amount=Gross"), "april.csv has no column 'Gross'"),
        (("april.csv", "--columns", "pounds=Net"), "'pounds' is no field"),
    ],
)
def test_a_wrong_file_or_column_gives_one_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "page.xls").write_bytes(b"<html><body><table>")
    ran = run("spend", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"localis: {reason}") or reason in ran.err


@needs_shared
def test_all_shared_files_are_read_in_one_command(run: Run) -> None:
    ran = run("spend", *sorted(COUNCIL_SPEND.glob("*/published/*.csv")))
    assert ran.err == ""
    assert "47 files: 101,755 payments read, £748,067,059.01; 1 rejected" in ran.out


def test_the_council_is_told_or_found_in_the_file_and_its_own_payments_are_in_house(
    run: Run, tmp_path: Path
) -> None:
    def type_of(*arguments: str) -> str:
        found = json.loads(run("spend", *arguments, "--by", "supplier", "--json").out)
        [own] = [each for each in found["by_supplier"] if each["supplier"] == "Ash Council"]
        return str(own["provider"])

    own = ["03/04/2017", "Ash Council", "7.00", "Place", "9"]
    write(tmp_path / "own.csv", [*APRIL, own])
    assert type_of("own.csv") == "other-public"
    assert type_of("own.csv", "--council", "Ash Council") == "in-house"
    rows = [["Body Name", *HEAD], *(["Ash Council", *row] for row in [*APRIL, own])]
    with (tmp_path / "said.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    assert type_of("said.csv") == "in-house"
    assert "Note: The file says who pays: Ash Council." in run("spend", "said.csv").out
    assert type_of("said.csv", "--council", "Elm Council") == "other-public"


def test_of_more_than_five_files_each_is_a_line_and_the_table_is_not_buried(
    run: Run, tmp_path: Path
) -> None:
    for number in range(6):
        write(tmp_path / f"{number}.csv", [*APRIL, ["04/04/2017", f"Firm {number}", "1", "P", "8"]])
    few = run("spend", *(f"{number}.csv" for number in range(5)), "--by", "month").out
    many = run("spend", *(f"{number}.csv" for number in range(6)), "--by", "month").out
    assert few.count("by its heading") > 20
    assert "by its heading" not in many
    assert many.startswith("0.csv: 4 payments, £970.50, 2017-04-01 to 2017-05-02.\n1.csv: ")
