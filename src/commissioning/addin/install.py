"""Putting the add-in where Excel opens it by itself, and telling it which Python to call."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from commissioning import __version__, files
from commissioning.addin import FILE_NAME, doctor_checks
from commissioning.addin.places import (
    WINDOWS,
    Machine,
    addin_path,
    config_path,
    is_blocked,
    log_path,
    mark_of_the_web,
)
from commissioning.errors import LocalisError
from commissioning.workbook.layout import VERSION_PROPERTY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    #: Makes the add-in's bytes.
    Build = Callable[[], bytes]

#: The setting by which a config file is known as ours; xlwings passes over it.
WRITTEN_BY = "WRITTEN BY"

_SIGNATURE = "vbaProjectSignature"
_SIGNTOOLS = "Windows Kits/10/bin/*/x86/signtool.exe"


@dataclass(frozen=True)
class Status:
    """What is installed."""

    addin: str
    #: The version that the installed add-in names; None where there is none of ours.
    version: str | None
    #: Whether it is what this version of the package builds.
    current: bool
    #: Whether Windows marks it as coming from the internet.
    blocked: bool
    signed: bool
    config: str
    #: The interpreter that the config file names.
    interpreter: str | None
    #: Whether that is the one that runs this.
    configured: bool

    @property
    def fine(self) -> bool:
        """Whether Excel will find the functions of this version."""
        return self.current and self.configured and not self.blocked


def install(machine: Machine, build: Build, sign: str | None = None) -> list[str]:
    """Place the add-in and its config file; returns what was done, a sentence each.

    Args:
        machine: the computer.
        build: makes the add-in.
        sign: the thumbprint of the certificate to sign the add-in with.

    Raises:
        LocalisError: not Windows, a Python that Excel cannot call, a file that is not ours or
            that Excel has open, a signature that fails; the add-in that was there is then as
            it was.
    """
    _refuse_elsewhere(machine, "install")
    for check in (doctor_checks.interpreter, doctor_checks.libraries, doctor_checks.server):
        outcome = check(machine)
        if outcome.verdict == doctor_checks.FAILED:
            raise LocalisError(f"{outcome.reason} {outcome.remedy}")
    path, config = addin_path(machine), config_path(machine)
    settings = _settings(machine, config)
    _refuse_foreign(path)
    data = build()
    done = []
    if sign or not is_current(path, data):
        _refuse_held(machine, path)
        _put(path, _signed(machine, data, sign) if sign else data)
        done.append(f"Placed {path}{', signed' if sign else ''}.")
    else:
        done.append(f"{path} is current; it was not touched.")
    if is_blocked(path):
        mark_of_the_web(path).unlink()
    _put(config, config_bytes(settings, machine.encoding))
    done.append(f"Wrote {config}: Excel will call {machine.python}.")
    done.append("Start Excel: the tab Localis and the functions are in every workbook.")
    return done


def remove(machine: Machine) -> list[str]:
    """Remove what `install` placed, and the log; returns what was done, a sentence each.

    Raises:
        LocalisError: not Windows, a file that is not ours, or that Excel has open.
    """
    _refuse_elsewhere(machine, "remove")
    path, config, log = addin_path(machine), config_path(machine), log_path(machine)
    _refuse_foreign(path)
    _refuse_held(machine, path)
    if config.exists():
        read_own_config(config, machine.encoding)
    done = []
    for file in (path, _beside(path), config, log, log.with_suffix(".old.log")):
        if file.exists():
            _unlink(file)
            done.append(f"Removed {file}.")
    for folder in {config.parent, log.parent}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return done or ["There was nothing to remove."]


def status(machine: Machine, build: Build) -> Status:
    """What is installed, and whether it is what this version would install.

    Raises:
        LocalisError: not Windows.
    """
    _refuse_elsewhere(machine, "status")
    path, config = addin_path(machine), config_path(machine)
    interpreter = configured_interpreter(machine, config)
    return Status(
        addin=str(path),
        version=version_of(path),
        current=is_current(path, build()),
        blocked=is_blocked(path),
        signed=is_signed(path),
        config=str(config),
        interpreter=interpreter,
        configured=interpreter is not None and Path(interpreter) == machine.python,
    )


def version_of(path: Path) -> str | None:
    """The version of an add-in of ours; None where there is no file, or not one of ours."""
    properties = _parts(path).get("docProps/custom.xml")
    if properties is None:
        return None
    try:
        found = etree.fromstring(properties, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return None
    for each in found.iter("{*}property"):
        if each.get("name") == VERSION_PROPERTY:
            return "".join(str(text) for text in each.itertext()).strip() or None
    return None


def is_current(path: Path, data: bytes) -> bool:
    """Whether a placed add-in holds every part of the built one; a signature may have come to it.

    Signing adds parts, and so relationships and content types.
    """
    there = _parts(path)
    return all(
        there.get(name) == part
        for name, part in _parts(io.BytesIO(data)).items()
        if not name.endswith((".rels", "[Content_Types].xml"))
    )


def is_signed(path: Path) -> bool:
    """Whether the VBA project of an add-in bears a signature, of whatever worth."""
    return any(_SIGNATURE in name for name in _parts(path))


def configured_interpreter(machine: Machine, config: Path) -> str | None:
    """The interpreter that xlwings reads from the config file; None where it names none."""
    try:
        settings = parse_config(config.read_bytes().decode(machine.encoding))
    except (OSError, UnicodeDecodeError):
        return None
    found = settings.get("INTERPRETER_WIN")
    return machine.expanded(found) if found else None


def parse_config(text: str) -> dict[str, str]:
    """The settings in a config file, as VBA's `Input #` reads them: "NAME","value" a line."""
    settings: dict[str, str] = {}
    for line in text.splitlines():
        name, comma, value = line.partition(",")
        if comma:
            settings.setdefault(name.strip(' "').upper(), value.strip(' "'))
    return settings


