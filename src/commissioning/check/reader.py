"""Reading a workbook's package into the model of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.cells import CellReader
from commissioning.check.model import (
    ChainEntry,
    Column,
    Conditional,
    DefinedName,
    Shape,
    Sheet,
    Table,
    TableColumn,
    Validation,
    Workbook,
)
from commissioning.check.package import Package, Relationship
from commissioning.check.styles import Styles, read_styles
from commissioning.check.xml import (
    COMPATIBILITY,
    DRAWING,
    MAIN,
    ON_SHEET,
    RELATIONSHIP,
    child,
    children,
    decimal,
    flag,
    integer,
    text_of,
    unescape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

#: Cells of a workbook that fit into the memory of an officer's machine.
MOST_CELLS = 10_000_000

_BINARY = "application/vnd.ms-excel.sheet.binary"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_FAMILIES = {
    "wordprocessingml": "a Word document",
    "ms-word": "a Word document",
    "presentationml": "a PowerPoint presentation",
    "ms-powerpoint": "a PowerPoint presentation",
}


def read_workbook(path: Path) -> Workbook:
    """Read a workbook of Excel 2007 or later (.xlsx, .xlsm and their templates and add-ins).

    Raises:
        WorkbookError: the file cannot be read, is no such workbook, or is not safe to read.
    """
    package = Package(path)
    part = main_part(package)
    root = package.xml(part)
    if root.tag != f"{MAIN}workbook":
        raise not_a_workbook(package, root)
    related = package.relationships(part)
    sheets = _sheets(package, root, related)
    if not sheets:
        raise package.error("has no sheets", "check that it is the workbook that you mean")
    theme = _part(package, related, "theme")
    view = child(root, "bookViews", "workbookView")
    calculation = child(root, "calcPr")
    return Workbook(
        package=package,
        part=part,
        sheets=sheets,
        names=list(_names(root)),
        styles=_styles(package, related, theme),
        active_tab=0 if view is None else _active_tab(view),
        properties=_properties(package),
        calculation={}
        if calculation is None
        else {str(key): str(value) for key, value in calculation.items()},
        chain=list(_chain(_part(package, related, "calcChain"))),
        relationship_ids=_relationship_ids(root),
    )


def main_part(package: Package) -> str:
    """The name of the part that holds the workbook.

    Raises:
        WorkbookError: the package is none of Excel 2007 or later.
    """
    part = next(
        (found.target for found in package.relationships() if found.kind == "officeDocument"), ""
    )
    kind = package.content_type(part) or ""
    if kind.startswith(_BINARY):
        raise package.error("is a binary workbook (.xlsb)", "open it in Excel and save it as .xlsx")
    for family, name in _FAMILIES.items():
        if family in kind:
            raise package.error(f"is {name}, not a workbook", "give the name of a workbook")
    if not part:
        raise package.error("is not an Excel workbook", "give the name of a workbook")
    return part


def not_a_workbook(package: Package, root: _Element) -> Exception:
    """The error for a main part that is not a workbook's, by its root element."""
    if root.tag.startswith(_STRICT):
        return package.error(
            "is a Strict Open XML workbook", 'open it in Excel and save it as "Excel Workbook"'
        )
    return package.error("is not an Excel workbook", "give the name of a workbook")


def _part(package: Package, related: list[Relationship], kind: str) -> _Element | None:
    """The root of the first related part of a kind; None where there is none."""
    names = (found.target for found in related if found.kind == kind and not found.external)
    return next((package.xml(name) for name in names if name in package), None)


def _styles(package: Package, related: list[Relationship], theme: _Element | None) -> Styles:
    return read_styles(_part(package, related, "styles"), theme)


def _active_tab(view: _Element) -> int:
    index = integer(view.get("activeTab", "0"))
    return -1 if index is None else index


def _names(root: _Element) -> Iterator[DefinedName]:
    for element in children(root, "definedNames", "definedName"):
        scope = element.get("localSheetId")
        index = integer(scope)
        yield DefinedName(
            element.get("name", ""),
            element.text or "",
            -1 if scope is not None and index is None else index,
        )


def _properties(package: Package) -> dict[str, str]:
    root = _part(package, package.relationships(), "core-properties")
    if root is None:
        return {}
    return {element.tag.rpartition("}")[2]: element.text or "" for element in root}


def _chain(root: _Element | None) -> Iterator[ChainEntry]:
    sheet = 0
    for element in children(root, "c"):
        # An entry without a sheet is on the sheet of the entry before it.
        sheet = integer(element.get("i")) or sheet
        yield ChainEntry(sheet, element.get("r", ""), flag(element.get("a")))


def _relationship_ids(root: _Element) -> list[str]:
    return [
        str(value)
        for element in root.iter()
        for name, value in element.items()
        if str(name).startswith(RELATIONSHIP)
    ]


def _sheets(package: Package, root: _Element, related: list[Relationship]) -> list[Sheet]:
    strings: list[str] = []
    for found in related:
        if found.kind == "sharedStrings" and found.target in package:
            package.stream(
                found.target, f"{MAIN}si", lambda element: strings.append(text_of(element))
            )
    parts = {found.id: found for found in related if found.target in package}
    sheets: list[Sheet] = []
    room = MOST_CELLS
    for element in children(root, "sheets", "sheet"):
        part = parts.get(element.get(f"{RELATIONSHIP}id", ""))
        if part and part.target in {sheet.part for sheet in sheets}:
            part = None
        sheet = Sheet(
            title=element.get("name", ""),
            id=integer(element.get("sheetId")),
            state=element.get("state", "visible"),
            part=part.target if part else None,
            worksheet=part is not None and part.kind == "worksheet",
        )
        sheets.append(sheet)
        if sheet.part is not None:
            reader = CellReader(sheet, strings, room)
            _read_sheet(package, sheet, package.stream(sheet.part, f"{MAIN}row", reader.row))
            if reader.overfull:
                raise package.error(
                    f"has more than {MOST_CELLS:,} cells", "check a smaller workbook"
                )
            room -= len(sheet.cells)
    return sheets


