"""Names and numbers in the XML of a spreadsheet.

Everything returns None rather than raise: what a broken file holds is for the rules to say.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ON_SHEET = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_MOST_DIGITS = 10
_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")


def integer(text: str | None) -> int | None:
    """The number of an attribute; None where it is none, or too long to mean anything."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text)


def decimal(text: str | None) -> float | None:
    """The number of an attribute with a fraction, such as a width."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def flag(text: str | None, *, default: bool = False) -> bool:
    """The truth value of an attribute."""
    return default if text is None else text in {"1", "true", "on"}


def unescape(text: str) -> str:
    """A text with the characters that XML cannot hold, written _x000D_, put back."""
    if "_x" not in text:
        return text
    plain = _CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes can be one character; half of one is none.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def children(parent: _Element | None, *path: str) -> Iterator[_Element]:
    """The elements at a path of local names of the main namespace; none below None."""
    if parent is not None:
        yield from parent.iterfind("/".join(MAIN + name for name in path))


def child(parent: _Element | None, *path: str) -> _Element | None:
    """The first element at a path of local names of the main namespace."""
    return next(children(parent, *path), None)


def text_of(element: _Element) -> str:
    """The text of a shared or inline string: its runs, without phonetic readings."""
    texts = []
    for part in element:
        if part.tag == _TEXT:
            texts.append(part.text or "")
        elif part.tag == _RUN:
            texts.extend(text.text or "" for text in part.iterchildren(_TEXT))
    return unescape("".join(texts))


_TEXT, _RUN = f"{MAIN}t", f"{MAIN}r"