def config_bytes(settings: Mapping[str, str], encoding: str) -> bytes:
    """A config file as xlwings' VBA reads it: quoted, and in the code page of Windows.

    Raises:
        LocalisError: a value holds a quotation mark, or a letter that the code page lacks.
    """
    for name, value in settings.items():
        if '"' in value:
            raise LocalisError(
                f"The setting {name} holds a quotation mark, which Excel cannot read back from "
                f"its config file: {value}. Install into a folder without one."
            )
    text = "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise LocalisError(
            f"The path in the settings holds {text[error.start : error.end]!r}, a letter that "
            f"Excel's VBA cannot read on this computer (code page {encoding}): install into a "
            "folder whose name has English letters only."
        ) from None


def read_own_config(config: Path, encoding: str) -> dict[str, str]:
    """The settings in a config file of ours.

    Raises:
        LocalisError: the file is somebody else's.
    """
    settings = parse_config(config.read_bytes().decode(encoding, errors="replace"))
    if not settings.get(WRITTEN_BY, "").startswith("localis"):
        raise LocalisError(
            f"{config} was not written by this program: move it elsewhere and run the command "
            "again."
        )
    return settings


def _settings(machine: Machine, config: Path) -> dict[str, str]:
    """What the config file shall say; settings that somebody added to ours stay."""
    added = read_own_config(config, machine.encoding) if config.exists() else {}
    ours = {
        WRITTEN_BY: f"localis {__version__}",
        "INTERPRETER_WIN": _portable(machine),
    }
    return {**ours, **{name: text for name, text in added.items() if name not in ours}}


def _portable(machine: Machine) -> str:
    """The interpreter's path, from a variable where one leads to it.

    VBA reads the file in an old encoding, but Windows replaces the variable in full Unicode: a
    user's name may have any letters.
    """
    for variable in ("LOCALAPPDATA", "USERPROFILE"):
        base = machine.environment.get(variable)
        if base and machine.python.is_relative_to(base):
            return str(Path(f"%{variable}%") / machine.python.relative_to(base))
    return str(machine.python)


def _refuse_elsewhere(machine: Machine, command: str) -> None:
    if machine.system == WINDOWS:
        return
    if machine.system == "Darwin":
        raise LocalisError(
            f"'localis addin {command}' works on Windows; on macOS xlwings runs macros only, so "
            "build the add-in with 'localis addin build', choose it in Excel under Tools > Excel "
            "Add-ins, and run 'xlwings runpython install' once."
        )
    raise LocalisError(
        f"'localis addin {command}' works on Windows, where Excel can call Python (and macOS, "
        "where xlwings runs macros); here, build the add-in with 'localis addin build' and take "
        "the file there."
    )


def _refuse_foreign(path: Path) -> None:
    if path.exists() and version_of(path) is None:
        raise LocalisError(
            f"{path} is not an add-in of this program: move it elsewhere and run the command again."
        )


def _refuse_held(machine: Machine, path: Path) -> None:
    if machine.held(path):
        raise LocalisError(
            f"Excel has {path} open: close every window of Excel and run the command again (if "
            f"none is open, end EXCEL.EXE in the Task Manager or delete ~${FILE_NAME} beside it)."
        )


def _put(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all, without a backup: Excel would open that as well."""
    if path.exists() and path.read_bytes() == data:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(path)
        beside.unlink(missing_ok=True)
        files.write(beside, data, replace=False)
        beside.replace(path)
    except OSError as error:
        raise LocalisError(
            f"{path} cannot be written ({error.strerror or error}): check that you may write "
            "into that folder, and that no program has the file open."
        ) from None


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise LocalisError(
            f"{path} cannot be removed ({error.strerror or error}): close the programs that use "
            "it and run the command again."
        ) from None


def _parts(source: Path | io.BytesIO) -> dict[str, bytes]:
    """The parts of a package; none where there is no file or it is no package."""
    try:
        with zipfile.ZipFile(source) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile):
        return {}


def _signed(machine: Machine, data: bytes, thumbprint: str) -> bytes:
    """The add-in with its VBA project signed by Microsoft's signtool."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE_NAME
        file.write_bytes(data)
        code, said = machine.run(
            [_signtool(machine), "sign", "/fd", "SHA256", "/sha1", thumbprint, str(file)]
        )
        if code:
            raise LocalisError(
                f"signtool could not sign the add-in ({said or code}): check the thumbprint, and "
                "that Microsoft's Office Subject Interface Packages are registered, which "
                "signtool needs to sign VBA."
            )
        return file.read_bytes()


def _signtool(machine: Machine) -> str:
    if found := shutil.which("signtool", path=machine.environment.get("PATH", "")):
        return found
    programs = machine.environment.get("PROGRAMFILES(X86)", "")
    if programs and (kits := sorted(Path(programs).glob(_SIGNTOOLS))):
        return str(kits[-1])
    raise LocalisError(
        "signtool was not found, so the add-in cannot be signed here: install the Windows SDK "
        "(Signing Tools) and the Office Subject Interface Packages, or sign the file in Excel's "
        "Visual Basic editor under Tools > Digital Signature."
    )
