"""Cell formats as far as editing needs them: dates, locked cells, and the mark of a text.

Standard: ECMA-376 part 1, 18.8.45 (xf).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from commissioning.check.xml import child, children, flag, integer
from commissioning.engine.dates import is_date_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

_PREFIX = "quotePrefix"


class Styles:
    """The cell formats of a workbook, by the index that cells have."""

    def __init__(self, root: _Element | None, touch: Callable[[], None]) -> None:
        """Take the styles part, None where the workbook has none, and what notes an edit of it."""
        self._formats = child(root, "cellXfs")
        self._touch = touch
        self._xfs = list(children(self._formats, "xf"))
        self._codes = {
            integer(element.get("numFmtId")): element.get("formatCode", "")
            for element in children(root, "numFmts", "numFmt")
        }
        self._variants: dict[int, int] = {}
        #: The formats that show dates or times.
        self.dates = {index for index, xf in enumerate(self._xfs) if self._shows_dates(xf)}
        #: The formats of cells in which whatever is typed is text.
        self.prefixed = {index for index, xf in enumerate(self._xfs) if flag(xf.get(_PREFIX))}

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
            self._variants[style] = self._found(style, prefixed=prefixed)
            # The one that a new format was made from is the one to go back to.
            self._variants.setdefault(self._variants[style], style)
        return self._variants[style]

    def _shows_dates(self, xf: _Element) -> bool:
        number = integer(xf.get("numFmtId")) or 0
        return is_date_format(number, self._codes.get(number))

    def _xf(self, style: int) -> _Element | None:
        return self._xfs[style] if style < len(self._xfs) else None

    def _found(self, style: int, *, prefixed: bool) -> int:
        xf = self._xf(style)
        if xf is None:
            # A workbook without formats shows text as text all the same.
            return style
        wanted = copy.deepcopy(xf)
        wanted.tail = None
        if prefixed:
            wanted.set(_PREFIX, "1")
        else:
            del wanted.attrib[_PREFIX]
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
        return index


def _equal(one: _Element, other: _Element) -> bool:
    return (
        one.tag == other.tag
        and sorted(one.items()) == sorted(other.items())
        and len(one) == len(other)
        and all(map(_equal, one, other))
    )
