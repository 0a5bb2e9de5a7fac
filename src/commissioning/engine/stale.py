"""Cached values that no longer hold: what a formula showed before the cells it depends on changed.

Dependence is judged by the tables, sheets and names that a formula mentions, and by what these
depend on in turn. Rather a value too many is dropped than a wrong one kept: programs work it out
again when they open the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.references import Area
from commissioning.engine import raw
from commissioning.engine.mentions import mentions

if TYPE_CHECKING:
    from commissioning.engine.document import Changes, Document
    from commissioning.engine.formulas import Formula
    from commissioning.engine.sheet import Worksheet


def drop_stale(document: Document) -> bool:
    """Take away the values of formulas that depend on what has changed and were not given new ones.

    Returns whether there were any.

    Raises:
        WorkbookError: a sheet is damaged.
    """
    changes = document.changes
    kept = {sheet: _formulas(sheet) for sheet in document.sheets} if changes.size else {}
    stale: dict[Worksheet, list[Formula]] = {sheet: [] for sheet in kept}
    size = -1
    while size != changes.size:
        size = changes.size
        _spread_over_names(document)
        for sheet, formulas in kept.items():
            depending = {each for each in formulas if _depends(each.text, sheet.title, changes)}
            for each in depending:
                sheet.note(each.filled or Area(each.row, each.column, each.row, each.column))
            stale[sheet] += depending
            kept[sheet] = [each for each in formulas if each not in depending]
    dropped = [_drop(sheet, formulas) for sheet, formulas in stale.items() if formulas]
    return any(dropped)


def _formulas(sheet: Worksheet) -> list[Formula]:
    """The formulas of a sheet that were not given a value; it is parsed only if it must be."""
    if not sheet.is_parsed and (found := sheet.raw_formulas) is not None:
        return found
    return [each for each in sheet.grid.cell_formulas.all() if each[:2] not in sheet.given]


def _spread_over_names(document: Document) -> None:
    """Add the names that depend on what has changed, and those that depend on them."""
    names, changes = document.defined, document.changes
    size = -1
    while size != changes.size:
        size = changes.size
        changes.names |= {
            name.key for name in names if _depends(name.text, name.title or "", changes)
        }


def _depends(text: str, title: str, changes: Changes) -> bool:
    """Whether a formula on a sheet may show something else now."""
    found = mentions(text)
    own = {title.casefold()} if found.own else frozenset()
    return (
        found.anything
        or not changes.sheets.isdisjoint(found.sheets | own)
        or not changes.tables.isdisjoint(found.tables | found.words)
        or not changes.names.isdisjoint(found.words)
    )


def _drop(sheet: Worksheet, formulas: list[Formula]) -> bool:
    places = {each[:2] for each in formulas}
    spilled = [each.filled for each in formulas if each.filled is not None]
    if not sheet.is_parsed:
        old = sheet.document.package.read(sheet.part)
        return sheet.document.parts.replace(sheet.part, raw.without_values(old, places, spilled))
    dropped = sheet.grid.drop_values(places, spilled)
    if dropped:
        sheet.touch(sheet.part)
    return dropped
