"""What has changed in a workbook, for whatever depends on it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from commissioning.engine.areas import WHOLE_SHEET, Areas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commissioning.check.references import Area
    from commissioning.engine.mentions import Mentions


class Changes:
    """What shows something else than in the file.

    Attributes:
        tables: names in lower case.
        names: defined names in lower case.
    """

    def __init__(self) -> None:
        """Begin with nothing changed."""
        self._cells: defaultdict[str, Areas] = defaultdict(Areas)
        self.tables: set[str] = set()
        self.names: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anything has changed."""
        return bool(self._cells or self.tables or self.names)

    def add(self, title: str, block: Area) -> None:
        """Note that an area of a sheet has changed."""
        self._cells[title.casefold()].add(block)

    def overlap(self, title: str, block: Area) -> bool:
        """Whether anything has changed in an area of a sheet."""
        changed = self._cells.get(title.casefold())
        return changed is not None and changed.overlap(block)

    def reach(self, found: Mentions, places: Iterable[tuple[str, Area]]) -> bool:
        """Whether a formula may show something else now.

        Args:
            found: what it mentions.
            places: the cells among that: title of their sheet, and area.
        """
        return (
            found.anything
            or not self.tables.isdisjoint(found.tables | found.words)
            or not self.names.isdisjoint(found.words)
            or any(self.overlap(title, block) for title, block in places)
        )

    def coarsen(self) -> None:
        """Let every sheet with a changed cell count as changed in all its cells."""
        for areas in self._cells.values():
            areas.add(WHOLE_SHEET)
