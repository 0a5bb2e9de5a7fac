"""What the program wrote, row by row: by it a refresh tells the program's cells from typed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.workbook import marks
from commissioning.workbook.book import ErrorFoundError
from commissioning.workbook.grid import PARTS, Column, Formula, Line, Sheet, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.book import Book
    from commissioning.workbook.grid import Contents

NAME = "Provenance"
ENTRY, WRITTEN = "Entry", "Written"

#: The entry with the version of the program that filled the workbook last.
PROGRAM = "Program"

#: Stands in place of what the table does not tell.
NOT_RECORDED = "not recorded"


def _recorded(entry: str) -> str:
    """The formula of what was written for an entry."""
    found = f'INDEX({NAME}[{WRITTEN}],MATCH("{entry}",{NAME}[{ENTRY}],0))'
    return f'IFERROR({found}&"","{NOT_RECORDED}")'


def _recorded_value(entry: str, book: Book) -> str:
    try:
        return book.find(NAME, entry).text(WRITTEN)
    except (KeyError, ErrorFoundError):
        return NOT_RECORDED


def _packs_value(book: Book) -> str:
    packs = {part: _recorded_value(marks.entry_of_part(part), book) for part in PARTS}
    if len(set(packs.values())) == 1:
        return f"evidence pack {packs[PARTS[0]]}"
    return "evidence packs " + ", ".join(f"{pack} ({part})" for part, pack in packs.items())


_PACK_OF = {part: _recorded(marks.entry_of_part(part)) for part in PARTS}
_FIRST, *_OTHERS = _PACK_OF.values()
_SAME = ",".join(f"EXACT({_FIRST},{other})" for other in _OTHERS)
_EACH = '&", "&'.join(f'{pack}&" ({part})"' for part, pack in _PACK_OF.items())
_PACKS = f'IF(AND({_SAME}),"evidence pack "&{_FIRST},"evidence packs "&{_EACH})'

#: Which program filled the workbook last, and from which packs its parts were filled.
FILLED = Formula(
    f'"Filled by Localis for Excel "&{_recorded(PROGRAM)}&" from "&{_PACKS}&"."',
    lambda _, book: (
        f"Filled by Localis for Excel {_recorded_value(PROGRAM, book)} from {_packs_value(book)}."
    ),
)


def sheet(evidence: Evidence, sheets: Sequence[Sheet]) -> Sheet:
    """The marks of everything that the given sheets declare."""
    pack = f"{evidence.name} {evidence.version}"
    filled: list[Contents] = [
        {ENTRY: PROGRAM, WRITTEN: __version__},
        *({ENTRY: marks.entry_of_part(part), WRITTEN: pack} for part in PARTS),
    ]
    kept = ({ENTRY: entry, WRITTEN: held} for entry, held in marks.entries(sheets).items())
    return Sheet(
        NAME,
        "Provenance",
        "Marks of what the program wrote, so that a refresh knows what you typed and keeps it",
        "Reference",
        Table(NAME, ENTRY, (Column(ENTRY, width=62), Column(WRITTEN, width=98)), [*filled, *kept]),
        (
            Line(
                "Nothing to read or type here. Without it a refresh changes no cell that differs "
                "from the evidence, and asks you to look instead."
            ),
            Line(
                "On paper come only the first rows, which say what filled the workbook: the marks "
                "below them are for the program, one row for each row of its tables."
            ),
        ),
        task="Leave as it is",
        printed=len(filled),
    )
