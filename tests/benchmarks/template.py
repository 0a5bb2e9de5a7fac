"""How much dearer `localis template` is than a bare openpyxl script that writes the same.

Usage: python tests/benchmarks/template.py [--runs 7]

Whole processes, run by turns, compared by their medians. The bare script writes the same cells,
formulas, tables and number of charts, as read from the workbook that `localis template` has made,
without any format. The second comparison is the start: `localis --help` against
`python -c "import argparse"`. A measurement, not a test: it fails only if a command fails.
"""

# The standard library only, and openpyxl in a process of its own: a child's peak memory as the
# system reports it is never less than what its parent held when it started the child.
from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypedDict

AIM = 1.5

#: With the bytecode that an installed package comes with, also where none is to be written.
ENVIRONMENT = {key: each for key, each in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


class Sheet(TypedDict):
    """What a sheet holds: cells as row, column and value, tables as name and place."""

    title: str
    cells: list[tuple[int, int, float | str]]
    tables: list[tuple[str, str]]
    charts: int


class Cost(NamedTuple):
    """What a process took; the memory is not a number on Windows, which does not tell it."""

    seconds: float
    peak_mb: float


def content_of(file: Path) -> list[Sheet]:
    """The sheets of a workbook, without the cells that hold neither value nor formula."""
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import to_excel

    sheets = [
        {
            "title": sheet.title,
            "cells": [
                (cell.row, cell.column, cell.value)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            ],
            "tables": [(table.displayName, table.ref) for table in sheet.tables.values()],
            "charts": len(sheet._charts),  # type: ignore[attr-defined]
        }
        for sheet in load_workbook(file).worksheets
    ]
    content: list[Sheet] = json.loads(json.dumps(sheets, default=to_excel))
    return content


def measured(command: list[str]) -> Cost:
    """Run a command to its end.

    Raises:
        SystemExit: naming the command, if it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    if sys.platform == "win32":
        process.wait()
        peak = math.nan
    else:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
    return Cost(seconds, peak)


def compared(ours: list[str], bare: list[str], runs: int) -> tuple[Cost, Cost]:
    """The median costs of two commands, run by turns after one run of each that does not count."""
    pairs = [(measured(ours), measured(bare)) for _ in range(runs + 1)][1:]
    ours_median, bare_median = (
        Cost(*map(statistics.median, zip(*costs, strict=True)))
        for costs in zip(*pairs, strict=True)
    )
    return ours_median, bare_median


def template_costs(localis: str, folder: Path, runs: int) -> tuple[Cost, Cost]:
    """The costs of `localis template` and of the bare script, having shown what they write."""
    file, bare_file, content = folder / "ours.xlsx", folder / "bare.xlsx", folder / "content.json"
    ours = [localis, "template", str(file), "--force"]
    bare = [sys.executable, str(Path(__file__).with_name("bare.py")), str(content), str(bare_file)]
    measured(ours)
    with ProcessPoolExecutor(1) as process:
        sheets = process.submit(content_of, file).result()
        content.write_text(json.dumps(sheets), encoding="utf-8")
        measured(bare)
        if process.submit(content_of, bare_file).result() != sheets:
            raise SystemExit("The bare script does not write the same content.")
    values = [value for sheet in sheets for _, _, value in sheet["cells"]]
    formulas = sum(isinstance(value, str) and value.startswith("=") for value in values)
    tables, charts = (sum(len(s["tables"]) for s in sheets), sum(s["charts"] for s in sheets))
    sys.stdout.write(
        f"{len(sheets)} sheets, {len(values)} cells of which {formulas} formulas, "
        f"{tables} tables, {charts} charts; medians of {runs} runs\n"
    )
    return compared(ours, bare, runs)


def report(label: str, ours: float, bare: float, unit: str) -> None:
    """Write a line of the table."""
    sys.stdout.write(
        f"{label:<26}{ours:>9.3f} {unit:<2}{bare:>9.3f} {unit:<2}{ours / bare:>7.2f}{AIM:>6.1f}\n"
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command (default 7)")
    runs = parser.parse_args().runs
    localis = shutil.which("localis", path=sysconfig.get_path("scripts"))
    if localis is None:
        raise SystemExit("localis is not installed here: run 'python -m pip install -e .' first.")
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = template_costs(localis, Path(folder), runs)
    # Two hundredths of a second drown in the noise of few runs.
    bare_start = [sys.executable, "-c", "import argparse"]
    start, least = compared([localis, "--help"], bare_start, 5 * runs)
    sys.stdout.write(f"{'':<26}{'localis':>12}{'bare':>12}{'ratio':>7}{'aim':>6}\n")
    report("template, wall time", ours.seconds, bare.seconds, "s")
    report("template, peak memory", ours.peak_mb, bare.peak_mb, "MB")
    report("--help, wall time", start.seconds, least.seconds, "s")


if __name__ == "__main__":
    main()
