"""Figures and links that cannot be relied on: error values, and ties to other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.findings import Fault, rule
from commissioning.check.repair_parts import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.check.model import Workbook


@rule(
    "error-value",
    "safety",
    "No cell shows an error",
    "Correct the formula, or what it refers to.",
)
def error_value(workbook: Workbook) -> Iterator[Fault]:
    """Cells whose cached value is an error."""
    for sheet in workbook.sheets:
        for cell in sheet.cells:
            if cell.is_error:
                yield sheet.at(cell.reference), f"the cell shows {cell.text}"


@rule(
    "external-link",
    "safety",
    "The workbook is tied to no other file",
    "Break the link in Data, Edit Links, and keep its values.",
)
def external_link(workbook: Workbook) -> Iterator[Fault]:
    """Relationships that leave the package, but for hyperlinks."""
    for name in sources(workbook.package):
        for found in workbook.package.relationships(name):
            if found.external and found.kind != "hyperlink":
                yield name or "the workbook", f"linked to {found.target} ({found.kind})"


@rule(
    "external-reference",
    "safety",
    "No formula refers to another workbook",
    "Replace the formula by its value, or bring the data into this workbook.",
)
def external_reference(workbook: Workbook) -> Iterator[Fault]:
    """Formulas such as [1]Sheet!A1."""
    for where, formula in workbook.formulas:
        if formula.external:
            yield where, f"refers to another workbook: {formula.text}"
