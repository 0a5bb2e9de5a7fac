from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from commissioning import __version__
from commissioning.addin import install, places
from commissioning.addin.build import build
from commissioning.errors import LocalisError
from windows import addin, only_python, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COMMANDS: dict[str, Callable[[places.Machine], object]] = {
    "install": lambda machine: install.install(machine, addin),
    "remove": install.remove,
    "status": lambda machine: install.status(machine, addin),
}


def _placed(home: Path) -> Path:
    return home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "Localis.xlam"


def _config(home: Path) -> Path:
    return home / ".Localis" / "Localis.conf"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_install_places_the_add_in_where_excel_starts_from(tmp_path: Path) -> None:
    install.install(windows(tmp_path), addin)
    assert _placed(tmp_path).read_bytes() == addin()
    # Excel opens every file in that folder: a backup or a leftover would be a second add-in.
    assert list(_placed(tmp_path).parent.iterdir()) == [_placed(tmp_path)]


@pytest.mark.parametrize("name", ["Startup", "/srv/start"])
def test_the_registry_moves_the_start_up_folder(name: str, tmp_path: Path) -> None:
    key = r"HKCU\Software\Microsoft\Office\16.0\Common\General"
    where = places.addin_path(windows(tmp_path, {key: {"xlstart": name}}))
    expected = tmp_path / "AppData" / "Roaming" / "Microsoft" / "Excel" / name
    assert where == expected / "Localis.xlam"


def test_installing_again_changes_nothing(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, addin)
    before = _files(tmp_path)
    written = _placed(tmp_path).stat().st_mtime_ns
    done = install.install(machine, addin)
    assert _files(tmp_path) == before
    assert _placed(tmp_path).stat().st_mtime_ns == written
    assert "is current; it was not touched" in done[0]


def test_an_older_add_in_is_replaced_without_a_backup(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, lambda: addin(version="0.0.1", code=b"old"))
    install.install(machine, addin)
    assert _placed(tmp_path).read_bytes() == addin()
    assert list(_placed(tmp_path).parent.iterdir()) == [_placed(tmp_path)]


def test_the_mark_of_the_web_is_removed_also_from_a_current_add_in(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, addin)
    mark = places.mark_of_the_web(_placed(tmp_path))
    mark.write_text("[ZoneTransfer]\nZoneId=3\n", encoding="ascii")
    assert install.status(machine, addin).blocked
    install.install(machine, addin)
    assert not mark.exists()
    assert install.status(machine, addin).fine


