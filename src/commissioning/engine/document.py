"""A closed workbook: its sheets, names and formats, and the bytes of the file once it has changed.

Standard: ECMA-376 part 1, 12.3 and 18.2 (workbook).
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from commissioning.check.package import Package
from commissioning.check.reader import main_part, not_a_workbook
from commissioning.check.xml import MAIN, RELATIONSHIP, child, children, flag, text_of
from commissioning.engine import charts
from commissioning.engine.changes import Changes
from commissioning.engine.dates import CALENDAR_1900, CALENDAR_1904
from commissioning.engine.entries import Context
from commissioning.engine.names import DefinedName
from commissioning.engine.parts import Parts
from commissioning.engine.sheet import Worksheet
from commissioning.engine.stale import drop_stale
from commissioning.engine.styles import Styles
from commissioning.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TYPES = "[Content_Types].xml"
_CALCULATION = f"{MAIN}calcPr"
#: What stands before the calculation settings in a workbook part, the last first.
_BEFORE = (
    *("definedNames", "externalReferences", "functionGroups", "sheets", "bookViews"),
    *("workbookProtection", "workbookPr", "fileSharing", "fileVersion"),
)


class _File(Package):
    """The file; its errors are whole sentences."""

    def error(self, fault: str, remedy: str) -> WorkbookError:
        return WorkbookError(f"{super().error(fault, remedy)}.")


class Strings:
    """The shared strings, read only as far as they are asked for."""

    def __init__(self, texts: Iterator[str]) -> None:
        """Take what gives them in their order."""
        self._texts = texts
        self._known: list[str] = []

    def __getitem__(self, index: int) -> str:
        """A string.

        Raises:
            IndexError: there is none.
        """
        missing = index + 1 - len(self._known)
        if missing > 0:
            self._known += islice(self._texts, missing)
        return self._known[index]


class Document:
    """A workbook file as it is being edited.

    Attributes:
        package: the file.
        parts: its parts.
        part: the name of the workbook part.
        titles: of all sheets, charts' own ones too, in the order of the workbook.
        sheets: its worksheets, in the order of the workbook.
        changes: what has changed.
        context: what the cells of every sheet refer to.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            WorkbookError: it cannot be read, is no workbook, or is not safe to read.
        """
        self.package = _File(path)
        self.parts = Parts(self.package)
        self.part = main_part(self.package)
        root = self._root = self.parts.root(self.part)
        if root.tag != f"{MAIN}workbook":
            raise not_a_workbook(self.package, root)
        self._related = self.package.relationships(self.part)
        self.changes = Changes()
        dates = child(root, "workbookPr")
        is_1904 = dates is not None and flag(dates.get("date1904"))
        calendar = CALENDAR_1904 if is_1904 else CALENDAR_1900
        self.context = Context(lambda index: self._strings[index], lambda: self._styles, calendar)
        elements = list(children(root, "sheets", "sheet"))
        self.titles = [element.get("name", "") for element in elements]
        targets = {each.id: each.target for each in self._related if each.kind == "worksheet"}
        self.sheets = [
            Worksheet(self, element.get("name", ""), targets[identity])
            for element in elements
            if (identity := element.get(f"{RELATIONSHIP}id", "")) in targets
        ]

    @property
    def names(self) -> list[DefinedName]:
        """Its defined names, in the order of the file, as far as they reach now."""
        self.settle()
        return self.defined

    @property
    def defined(self) -> list[DefinedName]:
        """Its defined names, before those that cover a table's rows have followed its growth."""
        elements = children(self._root, "definedNames", "definedName")
        return [DefinedName(element, self) for element in elements]

    def sheet(self, title: str) -> Worksheet:
        """The worksheet of a title, whatever its case.

        Raises:
            WorkbookError: there is none.
        """
        wanted = title.casefold()
        found = next((each for each in self.sheets if each.title.casefold() == wanted), None)
        if found is None:
            raise self.package.error(f"has no sheet {title}", "check that it is the right workbook")
        return found

    def settle(self) -> None:
        """Let what covers the rows of a table that has grown reach as far as it does now."""
        for sheet in self.sheets:
            if sheet.is_parsed:
                sheet.settle()

    def drop_stale(self) -> bool:
        """Take away values that no longer hold; returns whether there were any."""
        self.settle()
        return drop_stale(self)

    def contents(self) -> bytes | None:
        """The bytes of the new file, None where nothing was changed.

        Every program is to work it all out anew when it opens the file.
        """
        self.settle()
        parsed = [sheet for sheet in self.sheets if sheet.is_parsed]
        for sheet in parsed:
            sheet.store()
        if not self.parts.edited:
            return None
        drop_stale(self)
        charts.renew(self)
        self._recalculate_on_load()
        if any(sheet.grid.formulas_moved for sheet in parsed):
            self._drop_chain()
        return self.parts.contents()

    @cached_property
    def _strings(self) -> Strings:
        parts = self._parts("sharedStrings")
        items = (item for part in parts for item in self.package.elements(part, f"{MAIN}si"))
        return Strings(text_of(item) for item in items)

    @cached_property
    def _styles(self) -> Styles:
        part = next(iter(self._parts("styles")), None)
        if part is None:
            return Styles(None, lambda: None)
        return Styles(self.parts.root(part), lambda: self.parts.touch(part))

    def _parts(self, kind: str) -> list[str]:
        related = [each.target for each in self._related if each.kind == kind]
        return [name for name in related if name in self.package]

    def _recalculate_on_load(self) -> None:
        calculation = child(self._root, "calcPr")
        if calculation is None:
            calculation = self._root.makeelement(_CALCULATION)
            before = (child(self._root, name) for name in _BEFORE)
            next(each for each in before if each is not None).addnext(calculation)
        if calculation.get("fullCalcOnLoad") != "1":
            calculation.set("fullCalcOnLoad", "1")
            self.parts.touch(self.part)

    def _drop_chain(self) -> None:
        """Leave out the order in which Excel last worked the formulas out; it makes a new one."""
        relations = self.package.relationships_part(self.part)
        for part in self._parts("calcChain"):
            self.parts.remove(part)
            self._remove(relations, "Type", "/calcChain")
            self._remove(_TYPES, "PartName", f"/{part}")

    def _remove(self, part: str, attribute: str, ending: str) -> None:
        root = self.parts.root(part)
        for element in list(root.iterchildren("*")):
            if element.get(attribute, "").casefold().endswith(ending.casefold()):
                root.remove(element)
                self.parts.touch(part)
