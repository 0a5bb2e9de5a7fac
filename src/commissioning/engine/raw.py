"""The formulas of a worksheet part that is not parsed, and taking their values out of its bytes.

Nothing else of the part changes, and a sheet without formulas costs no more than reading it.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from commissioning.check.references import area
from commissioning.engine.formulas import Formula

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from commissioning.check.references import Area

#: The longest beginning of a formula's tag that may be cut in two by reading piece by piece.
_OVERLAP = 128
_HINT = re.compile(rb"<(?:[\w.-]{1,100}:)?f[\s>/]")
#: Comments, sections of plain text, and encodings in which tags are other bytes.
_UNUSUAL = re.compile(rb"<!|\A(?:\xff\xfe|\xfe\xff|<\x00|\x00<)")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)""")

_ATTRIBUTES = rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*"""
#: As far as the end of a cell, and never into the next one.
_WITHIN = rb"(?:[^<]|<(?!/?(?P=prefix)c[\s>/]))*+"
_CELL = re.compile(
    rb"<(?P<prefix>(?:[\w.-]+:)?)c(?P<cell>" + _ATTRIBUTES + rb")>(?P<inside>[^<]*"
    rb"<(?P=prefix)f(?P<formula>" + _ATTRIBUTES + rb")(?:/>|>(?P<text>[^<]*)</(?P=prefix)f\s*>))"
    rb"(?P<rest>" + _WITHIN + rb"</(?P=prefix)c\s*>)"
)
_SPILLED = re.compile(
    rb"<(?P<prefix>(?:[\w.-]+:)?)c(?P<cell>" + _ATTRIBUTES + rb")>(?P<inside>)"
    rb"(?P<rest>[^<]*<(?P=prefix)v\b" + _WITHIN + rb"</(?P=prefix)c\s*>)"
)
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?v\s*>)")
_TYPE = re.compile(rb"""\s(?:t|vm)\s*=\s*(?:"[^"]*"|'[^']*')""")


class UnclearError(Exception):
    """The bytes do not say plainly enough which cells they are: the part is to be parsed."""


def may_have_formulas(pieces: Iterable[bytes]) -> bool:
    """Whether a part has anything that looks like a formula, or cannot be judged by its bytes."""
    before = b""
    for piece in pieces:
        if not before and not _is_plain(piece):
            return True
        if _HINT.search(before + piece):
            return True
        before = piece[-_OVERLAP:]
    return False


def formulas(data: bytes) -> list[Formula]:
    """The formulas of a worksheet part.

    Raises:
        UnclearError: the part is to be parsed to find them.
    """
    if _UNUSUAL.search(data) or not _is_plain(data):
        raise UnclearError
    matches = list(_CELL.finditer(data))
    if len(matches) != len(_HINT.findall(data)):
        raise UnclearError
    shared = {_attribute(each["formula"], "si"): each for each in matches if each["text"]}
    found = []
    for match in matches:
        kind, index = (_attribute(match["formula"], name) for name in ("t", "si"))
        filled = _attribute(match["formula"], "ref") if kind in {"array", "dataTable"} else None
        first = match if match["text"] else shared.get(index, match)
        home = None if first is match else _place(first["cell"])
        found.append(Formula(*_place(match["cell"]), _text(first), area(filled or ""), home))
    return found


def without_values(data: bytes, stale: Collection[tuple[int, int]], spilled: list[Area]) -> bytes:
    """A worksheet part without the values of some formulas.

    Args:
        data: the part, whose formulas `formulas` has found.
        stale: row and column of each of these formulas.
        spilled: areas that array formulas among them fill.
    """

    def strip(match: re.Match[bytes]) -> bytes:
        place = _place(match["cell"])
        if place not in stale and not any(filled.holds(*place) for filled in spilled):
            return match[0]
        prefix, cell = match["prefix"], _TYPE.sub(b"", match["cell"])
        return b"<%bc%b>%b%b" % (prefix, cell, match["inside"], _VALUE.sub(b"", match["rest"]))

    data = _CELL.sub(strip, data)
    return _SPILLED.sub(strip, data) if spilled else data


def _is_plain(data: bytes) -> bool:
    """Whether a part is in an encoding in which its tags are plain bytes and its texts UTF-8."""
    if _UNUSUAL.match(data):
        return False
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared[1].lower() in {b"utf-8", b"us-ascii"}


def _place(attributes: bytes) -> tuple[int, int]:
    found = area(_attribute(attributes, "r") or "")
    if found is None:
        raise UnclearError
    return found.top, found.left


def _text(match: re.Match[bytes]) -> str:
    return html.unescape((match["text"] or b"").decode())


def _attribute(attributes: bytes, name: str) -> str | None:
    pattern = rb"""\s%b\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name.encode()
    match = re.search(pattern, attributes)
    return None if match is None else (match[1] or match[2] or b"").decode()
