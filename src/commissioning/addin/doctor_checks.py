"""What can keep the add-in from working on a computer: a check for each known failure.

Each check says what it found and, where something is amiss, what to do. None of them changes
anything. Settings of Office are read where its administrative templates write them.
"""

from __future__ import annotations

import os
import re
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from commissioning.addin import FILE_NAME
from commissioning.addin.places import OFFICE, POLICIES, Machine, addin_path, log_path

if TYPE_CHECKING:
    from collections.abc import Iterable

OK, WARNING, FAILED, ELSEWHERE = "ok", "warning", "failed", "not applicable here"

_OLDEST = (3, 11)
#: The only build of Python for which xlwings brings its libraries and pandas comes as a wheel.
_BUILD = "win-amd64"

#: What the server that Excel starts imports.
_SERVER = "xlwings.com_server, commissioning.excel.udfs, commissioning.excel.ribbon"

_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_APP_PATH = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
#: Rules that reduce the attack surface: by policy, or as set by hand.
_ASR = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
#: The same from Intune: rule=1|rule=2 in one value.
_ASR_MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
_ASR_RULES = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "Block all Office applications from creating child "
    "processes",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "Block Win32 API calls from Office macros",
}
_ASR_BLOCK = 1
#: On the list of managed add-ins: always enabled, or left to the user.
_LISTED = ("1", "2")
#: Where the administrative templates keep trusted locations, and how many of them.
_TRUSTED_LOCATIONS = (
    r"Excel\Security\Trusted Locations",
    r"Common\Security\Trusted Locations\All Applications",
)
_LOCATIONS = 21


class Outcome(NamedTuple):
    """What a check found."""

    verdict: str
    reason: str
    remedy: str = ""


def interpreter(machine: Machine) -> Outcome:
    """Whether Excel can start this Python: its version, its build, where it is."""
    where = f"Python {machine.version[0]}.{machine.version[1]} ({machine.build}), {machine.python}"
    again = "install Python 3.11 or later from python.org for yourself, then run install.ps1 again."
    if machine.version < _OLDEST:
        return Outcome(FAILED, f"{where}: older than 3.11.", f"Remove it or leave it, and {again}")
    if machine.build != _BUILD:
        return Outcome(
            FAILED,
            f"{where}: not the 64-bit build for x64 processors, the only one that xlwings brings "
            "its libraries for.",
            f"Whatever the bitness of Excel, choose 'Windows installer (64-bit)': {again}",
        )
    if "windowsapps" in str(machine.base_prefix).casefold():
        return Outcome(
            FAILED,
            f"{where}: from the Microsoft Store, whose programs write into a folder of their own "
            "that Excel does not see.",
            f"Leave it where it is, and {again}",
        )
    path = str(machine.python)
    try:
        # xlwings loads its library by a function of Windows that takes old encodings only.
        path.encode(machine.encoding)
    except UnicodeEncodeError as error:
        return Outcome(
            FAILED,
            f"{where}: the letter {path[error.start]!r} is not in the code page "
            f"{machine.encoding}, so Excel cannot load xlwings from there.",
            "Install into a folder whose path has English letters only.",
        )
    return Outcome(OK, f"{where}.")


def libraries(machine: Machine) -> Outcome:
    """Whether xlwings is the version we were made for, with its libraries for Excel beside it."""
    installed = metadata.version("xlwings")
    pinned = _pinned("xlwings")
    again = "Run install.ps1 again, which installs the right one and builds the add-in for it."
    if installed != pinned:
        return Outcome(
            FAILED, f"xlwings {installed} is installed; this version needs {pinned}.", again
        )
    folders = (machine.python.parent, machine.prefix)
    missing = [
        name
        for name in (f"xlwings{bits}-{installed}.dll" for bits in (32, 64))
        if not any((folder / name).is_file() for folder in folders)
    ]
    if missing:
        return Outcome(
            FAILED,
            f"{' and '.join(missing)} not found in {' or '.join(map(str, folders))}: Excel cannot "
            "call Python without.",
            "Run install.ps1 again; if an antivirus program removed the file, have it restored "
            "and the folder excepted.",
        )
    return Outcome(OK, f"xlwings {installed} with its libraries for 32-bit and 64-bit Excel.")


