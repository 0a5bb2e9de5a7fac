"""install.ps1 from its first line to its exit code, on computers in every state it tells apart.

PowerShell itself takes no part: see `powershell`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from cmdlets import SCRIPT, Computer
from judges import ROOT
from powershell import nodes, parsed, read, run

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT = read(ROOT / "install.ps1")

_LOCAL = r"C:\Users\Ann Smith\AppData\Local"
_VENV = rf"{_LOCAL}\Localis\venv"
_OURS = rf"{_VENV}\Scripts\python.exe"
_PYTHON = rf"{_LOCAL}\Programs\Python\Python312\python.exe"
_ALIAS = rf"{_LOCAL}\Microsoft\WindowsApps\python.exe"
_PROJECT = r"C:\Localis\pyproject.toml"
_WHEEL = r"D:\wheels\localis_commissioning-1.0.0-py3-none-any.whl"


def _computer(*paths: str, **programs: Callable[[list[str]], int] | int) -> Computer:
    """A computer with the project's folder, a Python, and files at the paths.

    Args:
        paths: of files; a Python among them runs.
        programs: what the Python that is installed does: `base`; the environment's: `ours`.
    """
    computer = Computer(
        environment={"LOCALAPPDATA": _LOCAL, "PROGRAMFILES": r"C:\Program Files"},
        paths={_PROJECT, _PYTHON, *paths},
        programs={},
    )

    def answer(name: str) -> Callable[[list[str]], int]:
        found = programs.get(name, 0)
        return found if callable(found) else lambda _: found

    def base(arguments: list[str]) -> int:
        code = answer("base")(arguments)
        if arguments[:3] == ["-I", "-m", "venv"] and code == 0:
            computer.paths.add(_OURS)
            computer.programs[_OURS] = answer("ours")
        return code

    computer.programs = {_PYTHON: base}
    if _OURS in paths:
        computer.programs[_OURS] = answer("ours")
    return computer


def _when(word: str, code: int) -> Callable[[list[str]], int]:
    """A Python that ends with a code where it is asked for something, and else with 0."""
    return lambda arguments: code if word in arguments else 0


def _with(computer: Computer, **state: object) -> Computer:
    for name, value in state.items():
        setattr(computer, name, value)
    return computer


def _with_alias(computer: Computer) -> Computer:
    computer.on_path.append(_ALIAS)
    computer.programs[_ALIAS] = lambda _: 9009
    return computer


@dataclass(frozen=True)
class _Case:
    """A computer, the parameters, and how the script must end."""

    computer: Callable[[], Computer]
    parameters: dict[str, str | bool] = field(default_factory=dict)
    code: int = 0
    #: What must be printed last.
    last: str = "Done."


_CASES = {
    "a first installation": _Case(_computer),
    "an upgrade": _Case(lambda: _computer(_OURS)),
    "an environment that no longer works": _Case(lambda: _computer(_OURS, ours=_when("-c", 1))),
    "an environment that cannot be made": _Case(
        lambda: _computer(base=_when("venv", 1)),
        {},
        1,
        "ended with exit code 1; what it said stands above. Check that you may write there",
    ),
    "an environment whose Python is blocked": _Case(
        lambda: _with(_computer(), programs={_PYTHON: lambda _: 0}),
        {},
        1,
        "could not be started: The term",
    ),
    "quietly": _Case(_computer, {"Quiet": True}, last=""),
    "from a wheel": _Case(lambda: _computer(_WHEEL), {"From": _WHEEL}),
    "from the index": _Case(_computer, {"From": "index"}),
    "from a wheelhouse": _Case(lambda: _computer(_WHEEL), {"Wheelhouse": "D:\\wheels\\"}),
    "from nowhere": _Case(
        _computer, {"From": r"E:\missing.whl"}, 1, "given with -From, does not exist. Check"
    ),
    "from a wheelhouse that is not there": _Case(
        _computer, {"Wheelhouse": r"E:\wheels"}, 1, "given with -Wheelhouse, does not exist. Check"
    ),
    "the script alone": _Case(
        lambda: _with(_computer(), paths={_PYTHON}), {}, 1, "Say with -From which wheel to install"
    ),
    "the constrained language": _Case(
        lambda: _with(_computer(), language="ConstrainedLanguage"), {}, 1, "Ask your IT department"
    ),
    "not Windows": _Case(
        lambda: _with(_computer(), environment={}), {}, 1, "Run this on Windows, signed in"
    ),
    "Excel is running": _Case(
        lambda: _with(_computer(), excel_sessions=[1, 2]), {}, 1, "Close every window of Excel"
    ),
    "somebody else's Excel is running": _Case(lambda: _with(_computer(), excel_sessions=[1])),
    "no Python": _Case(
        lambda: _with(_computer(), programs={}), {}, 1, r"Python312\python.exe cannot be started."
    ),
    **{
        f"a Python that ends with {code}": _Case(
            lambda code=code: _computer(base=code),  # type: ignore[misc]
            {},
            1,
            f"No suitable Python was found. {_PYTHON} {reason}. Without an administrator:",
        )
        for code, reason in (
            (1, "does not work, or lacks venv"),
            (3, "is older than 3.11"),
            (4, "is not the 64-bit build for x64 processors"),
            (5, "comes from the Microsoft Store, whose files Excel cannot see"),
        )
    },
    "the Store's alias before a Python": _Case(lambda: _with_alias(_computer())),
    "nothing but the Store's alias": _Case(
        lambda: _with_alias(_with(_computer(), programs={}, paths={_PROJECT})),
        {},
        1,
        f"No suitable Python was found. {_ALIAS} only opens the Microsoft Store. Without an",
    ),
    "pip fails": _Case(
        lambda: _computer(ours=_when("pip", 1)), {}, 1, "Without a network, give -Wheelhouse"
    ),
    "the add-in is refused": _Case(
        lambda: _computer(ours=_when("addin", 2)), {}, 1, "Do that, then run this again."
    ),
    "signed": _Case(
        lambda: _with(_computer(), thumbprints=["ab12"]), {"CertificateThumbprint": "AB12"}
    ),
    "no such certificate": _Case(
        _computer, {"CertificateThumbprint": "AB12"}, 1, "has no code signing certificate"
    ),
    "a signature that fails": _Case(
        lambda: _with(_computer(), thumbprints=["AB12"], signature="UnknownError"),
        {"CertificateThumbprint": "AB12"},
        1,
        "The file is read-only. Check that the certificate",
    ),
    "removed": _Case(lambda: _computer(_OURS), {"Uninstall": True}),
    "removed beside something else": _Case(
        lambda: _computer(_OURS, rf"{_LOCAL}\Localis\note.txt"), {"Uninstall": True}
    ),
    "nothing to remove": _Case(_computer, {"Uninstall": True}),
    "removed while Excel is running": _Case(
        lambda: _with(_computer(_OURS), excel_sessions=[2]), {"Uninstall": True}, 1, "Close every"
    ),
    "removed from a damaged environment": _Case(
        lambda: _computer(_OURS, ours=1), {"Uninstall": True}, 1, "run this without -Uninstall"
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_script_ends_as_it_should_with(name: str) -> None:
    case = _CASES[name]
    computer = case.computer()
    assert run(_TEXT, computer, **case.parameters) == case.code
    if case.last:
        assert case.last in computer.printed[-1]
    else:
        assert computer.printed == []
    if case.code:
        assert computer.printed[-1].startswith("install.ps1: ")


@pytest.mark.parametrize("name", _CASES)
def test_what_if_changes_nothing_with(name: str) -> None:
    case = _CASES[name]
    computer = _with(case.computer(), what_if=True)
    paths = set(computer.paths)
    run(_TEXT, computer, **case.parameters)
    assert computer.paths == paths
    assert computer.did == []
    # A Python may be asked what it is.
    assert {tuple(command[1:3]) for command in computer.ran} <= {("-I", "-c")}


def test_no_block_of_the_script_is_left_out_by_these_computers() -> None:
    reached: set[int] = set()
    for case in _CASES.values():
        computer = case.computer()
        run(_TEXT, computer, **case.parameters)
        reached |= computer.reached
    blocks = nodes(parsed(_TEXT), "statement_block", "script_block")
    assert [_line(node.start_byte) for node in blocks if node.start_byte not in reached] == []


def _line(byte: int) -> int:
    return _TEXT[:byte].count("\n") + 1


def _ran(computer: Computer, **parameters: str | bool) -> list[list[str]]:
    """What is run after a Python has been found, without the words that are always the same."""
    assert run(_TEXT, computer, **parameters) == 0
    return [command for command in computer.ran if command[2] != "-c"]


def test_a_first_installation_makes_the_environment_and_installs_into_it() -> None:
    computer = _computer()
    make, pip, addin = _ran(computer)
    assert make == [_PYTHON, "-I", "-m", "venv", "--clear", _VENV]
    assert pip[:5] == [_OURS, "-I", "-m", "pip", "install"]
    assert pip[-1] == SCRIPT.rpartition("\\")[0]
    assert addin == [_OURS, "-I", "-m", "commissioning", "addin", "install"]


def test_an_upgrade_keeps_the_environment() -> None:
    pip, addin = _ran(_computer(_OURS))
    assert "--upgrade" in pip
    assert addin[-1] == "install"


def test_an_environment_that_no_longer_works_is_made_anew() -> None:
    assert _ran(_computer(_OURS, ours=_when("-c", 1)))[0][-2:] == ["--clear", _VENV]


def test_from_a_wheelhouse_no_index_is_asked() -> None:
    _, pip, _ = _ran(_computer(_WHEEL), Wheelhouse="D:\\wheels\\")
    assert pip[-4:] == ["--no-index", "--find-links", r"D:\wheels", "localis-commissioning"]


def test_quietly_pip_is_quiet_too() -> None:
    assert "--quiet" in _ran(_computer(), Quiet=True)[1]


def test_what_is_installed_is_what_is_given() -> None:
    assert _ran(_computer(_WHEEL), From=_WHEEL)[1][-1] == _WHEEL
    assert _ran(_computer(), From="index")[1][-1] == "localis-commissioning"


def test_a_thumbprint_signs_the_script_and_the_add_in() -> None:
    computer = _with(_computer(), thumbprints=["AB12"])
    assert _ran(computer, CertificateThumbprint="AB12")[-1][-2:] == ["--sign", "AB12"]
    assert computer.did == [f"signed {SCRIPT}"]


def test_removing_takes_the_add_in_and_the_environment_and_leaves_the_rest() -> None:
    note = rf"{_LOCAL}\Localis\note.txt"
    computer = _computer(_OURS, note)
    [remove] = _ran(computer, Uninstall=True)
    assert remove == [_OURS, "-I", "-m", "commissioning", "addin", "remove"]
    assert computer.did == [f"removed {_VENV}"]
    assert {_PYTHON, note} <= computer.paths
    computer = _computer(_OURS)
    _ran(computer, Uninstall=True)
    assert computer.did == [f"removed {_VENV}", rf"removed {_LOCAL}\Localis"]


def test_a_damaged_environment_is_not_removed_before_its_add_in() -> None:
    computer = _computer(_OURS, ours=1)
    run(_TEXT, computer, Uninstall=True)
    assert computer.did == []
