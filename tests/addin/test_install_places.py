from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commissioning.addin import places
from commissioning.errors import LocalisError


def test_a_file_is_held_where_excel_left_its_lock_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "Localis.xlam"
    file.touch()
    assert not places.held(file)
    (tmp_path / "~$Localis.xlam").touch()
    assert places.held(file)


@pytest.mark.parametrize(("code", "is_held"), [(32, True), (5, False)])
def test_a_file_is_held_where_windows_tells_of_a_sharing_violation(
    code: int,
    is_held: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        error = PermissionError("in use")
        error.winerror = code  # type: ignore[attr-defined, unused-ignore]
        raise error

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "replace", refuse)
    assert places.held(tmp_path / "Localis.xlam") == is_held


def test_a_program_is_run_to_its_end_with_what_it_says() -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    assert places.run([sys.executable, "-c", code]) == (3, "out\nerr")


def test_a_program_that_does_not_start_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalisError, match="cannot be started"):
        places.run([str(tmp_path / "missing.exe")])


def test_this_machine_is_the_one_that_runs_the_test() -> None:
    machine = places.this_machine()
    assert machine.python == Path(sys.executable)
    assert machine.version == sys.version_info[:2]
    assert machine.environment["PATH"] == os.environ["PATH"]


def test_the_registry_is_read_as_winreg_documents(tmp_path: Path) -> None:
    """In an interpreter that takes itself for Windows, with the functions of winreg that we use."""
    (tmp_path / "winreg.py").write_text(_WINREG, encoding="utf-8")
    code = (
        "import sys; sys.platform = 'win32'\n"
        "from commissioning.addin.places import read_registry as read\n"
        r"print(read(r'HKCU\Software\Here'), read(r'HKLM\Software\Missing'))"
    )
    # Modules that look at the platform are imported before it changes.
    code = "import commissioning.addin.places\n" + code
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == "{'': 'default', 'number': 1} {}\n"


_WINREG = r"""
import contextlib
HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY = 1, 2, 0x20019, 0x100
_VALUES = [("", "default", 1), ("Number", 1, 4)]

@contextlib.contextmanager
def OpenKey(key, sub_key, reserved=0, access=KEY_READ):
    assert reserved == 0 and access == KEY_READ | KEY_WOW64_64KEY
    if (key, sub_key) != (HKEY_CURRENT_USER, r"Software\Here"):
        raise FileNotFoundError(2, "The system cannot find the file specified")
    yield _VALUES

def QueryInfoKey(key):
    return 0, len(key), 0

def EnumValue(key, index):
    return key[index]
"""
