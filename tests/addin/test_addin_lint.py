"""The lint finds nothing in the built add-in, and each fault that is put into it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from addin_built import built, parts, with_part, with_stream

from commissioning.addin import lint, package, project, source
from commissioning.addin.build import build
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from collections.abc import Callable

_WORKBOOK, _SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"


def put(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new)


def record(number: int, value: bytes) -> bytes:
    return number.to_bytes(2, "little") + len(value).to_bytes(4, "little") + value


def other_type(name: bytes) -> Callable[[bytes], bytes]:
    """Make a standard module one of the other kind in the stream `dir`, or the reverse."""

    def change(data: bytes) -> bytes:
        start = data.index(record(0x19, name))
        following = data.find(b"\x19\0", start + 6)
        module = data[start : following if following > 0 else None]
        swapped = module.replace(record(0x21, b""), record(0x22, b""), 1)
        return data.replace(module, swapped)

    return change


def in_module(name: str, old: str, new: str) -> bytes:
    return with_stream(name, put(old.encode(), new.encode()))


FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "workbook's code name": (
        partial(with_part, _WORKBOOK, put(b'"ThisWorkbook"', b'"DieseArbeitsmappe"')),
        "The code names DieseArbeitsmappe, Sheet1 are not those of the document modules",
    ),
    "no code name of the sheet": (
        partial(with_part, _SHEET, put(b'<sheetPr codeName="Sheet1"/>', b"")),
        "The code names ThisWorkbook are not those",
    ),
    "module count": (
        partial(with_stream, "dir", put(record(0x0F, b"\x0a\0"), record(0x0F, b"\x0b\0"))),
        "The project counts 11 modules and has 10.",
    ),
    "module type": (
        partial(with_stream, "dir", other_type(b"LocalisServer")),
        "differ on whether LocalisServer is a standard module",
    ),
    "declared as a class": (
        partial(with_stream, "PROJECT", put(b"Module=LocalisServer", b"Class=LocalisServer")),
        "differ on whether LocalisServer is a standard module",
    ),
    "empty PROJECTwm": (
        partial(with_stream, "PROJECTwm", lambda _: b"\0\0"),
        "PROJECTwm names  instead of Dictionary, LocalisFunctions",
    ),
    "content type of a workbook": (
        partial(
            with_part,
            "[Content_Types].xml",
            put(b"ms-excel.addin.macroEnabled.main", b"ms-excel.sheet.macroEnabled.main"),
        ),
        "The workbook's content type is not",
    ),
    "ribbon related as of 2006": (
        partial(with_part, "_rels/.rels", put(b"2007/relationships/ui", b"2006/relationships/ui")),
        "customUI/customUI14.xml is not related as",
    ),
    "ribbon in the namespace of 2006": (
        partial(with_part, package.RIBBON, put(b"2009/07/customui", b"2006/01/customui")),
        "The ribbon is not in the namespace",
    ),
    "no ribbon": (
        lambda: package.zipped({n: p for n, p in parts(built()).items() if n != package.RIBBON}),
        "The part customUI/customUI14.xml is missing.",
    ),
    "callback that no Sub answers": (
        partial(in_module, "LocalisRibbon", "Sub LocalisOnCheck(", "Sub LocalisOnChecks("),
        "No Sub answers the ribbon's onAction LocalisOnCheck.",
    ),
    "private callback": (
        partial(
            in_module, "LocalisRibbon", "Public Sub LocalisOnCheck(", "Private Sub LocalisOnCheck("
        ),
        "No Sub answers the ribbon's onAction LocalisOnCheck.",
    ),
    "callback without its argument": (
        partial(
            in_module,
            "LocalisRibbon",
            "Sub LocalisOnCheck(control As IRibbonControl)",
            "Sub LocalisOnCheck()",
        ),
        "The Sub LocalisOnCheck does not take what the ribbon's onAction gives.",
    ),
    "switch's callback of a button": (
        partial(in_module, "LocalisRibbon", ", pressed As Boolean", ""),
        "The Sub LocalisOnStartWithExcel does not take what",
    ),
    "answer given to a copy": (
        partial(in_module, "LocalisRibbon", "ByRef returnedVal", "ByVal returnedVal"),
        "The Sub LocalisGetEnabled does not take what the ribbon's getEnabled gives.",
    ),
    "no module of xlwings": (
        partial(in_module, "xlwings", "Public Const XLWINGS_VERSION", "Public Const SOMETHING"),
        "It has no module of xlwings",
    ),
    "another xlwings": (
        partial(in_module, "xlwings", f'"{source.xlwings_version()}"', '"0.30.0"'),
        f"It has no module of xlwings {source.xlwings_version()}, the version that is installed.",
    ),
    "xlwings' settings from any workbook": (
        partial(in_module, "xlwings", 'source As String = "user"', 'source As String = ""'),
        "The module of xlwings lacks",
    ),
    "xlwings' command through a shell": (
        partial(in_module, "xlwings", "(XLPy, LocalisCommand(), 1)", "(XLPy, XLPyCommand, 1)"),
        "The module of xlwings lacks",
    ),
    "Python for whoever asks": (
        partial(in_module, "xlwings", "ByVal control As IRibbonControl, PythonCommand", "Python"),
        "The module of xlwings lacks",
    ),
    "a program of xlwings that cells can call": (
        partial(in_module, "xlwings", "Private Function ExecuteWindows", "Function ExecuteWindows"),
        "A formula in any workbook could call ExecuteWindows of xlwings' module.",
    ),
    "a library that cells can call": (
        partial(
            in_module,
            "xlwings",
            "Private Declare PtrSafe Function XLPyDLLActivateAuto",
            "Declare PtrSafe Function XLPyDLLActivateAuto",
        ),
        "A formula in any workbook could call XLPyDLLActivateAuto of xlwings' module.",
    ),
    "a module that is not private": (
        partial(in_module, "LocalisServer", "Option Private Module", "' Option Private Module"),
        "The module LocalisServer offers Excel's cells LocalisCall.",
    ),
    "xlwings' procedures in Excel's lists": (
        partial(in_module, "xlwings", "Option Private Module", "'"),
        "The module xlwings offers Excel's cells RunPython.",
    ),
    "another project": (
        partial(with_stream, "PROJECT", put(b'Name="Localis"', b'Name="Another"')),
        "The project's name is 'Another', not 'Localis'.",
    ),
    "module under another name": (
        partial(in_module, "LocalisHelp", '"LocalisHelp"', '"LocalisHelpe"'),
        "The module LocalisHelp gives itself another name.",
    ),
    "run when the add-in is opened": (
        partial(in_module, "ThisWorkbook", "Public Sub WatchExcel", "Private Sub Workbook_Open"),
        "ThisWorkbook.Workbook_Open would run by itself.",
    ),
    "run when Excel starts": (
        partial(in_module, "LocalisMacros", "Sub LocalisWarmUpOnce()", "Sub Auto_Open()"),
        "LocalisMacros.Auto_Open would run by itself.",
    ),
    "long line": (
        partial(in_module, "LocalisMacros", "Option Explicit", "Option Explicit '" + "x" * 1024),
        "of LocalisMacros is longer than VBA takes",
    ),
    "many continued lines": (
        partial(in_module, "LocalisMacros", "Option Explicit", "Dim a, _\r\n" * 25),
        "of LocalisMacros is longer than VBA takes",
    ),
    "long description": (
        partial(
            in_module, "LocalisFunctions", 'VB_Description = "', 'VB_Description = "' + "x" * 256
        ),
        "is longer than 255 characters",
    ),
    "long names of arguments": (
        partial(in_module, "LocalisFunctions", "statuses,", "statuses" + "x" * 254 + ","),
        "The arguments of LOCALIS_PROGRESS have longer names than the function wizard takes.",
    ),
    "no VBA project": (
        lambda: package.zipped({n: p for n, p in parts(built()).items() if n != project.PART}),
        "It cannot be read",
    ),
    "no zip file": (lambda: b"PK", "It cannot be read"),
}


def test_nothing_is_found_in_the_built_add_in() -> None:
    assert lint.faults(built()) == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(name: str) -> None:
    broken, message = FAULTS[name]
    found = lint.faults(broken())
    assert any(message in each for each in found), found


def test_an_add_in_that_is_not_sound_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "packed", lambda *_: FAULTS["module count"][0]())
    with pytest.raises(LocalisError, match="is not sound: The project counts 11 modules"):
        build()
