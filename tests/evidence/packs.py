"""Copies of the shipped evidence pack, with faults put in."""

from __future__ import annotations

import csv
import io
import shutil
from typing import TYPE_CHECKING

import pytest

from commissioning.errors import EvidenceError
from commissioning.evidence import pack

if TYPE_CHECKING:
    from pathlib import Path


def copied(folder: Path) -> Path:
    """A copy of the shipped pack inside a folder."""
    return shutil.copytree(pack.SHIPPED, folder / "pack")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file of a pack; an empty `old` is all of it."""
    text = (folder / file).read_bytes().decode("utf-8")
    assert old in text
    changed = text.replace(old, new, 1) if old else new
    (folder / file).write_bytes(changed.encode("utf-8"))


def rows(file: Path) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))


def write_rows(file: Path, cells: list[list[str]]) -> None:
    """Write the cells of a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(cells)


def load_anew(folder: Path) -> pack.Evidence:
    """Load a pack without the memory of what stood in the folder before."""
    evidence: pack.Evidence = pack.load.__wrapped__(folder)
    return evidence


def refusal(folder: Path) -> str:
    """The one sentence with which a pack is refused."""
    with pytest.raises(EvidenceError) as caught:
        load_anew(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert message.endswith(".")
    return message
