"""What the workbook consists of: every sheet, table, column and name, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from commissioning.errors import EvidenceError
from commissioning.workbook.layout import (
    checks,
    claims,
    front,
    money,
    notes,
    reference,
    survey,
    tracker,
)
from commissioning.workbook.layout.front import NO_COUNCIL, Choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Sheet, Table

__all__ = [
    "EVIDENCE_PROPERTY",
    "NO_COUNCIL",
    "VERSION_PROPERTY",
    "Choices",
    "Layout",
    "lay_out",
]

#: Custom document properties by which a workbook is known as one of ours.
VERSION_PROPERTY = "Localis version"
EVIDENCE_PROPERTY = "Localis evidence"


@dataclass(frozen=True)
class Layout:
    """The sheets in their order, with their tables and names to look up."""

    title: str
    sheets: tuple[Sheet, ...]

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name."""
        return {sheet.table.name: sheet.table for sheet in self.sheets}

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str, str]]:
        """Cells with a workbook-wide name: name -> (table, key of the row, heading)."""
        return {
            name: (table.name, *place)
            for table in self.tables.values()
            for name, place in table.names.items()
        }

    def sheet_of(self, table: str) -> Sheet:
        """The sheet on which a table stands."""
        return next(sheet for sheet in self.sheets if sheet.table.name == table)


def lay_out(evidence: Evidence, choices: Choices) -> Layout:
    """The workbook for an evidence pack.

    Raises:
        EvidenceError: a name in the pack is one that the workbook itself uses.
    """
    sheets = (
        front.summary(evidence),
        front.settings(choices),
        survey.overview(evidence),
        *(survey.options(evidence, q) for q in evidence.questions if q.kind != "outlook"),
        survey.shift(evidence),
        survey.balances(evidence),
        claims.sheet(evidence),
        money.national(evidence),
        money.council(evidence),
        money.results(evidence),
        money.scenario(evidence),
        tracker.recommendations(evidence),
        tracker.actions(evidence),
        tracker.progress(evidence),
        reference.endorsements(evidence),
        survey.outlooks(evidence),
        tracker.statuses(),
        notes.notes(evidence),
        reference.sources(evidence),
        checks.sheet(evidence),
        reference.log(evidence, choices.as_at),
    )
    _check_names(sheets)
    cover = front.cover(evidence, sheets)
    return Layout(cover.title, (cover, *sheets))


def _check_names(sheets: tuple[Sheet, ...]) -> None:
    """Names of the pack's questions and outlooks must not meet those of the workbook."""
    seen = {"cover", "contents", "history"}
    for sheet in sheets:
        for name in {sheet.name.casefold(), sheet.table.name.casefold()}:
            if name in seen:
                raise EvidenceError(
                    f"questions.csv, column sheet: {sheet.name!r} is already the name of another "
                    "sheet or table; choose a different one."
                )
            seen.add(name)
        headings = [column.heading.casefold() for column in sheet.table.columns]
        for heading in headings:
            if headings.count(heading) > 1:
                raise EvidenceError(
                    f"outlooks.csv, column short: {heading!r} is already a heading of the sheet "
                    f"{sheet.name}; choose a different one."
                )
