"""The command `localis` as officers meet it: what it prints, writes, refuses and returns."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import etree

from commissioning import __version__
from commissioning.evidence import claims, pack
from running import Ran, Run, runner

if TYPE_CHECKING:
    from collections.abc import Callable

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command inside this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return runner(capsys)


def _process(*arguments: str, folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
    command = [sys.executable, "-m", "commissioning", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", check=False, **options
    )


def _snapshot(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def _assert_refused(ran: Ran, reason: str) -> None:
    """One sentence on the error stream, and nothing else."""
    assert ran.code == 2
    assert ran.out == ""
    assert re.fullmatch(r"localis[ a-z]*: [^\n]+\n", ran.err)
    assert "Traceback" not in ran.err
    assert re.search(reason, ran.err), ran.err


@pytest.mark.parametrize("command", [[], ["template"], ["check"], ["claims"]])
def test_help_gives_an_example_and_the_exit_codes(command: list[str], run: Run) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert re.search(rf"example:\n  localis {' '.join(command)}", ran.out)
    for code, meaning in enumerate(("fine", "the check found something", "bad input or file")):
        assert f"  {code}  {meaning}" in ran.out


def test_the_example_of_every_commands_help_works(run: Run) -> None:
    for command in ("template", "check", "claims"):
        line = re.search("example:\n  localis (.*)", run(command, "--help").out)
        assert line
        words = next(csv.reader([line[1]], delimiter=" "))
        assert run(*words).code == 0


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version") == Ran(0, f"localis {__version__}\n", "")


def test_a_new_workbook_passes_the_check_and_says_what_it_is(run: Run) -> None:
    options = ["--council", "Essex County Council", "--financial-year", "2026-27"]
    made = run("template", "Book.xlsx", *options, "--as-at", "2026-11-22")
    assert made.code == 0
    assert re.match(r"Wrote Book\.xlsx: \d+ sheets, .*; 2026-27, as at 22 Nov 2026\.", made.out)
    assert "type the council's name" not in made.out
    cover = openpyxl.load_workbook("Book.xlsx", data_only=True).worksheets[0]
    assert cover["A2"].value == "Essex County Council, 2026-27"
    assert run("check", "Book.xlsx") == Ran(
        0, "Book.xlsx: nothing found. Figures, accessibility and soundness are in order.\n", ""
    )


@pytest.mark.parametrize("options", [[], ["--council", ""], ["--council", "  "]])
def test_without_a_council_the_officer_is_told_where_to_type_it(
    options: list[str], run: Run
) -> None:
    assert (
        "type the council's name on the sheet Settings" in run("template", "b.xlsx", *options).out
    )
    cover = openpyxl.load_workbook("b.xlsx", data_only=True).worksheets[0]
    assert str(cover["A2"].value).startswith("Your council, ")


def test_without_a_date_the_workbook_is_as_at_today(run: Run) -> None:
    before = dt.datetime.now().astimezone().date()
    out = run("template", "b.xlsx").out
    after = dt.datetime.now().astimezone().date()
    assert any(f"as at {day:%d %b %Y}" in out for day in (before, after))


@pytest.mark.parametrize(
    ("day", "year"),
    [("2026-03-31", "2025-26"), ("2026-04-01", "2026-27"), ("31/12/2099", "2099-00")],
)
def test_the_financial_year_is_that_of_the_date_and_begins_in_april(
    day: str, year: str, run: Run
) -> None:
    assert f"; {year}, as at" in run("template", "b.xlsx", "--as-at", day).out


@pytest.mark.parametrize("written", ["2026-27", "2026/27", "2026-2027", " 2026 - 27 "])
def test_a_financial_year_may_be_written_in_several_ways(written: str, run: Run) -> None:
    assert "; 2026-27, as at" in run("template", "b.xlsx", "--financial-year", written).out


def test_an_existing_file_is_refused_and_with_force_replaced_and_kept(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"an officer's work")
    _assert_refused(run("template", "b.xlsx"), r"b\.xlsx exists already: .* --force")
    assert _snapshot(tmp_path) == {"b.xlsx": b"an officer's work"}
    ran = run("template", "b.xlsx", "--force")
    assert ran.code == 0
    name = re.search(r"Kept the old file as (.*)\.\n", ran.out)
    assert name
    assert (tmp_path / name[1]).read_bytes() == b"an officer's work"
    assert run("check", "b.xlsx").code == 0


#: Wrong arguments of `localis template`, and what the sentence says; b.xlsx is a sound name.
_WRONG: dict[str, tuple[list[str], str]] = {
    "no file": ([], "the following arguments are required: FILE"),
    "no suffix": (["book"], "'book' is not the name of a workbook: choose one such as"),
    "old suffix": (["book.xls"], "is not the name of a workbook"),
    "macro suffix": (["book.xlsm"], "is not the name of a workbook"),
    "suffix alone": ([".xlsx"], "is not the name of a workbook"),
    "empty name": ([""], "'' is not the name of a workbook"),
    "line break in the name": (["b\nc.xlsx"], r"'b\\nc.xlsx' is not the name of a workbook"),
    "long name": ([f"{'x' * 300}.xlsx"], r"cannot be written \("),
    "folder": (["folder.xlsx"], r"folder\.xlsx is a folder: add the name"),
    "missing folder": (["none/b.xlsx"], "The folder none does not exist: make it first"),
    "two files": (["b.xlsx", "c.xlsx"], "unrecognized arguments: c.xlsx"),
    "unknown option": (["b.xlsx", "--colour", "red"], "unrecognized arguments: --colour red"),
    "no day of that month": (["b.xlsx", "--as-at", "2026-02-30"], "'2026-02-30' is not a date"),
    "word for a date": (["b.xlsx", "--as-at", "tomorrow"], "is not a date: write it as 2026-11-22"),
    "empty date": (["b.xlsx", "--as-at", ""], "'' is not a date"),
    "ambiguous date": (["b.xlsx", "--as-at", "1/2/26"], "'1/2/26' is not"),
    "date long ago": (["b.xlsx", "--as-at", "1899-12-31"], "is not between 2000-01-01 and"),
    "date far ahead": (["b.xlsx", "--as-at", "9999-12-31"], "is not between 2000-01-01 and"),
    "year of two": (["b.xlsx", "--financial-year", "2026-28"], "'2026-28' is not a financial year"),
    "year back": (["b.xlsx", "--financial-year", "2026-1927"], "is not a financial year"),
    "single year": (["b.xlsx", "--financial-year", "2026"], "write it as 2026-27"),
    "empty year": (["b.xlsx", "--financial-year", ""], "'' is not a financial year"),
    "year in other digits": (
        ["b.xlsx", "--financial-year", "\N{FULLWIDTH DIGIT TWO}026-27"],
        "is not a financial",
    ),
    "year long ago": (["b.xlsx", "--financial-year", "1026-27"], "is not between 2000 and 2199"),
    "tab in the council": (["b.xlsx", "--council", "A\tB"], "cannot be printed"),
    "line break in the council": (["b.xlsx", "--council", "A\nB"], "cannot be printed"),
    "bell in the council": (["b.xlsx", "--council", "A\x07"], "cannot be printed"),
    "hidden turn of the council": (["b.xlsx", "--council", "A\u202eB"], "cannot be printed"),
    "half a letter in the council": (["b.xlsx", "--council", "A\udce9"], "cannot be printed"),
    "long council": (["b.xlsx", "--council", "A" * 151], "longer than 150 characters"),
    "no evidence": (["b.xlsx", "--evidence", "none"], "none is not an evidence pack: it has no"),
    "empty evidence": (["b.xlsx", "--evidence", ""], "is not an evidence pack"),
    "evidence that is a file": (["b.xlsx", "--evidence", "text.txt"], "text.txt.* cannot be read"),
    "faulty evidence": (
        ["b.xlsx", "--evidence", "faulty"],
        r"options\.csv, row 2, column printed_percent: 99\.0 does not follow from the count",
    ),
    "evidence that takes a name of ours": (
        ["b.xlsx", "--evidence", "taken"],
        "questions.csv, column sheet: 'Survey' is already the name",
    ),
}


def _edited_pack(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the shipped pack with a text replaced by another, once."""
    shutil.copytree(pack.SHIPPED, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", _WRONG)
def test_a_wrong_argument_gives_one_sentence_and_changes_nothing(
    case: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "text.txt").write_text("text", encoding="utf-8")
    if "faulty" in _WRONG[case][0]:
        _edited_pack(tmp_path / "faulty", "options.csv", "36,35.0", "36,99.0")
    if "taken" in _WRONG[case][0]:
        _edited_pack(tmp_path / "taken", "questions.csv", "a,Delivery", "a,Survey")
    before = _snapshot(tmp_path)
    arguments, reason = _WRONG[case]
    _assert_refused(run("template", *arguments), reason)
    assert _snapshot(tmp_path) == before


#: What stands in the way -> the object and name of the function that fails, and its error.
_OBSTACLES = {
    "full disk": (os, "fsync", errno.ENOSPC),
    "read-only folder": (tempfile, "mkstemp", errno.EACCES),
}


@pytest.mark.parametrize("obstacle", _OBSTACLES)
@pytest.mark.parametrize("held", [{}, {"b.xlsx": b"old"}], ids=["new file", "existing file"])
def test_a_disk_that_takes_no_more_keeps_what_it_has(
    obstacle: str, held: dict[str, bytes], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in held.items():
        Path(name).write_bytes(data)
    owner, function, number = _OBSTACLES[obstacle]

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(owner, function, fail)
        ran = run("template", "b.xlsx", "--force")
    _assert_refused(ran, r"b\.xlsx cannot be written \(")
    assert _snapshot(Path()) == held


def test_no_command_and_an_unknown_one_are_refused(run: Run) -> None:
    _assert_refused(run(), "the following arguments are required: COMMAND")
    _assert_refused(run("repair"), "invalid choice: 'repair'")


def test_an_interrupted_command_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("commissioning.evidence.claims.work_out_all", interrupt)
    assert run("claims") == Ran(130, "", "localis: interrupted.\n")


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _zip(path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCX = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "word/document.xml": "<document/>",
}

#: A file that is no sound workbook -> how it is made, and what the sentence says of it.
_UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "does not exist; check the name and the folder"),
    "folder": (lambda path: path.mkdir(), "is a folder; give the name of a workbook"),
    "empty": (lambda path: path.touch(), "is empty"),
    "text": (lambda path: path.write_text("a,b", encoding="utf-8"), "is not an Excel workbook"),
    "zip": (lambda path: _zip(path, {"a.txt": "a"}), "is a zip file, not an Excel workbook"),
    "Word document": (lambda path: _zip(path, _DOCX), "is a Word document, not a workbook"),
    "old Excel": (lambda path: path.write_bytes(_OLE), r"Excel 97-2003 \(\.xls\)"),
    "encrypted": (
        lambda path: path.write_bytes(_OLE + "EncryptedPackage".encode("utf-16-le")),
        "is protected by a password",
    ),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-2000]), "is damaged"),
}


