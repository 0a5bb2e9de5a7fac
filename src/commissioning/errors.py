"""What can go wrong outside the code: each error says what, where and what to do next."""

from __future__ import annotations


class LocalisError(Exception):
    """A fault in something the user gave: printed as one sentence, never as a traceback."""


class EvidenceError(LocalisError):
    """An evidence pack is not of the expected form; names file, row and column."""


class WorkbookError(LocalisError):
    """A workbook cannot be read or written; names the file and, where known, sheet and cell."""
