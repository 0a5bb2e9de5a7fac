"""The add-in as a file: the parts around the VBA project, and the zip file that holds them.

Standards: ECMA-376; [MS-OFFMACRO] for the content type of an add-in; [MS-CUSTOMUI2].
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from commissioning import __version__, packing
from commissioning.addin import PROJECT, project
from commissioning.addin.ribbon import custom_ui
from commissioning.addin.source import xlwings_version
from commissioning.workbook.layout import EVIDENCE_PROPERTY, VERSION_PROPERTY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commissioning.addin.vba import Module
    from commissioning.evidence.pack import Evidence

RIBBON = "customUI/customUI14.xml"
#: This year goes with the namespace of customUI14; with the older one it is invalid.
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CONTENT_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_TYPES = {
    "xl/workbook.xml": CONTENT_TYPE,
    "xl/worksheets/sheet1.xml": f"{_SHEETS}.worksheet+xml",
    "xl/styles.xml": f"{_SHEETS}.styles+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}

#: Part -> what it relates to: type of the relationship, target.
_RELATIONS = {
    "_rels/.rels": {
        f"{_OFFICE}/relationships/officeDocument": "xl/workbook.xml",
        f"{_PACKAGE}/relationships/metadata/core-properties": "docProps/core.xml",
        f"{_OFFICE}/relationships/extended-properties": "docProps/app.xml",
        f"{_OFFICE}/relationships/custom-properties": "docProps/custom.xml",
        RIBBON_RELATION: RIBBON,
    },
    "xl/_rels/workbook.xml.rels": {
        f"{_OFFICE}/relationships/worksheet": "worksheets/sheet1.xml",
        f"{_OFFICE}/relationships/styles": "styles.xml",
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject": "vbaProject.bin",
    },
}

_WORKBOOK = f"""\
<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><workbookPr codeName="ThisWorkbook"/>\
<bookViews><workbookView/></bookViews>\
<sheets><sheet name="{PROJECT}" sheetId="1" r:id="rId1"/></sheets></workbook>"""

_SHEET = f"""\
<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet1"/><sheetData/></worksheet>"""

_STYLES = f"""\
<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill>\
<patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def packed(modules: Sequence[Module], evidence: Evidence) -> bytes:
    """The bytes of the add-in; the same modules and evidence give the same bytes everywhere."""
    texts = {
        "[Content_Types].xml": _content_types(),
        **{part: _relationships(relations) for part, relations in _RELATIONS.items()},
        "xl/workbook.xml": _WORKBOOK,
        "xl/worksheets/sheet1.xml": _SHEET,
        "xl/styles.xml": _STYLES,
        **_properties(evidence),
    }
    parts = {name: (_HEAD + text).encode() for name, text in texts.items()}
    return zipped({**parts, RIBBON: custom_ui(), project.PART: project.project(modules)})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts of an add-in as a zip file, not compressed, so that every Python gives the same."""
    return packing.zipped(parts, compressed=False)


def _content_types() -> str:
    defaults = {
        "bin": "application/vnd.ms-office.vbaProject",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        + "".join(
            f'<Default Extension="{ending}" ContentType="{kind}"/>'
            for ending, kind in defaults.items()
        )
        + "".join(
            f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items()
        )
        + "</Types>"
    )


def _relationships(relations: Mapping[str, str]) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
            for place, (kind, target) in enumerate(relations.items(), 1)
        )
        + "</Relationships>"
    )


def _properties(evidence: Evidence) -> dict[str, str]:
    """The document's properties: what it is, and the versions that went into it."""
    custom = {
        VERSION_PROPERTY: __version__,
        EVIDENCE_PROPERTY: f"{evidence.name} {evidence.version}",
        "xlwings version": xlwings_version(),
    }
    return {
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Localis for Excel</dc:title>'
            "<dc:description>Functions LOCALIS_* and the tab "
            f"Localis, version {__version__}</dc:description></cp:coreProperties>"
        ),
        "docProps/app.xml": (
            f'<Properties xmlns="{_OFFICE}/extended-properties">'
            "<Application>Microsoft Excel</Application></Properties>"
        ),
        "docProps/custom.xml": (
            f'<Properties xmlns="{_OFFICE}/custom-properties" '
            f'xmlns:vt="{_OFFICE}/docPropsVTypes">'
            + "".join(
                # The format's own id of properties that users define.
                f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
                f'name="{name}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
                for number, (name, value) in enumerate(custom.items(), 2)
            )
            + "</Properties>"
        ),
    }