def server(machine: Machine) -> Outcome:
    """Whether Python loads what answers Excel; where it does not, every cell shows #N/A."""
    # Isolated, as Excel starts it.
    code, said = machine.run([str(machine.python), "-I", "-B", "-c", f"import {_SERVER}"])
    if code:
        last = said.splitlines()[-1] if said else f"exit code {code}"
        return Outcome(
            FAILED,
            f"Python starts, but cannot load what answers Excel: {last}",
            "Run install.ps1 again; if an antivirus program removed a file, have it restored and "
            "the folder excepted.",
        )
    return Outcome(OK, "Python loads what answers Excel.")


def _pinned(package: str) -> str:
    """The one version of a package that ours may run with."""
    for each in metadata.requires("localis-commissioning") or ():
        name, _, version = each.partition(";")[0].partition("==")
        if name.strip() == package:
            return version.strip()
    raise LookupError(package)


def office(machine: Machine) -> Outcome:
    """Whether a desktop Excel of 2016 or later is there, and which."""
    configuration = machine.registry(_CLICK_TO_RUN)
    program = str(machine.registry(_APP_PATH).get("") or "")
    if not program and not configuration:
        return Outcome(
            FAILED,
            "No Excel for Windows was found in the registry.",
            "Install the desktop version of Excel, 2016 or later; Excel in a browser or on a "
            "phone has no add-ins of this kind.",
        )
    if re.search(r"[\\/]office1[0-5][\\/]", program, re.IGNORECASE):
        return Outcome(
            FAILED,
            f"Excel is older than 2016 ({program}).",
            "Have Excel 2016 or later installed.",
        )
    if "windowsapps" in program.casefold():
        return Outcome(
            FAILED,
            f"Excel is the Microsoft Store's edition ({program}), which does not see the server "
            "that xlwings starts: functions wait two minutes and show #N/A.",
            "Have the edition from office.com installed instead.",
        )
    bits = {"x64": "64-bit", "x86": "32-bit"}.get(str(configuration.get("platform")), "")
    if "(x86)" in program:
        # Where the installer was not Click-to-Run, the folder alone tells.
        bits = "32-bit"
    version = configuration.get("versiontoreport") or "version not known"
    return Outcome(OK, f"Excel {version}{', ' + bits if bits else ''}: {program or 'found'}.")


def macros(machine: Machine, *, signed: bool) -> Outcome:
    """Whether Office's security settings let the add-in run, given whether it is signed."""
    blocks, trust = _switched_off(machine), _not_trusted(machine)
    if blocks or (trust and not signed):
        return Outcome(
            FAILED,
            f"Your organisation's settings stop the add-in: {'; '.join(blocks + trust)}.",
            "Show the IT department this line and the part of the README on deploying to a "
            "council's estate: they can trust the folder, or sign the add-in.",
        )
    if trust:
        return Outcome(
            WARNING,
            f"The add-in is signed, but runs only where its publisher is trusted: "
            f"{'; '.join(trust)}.",
            "If the tab Localis does not show, ask the IT department to trust the publisher.",
        )
    reason = f"{addin_path(machine).parent} is a trusted location; no setting stops the add-in."
    return Outcome(OK, reason)


def _switched_off(machine: Machine) -> list[str]:
    """The settings that stop every add-in such as this one, in words."""
    found = []
    if machine.setting("Common", "VBAOff") == 1:
        found.append("VBA is switched off for Office")
    if machine.setting(r"Excel\Security", "DisableAllAddins") == 1:
        found.append("all application add-ins are disabled")
    if machine.setting(r"Excel\Resiliency", "RestrictToList") == 1:
        listed = machine.setting(r"Excel\Resiliency\AddinList", FILE_NAME)
        if str(listed) not in _LISTED:
            found.append(f"only add-ins on a list may run, and {FILE_NAME} is not on it")
    return found


def _not_trusted(machine: Machine) -> list[str]:
    """The settings that stop the add-in unless it is signed by a trusted publisher, in words."""
    found = []
    if machine.setting(r"Excel\Security", "RequireAddinSig") == 1:
        found.append("add-ins must be signed by a trusted publisher")
    if machine.setting(r"Excel\Security\Trusted Locations", "AllLocationsDisabled") == 1:
        found.append("trusted locations are disabled")
    elif machine.setting(
        r"Common\Security\Trusted Locations", "Allow User Locations"
    ) == 0 and not _trusted_by_policy(machine):
        found.append("only locations that are trusted by policy count")
    return found


