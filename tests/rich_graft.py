"""The sheets of a workbook that XlsxWriter makes, put into another workbook.

Its parts are taken over under free names; styles and shared strings are appended to those of the
workbook, and the sheets' indexes moved accordingly.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import xlsxwriter
from lxml import etree

from rich_package import BOOK, MAIN, RELATION, STRINGS, STYLES, Draft, section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

#: Lists of styles.xml: name -> attribute by which cell formats point into it.
_STYLES = {"fonts": "fontId", "fills": "fillId", "borders": "borderId"}
#: Each workbook has these once: they are merged, or stay as they are.
_SINGLE = {BOOK, STYLES, STRINGS, "xl/theme/theme1.xml"}
#: Where the ids of own number formats begin in the result, above those of either workbook.
_NUMBER_FORMATS = 200


def graft(draft: Draft, write: Callable[[xlsxwriter.Workbook], None]) -> None:
    """Add the sheets that `write` puts into a new workbook, and all that belongs to them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        write(book)
    donor = Draft(stream.getvalue())
    styles = _add_styles(draft, donor)
    strings = _add_strings(draft, donor)
    names = _add_parts(draft, donor)
    for new in names.values():
        if "/worksheets/sheet" in new:
            with draft.edit(new) as sheet:
                _move_indexes(sheet, styles, strings)
        elif "/tables/" in new:
            with draft.edit(new) as table:
                table.set("id", re.findall(r"\d+", new)[-1])
    _add_sheets(draft, donor, names)


def _add_parts(draft: Draft, donor: Draft) -> Mapping[str, str]:
    """Take the parts over; returns their new names."""
    names = {}
    for old, data in donor.parts.items():
        if old.startswith("xl/") and old not in _SINGLE and not old.endswith(".rels"):
            numbered = re.sub(r"\d+(?=\.\w+$)", "#", old)
            names[old] = draft.add(numbered, data, donor.type_of(old))
    for old, new in names.items():
        _copy_relations(draft, donor, names, (old, new))
    for relation in donor.relations(BOOK):
        if relation.target in names and not relation.type.endswith("sheet"):
            draft.relate(BOOK, relation.type, names[relation.target])
    return names


def _copy_relations(
    draft: Draft, donor: Draft, names: Mapping[str, str], part: tuple[str, str]
) -> None:
    """Relate a new part, under the same ids, as the old one is."""
    old, new = part
    for relation in donor.relations(old):
        target = relation.target if relation.external else names[relation.target]
        given = draft.relate(new, relation.type, target, external=relation.external)
        assert given == relation.id, f"{old} numbers its relationships in another order"


def _add_styles(draft: Draft, donor: Draft) -> Mapping[str, int]:
    """Append the donor's styles; returns by how much cell formats and differing ones move."""
    theirs = etree.fromstring(donor.parts[STYLES])
    with draft.edit(STYLES) as ours:
        moves = {name: len(section(ours, name)) for name in (*_STYLES, "cellXfs", "dxfs")}
        for number_format in theirs.iterfind(f"{MAIN}numFmts/{MAIN}numFmt"):
            number_format.set("numFmtId", str(_moved_format(number_format.get("numFmtId", ""))))
        for xf in theirs.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
            xf.set("numFmtId", str(_moved_format(xf.get("numFmtId", ""))))
            for name, attribute in _STYLES.items():
                xf.set(attribute, str(int(xf.get(attribute, "")) + moves[name]))
        for name in ("numFmts", *moves):
            for child in theirs.iterfind(f"{MAIN}{name}/*"):
                section(ours, name).append(child)
            section(ours, name).set("count", str(len(section(ours, name))))
    return moves


def _moved_format(number: str) -> int:
    return int(number) + _NUMBER_FORMATS if int(number) >= 164 else int(number)


def _add_strings(draft: Draft, donor: Draft) -> int:
    """Append the donor's shared strings; returns by how much their indexes move."""
    theirs = etree.fromstring(donor.parts[STRINGS]) if STRINGS in donor.parts else ()
    return draft.add_strings(theirs)


def _move_indexes(sheet: _Element, styles: Mapping[str, int], strings: int) -> None:
    for cell in sheet.iter(f"{MAIN}c"):
        cell.set("s", str(int(cell.get("s", "0")) + styles["cellXfs"]))
        value = cell.find(f"{MAIN}v")
        if cell.get("t") == "s" and value is not None:
            value.text = str(int(value.text or "") + strings)
    for element, attribute in (("row", "s"), ("col", "style")):
        for styled in sheet.iterfind(f".//{MAIN}{element}[@{attribute}]"):
            styled.set(attribute, str(int(styled.get(attribute, "")) + styles["cellXfs"]))
    for rule in sheet.iterfind(f".//{MAIN}cfRule[@dxfId]"):
        rule.set("dxfId", str(int(rule.get("dxfId", "")) + styles["dxfs"]))
    for view in sheet.iterfind(f".//{MAIN}sheetView[@tabSelected]"):
        del view.attrib["tabSelected"]


def _add_sheets(draft: Draft, donor: Draft, names: Mapping[str, str]) -> None:
    """Name the new sheets in the workbook, and the names that were defined with them."""
    theirs = etree.fromstring(donor.parts[BOOK])
    with draft.edit(BOOK) as ours:
        sheets = section(ours, "sheets")
        before = len(sheets)
        for sheet in section(theirs, "sheets"):
            part = donor.sheet(sheet.get("name", ""))
            kind = next(r.type for r in donor.relations(BOOK) if r.target == part)
            sheets.append(sheet)
            sheet.set("sheetId", str(len(sheets)))
            sheet.set(RELATION, draft.relate(BOOK, kind, names[part]))
        for name in theirs.iterfind(f"{MAIN}definedNames/*"):
            if "localSheetId" in name.attrib:
                name.set("localSheetId", str(int(name.get("localSheetId", "")) + before))
            section(ours, "definedNames").append(name)
