"""`localis refresh` and `localis progress`: the macros on a workbook that nobody has open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.cli import FINE, closed
from commissioning.cli.commands import evidence_of, print_json

if TYPE_CHECKING:
    import argparse


def refresh(options: argparse.Namespace) -> int:
    """`localis refresh`: bring a workbook up to date; exit code 1 where something needs a look."""
    evidence = evidence_of(options)
    workbook = closed.Closed(Path(options.file), dry_run=options.dry_run)
    from commissioning.excel import macros

    macro = macros.REFRESH[options.only] if options.only else macros.refresh_all
    done = workbook.run(lambda book: macro(book, evidence))
    if options.json:
        closed.print_report(options.file, done)
    else:
        closed.tell(options.file, done)
    return done.code


def progress(options: argparse.Namespace) -> int:
    """`localis progress`: how far the tracker is, what is overdue first."""
    evidence = evidence_of(options)
    book = closed.open_book(Path(options.file))
    from commissioning.excel import macros

    found = macros.show_progress(book, evidence)
    if options.json:
        print_json(found.as_json())
    else:
        for line in found.lines():
            print(line)
    return FINE
