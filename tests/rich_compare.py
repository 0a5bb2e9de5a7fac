"""What a refresh has lost of an officer's workbook, part by part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from rich_package import BOOK, MAIN, STYLES, TYPES, Draft, section

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from lxml.etree import _Element

    from commissioning.workbook.layout import Layout

_BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
#: Of the parts that all share, these may be edited.
SHARED = {TYPES, BOOK, _BOOK_RELATIONS, STYLES}
#: Counts and hints follow from what is there.
_FOLLOWING = {"count", "spans"}
#: Worked out anew by Excel, compared by themselves, or following from what is there.
_REPLACED = {"calcPr", "dimension", "sheetData", "numCache", "strCache"}


def ours(draft: Draft, layout: Layout) -> dict[str, set[str]]:
    """The cells that a refresh may fill, by the part of their sheet.

    These are the lines above the tables, and in the tables all but keys, the officer's columns
    and columns of the officer's own.
    """
    return {draft.sheet(sheet.name): _ours(draft, layout, sheet.name) for sheet in layout.sheets}


def _ours(draft: Draft, layout: Layout, name: str) -> set[str]:
    table = etree.fromstring(draft.parts[draft.related(draft.sheet(name), "table")])
    declared = layout.tables[table.get("name", "")]
    fillable = {c.heading for c in declared.columns if not c.input} - {declared.key}
    left, top, _, bottom = map(int, range_boundaries(table.get("ref", "")))  # type: ignore[arg-type]
    places = {f"A{row}" for row in range(1, top)}
    for number, column in enumerate(section(table, "tableColumns"), left):
        if column.get("name") in fillable:
            letter = get_column_letter(number)
            places |= {f"{letter}{row}" for row in range(top + 1, bottom + 1)}
    return places


def cells(part: bytes) -> dict[str, _Element]:
    """The cells of a sheet by their reference."""
    return {cell.get("r", ""): cell for cell in etree.fromstring(part).iter(f"{MAIN}c")}


def lost(before: bytes, after: bytes, fillable: Container[str] = ()) -> list[str]:
    """What a part no longer has: attributes, elements, texts; in a sheet rows and cells too.

    Args:
        before: the part as the officer left it.
        after: the part as it is now.
        fillable: cells whose content may change; their style may not.
    """
    old, new = etree.fromstring(before), etree.fromstring(after)
    return [
        *_lost(old, new),
        *_lost_rows(old, new),
        *_lost_cells(cells(before), cells(after), fillable),
    ]


def _lost(old: _Element, new: _Element) -> Iterator[str]:
    """What an element has lost; of its children each must be found again, in any order."""
    yield from _lost_attributes(old, new)
    if not _grown(old.text or "", new.text or ""):
        yield f"{_name(old)}: {old.text!r} has become {new.text!r}"
    left = list(new)
    for child in old:
        if _name(child) in _REPLACED or _is_of_chain(child):
            continue
        found = next((c for c in left if c.tag == child.tag and not [*_lost(child, c)]), None)
        if found is None:
            yield f"{_name(old)} lacks {_xml(child)[:300]}"
        else:
            left.remove(found)


def _is_of_chain(element: _Element) -> bool:
    """Whether an element declares the calculation chain, which goes when formulas come."""
    return (element.get("PartName") or element.get("Target") or "").endswith("calcChain.xml")


def _lost_attributes(old: _Element, new: _Element) -> Iterator[str]:
    for name in map(str, old.keys()):
        before, after = old.get(name, ""), new.get(name, "")
        if name not in _FOLLOWING and not _grown(before, after):
            yield f"{_name(old)} {old.get('r', '')}: {name}={before!r} has become {after!r}"


def _lost_rows(old: _Element, new: _Element) -> Iterator[str]:
    """What rows have lost; those whose height nobody set may be fitted to their texts anew."""
    rows = {row.get("r"): row for row in new.iter(f"{MAIN}row")}
    for row in old.iter(f"{MAIN}row"):
        found = rows.get(row.get("r"))
        if found is None:
            yield f"row {row.get('r')} is gone"
            continue
        if "customHeight" not in row.attrib:
            row.attrib.pop("ht", "")
        yield from _lost_attributes(row, found)


def _lost_cells(
    old: dict[str, _Element], new: dict[str, _Element], fillable: Container[str]
) -> Iterator[str]:
    for place, cell in old.items():
        if place not in new:
            yield f"the cell {place} is gone"
        elif place in fillable:
            if new[place].get("s") != cell.get("s"):
                yield f"{place} has another style"
        elif _content(cell) != _content(new[place]):
            yield f"{place} has become {_content(new[place])}"


def _content(cell: _Element) -> str:
    """A cell as text; the value of a formula follows from others and is left out."""
    formula = cell.find(f"{MAIN}f")
    if formula is None:
        return _xml(cell)
    return f"{sorted(item for item in cell.items() if item[0] != 't')} {_xml(formula)}"


def _xml(element: _Element) -> str:
    return etree.tostring(element, method="c14n", with_tail=False).decode()


def _grown(old: str, new: str) -> bool:
    """Whether a text is the same, but for areas that now end in a later row."""
    if old == new:
        return True
    pairs = list(zip(old.split(), new.split(), strict=False))
    return len(old.split()) == len(new.split()) and all(_area_grown(*pair) for pair in pairs)


def _area_grown(old: str, new: str) -> bool:
    ends = [re.fullmatch(r"(.*\w\$?\d+:\$?[A-Z]+\$?)(\d+)", text) for text in (old, new)]
    if not ends[0] or not ends[1]:
        return old == new
    return ends[0][1] == ends[1][1] and int(ends[0][2]) <= int(ends[1][2])


def _name(element: _Element) -> str:
    return etree.QName(element).localname


def charts(book: Draft, sheet: str) -> set[str]:
    """The parts of the charts on a sheet."""
    drawings = [each.target for each in book.relations(sheet) if each.type.endswith("/drawing")]
    related = [each for drawing in drawings for each in book.relations(drawing)]
    return {each.target for each in related if each.type.endswith("/chart")}


def drawn(chart: bytes) -> bytes:
    """The part of a chart, but for the values that it keeps of its cells."""
    root = etree.fromstring(chart)
    for cache in [*root.iter("{*}numCache"), *root.iter("{*}strCache")]:
        parent = cache.getparent()
        assert parent is not None
        parent.remove(cache)
    return etree.tostring(root, method="c14n")
