"""VBA as text: what a module is, and how VBA writes a text."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

#: The code page of our VBA project.
ENCODING = "cp1252"


class Kind(Enum):
    """What a module is; the value ends the name of the file in which its text stands."""

    STANDARD = ".bas"
    CLASS = ".cls"
    DOCUMENT = ".doc.cls"


class Module(NamedTuple):
    """A module: its text with the attributes before it, lines ending in CR and LF."""

    name: str
    kind: Kind
    text: str


def quoted(text: str) -> str:
    """A text as VBA writes it."""
    return '"' + text.replace('"', '""') + '"'
