from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from packs import copied, edit, load_anew, refusal, rows, write_rows

from commissioning.evidence import pack
from commissioning.evidence.tabular import CELL_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

#: File, text, its replacement; then row, column and reason of the error.
FAULTS = {
    "printed percentage": (
        ("options.csv", "36,35.0", "36,35.1"),
        (2, "printed_percent", "35.1 does not follow from the count: 36 of 103 is 35.0."),
    ),
    "count that no longer gives its percentage": (
        ("options.csv", "84,81.6", "85,81.6"),
        (6, "printed_percent", "81.6 does not follow from the count: 85 of 103 is 82.5."),
    ),
    "percentage on another base": (
        ("questions.csv", "103,2,103,printed", "103,2,105,printed"),
        (2, "printed_percent", "35.0 does not follow from the count: 36 of 105 is 34.3."),
    ),
    "count above its base": (
        ("options.csv", "84,81.6", "104,100"),
        (6, "count", "104 is more than the 103 who answered."),
    ),
    "question without options": (
        ("questions.csv", "\nd,Shift", '\ne,More,More,More,single,9,0,9,printed,"Here"\nd,Shift'),
        (5, "kind", "question e is of kind single and has no options."),
    ),
    "outlook question with options": (
        ("options.csv", "\nb,yes", '\nd,yes,Yes,,0,0.0,"Here"\nb,yes'),
        (5, "kind", "question d is of kind outlook and has options."),
    ),
    "two outlook questions": (
        ("questions.csv", "\nd,Shift", '\ne,More,More,More,outlook,,,9,printed,"Here"\nd,Shift'),
        (6, "kind", "2 questions are of kind outlook; it must be one."),
    ),
    "hole in the outlook grid": (
        ("shift.csv", 'SME,same,14,"Notes for Editors 3, table d, row 2, column 3"\n', ""),
        (25, "outlook", "no row for provider SME and outlook same up to here."),
    ),
    "provider type without answers": (
        ("shift.csv", "large,fewer,6", "large,fewer,93"),
        (6, "count", "the counts of provider large add up to 178, not to 1 to 93."),
    ),
    "sign of a component": (
        ("expenditure.csv", ",-1,", ",1,"),
        (3, "sign", "1 is not the sign of this component."),
    ),
    "no procurement": (
        ("expenditure.csv", "procurement,1,62.040", "procurement,1,0"),
        (2, "amount", "is 0, and the contractors' share divides by procurement."),
    ),
    "component twice": (
        ("expenditure.csv", "employees,Other local", "procurement,Other local"),
        (4, "item", "'procurement' already stands in row 2."),
    ),
    "claim on no question": (
        ("claims.csv", "option share,b,yes", "option share,,yes"),
        (3, "question", "is empty; the measure 'option share' needs one."),
    ),
    "claim on an option of another question": (
        ("claims.csv", "option share,b,yes", "option share,a,yes"),
        (3, "subject", "'yes' is not an option of question a."),
    ),
    "claim on no option": (
        ("claims.csv", "option share,b,yes", "option share,b,"),
        (3, "subject", "None is not an option of question b."),
    ),
    "claim on no provider type": (
        ("claims.csv", "more share,d,VCS", "more share,d,charity"),
        (7, "subject", "question d has no provider 'charity'."),
    ),
    "claim on a provider type of another question": (
        ("claims.csv", "more share,d,VCS", "more share,a,VCS"),
        (7, "subject", "question a has no provider 'VCS'."),
    ),
    "claim on a ratio that nobody gives": (
        ("shift.csv", "in-house,more,5", "in-house,more,0"),
        (6, "subject", "nobody expects more of in-house: there is no ratio."),
    ),
    "claim on respondents that are not printed": (
        ("claims.csv", "respondents,a,", "respondents,d,"),
        (2, "question", "nobody is counted as answering question d."),
    ),
    "claim on an unknown question": (
        ("claims.csv", "option share,b,yes", "option share,z,yes"),
        (3, "question", "'z' is not in questions.csv, column question."),
    ),
    "unknown measure": (
        ("claims.csv", "option share,b,yes", "median,b,yes"),
        (3, "measure", "'median' is not one of respondents, option share, more share, "),
    ),
    "control character": (
        ("actions.csv", "Keep supporting", "Keep\u0007supporting"),
        (2, "task", "has a control character (such as a tab or line break) in it."),
    ),
    "line break in a text": (
        ("notes.csv", "Question c", "Question\nc"),
        (3, "text", "has a control character"),
    ),
    "text longer than a cell": (
        ("actions.csv", "Keep supporting", "x" * CELL_LIMIT),
        (2, "task", "is longer than the 32,767 characters a cell holds."),
    ),
    "heading twice": (
        ("actions.csv", "action,recommendation", "action,action"),
        (1, "'action'", "stands in the heading more than once."),
    ),
    "heading missing": (
        ("actions.csv", "task,body,where", "task,where"),
        (1, "body", "is missing from the heading; the columns are action, recommendation, "),
    ),
    "heading unknown": (
        ("actions.csv", "body,where", "body,where,"),
        (1, "''", "is not known; the columns are action, recommendation, task, body, where."),
    ),
    "heading out of order": (
        ("actions.csv", "task,body", "body,task"),
        (1, "body", "stands in the place of task; in order, the columns are action, "),
    ),
    "semicolons for commas": (
        ("notes.csv", "note,text,where", "note;text;where"),
        (1, "note", "is missing from the heading; the columns are note, text, where."),
    ),
    "row too short": (
        ("outlooks.csv", "same,No change,No change,same,0,", "same,No change\n"),
        (4, "short", "the row ends before it; add the cell, or the comma before it."),
    ),
    "row too long": (
        ("outlooks.csv", "none,No contracts or", "none,No contracts, or"),
        (2, "where", "the row goes on after it; a text with a comma needs quotation marks"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_file_row_and_column(fault: str, tmp_path: Path) -> None:
    (file, old, new), (row, column, reason) = FAULTS[fault]
    folder = copied(tmp_path)
    edit(folder, file, old, new)
    # A fault between two files is reported where the row stands that does not follow.
    named = {
        "percentage on another base": "options.csv",
        "outlook question with options": "questions.csv",
        "claim on a ratio that nobody gives": "claims.csv",
    }.get(fault, file)
    expected = f"{folder / named}, row {row}, column {column}: {reason}"
    assert refusal(folder)[: len(expected)] == expected


def test_no_outlook_question_is_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, "questions.csv", ",outlook,", ",single,")
    edit(folder, "options.csv", "\nb,yes", '\nd,yes,Yes,,0,0.0,"Here"\nb,yes')
    expected = "questions.csv, row 5, column kind: 0 questions are of kind outlook; it must be one."
    assert refusal(folder).endswith(expected)


def test_no_answers_about_a_provider_type_are_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    cells = rows(folder / "shift.csv")
    for cell in cells[1:6]:
        cell[2] = "0"
    write_rows(folder / "shift.csv", cells)
    expected = "row 6, column count: the counts of provider large add up to 0, not to 1 to 93."
    assert refusal(folder).endswith(expected)


def test_a_component_left_out_is_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    write_rows(folder / "expenditure.csv", rows(folder / "expenditure.csv")[:-1])
    expected = "expenditure.csv, row 3, column item: no row for employees up to here."
    assert refusal(folder).endswith(expected)


@pytest.mark.parametrize("name", pack.ROWS)
def test_a_file_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / f"{name}.csv").unlink()
    expected = f"{folder / name}.csv is missing from the evidence pack."
    assert refusal(folder) == expected


def test_a_folder_where_a_file_should_be_cannot_be_read(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "shift.csv").unlink()
    (folder / "shift.csv").mkdir()
    assert refusal(folder).startswith(f"{folder / 'shift.csv'} cannot be read: ")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("shift", b"", "row 1, column provider: is missing from the heading"),
        ("shift", b"provider,outlook,count,where\r\n", "has a heading but no rows"),
        ("notes", b"note,text,where\na,\xa365bn,b\n", "row 2: not in UTF-8"),
        ("notes", "note,text,where\na,b,c\n".encode("utf-16"), "row 1: not in UTF-8"),
        ("notes", b'note,text,where\na,b,c\nd,"e,f\ng,h,i\n', "row 3: not a row of CSV"),
        ("notes", b'note,text,where\na,"b"c,d\n', "row 2: not a row of CSV"),
        ("notes", b"note,text,where\na," + b"x" * 200_000 + b",b\n", "row 2: not a row of CSV"),
        ("notes", b"note,text,where\na,b\x00,c\n", "row 2, column text: has a control character"),
    ],
)
def test_a_file_that_is_no_table_is_named_with_the_row(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    (folder / f"{name}.csv").write_bytes(content)
    message = refusal(folder)
    assert message.startswith(str(folder / f"{name}.csv"))
    assert reason in message


def test_a_folder_that_is_not_there_is_no_evidence_pack(tmp_path: Path) -> None:
    expected = f"{tmp_path / 'none'} is not an evidence pack: it has no datapackage.json."
    assert refusal(tmp_path / "none") == expected


def described(folder: Path, **changes: Any) -> None:  # noqa: ANN401 - anything JSON can say
    """Change keys of a pack's descriptor; None takes one out."""
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    package.update(changes)
    kept = {key: value for key, value in package.items() if value is not None}
    file.write_text(json.dumps(kept), encoding="utf-8")


def moved(folder: Path, path: object) -> None:
    """Give the first resource of a pack another path."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described(folder, resources=[{"name": "questions", "path": path}, *package["resources"][1:]])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not valid JSON in UTF-8"),
        (b"{'name': 1}", "is not valid JSON in UTF-8"),
        (b'{"name": "\xa3"}', "is not valid JSON in UTF-8"),
        (b"[" * 100_000, "is not valid JSON in UTF-8"),
        (b"1" * 10_000, "is not valid JSON in UTF-8"),
        (b"[]", "must hold a JSON object."),
        (b"null", "must hold a JSON object."),
        (b"{}", "'name' is missing or not a plain text."),
    ],
)
def test_a_descriptor_that_is_no_json_object_is_named(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    (folder / "datapackage.json").write_bytes(content)
    message = refusal(folder)
    assert message.startswith(str(folder / "datapackage.json"))
    assert reason in message


@pytest.mark.parametrize("key", ["name", "title", "version"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is missing or not a plain text."),
        (1, "is missing or not a plain text."),
        ("", "is missing or not a plain text."),
        (" ", "is missing or not a plain text."),
        ("a\nb", "is missing or not a plain text."),
        ("\ud800", "is missing or not a plain text."),
        ("x" * 40_000, "is longer than 32,767 characters."),
    ],
)
def test_a_pack_has_a_name_title_and_version_that_a_cell_can_hold(
    key: str, value: object, reason: str, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    described(folder, **{key: value})
    assert refusal(folder) == f"{folder / 'datapackage.json'}: '{key}' {reason}"


@pytest.mark.parametrize(
    ("resources", "reason"),
    [
        (None, "'resources' is missing or not a list."),
        ({}, "'resources' is missing or not a list."),
        ([1], "each of 'resources' needs a name and a path, as text."),
        ([{"name": "a"}], "each of 'resources' needs a name and a path, as text."),
        ([{"name": "a", "path": ["a.csv"]}], "each of 'resources' needs a name and a path"),
        ([{"name": [], "path": "a.csv"}], "each of 'resources' needs a name and a path"),
        ([{"name": "a", "path": "a.csv"}] * 2, "the resource 'a' stands there twice."),
        ([], "the resource 'questions' is missing."),
    ],
)
def test_a_descriptor_names_the_file_of_each_table(
    resources: object, reason: str, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    described(folder, resources=resources)
    expected = f"{folder / 'datapackage.json'}: {reason}"
    assert refusal(folder)[: len(expected)] == expected


@pytest.mark.parametrize(
    "path",
    [
        "../questions.csv",
        "a/../../questions.csv",
        "/questions.csv",
        "a\x00b",
        "a\nb",
        "\ud800",
        "~/../../q",
    ],
)
def test_a_path_that_is_none_or_leaves_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    shutil.copy(folder / "questions.csv", tmp_path)
    moved(folder, path)
    message = refusal(folder)
    assert message.startswith(f"{folder / 'datapackage.json'}: the path ")
    assert message.endswith("is not that of a file in the pack's folder.")


def linked(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this system lets us make no links")


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    shutil.move(folder / "questions.csv", tmp_path)
    linked(folder / "questions.csv", tmp_path / "questions.csv")
    assert refusal(folder).endswith("is not that of a file in the pack's folder.")


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    linked(folder / "circle", folder / "circle")
    moved(folder, "circle/questions.csv")
    assert str(folder) in refusal(folder)


def test_another_pack_of_the_same_form_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "survey").mkdir()
    shutil.move(folder / "options.csv", folder / "survey" / "answers.csv")
    edit(folder, "datapackage.json", '"options.csv"', '"survey/answers.csv"')
    described(folder, title="Survey of 2027", version="2.0")
    edit(folder, "survey/answers.csv", "36,35.0", "37,35.9")
    evidence = pack.load(folder)
    assert (evidence.title, evidence.version) == ("Survey of 2027", "2.0")
    assert evidence.options_of("a")[0].count == 37
    assert pack.load().options_of("a")[0].count == 36


def test_a_schema_of_its_own_does_not_loosen_what_a_pack_is_held_to(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, "datapackage.json", '"minimum": 0', '"minimum": -9')
    edit(folder, "questions.csv", "103,2,103", "103,-2,103")
    assert "questions.csv, row 2, column skipped: '-2' is below 0." in refusal(folder)


@pytest.mark.parametrize("name", pack.ROWS)
def test_files_saved_by_a_spreadsheet_on_windows_load_alike(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / f"{name}.csv"
    content = file.read_bytes().replace(b"\n", b"\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + content)
    assert load_anew(folder) == pack.load()
