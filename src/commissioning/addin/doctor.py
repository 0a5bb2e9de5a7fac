"""`localis doctor`: every known failure of the add-in looked at, with verdict, reason, remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning import __version__
from commissioning.addin import doctor_checks as checks
from commissioning.addin import install
from commissioning.addin.doctor_checks import ELSEWHERE, FAILED, OK, WARNING, Outcome
from commissioning.addin.places import (
    WINDOWS,
    Machine,
    addin_path,
    config_path,
    is_blocked,
    this_machine,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[[Machine, install.Build], Outcome]

_INSTALL = "Run 'localis addin install'."


class Finding(NamedTuple):
    """What a check found: the line of the report."""

    check: str
    verdict: str
    reason: str
    remedy: str


class _Check(NamedTuple):
    name: str
    #: What it looks at, for computers where it cannot.
    subject: str
    look: Look


def _of_machine(look: Callable[[Machine], Outcome]) -> Look:
    """A check that does not need to know what the add-in should be."""
    return lambda machine, _: look(machine)


def _present(machine: Machine, _: install.Build) -> Outcome:
    path = addin_path(machine)
    if not path.exists():
        return Outcome(FAILED, f"There is no {path}.", _INSTALL)
    version = install.version_of(path)
    if version is None:
        return Outcome(
            FAILED,
            f"{path} is not an add-in of this program, or is damaged.",
            f"Move it elsewhere. {_INSTALL}",
        )
    return Outcome(OK, f"{path}, version {version}.")


def _current(machine: Machine, build: install.Build) -> Outcome:
    path = addin_path(machine)
    if install.is_current(path, build()):
        return Outcome(OK, f"It is what version {__version__} builds.")
    return Outcome(
        FAILED,
        f"It is not what version {__version__} builds: functions may be missing or fail.",
        f"Close Excel. {_INSTALL}",
    )


def _unblocked(machine: Machine, _: install.Build) -> Outcome:
    path = addin_path(machine)
    if is_blocked(path):
        return Outcome(
            FAILED,
            f"Windows marks {path} as a file from the internet, so Excel runs none of its code.",
            f"{_INSTALL} It removes the mark.",
        )
    return Outcome(OK, "Windows does not mark it as a file from the internet.")


def _config(machine: Machine, _: install.Build) -> Outcome:
    path = config_path(machine)
    interpreter = install.configured_interpreter(machine, path)
    if interpreter is None:
        return Outcome(FAILED, f"{path} is missing or names no interpreter.", _INSTALL)
    named = type(machine.python)(interpreter)
    if not named.is_file():
        return Outcome(FAILED, f"{path} names {interpreter}, which is not there.", _INSTALL)
    if named != machine.python:
        return Outcome(
            WARNING,
            f"{path} names {interpreter}; this is {machine.python}.",
            f"If Excel should call this one: {_INSTALL}",
        )
    return Outcome(OK, f"{path} names this interpreter.")


def _macros(machine: Machine, _: install.Build) -> Outcome:
    return checks.macros(machine, signed=install.is_signed(addin_path(machine)))


_ON_WINDOWS = (
    _Check("Python", "the interpreter and its path", _of_machine(checks.interpreter)),
    _Check("xlwings", "xlwings and its libraries", _of_machine(checks.libraries)),
    _Check("Server", "whether Python answers Excel", _of_machine(checks.server)),
    _Check("Add-in", "whether Excel's start-up folder has the add-in", _present),
    _Check("Add-in's version", "whether the add-in is the current one", _current),
    _Check("Add-in unblocked", "whether Windows marks the add-in as downloaded", _unblocked),
    _Check("Settings", "which Python the add-in calls", _config),
    _Check("Excel", "Office's version, bitness and edition", _of_machine(checks.office)),
    _Check("Macro policy", "Office's security settings", _macros),
    _Check("Disabled items", "what Excel has disabled", _of_machine(checks.disabled_items)),
    _Check("Folders", "folders moved to OneDrive or a network", _of_machine(checks.onedrive)),
    _Check("Antivirus", "rules of Microsoft Defender", _of_machine(checks.antivirus)),
)
_EVERYWHERE = (_Check("Log", "where the log is", _of_machine(checks.log)),)


def examine(machine: Machine, build: install.Build) -> list[Finding]:
    """Run every check; what does not apply to this system is in the list and says so."""
    applicable = machine.system == WINDOWS
    return [
        *(_found(check, machine, build, applicable=applicable) for check in _ON_WINDOWS),
        *(_found(check, machine, build, applicable=True) for check in _EVERYWHERE),
    ]


def _found(check: _Check, machine: Machine, build: install.Build, *, applicable: bool) -> Finding:
    if not applicable:
        return Finding(check.name, ELSEWHERE, f"Looks at {check.subject}, on Windows.", "")
    try:
        return Finding(check.name, *check.look(machine, build))
    except Exception as error:  # noqa: BLE001 - whatever is broken is what the doctor is for
        return Finding(
            check.name,
            FAILED,
            f"Could not look at {check.subject}: {error}",
            "Put that right and run 'localis doctor' again.",
        )


def lines(machine: Machine, findings: list[Finding]) -> list[str]:
    """The findings for people to read, what needs attention first."""
    order = (FAILED, WARNING, OK, ELSEWHERE)
    told = []
    for finding in sorted(findings, key=lambda each: order.index(each.verdict)):
        told.append(f"{finding.verdict.upper()}  {finding.check}: {finding.reason}")
        if finding.remedy:
            told.append(f"    What to do: {finding.remedy}")
    return [*told, _summary(machine, findings)]


def _summary(machine: Machine, findings: list[Finding]) -> str:
    if machine.system != WINDOWS:
        name = {"Darwin": "macOS"}.get(machine.system, machine.system)
        return (
            f"This is {name}: the functions in Excel need Windows. Everything else works here: "
            "'localis template', 'check', 'refresh', 'call' and 'addin build'."
        )
    failed = sum(finding.verdict == FAILED for finding in findings)
    if failed:
        return (
            f"{failed} of {len(findings)} checks failed. Where it says 'localis', type "
            f'"{machine.python.with_name("localis.exe")}".'
        )
    return "Nothing found that would keep the add-in from working."


def report_text() -> str:
    """The doctor's report on this computer, for the ribbon's button."""
    from commissioning.addin.build import build

    machine = this_machine()
    return "\n".join(lines(machine, examine(machine, build)))


def show() -> None:
    """What the button Doctor does: the report on this computer, on the screen."""
    from commissioning.excel import ribbon

    ribbon.show(lambda _: [report_text()])
