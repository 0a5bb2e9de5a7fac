"""Real files of councils, which stand beside the repository and are no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COUNCIL_SPEND = DATA / "council-spend"

needs_shared = pytest.mark.skipif(
    not COUNCIL_SPEND.is_dir(), reason="the real files are not beside the repository"
)
