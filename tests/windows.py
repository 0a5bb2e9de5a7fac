"""A Windows made of a folder, a dictionary for the registry and an environment of our own."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings

from commissioning import __version__
from commissioning.addin.places import Machine, Values

if TYPE_CHECKING:
    from collections.abc import Sequence

EXCEL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"

_CUSTOM = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
 xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">
<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Localis version">
<vt:lpwstr>VERSION</vt:lpwstr></property></Properties>"""


def addin(version: str = __version__, code: bytes = b"code", **parts: bytes) -> bytes:
    """A package with what installing looks at: the property, and the VBA project."""
    out = io.BytesIO()
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": f"<Types>{sorted(parts)}</Types>",
        "docProps/custom.xml": _CUSTOM.replace("VERSION", version),
        "xl/vbaProject.bin": code,
        **{f"xl/{name}.bin": part for name, part in parts.items()},
    }
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents.items():
            # Without the time, so that the same parts are the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def windows(
    home: Path,
    registry: dict[str, Values] | None = None,
    **changes: Any,  # noqa: ANN401 - of any field
) -> Machine:
    """A computer on which everything is in order but that nothing is installed yet.

    Args:
        home: an empty folder, which becomes the user's.
        registry: key -> values, beside those that say that Excel is there.
        changes: fields of the machine that shall be otherwise.
    """
    local, roaming = home / "AppData" / "Local", home / "AppData" / "Roaming"
    venv = local / "Localis" / "venv"
    python = venv / "Scripts" / "python.exe"
    for folder in (python.parent, roaming):
        folder.mkdir(parents=True)
    python.touch()
    for bits in (32, 64):
        (venv / f"xlwings{bits}-{xlwings.__version__}.dll").touch()
    keys: dict[str, Values] = {
        EXCEL: {"": r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"},
        CLICK_TO_RUN: {"platform": "x64", "versiontoreport": "16.0.17928.20000"},
        **(registry or {}),
    }
    machine = Machine(
        system="Windows",
        environment={
            "USERPROFILE": str(home),
            "LOCALAPPDATA": str(local),
            "APPDATA": str(roaming),
        },
        python=python,
        prefix=venv,
        base_prefix=Path("C:/Program Files/Python312"),
        build="win-amd64",
        version=(3, 12),
        encoding="cp1252",
        registry=lambda key: keys.get(key, {}),
        held=lambda _: False,
        run=only_python,
    )
    return replace(machine, **changes)


def only_python(command: Sequence[str]) -> tuple[int, str]:
    """Python loads what it is asked to; no other program may run unless a test says so."""
    if Path(command[0]).name == "python.exe" and command[1:4] == ["-I", "-B", "-c"]:
        return 0, ""
    raise AssertionError(command)
