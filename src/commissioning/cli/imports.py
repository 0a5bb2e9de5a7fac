"""`localis import`: put what the council publishes or exports into its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commissioning.cli import closed, own_files
from commissioning.cli.commands import evidence_of
from commissioning.council import importing
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def import_files(options: argparse.Namespace) -> int:
    """`localis import`: exit code 1 where something was not read or needs a look."""
    _refuse_nothing(options)
    evidence, path = evidence_of(options), Path(options.into)
    paths = own_files.paths(options.files)
    _refuse_itself(path, paths)
    # First, so that a file which is no workbook of ours is refused before hours of reading.
    workbook = closed.Closed(path, dry_run=options.dry_run)
    from commissioning.excel import macros

    request = importing.Request(
        options.kind,
        paths,
        path,
        evidence,
        options.columns,
        macros.council_of(workbook.book),
        macros.local_areas(workbook.book),
        macros.payments_held(workbook.book),
        options.dry_run,
        own_files.watch,
        options.without,
    )
    with importing.read(request) as imported:
        done = workbook.run(lambda book: macros.import_own(book, imported, evidence))
    if options.json:
        unread = [each._asdict() for each in imported.unread]
        closed.print_report(options.into, done, read=list(imported.told), not_read=unread)
    else:
        for line in imported.told:
            print(line)
        closed.tell(options.into, done)
    return done.code


def _refuse_itself(workbook: Path, paths: Sequence[Path]) -> None:
    """See that the workbook is not among the files to import.

    Raises:
        LocalisError: it is.
    """
    for path in paths:
        if path.exists() and workbook.exists() and path.samefile(workbook):
            raise LocalisError(
                f"{path} is the workbook to import into, not a file to import: leave it out of the "
                "files (a pattern such as *.xlsx takes it in)."
            )


def _refuse_nothing(options: argparse.Namespace) -> None:
    """See that there is something to import, or files of payments to leave out.

    Raises:
        LocalisError: there is not.
    """
    if options.without and options.kind != "spend":
        raise LocalisError(
            "Only files of payments can be left out: localis import spend --without NAME."
        )
    if not options.files and not options.without:
        left_out = ", or one to leave out with --without" if options.kind == "spend" else ""
        raise LocalisError(f"Nothing to import: name a file{left_out}.")
