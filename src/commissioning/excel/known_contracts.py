"""The contracts of a register as the workbook knows them: each under the id that it has there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from commissioning.cells import date
from commissioning.council.contracts import identity
from commissioning.council.suppliers import names
from commissioning.workbook import marks
from commissioning.workbook.held import Held
from commissioning.workbook.layout import contracts as layout
from commissioning.workbook.refresh.report import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from commissioning.cells import Value
    from commissioning.council.figures import Contract
    from commissioning.workbook.refresh.found import Found

_TABLE = layout.register(None).table

#: Name of the table.
NAME = _TABLE.name

_ENTRIES = marks.entry_of_row(NAME, "")


def known(
    contracts: Sequence[Contract], found: Found | None, recorded: Mapping[str, str]
) -> tuple[Sequence[Contract], list[Entry]]:
    """The contracts with their ids, and rows of which nobody can tell whether they are theirs.

    Args:
        contracts: of the register.
        found: the table of contracts as it stands in the workbook; None where it is missing.
        recorded: what Provenance says.
    """
    written = {
        entry.removeprefix(_ENTRIES): frozenset(held.split())
        for entry, held in recorded.items()
        if entry.startswith(_ENTRIES)
    }
    there = found if found is not None and _TABLE.key in found.headings else None
    rows = {there.key(row, _TABLE.key): row for row in range(len(there.rows))} if there else {}
    cells = {key.casefold(): _cells(there, row) for key, row in rows.items()} if there else {}
    standing = [
        _Row(key, written.get(key, frozenset()), cells.get(key.casefold(), {})).standing
        # Without any record, the rows are all that is known.
        for key in filter(None, written or rows)
    ]
    named = identity.named(contracts, standing)
    doubts = [
        Entry(there.at(row, _TABLE.key), _doubt(key, named.doubtful[key]))
        for key, row in rows.items()
        if there and key in named.doubtful and _typed(cells[key.casefold()])
    ]
    return named.contracts, doubts


def _doubt(key: str, ids: Sequence[str]) -> str:
    new = ids[0] if len(ids) == 1 else f"one of {', '.join(ids)}"
    return (
        f"the register no longer has {key!r} with this title, supplier and start; its row was "
        f"kept with what you typed. If it is {new} now, move that there."
    )


def _cells(found: Found, row: int) -> Mapping[str, Held]:
    return dict(zip(found.headings, found.rows[row], strict=True))


def _typed(cells: Mapping[str, Held]) -> bool:
    """Whether the officer has typed anything into a row, in columns of their own too."""
    ours = {column.heading for column in _TABLE.columns if not column.input}
    return any(not held.empty for heading, held in cells.items() if heading not in ours)


#: What tells contracts of one reference apart, and what is the same of two spellings of it.
_WHO: Mapping[str, Callable[[Value], object]] = {
    "Title": lambda value: names.words("" if value is None else str(value)),
    "Supplier": lambda value: names.key("" if value is None else str(value)),
    "Start": lambda value: date(value) or value or None,
}


class _Row:
    """A contract of the workbook: the marks of what was written, and what stands there now."""

    def __init__(self, key: str, written: frozenset[str], cells: Mapping[str, Held]) -> None:
        self._written = written
        self._cells = cells
        gone = cells.get(layout.IN_REGISTER, Held()).value == layout.NO_LONGER
        self.standing = identity.Standing(
            key, self._is_of, self._is_unchanged, gone or marks.RETIRED in written
        )

    def _is_of(self, contract: Contract) -> bool:
        """What was written counts, even where the officer has typed over it."""
        return all(
            self._was_written(contract, heading) or self._stands(contract, heading, plain)
            for heading, plain in _WHO.items()
        )

    def _stands(self, contract: Contract, heading: str, plain: Callable[[Value], object]) -> bool:
        held = self._cells.get(heading)
        return held is not None and plain(held.value) == plain(_row(contract)[heading])

    def _is_unchanged(self, contract: Contract) -> bool:
        return all(self._was_written(contract, heading) for heading in _row(contract))

    def _was_written(self, contract: Contract, heading: str) -> bool:
        return marks.mark(heading, _row(contract)[heading], NAME) in self._written


@lru_cache(maxsize=10_000)
def _row(contract: Contract) -> Mapping[str, Value]:
    """What the workbook says of a contract, by heading."""
    (row,) = layout.register([contract]).table.rows
    known = {_TABLE.key, layout.IN_REGISTER}
    return {
        column.heading: row[column.heading]  # type: ignore[misc]  # the register has values alone
        for column in _TABLE.columns
        if column.heading in row and column.heading not in known
    }
