"""A macro on a workbook that nobody has open: open it, run the macro, write it, tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from commissioning import files
from commissioning.cli import FINE, FOUND, lean
from commissioning.cli.commands import print_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xlwings as xw

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

    def __init__(self, path: Path, *, dry_run: bool = False) -> None:
        """Open it.

        Raises:
            WorkbookError: it cannot be read, is read-only, or is open in another program.
        """
        self.path = path
        self.dry_run = dry_run
        if not dry_run:
            files.refuse_open(path)
            files.refuse_read_only(path)
        self._state = files.state(path)
        self.book = open_book(path)

    def run(self, macro: Callable[[xw.Book], Report]) -> Done:
        """Run a macro on it, and write what it has changed; the old file is kept as a backup."""
        from commissioning import engine

        report = macro(self.book)
        data, backup = engine.contents(self.book), None
        if data is not None and not self.dry_run:
            backup = files.write(self.path, data, replace=True, since=self._state)
        return Done(report, data is not None, self.dry_run, backup)


def open_book(path: Path) -> xw.Book:
    """A closed workbook, opened by the engine for files."""
    from commissioning import engine

    with lean.imports():
        import commissioning.engine.book  # noqa: F401
    return engine.open_book(path)


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
