"""`localis refresh` and `localis progress` as officers meet them."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from commissioning import __version__, files
from commissioning.check import check_file
from commissioning.evidence.pack import SHIPPED, load
from example import CHOICES, TYPED
from filling import blank, blank_bytes, filled_bytes
from rich_evidence import NEW, NEW_TASK, RETIRED, REWORDED_TASK, changed_pack
from running import Ran, Run, runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LAYOUT = blank()
ACTIONS = LAYOUT.sheet_of("Actions")
_BELOW = ACTIONS.row_of(len(ACTIONS.table.rows))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a filled workbook, a new one, and a changed pack."""
    monkeypatch.chdir(tmp_path)
    Path("filled.xlsx").write_bytes(filled_bytes(TYPED, CHOICES))
    Path("new.xlsx").write_bytes(blank_bytes())
    changed_pack(Path("pack"))

    localis = runner(capsys)

    def ran(*arguments: str) -> Ran:
        # By its full path: a pack is remembered by its path, and each test has its own.
        return localis(*(str(tmp_path / each) if each == "pack" else each for each in arguments))

    return ran


def _edit(name: str, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change a workbook with openpyxl."""
    book = openpyxl.load_workbook(name)
    change(book)
    book.save(name)


def _parts(name: str) -> Mapping[str, bytes]:
    with zipfile.ZipFile(name) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def _rewrite(name: str, part: str, old: str, new: str) -> None:
    """Replace a text in a part of a workbook."""
    parts = dict(_parts(name))
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    Path(name).write_bytes(stream.getvalue())


def _actions(name: str) -> dict[Any, dict[str, Any]]:
    """The tracker by action id, as openpyxl reads its cached values."""
    sheet = openpyxl.load_workbook(name, data_only=True)["Actions"]
    rows = sheet.iter_rows(min_row=ACTIONS.row_of(0), values_only=True)
    headings = [column.heading for column in ACTIONS.table.columns]
    return {row[0]: dict(zip(headings, row, strict=False)) for row in rows}


def test_a_refresh_brings_the_workbook_up_to_date_and_keeps_the_old_one(run: Run) -> None:
    old, before = Path("filled.xlsx").read_bytes(), _actions("filled.xlsx")
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 0
    [backup] = Path().glob("filled.backup-*.xlsx")
    assert f"Kept the old file as {backup.name}." in ran.out
    assert backup.read_bytes() == old
    after = _actions("filled.xlsx")
    assert after[NEW]["Action"] == NEW_TASK
    assert after[NEW]["Status input"] == "Not started"
    assert after[RETIRED]["Standing"] == "Retired"
    assert after[RETIRED]["Status input"] == before[RETIRED]["Status input"]
    assert after["R1-02"]["Action"] == REWORDED_TASK
    assert check_file(Path("filled.xlsx"), load(Path("pack").absolute())) == []


def test_the_report_says_what_changed_and_what_was_kept(run: Run) -> None:
    out = run("refresh", "filled.xlsx", "--evidence", "pack").out
    assert f"Actions: Action id {NEW} added." in out
    assert f"{RETIRED} no longer in the evidence: kept, and counted no more." in out
    assert "Council expenditure: 50 filled input cells." in out
    assert "commission-impossible-2011 1.1.0 in place of commission-impossible-2011 1.0.0" in out


def test_text_of_the_evidence_never_becomes_a_formula(run: Run) -> None:
    run("refresh", "filled.xlsx", "--evidence", "pack")
    sheet = openpyxl.load_workbook("filled.xlsx")["Actions"]
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == NEW_TASK]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_refreshing_again_does_not_touch_the_file(run: Run) -> None:
    run("refresh", "filled.xlsx", "--evidence", "pack")
    once, state = Path("filled.xlsx").read_bytes(), files.state(Path("filled.xlsx"))
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 0
    assert "filled.xlsx is up to date; it was not touched." in ran.out
    assert (Path("filled.xlsx").read_bytes(), files.state(Path("filled.xlsx"))) == (once, state)
    assert len(list(Path().glob("filled.backup-*"))) == 1


def test_a_new_workbook_is_up_to_date(run: Run) -> None:
    assert "new.xlsx is up to date" in run("refresh", "new.xlsx").out


def test_a_dry_run_says_the_same_and_writes_nothing(run: Run) -> None:
    old = Path("filled.xlsx").read_bytes()
    dry = run("refresh", "filled.xlsx", "--evidence", "pack", "--dry-run")
    assert dry.out.endswith("Dry run: filled.xlsx was not touched.\n")
    assert Path("filled.xlsx").read_bytes() == old
    assert len(list(Path().iterdir())) == 3
    wet = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert dry.out.splitlines()[:-1] == wet.out.splitlines()[:-2]


def test_the_report_as_json_has_every_entry(run: Run) -> None:
    found = json.loads(run("refresh", "filled.xlsx", "--evidence", "pack", "--json").out)
    assert found["written"] is True
    assert found["dry_run"] is False
    assert Path(found["backup"]).exists()
    assert {"where": "Actions", "text": f"Action id {NEW} added."} in found["changed"]
    assert found["look"] == []
    again = json.loads(run("refresh", "filled.xlsx", "--evidence", "pack", "--json").out)
    assert (again["written"], again["changed"], again["backup"]) == (False, [], None)


@pytest.mark.parametrize(
    ("part", "changed", "left"),
    [
        ("recommendations", "Actions", "Skills"),
        ("survey", "Skills", "Actions"),
        ("expenditure", "National expenditure", "Actions"),
    ],
)
def test_only_one_part_is_refreshed_where_asked_for(
    run: Run, part: str, changed: str, left: str
) -> None:
    ran = run("refresh", "new.xlsx", "--evidence", "pack", "--only", part, "--json")
    places = {
        entry["where"].partition("!")[0].strip("'") for entry in json.loads(ran.out)["changed"]
    }
    assert changed in places
    assert left not in places
    rules = {
        finding.rule for finding in check_file(Path("new.xlsx"), load(Path("pack").absolute()))
    }
    assert rules == {"other-evidence"}
    run("refresh", "new.xlsx", "--evidence", "pack")
    assert check_file(Path("new.xlsx"), load(Path("pack").absolute())) == []


def test_the_log_says_when_by_whom_what_and_with_which_versions(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "a.officer")
    before = dt.datetime.now().replace(microsecond=0)  # noqa: DTZ005 - as clocks show it
    run("refresh", "filled.xlsx", "--evidence", "pack")
    row = list(openpyxl.load_workbook("filled.xlsx")["Log"].values)[-1]
    when, as_at, who, what, program, evidence = row[:6]
    assert isinstance(when, dt.datetime)
    assert before <= when + dt.timedelta(seconds=1)
    assert as_at == dt.datetime(2026, 11, 22)  # noqa: DTZ001 - a day
    assert (who, program) == ("a.officer", f"Localis for Excel {__version__}")
    assert str(what).startswith("Refreshed: ")
    assert evidence == "commission-impossible-2011 1.1.0"


def test_a_macro_workbook_stays_one(run: Run) -> None:
    shutil.copy("new.xlsx", "new.xlsm")
    assert run("refresh", "new.xlsm", "--evidence", "pack").code == 0
    assert [path.suffix for path in Path().glob("new.backup-*")] == [".xlsm"]


def test_names_stand_for_their_cells_again_after_a_table_was_sorted(run: Run) -> None:
    def sort(book: openpyxl.Workbook) -> None:
        settings = book["Settings"]
        rows = [[cell.value for cell in row] for row in settings.iter_rows(4, 10, 1, 5)]
        for place, row in enumerate(reversed(rows), 4):
            for column, value in enumerate(row, 1):
                settings.cell(place, column).value = value

    _edit("filled.xlsx", sort)
    assert "the name AsAt stands for its cells again" in run("refresh", "filled.xlsx").out
    assert not [
        f for f in check_file(Path("filled.xlsx"), load()) if f.rule in {"names", "figures"}
    ]


def test_a_row_typed_below_the_table_is_not_overwritten_but_named(run: Run) -> None:
    def below(book: openpyxl.Workbook) -> None:
        book["Actions"].cell(_BELOW, 3).value = "typed below"

    _edit("filled.xlsx", below)
    old = Path("filled.xlsx").read_bytes()
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 2
    assert f"Actions!C{_BELOW} stands in its way" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert Path("filled.xlsx").read_bytes() == old
    assert not list(Path().glob("*.backup-*"))


def test_what_needs_a_look_is_said_with_its_cell_and_by_the_exit_code(run: Run) -> None:
    row = LAYOUT.sheet_of("CouncilExpenditure").row_of(0)

    def mistakes(book: openpyxl.Workbook) -> None:
        book["Actions"]["A7"] = "R1-01"
        book["Delivery"]["D5"] = 37
        book["Council expenditure"][f"B{row}"] = "12,5"

    _edit("filled.xlsx", mistakes)
    ran = run("refresh", "filled.xlsx")
    assert ran.code == 1
    for line in (
        "Actions!A6, Actions!A7: 2 rows have the Action id 'R1-01'",
        "Delivery!D5: Count holds 37 in place of 36; it was kept as typed.",
        f"'Council expenditure'!B{row}: Procurement £m input holds the text '12,5' where a number",
    ):
        assert line in ran.out


def _lock(_: Path) -> None:
    Path("~$filled.xlsx").touch()


def _damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])


def _encrypt(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))


def _foreign(path: Path) -> None:
    openpyxl.Workbook().save(path)


def _entities(path: Path) -> None:
    _rewrite(path.name, "xl/workbook.xml", "<workbook", '<!DOCTYPE a [<!ENTITY b "c">]><workbook')


def _newer(path: Path) -> None:
    provenance = f"xl/worksheets/sheet{len(LAYOUT.sheets)}.xml"
    _rewrite(path.name, provenance, f"<t>{__version__}</t>", "<t>99.1.0</t>")


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(40_000_000))


_REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "open in Excel": (_lock, "is open in Excel or another program"),
    "damaged": (_damage, "is damaged"),
    "encrypted": (_encrypt, "is protected by a password"),
    "a zip bomb": (_bomb, "would unpack"),
    "XML with entities": (_entities, "has a DOCTYPE"),
    "not one of ours": (_foreign, "is not a commissioning workbook"),
    "newer": (_newer, "was filled by version 99.1.0, newer than this one"),
    "missing": (lambda path: path.unlink(), "does not exist"),
}


@pytest.mark.parametrize("state", _REFUSED)
def test_a_workbook_that_cannot_be_refreshed_is_refused_in_one_sentence(
    run: Run, state: str
) -> None:
    change, message = _REFUSED[state]
    change(Path("filled.xlsx"))
    old = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "filled.xlsx" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == old


def test_a_workbook_of_another_survey_is_refused(run: Run) -> None:
    package = Path("pack", "datapackage.json")
    text = package.read_text(encoding="utf-8")
    package.write_text(text.replace('"commission-impossible-2011"', '"another-survey"'), "utf-8")
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 2
    assert "was filled from evidence pack commission-impossible-2011 1.0.0" in ran.err


def test_an_earlier_version_of_the_pack_does_not_undo_a_later_one(run: Run) -> None:
    run("refresh", "filled.xlsx", "--evidence", "pack")
    once = Path("filled.xlsx").read_bytes()
    ran = run("refresh", "filled.xlsx")
    assert ran.code == 2
    assert "was filled from evidence pack commission-impossible-2011 1.1.0, newer than" in ran.err
    assert Path("filled.xlsx").read_bytes() == once
    assert run("progress", "filled.xlsx").code == 0


def test_a_pack_that_needs_another_sheet_is_refused(run: Run) -> None:
    for file, line in (
        ("questions.csv", "e,Barriers,Barriers,What stands in the way,single,50,55,50,printed,x"),
        ("options.csv", "e,money,Money,,30,60.0,x\ne,time,Time,,20,40.0,x"),
    ):
        path = Path("pack", file)
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    old = Path("filled.xlsx").read_bytes()
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 2
    assert "has no sheet Barriers, which this evidence needs" in ran.err
    assert Path("filled.xlsx").read_bytes() == old


def test_an_own_action_is_not_taken_over_by_one_of_the_evidence_with_its_id(run: Run) -> None:
    def own(book: openpyxl.Workbook) -> None:
        actions = book["Actions"]
        row: list[str | int] = [NEW.lower(), 9, "Our own task", "Us"]
        for column, value in enumerate(row, 1):
            actions.cell(_BELOW, column).value = value
        actions.tables["Actions"].ref = f"A{ACTIONS.header_row}:P{_BELOW}"
        actions.tables["Actions"].autoFilter.ref = actions.tables["Actions"].ref

    _edit("filled.xlsx", own)
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 1
    assert f"'{NEW.lower()}' is now the Action id of a row of the evidence" in ran.out
    assert _actions("filled.xlsx")[NEW.lower()]["Action"] == "Our own task"
    assert _actions("filled.xlsx")[NEW.lower()]["Standing"] is None


def test_every_entry_is_printed_and_logged(run: Run) -> None:
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    found = json.loads(run("refresh", "new.xlsx", "--evidence", "pack", "--json").out)
    for entry in found["changed"]:
        assert entry["text"] in ran.out
    what = list(openpyxl.load_workbook("filled.xlsx")["Log"].values)[-1][3]
    assert f"Action id {NEW} added" in str(what)


def test_a_file_that_somebody_saves_meanwhile_is_left_as_they_saved_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = blank_bytes()
    write = files.write

    def late(path: Path, data: bytes, **options: Any) -> Path | None:  # noqa: ANN401
        path.write_bytes(theirs)
        os.utime(path, (1, 1))
        return write(path, data, **options)

    monkeypatch.setattr(files, "write", late)
    ran = run("refresh", "filled.xlsx", "--evidence", "pack")
    assert ran.code == 2
    assert "was changed by somebody else in the meantime" in ran.err
    assert Path("filled.xlsx").read_bytes() == theirs


def test_a_deleted_record_makes_the_refresh_careful_not_destructive(run: Run) -> None:
    def forget(book: openpyxl.Workbook) -> None:
        del book["Provenance"]

    _edit("filled.xlsx", forget)
    ran = run("refresh", "filled.xlsx", "--evidence", "pack", "--json")
    assert ran.code == 1
    looks = json.loads(ran.out)["look"]
    assert any("the table Provenance is missing" in each["text"] for each in looks)
    assert any(each["where"].startswith("Skills!") for each in looks)


def test_progress_shows_what_is_overdue_first_then_each_share(run: Run) -> None:
    ran = run("progress", "filled.xlsx")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith("All actions")
    assert lines[1] == "Overdue:"
    assert lines[2].startswith("  R3-04  12 days  Head of Procurement: ")
    assert [line for line in lines if not line.startswith(" ")][1:] == [
        "Overdue:",
        "By recommendation:",
        "By status:",
        "By owner:",
    ]


def test_progress_as_json_agrees_with_the_workbook(run: Run) -> None:
    found = json.loads(run("progress", "filled.xlsx", "--json").out)
    book = openpyxl.load_workbook("filled.xlsx", data_only=True)
    rows = list(
        book["Progress"].iter_rows(min_row=LAYOUT.sheet_of("Progress").row_of(0), max_col=9)
    )
    shares = {share["name"].partition(" ")[0]: share for share in found["recommendations"]}
    for row in rows[:9]:
        number, _, counted, *_, overdue, _, progress = (cell.value for cell in row)
        assert shares[str(number)]["counted"] == counted
        assert shares[str(number)]["overdue"] == overdue
        assert shares[str(number)]["progress"] == pytest.approx(progress)
    assert found["as_at"] == "2026-11-22"
    assert sum(share["actions"] for share in found["statuses"]) == 39
    assert sum(share["actions"] for share in found["owners"]) == 39


def test_progress_writes_nothing_and_refuses_what_is_not_ours(run: Run) -> None:
    old = Path("filled.xlsx").read_bytes()
    run("progress", "filled.xlsx")
    assert Path("filled.xlsx").read_bytes() == old
    _foreign(Path("filled.xlsx"))
    ran = run("progress", "filled.xlsx")
    assert ran.code == 2
    assert "is not a commissioning workbook" in ran.err


def test_the_shipped_pack_stays_as_it_is(run: Run) -> None:
    before = {path.name: path.read_bytes() for path in SHIPPED.iterdir() if path.is_file()}
    run("refresh", "filled.xlsx")
    assert {path.name: path.read_bytes() for path in SHIPPED.iterdir() if path.is_file()} == before
