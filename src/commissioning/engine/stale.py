"""Cached values that no longer hold: what a formula showed before the cells it depends on changed.

Dependence is judged by the cells, tables and names that a formula mentions, and by what these
depend on in turn. Rather a value too many is dropped than a wrong one kept: programs work it out
again when they open the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning.check.references import Area
from commissioning.engine import raw
from commissioning.engine.areas import WHOLE_SHEET
from commissioning.engine.mentions import mentions

if TYPE_CHECKING:
    from commissioning.engine.document import Document
    from commissioning.engine.formulas import Formula
    from commissioning.engine.mentions import Mentions
    from commissioning.engine.sheet import Worksheet

#: Rounds over all formulas in which cells are told apart; chains that wind more are rare.
_ROUNDS = 20


class _Dependent(NamedTuple):
    """A formula, what it mentions, and the cells among that: title of their sheet, and area."""

    formula: Formula
    mentioned: Mentions
    cells: list[tuple[str, Area]]


def drop_stale(document: Document) -> bool:
    """Take away the values of formulas that depend on what has changed and were not given new ones.

    Returns whether there were any.

    Raises:
        WorkbookError: a sheet is damaged.
    """
    changes = document.changes
    kept = {sheet: _dependents(sheet) for sheet in document.sheets} if changes else {}
    stale: dict[Worksheet, list[Formula]] = {sheet: [] for sheet in kept}
    rounds = 0
    while _spread(document, kept, stale):
        rounds += 1
        if rounds == _ROUNDS:
            changes.coarsen()
    dropped = [_drop(sheet, formulas) for sheet, formulas in stale.items() if formulas]
    return any(dropped)


def _dependents(sheet: Worksheet) -> list[_Dependent]:
    return [
        _Dependent(each, found, _places(found, sheet.title, each))
        for each in _formulas(sheet)
        for found in [mentions(each.text)]
    ]


def _formulas(sheet: Worksheet) -> list[Formula]:
    """The formulas of a sheet that were not given a value; it is parsed only if it must be."""
    if not sheet.is_parsed and (found := sheet.raw_formulas) is not None:
        return found
    return [each for each in sheet.grid.cell_formulas.all() if each[:2] not in sheet.given]


def _places(found: Mentions, title: str, formula: Formula) -> list[tuple[str, Area]]:
    """The cells that a formula on a sheet mentions."""
    if formula.home is None:
        return [(each.sheet or title, each.area) for each in found.cells]
    down, right = formula.row - formula.home[0], formula.column - formula.home[1]
    return [(each.sheet or title, each.moved(down, right)) for each in found.cells]


def _spread(
    document: Document,
    kept: dict[Worksheet, list[_Dependent]],
    stale: dict[Worksheet, list[Formula]],
) -> bool:
    """Move formulas that depend on what has changed to the stale ones; returns whether any did.

    What they show has changed too. The order is turned round, so that a column of which each cell
    depends on the next takes no more than two rounds, whichever way it runs.
    """
    changes, spread = document.changes, False
    _spread_over_names(document)
    for sheet, dependents in kept.items():
        rest = []
        for each in dependents:
            if changes.reach(each.mentioned, each.cells):
                place = each.formula[:2]
                sheet.note(each.formula.filled or Area(*place, *place))
                stale[sheet].append(each.formula)
            else:
                rest.append(each)
        spread |= len(rest) < len(dependents)
        kept[sheet] = rest[::-1]
    return spread


def _spread_over_names(document: Document) -> None:
    """Add the names that depend on what has changed, and those that depend on them."""
    names, changes = document.defined, document.changes
    size = -1
    while size != len(changes.names):
        size = len(changes.names)
        for name in names:
            found = mentions(name.text)
            # Which cells a reference without $ means depends on where the name is used.
            cells = [
                (each.sheet or name.title or "", each.area if all(each.fixed) else WHOLE_SHEET)
                for each in found.cells
            ]
            if changes.reach(found, cells):
                changes.names.add(name.key)


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
