"""From openpyxl's workbook to the bytes of the file: cached values, alternative text.

openpyxl writes a formula without its value, a chart without alternative text, and the time at
which it does so; the parts are completed here, before they are zipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from openpyxl.writer.excel import ExcelWriter

from commissioning.packing import zipped
from commissioning.workbook.book import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openpyxl import Workbook

    from commissioning.cells import Value
    from commissioning.workbook.layout import Layout

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"

#: Order of a font's children in the schema; openpyxl has another.
_FONT_ORDER = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
]


class _Parts(dict[str, bytes]):
    """Takes the parts that openpyxl would put into a zip file."""

    def writestr(self, name: str, data: str | bytes) -> None:
        self[name] = data.encode() if isinstance(data, str) else data

    def write(self, file: str, name: str) -> None:
        self[name] = Path(file).read_bytes()

    def namelist(self) -> list[str]:
        return list(self)

    def close(self) -> None:
        """There is nothing to close."""


def finish(
    workbook: Workbook,
    layout: Layout,
    cached: Mapping[str, Mapping[str, Value]],
) -> bytes:
    """The bytes of the file.

    Args:
        workbook: as openpyxl holds it, one worksheet for each sheet of the layout.
        layout: the declarations it was written from.
        cached: value of every formula, by sheet and cell.
    """
    parts = _Parts()
    ExcelWriter(workbook, parts).save()  # type: ignore[arg-type]  # as far as it is used, a zip file
    for place, sheet in enumerate(layout.sheets, 1):
        name = f"xl/worksheets/sheet{place}.xml"
        root = etree.fromstring(parts[name])
        _write_values(root, cached[sheet.name])
        _free_heights(root, sheet.header_row)
        parts[name] = _serialised(root)
    parts["docProps/core.xml"] = _without_times(parts["docProps/core.xml"])
    parts["xl/styles.xml"] = _with_ordered_fonts(parts["xl/styles.xml"])
    _describe(parts, (chart.description for sheet in layout.sheets for chart in sheet.charts))
    for name in [name for name in parts if name.startswith("xl/charts/chart")]:
        parts[name] = _with_own_formats(parts[name])
    # Programs that sniff a file's type look for its content types first.
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    return zipped({name: parts[name] for name in names}, compressed=True)


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _write_values(root: etree._Element, cached: Mapping[str, Value]) -> None:
    """Write every formula's value beside it."""
    for formula in root.iter(f"{MAIN}f"):
        cell = formula.getparent()
        if cell is None or cell.tag != f"{MAIN}c":
            continue
        value = cell.find(f"{MAIN}v")
        if value is None:
            value = etree.SubElement(cell, f"{MAIN}v")
        kind, value.text = _cached(cached[str(cell.attrib["r"])])
        if kind:
            cell.set("t", kind)


def _free_heights(root: etree._Element, header_row: int) -> None:
    """Let the rows of the table grow with what is typed into them."""
    for row in root.iter(f"{MAIN}row"):
        if int(row.attrib["r"]) > header_row:
            row.attrib.pop("customHeight", "")


def _cached(value: Value) -> tuple[str | None, str]:
    """Type and text of a cached value."""
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, str):
        return ("e" if value.startswith("#") else "str"), value
    # Adding 0 turns a negative zero into a plain one; 15 digits are the same on every machine.
    return None, f"{number(value) + 0:.15g}"


def _without_times(part: bytes) -> bytes:
    """The document's properties without the times of making it, which no two runs share."""
    root = etree.fromstring(part)
    for child in root:
        if etree.QName(child).localname in ("created", "modified"):
            root.remove(child)
    return _serialised(root)


def _with_ordered_fonts(part: bytes) -> bytes:
    root = etree.fromstring(part)
    for font in root.iter(f"{MAIN}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return _serialised(root)


def _describe(parts: dict[str, bytes], descriptions: Iterable[str]) -> None:
    """Give each chart, in order, its alternative text."""
    described = iter(descriptions)
    drawings = [name for name in parts if name.startswith("xl/drawings/drawing")]
    for name in sorted(drawings, key=lambda each: (len(each), each)):
        root = etree.fromstring(parts[name])
        for properties in root.iter(f"{DRAWING}cNvPr"):
            properties.set("descr", next(described))
        parts[name] = _serialised(root)


def _with_own_formats(part: bytes) -> bytes:
    """The chart with labels in their own number format, not in that of the cells."""
    root = etree.fromstring(part)
    for labels in root.iter(f"{CHART}dLbls"):
        for number_format in labels.iter(f"{CHART}numFmt"):
            number_format.set("sourceLinked", "0")
    return _serialised(root)
