"""What a cell's element holds, and how a value is written into it.

Standard: ECMA-376 part 1, 18.3.1.4 (c), 18.18.11 (ST_CellType), 22.9.2.19 (ST_Xstring).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from lxml.etree import SubElement

from commissioning.cells import Error, Value, is_number
from commissioning.check.xml import MAIN, integer, text_of, unescape

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

CELL, FORMULA = f"{MAIN}c", f"{MAIN}f"
_VALUE, _INLINE, _TEXT, _EXTENSIONS = (f"{MAIN}{name}" for name in ("v", "is", "t", "extLst"))
#: What says how a value is to be read.
_TYPES = {"t", "cm", "vm"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

#: Characters of a text, as UTF-16 counts them.
LONGEST_TEXT = 32_767
#: What XML cannot hold or would change, and what would be read back as an escape.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def part(cell: _Element, tag: str) -> _Element | None:
    """The first child of a cell with a tag; `find` takes three times as long, for any path."""
    for child in cell:
        if child.tag == tag:
            return child
    return None


class UnfitError(Exception):
    """Says what a cell cannot hold."""


def plain(value: object) -> Value:
    """A value as a cell holds it, but for dates.

    Raises:
        UnfitError: no cell can hold it.
        TypeError: it is not of a kind that cells hold.
    """
    if value is None or isinstance(value, (bool, Error, dt.date)):
        return value
    if isinstance(value, str):
        # A character of a text is one or two of them.
        is_long = len(value) > LONGEST_TEXT // 2
        if is_long and len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
            raise UnfitError(f"a text of {len(value):,} characters (at most {LONGEST_TEXT:,})")
        return value
    if is_number(value):
        try:
            # A negative zero is a plain one to Excel.
            number = float(value) + 0.0
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise UnfitError("a number that is not finite")
        return number
    raise TypeError(f"A cell cannot hold {type(value).__name__}.")


def stored(cell: _Element, string: Callable[[int], str]) -> Value:
    """What a cell holds, a date as its serial number unless it is typed; a formula's cached value.

    Args:
        cell: the cell.
        string: gives the shared string of an index, or raises IndexError.

    Raises:
        ValueError: what it holds is not what its type says.
    """
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = part(cell, _INLINE)
        return None if inline is None else text_of(inline)
    held = part(cell, _VALUE)
    text = None if held is None else held.text
    if text is None:
        return "" if held is not None and kind == "str" else None
    return _typed(kind, text, string)


def _typed(kind: str, text: str, string: Callable[[int], str]) -> Value:
    if kind == "n":
        number = float(text) + 0.0
        if math.isfinite(number):
            return number
    elif kind == "s":
        index = integer(text.strip())
        with contextlib.suppress(IndexError):
            if index is not None:
                return string(index)
    elif kind == "str":
        return unescape(text)
    elif kind == "b" and text in {"0", "1", "true", "false"}:
        return text in {"1", "true"}
    elif kind == "e":
        return Error(text)
    elif kind == "d":
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    raise ValueError(f"{text!r} where the type is {kind!r}")


def empty(cell: _Element) -> None:
    """Take the value, the formula and their types out of a cell; its style stays."""
    for child in list(cell):
        if child.tag in {FORMULA, _VALUE, _INLINE}:
            cell.remove(child)
    for name in _TYPES.intersection(cell.keys()):
        del cell.attrib[name]


def write(cell: _Element, value: Value) -> None:
    """Put a plain value into an empty cell; a date is already a serial number."""
    if isinstance(value, str) and not isinstance(value, Error):
        cell.set("t", "inlineStr")
        text = SubElement(_added(cell, _INLINE), _TEXT)
        text.text = escaped(value)
        if value[0].isspace() or value[-1].isspace():
            text.set(_SPACE, "preserve")
    elif value is not None:
        _write_cached(cell, value)


def write_formula(cell: _Element, text: str) -> None:
    """Put a formula, without its equals sign, into an empty cell."""
    _added(cell, FORMULA).text = text


def drop_cached(cell: _Element) -> bool:
    """Take a formula's cached value away; returns whether there was one."""
    values = tuple(cell.iterchildren(_VALUE))
    for held in values:
        cell.remove(held)
    cell.attrib.pop("t", "")
    cell.attrib.pop("vm", "")
    return bool(values)


def write_cached(cell: _Element, value: Value) -> None:
    """Give a formula another cached value; a date is already a serial number."""
    drop_cached(cell)
    if value is not None:
        _write_cached(cell, value)


def _write_cached(cell: _Element, value: Value) -> None:
    held = _added(cell, _VALUE)
    if isinstance(value, bool):
        cell.set("t", "b")
        held.text = "1" if value else "0"
    elif isinstance(value, str):
        cell.set("t", "e" if isinstance(value, Error) else "str")
        held.text = escaped(value)
    elif is_number(value):
        held.text = number_text(value)


def _added(cell: _Element, tag: str) -> _Element:
    """A new child of a cell, behind its formula and before its extensions."""
    extensions = part(cell, _EXTENSIONS)
    new = SubElement(cell, tag)
    if extensions is not None:
        cell.append(extensions)
    return new


def number_text(number: float) -> str:
    """The shortest text that reads back as the same number."""
    return repr(float(number)).removesuffix(".0")


def escaped(text: str) -> str:
    """A text with what XML cannot hold written as _x000D_."""
    if text.isprintable() and "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
