"""What a macro tells of its work: what changed, what was kept, what needs a look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
