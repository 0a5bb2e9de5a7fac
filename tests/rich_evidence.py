"""The shipped evidence as a later version of it might be."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from commissioning.evidence.pack import SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

NEW, RETIRED, REWORDED = "R9-07", "R2-01", "R1-02"
#: Looks like a formula and has to stay a text.
NEW_TASK = "=SUM(1,1) is how residents put it"
REWORDED_TASK = "Fund the sharing of data across the public sector for longer"

_EDITS = {
    "options.csv": ("procurement experts|buyers,39,50.0", "procurement experts|buyers,40,51.3"),
    "shift.csv": ("large,same,22", "large,same,23"),
    "expenditure.csv": ("1,30.091,", "1,30.0914,"),
    "datapackage.json": ('"version": "1.0.0"', '"version": "1.1.0"'),
    "actions.csv": (
        "Keep supporting and funding the sharing of data across the public sector",
        REWORDED_TASK,
    ),
}


def changed_pack(folder: Path) -> Path:
    """A pack of other figures with an action more, one fewer and one in other words."""
    shutil.copytree(SHIPPED, folder)
    for name, (old, new) in _EDITS.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, name
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    actions = folder / "actions.csv"
    lines = actions.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(RETIRED)]
    added = f'{NEW},9,"{NEW_TASK}",Councils,Made up'
    actions.write_text("\n".join([*kept, added, ""]), encoding="utf-8")
    return folder
