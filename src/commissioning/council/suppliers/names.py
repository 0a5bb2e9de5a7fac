"""Suppliers' names: their words, and which spellings are one supplier."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What stands in place of a name that a file leaves empty.
NOT_GIVEN = "Not given"

_SIGNS: Mapping[str, str] = {"&": " AND ", "+": " PLUS ", "@": " AT "}
_SHORT: Mapping[str, str] = {"LIMITED": "LTD", "COMPANY": "CO"}
_TRADING_AS = re.compile(r"\bT/A\b|\bTRADING\s+AS\b")
_PLC = re.compile(r"\bPUBLIC LTD CO\b")
#: Signs within a word, such as the points of P.L.C.; a point between digits parts two numbers.
_WITHIN = re.compile(r"['\u2019`]|(?<!\d)\.|\.(?!\d)")


def words(name: str) -> str:
    """A name's words in capitals, one blank between them, without accents and punctuation.

    `&` is `AND`; `LTD`, `CO` and `PLC` are short, `T/A` and `trading as` are `TA`.
    """
    text = _TRADING_AS.sub(" TA ", _unaccented(_unaccented(name).upper()))
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    each = re.sub(r"[\W_]+", " ", _WITHIN.sub("", text)).split()
    return _PLC.sub("PLC", " ".join(_SHORT.get(word, word) for word in each))


def key(name: str) -> str:
    """The form in which all spellings of one supplier are the same; a key's key is itself.

    Blanks fall away, and what the registrar of companies makes nothing of: case, accents,
    punctuation, `&` or `and`, `Ltd` or `Limited`, `Co` or `Company`, `plc` in full. Legal form,
    numbers, `The` and what follows `T/A` stay: names that differ there may be two suppliers. A
    name of signs alone is its own key.

    Source: SI 2015/17, regulation 7 and schedule 3; Companies House, company names policy.
    """
    # Numbers stay apart: "Unit 1 23" is not "Unit 12 3".
    joined = re.sub(r"(?<=\d) (?=\d)", "-", words(name)).replace(" ", "")
    return _SHORT.get(joined, joined) or name


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
