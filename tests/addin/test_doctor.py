from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from commissioning.addin import doctor, install, places
from commissioning.addin.doctor_checks import ELSEWHERE, FAILED, OK, WARNING
from commissioning.cli import doctor as command
from windows import CLICK_TO_RUN, EXCEL, POLICY, addin, windows

if TYPE_CHECKING:
    from commissioning.addin.places import Machine, Values

_ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_XLSTART = ("Microsoft", "Excel", "XLSTART")


def _findings(machine: Machine) -> dict[str, doctor.Finding]:
    return {finding.check: finding for finding in doctor.examine(machine, addin)}


def _installed(home: Path, registry: dict[str, Values] | None = None) -> Machine:
    machine = windows(home, registry)
    install.install(machine, addin)
    return machine


def test_on_a_computer_in_order_every_check_passes(tmp_path: Path) -> None:
    findings = _findings(_installed(tmp_path))
    assert {finding.verdict for finding in findings.values()} == {OK}
    assert not [finding.remedy for finding in findings.values() if finding.remedy]


def test_where_nothing_is_installed_the_add_in_and_its_settings_fail(tmp_path: Path) -> None:
    findings = _findings(windows(tmp_path))
    failed = {name for name, finding in findings.items() if finding.verdict == FAILED}
    assert failed == {"Add-in", "Add-in's version", "Settings"}


def test_each_finding_that_is_not_fine_says_what_to_do(tmp_path: Path) -> None:
    for finding in _findings(windows(tmp_path)).values():
        assert bool(finding.remedy) == (finding.verdict in (FAILED, WARNING))


@pytest.mark.parametrize(
    ("changes", "check", "verdict", "reason"),
    [
        ({"version": (3, 10)}, "Python", FAILED, "older than 3.11"),
        ({"build": "win32"}, "Python", FAILED, "64-bit"),
        ({"base_prefix": Path("/WindowsApps/P")}, "Python", FAILED, "Microsoft Store"),
        ({"python": Path("/Łukasz/python.exe")}, "Python", FAILED, "code page cp1252"),
        ({"python": Path("/Zoë Smith/python.exe")}, "Python", OK, "Zoë Smith"),
        ({"python": Path("/R&D, 100%/python.exe")}, "Python", OK, "R&D"),
        ({"run": lambda _: (1, "a\nImportError: b")}, "Server", FAILED, "Excel: ImportError: b$"),
        ({"run": lambda _: (3, "")}, "Server", FAILED, "exit code 3"),
        (
            {"python": Path("/p/python.exe"), "prefix": Path("/p")},
            "xlwings",
            FAILED,
            r"xlwings32-.*\.dll and xlwings64-.*\.dll not found",
        ),
        ({"python": Path("/p/python.exe")}, "Settings", WARNING, "this is /p/python.exe"),
        ({"environment": {}}, "Folders", FAILED, "APPDATA is not set"),
        ({"environment": {}}, "Log", FAILED, "USERPROFILE is not set"),
    ],
)
def test_a_fault_of_the_interpreter_or_its_surroundings_is_found(
    changes: dict[str, Any], check: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    finding = _findings(replace(_installed(tmp_path), **changes))[check]
    assert finding.verdict == verdict
    assert re.search(reason, finding.reason)


def test_another_version_of_xlwings_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _installed(tmp_path)
    real = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "0.1" if name == "xlwings" else real(name)
    )
    finding = _findings(machine)["xlwings"]
    assert finding.verdict == FAILED
    assert finding.reason.startswith("xlwings 0.1 is installed")


