"""All the VBA of the add-in as text: our modules, and those of the installed xlwings.

Of xlwings nothing is kept here: its modules are read from the installed package when the add-in is
built, so that VBA, DLL and Python are of one version.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from commissioning.addin import PROJECT, ribbon, wrappers
from commissioning.addin.vba import ENCODING, Kind, Module
from commissioning.errors import LocalisError

#: Document modules: name -> the class that Excel derives them from.
DOCUMENTS = {
    "ThisWorkbook": "{00020819-0000-0000-C000-000000000046}",
    "Sheet1": "{00020820-0000-0000-C000-000000000046}",
}

#: What class modules are derived from.
_CLASS = "{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"

#: Modules that are written from the declarations, that are taken from xlwings, and that are ours.
GENERATED = ("LocalisFunctions", "LocalisHelp", "LocalisRibbon")
OF_XLWINGS = ("xlwings", "Dictionary")
_OURS = ("LocalisServer", "LocalisMacros", "LocalisScreen")

#: What is changed in xlwings' module: what stands there -> what the add-in has.
CHANGES = {
    'Public Const PROJECT_NAME As String = "myaddin"': (
        f'Public Const PROJECT_NAME As String = "{PROJECT}"'
    ),
    # Otherwise a sheet in any workbook, or a file beside it, could name the program that is run.
    'Optional source As String = "") As Variant': 'Optional source As String = "user") As Variant',
    # Its own command goes through a shell, holds the path of the active workbook, and lets Python
    # import from the folder that Excel last looked into.
    "XLPyDLLActivateAuto(XLPy, XLPyCommand, 1)": "XLPyDLLActivateAuto(XLPy, LocalisCommand(), 1)",
    # Neither a cell nor a shape of a workbook can give a control of the ribbon.
    "RunPython(PythonCommand As String)": (
        "RunPython(ByVal control As IRibbonControl, PythonCommand As String)"
    ),
    "SaveConfigToFile(sFileName As String,": (
        "SaveConfigToFile(ByVal control As IRibbonControl, sFileName As String,"
    ),
}

#: The procedures of xlwings' module that ours call. The others become private: a formula in any
#: workbook can call what is public, and some of them run programs or read files.
CALLED = ("GetConfig", "GetConfigFilePath", "RunPython", "SaveConfigToFile", "XLPy")

#: A procedure that other modules, and so cells, can call.
OPEN = re.compile(
    r"^( *)(?:Public )?((?:Declare (?:PtrSafe )?)?(?:Function|Sub) (\w+))\b", re.MULTILINE
)


def modules() -> list[Module]:
    """Every module of the add-in, document modules first.

    Raises:
        LocalisError: xlwings is not installed as its package has it.
    """
    documents = [_document(name, base) for name, base in DOCUMENTS.items()]
    standard = {
        "LocalisFunctions": wrappers.functions(),
        "LocalisHelp": wrappers.help_for_wizard(),
        "LocalisRibbon": ribbon.module(),
        **{name: _text(f"{name}.bas") for name in _OURS},
        "xlwings": _changed(_of_xlwings("xlwings_custom_addin.bas")),
    }
    # xlwings' module uses it on macOS.
    dictionary = _as_stored(_of_xlwings("addin/Dictionary.cls"))
    return [
        *documents,
        *(Module(name, Kind.STANDARD, _lines(text)) for name, text in standard.items()),
        Module("Dictionary", Kind.CLASS, _lines(dictionary)),
    ]


@cache
def xlwings_version() -> str:
    """The version of the installed xlwings."""
    return _xlwings()[0]


def _document(name: str, base: str) -> Module:
    head = f"""\
Attribute VB_Name = "{name}"
Attribute VB_Base = "0{base}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""
    body = _text("ThisWorkbook.cls") if name == "ThisWorkbook" else ""
    return Module(name, Kind.DOCUMENT, _lines(head + body))


def _text(name: str) -> str:
    return (files("commissioning.addin") / "texts" / name).read_text(encoding="utf-8")


def _lines(text: str) -> str:
    r"""The text with lines that end in \r\n, as VBA has them."""
    text = "\r\n".join(text.splitlines()) + "\r\n"
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError as error:
        raise LocalisError(
            f"The letter {error.object[error.start]!r} cannot stand in VBA: write it otherwise in "
            "the declarations of functions and buttons."
        ) from None
    return text


def _changed(text: str) -> str:
    for old, new in CHANGES.items():
        if text.count(old) != 1:
            raise LocalisError(
                f"The VBA of xlwings {xlwings_version()} has no line {old!r}: install the version "
                "that this package names."
            )
        text = text.replace(old, new)
    head, rest = OPEN.sub(_closed, text).split("\n", 1)
    return f"{head}\nOption Private Module\n{rest}"


def _closed(procedure: re.Match[str]) -> str:
    indent, head, name = procedure.groups()
    return procedure[0] if name in CALLED else f"{indent}Private {head}"


def _as_stored(text: str) -> str:
    """An exported class as a VBA project holds it: without the export's head, with its base."""
    text = re.sub(r"\AVERSION .*?^END\r?\n", "", text, flags=re.DOTALL | re.MULTILINE)
    name, rest = text.split("\n", 1)
    return f'{name}\nAttribute VB_Base = "0{_CLASS}"\n{rest}'


def _of_xlwings(name: str) -> str:
    path = _xlwings()[1] / name
    try:
        return path.read_text(encoding=ENCODING)
    except OSError:
        raise LocalisError(
            f"xlwings {xlwings_version()} lacks its file {path}: install it again."
        ) from None


@cache
def _xlwings() -> tuple[str, Path]:
    """Version and folder of the installed xlwings; it is not imported, which takes long."""
    try:
        found = distribution("xlwings")
    except PackageNotFoundError:
        raise LocalisError(
            "xlwings is not installed beside this program: install Localis again."
        ) from None
    return found.version, Path(str(found.locate_file("xlwings")))
