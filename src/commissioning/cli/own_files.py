"""The council's own files as they are named on the command line, and the progress of reading."""

from __future__ import annotations

import glob
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 20


def paths(names: Sequence[str]) -> list[Path]:
    """The files that are named; a pattern that no shell has expanded, as on Windows, is here."""
    found: list[Path] = []
    for name in names:
        matches = [] if Path(name).exists() else sorted(glob.glob(name))  # noqa: PTH207 - any folder
        found += map(Path, matches or [name])
    return list(dict.fromkeys(found))


def watch(file: str, done: float) -> None:
    """Show how much of a file has been read, from 0 to 1, where somebody watches."""
    if not sys.stderr.isatty():
        return
    if done >= 1:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
        return
    filled = int(done * _WIDTH)
    bar = "█" * filled + "░" * (_WIDTH - filled)
    print(f"\r{bar} {done:4.0%} {file[:50]}", end="", file=sys.stderr, flush=True)