@pytest.mark.parametrize(
    ("key", "values", "check", "verdict", "reason"),
    [
        (EXCEL, {"": r"C:\Program Files\WindowsApps\E.EXE"}, "Excel", FAILED, "Store"),
        (EXCEL, {"": r"C:\Program Files\Office15\E.EXE"}, "Excel", FAILED, "older than 2016"),
        (EXCEL, {"": r"C:\Program Files (x86)\Office16\E.EXE"}, "Excel", OK, "32-bit"),
        (rf"{POLICY}\Common", {"vbaoff": 1}, "Macro policy", FAILED, "VBA is switched off"),
        (
            rf"{POLICY}\Excel\Security",
            {"disablealladdins": 1},
            "Macro policy",
            FAILED,
            "all application add-ins are disabled",
        ),
        (
            rf"{POLICY}\Excel\Security",
            {"requireaddinsig": 1},
            "Macro policy",
            FAILED,
            "must be signed",
        ),
        (
            rf"{places.OFFICE}\Excel\Security\Trusted Locations",
            {"alllocationsdisabled": 1},
            "Macro policy",
            FAILED,
            "trusted locations are disabled",
        ),
        (
            rf"{POLICY}\Common\Security\Trusted Locations",
            {"allow user locations": 0},
            "Macro policy",
            FAILED,
            "trusted by policy",
        ),
        (
            rf"{POLICY}\Excel\Resiliency",
            {"restricttolist": 1},
            "Macro policy",
            FAILED,
            "Localis.xlam is not on it",
        ),
        (
            rf"{places.OFFICE}\Excel\Resiliency\DisabledItems",
            {"1a2b": b"\x01" + r"c:\x\xlstart\localis.xlam".encode("utf-16-le")},
            "Disabled items",
            FAILED,
            "disabled the add-in",
        ),
        (
            _ASR,
            {"d4f940ab-401b-4efc-aadc-ad5f3c50688a": "1"},
            "Antivirus",
            FAILED,
            "creating child processes",
        ),
        (
            _ASR,
            {"d4f940ab-401b-4efc-aadc-ad5f3c50688a": "2"},
            "Antivirus",
            OK,
            "No rule",
        ),
    ],
)
def test_a_fault_that_the_registry_tells_is_found(  # noqa: PLR0913, PLR0917 - a row each
    key: str, values: Values, check: str, verdict: str, reason: str, tmp_path: Path
) -> None:
    finding = _findings(_installed(tmp_path, {key: values}))[check]
    assert finding.verdict == verdict
    assert reason in finding.reason


def test_a_rule_that_intune_enforces_is_found(tmp_path: Path) -> None:
    key = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
    rules = "56A863A9-875E-4185-98A7-B882C64B5CE5=2|D4F940AB-401B-4EFC-AADC-AD5F3C50688A=1"
    finding = _findings(_installed(tmp_path, {key: {"asrrules": rules}}))["Antivirus"]
    assert finding.verdict == FAILED
    assert "creating child processes" in finding.reason
    assert "Win32" not in finding.reason


def test_without_excel_the_doctor_says_so(tmp_path: Path) -> None:
    finding = _findings(_installed(tmp_path, {EXCEL: {}, CLICK_TO_RUN: {}}))["Excel"]
    assert finding.verdict == FAILED


def test_what_a_policy_says_goes_before_what_the_user_chose(tmp_path: Path) -> None:
    machine = windows(
        tmp_path,
        {
            rf"{places.OFFICE}\Common": {"vbaoff": 0},
            rf"{POLICY}\Common": {"vbaoff": 1},
        },
    )
    assert machine.setting("Common", "VBAOff") == 1


def test_a_listed_add_in_may_run(tmp_path: Path) -> None:
    registry: dict[str, Values] = {
        rf"{POLICY}\Excel\Resiliency": {"restricttolist": 1},
        rf"{POLICY}\Excel\Resiliency\AddinList": {"localis.xlam": "1"},
    }
    assert _findings(_installed(tmp_path, registry))["Macro policy"].verdict == OK


@pytest.mark.parametrize(
    ("location", "verdict"),
    [
        ({"path": "%APPDATA%/Microsoft/Excel/XLSTART/"}, OK),
        ({"path": "%APPDATA%/Microsoft", "allowsubfolders": 1}, OK),
        ({"path": "%APPDATA%/Microsoft"}, FAILED),
    ],
)
def test_a_folder_that_policy_trusts_counts_where_user_locations_do_not(
    location: Values, verdict: str, tmp_path: Path
) -> None:
    registry: dict[str, Values] = {
        rf"{POLICY}\Common\Security\Trusted Locations": {"allow user locations": 0},
        rf"{POLICY}\Excel\Security\Trusted Locations\Location7": location,
    }
    assert _findings(_installed(tmp_path, registry))["Macro policy"].verdict == verdict


def test_a_signed_add_in_that_must_be_signed_is_a_warning(tmp_path: Path) -> None:
    machine = _installed(tmp_path, {rf"{POLICY}\Excel\Security": {"requireaddinsig": 1}})
    places.addin_path(machine).write_bytes(addin(vbaProjectSignature=b"signature"))
    finding = _findings(machine)["Macro policy"]
    assert finding.verdict == WARNING
    assert "publisher is trusted" in finding.reason


