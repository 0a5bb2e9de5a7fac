"""`localis addin build` and `localis addin source`: the add-in, and all of it as text."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.cli import FINE

if TYPE_CHECKING:
    import argparse


def build(options: argparse.Namespace) -> int:
    """`localis addin build`: make the add-in."""
    from commissioning.addin import build, source

    path, data = Path(options.file), build.build()
    build.write(path, data)
    print(f"Wrote {path} for xlwings {source.xlwings_version()}.")
    print(f"SHA-256 {hashlib.sha256(data).hexdigest()}")
    return FINE


def source(options: argparse.Namespace) -> int:
    """`localis addin source`: write every module, the ribbon and a list of them as text."""
    from commissioning.addin.build import write_source

    written = write_source(Path(options.folder))
    print(f"Wrote {len(written)} files into {options.folder}; {written[-1].name} lists them.")
    return FINE
