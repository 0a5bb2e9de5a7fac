"""A name that an officer has given another use keeps it; one that only lost its cell finds it."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from commissioning.check import check_file
from commissioning.evidence.pack import load
from filling import blank_bytes
from judges import cached
from running import Run, runner

if TYPE_CHECKING:
    from pathlib import Path

_BOOK = "xl/workbook.xml"
#: Where the name AsAt belongs.
_OURS = "Settings!$B$6"

#: What an officer may let a name stand for that is no cell of its table's sheet.
_OTHER_USES = (
    "Delivery!$B$5",
    "46000",
    f"{_OURS}+1",
    f"MAX({_OURS},46000)",
    "{46000,46001}",
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (path := tmp_path / "book.xlsx").write_bytes(blank_bytes())
    return path


def _redefine(path: Path, name: str, target: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    new, count = re.subn(
        rf'(<definedName name="{name}">)[^<]*<', rf"\g<1>{target}<", parts[_BOOK].decode()
    )
    assert count == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in (parts | {_BOOK: new.encode()}).items():
            archive.writestr(each, data)


def _target(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        found = re.search(rf'<definedName name="{name}">([^<]*)<', archive.read(_BOOK).decode())
    assert found
    return found[1].replace("'", "").removeprefix("=")


def test_the_name_of_these_tests_is_where_they_take_it_to_be(path: Path) -> None:
    assert _target(path, "AsAt") == _OURS


@pytest.mark.parametrize("target", _OTHER_USES)
def test_a_name_with_another_use_keeps_it_and_needs_a_look(
    target: str, path: Path, run: Run
) -> None:
    _redefine(path, "AsAt", target)
    ran = run("refresh", path)
    assert ran.code == 1
    assert f"Settings: the name AsAt stands for {target}, not for 'Settings'!$B$6." in ran.out
    assert _target(path, "AsAt") == target
    once = path.read_bytes()
    assert run("refresh", path).code == 1
    assert path.read_bytes() == once


def test_no_figure_is_told_while_a_name_has_another_use(path: Path, run: Run) -> None:
    """A program works them out when it opens the workbook; from here they would be guesses."""
    _redefine(path, "AsAt", "46000")
    book = openpyxl.load_workbook(path)
    book.save(path)  # without values of formulas
    run("refresh", path)
    assert set(cached(path).values()) == {None}


@pytest.mark.parametrize("target", ["Settings!$D$30", "Settings!#REF!", f"{_OURS}:$C$6", "#REF!"])
def test_a_name_that_lost_its_cell_finds_it_and_the_report_says_so(
    target: str, path: Path, run: Run
) -> None:
    _redefine(path, "AsAt", target)
    ran = run("refresh", path)
    assert ran.code == 0
    assert "Settings: the name AsAt stands for its cells again." in ran.out
    assert _target(path, "AsAt") == _OURS
    assert "names" not in {finding.rule for finding in check_file(path, load())}


def test_a_list_that_was_cut_short_covers_its_table_again(path: Path, run: Run) -> None:
    ours = _target(path, "StatusList")
    _redefine(path, "StatusList", "Statuses!$A$5:$A$6")
    assert "the name StatusList stands for its cells again." in run("refresh", path).out
    assert _target(path, "StatusList") == ours


@pytest.mark.parametrize("target", ["Settings!$A$4:$A$9", "Statuses!$A$4:$A$5"])
def test_a_list_is_kept_or_grown_by_where_it_stands(target: str, path: Path, run: Run) -> None:
    ours = _target(path, "StatusList")
    _redefine(path, "StatusList", target)
    ran = run("refresh", path)
    own = target.startswith("Settings")
    assert ran.code == own
    assert ("the name StatusList stands for Settings!" in ran.out) == own
    assert _target(path, "StatusList") == (target if own else ours)
