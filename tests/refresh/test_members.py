"""The macros use of xlwings only what Excel on Windows and on macOS has too."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlwings
from xlwings import base_classes

from commissioning import engine
from commissioning.engine import book, range, tables  # noqa: A004 - modules named for what they hold
from commissioning.evidence.pack import load
from commissioning.excel import macros
from filling import blank_bytes
from rich_evidence import changed_pack

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTALLED = Path(xlwings.__file__).parent

#: What of xlwings' implementation one of our classes stands for, by its name.
_CLASSES = (
    "App",
    "Book",
    "Books",
    "Sheet",
    "Sheets",
    "Range",
    "Table",
    "Tables",
    "TableColumn",
    "TableColumns",
    "TableRow",
    "TableRows",
    "Name",
    "Names",
)


def _implemented(module: str) -> dict[str, set[str]]:
    """The members that the classes of an implementation really have; "x =" where x can be set."""
    tree = ast.parse((_INSTALLED / module).read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    return {name: set(_members(node, classes)) for name, node in classes.items()}


def _members(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _members(classes[base.id], classes)
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and not _only_raises(member):
            setter = any(
                isinstance(d, ast.Attribute) and d.attr == "setter" for d in member.decorator_list
            )
            yield f"{member.name} =" if setter else member.name
        elif isinstance(member, ast.Assign):
            yield from (target.id for target in member.targets if isinstance(target, ast.Name))


def _is_setter(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in function.decorator_list)


def _only_raises(function: ast.FunctionDef) -> bool:
    return isinstance(function.body[-1], ast.Raise) and len(function.body) == 1


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Every member of xlwings' base classes that the macros have touched: (class, member)."""
    folder = tmp_path_factory.mktemp("touched")
    (path := folder / "book.xlsx").write_bytes(blank_bytes())
    found: set[tuple[str, str]] = set()
    with pytest.MonkeyPatch.context() as patch:
        for name in _CLASSES:
            _record(patch, name, found)
        opened = engine.open_book(path)
        evidence = load(changed_pack(folder / "pack"))
        macros.refresh_all(opened, evidence)
        macros.check_workbook(opened, evidence)
        macros.show_progress(opened, evidence)
        assert engine.contents(opened) is not None
    return found


def _record(patch: pytest.MonkeyPatch, name: str, found: set[tuple[str, str]]) -> None:
    modules = (book, range, tables)
    implementation = next(vars(module)[name] for module in modules if name in vars(module))
    public = set(dir(getattr(base_classes, name)))

    def get(self: object, member: str) -> object:
        if member in public and not member.startswith("_"):
            found.add((name, member))
        return object.__getattribute__(self, member)

    def set_(self: object, member: str, value: object) -> None:
        if member in public:
            found.add((name, f"{member} ="))
        object.__setattr__(self, member, value)

    patch.setattr(implementation, "__getattribute__", get)
    patch.setattr(implementation, "__setattr__", set_)


@pytest.mark.parametrize("module", ["_xlwindows.py", "_xlmac.py"])
def test_every_member_that_the_macros_touch_is_implemented(
    module: str, touched: set[tuple[str, str]]
) -> None:
    # What the base class does itself works everywhere.
    implemented, everywhere = _implemented(module), _implemented("base_classes.py")
    missing = [
        f"{name}.{member}"
        for name, member in sorted(touched)
        if member not in implemented[name] | everywhere[name]
    ]
    assert missing == []


def test_the_record_sees_what_is_read_written_and_called(touched: set[tuple[str, str]]) -> None:
    assert {("Range", "raw_value"), ("Range", "raw_value ="), ("TableRows", "add")} <= touched
    assert ("App", "calculation =") in touched


@pytest.mark.parametrize("module", ["_xlwindows.py", "_xlmac.py"])
def test_a_member_that_an_implementation_lacks_is_seen(module: str) -> None:
    implemented = _implemented(module)
    assert "raw_value" in implemented["Range"]
    assert "get_value" not in implemented["Range"]
