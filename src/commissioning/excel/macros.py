"""The macros behind the ribbon's buttons, and behind `localis refresh` on a closed file.

Each is a plain function of an xlwings `Book`, which is open in Excel or comes from the engine for
files. What stands where is found by the tables and names of the layout. Everything is looked at
before anything is written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from commissioning import __version__
from commissioning.errors import WorkbookError
from commissioning.evidence.pack import load
from commissioning.excel import figures, tables
from commissioning.excel.opened import Opened
from commissioning.excel.planning import Planner
from commissioning.excel.writing import Writer
from commissioning.workbook.book import UnknownValueError
from commissioning.workbook.grid import OWN_PARTS, PARTS
from commissioning.workbook.layout import NO_COUNCIL, spend
from commissioning.workbook.layout.checks import PASS
from commissioning.workbook.refresh import progress
from commissioning.workbook.refresh.report import Entry, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import xlwings as xw

    from commissioning.cells import Value
    from commissioning.council.importing import Imported
    from commissioning.evidence.pack import Evidence
    from commissioning.workbook.grid import Sheet


def refresh_all(book: xw.Book, evidence: Evidence | None = None) -> Report:
    """Bring survey, expenditure and recommendations up to date with the evidence.

    Without an evidence pack, the one that comes with this version is used.

    Raises:
        WorkbookError: the book is no commissioning workbook, was filled by a newer version or
            from another pack, or has no room for a row; nothing was written then.
    """
    return _refresh(book, PARTS, evidence)


def refresh_survey(book: xw.Book, evidence: Evidence | None = None) -> Report:
    """Bring the survey's sheets up to date, and those that all parts share; see `refresh_all`."""
    return _refresh(book, ("survey",), evidence)


def refresh_expenditure(book: xw.Book, evidence: Evidence | None = None) -> Report:
    """Bring the sheets on money up to date, and those that all parts share; see `refresh_all`."""
    return _refresh(book, ("expenditure",), evidence)


def refresh_recommendations(book: xw.Book, evidence: Evidence | None = None) -> Report:
    """Bring the tracker up to date, and the sheets that all parts share; see `refresh_all`."""
    return _refresh(book, ("recommendations",), evidence)


#: Characters of the log's account of a refresh: what a cell shows without becoming a page.
_LONGEST_ACCOUNT = 600

#: The macro of each part of the evidence.
REFRESH = {
    "survey": refresh_survey,
    "expenditure": refresh_expenditure,
    "recommendations": refresh_recommendations,
}


def check_workbook(book: xw.Book, evidence: Evidence | None = None) -> Report:
    """Put the sheet Checks in order, recalculate, and report the checks that do not pass.

    Raises:
        WorkbookError: as `refresh_all`.
    """
    opened = Opened(book, evidence or load())
    report = _bring_up_to_date(opened, [opened.layout.sheet_of("Checks")], (), "Checked")
    checks = tables.read(opened.tables["checks"])
    for row in range(len(checks.rows)):
        if checks.cell(row, "Result").value != PASS:
            report.look.append(
                Entry(
                    checks.at(row, "Result"),
                    f"this does not hold: {checks.cell(row, 'What must hold').value}. Look at the "
                    f"sheet {checks.cell(row, 'Where to look').value}.",
                )
            )
    return report


def show_progress(book: xw.Book, evidence: Evidence | None = None) -> progress.Progress:
    """How far the tracker is: by recommendation, status and owner, what is overdue first.

    Raises:
        WorkbookError: as `refresh_all`, or the tracker's tables are incomplete.
    """
    opened = Opened(book, evidence or load())
    try:
        return progress.summarise(opened.holdings())
    except UnknownValueError:
        raise WorkbookError(
            f"{book.name}: the progress cannot be told: a table or heading of the tracker is "
            "missing, or a formula of your own has no value yet. Run 'localis check', or open the "
            "workbook in Excel and save it."
        ) from None


