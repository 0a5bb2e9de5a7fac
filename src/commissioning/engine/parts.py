"""The parts of a package as they are being edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from commissioning.engine.archive import rewritten

if TYPE_CHECKING:
    from lxml.etree import _Element

    from commissioning.check.package import Package


class Parts:
    """Parts parsed for editing; only those that were touched are written again."""

    def __init__(self, package: Package) -> None:
        """Take a package; nothing is parsed yet."""
        self.package = package
        self._names = {name.casefold(): name for name in package.names}
        self._roots: dict[str, _Element] = {}
        self._touched: dict[str, None] = {}
        self._replaced: dict[str, bytes | None] = {}

    def root(self, name: str) -> _Element:
        """The root element of a part, always the same one, for reading and for editing.

        Raises:
            WorkbookError: the part is missing, too large, or not well-formed.
        """
        name = self._name(name)
        if name not in self._roots:
            self._roots[name] = self.package.xml(name, verbatim=True)
        return self._roots[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return self._name(name) in self._roots or name in self.package

    def touch(self, name: str) -> None:
        """Note that a part's root has been edited."""
        self._touched[self._name(name)] = None

    def add(self, name: str, root: _Element) -> None:
        """Add a part that the package lacks."""
        self._roots[self._name(name)] = root
        self.touch(name)

    def replace(self, name: str, data: bytes) -> bool:
        """Give a part that is not edited otherwise new bytes; returns whether it had others."""
        name = self._name(name)
        old = self._replaced.get(name) or self.package.read(name)
        if data != old:
            self._replaced[name] = data
        return data != old

    def remove(self, name: str) -> None:
        """Remove a part."""
        self._replaced[self._name(name)] = None

    @property
    def edited(self) -> bool:
        """Whether any part has been edited."""
        return bool(self._touched or self._replaced)

    def contents(self) -> bytes:
        """The bytes of the new file."""
        edits = self._replaced | {name: _serialised(self._roots[name]) for name in self._touched}
        return rewritten(self.package.data, edits)

    def _name(self, name: str) -> str:
        return self._names.setdefault(name.casefold(), name)


def _serialised(root: _Element) -> bytes:
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
