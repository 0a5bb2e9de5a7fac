"""Importing libraries without those that they take along wherever they find them."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def imports() -> Iterator[None]:
    """Let libraries that are imported meanwhile find neither numpy nor pandas.

    To xlwings and openpyxl these are for values that nobody gives them here, and take as long as
    the whole command. What has been imported already stays to be had.
    """
    hidden = [name for name in ("numpy", "pandas") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: not to be had
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
