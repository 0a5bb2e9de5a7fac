"""What goes wrong at an import, and what an officer is told of it."""

from __future__ import annotations

import json
import re
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imports import APRIL, HEADINGS, MAY, REGISTER, table, type_in, write_files

from commissioning.council.spend import store
from running import runner

if TYPE_CHECKING:
    from running import Ran, Run

PARQUET = Path("Plan payments.parquet")
#: The answers of respondents, as a form exports them.
RESPONSES = """ID,How does your council deliver its services?,SME
1,Mainly in-house,More contracts or services
2,Mainly outsourced,No change
3,Mainly in-house,Fewer contracts or services
"""
FILES = {"spend": "april.csv", "contracts": "register.csv", "survey": "survey.csv"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and made-up files."""
    monkeypatch.chdir(tmp_path)
    write_files()
    return runner(capsys)


def _spend(run: Run, *names: str) -> Ran:
    return run("import", "spend", *names, "--into", "Plan.xlsx")


def _held() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in Path().iterdir()
        if path.suffix in {".xlsx", ".parquet"}
    }


def _refused(run: Run, *arguments: str) -> str:
    """What is said of a command that must leave everything as it was."""
    before = _held()
    ran = run(*arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert _held() == before
    return ran.err


@pytest.mark.parametrize("kind", FILES)
def test_a_commissioning_workbook_is_no_file_to_import(run: Run, kind: str) -> None:
    _spend(run, "april.csv")
    [backup] = Path().glob("Plan.backup-*.xlsx")
    for name, said in (
        (backup.name, "is a commissioning workbook of Localis, not a file to read figures from"),
        ("Plan.xlsx", "is the workbook to import into, not a file to import"),
    ):
        assert f"{name} {said}" in _refused(run, "import", kind, name, "--into", "Plan.xlsx")


@pytest.mark.parametrize(("kind", "other"), [*permutations(FILES, 2)])
def test_a_file_of_another_kind_is_named_with_the_command_that_reads_it(
    run: Run, kind: str, other: str
) -> None:
    name = FILES[other]
    into = _refused(run, "import", kind, name, "--into", "Plan.xlsx")
    assert f'use localis import {other} "{name}" --into "Plan.xlsx"' in into
    assert f"{name} seems to be " in into
    assert f'use localis {other} "{name}".\n' in _refused(run, kind, name)


@pytest.mark.parametrize("kind", ["spend", "contracts"])
def test_answers_of_respondents_are_told_from_payments_and_contracts(run: Run, kind: str) -> None:
    Path("responses.csv").write_text(RESPONSES, encoding="utf-8")
    assert "seems to be answers to the survey" in _refused(run, kind, "responses.csv")


def test_without_the_parquet_file_nothing_is_lost_in_silence(run: Run) -> None:
    _spend(run, "april.csv")
    PARQUET.unlink()
    said = _refused(run, "import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert "Plan payments.parquet with the payments of april.csv is not beside Plan.xlsx" in said
    assert not PARQUET.exists()


def test_a_lost_parquet_file_is_made_again_from_all_files(run: Run) -> None:
    _spend(run, "april.csv")
    PARQUET.unlink()
    assert _spend(run, "april.csv", "may.csv").code == 0
    assert [each.name for each in store.imported(PARQUET)] == ["april.csv", "may.csv"]
    assert table("Suppliers", "Supplier")["FENBROOK CARE LIMITED"]["Paid £"] == 3200.5


def test_files_whose_payments_are_lost_can_be_left_out_on_purpose(run: Run) -> None:
    _spend(run, "april.csv")
    PARQUET.unlink()
    assert _spend(run, "may.csv", "--without", "APRIL.csv").code == 0
    assert [each.name for each in store.imported(PARQUET)] == ["may.csv"]
    assert table("PaymentFiles", "File")["april.csv"]["Payments are in"] == "No longer held"
    # It is settled then.
    assert _spend(run, "may.csv").code == 0


def test_another_store_of_the_same_name_that_lacks_a_file_is_noticed(run: Run) -> None:
    _spend(run, "april.csv", "may.csv")
    with store.replaced(PARQUET, [], without=["may.csv"]):
        pass
    said = _refused(run, "import", "spend", "april.csv", "--into", "Plan.xlsx")
    assert "with the payments of may.csv is not beside Plan.xlsx, or lacks them" in said


@pytest.mark.parametrize("name", ["Plan.xlsx", PARQUET.name])
def test_a_read_only_file_is_not_replaced(run: Run, name: str) -> None:
    _spend(run, "april.csv")
    Path(name).chmod(0o444)
    said = _refused(run, "import", "spend", "may.csv", "--into", "Plan.xlsx")
    assert f"{name} is read-only, and nothing was written" in said


def test_a_read_only_workbook_is_neither_refreshed_nor_made_anew(run: Run) -> None:
    Path("Plan.xlsx").chmod(0o444)
    assert "is read-only" in _refused(run, "refresh", "Plan.xlsx")
    assert "is read-only" in _refused(run, "template", "Plan.xlsx", "--force")
    assert run("refresh", "Plan.xlsx", "--dry-run").code in {0, 1}


def test_where_two_files_share_payments_and_neither_is_a_part_no_command_is_given(run: Run) -> None:
    shared = APRIL.splitlines()[1:3]
    Path("b.csv").write_text(MAY + "\n".join(shared), encoding="utf-8")
    _spend(run, "april.csv")
    ran = _spend(run, "b.csv")
    assert ran.code == 1
    [told] = [line for line in ran.out.splitlines() if "count twice" in line]
    assert "april.csv and b.csv: both have 2 identical payments of April 2025, £2,000.50" in told
    assert "Neither file is a part of the other" in told
    assert "--without" not in told


def test_the_part_is_named_even_where_its_name_comes_first(run: Run) -> None:
    Path("a part.csv").write_text("\n".join(APRIL.splitlines()[:3]), encoding="utf-8")
    _spend(run, "april.csv")
    told = _spend(run, "a part.csv").out
    assert 'Leave it out: localis import spend --without "a part.csv" --into "Plan.xlsx"' in told


def _of_body(text: str, body: str) -> str:
    """The same payments with a column that says who paid."""
    head, *rows = text.splitlines()
    return "\n".join([f"Body Name,{head}", *(f"{body},{row}" for row in rows)])


def test_payments_of_another_council_need_a_look_once(run: Run) -> None:
    type_in("Settings", "Setting", "Council", "Value input", "Harrow Borough Council")
    Path("april.csv").write_text(_of_body(APRIL, "LB Harrow"), encoding="utf-8")
    Path("may.csv").write_text(_of_body(MAY, "Ealing Council"), encoding="utf-8")
    assert _spend(run, "april.csv").code == 0
    ran = _spend(run, "may.csv")
    assert ran.code == 1
    assert "the file says that Ealing Council paid, and the name on the sheet Settings" in ran.out
    assert _spend(run, "may.csv").code == 0


def test_many_files_of_another_council_are_one_thing_to_look_at(run: Run) -> None:
    type_in("Settings", "Setting", "Council", "Value input", "Harrow Borough Council")
    for number, text in enumerate((APRIL, MAY)):
        Path(f"{number}.csv").write_text(_of_body(text, "Ealing Council"), encoding="utf-8")
    told = [
        line
        for line in _spend(run, "0.csv", "1.csv").out.splitlines()
        if "Ealing Council paid" in line
    ]
    assert len(told) == 1
    assert told[0].strip().startswith("0.csv and 1 more: the files say that Ealing Council paid")


def test_without_a_name_on_settings_the_payments_held_say_who_pays(run: Run) -> None:
    Path("april.csv").write_text(_of_body(APRIL, "LB Harrow"), encoding="utf-8")
    Path("may.csv").write_text(_of_body(MAY, "Ealing Council"), encoding="utf-8")
    assert _spend(run, "april.csv").code == 0
    assert "Ealing Council paid, and who paid the others is LB Harrow" in _spend(run, "may.csv").out


def test_the_body_that_a_file_names_is_the_council_where_settings_has_none(run: Run) -> None:
    text = APRIL.replace("Turnpike", "").replace("=1+1", "Harrow Council")
    Path("april.csv").write_text(_of_body(text, "Harrow Council"), encoding="utf-8")
    before = table("Settings", "Setting")
    _spend(run, "april.csv")
    assert table("Suppliers", "Supplier")["Harrow Council"]["Provider type"] == "in-house"
    assert table("Settings", "Setting") == before
    assert "The file says who pays: Harrow Council." in run("spend", "april.csv").out


def test_undated_payments_need_a_look(run: Run) -> None:
    Path("april.csv").write_text(APRIL.replace("10/04/2025", ""), encoding="utf-8")
    ran = _spend(run, "april.csv")
    assert ran.code == 1
    assert "april.csv: 1 payment without a date, £800.00: counted in no financial year." in ran.out


def test_what_was_not_read_is_told_by_reason_and_row_by_row_in_json(run: Run) -> None:
    rows = "".join(f"R{n},Job {n},Quill,TBC,01/07/2026,30/06/2029,,Yes\n" for n in range(40))
    Path("register.csv").write_text(REGISTER + rows, encoding="utf-8")
    ran = run("import", "contracts", "register.csv", "--into", "Plan.xlsx", "--dry-run")
    [told] = [line for line in ran.out.splitlines() if "TBC" in line]
    assert told.strip().startswith("register.csv, rows 4, 5, 6 and 38 more: 41 times ")
    ran = run("import", "contracts", "register.csv", "--into", "Plan.xlsx", "--json")
    found = json.loads(ran.out)
    assert [each["row"] for each in found["not_read"]] == list(range(4, 45))
    assert len(found["look"]) == 1


def test_payments_that_were_rejected_are_told_by_reason(run: Run) -> None:
    rows = "".join(f"0{n}/04/2025,Parks,Quill,{n} or so,X{n},\n" for n in range(1, 8))
    Path("april.csv").write_text(APRIL + rows, encoding="utf-8")
    told = [line for line in _spend(run, "april.csv").out.splitlines() if "or so" in line]
    assert len(told) == 1
    assert "rows 6, 7, 8 and 4 more: 7 times not read: the amount" in told[0]


def test_the_report_names_rows_as_a_reader_knows_them_and_counts_many(run: Run) -> None:
    more = "".join(f"05/04/2025,Service {n},Firm {n},5.00,M{n},\n" for n in range(30))
    Path("april.csv").write_text(APRIL + more, encoding="utf-8")
    out = _spend(run, "april.csv", "may.csv").out
    changed = out[out.index("Changed:") :]
    assert not re.search(r"\b[A-Z][0-9a-f]{10}\b", changed)
    assert "Services: 32 rows added: Service " in changed
    assert re.search(r"Suppliers: 36 rows added: Supplier .*, .* and 33 more\.", changed)
    assert len(changed.splitlines()) < 15


def test_that_all_payments_are_in_another_file_now_is_one_line(run: Run) -> None:
    names = [f"{number:02}.csv" for number in range(6)]
    for number, name in enumerate(names, 1):
        row = f"0{number}/04/2025,Parks,Quill,5.00,{name},"
        Path(name).write_text(f"{HEADINGS}\n{row}\n", encoding="utf-8")
    _spend(run, *names)
    Path("Plan.xlsx").rename("Plan of June.xlsx")
    out = run("import", "spend", "may.csv", "--into", "Plan of June.xlsx").out
    [told] = [line for line in out.splitlines() if "Payments are in" in line]
    assert "6 cells: was 'Plan payments.parquet', now 'Plan of June payments.parquet'." in told


def test_the_same_file_under_another_name_takes_the_place_of_the_first(run: Run) -> None:
    _spend(run, "april.csv")
    Path("april.csv").rename("4.csv")
    ran = _spend(run, "4.csv")
    assert ran.code == 0
    assert "4.csv: the same file as april.csv, whose place it took." in ran.out
    assert "import it again" not in ran.out
    assert table("PaymentFiles", "File")["april.csv"]["Payments are in"] == "No longer held"
