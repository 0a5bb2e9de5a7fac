"""The log in the officer's home folder: why a cell shows an error, a sentence for each reason.

Nothing here fails: a log that cannot be written is no log.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

#: Bytes after which a new file is begun; the one before it is kept.
LARGEST = 1_000_000


# A column of faults says the same in every cell, and says it again with each recalculation.
@lru_cache(maxsize=1000)
def note(text: str) -> None:
    """Write a line, unless it was written before and is among the last thousand."""
    try:
        file = Path.home() / ".localis" / "localis.log"
        file.parent.mkdir(exist_ok=True)
        if file.exists() and file.stat().st_size > LARGEST:
            file.replace(file.with_suffix(".old.log"))
        now = dt.datetime.now().astimezone()
        # Opened for each line: on Windows an open file would keep a second Excel from renaming it.
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{now:%Y-%m-%d %H:%M:%S} {text}\n")
    except (OSError, RuntimeError, ValueError):
        # No home folder, no right to write, no room.
        return
