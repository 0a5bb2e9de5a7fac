"""`localis addin` and `localis doctor` as the command line has them."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

import commissioning
from commissioning.addin.buttons import markdown
from commissioning.workbook.grid import PARTS
from running import Run, runner

README = Path(__file__).parents[2] / "README.md"
ELSEWHERE = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="has Excel")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(capsys)


def test_building_prints_the_digest_of_the_file(run: Run) -> None:
    ran = run("addin", "build")
    digest = hashlib.sha256(Path("Localis.xlam").read_bytes()).hexdigest()
    assert ran.code == 0
    assert f"SHA-256 {digest}\n" in ran.out


def test_the_source_is_written_as_text(run: Run) -> None:
    assert run("addin", "source", "review").code == 0
    assert "LOCALIS_SHIFT" in Path("review", "LocalisFunctions.bas").read_text(encoding="utf-8")


@ELSEWHERE
@pytest.mark.parametrize("verb", ["install", "remove", "status"])
def test_what_needs_excel_says_so_in_one_sentence(verb: str, run: Run) -> None:
    ran = run("addin", verb)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"localis: 'localis addin {verb}' works on Windows")
    assert len(ran.err.splitlines()) == 1


@ELSEWHERE
def test_the_doctor_explains_itself_where_there_is_no_excel(run: Run) -> None:
    ran = run("doctor", "--json")
    assert ran.code == 0
    assert len(json.loads(ran.out)["checks"]) > 5


@pytest.mark.parametrize("arguments", [["addin"], ["addin", "other"]])
def test_a_verb_that_is_missing_or_unknown_is_refused(arguments: list[str], run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_the_parts_that_can_be_refreshed_are_those_of_the_layout(run: Run) -> None:
    assert "{" + ",".join(PARTS) + "}" in run("refresh", "--help").out


def test_nothing_that_the_add_in_is_made_of_imports_it() -> None:
    package = Path(commissioning.__file__).parent
    imports = [
        (file.name, node.module)
        for folder in ("evidence", "workbook", "check", "engine", "excel")
        for file in (package / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    ]
    assert ("ribbon.py", "commissioning.errors") in imports
    assert not [each for each in imports if re.match(r"commissioning\.(addin|cli)\b", each[1])]


def test_the_buttons_in_the_readme_are_those_of_the_tab() -> None:
    text = README.read_text(encoding="utf-8")
    block = text.partition("<!-- buttons -->\n")[2].partition("\n<!-- end of buttons -->")[0]
    assert block == markdown()
