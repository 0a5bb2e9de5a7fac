"""What the buttons of the tab Localis call: a macro on the active workbook, and its report shown.

Nothing goes back to VBA but through the screen: a fault of the officer's is shown as its sentence,
one of ours is logged.
"""

from __future__ import annotations

import datetime as dt
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from commissioning import __version__
from commissioning.errors import LocalisError
from commissioning.excel import log
from commissioning.workbook.refresh.report import MOST_LINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from commissioning.workbook.refresh.report import Report

#: The sheet of a commissioning workbook that says how to use it.
_COVER = "Cover"


def refresh_all() -> None:
    """Bring the active workbook up to date with the evidence."""
    from commissioning.excel import macros

    _write(macros.refresh_all)


def refresh_survey() -> None:
    """Bring the sheets on the survey up to date."""
    from commissioning.excel import macros

    _write(macros.refresh_survey)


def refresh_expenditure() -> None:
    """Bring the sheets on expenditure up to date."""
    from commissioning.excel import macros

    _write(macros.refresh_expenditure)


def refresh_recommendations() -> None:
    """Bring the tracker up to date."""
    from commissioning.excel import macros

    _write(macros.refresh_recommendations)


def check_workbook() -> None:
    """Put the sheet Checks in order and say what does not pass."""
    from commissioning.excel import macros

    _write(macros.check_workbook)


def show_progress() -> None:
    """Say how far the tracker is."""
    from commissioning.excel import macros

    _show(lambda book: macros.show_progress(book).lines())


def new_workbook(file: str) -> None:
    """Make a commissioning workbook at a path and open it."""
    # VBA writes letters beyond the first 65,536 as two halves.
    path = Path(file.encode("utf-16", "surrogatepass").decode("utf-16"))

    def make(book: xw.Book) -> Iterable[str]:
        _write_new(path)
        book.app.books.open(path)
        yield f"Made {path.name}. Next: type the council's name on the sheet Settings."

    _show(make)


def show_guide() -> None:
    """Go to the cover of a commissioning workbook; without one, say where to begin."""

    def guide(book: xw.Book) -> Iterable[str]:
        if _COVER in book.sheet_names:
            book.sheets[_COVER].activate()
        else:
            yield "Begin with New: it makes a commissioning workbook whose cover is the guide."
            yield "Refresh brings it up to date with the evidence; what you typed is kept."
            yield "Check says which figures do not agree; Progress how far the actions are."
            yield "Insert function lists the functions LOCALIS_* with their help."
            yield "Doctor says what to do when something does not work."

    _show(guide)


def show_doctor() -> None:
    """Say what is wrong with the installation, and what to do about it."""
    from commissioning.addin import doctor

    _show(lambda _: [doctor.report_text()])


def show_about(addin: str, of_xlwings: str) -> None:
    """Say the versions, and whether those of the add-in, which are given, are the program's."""
    from commissioning.evidence.pack import load

    def about(_: xw.Book) -> Iterable[str]:
        evidence = load()
        yield f"Localis for Excel {__version__}"
        yield f"Evidence pack {evidence.name} {evidence.version}"
        yield f"xlwings {xw.__version__}"
        if (addin, of_xlwings) != (__version__, xw.__version__):
            yield (
                f"The add-in is of version {addin} and for xlwings {of_xlwings}: run "
                "'localis addin install' and start Excel again."
            )

    _show(about)


def _write_new(path: Path) -> None:
    from commissioning import files
    from commissioning.evidence.pack import load
    from commissioning.workbook.layout import NO_COUNCIL, Choices, financial_year, lay_out
    from commissioning.workbook.template import template

    if path.exists():
        raise LocalisError(f"{path} exists already: choose another name.")
    today = dt.datetime.now().astimezone().date()
    choices = Choices(NO_COUNCIL, financial_year(today), today)
    evidence = load()
    data = template(lay_out(evidence, choices), evidence, choices)
    files.write(path, data, replace=False)


def _write(macro: Callable[[xw.Book], Report]) -> None:
    """Run a macro that changes the workbook, and show its report."""
    from commissioning import files

    def written(book: xw.Book) -> Iterable[str]:
        # VBA has kept a copy of the workbook first: only the last ones stay.
        files.prune(Path(book.fullname))
        return macro(book).lines(MOST_LINES)

    _show(written)


def _show(work: Callable[[xw.Book], Iterable[str]]) -> None:
    """Do the work on the active workbook, and show what there is to say."""
    book = xw.Book.caller()
    try:
        text = "\n".join(work(book))
    except LocalisError as error:
        text = str(error)
    except Exception:  # noqa: BLE001 - the outermost edge: whatever it is, Excel goes on
        log.note(traceback.format_exc())
        text = (
            "That did not work, and it is not your fault. The reason is in localis.log in the "
            "folder .localis of your home folder: send it to whoever looks after Localis."
        )
    if text:
        book.app.alert(text, "Localis")
