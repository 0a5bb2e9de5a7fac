"""Tables of text: encoding, delimiter, and the rows as they stand."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from commissioning.council.reading.words import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS = ",;\t|"

#: So many bytes show what a file is, and so many characters how it is cut into cells.
SAMPLE = 1 << 18
_CUT = 1 << 15
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")

_HIGH_CONTROL = re.compile(r"[\x80-\x9f]")

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 is what Windows writes for western Europe, in the same file too."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.start + 1]
    return wrong.decode("cp1252", "replace"), error.start + 1


WINDOWS = "localis-windows"
codecs.register_error(WINDOWS, _as_windows)


def wide_encoding(start: bytes) -> str | None:
    """The name of an encoding in units of more than a byte, by its mark or its many zeros."""
    for mark, name in _WIDE_MARKS:
        if start.startswith(mark):
            return name
    even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    units = max(len(start[:4096]) // 2, 1)
    if odd > 0.4 * units > even:
        return "utf-16-le"
    if even > 0.4 * units > odd:
        return "utf-16-be"
    return None


def decode(data: bytes) -> str:
    """Bytes as text, without a mark of byte order, however often that was decoded."""
    wide = wide_encoding(data)
    if wide:
        return data.decode(wide, "replace").removeprefix("\ufeff")
    text = without_controls(data.decode("utf-8", WINDOWS))
    return text.lstrip(MARKS) if text[:1] in ("\ufeff", "ï", "Ã") else text


def has_controls(text: str) -> bool:
    """Whether there are control characters in a text that are Windows' dashes or the like."""
    return _HIGH_CONTROL.search(text) is not None


def without_controls(text: str) -> str:
    """Text in which Windows' dashes and quotation marks are no control characters of UTF-8."""
    return _HIGH_CONTROL.sub(
        lambda sign: sign[0].encode("latin-1").decode("cp1252", "replace"), text
    )


def is_text(start: bytes) -> bool:
    """Whether a file's start can be a table of text: hardly a control character in it."""
    content = decode(start)
    return len(_CONTROL.findall(content)) <= len(content) / 200


def delimiter(text: str) -> str:
    """The delimiter that cuts most lines into the same number of cells, and into many."""
    start = text[:_CUT]

    def regularity(candidate: str) -> float:
        if candidate not in start:
            return 0
        widths = Counter(len(row) for row in rows(start, candidate) if any(row))
        if not widths:
            return 0
        # A title or an address with a comma in it is wide once, a table again and again.
        width, count = max(widths.items(), key=lambda item: (item[1] * math.log(item[0]), item))
        return count / widths.total() * math.log(width)

    return max(DELIMITERS, key=regularity)


def rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a table of text; a blank line is a row without cells.

    A field without its closing quotation mark ends with the file at the latest.
    """
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    finally:
        csv.field_size_limit(before)


def closed_rows(lines: Iterable[str], delimiter: str, width: int) -> Iterator[list[str]]:
    """The rows of a table in which a quotation mark may not be closed.

    It goes on into the following lines only up to one that is a row of the usual width by itself.
    """
    begun: list[str] = []
    is_open = False
    for line in lines:
        is_odd = line.count('"') % 2 == 1
        if is_open and not is_odd and len(_alone(line, delimiter, width)) == width > 1:
            yield from (_alone(each, delimiter, width) for each in begun)
            begun, is_open = [], False
        begun.append(line)
        is_open ^= is_odd
        if not is_open:
            yield from rows("".join(begun), delimiter)
            begun = []
    yield from (_alone(each, delimiter, width) for each in begun)


def _alone(line: str, delimiter: str, width: int) -> list[str]:
    """One line as a row: with its quotation marks, or without if only so it has the width."""
    quoted = next(rows(line, delimiter), [])
    if len(quoted) == width:
        return quoted
    bare = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    return [cell.strip('"') for cell in bare] if len(bare) == width else quoted
