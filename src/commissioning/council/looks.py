"""What needs a look after files were read: what was not read, and what may be wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: So many rows of one kind are named by their numbers.
_NAMED = 3
#: The words and numbers of a file within a reason, in which reasons of one kind differ.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")


class Look(NamedTuple):
    """Something that was not read, or may be wrong: where it stands, and what it is."""

    where: str
    text: str


class Unread(NamedTuple):
    """A row of a file of which something was not read.

    Attributes:
        where: file, and sheet where it has sheets.
        row: as a spreadsheet shows it.
        reason: what was not read, and why.
        text: what stands there; "" where the reason says it.
    """

    where: str
    row: int
    reason: str
    text: str = ""


def grouped(unread: Iterable[Unread]) -> list[Look]:
    """What was not read, that of one kind as one: how many rows, the first of them, an example."""
    kinds: dict[tuple[str, str], list[Unread]] = {}
    for each in unread:
        kinds.setdefault((each.where, _QUOTED.sub("", each.reason)), []).append(each)
    return [Look(f"{alike[0].where}, {_rows(alike)}", _said(alike)) for alike in kinds.values()]


def _rows(alike: list[Unread]) -> str:
    if len(alike) == 1:
        return f"row {alike[0].row}"
    named = ", ".join(str(each.row) for each in alike[:_NAMED])
    more = len(alike) - _NAMED
    return f"rows {named}" + (f" and {more:,} more" if more > 0 else "")


def _said(alike: list[Unread]) -> str:
    first = alike[0]
    said = f"{first.reason}: {first.text}" if first.text else f"{first.reason}."
    return said if len(alike) == 1 else f"{len(alike):,} times {said}"
