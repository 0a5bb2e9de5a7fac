"""What importing payments costs, against openpyxl loading and saving the workbook they make.

Usage: python tests/benchmarks/importing.py [--runs 3] [--lines 20000]

Whole processes, run by turns, compared by their medians. Payments are made up, one for each line
that the workbook is to hold of a supplier and a service, every two of them to one supplier. They
are imported into a new workbook; then that workbook is refreshed, which works out all its figures
again and finds nothing to do. A measurement, not a test: it fails only if a command fails.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from template import compared, measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from template import Cost

SERVICES = ("Adult social care", "Highways", "Housing", "Libraries", "Parks", "Schools", "Waste")


def write(folder: Path, lines: int) -> None:
    """A new workbook, the payments, and the workbook with the payments in it."""
    from commissioning.cli import main as localis

    rows = (
        f"Any Council,{SERVICES[n % len(SERVICES)]},{n % 28 + 1:02}/04/2026,{n},{n * 1.37:.2f},"
        f"Firm {n // 2} of Somewhere Ltd"
        for n in range(1, lines + 1)
    )
    head = "Body Name,Directorate,Payment Date,Transaction No,Net Amount,Supplier Name"
    (folder / "payments.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    localis(["template", str(folder / "new.xlsx")])
    import_payments(folder)


def import_payments(folder: Path) -> None:
    """Import the payments into a new workbook."""
    from commissioning.cli import main as localis

    target = folder / "filled.xlsx"
    shutil.copy(folder / "new.xlsx", target)
    localis(["import", "spend", str(folder / "payments.csv"), "--into", str(target)])
    for made in (*folder.glob("filled payments.*"), *folder.glob("filled.backup*")):
        made.unlink()


def refresh(folder: Path) -> None:
    """Refresh the workbook that holds them."""
    from commissioning.cli import main as localis

    localis(["refresh", str(folder / "filled.xlsx")])


def load_and_save(folder: Path) -> None:
    """Load and save that workbook with openpyxl."""
    from openpyxl import load_workbook

    load_workbook(folder / "filled.xlsx").save(folder / "saved.xlsx")


STEPS: dict[str, Callable[[Path], None]] = {
    step.__name__: step for step in (import_payments, refresh, load_and_save)
}


def report(label: str, costs: tuple[Cost, Cost]) -> None:
    """Write two lines of the table."""
    ours, other = costs
    for what, unit, one, two in (
        ("time", "s", ours.seconds, other.seconds),
        ("memory", "MB", ours.peak_mb, other.peak_mb),
    ):
        sys.stdout.write(
            f"{label + ', ' + what:<36}{one:>9.2f} {unit:<2}{two:>9.2f} {unit:<2}"
            f"{one / two:>7.2f}\n"
        )


def main() -> None:
    """Measure and report, or take one step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default 3)")
    parser.add_argument("--lines", type=int, default=20_000, help="payments (default 20,000)")
    parser.add_argument("--step", choices=[*STEPS, "write"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "write":
        write(options.folder, options.lines)
        return
    if options.step:
        STEPS[options.step](options.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        step = [sys.executable, __file__, "--folder", folder, "--step"]
        # A child's peak memory is never less than what this process held when it started it.
        measured([*step, "write", "--lines", str(options.lines)])
        sys.stdout.write(f"{'':<36}{'ours':>12}{'openpyxl':>12}{'ratio':>7}\n")
        for name, label in (("import_payments", "import"), ("refresh", "refresh")):
            costs = compared([*step, name], [*step, "load_and_save"], options.runs)
            report(f"{label}, {options.lines:,} payments", costs)


if __name__ == "__main__":
    main()
