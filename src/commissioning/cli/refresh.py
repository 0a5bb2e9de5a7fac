"""`localis refresh` and `localis progress`: the macros on a workbook that nobody has open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning import files
from commissioning.cli import FINE, FOUND
from commissioning.cli.commands import evidence_of, print_json

if TYPE_CHECKING:
    import argparse

    import xlwings as xw

    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.refresh.report import Entry, Report


def refresh(options: argparse.Namespace) -> int:
    """`localis refresh`: bring a workbook up to date; exit code 1 where something needs a look."""
    from commissioning import engine
    from commissioning.excel import macros

    path, evidence = Path(options.file), evidence_of(options)
    if not options.dry_run:
        files.refuse_open(path)
    before = files.state(path)
    book = _open(path, evidence)
    macro = macros.REFRESH[options.only] if options.only else macros.refresh_all
    report = macro(book, evidence)
    data, backup = engine.contents(book), None
    if data is not None and not options.dry_run:
        backup = files.write(path, data, replace=True, since=before)
    if options.json:
        _print_report(options, report, changed=data is not None, backup=backup)
    else:
        _tell(options, report, changed=data is not None, backup=backup)
    return FOUND if report.look else FINE


def _open(path: Path, evidence: Evidence) -> xw.Book:
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


def _tell(
    options: argparse.Namespace, report: Report, *, changed: bool, backup: Path | None
) -> None:
    for line in report.lines():
        print(line)
    if not changed:
        print(f"{options.file} is up to date; it was not touched.")
    elif options.dry_run:
        print(f"Dry run: {options.file} was not touched.")
    else:
        if backup:
            print(f"Kept the old file as {backup.name}.")
        print(f"Wrote {options.file}.")


def _print_report(
    options: argparse.Namespace, report: Report, *, changed: bool, backup: Path | None
) -> None:
    def listed(entries: list[Entry]) -> list[dict[str, str]]:
        return [entry._asdict() for entry in entries]

    print_json(
        {
            "file": options.file,
            "title": report.title,
            "dry_run": options.dry_run,
            "written": changed and not options.dry_run,
            "backup": backup.name if backup else None,
            "changed": listed(report.changed),
            "kept": listed(report.kept),
            "look": listed(report.look),
        }
    )


def progress(options: argparse.Namespace) -> int:
    """`localis progress`: how far the tracker is, what is overdue first."""
    from commissioning.excel import macros

    evidence = evidence_of(options)
    found = macros.show_progress(_open(Path(options.file), evidence), evidence)
    if options.json:
        print_json(found.as_json())
    else:
        for line in found.lines():
            print(line)
    return FINE