def import_own(book: xw.Book, imported: Imported, evidence: Evidence | None = None) -> Report:
    """Put the council's own figures into their sheets; those that were not read stay as they are.

    Raises:
        WorkbookError: as `refresh_all`.
    """
    opened = Opened(book, evidence or load(), imported.own)
    parts = [
        part for part, figures in zip(OWN_PARTS, imported.own, strict=True) if figures is not None
    ]
    sheets = [sheet for sheet in opened.layout.sheets if set(sheet.parts) & set(parts)]
    report = _bring_up_to_date(opened, sheets, (), f"Imported {' and '.join(parts)}")
    report.look += [Entry(each.where, each.text) for each in imported.look]
    return report


def council_of(book: xw.Book) -> str | None:
    """The name of the council on Settings; None where nobody has typed it."""
    held = _setting(book, "council")
    return held if isinstance(held, str) and held not in {"", NO_COUNCIL} else None


def local_areas(book: xw.Book) -> str:
    """What Settings says of the postcodes that count as local."""
    held = _setting(book, "localareas")
    return held if isinstance(held, str) else ""


def payments_held(book: xw.Book) -> Mapping[str, str]:
    """The files of payments that count, by the sheet Payment files -> the Parquet file of each."""
    place = tables.by_name(book).get(spend.FILES.casefold())
    found = tables.read(place) if place else None
    if found is None or not {spend.FILE, spend.HELD_IN} <= set(found.headings):
        return {}
    held = {
        found.key(row, spend.FILE): found.key(row, spend.HELD_IN) for row in range(len(found.rows))
    }
    # What is typed there may be any text, but never leads out of the folder.
    return {
        file: Path(name).name for file, name in held.items() if file and name.endswith(".parquet")
    }


def _setting(book: xw.Book, name: str) -> Value:
    names = {each.name.casefold(): each for each in book.names}
    return tables.value(names[name].refers_to_range) if name in names else None


def _refresh(book: xw.Book, parts: Sequence[str], evidence: Evidence | None) -> Report:
    opened = Opened(book, evidence or load())
    sheets = [sheet for sheet in opened.layout.sheets if set(sheet.parts) & set(parts)]
    title = "Refreshed" if parts == PARTS else f"Refreshed {' and '.join(parts)}"
    return _bring_up_to_date(opened, sheets, parts, title)


def _bring_up_to_date(
    opened: Opened, sheets: Sequence[Sheet], parts: Sequence[str], title: str
) -> Report:
    """Plan, look for obstacles, write, recalculate and log."""
    opened.refuse_other_evidence()
    report = Report(title)
    writer, app = Writer(opened), opened.book.app
    with _quiet(app):
        changes = Planner(opened).plan(sheets, parts)
        for plan in changes.plans.values():
            report.add(plan.report)
        report.add(changes.report)
        if not changes.empty:
            writer.refuse_obstacles(changes)
            for name in changes.plans:
                app.status_bar = f"Localis: {opened.layout.sheet_of(name).name}"
                writer.write(name, changes.plans[name])
            writer.write_names(changes)
            writer.log(_log_row(opened, report))
        figures.calculate(opened)
    return report


def _log_row(opened: Opened, report: Report) -> dict[str, Value]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        # Neither the environment nor the system's list of users has a name.
        user = "Not known"
    return {
        "When input": dt.datetime.now().replace(microsecond=0),  # noqa: DTZ005 - as clocks show it
        "Figures as at input": opened.as_at(),
        "Who input": user,
        "What input": report.account(_LONGEST_ACCOUNT),
        "Program input": f"Localis for Excel {__version__}",
        "Evidence input": f"{opened.evidence.name} {opened.evidence.version}",
    }


@contextlib.contextmanager
def _quiet(app: xw.App) -> Iterator[None]:
    """Excel neither redraws nor recalculates meanwhile; as it was before, whatever happens."""
    screen, calculation = app.screen_updating, app.calculation
    app.screen_updating, app.calculation = False, "manual"
    try:
        yield
    finally:
        app.calculation, app.screen_updating = calculation, screen
        app.status_bar = False
