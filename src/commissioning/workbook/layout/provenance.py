"""What the program wrote, row by row: by it a refresh tells the program's cells from typed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.workbook import marks
from commissioning.workbook.grid import PARTS, Column, Line, Sheet, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Contents

NAME = "Provenance"
ENTRY, WRITTEN = "Entry", "Written"

#: The entry with the version of the program that filled the workbook last.
PROGRAM = "Program"


def sheet(evidence: Evidence, sheets: Sequence[Sheet]) -> Sheet:
    """The marks of everything that the given sheets declare."""
    rows: list[Contents] = [
        {ENTRY: PROGRAM, WRITTEN: __version__},
        *(
            {ENTRY: marks.entry_of_part(part), WRITTEN: f"{evidence.name} {evidence.version}"}
            for part in PARTS
        ),
        *({ENTRY: entry, WRITTEN: held} for entry, held in marks.entries(sheets).items()),
    ]
    return Sheet(
        NAME,
        "Provenance",
        "Marks of what the program wrote, so that a refresh knows what you typed and keeps it",
        "Reference",
        Table(NAME, ENTRY, (Column(ENTRY, width=62), Column(WRITTEN, width=98)), rows),
        (
            Line(
                "Nothing to read or type here. Without it a refresh changes no cell that differs "
                "from the evidence, and asks you to look instead."
            ),
        ),
        task="Leave as it is",
    )
