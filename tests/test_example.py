from pathlib import Path
from zipfile import ZipFile

import pytest

from commissioning.check import check_file
from commissioning.evidence.pack import load
from example import EXAMPLE, FOLDER, PICTURES, files


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", files())
def test_workbooks_are_what_the_code_generates(name: str, tmp_path: Path) -> None:
    """Part by part: how a part is compressed depends on the machine's zlib."""
    fresh = tmp_path / name
    fresh.write_bytes(files()[name])
    assert _parts(FOLDER / name) == _parts(fresh), "run: python tests/example.py"


@pytest.mark.parametrize("name", files())
def test_workbooks_pass_our_own_check(name: str) -> None:
    assert check_file(FOLDER / name, load()) == []


def test_the_folder_holds_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*files(), *PICTURES}


def test_the_example_says_that_it_is_made_up() -> None:
    with ZipFile(FOLDER / EXAMPLE) as archive:
        assert b"(made up)" in archive.read("docProps/core.xml")
