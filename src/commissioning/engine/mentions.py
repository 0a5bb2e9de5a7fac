"""What a formula mentions, as far as it tells whether its value may have changed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from commissioning.check.formulas import LONGEST_FORMULA, scan
from commissioning.check.references import LAST_COLUMN, LAST_ROW, Area, columns
from commissioning.engine.areas import WHOLE_SHEET
from commissioning.engine.formulas import unquoted

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Functions that reach cells which their formula does not mention.
_REACHING = frozenset({"indirect", "offset"})
#: Functions that read one range as far as another one reaches: SUMIF(A1:A9,"x",B1) adds up B1:B9.
_STRETCHING = frozenset({"averageif", "lookup", "sumif"})
_PIECE = re.compile(
    r"""
      "[^"]*"
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*+\])*+\]
    | \#[\w/]+[!?]?
    | (?<![\w.:!'$\]\\?])(?:(?P<sheet>'[^']*+(?:''[^']*+)*+'|[\w.]+)!)?
      (?P<cells>
          \$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?
        | \$?[A-Z]{1,3}:\$?[A-Z]{1,3}
        | \$?[0-9]{1,7}:\$?[0-9]{1,7}
      )(?![\w.!(\[\\?$])
    | (?P<quoted>'[^']*+(?:''[^']*+)*+')
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CORNER = re.compile(r"(?:(\$?)([A-Z]+))?(?:(\$?)([0-9]+))?")
_SPAN = re.compile(r"[\w.]+:[\w.]+!|'[^']*:[^']*'!")
_WORD = re.compile(r"[^\W\d][\w.\\?]*")


class Reference(NamedTuple):
    """Cells that a formula mentions.

    Attributes:
        sheet: title; "" for the formula's own sheet.
        area: the cells.
        fixed: which sides of the area stay where they are when the formula moves.
    """

    sheet: str
    area: Area = WHOLE_SHEET
    fixed: tuple[bool, ...] = (True, True, True, True)

    def moved(self, down: int, right: int) -> Area:
        """The cells that the same formula mentions so many rows and columns further on."""
        steps = (down, right, down, right)
        sides = zip(self.area, steps, self.fixed, strict=True)
        return _ordered(*(side if fixed else side + step for side, step, fixed in sides))


class Mentions(NamedTuple):
    """What a formula mentions.

    Attributes:
        anything: it may depend on any cell.
        cells: cells by reference; a whole sheet where it is unclear which.
        tables: names in lower case.
        words: whatever else may be a name, in lower case.
    """

    anything: bool
    cells: tuple[Reference, ...] = ()
    tables: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def mentions(text: str) -> Mentions:
    """What a formula, without its equals sign, mentions; more than that where it is unclear."""
    found = scan(text)
    if not text or found.fault or len(text) > LONGEST_FORMULA:
        return Mentions(anything=True)
    cells, rest = _references(text)
    functions = _folded(found.functions)
    if _SPAN.search(rest) or not functions.isdisjoint(_REACHING):
        return Mentions(anything=True)
    tables, words = _folded(table for table, _ in found.tables), _folded(_WORD.findall(rest))
    if not functions.isdisjoint(_STRETCHING):
        cells = _stretched(cells, is_all=not tables and words <= functions)
    # What is left of A1:INDEX(...) or of Sheet!Name does not say which cells.
    if ":" in rest or "!" in rest:
        own = {""} if ":" in rest else set()
        titles = own | found.sheets | {each.sheet for each in cells}
        cells = [Reference(title) for title in titles]
    if "" in tables:
        # A column without its table is one of the formula's own table.
        cells.append(Reference(""))
    return Mentions(anything=False, cells=tuple(cells), tables=tables, words=words)


def _references(text: str) -> tuple[list[Reference], str]:
    """The plain references of a formula, and the rest of it without texts and brackets."""
    found = []

    def take(match: re.Match[str]) -> str:
        if match["quoted"]:
            return match[0]
        if match["cells"] is None:
            return " "
        sheet, cells = unquoted(match["sheet"] or ""), _cells(match["cells"].upper())
        # A span of sheets, another workbook, or a name that only looks like a cell.
        if cells is None or ":" in sheet or "[" in sheet:
            return match[0]
        found.append(Reference(sheet, *cells))
        return " "

    return found, _PIECE.sub(take, text)


def _cells(text: str) -> tuple[Area, tuple[bool, ...]] | None:
    """The area of a reference, and which of its sides are fixed; None where it is none."""
    first, _, last = text.partition(":")
    corners = [_CORNER.fullmatch(corner) for corner in (first, last or first)]
    sides, fixed = [], []
    for corner, (end_row, end_column) in zip(corners, _ENDS, strict=True):
        if corner is None:
            return None
        column_mark, name, row_mark, number = corner.groups()
        row = int(number) if number else end_row
        column = columns().get(name, 0) if name else end_column
        sides += [row, column]
        fixed += [row_mark != "", column_mark != ""]
    area = _ordered(*sides)
    inside = area.top >= 1 and area.left >= 1 and area.bottom <= LAST_ROW
    return (area, tuple(fixed)) if inside else None


#: Where a reference to whole columns or rows begins and ends.
_ENDS = ((1, 1), (LAST_ROW, LAST_COLUMN))


def _ordered(top: int, left: int, bottom: int, right: int) -> Area:
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _stretched(cells: Iterable[Reference], *, is_all: bool) -> list[Reference]:
    """References as far as they reach where one may reach as far as another does.

    Args:
        cells: the references of a formula.
        is_all: whether it names no other cells.
    """
    found = list(cells)
    if is_all and all(each.area.width == 1 and each.fixed[1] == each.fixed[3] for each in found):
        return [
            Reference(
                each.sheet,
                each.area._replace(top=1, bottom=LAST_ROW),
                (True, each.fixed[1], True, each.fixed[3]),
            )
            for each in found
        ]
    return [Reference(each.sheet) for each in found]


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts)
