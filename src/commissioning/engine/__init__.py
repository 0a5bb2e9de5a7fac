"""An xlwings engine for closed files: macros written for Excel's Book run without Excel.

It edits only what it must: every other part of the package is copied byte for byte, and within an
edited part what is not ours stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xlwings import Book

    from commissioning.cells import Value


#: What xlwings calls the engine of a book that is opened here.
NAME = "file"


def open_book(path: Path) -> Book:
    """Open a workbook file (.xlsx or .xlsm) as xlwings' Book; the file itself is never written.

    Args:
        path: the file.

    Raises:
        WorkbookError: it cannot be read, is no workbook, or is not safe to read.
    """
    from commissioning.engine.book import opened

    return opened(path)


def contents(book: Book) -> bytes | None:
    """The bytes of the file with all changes; None where nothing was changed.

    Raises:
        WorkbookError: a part of the file that depends on the changes is damaged.
    """
    content: bytes | None = book.impl.document.contents()
    return content


def set_cached(book: Book, values: Mapping[tuple[str, int, int], Value]) -> bool:
    """Give formulas their worked-out values; cells without a formula stay as they are.

    Other formulas that depend on what has changed lose theirs, which no longer hold.

    Args:
        book: as `open_book` has opened it.
        values: title of the sheet, row and column (from 1) -> value.

    Returns:
        Whether other formulas have lost values: what was worked out from those is to be worked
        out again.
    """
    document = book.impl.document
    for sheet in document.sheets:
        # What was worked out before may rest on a value that has gone since.
        sheet.given.clear()
    for (title, row, column), value in values.items():
        document.sheet(title).write_cached(row, column, value)
    dropped: bool = document.drop_stale()
    return dropped
