"""What a macro tells of its work: what changed, what was kept, what needs a look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Cells and rows of a table of the evidence to which the same is done are told one by one up to
#: here; of an imported one, of which there are many more, up to the second.
_LISTED, _FEW = 50, 3

#: A window on the screen holds no more lines of one kind than this; the rest is counted.
MOST_LINES = 12


class Entry(NamedTuple):
    """One thing: where it is, as sheet and cell, and what is to be said of it."""

    where: str
    text: str

    def __str__(self) -> str:
        """As a line of text."""
        return f"{self.where}: {self.text}" if self.where else self.text


@dataclass
class TableChanges:
    """What is changed in the cells and rows of a table, to be told in few lines.

    Attributes:
        sheet: its title.
        imported: whether the table comes from the council's own files.
        cells: place, heading and what is done.
        rows: what is done -> heading and text by which each of the rows is known.
    """

    sheet: str
    imported: bool
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """What was changed; of very many cells or rows, how many."""
        most = _FEW if self.imported else _LISTED
        yield from self._of_cells(most)
        for done, names in self.rows.items():
            if len(names) <= most:
                yield from (Entry(self.sheet, f"{name} {text} {done}.") for name, text in names)
                continue
            distinct = list(dict.fromkeys(names))
            shown = ", ".join(text for _, text in distinct[:_FEW])
            more = f" and {len(distinct) - _FEW:,} more" if len(distinct) > _FEW else ""
            text = f"{len(names):,} rows {done}: {distinct[0][0]} {shown}{more}."
            yield Entry(self.sheet, text)

    def _of_cells(self, most: int) -> Iterator[Entry]:
        if not self.imported and len(self.cells) > most:
            yield Entry(self.sheet, f"{len(self.cells):,} cells brought up to date.")
            return
        for heading in dict.fromkeys(heading for _, heading, _ in self.cells):
            alike = [(where, text) for where, each, text in self.cells if each == heading]
            if len(alike) <= most:
                yield from (Entry(where, f"{heading}: {text}.") for where, text in alike)
                continue
            texts = {text for _, text in alike}
            done = texts.pop() if len(texts) == 1 else "brought up to date"
            yield Entry(self.sheet, f"{heading}, {len(alike):,} cells: {done}.")


@dataclass
class Report:
    """What a macro did.

    Attributes:
        title: what was done, such as "Refreshed survey".
        changed: what was written, in words.
        kept: what of the officer's was found and left as it was.
        look: what only the officer can settle; nothing was guessed there.
    """

    title: str
    changed: list[Entry] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)
    look: list[Entry] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what another report tells."""
        self.changed += other.changed
        self.kept += other.kept
        self.look += other.look

    def summary(self) -> str:
        """One line: how much there is of each."""
        parts = [_count(len(self.changed), "change", "changes")]
        if self.look:
            parts.append(_count(len(self.look), "thing to look at", "things to look at"))
        return f"{self.title}: {', '.join(parts)}."

    def account(self, most: int) -> str:
        """What was done, in no more characters than given."""
        text = " ".join([self.summary(), *(str(entry) for entry in (*self.changed, *self.look))])
        return text if len(text) <= most else f"{text[: most - 3]}..."

    def lines(self, most: int | None = None) -> Iterator[str]:
        """The report line by line, with no more than `most` lines of each kind."""
        yield self.summary()
        for heading, entries in (
            ("Changed", self.changed),
            ("Kept", self.kept),
            ("Needs a look", self.look),
        ):
            if entries:
                yield f"{heading}:"
                yield from (f"  {entry}" for entry in entries[:most])
                if most is not None and len(entries) > most:
                    yield f"  and {len(entries) - most:,} more"


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
