"""Parts of an officer's workbook that no library writes: as Excel writes them, by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlwings
from lxml import etree

from rich_graft import graft
from rich_package import (
    BOOK,
    MAIN,
    MICROSOFT,
    OFFICE,
    RELATION,
    SHEETML,
    Draft,
    add_all,
    fragment,
    place,
    section,
)
from rich_sheets import CONTRACTS, SUPPLIERS, pivot_cells

_GUID = "{{0A1B2C3D-0000-4000-9000-{:012d}}}"
_NEWER = f"{MICROSOFT}/spreadsheetml/2009/9/main"
_VERSIONS = 'createdVersion="6" minRefreshableVersion="3"'


def comments(draft: Draft) -> None:
    """A comment and a thread of comments on the tracker, with the people who wrote it."""
    sheet = draft.sheet("Actions")
    people = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    thread, answer, person = map(_GUID.format, (1, 2, 3))
    legacy = (
        f'<comments mc:Ignorable="xr"><authors><author>tc={thread}</author>'
        "<author>A. Officer</author></authors>"
        f'<commentList><comment ref="C7" authorId="0" shapeId="0" xr:uid="{thread}"><text>'
        "<t>[Threaded comment] Is this still ours?</t></text></comment>"
        '<comment ref="E8" authorId="1" shapeId="0"><text><t>On leave in May</t></text></comment>'
        "</commentList></comments>"
    )
    threaded = (
        f'<ThreadedComments xmlns="{people}">'
        f'<threadedComment ref="C7" dT="2026-11-20T10:11:12.00" personId="{person}" '
        f'id="{thread}"><text>Is this still ours?</text></threadedComment>'
        f'<threadedComment ref="C7" dT="2026-11-21T08:00:00.00" personId="{person}" '
        f'id="{answer}" parentId="{thread}"><text>Yes.</text></threadedComment></ThreadedComments>'
    )
    officer = (
        f'<personList xmlns="{people}"><person displayName="A. Officer" id="{person}" '
        'userId="S::a.officer@example.org::1" providerId="AD"/></personList>'
    )
    notes = draft.add("xl/comments#.xml", legacy, f"{SHEETML}.comments+xml")
    threads = draft.add(
        "xl/threadedComments/threadedComment#.xml",
        threaded,
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    persons = draft.add("xl/persons/person.xml", officer, "application/vnd.ms-excel.person+xml")
    shapes = draft.add(
        "xl/drawings/vmlDrawing#.vml",
        _vml([(6, 2), (7, 4)]),
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
    )
    relations = f"{MICROSOFT}/2017/10/relationships"
    draft.relate(sheet, f"{OFFICE}/comments", notes)
    draft.relate(sheet, f"{relations}/threadedComment", threads)
    draft.relate(BOOK, f"{relations}/person", persons)
    drawn = draft.relate(sheet, f"{OFFICE}/vmlDrawing", shapes)
    with draft.edit(sheet) as root:
        place(root, fragment(f'<legacyDrawing r:id="{drawn}"/>'))


def _vml(cells: list[tuple[int, int]]) -> bytes:
    """The boxes of comments in cells, given as row and column counted from 0."""
    boxes = "".join(
        f'<v:shape id="_x0000_s{9000 + number}" type="#_x0000_t202" '
        'style="position:absolute;width:108pt;height:59pt;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>"
        for number, (row, column) in enumerate(cells)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
        '<o:idmap v:ext="edit" data="9"/></o:shapelayout><v:shapetype id="_x0000_t202" '
        'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
        f"{boxes}</xml>"
    ).encode()


def shapes(draft: Draft) -> None:
    """A star and a connector on the sheet of the tracker."""
    sheet = draft.sheet("Actions")
    star = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Star 1" '
        'descr="Reviewed"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="600000" cy="600000"/></a:xfrm><a:prstGeom prst="star5"><a:avLst/>'
        "</a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>Reviewed</a:t></a:r></a:p>"
        "</xdr:txBody></xdr:sp>"
    )
    line = (
        '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="3" name="Connector 1"/>'
        '<xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="600000" cy="600000"/></a:xfrm><a:prstGeom prst="line"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:cxnSp>"
    )
    drawing = draft.add(
        "xl/drawings/drawing#.xml",
        f"<xdr:wsDr>{_anchored(star, 20)}{_anchored(line, 22)}</xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    drawn = draft.relate(sheet, f"{OFFICE}/drawing", drawing)
    with draft.edit(sheet) as root:
        place(root, fragment(f'<drawing r:id="{drawn}"/>'))


def _anchored(shape: str, column: int) -> str:
    corners = "".join(
        f"<xdr:{name}><xdr:col>{at}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        for name, at, row in (("from", column, 1), ("to", column + 2, 4))
    )
    return f"<xdr:twoCellAnchor>{corners}{shape}<xdr:clientData/></xdr:twoCellAnchor>"


def slicer(draft: Draft) -> None:
    """Buttons that filter the tracker by who acts."""
    sheet = draft.sheet("Actions")
    table = etree.fromstring(draft.parts[draft.related(sheet, "table")])
    cache = draft.add(
        "xl/slicerCaches/slicerCache#.xml",
        f'<x14:slicerCacheDefinition xmlns:x="{MAIN[1:-1]}" name="Slicer_Acting_body" '
        'sourceName="Acting body"><x14:extLst>'
        '<x:ext uri="{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}">'
        f'<x15:tableSlicerCache tableId="{table.get("id", "")}" column="4"/></x:ext>'
        "</x14:extLst></x14:slicerCacheDefinition>",
        "application/vnd.ms-excel.slicerCache+xml",
    )
    buttons = draft.add(
        "xl/slicers/slicer#.xml",
        '<x14:slicers><x14:slicer name="Acting body" cache="Slicer_Acting_body" '
        'caption="Acting body" rowHeight="241300"/></x14:slicers>',
        "application/vnd.ms-excel.slicer+xml",
    )
    relations = f"{MICROSOFT}/2007/relationships"
    cached = draft.relate(BOOK, f"{relations}/slicerCache", cache)
    shown = draft.relate(sheet, f"{relations}/slicer", buttons)
    listed = (
        '<ext uri="{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}"><x14:slicerList>'
        f'<x14:slicer r:id="{shown}"/></x14:slicerList></ext>'
    )
    caches = (
        '<ext uri="{46BE6895-7355-4a93-B00E-2C351335B9C9}"><x15:slicerCaches>'
        f'<x14:slicerCache r:id="{cached}"/></x15:slicerCaches></ext>'
    )
    with draft.edit(sheet) as root:
        add_all(root, "extLst", listed)
    with draft.edit(BOOK) as book:
        add_all(book, "extLst", caches)
        add_all(book, "definedNames", '<definedName name="Slicer_Acting_body">#N/A</definedName>')
    _draw_slicer(draft, draft.related(sheet, "drawing"))


def _draw_slicer(draft: Draft, drawing: str) -> None:
    kind = f"{MICROSOFT}/drawing/2012/slicer"
    frame = (
        f'<mc:AlternateContent><mc:Choice xmlns:sle15="{kind}" Requires="sle15">'
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="4" name="Acting body"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{kind}">'
        '<sle15:slicer name="Acting body"/></a:graphicData></a:graphic></xdr:graphicFrame>'
        '</mc:Choice><mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" '
        'name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback></mc:AlternateContent>"
    )
    with draft.edit(drawing) as root:
        root.append(fragment(_anchored(frame, 24)))


def pivot_table(draft: Draft) -> None:
    """A pivot table over the contracts, with its cache and the records in it."""
    graft(draft, pivot_cells)
    records = draft.add(
        "xl/pivotCache/pivotCacheRecords#.xml", _records(), f"{SHEETML}.pivotCacheRecords+xml"
    )
    cache = draft.add(
        "xl/pivotCache/pivotCacheDefinition#.xml",
        _cache(),
        f"{SHEETML}.pivotCacheDefinition+xml",
    )
    table = draft.add("xl/pivotTables/pivotTable#.xml", _pivot(), f"{SHEETML}.pivotTable+xml")
    draft.relate(cache, f"{OFFICE}/pivotCacheRecords", records)
    draft.relate(table, f"{OFFICE}/pivotCacheDefinition", cache)
    draft.relate(draft.sheet("Pivot"), f"{OFFICE}/pivotTable", table)
    known = draft.relate(BOOK, f"{OFFICE}/pivotCacheDefinition", cache)
    with draft.edit(BOOK) as book:
        add_all(book, "pivotCaches", f'<pivotCache cacheId="7" r:id="{known}"/>')


def _records() -> str:
    rows = "".join(
        f'<r><s v="{contract}"/><x v="{SUPPLIERS.index(supplier)}"/><n v="{value}"/>'
        f'<d v="{signed}T00:00:00"/><n v="{reference}"/><n v="{value / 2}"/></r>'
        for contract, supplier, value, signed, reference in CONTRACTS
    )
    return f'<pivotCacheRecords count="{len(CONTRACTS)}">{rows}</pivotCacheRecords>'


def _cache() -> str:
    numbers = '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1"/>'
    dates = (
        '<sharedItems containsSemiMixedTypes="0" containsNonDate="0" containsDate="1" '
        'containsString="0" minDate="2023-07-31T00:00:00" maxDate="2026-03-01T00:00:00"/>'
    )
    names = "".join(f'<s v="{supplier}"/>' for supplier in SUPPLIERS)
    items = {
        "Contract": "<sharedItems/>",
        "Supplier": f'<sharedItems count="{len(SUPPLIERS)}">{names}</sharedItems>',
        "Value": numbers,
        "Signed": dates,
        "Reference": numbers,
        "Yearly": numbers,
    }
    fields = "".join(
        f'<cacheField name="{name}" numFmtId="0">{shared}</cacheField>'
        for name, shared in items.items()
    )
    return (
        f'<pivotCacheDefinition r:id="rId1" refreshedVersion="6" {_VERSIONS} '
        f'recordCount="{len(CONTRACTS)}"><cacheSource type="worksheet">'
        '<worksheetSource name="Purchases"/></cacheSource>'
        f'<cacheFields count="{len(items)}">{fields}</cacheFields></pivotCacheDefinition>'
    )


def _pivot() -> str:
    plain, data = '<pivotField showAll="0"/>', '<pivotField dataField="1" showAll="0"/>'
    numbers = range(len(SUPPLIERS))
    items = "".join(f'<item x="{number}"/>' for number in numbers)
    axis = (
        f'<pivotField axis="axisRow" showAll="0"><items count="{len(SUPPLIERS) + 1}">'
        f'{items}<item t="default"/></items></pivotField>'
    )
    rows = "".join(f'<i><x v="{number}"/></i>' for number in numbers)
    return (
        f'<pivotTableDefinition name="PivotTable1" cacheId="7" dataCaption="Values" {_VERSIONS} '
        'updatedVersion="6" outline="1" outlineData="1">'
        f'<location ref="A3:B{len(SUPPLIERS) + 4}" firstHeaderRow="1" firstDataRow="1" '
        'firstDataCol="1"/>'
        f'<pivotFields count="6">{plain}{axis}{data}{plain * 3}</pivotFields>'
        '<rowFields count="1"><field x="1"/></rowFields>'
        f'<rowItems count="{len(SUPPLIERS) + 1}">{rows}<i t="grand"><x/></i></rowItems>'
        '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum of Value" '
        'fld="2" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
    )


def custom_xml(draft: Draft) -> None:
    """Data that the council's records system keeps inside the workbook."""
    store = f"{OFFICE.removesuffix('/relationships')}/customXml"
    item = draft.add(
        "customXml/item#.xml",
        '<record xmlns="urn:example:records"><class>Retain 7 years</class></record>',
        "application/xml",
    )
    properties = draft.add(
        "customXml/itemProps#.xml",
        f'<ds:datastoreItem xmlns:ds="{store}" ds:itemID="{_GUID.format(9)}"><ds:schemaRefs>'
        '<ds:schemaRef ds:uri="urn:example:records"/></ds:schemaRefs></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    draft.relate(BOOK, f"{OFFICE}/customXml", item)
    draft.relate(item, f"{OFFICE}/customXmlProps", properties)


def printer_settings(draft: Draft) -> None:
    """What the officer's printer remembers of the sheet of the tracker."""
    sheet = draft.sheet("Actions")
    settings = draft.add(
        "xl/printerSettings/printerSettings#.bin",
        bytes(range(256)),
        f"{SHEETML}.printerSettings",
    )
    related = draft.relate(sheet, f"{OFFICE}/printerSettings", settings)
    with draft.edit(sheet) as root:
        section(root, "pageSetup").set(RELATION, related)


def shared_strings(draft: Draft) -> None:
    """Every text moves to the shared strings, as when Excel saves the workbook."""
    for name in [name for name in draft.parts if name.startswith("xl/worksheets/sheet")]:
        with draft.edit(name) as sheet:
            texts = sheet.findall(f".//{MAIN}c[@t='inlineStr']/{MAIN}is")
            first = draft.add_strings(())
            for index, text in enumerate(texts, first):
                cell = text.getparent()
                assert cell is not None
                cell.replace(text, fragment(f"<v>{index}</v>"))
                cell.set("t", "s")
                text.tag = f"{MAIN}si"
            draft.add_strings(texts)


def calculation_chain(draft: Draft) -> None:
    """The order in which Excel has worked out the formulas; all values count as current."""
    cells = []
    book = etree.fromstring(draft.parts[BOOK])
    for sheet in section(book, "sheets"):
        part = etree.fromstring(draft.parts[draft.sheet(sheet.get("name", ""))])
        cells += [
            f'<c r="{cell.get("r", "")}" i="{sheet.get("sheetId", "")}"/>'
            for cell in part.iterfind(f".//{MAIN}c[{MAIN}f]")
        ]
    chain = draft.add(
        "xl/calcChain.xml", f"<calcChain>{''.join(cells)}</calcChain>", f"{SHEETML}.calcChain+xml"
    )
    draft.relate(BOOK, f"{OFFICE}/calcChain", chain)
    with draft.edit(BOOK) as root:
        root.replace(section(root, "calcPr"), fragment('<calcPr calcId="191029"/>'))


def macros(draft: Draft) -> None:
    """The officer's macros: those of an empty project."""
    quickstart = Path(xlwings.__file__).with_name("quickstart.xlsm")
    with zipfile.ZipFile(quickstart) as archive:
        project = archive.read("xl/vbaProject.bin")
    part = draft.add("xl/vbaProject.bin", project, "application/vnd.ms-office.vbaProject")
    draft.relate(BOOK, f"{MICROSOFT}/2006/relationships/vbaProject", part)
    draft.set_type(BOOK, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    with draft.edit(BOOK) as book:
        section(book, "workbookPr").set("codeName", "ThisWorkbook")
    with draft.edit(draft.sheet("Cover")) as cover:
        section(cover, "sheetPr").set("codeName", "Sheet1")
