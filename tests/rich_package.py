"""A package taken apart: parts are added and edited by hand, as Excel would leave them."""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

TYPES, BOOK, STYLES = "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN = f"{{{_MAIN}}}"
RELATION = f"{{{OFFICE}}}id"

#: Prefixes of the fragments in the fixtures.
_PREFIXES = {
    "r": OFFICE,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "x14": f"{MICROSOFT}/spreadsheetml/2009/9/main",
    "x14ac": f"{MICROSOFT}/spreadsheetml/2009/9/ac",
    "x15": f"{MICROSOFT}/spreadsheetml/2010/11/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "xm": f"{MICROSOFT}/excel/2006/main",
    "xr": f"{MICROSOFT}/spreadsheetml/2014/revision",
    "xr3": f"{MICROSOFT}/spreadsheetml/2016/revision3",
}

#: Children of a worksheet and of a workbook in the order of the schema.
_ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks ignoredErrors drawing legacyDrawing legacyDrawingHF tableParts
    fileVersion workbookPr workbookProtection bookViews sheets definedNames calcPr pivotCaches
    extLst
""".split()  # noqa: SIM905


class Relation(NamedTuple):
    """A relationship of a part; `target` is the name of a part, or an address where `external`."""

    id: str
    type: str
    target: str
    external: bool


class Draft:
    """The parts of a package, name -> bytes, open to every change."""

    def __init__(self, data: bytes) -> None:
        """Take a package apart."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def zipped(self) -> bytes:
        """The package; pictures are stored without compression, as some programs do."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                entry = zipfile.ZipInfo(name, (2026, 11, 22, 9, 30, 0))
                stored = name.endswith(".png")
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        return stream.getvalue()

    @contextlib.contextmanager
    def edit(self, name: str) -> Iterator[_Element]:
        """The root element of a part, written back at the end."""
        root = etree.fromstring(self.parts[name])
        yield root
        self.parts[name] = serialised(root)

    def add(self, name: str, data: str | bytes, content_type: str) -> str:
        """Add a part, given as bytes or as the XML of its root element; returns its name.

        A `#` in the name stands for the next free number.
        """
        name = self.free(name)
        self.parts[name] = serialised(fragment(data)) if isinstance(data, str) else data
        self.set_type(name, content_type)
        return name

    def set_type(self, name: str, content_type: str) -> None:
        """Declare the content type of a part."""
        with self.edit(TYPES) as types:
            for old in types.findall(f"{{*}}Override[@PartName='/{name}']"):
                types.remove(old)
            override = etree.SubElement(types, types.tag.replace("Types", "Override"))
            override.attrib.update({"PartName": f"/{name}", "ContentType": content_type})

    def type_of(self, name: str) -> str:
        """The content type of a part."""
        types = etree.fromstring(self.parts[TYPES])
        found = types.find(f"{{*}}Override[@PartName='/{name}']")
        if found is None:
            found = types.find(f"{{*}}Default[@Extension='{name.rpartition('.')[2]}']")
        assert found is not None, name
        return found.get("ContentType", "")

    def free(self, name: str) -> str:
        """The name with the first number in place of `#` that no part has."""
        numbers = range(1, len(self.parts) + 2)
        return next(free for n in numbers if (free := name.replace("#", str(n))) not in self.parts)

    def relations(self, source: str) -> list[Relation]:
        """The relationships of a part, in their order."""
        part = relations_part(source)
        if part not in self.parts:
            return []
        folder = posixpath.join("/", posixpath.dirname(source))
        found = []
        for each in etree.fromstring(self.parts[part]):
            target, external = each.get("Target", ""), each.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            found.append(Relation(each.get("Id", ""), each.get("Type", ""), target, external))
        return found

    def relate(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """Relate a part to another part or to an address; returns the relationship's id."""
        part = relations_part(source)
        namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
        self.parts.setdefault(part, f'<Relationships xmlns="{namespace}"/>'.encode())
        with self.edit(part) as root:
            relation = etree.SubElement(root, f"{{{namespace}}}Relationship")
            found = (
                f"rId{1 + max((int(each.id[3:]) for each in self.relations(source)), default=0)}"
            )
            relation.attrib.update({"Id": found, "Type": kind, "Target": target})
            if external:
                relation.set("TargetMode", "External")
            else:
                relation.set("Target", posixpath.relpath(target, posixpath.dirname(source) or "."))
        return found

    def sheet(self, title: str) -> str:
        """The part of a sheet."""
        book = etree.fromstring(self.parts[BOOK])
        sheet = book.find(f"{MAIN}sheets/{MAIN}sheet[@name='{title}']")
        assert sheet is not None, title
        return next(r.target for r in self.relations(BOOK) if r.id == sheet.attrib[RELATION])

    def related(self, source: str, kind: str) -> str:
        """The first part that a part has a relationship of a kind with, such as "table"."""
        return next(r.target for r in self.relations(source) if r.type.endswith(f"/{kind}"))

    def add_strings(self, items: Iterable[_Element]) -> int:
        """Append items to the shared strings; returns the index of the first."""
        if STRINGS not in self.parts:
            self.add(STRINGS, "<sst/>", f"{SHEETML}.sharedStrings+xml")
            self.relate(BOOK, f"{OFFICE}/sharedStrings", STRINGS)
        with self.edit(STRINGS) as strings:
            first = len(strings)
            strings.extend(items)
            for count in ("count", "uniqueCount"):
                strings.set(count, str(len(strings)))
        return first


def add_style(draft: Draft, kind: str, style: str) -> int:
    """Append to a list of the styles, such as "dxfs"; returns the index."""
    with draft.edit(STYLES) as styles:
        add_all(styles, kind, style)
        return len(section(styles, kind)) - 1


def fragment(text: str) -> _Element:
    """An element from XML with the usual prefixes, of which it declares those that it uses."""
    tag, rest = re.match(r"<([\w:]+)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    prefixes = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _PREFIXES.items())
    main = "" if ' xmlns="' in rest.partition(">")[0] else f'xmlns="{_MAIN}"'
    element = etree.fromstring(f"<{tag} {main} {prefixes} {rest}")
    etree.cleanup_namespaces(element)
    return element


def place(root: _Element, element: _Element) -> _Element:
    """Put a child where the schema of a worksheet or a workbook has it; returns the child."""
    rank = _ORDER.index(etree.QName(element).localname)
    later = (i for i, child in enumerate(root) if _ORDER.index(_local(child)) > rank)
    root.insert(next(later, len(root)), element)
    return element


def section(root: _Element, name: str) -> _Element:
    """The child of that name, added in its place where there is none."""
    found = root.find(f"{MAIN}{name}")
    return place(root, fragment(f"<{name}/>")) if found is None else found


def add_all(root: _Element, name: str, *children: str) -> None:
    """Add children to the child of that name, and count them where it says how many it has."""
    parent = section(root, name)
    parent.extend(map(fragment, children))
    if "count" in parent.attrib:
        parent.set("count", str(len(parent)))


def serialised(root: _Element) -> bytes:
    """The bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _local(element: _Element) -> str:
    return re.sub(r"\{.*\}", "", str(element.tag))


def relations_part(source: str) -> str:
    """The part with the relationships of a part."""
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")