def _read_sheet(package: Package, sheet: Sheet, root: _Element) -> None:
    """Fill a sheet with all but its cells."""
    sheet.columns = list(_columns(root))
    layout = child(root, "sheetFormatPr")
    if layout is not None:
        base = decimal(layout.get("baseColWidth"))
        sheet.default_width = decimal(layout.get("defaultColWidth")) or base or sheet.default_width
    sheet.merges = _refs(root, "mergeCells", "mergeCell")
    sheet.hyperlinks = _refs(root, "hyperlinks", "hyperlink")
    sheet.validations = list(_validations(root))
    sheet.conditionals = list(_conditionals(root))
    sheet.printed = [part.text for part in children(root, "headerFooter", "*") if part.text]
    sheet.relationship_ids = _relationship_ids(root)
    _read_view(sheet, root)
    for found in package.relationships(sheet.part or ""):
        if found.target not in package or found.external:
            continue
        if found.kind == "table":
            sheet.tables.append(_table(found.target, sheet, package.xml(found.target)))
        elif found.kind == "drawing":
            sheet.shapes.extend(_shapes(package.xml(found.target)))


def _refs(root: _Element, *path: str) -> list[str]:
    return [element.get("ref", "") for element in children(root, *path)]


def _columns(root: _Element) -> Iterator[Column]:
    for element in children(root, "cols", "col"):
        style = integer(element.get("style", "0"))
        yield Column(
            integer(element.get("min")) or 0,
            integer(element.get("max")) or 0,
            decimal(element.get("width")),
            flag(element.get("hidden")),
            -1 if style is None else style,
        )


def _validations(root: _Element) -> Iterator[Validation]:
    for element in children(root, "dataValidations", "dataValidation"):
        yield Validation(
            element.get("sqref", ""),
            element.get("type", "none"),
            tuple(part.text for part in element if part.text and part.text.strip()),
            {
                name: element.get(name, "")
                for name in ("promptTitle", "prompt", "errorTitle", "error")
            },
        )


def _conditionals(root: _Element) -> Iterator[Conditional]:
    for group in children(root, "conditionalFormatting"):
        for element in children(group, "cfRule"):
            dxf = element.get("dxfId")
            index = integer(dxf)
            formulas = tuple(part.text for part in children(element, "formula") if part.text)
            yield Conditional(
                group.get("sqref", ""), -1 if dxf is not None and index is None else index, formulas
            )


def _read_view(sheet: Sheet, root: _Element) -> None:
    view = child(root, "sheetViews", "sheetView")
    pane = child(view, "pane")
    active = None
    if pane is not None:
        sheet.frozen = pane.get("state") in {"frozen", "frozenSplit"}
        active = pane.get("activePane", "topLeft")
    if view is not None:
        sheet.top_left = view.get("topLeftCell", "A1")
    for selection in children(view, "selection"):
        if active is None or selection.get("pane", "topLeft") == active:
            sheet.cursor = selection.get("activeCell", "A1")


def _table(part: str, sheet: Sheet, root: _Element) -> Table:
    filtered = child(root, "autoFilter")
    columns = list(children(root, "tableColumns", "tableColumn"))
    dxfs = (
        integer(value)
        for element in (root, *columns)
        for name, value in element.items()
        if str(name).endswith("DxfId") and isinstance(value, str)
    )
    return Table(
        part=part,
        sheet=sheet,
        id=integer(root.get("id")),
        name=root.get("displayName", ""),
        ref=root.get("ref", ""),
        header_rows=_count(root, "headerRowCount", 1),
        totals_rows=_count(root, "totalsRowCount", 0),
        columns=tuple(_table_column(column) for column in columns),
        filter_ref=None if filtered is None else filtered.get("ref", ""),
        dxfs=tuple(-1 if dxf is None else dxf for dxf in dxfs),
    )


def _count(element: _Element, name: str, default: int) -> int:
    count = integer(element.get(name))
    return default if count is None else count


def _table_column(element: _Element) -> TableColumn:
    formula = child(element, "calculatedColumnFormula")
    return TableColumn(
        integer(element.get("id")),
        unescape(element.get("name", "")),
        None if formula is None else formula.text,
    )


def _shapes(root: _Element) -> Iterator[Shape]:
    for element in root.iter(*(f"{ON_SHEET}{kind}" for kind in _SHAPES)):
        if next(element.iterancestors(f"{COMPATIBILITY}Fallback"), None) is not None:
            continue
        properties = next(element.iter(f"{ON_SHEET}cNvPr"), None)
        if properties is None:
            continue
        yield Shape(
            element.tag.removeprefix(ON_SHEET),
            properties.get("name", ""),
            properties.get("descr", "") or properties.get("title", ""),
            "".join(part.text or "" for part in element.iter(f"{DRAWING}t")),
            any(flag(part.get("val")) for part in properties.iter("{*}decorative")),
        )


_SHAPES = ("sp", "pic", "graphicFrame", "cxnSp")
