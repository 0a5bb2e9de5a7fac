"""Stand-ins for pywin32, so that xlwings' own Windows code runs where there is no Windows.

`windows_xlwings` imports xlwings as it is on Windows; `Cells` is a range as Excel hands it over;
`call` calls a function as a cell does, through xlwings' `call_udf`.
"""

from __future__ import annotations

import asyncio  # noqa: F401 - looks at the platform when it is imported: the real one, please
import ctypes
import datetime as dt
import importlib
import sys
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import MagicMock, patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

import pandas as pd  # noqa: F401 - likewise

MODULE = "commissioning.excel.udfs"

#: An argument that the formula leaves out, as COM hands it over.
MISSING = -2147352572

_RANGE = "{00020846-0000-0000-C000-000000000046}"


def _stand_ins() -> Iterator[ModuleType]:
    """The modules of pywin32 that xlwings imports; what their functions do is never looked at."""
    names = (
        "pythoncom pywintypes win32api win32con win32event win32gui win32process win32timezone "
        "win32com win32com.client win32com.server win32com.server.util "
        "win32com.server.dispatcher win32com.server.policy"
    )
    for name in names.split():
        module = MagicMock()
        module.__name__ = name
        module.__path__ = []
        module.__file__ = name
        yield module


def _modules() -> dict[str, ModuleType]:
    modules = {module.__name__: module for module in _stand_ins()}
    modules["pywintypes"].IID = str  # type: ignore[attr-defined]
    modules["pywintypes"].TimeType = type("TimeType", (dt.datetime,), {})  # type: ignore[attr-defined]
    modules["pywintypes"].com_error = type("com_error", (Exception,), {})  # type: ignore[attr-defined]
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(modules["win32com.client"], name, type(name, (), {}))
    modules["win32com"].client = modules["win32com.client"]  # type: ignore[attr-defined]
    return modules


@cache
def windows_xlwings() -> tuple[ModuleType, ModuleType]:
    """The module `xlwings.udfs` as it is on Windows, and our functions as it decorates them."""
    for name in list(sys.modules):
        if name == MODULE or name.split(".")[0] == "xlwings":
            del sys.modules[name]
    modules = _modules()
    sys.modules.update(modules)
    with (
        patch.object(sys, "platform", "win32"),
        patch.object(ctypes, "windll", MagicMock(), create=True),
        patch.object(ctypes, "oledll", MagicMock(), create=True),
        patch.object(ctypes, "PyDLL", MagicMock()),
        patch("atexit.register"),
    ):
        udfs, ours = importlib.import_module("xlwings.udfs"), importlib.import_module(MODULE)
    for name in modules:
        del sys.modules[name]
    return udfs, ours


class Cells:
    """A range of cells as Excel hands it over: its rows, or the value if it is one cell."""

    #: The sheet, from which xlwings asks its way to the application.
    Worksheet = MagicMock()
    Row = Column = 1

    def __init__(self, *rows: Sequence[object]) -> None:
        """Hold the rows."""
        self.Value = rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
        self.Rows, self.Columns = (SimpleNamespace(Count=len(each)) for each in (rows, rows[0]))
        kind = SimpleNamespace(GetTypeAttr=lambda: SimpleNamespace(iid=_RANGE))
        self._oleobj_ = SimpleNamespace(GetTypeInfo=lambda: kind)


def call(name: str, *arguments: object) -> list[list[object]]:
    """What Excel gets from a function: rows of cells. What is left out at the end is missing."""
    udfs, ours = windows_xlwings()
    missing = [MISSING] * (len(getattr(ours, name).__xlfunc__["args"]) - len(arguments))
    rows: list[list[object]] = udfs.call_udf(MODULE, name, (*arguments, *missing))
    return rows
