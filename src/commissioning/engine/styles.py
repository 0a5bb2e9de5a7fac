"""Cell formats as far as editing needs them: dates, locked cells, and the mark of a text.

Standard: ECMA-376 part 1, 18.8.45 (xf).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml.etree import SubElement
from openpyxl.styles.numbers import BUILTIN_FORMATS

from commissioning.check.xml import MAIN, child, children, flag, integer, unescape
from commissioning.engine.cells import escaped
from commissioning.engine.dates import is_date_format

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

_PREFIX = "quotePrefix"
_GENERAL = "General"
#: Number formats up to this one have no code of their own.
_LAST_BUILT_IN = 163


class Styles:
    """The cell formats of a workbook, by the index that cells have."""

    def __init__(self, root: _Element | None, touch: Callable[[], None]) -> None:
        """Take the styles part, None where the workbook has none, and what notes an edit of it."""
        self._root = root
        self._formats = child(root, "cellXfs")
        self._touch = touch
        self._xfs = list(children(self._formats, "xf"))
        self._codes = {
            number: unescape(element.get("formatCode", ""))
            for element in children(root, "numFmts", "numFmt")
            if (number := integer(element.get("numFmtId"))) is not None
        }
        self._variants: dict[int, int] = {}
        self._formatted: dict[tuple[int, str], int] = {}
        #: The formats that show dates or times.
        self.dates = {index for index, xf in enumerate(self._xfs) if self._shows_dates(xf)}
        #: The formats of cells in which whatever is typed is text.
        self.prefixed = {index for index, xf in enumerate(self._xfs) if flag(xf.get(_PREFIX))}
        #: The formats of cells that show a long text in several lines.
        self.wrapped = {index for index, xf in enumerate(self._xfs) if _wraps(xf)}

    def locked(self, style: int) -> bool:
        """Whether cells of a format are locked once their sheet is protected."""
        xf = self._xf(style)
        protection = None if xf is None else child(xf, "protection")
        return protection is None or flag(protection.get("locked"), default=True)

    def variant(self, style: int, *, prefixed: bool) -> int:
        """The format that is the same but for that mark: one that is there, else a new one."""
        if (style in self.prefixed) == prefixed:
            return style
        if style not in self._variants:
            self._variants[style] = self._found(style, {_PREFIX: "1" if prefixed else None})
            # The one that a new format was made from is the one to go back to.
            self._variants.setdefault(self._variants[style], style)
        return self._variants[style]

    def __contains__(self, style: int) -> bool:
        """Whether the workbook has a format of that index."""
        return style < len(self._xfs)

    def code(self, style: int) -> str:
        """The code of a format's number format."""
        xf = self._xf(style)
        number = 0 if xf is None else integer(xf.get("numFmtId")) or 0
        return self._codes.get(number, BUILTIN_FORMATS.get(number, _GENERAL))

    def formatted(self, style: int, code: str) -> int:
        """The format that is the same but for its number format: one that is there, else a new one.

        Args:
            style: a format that the workbook has.
            code: of the number format.
        """
        if (style, code) not in self._formatted:
            attributes = {"numFmtId": str(self._number(code)), "applyNumberFormat": "1"}
            self._formatted[style, code] = self._found(style, attributes)
        return self._formatted[style, code]

    def _number(self, code: str) -> int:
        """The number of a number format, a new one where it has none."""
        codes = BUILTIN_FORMATS | self._codes
        found = next((number for number, each in codes.items() if each == code), None)
        return self._added_code(code) if found is None else found

    def _added_code(self, code: str) -> int:
        number = max((_LAST_BUILT_IN, *self._codes)) + 1
        formats = child(self._root, "numFmts")
        if formats is None and self._root is not None:
            formats = self._root.makeelement(f"{MAIN}numFmts")
            self._root.insert(0, formats)
        if formats is not None:
            SubElement(formats, f"{MAIN}numFmt", numFmtId=str(number), formatCode=escaped(code))
            formats.set("count", str(len(formats)))
        self._codes[number] = code
        return number

    def _shows_dates(self, xf: _Element) -> bool:
        number = integer(xf.get("numFmtId")) or 0
        return is_date_format(number, self._codes.get(number))

    def _xf(self, style: int) -> _Element | None:
        return self._xfs[style] if style < len(self._xfs) else None

    def _found(self, style: int, attributes: Mapping[str, str | None]) -> int:
        """The format that is the same but for some attributes; None leaves one out."""
        xf = self._xf(style)
        if xf is None:
            # A workbook without formats shows text as text all the same.
            return style
        wanted = copy.deepcopy(xf)
        wanted.tail = None
        for name, value in attributes.items():
            if value is None:
                wanted.attrib.pop(name, "")
            else:
                wanted.set(name, value)
        same = [index for index, each in enumerate(self._xfs) if _equal(each, wanted)]
        return same[0] if same else self._added(wanted)

    def _added(self, xf: _Element) -> int:
        self._xfs[-1].addnext(xf)
        self._xfs.append(xf)
        if self._formats is not None:
            self._formats.set("count", str(len(self._xfs)))
        self._touch()
        index = len(self._xfs) - 1
        if self._shows_dates(xf):
            self.dates.add(index)
        if flag(xf.get(_PREFIX)):
            self.prefixed.add(index)
        if _wraps(xf):
            self.wrapped.add(index)
        return index


def _wraps(xf: _Element) -> bool:
    alignment = child(xf, "alignment")
    return alignment is not None and flag(alignment.get("wrapText"))


def _equal(one: _Element, other: _Element) -> bool:
    return (
        one.tag == other.tag
        and sorted(one.items()) == sorted(other.items())
        and len(one) == len(other)
        and all(map(_equal, one, other))
    )
