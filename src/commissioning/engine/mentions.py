"""What a formula mentions, as far as it tells whether its value may have changed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from commissioning.check.formulas import LONGEST_FORMULA, scan

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Functions that reach cells which their formula does not mention.
_REACHING = frozenset({"indirect", "offset"})
_LITERAL = re.compile(r'"[^"]*"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]')
_SPAN = re.compile(r"[\w.]+:[\w.]+!|'[^']*:[^']*'!")
_WORD = re.compile(r"[^\W\d][\w.\\?]*")
_CELLS = re.compile(
    r"(?<![\w.!'$])(?:\$?[A-Z]{1,3}\$?[0-9]+(?![\w(.!])|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}\b|\$?\d+:\$?\d+)",
    re.IGNORECASE,
)


class Mentions(NamedTuple):
    """What a formula mentions, in lower case.

    Attributes:
        anything: it may depend on any cell.
        own: it mentions cells of its own sheet.
        sheets: titles.
        tables: names.
        words: whatever else may be a name.
    """

    anything: bool
    own: bool = False
    sheets: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def mentions(text: str) -> Mentions:
    """What a formula, without its equals sign, mentions; more than that where it is unclear."""
    found = scan(text)
    if not text or found.fault or len(text) > LONGEST_FORMULA:
        return Mentions(anything=True)
    bare = _LITERAL.sub(" ", text)
    if _SPAN.search(bare) or any(name.casefold() in _REACHING for name in found.functions):
        return Mentions(anything=True)
    tables = _folded(table for table, _ in found.tables)
    return Mentions(
        anything=False,
        # A column without its table is one of the formula's own table.
        own="" in tables or _CELLS.search(bare) is not None,
        sheets=_folded(found.sheets),
        tables=tables,
        words=_folded(_WORD.findall(bare)),
    )


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts)
