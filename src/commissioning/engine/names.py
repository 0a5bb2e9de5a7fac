"""The defined names of a workbook.

Standard: ECMA-376 part 1, 18.2.5 (definedName).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commissioning.check.references import Area, area
from commissioning.check.xml import integer
from commissioning.engine.formulas import fault_of, unquoted

if TYPE_CHECKING:
    from lxml.etree import _Element

    from commissioning.engine.document import Document
    from commissioning.engine.sheet import Worksheet

_BUILT_IN = "_xlnm."
_PLACE = re.compile(r"('[^']*(?:''[^']*)*'|[^'!]+)!([$A-Z0-9:]+)")
_PLAIN = re.compile(r"[^\W\d]\w*")


class DefinedName:
    """A name for cells, a constant or a formula.

    Attributes:
        element: its element in the workbook part.
        title: title of the sheet that it belongs to, None where all sheets share it.
    """

    def __init__(self, element: _Element, document: Document) -> None:
        """Take the element of a name."""
        self.element = element
        self._document = document
        index = integer(element.get("localSheetId"))
        titles = document.titles
        self.title = titles[index] if index is not None and index < len(titles) else None

    @property
    def name(self) -> str:
        """The name, after its sheet's where it belongs to one, as Excel shows it."""
        name = self.element.get("name", "").removeprefix(_BUILT_IN)
        return name if self.title is None else f"{quoted(self.title)}!{name}"

    @property
    def key(self) -> str:
        """The name as formulas are searched for it, in lower case and without a sheet."""
        return self.element.get("name", "").casefold()

    @property
    def text(self) -> str:
        """What it stands for, without an equals sign."""
        return self.element.text or ""

    def define(self, text: str) -> None:
        """Let it stand for something else, given with an equals sign.

        Raises:
            WorkbookError: that is no formula.
        """
        fault = fault_of(text[1:]) if text.startswith("=") else "it does not begin with ="
        if fault:
            raise self._document.package.error(
                f"cannot hold the name {self.name} as {text[:80]}: {fault}",
                "correct what is filled in",
            )
        self.extend(text[1:])

    def extend(self, text: str) -> None:
        """Let it stand for something else, given as it is to be stored."""
        if self.text != text:
            self.element.text = text
            self._document.parts.touch(self._document.part)
            self._document.changes.names.add(self.key)

    def place(self) -> tuple[Worksheet, Area]:
        """The cells that it stands for.

        Raises:
            WorkbookError: it stands for something else.
        """
        match = _PLACE.fullmatch(self.text)
        found = area(match[2].replace("$", "")) if match else None
        if match is None or found is None:
            raise self._document.package.error(
                f"has the name {self.name} for {self.text[:80]}, not for cells",
                "define it again in Excel (Formulas, Name Manager)",
            )
        return self._document.sheet(unquoted(match[1])), found


def quoted(title: str) -> str:
    """The title of a sheet as a reference has it, in quotes where it needs them."""
    if _PLAIN.fullmatch(title) and area(title.upper()) is None:
        return title
    return "'{}'".format(title.replace("'", "''"))
