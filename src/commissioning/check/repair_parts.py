"""Faults of sheets and of the package that make Excel offer to repair a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.findings import Fault, rule
from commissioning.check.references import area
from commissioning.check.repair_tables import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.check.model import Workbook
    from commissioning.check.package import Package

LONGEST_TITLE = 31
_FORBIDDEN = set("[]:*?/\\")


@rule(
    "sheet-name-invalid",
    "repair",
    f"A sheet's name has 1 to {LONGEST_TITLE} characters, none of [ ] : * ? / \\, no apostrophe at "
    "either end, and is not History",
    "Rename the sheet.",
)
def sheet_name_invalid(workbook: Workbook) -> Iterator[Fault]:
    """Names that Excel does not allow."""
    for sheet in workbook.sheets:
        title = sheet.title
        if not 1 <= len(title) <= LONGEST_TITLE:
            yield sheet.at(), f"the sheet's name has {len(title)} characters"
        if forbidden := sorted(_FORBIDDEN & set(title)):
            yield sheet.at(), f"the sheet's name holds {' '.join(forbidden)}"
        if title.startswith("'") or title.endswith("'"):
            yield sheet.at(), "the sheet's name begins or ends with an apostrophe"
        if title.casefold() == "history":
            yield sheet.at(), "Excel keeps the name History for itself"


@rule(
    "sheet-duplicate",
    "repair",
    "The sheets have different names and ids",
    "Rename one of the sheets.",
)
def sheet_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Names (without regard to case) and ids that two sheets share."""
    for title in repeated(sheet.title.casefold() for sheet in workbook.sheets):
        yield title, "two sheets have this name"
    for number in repeated(str(sheet.id) for sheet in workbook.sheets):
        yield workbook.part, f"two sheets have the id {number}"


@rule(
    "sheet-part",
    "repair",
    "Every sheet has a part of its own",
    "Delete the sheet from the workbook, or restore it from an earlier copy.",
)
def sheet_part(workbook: Workbook) -> Iterator[Fault]:
    """Sheets whose relationship leads nowhere or to another sheet's part."""
    for sheet in workbook.sheets:
        if sheet.part is None:
            yield sheet.at(), "the sheet's contents are not in the file"


@rule(
    "sheet-visible",
    "repair",
    "At least one sheet is visible",
    "Show a sheet.",
)
def sheet_visible(workbook: Workbook) -> Iterator[Fault]:
    """Workbooks with nothing to see."""
    if all(sheet.state != "visible" for sheet in workbook.sheets):
        yield workbook.part, "all sheets are hidden"


@rule(
    "active-tab",
    "repair",
    "The sheet that the file opens on exists",
    "Go to the first sheet and save the file.",
)
def active_tab(workbook: Workbook) -> Iterator[Fault]:
    """An active tab that is out of range."""
    if not 0 <= workbook.active_tab < len(workbook.sheets):
        yield workbook.part, f"the active tab is {workbook.active_tab}"


@rule(
    "calculation-chain",
    "repair",
    "Every entry of the calculation chain is a cell with a formula",
    "Delete the part calcChain.xml with its relationship; Excel makes it anew.",
)
def calculation_chain(workbook: Workbook) -> Iterator[Fault]:
    """Entries for cells that have no formula, or for sheets that do not exist."""
    sheets = {sheet.id: sheet for sheet in workbook.sheets}
    with_formula = {
        (sheet.id, cell.row, cell.column)
        for sheet in workbook.sheets
        for cell in sheet.cells
        if cell.formula is not None
    }
    for entry in workbook.chain:
        sheet, cell = sheets.get(entry.sheet), area(entry.ref)
        if sheet is None or cell is None:
            yield workbook.part, f"the chain has {entry.ref!r} of sheet {entry.sheet}"
        elif (sheet.id, cell.top, cell.left) not in with_formula and not (
            entry.array or any(held.holds(cell.top, cell.left) for held in sheet.array_areas)
        ):
            yield sheet.at(entry.ref), "the calculation chain has this cell, which has no formula"


@rule(
    "content-type",
    "repair",
    "Every part has a content type that says what it is",
    "Declare the part in [Content_Types].xml.",
)
def content_type(workbook: Workbook) -> Iterator[Fault]:
    """Parts without a type, or with none that says what they are."""
    package = workbook.package
    generic = {
        found.target
        for name in sources(package)
        for found in package.relationships(name)
        if not found.external and found.kind != "customXml"
    }
    for name in package.names:
        kind = package.content_type(name)
        if name != "[Content_Types].xml" and kind is None:
            yield name, "the part has no content type"
        elif name in generic and kind == "application/xml":
            yield name, "the part's content type says no more than XML"


@rule(
    "relationship-missing",
    "repair",
    "Every relationship leads to a part that exists",
    "Remove the relationship, or restore the part.",
)
def relationship_missing(workbook: Workbook) -> Iterator[Fault]:
    """Relationships within the package that lead nowhere."""
    for name in sources(workbook.package):
        for found in workbook.package.relationships(name):
            if found.target and not found.external and found.target not in workbook.package:
                where = workbook.package.relationships_part(name)
                yield where, f"relationship {found.id} leads to {found.target}, which is missing"


@rule(
    "relationship-duplicate",
    "repair",
    "The relationships of a part have different ids",
    "Give one of the two another id.",
)
def relationship_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Ids that two relationships of one part share."""
    for name in sources(workbook.package):
        for number in repeated(found.id for found in workbook.package.relationships(name)):
            where = workbook.package.relationships_part(name)
            yield where, f"two relationships have the id {number}"


@rule(
    "relationship-unknown",
    "repair",
    "Every relationship that the workbook or a sheet makes use of is declared",
    "Remove what refers to it (a table, drawing or link), or declare the relationship.",
)
def relationship_unknown(workbook: Workbook) -> Iterator[Fault]:
    """Ids in use that the part's relationships do not have."""
    used = [(workbook.part, workbook.relationship_ids)]
    used += [(sheet.part, sheet.relationship_ids) for sheet in workbook.sheets if sheet.part]
    for part, ids in used:
        declared = {found.id for found in workbook.package.relationships(part)}
        for number in ids:
            if number not in declared:
                yield part, f"relationship {number} is not declared"


def sources(package: Package) -> list[str]:
    """The package itself, as "", and the parts that have relationships."""
    return ["", *(name for name in package.names if package.relationships_part(name) in package)]
