"""A lint of the built add-in: what Excel stumbles over and other tools pass over.

Formats: [MS-OVBA], [MS-OFFMACRO], [MS-CUSTOMUI2].
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from commissioning.addin import PROJECT, package, project, ribbon, source
from commissioning.excel.registry import LONGEST_ARGUMENTS, LONGEST_HELP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element
    from pyopenvba.vba import ProjectStream, VBAProject

#: VBA's limits: letters in a line, lines that continue one, letters in a module's name.
_LONGEST_LINE, _MOST_CONTINUED, _LONGEST_NAME = 1023, 24, 31

#: Subs that Excel runs by itself: code that nobody pressed a button for.
_AUTO_RUN = re.compile(
    r"^\s*(?:Public |Private )?Sub (Auto_?(?:Open|Close|Exec|Activate|Deactivate|Add|Remove)"
    r"|Workbook_\w+|Worksheet_\w+)\b",
    re.IGNORECASE | re.MULTILINE,
)
_SUB = re.compile(r"^(?:Public )?Sub (\w+)\((.*)\)\r?$", re.MULTILINE)
_PRIVATE = re.compile(r"^Option Private Module\r?$", re.MULTILINE)
_FUNCTION = re.compile(r"^Public Function (LOCALIS_\w+)\((.*)\)\r?$", re.MULTILINE)

#: Attribute of a control that names a callback -> types of its arguments.
_SIGNATURES = {
    "onLoad": ["IRibbonUI"],
    "onAction": ["IRibbonControl"],
    "getEnabled": ["IRibbonControl", "ByRef Variant"],
    "getPressed": ["IRibbonControl", "ByRef Variant"],
}
_SWITCHED = ["IRibbonControl", "Boolean"]


class _Built(NamedTuple):
    """An add-in taken apart.

    Attributes:
        parts: of the package, by name.
        vba: the project as its stream `dir` has it.
        listed: the project as its stream PROJECT has it.
        named: the modules that its stream PROJECTwm names.
        texts: module -> its text.
    """

    parts: Mapping[str, bytes]
    vba: VBAProject
    listed: ProjectStream
    named: list[str]
    texts: Mapping[str, str]


def faults(data: bytes) -> list[str]:
    """What is wrong with an add-in, a sentence each; none where it is sound."""
    try:
        built = _taken_apart(data)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        return [f"It cannot be read ({error})."]
    return [fault for rule in _RULES for fault in rule(built)]


def _taken_apart(data: bytes) -> _Built:
    from pyopenvba import VBAProjectError
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_project_stream, parse_projectwm, parse_vba_project

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    file = CFB.from_bytes(parts[project.PART])
    try:
        vba = parse_vba_project(file)
    except VBAProjectError as error:
        raise ValueError(str(error)) from None
    return _Built(
        parts,
        vba,
        parse_project_stream(file.get_stream("PROJECT")),
        [name for name, _ in parse_projectwm(file.get_stream("PROJECTwm"))],
        {module.name: module.source for module in vba.modules},
    )


def _content_type(built: _Built) -> Iterator[str]:
    types = {each.get("PartName"): each.get("ContentType") for each in _xml(built, _TYPES)}
    if types.get("/xl/workbook.xml") != package.CONTENT_TYPE:
        yield f"The workbook's content type is not {package.CONTENT_TYPE}."


def _ribbon_is_related(built: _Built) -> Iterator[str]:
    relations = {each.get("Target"): each.get("Type") for each in _xml(built, "_rels/.rels")}
    if relations.get(package.RIBBON) != package.RIBBON_RELATION:
        yield f"{package.RIBBON} is not related as {package.RIBBON_RELATION}."
    if package.RIBBON not in built.parts:
        yield f"The part {package.RIBBON} is missing."
    elif _xml(built, package.RIBBON).tag != f"{{{ribbon.NAMESPACE}}}customUI":
        yield f"The ribbon is not in the namespace {ribbon.NAMESPACE}."


def _code_names(built: _Built) -> Iterator[str]:
    found = {
        each.get("codeName")
        for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml")
        for each in _xml(built, part).iter("{*}workbookPr", "{*}sheetPr")
    }
    documents = {name for name, _ in built.listed.document_modules}
    if found != documents:
        yield (
            f"The code names {_names(found)} are not those of the document modules, "
            f"{_names(documents)}."
        )


def _module_count(built: _Built) -> Iterator[str]:
    start = built.vba.dir_modules_offset + 6
    count = int.from_bytes(built.vba.dir_raw[start : start + 2], "little")
    if count != len(built.vba.modules):
        yield f"The project counts {count} modules and has {len(built.vba.modules)}."


def _module_types(built: _Built) -> Iterator[str]:
    from pyopenvba.vba import VBAModuleKind

    standard = {
        module.name for module in built.vba.modules if module.kind is VBAModuleKind.standard
    }
    others = {*built.listed.class_modules, *(name for name, _ in built.listed.document_modules)}
    for names, listed, kind in (
        (standard, set(built.listed.standard_modules), "standard"),
        (set(built.texts) - standard, others, "class or document"),
    ):
        for name in sorted(names ^ listed):
            yield f"The streams dir and PROJECT differ on whether {name} is a {kind} module."


def _module_names(built: _Built) -> Iterator[str]:
    if sorted(built.named) != sorted(built.texts):
        yield f"PROJECTwm names {_names(built.named)} instead of {_names(built.texts)}."
    for name, text in built.texts.items():
        if f'Attribute VB_Name = "{name}"' not in text.splitlines():
            yield f"The module {name} gives itself another name."
        if len(name) > _LONGEST_NAME or name.casefold() == built.listed.name.casefold():
            yield f"VBA does not take {name} as a module's name."


def _callbacks(built: _Built) -> Iterator[str]:
    if package.RIBBON not in built.parts:
        return
    subs = {name: _types(given) for text in built.texts.values() for name, given in _subs(text)}
    for control in _xml(built, package.RIBBON).iter():
        switch = etree.QName(control).localname == "toggleButton"
        for attribute, types in _SIGNATURES.items():
            name = control.get(attribute)
            if name is None:
                continue
            wanted = _SWITCHED if switch and attribute == "onAction" else types
            if name not in subs:
                yield f"No Sub answers the ribbon's {attribute} {name}."
            elif subs[name] != wanted:
                yield f"The Sub {name} does not take what the ribbon's {attribute} gives."


def _xlwings(built: _Built) -> Iterator[str]:
    text, version = built.texts.get("xlwings", ""), source.xlwings_version()
    if f'Public Const XLWINGS_VERSION As String = "{version}"' not in text:
        yield f"It has no module of xlwings {version}, the version that is installed."
    for change in source.CHANGES.values():
        if change not in text:
            yield f"The module of xlwings lacks {change!r}."
    for procedure in source.OPEN.finditer(text):
        if procedure[3] not in source.CALLED:
            yield f"A formula in any workbook could call {procedure[3]} of xlwings' module."
    if built.listed.name != PROJECT:
        yield f"The project's name is {built.listed.name!r}, not {PROJECT!r}."


def _runs_by_itself(built: _Built) -> Iterator[str]:
    for name, text in built.texts.items():
        for found in _AUTO_RUN.finditer(text):
            yield f"{name}.{found[1]} would run by itself."


def _private(built: _Built) -> Iterator[str]:
    for name in built.listed.standard_modules:
        text = built.texts.get(name, "")
        functions = [each[3] for each in source.OPEN.finditer(text) if "Function " in each[2]]
        if name != "LocalisFunctions" and functions and not _PRIVATE.search(text):
            yield f"The module {name} offers Excel's cells {functions[0]}."


def _limits(built: _Built) -> Iterator[str]:
    for name, text in built.texts.items():
        lines, continued = text.splitlines(), 0
        for number, line in enumerate(lines, 1):
            continued = continued + 1 if line.endswith(" _") else 0
            if len(line) > _LONGEST_LINE or continued > _MOST_CONTINUED:
                yield f"Line {number} of {name} is longer than VBA takes."
    for function, arguments in _FUNCTION.findall(built.texts.get("LocalisFunctions", "")):
        if len(arguments.replace("Optional ", "")) > LONGEST_ARGUMENTS:
            yield f"The arguments of {function} have longer names than the function wizard takes."
    for description in re.findall(r'VB_Description = "(.*)"', built.texts["LocalisFunctions"]):
        if len(description.replace('""', '"')) > LONGEST_HELP:
            yield f"The description {description[:40]!r}… is longer than {LONGEST_HELP} characters."


_RULES = (
    _content_type,
    _ribbon_is_related,
    _code_names,
    _module_count,
    _module_types,
    _module_names,
    _callbacks,
    _xlwings,
    _runs_by_itself,
    _private,
    _limits,
)

_TYPES = "[Content_Types].xml"


def _xml(built: _Built, part: str) -> _Element:
    return etree.fromstring(built.parts[part], etree.XMLParser(resolve_entities=False))


def _subs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = _SUB.findall(text)
    return found


def _types(parameters: str) -> list[str]:
    """The types of a Sub's parameters; one that names none is a Variant."""
    types = []
    for parameter in filter(None, parameters.split(", ")):
        name, _, kind = parameter.partition(" As ")
        passed = "ByRef " if name.startswith("ByRef ") else ""
        types.append(passed + (kind or "Variant"))
    return types


def _names(names: Iterable[str | None]) -> str:
    return ", ".join(sorted(map(str, names)))
