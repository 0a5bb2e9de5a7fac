"""What the engine for closed files costs, against openpyxl and XlsxWriter in the same run.

Usage: python tests/benchmarks/engine.py [--runs 5]

Whole processes, run by turns, compared by their medians. First a standard workbook is refreshed
from a changed evidence pack, against openpyxl loading and saving it. Then a cell of a table is
changed in a workbook that has another sheet of 200,000 rows, against openpyxl doing so. Then a
table of 50,000 rows is filled, against XlsxWriter writing one. Last as many rows are added one by
one, against a tenth of them: the time is to grow no faster than their number. A measurement, not a
test: it fails only if a command fails.
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

FOREIGN, FILLED, WIDTH = 200_000, 50_000, 8
AIM_FOREIGN = 0.1


def rows(count: int) -> list[list[object]]:
    """Rows of numbers and texts by turns."""
    return [
        [f"text {row}-{column}" if column % 2 else row * column / 7 for column in range(WIDTH)]
        for row in range(count)
    ]


def write(path: Path, foreign: int, filled: int) -> None:
    """A workbook with a table of so many rows, and another sheet of so many, by XlsxWriter."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as workbook:
        sheet, other = workbook.add_worksheet("Table"), workbook.add_worksheet("Foreign")
        headings = [{"header": f"Column {column}"} for column in range(WIDTH)]
        for target, count in ((sheet, filled), (other, foreign)):
            for number, row in enumerate(rows(count), 1):
                target.write_row(number, 0, row)
        sheet.add_table(0, 0, max(filled, 1), WIDTH - 1, {"name": "Table1", "columns": headings})


def write_foreign(path: Path) -> None:
    """The workbook of the first comparison."""
    write(path, FOREIGN, 1)


def write_empty(path: Path) -> None:
    """The workbook to fill."""
    write(path, 0, 0)


def write_filled(path: Path) -> None:
    """What is written against filling it."""
    write(path.with_name("written.xlsx"), 0, FILLED)


def change(path: Path) -> None:
    """Change a cell of a table with the engine."""
    from commissioning.engine import contents, open_book

    book = open_book(path)
    book.sheets["Table"]["B2"].value = "changed"
    path.with_name("changed.xlsx").write_bytes(contents(book) or b"")


def load_and_save(path: Path) -> None:
    """Change the same cell with openpyxl."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    book["Table"]["B2"] = "changed"
    book.save(path.with_name("saved.xlsx"))


def refresh(path: Path) -> None:
    """Refresh a standard workbook from a changed evidence pack."""
    from commissioning.cli import main as localis

    target = path.with_name("refreshed.xlsx")
    shutil.copy(path, target)
    localis(["refresh", str(target), "--evidence", str(path.with_name("pack"))])


def save_standard(path: Path) -> None:
    """Load and save a standard workbook with openpyxl."""
    from openpyxl import load_workbook

    load_workbook(path).save(path.with_name("saved.xlsx"))


def write_standard(path: Path) -> None:
    """A standard workbook, and a changed evidence pack beside it."""
    from commissioning.cli import main as localis
    from commissioning.evidence.pack import SHIPPED

    localis(["template", str(path)])
    pack = Path(shutil.copytree(SHIPPED, path.with_name("pack")))
    actions = pack / "actions.csv"
    text = actions.read_text(encoding="utf-8")
    actions.write_text(text.replace("Redefine", "Change").replace(" the ", " THE "), "utf-8")


def fill(path: Path) -> None:
    """Fill a table with the engine."""
    from commissioning.engine import contents, open_book

    book = open_book(path)
    sheet = book.sheets["Table"]
    table = sheet.tables["Table1"]
    table.resize(sheet["A1"].resize(FILLED + 1, WIDTH))
    sheet["A2"].value = rows(FILLED)
    path.with_name("filled.xlsx").write_bytes(contents(book) or b"")


def add(path: Path, count: int = FILLED) -> None:
    """Add rows to a table one by one."""
    from commissioning.engine import contents, open_book

    book = open_book(path)
    table = book.sheets["Table"].tables["Table1"]
    for _ in range(count):
        table.rows.add()
    path.with_name("added.xlsx").write_bytes(contents(book) or b"")


def add_fewer(path: Path) -> None:
    """Add a tenth of the rows."""
    add(path, FILLED // 10)


STEPS: dict[str, Callable[[Path], None]] = {
    step.__name__: step
    for step in (
        *(write_foreign, write_empty, write_filled, write_standard),
        *(refresh, save_standard, change, load_and_save, fill, add, add_fewer),
    )
}


def report(label: str, costs: tuple[Cost, Cost], aim: float | None) -> None:
    """Write two lines of the table."""
    ours, other = costs
    wanted = f"{aim:>6.1f}" if aim else ""
    for what, unit, one, two in (
        ("time", "s", ours.seconds, other.seconds),
        ("memory", "MB", ours.peak_mb, other.peak_mb),
    ):
        sys.stdout.write(
            f"{label + ', ' + what:<44}{one:>9.2f} {unit:<2}{two:>9.2f} {unit:<2}{one / two:>7.2f}"
            f"{wanted}\n"
        )


def main() -> None:
    """Measure and report, or take one step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        STEPS[options.step](options.file)
        return

    with tempfile.TemporaryDirectory() as folder:
        standard = Path(folder, "standard.xlsx")
        foreign, empty = Path(folder, "foreign.xlsx"), Path(folder, "empty.xlsx")

        def costs(ours: str, other: str, file: Path) -> tuple[Cost, Cost]:
            step = [sys.executable, __file__, "--file", str(file), "--step"]
            return compared([*step, ours], [*step, other], options.runs)

        # A child's peak memory is never less than what this process held when it started it.
        for step, file in (
            ("write_standard", standard),
            ("write_foreign", foreign),
            ("write_empty", empty),
        ):
            measured([sys.executable, __file__, "--file", str(file), "--step", step])
        sys.stdout.write(f"{'':<44}{'ours':>12}{'other':>12}{'ratio':>7}{'aim':>6}\n")
        refreshed = costs("refresh", "save_standard", standard)
        report("refresh of a standard workbook; openpyxl", refreshed, AIM_FOREIGN)
        changed = costs("change", "load_and_save", foreign)
        report(f"a cell, beside {FOREIGN:,} rows; openpyxl", changed, AIM_FOREIGN)
        report(f"{FILLED:,} rows; XlsxWriter", costs("fill", "write_filled", empty), None)
        report(f"{FILLED:,} rows one by one; a tenth", costs("add", "add_fewer", empty), None)


if __name__ == "__main__":
    main()
