"""The computer on which tests run install.ps1, and the commands of PowerShell that it uses there.

A command that is not here is not known, and what is asked of one that is must be as it is
documented for Windows PowerShell 5.1: the parameters are listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = r"C:\Localis\install.ps1"
PID, _SESSION = 4711, 2

#: Command -> the parameters of it that the script may use; all are in 5.1 and in 7.
PARAMETERS = {
    "convert-path": {"literalpath"},
    "foreach-object": set(),
    "get-childitem": {"path", "literalpath", "force", "codesigningcert", "erroraction"},
    "get-command": {"name", "commandtype", "all", "erroraction"},
    "get-process": {"id", "name", "erroraction"},
    "join-path": {"path", "childpath"},
    "out-host": set(),
    "out-null": set(),
    "remove-item": {"literalpath", "recurse", "force"},
    "set-authenticodesignature": {"literalpath", "certificate", "hashalgorithm"},
    "set-strictmode": {"version"},
    "test-path": {"literalpath"},
    "where-object": set(),
    "write-host": {"foregroundcolor"},
}
#: Those that take no value.
SWITCHES = {"all", "codesigningcert", "force", "recurse"}


class Thing(dict[str, Any]):
    """An object of PowerShell: its properties by name."""


@dataclass
class Computer:
    """What the script sees and does: everything that is asked is answered from here."""

    environment: dict[str, str]
    #: Paths that exist, in Windows' spelling.
    paths: set[str]
    #: Program -> its exit code, given its arguments; a program that is not here does not start.
    programs: dict[str, Callable[[list[str]], int]]
    on_path: list[str] = field(default_factory=list)
    excel_sessions: list[int] = field(default_factory=list)
    language: str = "FullLanguage"
    thumbprints: list[str] = field(default_factory=list)
    signature: str = "Valid"
    what_if: bool = False
    #: What the script ran, changed and printed.
    ran: list[list[str]] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    #: Where in the script the blocks begin that it came through.
    reached: set[int] = field(default_factory=set)

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there; a folder is where something is in it."""
        folder = path.rstrip("\\") + "\\"
        return any((each + "\\").startswith(folder) for each in self.paths)


def _nothing(*_: object) -> list[Any]:
    return []


def _write_host(computer: Computer, positional: list[Any], _: dict[str, Any]) -> list[Any]:
    computer.printed.append(positional[0])
    return []


def _get_command(computer: Computer, _: list[Any], named: dict[str, Any]) -> list[Any]:
    ends = tuple(f"\\{each}" for each in named["name"])
    return [Thing(Path=each) for each in computer.on_path if each.endswith(ends)]


def _get_process(computer: Computer, _: list[Any], named: dict[str, Any]) -> list[Any]:
    if named.get("id") == PID:
        return [Thing(SessionId=_SESSION)]
    assert named["name"] == "EXCEL"
    return [Thing(SessionId=each) for each in computer.excel_sessions]


def _get_childitem(computer: Computer, _: list[Any], named: dict[str, Any]) -> list[Any]:
    if named.get("codesigningcert"):
        return [Thing(Thumbprint=each) for each in computer.thumbprints]
    paths = sorted(computer.paths)
    if "literalpath" in named:
        return [each for each in paths if each.startswith(f"{named['literalpath']}\\")]
    globs = [re.escape(each).replace(r"\*", r"[^\\]*") for each in named["path"]]
    return [
        Thing(FullName=each) for each in paths if any(re.fullmatch(glob, each) for glob in globs)
    ]


def _remove_item(computer: Computer, _: list[Any], named: dict[str, Any]) -> list[Any]:
    path = named["literalpath"]
    if not computer.what_if:
        computer.did.append(f"removed {path}")
        computer.paths -= {each for each in computer.paths if (each + "\\").startswith(path + "\\")}
    return []


def _sign(computer: Computer, _: list[Any], named: dict[str, Any]) -> list[Any]:
    if computer.what_if:
        return []
    computer.did.append(f"signed {named['literalpath']}")
    return [Thing(Status=computer.signature, StatusMessage="The file is read-only.")]


CMDLETS: dict[str, Callable[[Computer, list[Any], dict[str, Any]], list[Any]]] = {
    "convert-path": lambda _, __, named: [named["literalpath"]],
    "get-childitem": _get_childitem,
    "get-command": _get_command,
    "get-process": _get_process,
    "join-path": lambda _, __, named: [f"{named['path']}\\{named['childpath']}"],
    "out-host": _nothing,
    "out-null": _nothing,
    "remove-item": _remove_item,
    "set-authenticodesignature": _sign,
    "set-strictmode": _nothing,
    "test-path": lambda computer, _, named: [computer.exists(named["literalpath"])],
    "write-host": _write_host,
}
