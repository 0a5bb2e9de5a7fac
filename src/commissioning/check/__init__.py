"""The lint of spreadsheet files: what Excel would repair, what public bodies must not publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check import (  # noqa: F401 - importing a module registers its rules
    accessibility,
    accessibility_file,
    repair_cells,
    repair_formulas,
    repair_parts,
    repair_tables,
    safety,
)
from commissioning.check.figures import ours
from commissioning.check.findings import RULES, Finding
from commissioning.check.reader import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.check.model import Workbook
    from commissioning.evidence.pack import Evidence


def check_file(path: Path, evidence: Evidence) -> list[Finding]:
    """Everything that is found in a workbook (.xlsx or .xlsm), rules for any workbook first.

    Raises:
        WorkbookError: the file cannot be read, is no workbook, or is not safe to read.
    """
    workbook = read_workbook(path)
    return lint(workbook) + ours(workbook, evidence)


def lint(workbook: Workbook) -> list[Finding]:
    """What the rules for any workbook find, in the order of the rules."""
    return [finding for rule in RULES.values() for finding in rule.findings(workbook)]