def _trusted_by_policy(machine: Machine) -> bool:
    """Whether a policy makes the add-in's folder, or one above it, a trusted location."""
    folder = addin_path(machine).parent
    for root, below, number in product(POLICIES, _TRUSTED_LOCATIONS, range(_LOCATIONS)):
        location = machine.registry(rf"{root}\{below}\Location{number}")
        if path := str(location.get("path") or ""):
            trusted = Path(machine.expanded(path))
            if folder == trusted or (
                location.get("allowsubfolders") == 1 and folder.is_relative_to(trusted)
            ):
                return True
    return False


def disabled_items(machine: Machine) -> Outcome:
    """Whether Excel has put the add-in on its list of items that once made it crash."""
    values = machine.registry(rf"{OFFICE}\Excel\Resiliency\DisabledItems").values()
    if any(FILE_NAME.casefold() in text for text in _texts(values)):
        return Outcome(
            FAILED,
            "Excel has disabled the add-in after a crash or a slow start.",
            "In Excel: File > Options > Add-ins, at Manage choose Disabled Items, Go, choose "
            "Localis, Enable; then start Excel again.",
        )
    return Outcome(OK, "Excel has not disabled the add-in.")


def _texts(values: Iterable[object]) -> list[str]:
    """The text in binary values, in which Excel keeps paths as UTF-16."""
    # A path may begin at an odd byte.
    return [
        value[start:].decode("utf-16-le", errors="ignore").casefold()
        for value in values
        if isinstance(value, bytes)
        for start in (0, 1)
    ]


def onedrive(machine: Machine) -> Outcome:
    """Whether the folders that the add-in needs are moved into OneDrive or onto a network."""
    needed = {name: machine.folder(name) for name in ("APPDATA", "USERPROFILE")}
    drives = [
        Path(value)
        for name in ("ONEDRIVE", "ONEDRIVECOMMERCIAL", "ONEDRIVECONSUMER")
        if (value := machine.environment.get(name))
    ]
    for name, folder in needed.items():
        if str(folder).startswith("\\\\"):
            return Outcome(
                WARNING,
                f"{name} is on the network ({folder}): Excel starts slowly, and not at all "
                "without the network.",
                "Ask the IT department whether the add-in's folder may be made a trusted location "
                "on this computer instead.",
            )
        if any(folder.is_relative_to(drive) for drive in drives):
            return Outcome(
                WARNING,
                f"{name} is inside OneDrive ({folder}): files there may be online only when Excel "
                "looks for them.",
                "In the File Explorer, choose 'Always keep on this device' for the folder.",
            )
    documents = machine.expanded(str(machine.registry(_SHELL_FOLDERS).get("personal") or ""))
    if any(documents and Path(documents).is_relative_to(drive) for drive in drives):
        return Outcome(
            OK,
            f"Documents are in OneDrive ({documents}): workbooks there work; the add-in and its "
            "settings are elsewhere.",
        )
    return Outcome(OK, "The add-in's folders are on this computer.")


def antivirus(machine: Machine) -> Outcome:
    """Whether a rule of Microsoft Defender stops Excel from starting Python."""
    managed = str(machine.registry(_ASR_MANAGED).get("asrrules", "")).casefold()
    values: dict[str, object] = {
        rule: state for rule, _, state in (each.partition("=") for each in managed.split("|"))
    }
    for key in reversed(_ASR):
        values |= machine.registry(key)
    blocking = [
        text for rule, text in _ASR_RULES.items() if str(values.get(rule)) == str(_ASR_BLOCK)
    ]
    if blocking:
        return Outcome(
            FAILED,
            f"Microsoft Defender enforces {' and '.join(f'{text!r}' for text in blocking)}: Excel "
            "cannot start Python.",
            f"Ask the IT department to except {machine.python} and {FILE_NAME} from the rule; the "
            "workbook's own formulas work without.",
        )
    return Outcome(
        OK,
        "No rule of Microsoft Defender that is known to stop the add-in is enforced. Other "
        "programs cannot be asked: if functions stay #N/A, see whether one quarantined "
        f"{FILE_NAME}, python.exe or xlwings*.dll.",
    )


def log(machine: Machine) -> Outcome:
    """Where the log is, and whether it can be written."""
    path = log_path(machine)
    folder = path.parent if path.parent.is_dir() else path.parent.parent
    if not os.access(path if path.exists() else folder, os.W_OK):
        return Outcome(
            WARNING,
            f"{path} cannot be written: why a cell shows an error will not be noted.",
            "Give yourself the right to write into that folder.",
        )
    there = "" if path.exists() else "; nothing is in it yet"
    return Outcome(OK, f"Why a cell shows an error stands in {path}{there}.")
