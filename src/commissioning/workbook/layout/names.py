"""What a pack names must be free and possible in the workbook, where its names become ours."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from commissioning.errors import EvidenceError
from commissioning.evidence.tabular import quoted
from commissioning.workbook.layout.notes import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Sheet

#: Sheets and tables that are not among those to check; Excel keeps History for itself.
_RESERVED = ("cover", "contents", "history")

#: What no table can be named: a reference such as Q1 or R1C1, or a truth value.
_REFERENCE = re.compile(r"[a-z]{1,3}\d+|r\d*(c\d*)?|c\d*|true|false")

#: Formulas repeat these codes and headings, and have to stay within Excel's limits.
_LONGEST = 40

#: Longest address that Excel links to.
_LONGEST_LINK = 2_079


def check(evidence: Evidence, sheets: Sequence[Sheet]) -> None:
    """Hold the pack's names against those of the workbook that was declared from it.

    Raises:
        EvidenceError: naming file and column of the first name that cannot be used.
    """
    faults = chain(
        _sheet_names(evidence, sheets),
        _headings(sheets),
        _headlines(evidence, sheets),
        _codes(evidence),
        _others(evidence),
    )
    if fault := next(faults, None):
        raise EvidenceError(fault)


def _sheet_names(evidence: Evidence, sheets: Sequence[Sheet]) -> Iterator[str]:
    taken = Counter(_RESERVED)
    for sheet in sheets:
        taken.update({sheet.name.casefold(), sheet.table.name.casefold()})
        taken.update(name.casefold() for name in (*sheet.table.names, *sheet.table.lists))
    for question in evidence.questions:
        name = question.sheet.casefold()
        if taken[name] > 1:
            yield (
                f"questions.csv, column sheet: {question.sheet!r} is already the name of a sheet, "
                "table or cell of the workbook; choose a different one."
            )
        if _REFERENCE.fullmatch(name):
            yield (
                f"questions.csv, column sheet: {question.sheet!r} reads as a cell or a truth "
                "value in formulas; choose a different name."
            )


def _headings(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        headings = Counter(column.heading.casefold() for column in sheet.table.columns)
        for heading, count in headings.items():
            if count > 1:
                yield (
                    f"outlooks.csv, column short: {heading!r} is already a heading of the sheet "
                    f"{sheet.name}; choose a different one."
                )


def _headlines(evidence: Evidence, sheets: Sequence[Sheet]) -> Iterator[str]:
    summary = next(sheet.table for sheet in sheets if sheet.table.name == "Headlines")
    headlines = Counter(str(row[summary.key]).casefold() for row in summary.rows)
    given = [("questions.csv, column topic", question.topic) for question in evidence.questions]
    given += [("claims.csv, column statement", claim.statement) for claim in evidence.claims]
    for where, text in given:
        if headlines[text.casefold()] > 1:
            yield (
                f"{where}: {quoted(text)} is already a headline of the summary; choose different "
                "words."
            )


def _codes(evidence: Evidence) -> Iterator[str]:
    repeated = [("questions.csv, column question", each.question) for each in evidence.questions]
    repeated += [("outlooks.csv, column outlook", each.outlook) for each in evidence.outlooks]
    repeated += [("outlooks.csv, column short", each.short) for each in evidence.outlooks]
    repeated += [("claims.csv, column claim", each.claim) for each in evidence.claims]
    for where, text in repeated:
        if len(text) > _LONGEST:
            yield f"{where}: {quoted(text)} is longer than {_LONGEST} characters."
    for note in evidence.notes:
        if note.note in METHODS:
            yield (
                f"notes.csv, column note: {note.note!r} is already the code of a note of the "
                "workbook; choose a different one."
            )


def _others(evidence: Evidence) -> Iterator[str]:
    for source in evidence.sources:
        if len(source.link or "") > _LONGEST_LINK:
            yield (
                f"sources.csv, column link: that of {quoted(source.source)} is longer than "
                f"{_LONGEST_LINK:,} characters."
            )
    if not any(provider.external for provider in evidence.providers):
        yield (
            "providers.csv, column external: no provider type is outside the council; the "
            "scenario needs one."
        )
