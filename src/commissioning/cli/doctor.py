"""`localis addin install`, `remove` and `status`, and `localis doctor`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from commissioning.addin.places import this_machine
from commissioning.cli import FINE, FOUND
from commissioning.cli.commands import print_json

if TYPE_CHECKING:
    import argparse

    from commissioning.addin.install import Status


def install(options: argparse.Namespace) -> int:
    """`localis addin install`: build the add-in and place it where Excel opens it by itself."""
    from commissioning.addin.build import build
    from commissioning.addin.install import install as place

    for line in place(this_machine(), build, options.sign):
        print(line)
    return FINE


def remove(_: argparse.Namespace) -> int:
    """`localis addin remove`: remove the add-in, its settings and the log."""
    from commissioning.addin.install import remove as take_away

    for line in take_away(this_machine()):
        print(line)
    return FINE


def status(options: argparse.Namespace) -> int:
    """`localis addin status`: what is installed; exit code 1 where it is not all in order."""
    from commissioning.addin.build import build
    from commissioning.addin.install import status as look

    found = look(this_machine(), build)
    if options.json:
        print_json(asdict(found))
    else:
        for line in _told(found):
            print(line)
    return FINE if found.fine else FOUND


def _told(found: Status) -> list[str]:
    if found.version is None:
        addin = "not installed"
    else:
        addin = f"version {found.version}, {'current' if found.current else 'out of date'}"
        addin += f", {'signed' if found.signed else 'not signed'}"
        addin += ", blocked by Windows" if found.blocked else ""
    calls = f"calls {found.interpreter}" if found.interpreter else "names no interpreter"
    lines = [f"{found.addin}: {addin}.", f"{found.config}: {calls}."]
    if not found.fine:
        lines.append("Next: run 'localis addin install'.")
    return lines


def doctor(options: argparse.Namespace) -> int:
    """`localis doctor`: every known failure looked at; exit code 1 where a check failed."""
    from commissioning.addin import doctor as clinic
    from commissioning.addin.build import build
    from commissioning.addin.doctor_checks import FAILED

    machine = this_machine()
    findings = clinic.examine(machine, build)
    failed = any(finding.verdict == FAILED for finding in findings)
    if options.json:
        print_json({"ok": not failed, "checks": [finding._asdict() for finding in findings]})
    else:
        for line in clinic.lines(machine, findings):
            print(line)
    return FOUND if failed else FINE
