"""`localis import`: put what the council publishes or exports into its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.cli import closed, own_files
from commissioning.cli.commands import evidence_of
from commissioning.council import importing

if TYPE_CHECKING:
    import argparse


def import_files(options: argparse.Namespace) -> int:
    """`localis import`: exit code 1 where something was not read or needs a look."""
    evidence, path = evidence_of(options), Path(options.into)
    # First, so that a file which is no workbook of ours is refused before hours of reading.
    workbook = closed.Closed(path, evidence, dry_run=options.dry_run)
    from commissioning.excel import macros

    request = importing.Request(
        options.kind,
        own_files.paths(options.files),
        path,
        evidence,
        options.columns,
        macros.council_of(workbook.book),
        macros.local_areas(workbook.book),
        macros.held_in(workbook.book),
        options.dry_run,
        own_files.watch,
    )
    with importing.read(request) as imported:
        done = workbook.run(lambda book: macros.import_own(book, imported, evidence))
    if options.json:
        closed.print_report(options.into, done, read=list(imported.told))
    else:
        for line in imported.told:
            print(line)
        closed.tell(options.into, done)
    return done.code
