"""What a merge comes to: what to write into a table, and what was written into it before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from commissioning.workbook.refresh.report import Report

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.workbook.grid import Contents, Formula


class Write(NamedTuple):
    """A cell to write: the row counted from 0, and what to write."""

    row: int
    heading: str
    content: Value | Formula


@dataclass
class Plan:
    """What to do to a table and the lines above it, and what to tell of it.

    Attributes:
        writes: cells of rows that are there.
        links: cells to link anew, to the address that stands in place of the content.
        added: rows to append, whole.
        lines: lines above the table to write, by the row of the sheet.
        retired: keys of rows that are no longer declared, with those of the writes that mark them.
        unsettled: keys of rows that stand there more than once or under another key: what is on
            record for them stays, since nothing was written.
    """

    writes: list[Write] = field(default_factory=list)
    links: list[Write] = field(default_factory=list)
    added: list[Contents] = field(default_factory=list)
    lines: dict[int, str | Formula] = field(default_factory=dict)
    retired: dict[str, list[Write]] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    report: Report = field(default_factory=lambda: Report(""))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.writes or self.links or self.added or self.lines)


#: What Provenance says: entry in lower case -> the marks of what the program wrote.
Written = dict[str, frozenset[str]]