def test_another_add_in_that_excel_disabled_does_not_matter(tmp_path: Path) -> None:
    key = rf"{places.OFFICE}\Excel\Resiliency\DisabledItems"
    machine = _installed(tmp_path, {key: {"1": "other.xlam".encode("utf-16-le"), "2": "text"}})
    assert _findings(machine)["Disabled items"].verdict == OK


def test_faults_of_the_placed_files_are_found(tmp_path: Path) -> None:
    machine = _installed(tmp_path)
    path = places.addin_path(machine)
    places.mark_of_the_web(path).touch()
    assert _findings(machine)["Add-in unblocked"].verdict == FAILED
    path.write_bytes(addin(code=b"older"))
    assert _findings(machine)["Add-in's version"].verdict == FAILED
    path.write_bytes(b"damaged")
    assert "damaged" in _findings(machine)["Add-in"].reason
    machine.python.unlink()
    assert "which is not there" in _findings(machine)["Settings"].reason


@pytest.mark.parametrize(
    ("environment", "verdict", "reason"),
    [
        ({"APPDATA": r"\\server\home\AppData"}, WARNING, "on the network"),
        ({"ONEDRIVE": "HOME"}, WARNING, "inside OneDrive"),
        ({"ONEDRIVECOMMERCIAL": "HOME/OneDrive - Council"}, OK, "Documents are in OneDrive"),
    ],
)
def test_moved_folders_are_found(
    environment: dict[str, str], verdict: str, reason: str, tmp_path: Path
) -> None:
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    documents = "%USERPROFILE%/OneDrive - Council/Documents"
    machine = _installed(tmp_path, {key: {"personal": documents}})
    moved = {name: value.replace("HOME", str(tmp_path)) for name, value in environment.items()}
    finding = _findings(replace(machine, environment={**machine.environment, **moved}))["Folders"]
    assert finding.verdict == verdict
    assert reason in finding.reason


def test_a_log_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _installed(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert _findings(machine)["Log"].verdict == WARNING


def test_a_check_that_cannot_look_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    def refuse(_: str) -> Values:
        raise PermissionError(13, "Access is denied")

    findings = _findings(replace(_installed(tmp_path), registry=refuse))
    assert "Access is denied" in findings["Excel"].reason
    assert findings["Python"].verdict == OK


def test_a_package_that_is_missing_is_a_finding_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _installed(tmp_path)

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    findings = _findings(machine)
    assert "No package metadata was found for xlwings" in findings["xlwings"].reason
    assert findings["Python"].verdict == OK


# What is printed


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the building of the add-in, which is tested elsewhere."""
    module = ModuleType("commissioning.addin.build")
    module.build = addin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "commissioning.addin.build", module)


def _options(**values: object) -> argparse.Namespace:
    return argparse.Namespace(**{"json": False, "sign": None, **values})


@pytest.mark.usefixtures("build")
def test_elsewhere_the_doctor_runs_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    if sys.platform == "win32":
        pytest.skip("This is Windows.")
    assert command.doctor(_options()) == 0
    printed = capsys.readouterr().out
    assert printed.count(ELSEWHERE.upper()) == 12
    assert "the functions in Excel need Windows. Everything else works here" in printed
    assert doctor.report_text() + "\n" == printed


@pytest.mark.usefixtures("build")
def test_the_doctor_ends_with_1_where_a_check_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = windows(tmp_path)
    monkeypatch.setattr(command, "this_machine", lambda: machine)
    assert command.doctor(_options(json=True)) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    assert report["checks"][0]["check"] == "Python"
    assert command.doctor(_options()) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED  Add-in: There is no ")
    assert lines[1] == "    What to do: Run 'localis addin install'."
    assert lines[-1].startswith("3 of 13 checks failed. Where it says 'localis', type ")
    assert lines[-1].endswith('localis.exe".')


@pytest.mark.usefixtures("build")
def test_the_commands_install_tell_and_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = windows(tmp_path)
    monkeypatch.setattr(command, "this_machine", lambda: machine)
    assert command.status(_options()) == 1
    assert "not installed" in capsys.readouterr().out
    assert command.install(_options()) == 0
    assert "Placed" in capsys.readouterr().out
    assert command.status(_options()) == 0
    assert "current, not signed." in capsys.readouterr().out
    assert command.status(_options(json=True)) == 0
    assert json.loads(capsys.readouterr().out)["configured"] is True
    assert command.doctor(_options()) == 0
    assert "Nothing found that would keep" in capsys.readouterr().out
    assert command.remove(_options()) == 0
    assert not (tmp_path / "AppData" / "Roaming").joinpath(*_XLSTART, "Localis.xlam").exists()
