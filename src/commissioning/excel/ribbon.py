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
    from collections.abc import Callable, Iterable, Sequence

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

    show(lambda book: macros.show_progress(book).lines())


def import_own(kind: str, files: Sequence[str]) -> None:
    """Put the council's own figures, read from files of a kind, into the active workbook."""

    def imported(book: xw.Book) -> Iterable[str]:
        from commissioning.council import importing
        from commissioning.evidence.pack import load
        from commissioning.excel import macros

        evidence, workbook = load(), _place(book)
        if workbook is None and kind == "spend":
            raise LocalisError(
                f"The payments are kept in a file beside the workbook, but {book.name} is not in a "
                "folder of this computer: save it in one that is not on OneDrive or SharePoint "
                "(File > Save As), and import the payments again."
            )
        paths = [_path(file) for file in files]
        request = importing.Request(
            kind,
            paths,
            workbook or Path(book.name),
            evidence,
            council=macros.council_of(book),
            areas=macros.local_areas(book),
            held=macros.payments_held(book),
        )
        with importing.read(request) as figures:
            report = macros.import_own(book, figures, evidence)
        yield from figures.told[:MOST_LINES]
        if len(figures.told) > MOST_LINES:
            yield f"and {len(figures.told) - MOST_LINES:,} more"
        yield from report.lines(MOST_LINES)

    _show_written(imported)


def new_workbook(file: str) -> None:
    """Make a commissioning workbook at a path and open it."""
    path = _path(file)

    def make(book: xw.Book) -> Iterable[str]:
        from commissioning.evidence.pack import load
        from commissioning.workbook.layout import NO_COUNCIL, Choices, financial_year, lay_out
        from commissioning.workbook.template import write

        if path.exists():
            raise LocalisError(f"{path} exists already: choose another name.")
        today = dt.datetime.now().astimezone().date()
        evidence, choices = load(), Choices(NO_COUNCIL, financial_year(today), today)
        write(path, lay_out(evidence, choices), evidence, choices)
        book.app.books.open(path)
        yield f"Made {path.name}. Next: type the council's name on the sheet Settings."

    show(make)


def show_guide() -> None:
    """Go to the cover of a commissioning workbook; without one, say where to begin."""

    def guide(book: xw.Book) -> Iterable[str]:
        if _COVER in book.sheet_names:
            book.sheets[_COVER].activate()
        else:
            yield "Begin with New: it makes a commissioning workbook whose cover is the guide."
            yield "Refresh brings it up to date with the evidence; what you typed is kept."
            yield "Import puts your council's payments, contracts and survey beside the evidence."
            yield "Check says which figures do not agree; Progress how far the actions are."
            yield "Insert function lists the functions LOCALIS_* with their help."
            yield "Doctor says what to do when something does not work."

    show(guide)


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

    show(about)


def _write(macro: Callable[[xw.Book], Report]) -> None:
    """Run a macro that changes the workbook, and show its report."""
    _show_written(lambda book: macro(book).lines(MOST_LINES))


def _show_written(work: Callable[[xw.Book], Iterable[str]]) -> None:
    """Do work that changes the workbook, and show what there is to say."""
    from commissioning import files

    def written(book: xw.Book) -> Iterable[str]:
        # VBA has kept a copy of the workbook first: only the last ones stay.
        if place := _place(book):
            files.prune(place)
        return work(book)

    show(written)


def _place(book: xw.Book) -> Path | None:
    """The file of a workbook; None where it is in no folder of this computer or its network.

    Such a workbook was never saved, or its name is a web address.
    """
    try:
        # For a web address xlwings looks for a file in folders that the workbook itself may name:
        # where it can be asked, on Windows, Excel says the name.
        path = Path(getattr(book.api, "FullName", None) or book.fullname)
    except xw.XlwingsError:
        return None
    return path if path.is_absolute() else None


def _path(text: str) -> Path:
    """A path as VBA writes it: letters beyond the first 65,536 as two halves."""
    return Path(text.encode("utf-16", "surrogatepass").decode("utf-16"))


def show(work: Callable[[xw.Book], Iterable[str]]) -> None:
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
