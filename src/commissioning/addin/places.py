"""Where things are on a computer: the one place that asks Windows, so that tests can answer."""

from __future__ import annotations

import locale
import os
import platform
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.addin import FILE_NAME, PROJECT
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: The values under a key such as HKCU\Software: by name in lower case, the default value by "".
Values = dict[str, object]

WINDOWS = "Windows"
_SHARING_VIOLATION = 32

#: Office 2016, 2019, 2021, 2024 and Microsoft 365 all call themselves 16.0.
OFFICE = r"HKCU\Software\Microsoft\Office\16.0"
#: Settings that a council's administrators impose: from the cloud, then by group policy.
POLICIES = (
    r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0",
    r"HKCU\Software\Policies\Microsoft\Office\16.0",
)


@dataclass(frozen=True)
class Machine:
    """What installing and the doctor may ask of a computer."""

    #: "Windows", "Darwin" or "Linux".
    system: str
    #: Windows names such as USERPROFILE in capitals.
    environment: Mapping[str, str]
    #: The running interpreter, the environment that it belongs to, and the Python under that.
    python: Path
    prefix: Path
    base_prefix: Path
    #: As `sysconfig` names what the interpreter was built for: win-amd64, win32, win-arm64.
    build: str
    version: tuple[int, int]
    #: How Excel's VBA reads text files: the code page of Windows, such as cp1252.
    encoding: str
    registry: Callable[[str], Values]
    #: Whether another program keeps a file from being replaced.
    held: Callable[[Path], bool]
    #: Runs a program to its end; returns its exit code and what it printed.
    run: Callable[[Sequence[str]], tuple[int, str]]

    def setting(self, key: str, name: str) -> object:
        r"""A setting of Office: what a policy says, else what the user chose, else None.

        Args:
            key: below Office's own key, such as `Excel\Security`.
            name: of the value.
        """
        for root in (*POLICIES, OFFICE):
            value = self.registry(rf"{root}\{key}").get(name.casefold())
            if value is not None:
                return value
        return None

    def folder(self, variable: str) -> Path:
        """The folder that an environment variable names.

        Raises:
            LocalisError: it is not set.
        """
        value = self.environment.get(variable)
        if not value:
            raise LocalisError(
                f"Where your folders are is not known (the environment variable {variable} is "
                "not set): sign in as yourself and run the command again."
            )
        return Path(value)

    def expanded(self, text: str) -> str:
        """A text with the environment variables between percent signs replaced, as Excel does."""
        return re.sub(
            "%([^%]+)%", lambda match: self.environment.get(match[1].upper(), match[0]), text
        )


def this_machine() -> Machine:
    """The computer that this runs on."""
    return Machine(
        system=platform.system(),
        environment={name.upper(): value for name, value in os.environ.items()},
        python=Path(sys.executable),
        prefix=Path(sys.prefix),
        base_prefix=Path(sys.base_prefix),
        build=sysconfig.get_platform(),
        version=sys.version_info[:2],
        encoding=locale.getencoding(),
        registry=read_registry,
        held=held,
        run=run,
    )


def addin_path(machine: Machine) -> Path:
    """Where the add-in belongs: the user's start-up folder of Excel, a trusted location.

    Office's setting `Xlstart` gives the folder's name, or its whole path where it was moved.
    """
    name = str(machine.registry(rf"{OFFICE}\Common\General").get("xlstart") or "XLSTART")
    folder = machine.folder("APPDATA") / "Microsoft" / "Excel" / machine.expanded(name)
    return folder / FILE_NAME


def config_path(machine: Machine) -> Path:
    """Where xlwings looks for the settings of our add-in's project."""
    return machine.folder("USERPROFILE") / f".{PROJECT}" / f"{PROJECT}.conf"


def log_path(machine: Machine) -> Path:
    """Where the functions say why a cell shows an error."""
    home = machine.folder("USERPROFILE" if machine.system == WINDOWS else "HOME")
    return home / ".localis" / "localis.log"


def mark_of_the_web(path: Path) -> Path:
    """The stream in which Windows notes that a file came from the internet; a path like others."""
    return Path(f"{path}:Zone.Identifier")


def is_blocked(path: Path) -> bool:
    """Whether Windows has marked a file as coming from the internet."""
    try:
        mark_of_the_web(path).open("rb").close()
    except OSError:
        return False
    return True


def held(path: Path) -> bool:
    """Whether another program has a file open in such a way that it cannot be replaced."""
    if path.with_name(f"~${path.name}").exists():
        return True
    try:
        # Changes nothing, but needs what replacing the file will need.
        path.replace(path)
    except OSError as error:
        return getattr(error, "winerror", None) == _SHARING_VIOLATION
    return False


def run(command: Sequence[str]) -> tuple[int, str]:
    """Run a program to its end; returns its exit code and what it printed.

    Raises:
        LocalisError: it cannot be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours
            command,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise LocalisError(
            f"{command[0]} cannot be started ({error.strerror}): if a policy blocks it, ask "
            "your IT department to allow it."
        ) from None
    return done.returncode, (done.stdout + done.stderr).strip()


def read_registry(key: str) -> Values:
    """The values under a key of the registry; none where there is no such key, or no registry."""
    if sys.platform != "win32":
        return {}
    import winreg

    hive, _, path = key.partition("\\")
    hives = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    values: Values = {}
    try:
        with winreg.OpenKey(
            hives[hive], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        ) as found:
            for index in range(winreg.QueryInfoKey(found)[1]):
                name, value, _ = winreg.EnumValue(found, index)
                values[name.casefold()] = value
    except OSError:
        # No such key, or one that the user may not read.
        return values
    return values
