"""The files in `workbooks/`: a blank template, a filled example, and pictures of it.

`python tests/example.py` makes them anew. The example's council, people and figures are made up.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import example_own
from commissioning.council.suppliers.names import key
from commissioning.workbook.layout import Choices
from filling import Typed, blank, blank_bytes, filled_bytes
from judges import rendered_pages

if TYPE_CHECKING:
    from commissioning.cells import Value

FOLDER = Path(__file__).parent.parent / "workbooks"
TEMPLATE = "Commissioning workbook.xlsx"
EXAMPLE = "Example of a filled workbook.xlsx"

#: Pictures for the README: name -> sheet; the sheets up to these have one page each.
PICTURES = {
    "cover.png": "Cover",
    "summary.png": "Summary",
    "shift.png": "Shift",
    "actions.png": "Actions",
}

CHOICES = Choices("Sandborough Borough Council (made up)", "2026-27", dt.date(2026, 11, 22))

_MADE_UP = "Made up for this example"

#: Service area -> procurement, external contractors, other employees, in £m.
_EXPENDITURE = {
    "Education": (41.2, 18.6, 96.4),
    "Highways and transport": (22.8, 17.1, 4.3),
    "Children's social care": (38.5, 24.9, 27.2),
    "Adult social care": (88.1, 61.7, 24.6),
    "Public health": (14.7, 9.8, 2.9),
    "Housing": (19.3, 12.4, 8.1),
    "Culture and leisure": (9.6, 6.2, 5.5),
    "Environment and waste": (27.4, 21.3, 6.7),
    "Planning and development": (6.1, 2.2, 7.4),
    "Central services": (24.9, 8.8, 31.6),
}

_OWNERS = (
    "Head of Commissioning",
    "Head of Procurement",
    "Director of Adults",
    "Monitoring Officer",
)
_DAY = dt.date(2026, 11, 22)


#: Action -> owner, priority, status, start and due in days from the As at date, percentage.
_PLAN: dict[str, tuple[int, str, str, int, int, float | None]] = {
    "R1-05": (2, "Medium", "In progress", -200, 120, 0.4),
    "R2-02": (0, "High", "Complete", -300, -30, None),
    "R2-03": (0, "Medium", "In progress", -90, 60, 0.5),
    "R2-04": (0, "High", "In progress", -120, 20, 0.8),
    "R2-05": (0, "Low", "On hold", -60, 200, None),
    "R2-06": (0, "High", "Complete", -250, -100, None),
    "R3-03": (1, "Medium", "In progress", -30, 150, 0.15),
    "R3-04": (1, "High", "In progress", -150, -12, 0.7),
    "R3-05": (1, "Medium", "Not started", 10, 180, None),
    "R3-06": (1, "High", "In progress", -60, 90, 0.35),
    "R3-07": (1, "High", "In progress", -60, 25, 0.6),
    "R4-01": (3, "Medium", "Complete", -220, -45, None),
    "R4-02": (3, "Medium", "Not started", -14, 75, None),
    "R4-03": (1, "High", "In progress", -45, 45, 0.5),
    "R5-01": (1, "High", "In progress", -180, -5, 0.9),
    "R5-02": (1, "High", "Not started", 20, 240, None),
    "R6-01": (3, "Low", "In progress", -20, 300, 0.1),
    "R6-03": (0, "Medium", "Complete", -160, -60, None),
    "R8-01": (0, "Medium", "In progress", -75, 40, 0.45),
    "R9-01": (2, "High", "In progress", -100, 80, 0.55),
    "R9-05": (2, "Low", "Not started", 30, 365, None),
}

_NOT_OURS: dict[str, Value] = {
    "Status input": "Not applicable",
    "Notes input": "For central government; followed, not led, by the council.",
}

_ACTIONS: dict[str, dict[str, Value]] = dict.fromkeys(
    ("R1-01", "R1-02", "R1-03", "R1-04", "R2-01", "R3-01", "R3-02"), _NOT_OURS
) | {
    action: {
        "Owner input": _OWNERS[owner],
        "Priority input": priority,
        "Status input": status,
        "Start input": _DAY + dt.timedelta(days=start),
        "Due input": _DAY + dt.timedelta(days=due),
        "Percent complete input": percent,
        "Last updated input": _DAY - dt.timedelta(days=6),
    }
    for action, (owner, priority, status, start, due, percent) in _PLAN.items()
}

TYPED: Typed = {
    "CouncilExpenditure": {
        service: {
            "Procurement £m input": procurement,
            "External contractors £m input": contractors,
            "Other employees £m input": employees,
            "Source and date input": _MADE_UP,
        }
        for service, (procurement, contractors, employees) in _EXPENDITURE.items()
    },
    "Actions": _ACTIONS,
}

#: What was imported for the example's council, and all that it typed, decisions on that included.
OWN = example_own.own()
FILLED: Typed = {
    **TYPED,
    "Suppliers": {
        key(name): {"Decision input": provider, "Note input": note}
        for name, (provider, note) in example_own.DECISIONS.items()
    },
}


def files() -> dict[str, bytes]:
    """The workbooks by file name."""
    return {TEMPLATE: blank_bytes(), EXAMPLE: filled_bytes(FILLED, CHOICES, OWN)}


def main() -> None:
    """Write the workbooks and the pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)
    sheets = [sheet.name for sheet in blank().sheets]
    with tempfile.TemporaryDirectory() as folder:
        pages = rendered_pages(FOLDER / EXAMPLE, Path(folder))
        for picture, sheet in PICTURES.items():
            shutil.copy(pages[sheets.index(sheet)], FOLDER / picture)


if __name__ == "__main__":
    main()