def test_an_add_in_signed_by_somebody_stays_signed(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    signed = addin(vbaProjectSignature=b"signature")
    _placed(tmp_path).parent.mkdir(parents=True)
    _placed(tmp_path).write_bytes(signed)
    install.install(machine, addin)
    assert _placed(tmp_path).read_bytes() == signed
    assert install.status(machine, addin).signed


@pytest.mark.parametrize("content", [b"", b"not a package", addin(version="")])
@pytest.mark.parametrize("command", ["install", "remove"])
def test_a_file_that_is_not_ours_is_left_alone(
    command: str, content: bytes, tmp_path: Path
) -> None:
    machine = windows(tmp_path)
    _placed(tmp_path).parent.mkdir(parents=True)
    _placed(tmp_path).write_bytes(content)
    before = _files(tmp_path)
    with pytest.raises(LocalisError, match=r"Localis\.xlam is not an add-in of this program"):
        _COMMANDS[command](machine)
    assert _files(tmp_path) == before


@pytest.mark.parametrize("command", ["install", "remove"])
def test_a_config_file_that_is_not_ours_is_left_alone(command: str, tmp_path: Path) -> None:
    machine = windows(tmp_path)
    _config(tmp_path).parent.mkdir()
    _config(tmp_path).write_text('"INTERPRETER_WIN","C:\\other.exe"\n', encoding="ascii")
    before = _files(tmp_path)
    with pytest.raises(LocalisError, match=r"Localis\.conf was not written by this program"):
        _COMMANDS[command](machine)
    assert _files(tmp_path) == before


@pytest.mark.parametrize("command", ["install", "remove"])
def test_while_excel_has_the_add_in_open_nothing_changes(command: str, tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, lambda: addin(version="0.0.1"))
    before = _files(tmp_path)
    machine = replace(machine, held=lambda path: path == _placed(tmp_path))
    with pytest.raises(LocalisError, match="close every window of Excel"):
        _COMMANDS[command](machine)
    assert _files(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    blocker = tmp_path / "AppData" / "Roaming" / "Microsoft"
    blocker.touch()
    with pytest.raises(LocalisError, match=r"Localis\.xlam cannot be written \(Not a directory\)"):
        install.install(machine, addin)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": (3, 10)}, "older than 3.11"),
        ({"build": "win32"}, "not the 64-bit build"),
        ({"build": "win-arm64"}, "not the 64-bit build"),
        ({"base_prefix": Path("C:/Program Files/WindowsApps/Python")}, "Microsoft Store"),
        ({"python": Path("C:/Users/Łukasz/python.exe")}, "'Ł' is not in the code page cp1252"),
        ({"python": Path("C:/p/python.exe"), "prefix": Path("C:/p")}, "xlwings32-.*not found"),
    ],
)
def test_a_python_that_excel_cannot_call_is_refused(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    machine = windows(tmp_path, None, **changes)
    with pytest.raises(LocalisError, match=reason):
        install.install(machine, addin)
    assert not _placed(tmp_path).exists()


def test_a_python_that_cannot_answer_excel_is_refused(tmp_path: Path) -> None:
    fault = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'win32api'"
    machine = windows(tmp_path, None, run=lambda _: (1, fault))
    with pytest.raises(LocalisError, match=r"cannot load.* No module named 'win32api' Run install"):
        install.install(machine, addin)
    assert not _placed(tmp_path).exists()


def test_remove_leaves_nothing_of_ours_and_everything_else(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    workbook = tmp_path / "Documents" / "Commissioning.xlsx"
    workbook.parent.mkdir()
    workbook.write_bytes(b"workbook")
    before = _files(tmp_path)
    install.install(machine, addin)
    log = tmp_path / ".localis" / "localis.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text("2026-11-22 an error\n", encoding="utf-8")
    install.remove(machine)
    assert _files(tmp_path) == before
    assert not _config(tmp_path).parent.exists()
    assert not log.parent.exists()
    assert install.remove(machine) == ["There was nothing to remove."]


def test_remove_keeps_a_folder_in_which_somebody_keeps_something(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, addin)
    note = _config(tmp_path).parent / "note.txt"
    note.touch()
    install.remove(machine)
    assert list(note.parent.iterdir()) == [note]


def test_status_tells_what_is_there(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    assert install.status(machine, addin).version is None
    install.install(machine, addin)
    found = install.status(machine, addin)
    assert found.fine
    assert (found.version, found.interpreter) == (__version__, str(machine.python))
    assert not install.status(machine, lambda: addin(code=b"newer")).current


@pytest.mark.parametrize("command", ["install", "remove", "status"])
@pytest.mark.parametrize(("system", "instead"), [("Linux", "addin build"), ("Darwin", "macOS")])
def test_elsewhere_each_command_says_what_to_do_instead(
    system: str, instead: str, command: str, tmp_path: Path
) -> None:
    machine = windows(tmp_path, None, system=system)
    with pytest.raises(LocalisError, match=f"works on Windows.*{instead}"):
        _COMMANDS[command](machine)


def test_without_a_profile_folder_the_variable_is_named(tmp_path: Path) -> None:
    machine = windows(tmp_path, None, environment={})
    with pytest.raises(LocalisError, match="APPDATA is not set"):
        install.install(machine, addin)


def test_what_the_builder_builds_is_known_as_ours(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, build)
    assert install.status(machine, build).fine


# The config file


@pytest.mark.parametrize(
    "home", ["Zoë Smith", "O'Brien", "Smith, J & Co", "Łukasz", "100%", "plain"]
)
def test_excel_reads_back_the_interpreter_whatever_the_name_of_the_user(
    home: str, tmp_path: Path
) -> None:
    # Letters outside the code page are refused for another reason, see the interpreter's check.
    encoding = "cp1250" if "Ł" in home else "cp1252"
    machine = windows(tmp_path / home, None, encoding=encoding)
    install.install(machine, addin)
    text = _config(tmp_path / home).read_bytes().decode("ascii")
    assert _as_vba_reads(text)["INTERPRETER_WIN"].startswith("%LOCALAPPDATA%")
    interpreter = install.configured_interpreter(machine, _config(tmp_path / home))
    assert interpreter == str(machine.python)


def test_an_interpreter_outside_the_profile_is_named_by_its_whole_path(tmp_path: Path) -> None:
    outside = tmp_path / "Büro, Köln" / "python.exe"
    machine = windows(tmp_path / "home", None, python=outside)
    install.install(machine, addin)
    text = _config(tmp_path / "home").read_bytes().decode("cp1252")
    assert _as_vba_reads(text)["INTERPRETER_WIN"] == str(outside)


@pytest.mark.parametrize("letter", ['"', "Ł"])
def test_a_setting_that_excel_could_not_read_back_is_refused(letter: str) -> None:
    with pytest.raises(LocalisError, match="Excel"):
        install.config_bytes({"INTERPRETER_WIN": f"C:\\{letter}\\python.exe"}, "cp1252")


def test_settings_that_somebody_added_stay(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install.install(machine, addin)
    with _config(tmp_path).open("a", encoding="ascii") as config:
        config.write('"SHOW CONSOLE","True"\r\n')
    install.install(machine, addin)
    assert _as_vba_reads(_config(tmp_path).read_bytes().decode("ascii"))["SHOW CONSOLE"] == "True"


def _as_vba_reads(text: str) -> dict[str, str]:
    """As VBA's `Input #file, name, value` does: quoted fields, parted by commas or line ends."""
    fields: list[str] = []
    rest = text
    while rest:
        assert rest.startswith('"')
        field, _, rest = rest[1:].partition('"')
        fields.append(field)
        assert rest[:1] == "," or rest[:2] == "\r\n"
        rest = rest[1:] if rest[0] == "," else rest[2:]
    return dict(zip(fields[::2], fields[1::2], strict=True))


# Signing


def _signing(
    code: int = 0,
) -> tuple[list[Sequence[str]], Callable[[Sequence[str]], tuple[int, str]]]:
    commands: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> tuple[int, str]:
        if "sign" not in command:
            return only_python(command)
        commands.append(command)
        Path(command[-1]).write_bytes(addin(vbaProjectSignature=b"signature"))
        return code, "SignTool Error: no certificate"

    return commands, run


def _with_signtool(home: Path) -> dict[str, str]:
    kits = home / "Programs" / "Windows Kits" / "10" / "bin"
    for version in ("10.0.22621.0", "10.0.26100.0"):
        tool = kits / version / "x86" / "signtool.exe"
        tool.parent.mkdir(parents=True)
        tool.touch()
    return {"PROGRAMFILES(X86)": str(home / "Programs")}


def test_signing_asks_the_newest_signtool_and_places_what_it_signed(tmp_path: Path) -> None:
    commands, run = _signing()
    machine = windows(tmp_path, None, run=run)
    machine = replace(machine, environment={**machine.environment, **_with_signtool(tmp_path)})
    install.install(machine, addin)
    install.install(machine, addin, "AB12")
    [command] = commands
    assert "10.0.26100.0" in command[0]
    # signtool chooses how to sign by the file's extension.
    assert Path(command[-1]).name == "Localis.xlam"
    assert command[1:-1] == ["sign", "/fd", "SHA256", "/sha1", "AB12"]
    assert install.status(machine, addin).signed
    assert install.status(machine, addin).fine


def test_a_signature_that_fails_leaves_the_add_in_as_it_was(tmp_path: Path) -> None:
    _, run = _signing(code=1)
    machine = windows(tmp_path, None, run=run)
    machine = replace(machine, environment={**machine.environment, **_with_signtool(tmp_path)})
    install.install(machine, addin)
    with pytest.raises(LocalisError, match=r"no certificate.*Subject Interface Packages"):
        install.install(machine, addin, "AB12")
    assert _placed(tmp_path).read_bytes() == addin()


def test_without_signtool_signing_says_how_else_to_sign(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    with pytest.raises(LocalisError, match=r"signtool was not found.*Visual Basic editor"):
        install.install(machine, addin, "AB12")
    assert not _placed(tmp_path).exists()
