"""What a call costs at most: no table library, no file, no parsing after the first time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

_HEAVY = ("pandas", "numpy", "openpyxl", "xlwings", "lxml")

_CALL_ALL = """
import builtins, io, json, os, sys
from commissioning.excel.answer import answer
from commissioning.excel.declared import DECLARED

def call_all():
    return [
        answer(function, arguments)
        for function in DECLARED
        for arguments in [(), ("nobody",), *(example.arguments for example in function.examples)]
    ]

first = call_all()

def opened(*arguments, **options):
    raise AssertionError(f"opened {arguments}")

builtins.open = io.open = io.FileIO = os.open = os.listdir = os.scandir = opened
assert call_all() == first
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(code: str, *arguments: str) -> set[str]:
    """The names of the packages that a fresh Python has loaded at the end of some code."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in names}


def test_calls_load_no_table_library_and_open_no_file_the_second_time() -> None:
    loaded = modules_after(_CALL_ALL)
    assert "commissioning" in loaded
    assert loaded.isdisjoint(_HEAVY)


def test_the_shell_calls_without_table_libraries() -> None:
    code = """
import json, sys
from commissioning.cli import main
for words in (["call", "shift", "SME"], ["functions"]):
    main(words)
print(json.dumps(sorted(sys.modules)))
"""
    loaded = modules_after(code)
    assert "commissioning" in loaded
    assert loaded.isdisjoint(_HEAVY)


def test_off_windows_the_module_for_xlwings_holds_the_functions_themselves() -> None:
    code = """
import json, sys
from commissioning.excel import udfs
assert 0.75 < udfs.LOCALIS_SHIFT([["SME"]]) < 0.76
assert udfs.LOCALIS_SHIFT("nobody") == "#N/A"
print(json.dumps(sorted(sys.modules)))
"""
    assert "xlwings" in modules_after(code)