@pytest.mark.parametrize("case", _UNREADABLE)
def test_a_file_that_is_no_sound_workbook_gives_one_sentence(
    case: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "b.xlsx"
    if case == "truncated":
        run("template", path)
    make, reason = _UNREADABLE[case]
    make(path)
    before = _snapshot(tmp_path)
    _assert_refused(run("check", "b.xlsx"), reason)
    _assert_refused(run("check", "b.xlsx", "--json"), reason)
    assert _snapshot(tmp_path) == before


def _found(run: Run, *arguments: str | Path) -> list[dict[str, str]]:
    """What the check finds, as its JSON has it; the text has to say the same."""
    ran = run("check", *arguments, "--json")
    printed = json.loads(ran.out)
    assert ran.code == int(bool(printed["findings"]))
    assert printed["ok"] == (not printed["findings"])
    lines = run("check", *arguments).out.splitlines()
    for finding, line in zip(printed["findings"], lines, strict=False):
        place = f"{finding['where']}: " if finding["where"] else ""
        assert line == f"{place}{finding['message']}. {finding['remedy']} [{finding['rule']}]"
    found: list[dict[str, str]] = printed["findings"]
    return found


def test_a_foreign_workbook_is_a_finding(run: Run) -> None:
    openpyxl.Workbook().save("foreign.xlsx")
    found = _found(run, "foreign.xlsx")
    assert found[-1]["rule"] == "not-ours"
    assert "localis template" in found[-1]["remedy"]


def test_a_workbook_of_another_pack_is_a_finding_until_the_pack_is_named(
    run: Run, tmp_path: Path
) -> None:
    version = f'"version": "{pack.load().version}"'
    other = _edited_pack(tmp_path / "pack", "datapackage.json", version, '"version": "2.0.0"')
    assert run("template", "b.xlsx", "--evidence", other).code == 0
    [finding] = _found(run, "b.xlsx")
    assert finding["rule"] == "other-evidence"
    assert finding["remedy"].startswith("Name that pack's folder with --evidence")
    assert _found(run, "b.xlsx", "--evidence", other) == []


def test_a_workbook_of_a_newer_version_is_a_finding(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr("commissioning.workbook.template.__version__", "99.1.0")
        run("template", "b.xlsx")
    [finding] = _found(run, "b.xlsx")
    assert finding["rule"] == "newer"
    assert "filled by version 99.1.0" in finding["message"]


def test_several_findings_are_counted_in_the_last_line(run: Run) -> None:
    openpyxl.Workbook().save("foreign.xlsx")
    out = run("check", "foreign.xlsx").out.splitlines()
    assert out[-1] == f"foreign.xlsx: {len(out) - 1} findings."


def test_claims_are_printed_as_they_are_worked_out(run: Run) -> None:
    results = claims.work_out_all(pack.load())
    ran = run("claims", "--json")
    printed = json.loads(ran.out)
    assert ran.code == 0
    assert [
        (each["claim"], each["printed"], each["worked_out"], each["working"], each["base"])
        for each in printed
    ] == [(r.claim.claim, r.claim.printed, r.value, r.working, r.base) for r in results]
    assert [
        (each["base_status"], each["on_row_total"], each["verdict"], each["where"])
        for each in printed
    ] == [(r.base_status, r.on_row_total, r.verdict, r.claim.where) for r in results]


def test_the_table_of_claims_has_the_figures_of_the_json(run: Run) -> None:
    printed = json.loads(run("claims", "--json").out)
    lines = run("claims").out.splitlines()
    assert lines[-1] == f"{len(printed)} of {len(printed)} claims hold."
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", lines[0])]
    ends = [*starts[1:], None]
    for claim, line in zip(printed, lines[1:], strict=False):
        cells = [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        shown, worked, working, base, verdict, statement = cells
        assert (shown, working, verdict, statement) == (
            claim["printed"],
            claim["working"],
            claim["verdict"],
            claim["statement"],
        )
        assert base == (f"{claim['base']} ({claim['base_status']})" if claim["base"] else "")
        share = claim["unit"] == "share"
        wanted = [claim["worked_out"], claim["on_row_total"]]
        scaled = [each * (100 if share else 1) for each in wanted if each is not None]
        assert _figures(worked) == pytest.approx(scaled, abs=0.05)


def _figures(text: str) -> list[float]:
    """The figure of a claim and, where it stands there, the one on the row total."""
    found = re.fullmatch(r"£?([\d.]+)(?:bn|%)?(?: \(([\d.]+)% on row total\))?", text)
    assert found, text
    return [float(each) for each in found.groups() if each]


def test_a_claim_that_does_not_hold_is_the_exit_code(run: Run, tmp_path: Path) -> None:
    other = _edited_pack(tmp_path / "pack", "claims.csv", ",16,16,ratio", ",17,17,ratio")
    ran = run("claims", "--evidence", other)
    assert ran.code == 1
    count = len(pack.load().claims)
    assert ran.out.endswith(f"\n{count - 1} of {count} claims hold.\n")
    assert "Does not hold" in ran.out
    assert run("claims", "--json", "--evidence", other).code == 1


def test_json_is_the_same_on_a_console_that_has_few_letters(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = _process("claims", "--json", folder=tmp_path, env=environment)
    assert ran.returncode == 0
    assert any("£" in claim["printed"] for claim in json.loads(ran.stdout))


def test_a_console_that_lacks_a_letter_shows_a_question_mark(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = _process("claims", folder=tmp_path, env=environment)
    assert ran.returncode == 0
    assert ran.stderr == ""
    assert "?64.767bn" in ran.stdout


@pytest.mark.parametrize("changed", [False, True], ids=["fine", "found"])
def test_a_reader_who_leaves_early_changes_no_exit_code(changed: bool, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "commissioning", "claims"]
    if changed:
        other = _edited_pack(tmp_path / "pack", "claims.csv", ",16,16,ratio", ",17,17,ratio")
        arguments += ["--evidence", str(other)]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ran = subprocess.run(arguments, stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert ran.returncode == int(changed)
    assert ran.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "commissioning", "claims"]
        ran = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            cwd=tmp_path,
        )
    _assert_refused(Ran(ran.returncode, "", ran.stderr), "The output cannot be written")


def test_the_command_runs_as_a_process_in_any_folder(tmp_path: Path) -> None:
    made = _process("template", "b.xlsx", "--council", "Cyngor Sir Ynys Môn", folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert _process("check", "b.xlsx", folder=tmp_path).returncode == 0
    refused = _process("template", "b.xlsx", folder=tmp_path)
    _assert_refused(Ran(refused.returncode, refused.stdout, refused.stderr), "exists already")


_FORMULA_LIKE = ["=1+1", '=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "_x003D_1+1"]


def _cell_and_style(path: str, sheet: str, address: str) -> tuple[etree._Element, etree._Element]:
    """A cell of a file and its cell format, as XML."""
    with zipfile.ZipFile(path) as archive:
        names = [
            each.get("name")
            for each in etree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        ]
        root = etree.fromstring(archive.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"))
        styles = etree.fromstring(archive.read("xl/styles.xml"))
    [cell] = [each for each in root.iter(f"{_MAIN}c") if each.get("r") == address]
    formats = styles.find(f"{_MAIN}cellXfs")
    assert formats is not None
    return cell, formats[int(cell.get("s", "0"))]


@pytest.mark.parametrize("text", [*_FORMULA_LIKE, "\t=1+1", "\u00a0=1+1"])
def test_a_councils_name_like_a_formula_stays_a_text(text: str, run: Run) -> None:
    assert run("template", "b.xlsx", "--council", text).code == 0
    cell, look = _cell_and_style("b.xlsx", "Settings", "B4")
    assert cell.find(f"{_MAIN}f") is None
    assert cell.get("t") in {"inlineStr", "s"}
    assert cell.findtext(f".//{_MAIN}t") == text.strip()
    assert look.get("quotePrefix") == "1"
    assert run("check", "b.xlsx").code == 0


def test_other_texts_are_written_without_a_quote(run: Run) -> None:
    run("template", "b.xlsx", "--council", "Essex")
    cell, look = _cell_and_style("b.xlsx", "Settings", "B4")
    assert cell.findtext(f".//{_MAIN}t") == "Essex"
    assert look.get("quotePrefix", "0") == "0"
