"""The hyperlinks of a worksheet.

Standard: ECMA-376 part 1, 18.3.1.47 (hyperlink); part 2, 9.3 (relationships).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from commissioning.check.references import Area, area
from commissioning.check.xml import MAIN, RELATIONSHIP, child, children

if TYPE_CHECKING:
    from lxml.etree import _Element

    from commissioning.engine.sheet import Worksheet

_ID = f"{RELATIONSHIP}id"
_OFFICE = RELATIONSHIP.strip("{}")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONS = f'<Relationships xmlns="{_PACKAGE}"/>'
#: What stands before the hyperlinks in a worksheet part, the last first.
_BEFORE = (
    *("dataValidations", "conditionalFormatting", "phoneticPr", "mergeCells", "customSheetViews"),
    *("dataConsolidate", "sortState", "autoFilter", "scenarios", "protectedRanges"),
    *("sheetProtection", "sheetCalcPr", "sheetData"),
)
#: Characters of an address and of the text that shows over it, as Excel takes them.
_LONGEST_ADDRESS, _LONGEST_TIP = 2_079, 255


class Links:
    """The hyperlinks of a worksheet."""

    def __init__(self, sheet: Worksheet) -> None:
        """Take the sheet."""
        self._sheet = sheet
        self._parts = sheet.document.parts
        self._root = self._parts.root(sheet.part)
        self._relations = sheet.document.package.relationships_part(sheet.part)

    def address(self, block: Area) -> str:
        """Where the link of a cell leads; one inside the workbook begins with #.

        Raises:
            WorkbookError: the cell has no link.
        """
        found = self._covering(block)
        if found is None:
            fault, remedy = f"has no hyperlink in {block}", "check the cell"
            raise self._sheet.error(fault, remedy)
        return self._address(found)

    def add(self, block: Area, address: str, tip: str | None) -> None:
        """Let the cells of an area lead to an address, or with # to a place in the workbook.

        Raises:
            WorkbookError: the sheet is protected, or the address is too long for Excel.
        """
        found = self._of(block)
        tip = (tip or "")[:_LONGEST_TIP]
        if (
            found is not None
            and self._address(found) == address
            and found.get("tooltip", "") == tip
        ):
            return
        if self._sheet.grid.protected:
            raise self._sheet.grid.locked(f"the link in {block}")
        if len(address) > _LONGEST_ADDRESS:
            fault = f"cannot hold a link of {len(address):,} characters in {block}"
            raise self._sheet.error(fault, "shorten the address")
        link = self._new() if found is None else found
        link.attrib.clear()
        link.set("ref", str(block))
        if address.startswith("#"):
            link.set("location", address[1:])
        else:
            link.set(_ID, self._related(address))
        if tip:
            link.set("tooltip", tip)
        self._sheet.touch(self._sheet.part)

    def _of(self, block: Area) -> _Element | None:
        links = children(self._root, "hyperlinks", "hyperlink")
        return next((link for link in links if area(link.get("ref", "")) == block), None)

    def _covering(self, block: Area) -> _Element | None:
        for link in children(self._root, "hyperlinks", "hyperlink"):
            found = area(link.get("ref", ""))
            if found is not None and found.holds(block.top, block.left):
                return link
        return None

    def _address(self, link: _Element) -> str:
        identity = link.get(_ID)
        known = identity is not None and self._relations in self._parts
        related = self._parts.root(self._relations).iterchildren("*") if known else ()
        target = next(
            (each.get("Target", "") for each in related if each.get("Id") == identity), ""
        )
        location = link.get("location")
        return f"{target}#{location}" if location else target

    def _new(self) -> _Element:
        links = child(self._root, "hyperlinks")
        if links is None:
            links = self._root.makeelement(f"{MAIN}hyperlinks")
            before = (list(children(self._root, name)) for name in _BEFORE)
            next(each for each in before if each)[-1].addnext(links)
        return etree.SubElement(links, f"{MAIN}hyperlink")

    def _related(self, address: str) -> str:
        """The id of the relationship to an address, a new one where there is none."""
        root = self._relations_root()
        for relation in root.iterchildren("*"):
            if relation.get("TargetMode") == "External" and relation.get("Target") == address:
                return str(relation.get("Id"))
        taken = {relation.get("Id") for relation in root.iterchildren("*")}
        identity = next(name for n in range(len(taken) + 1) if (name := f"rId{n + 1}") not in taken)
        attributes = {
            "Id": identity,
            "Type": f"{_OFFICE}/hyperlink",
            "Target": address,
            "TargetMode": "External",
        }
        etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", attributes)
        self._parts.touch(self._relations)
        return identity

    def _relations_root(self) -> _Element:
        """The root of the sheet's relationships, a new one where it has none."""
        if self._relations not in self._parts:
            self._parts.add(self._relations, etree.fromstring(_NO_RELATIONS))
        return self._parts.root(self._relations)
