"""A macro on a workbook that nobody has open: open it, run the macro, write it, tell of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from commissioning import files
from commissioning.cli import FINE, FOUND
from commissioning.cli.commands import print_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xlwings as xw

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.refresh.report import Entry, Report


class Done(NamedTuple):
    """What became of the workbook."""

    report: Report
    changed: bool
    dry_run: bool
    backup: Path | None

    @property
    def code(self) -> int:
        """The exit code."""
        return FOUND if self.report.look else FINE


class Closed:
    """A closed workbook."""

    def __init__(self, path: Path, evidence: Evidence, *, dry_run: bool = False) -> None:
        """Open it, with its figures worked out in Python where Excel would calculate.

        Raises:
            WorkbookError: it cannot be read, or is open in another program.
        """
        self.path = path
        self.dry_run = dry_run
        if not dry_run:
            files.refuse_open(path)
        self._state = files.state(path)
        self.book = open_book(path, evidence)

    def run(self, macro: Callable[[xw.Book], Report]) -> Done:
        """Run a macro on it, and write what it has changed; the old file is kept as a backup."""
        from commissioning import engine

        report = macro(self.book)
        data, backup = engine.contents(self.book), None
        if data is not None and not self.dry_run:
            backup = files.write(self.path, data, replace=True, since=self._state)
        return Done(report, data is not None, self.dry_run, backup)


def open_book(path: Path, evidence: Evidence) -> xw.Book:
    """A closed workbook, with its figures worked out in Python where Excel would calculate."""
    _import_xlwings()
    from commissioning import engine
    from commissioning.excel import figures

    def calculate(book: xw.Book) -> None:
        # Formulas of the officer's lose values that no longer hold; figures may depend on those.
        while engine.set_cached(book, figures.worked_out(book, evidence)):
            pass

    return engine.open_book(path, calculate=calculate)


def _import_xlwings() -> None:
    """Import xlwings without numpy and pandas, which it imports wherever it finds them.

    They are for conversions that nobody asks for here, and take longer than the whole refresh.
    """
    hidden = [name for name in ("numpy", "pandas") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: not to be had
    try:
        import xlwings  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


def tell(file: str, done: Done) -> None:
    """Print the report, and what became of the file."""
    for line in done.report.lines():
        print(line)
    if not done.changed:
        print(f"{file} is up to date; it was not touched.")
    elif done.dry_run:
        print(f"Dry run: {file} was not touched.")
    else:
        if done.backup:
            print(f"Kept the old file as {done.backup.name}.")
        print(f"Wrote {file}.")


def print_report(file: str, done: Done, **more: object) -> None:
    """Print the report as JSON."""

    def listed(entries: list[Entry]) -> list[dict[str, str]]:
        return [entry._asdict() for entry in entries]

    print_json(
        {
            "file": file,
            **more,
            "title": done.report.title,
            "dry_run": done.dry_run,
            "written": done.changed and not done.dry_run,
            "backup": done.backup.name if done.backup else None,
            "changed": listed(done.report.changed),
            "kept": listed(done.report.kept),
            "look": listed(done.report.look),
        }
    )
