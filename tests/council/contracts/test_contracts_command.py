"""`localis contracts` as officers meet it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from running import Run, runner

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = ("Ref", "Contract Title", "Supplier", "Contract Value", "Annual Value", "End Date")
_MORE = ("Review Date", "Extension Options", "SME", "VCSE")
_ROWS = tuple(
    tuple(line.split("|"))
    for line in (
        "C1|Cleaning|Mop Ltd|£300,000|£100,000|30/06/2027||2 x 12 months|Yes|No",
        "C2|Advice for carers|Helping Hands|£90,000.50||31/12/2026||No|No|Yes",
        "C3|Lifts|Up plc|£1,000,000|£100,000|31/03/2035|01/04/2028|No|No|",
        "C4|Fuel|Petrol plc||£5,000|31/03/2020||||",
    )
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with a register."""
    monkeypatch.chdir(tmp_path)
    write("register.csv", tmp_path, *_ROWS)
    return runner(capsys)


def write(name: str, folder: Path, *rows: tuple[str, ...]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([_HEAD + _MORE, *rows])


def test_what_ends_is_listed_by_day_with_when_to_begin(run: Run) -> None:
    ran = run("contracts", "register.csv", "--as-at", "2026-11-22")
    assert ran.code == 0
    table = ran.out.split("have passed.")[1].split("\n")
    assert [" ".join(line.split()) for line in table if line.strip()] == [
        "Ends Review Value Value test Renegotiate Extend to Decide Contract Supplier",
        "2026-12-31 £90,000.50 2025-12-31* 2026-06-30* C2 Advice for carers Helping Hands",
        "2027-06-30 £300,000 2026-06-30* 2026-12-30 2029-06-30 2027-03-30 C1 Cleaning Mop Ltd",
        "2035-03-31 2028-04-01 £1,000,000 2034-03-31 2034-09-30 C3 Lifts Up plc",
    ]


def test_a_contract_shorter_than_a_lead_time_is_called_too_short(run: Run, tmp_path: Path) -> None:
    text = "Ref,Title,Supplier,Start,End\nC1,Grit,Quill,01/10/2026,30/06/2027\n"
    (tmp_path / "short.csv").write_text(text, encoding="utf-8")
    out = run("contracts", "short.csv", "--as-at", "2026-11-22").out
    assert " ".join(out.splitlines()[-1].split()) == "2027-06-30 Too short 2026-12-30 C1 Grit Quill"


def test_totals_and_shares_say_what_they_are_of(run: Run) -> None:
    out = run("contracts", "register.csv", "--as-at", "22/11/2026").out
    assert "End: 2 contracts, £390,000.50 in all (2 give a value), £100,000 a year" in out
    assert "Can be extended: 1 contract, £300,000 in all" in out
    assert "Due for review: 1 contract, £1,000,000 in all" in out
    assert (
        "Small or medium-sized: 1 of 3 contracts that say (33.3%), 21.6% of their value; "
        "known for 75.0% of contracts and 100.0% of value." in out
    )
    assert "Voluntary or community: 1 of 2 contracts that say (50.0%), 23.1% of their value" in out


def test_the_decision_about_each_column_is_shown_with_its_reason(run: Run) -> None:
    out = run("contracts", "register.csv").out
    assert "register.csv: 4 rows, 4 read, 0 rejected, 0 set aside." in out
    assert '"Contract Value": by its heading' in out


def test_a_gap_is_listed_and_asks_for_a_look(run: Run, tmp_path: Path) -> None:
    write("gaps.csv", tmp_path, *_ROWS, (*_ROWS[0][:3], "up to £5m", "", "TBC", "", "", "", ""))
    ran = run("contracts", "gaps.csv")
    assert ran.code == 1
    assert 'Not read: Value, row 6: "up to £5m" is not one amount' in ran.out
    assert 'Not read: End, row 6: "TBC" is no day' in ran.out


def test_contracts_in_two_files_are_noticed(run: Run, tmp_path: Path) -> None:
    write("older.csv", tmp_path, *_ROWS[:2])
    ran = run("contracts", "register.csv", "older.csv")
    assert ran.code == 1
    assert "2 contracts are in more than one of the files" in ran.out


def test_json_holds_every_figure(run: Run) -> None:
    ran = run("contracts", "register.csv", "--as-at", "2026-11-22", "--json")
    found = json.loads(ran.out)
    assert (found["as_at"], found["months"]) == ("2026-11-22", 24)
    assert found["lead_times"] == {"procurement": 12, "renegotiation": 6, "notice": 3}
    [file] = found["files"]
    assert (file["rows"], file["read"], file["columns"]["end"]["heading"]) == (4, 4, "End Date")
    assert found["totals"]["End"]["pence"] == 39_000_050
    assert found["upcoming"][1]["value_test"] == "2026-06-30"
    assert found["upcoming"][1]["reference"] == "C1"
    assert found["coverage"][0] == {"field": "Reference", "read": 4, "unread": 0}


def test_without_a_date_it_is_as_at_today(run: Run) -> None:
    found = json.loads(run("contracts", "register.csv", "--json").out)
    assert abs(dt.date.fromisoformat(found["as_at"]) - dt.date.today()) <= dt.timedelta(1)  # noqa: DTZ011


def test_columns_can_be_named(run: Run) -> None:
    found = json.loads(
        run("contracts", "register.csv", "--json", "--columns", 'end="Review Date"').out
    )
    assert found["files"][0]["columns"]["end"]["reason"] == "named with --columns"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.csv",), "missing.csv"),
        (("empty.csv",), "empty.csv is empty"),
        (("list.csv",), "list.csv is not a contracts register"),
        (("register.csv", "--columns", "end=Finish"), "Finish"),
        (("register.csv", "--columns", "colour=Red"), "colour"),
        (("register.csv", "--as-at", "soon"), "soon"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "list.csv").write_text("Name,Colour\nAnna,red\n", encoding="utf-8")
    ran = run("contracts", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
