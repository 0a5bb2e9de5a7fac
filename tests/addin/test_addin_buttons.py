"""What the buttons do in Python, on a workbook of the engine for files."""

from __future__ import annotations

import importlib
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import pytest
import xlwings as xw

from commissioning import __version__, engine
from commissioning.addin import doctor
from commissioning.addin.buttons import BUTTONS
from commissioning.addin.source import xlwings_version
from commissioning.council.spend import store
from commissioning.engine.book import App, Book
from commissioning.errors import WorkbookError
from commissioning.excel import log, macros, ribbon, tables

if TYPE_CHECKING:
    from collections.abc import Callable

BLANK = Path(__file__).parents[2] / "workbooks" / "Commissioning workbook.xlsx"

PYTHON = [(button.package, button.python.removesuffix("()")) for button in BUTTONS if button.python]


class Screen(NamedTuple):
    """What was shown, and what was opened or activated."""

    shown: list[str]
    went: list[str]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Screen:
    found = Screen([], [])
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))

    def alert(_: App, prompt: str, title: str, *__: object) -> None:
        assert title == "Localis"
        found.shown.append(prompt)

    monkeypatch.setattr(App, "alert", alert)
    monkeypatch.setattr(xw.Sheet, "activate", lambda sheet: found.went.append(sheet.name))
    return found


@pytest.fixture
def book(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> xw.Book:
    assert not screen.shown
    opened = engine.open_book(BLANK)
    monkeypatch.setattr(xw.Book, "caller", lambda: opened)
    return opened


def function(package: str, name: str) -> Callable[[], None]:
    found: Callable[[], None] = getattr(importlib.import_module(package), name)
    return found


@pytest.mark.parametrize(("package", "name"), PYTHON)
@pytest.mark.usefixtures("book")
def test_each_button_ends_with_something_on_the_screen(
    package: str, name: str, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "report_text", lambda: "All is well.")
    function(package, name)()
    assert len(screen.shown) + len(screen.went) == 1
    assert "That did not work" not in "".join(screen.shown)


@pytest.mark.usefixtures("book")
def test_a_report_is_shown_line_by_line(screen: Screen) -> None:
    ribbon.refresh_survey()
    assert screen.shown[0].startswith("Refreshed survey: ")


@pytest.mark.usefixtures("book")
def test_a_fault_of_the_workbook_is_shown_as_its_sentence(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: xw.Book) -> None:
        raise WorkbookError("This is no commissioning workbook: make one with New.")

    monkeypatch.setattr(macros, "refresh_all", refused)
    ribbon.refresh_all()
    assert screen.shown == ["This is no commissioning workbook: make one with New."]


@pytest.mark.usefixtures("book")
def test_a_fault_of_ours_is_logged_and_shown_without_a_traceback(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    monkeypatch.setattr(log, "note", noted.append)
    monkeypatch.setattr(macros, "refresh_all", lambda _: 1 / 0)
    ribbon.refresh_all()
    assert "ZeroDivisionError" in noted[0]
    assert len(screen.shown) == 1
    assert "localis.log" in screen.shown[0]
    assert "ZeroDivisionError" not in screen.shown[0]


#: Kind -> the lines of a file of that kind, and the table into which it goes.
FILES = {
    "spend": (
        (
            "Payment Date,Service Area,Supplier Name,Net Amount,Transaction No",
            "01/04/2026,Housing,Ash & Sons Ltd,1000.50,1",
            "02/04/2026,Housing,Birch CIC,2000.00,2",
            "03/04/2026,Housing,Elm plc,not known,3",
        ),
        "Suppliers",
    ),
    "contracts": (
        (
            "Ref,Contract Title,Supplier,Contract Value,End Date",
            'C1,Cleaning,Mop Ltd,"£300,000",30/06/2027',
            'C2,Fuel,Petrol plc,"£5,000",31/03/2028',
        ),
        "Contracts",
    ),
    "survey": (
        ("ID,Is your council going to take on a greater role?,Age", "1,Yes,", "2,Yes,", "3,No,"),
        "OwnSurvey",
    ),
}


@pytest.fixture
def own(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> xw.Book:
    """A workbook in a folder of its own."""
    assert not screen.shown
    opened = engine.open_book(Path(shutil.copy(BLANK, tmp_path / "Our plan.xlsx")))
    monkeypatch.setattr(xw.Book, "caller", lambda: opened)
    return opened


def file_of(kind: str, folder: Path, name: str = "file.csv") -> str:
    path = folder / name
    path.write_text("\n".join([*FILES[kind][0], ""]), encoding="utf-8")
    return str(path)


def holds(book: xw.Book, kind: str) -> list[list[object]]:
    """What the table for files of a kind holds."""
    table = tables.read(tables.by_name(book)[FILES[kind][1].casefold()])
    return [[held.value for held in row] for row in table.rows]


@pytest.mark.parametrize("name", ["file.csv", "O'Brien & Söhne, 50%.csv", "\ud83d\ude00 {1}.csv"])
@pytest.mark.parametrize("kind", FILES)
def test_files_of_the_councils_own_are_put_into_their_sheet(
    kind: str, name: str, own: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    before = holds(own, kind)
    true_name = name.encode("utf-16", "surrogatepass").decode("utf-16")
    file_of(kind, tmp_path, true_name)
    ribbon.import_own(kind, [str(tmp_path / name)])
    assert holds(own, kind) != before
    [shown] = screen.shown
    assert shown.startswith(f"{true_name}: ")
    assert f"\nImported own {kind}: " in shown


def test_payments_are_kept_beside_the_workbook_and_those_not_read_are_named(
    own: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    files = [file_of("spend", tmp_path)]
    ribbon.import_own("spend", files)
    [held] = store.imported(store.path_beside(Path(own.fullname)))
    assert (held.name, held.payments, held.pence) == ("file.csv", 2, 300_050)
    assert "file.csv: 2 payments of £3,000.50; 1 rejected.\n" in screen.shown[0]
    assert "\n  file.csv, row 4: not read: " in screen.shown[0]


def test_a_workbook_saved_under_another_name_keeps_its_payments(
    own: xw.Book, tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    ribbon.import_own("spend", [file_of("spend", tmp_path, "april.csv")])
    other = tmp_path / "Plan of June.xlsx"
    other.write_bytes(engine.contents(own) or b"")
    opened = engine.open_book(other)
    monkeypatch.setattr(xw.Book, "caller", lambda: opened)
    more = tmp_path / "may.csv"
    more.write_bytes(Path(file_of("spend", tmp_path)).read_bytes().replace(b"04/2026", b"05/2026"))
    ribbon.import_own("spend", [str(more)])
    assert [each.name for each in store.imported(store.path_beside(other))] == [
        "april.csv",
        "may.csv",
    ]
    assert "no longer count" not in screen.shown[-1]


def test_of_many_files_a_screen_names_the_first(
    own: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    paths = []
    for number in range(15):
        paths.append(file_of("spend", tmp_path, f"{number:02}.csv"))
        with Path(paths[-1]).open("a", encoding="utf-8") as stream:
            stream.write(f"04/04/2026,Housing,Ash & Sons Ltd,{number + 1}.00,{number + 4}\n")
    ribbon.import_own("spend", paths)
    assert len(store.imported(store.path_beside(Path(own.fullname)))) == 15
    lines = screen.shown[0].splitlines()
    assert [line[:2] for line in lines[:12]] == [f"{number:02}" for number in range(12)]
    # Three more files, and a line on the columns of each of the fifteen.
    assert lines[12] == "and 18 more"
    assert lines[13].startswith("Imported own spend: ")


def never_saved(_: Book) -> str:
    return "Book1"


def not_found(_: Book) -> str:
    raise xw.XlwingsError("Couldn't find your local OneDrive file, see: xlwings.org/error")


def on_the_web(_: Book) -> object:
    return SimpleNamespace(FullName="https://council.sharepoint.com/sites/Plan/Our plan.xlsx")


#: Where no folder of this computer is known: what Excel, or xlwings for it, then answers.
NOWHERE = {
    "never saved": ("fullname", never_saved),
    "not found by xlwings": ("fullname", not_found),
    "a web address": ("api", on_the_web),
}


@pytest.fixture(params=NOWHERE)
def nowhere(
    own: xw.Book, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> xw.Book:
    """A workbook in no folder of this computer."""
    attribute, answer = NOWHERE[request.param]
    monkeypatch.setattr(Book, attribute, property(answer))
    return own


def test_payments_need_a_workbook_in_a_folder_of_this_computer(
    nowhere: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    before = holds(nowhere, "spend")
    ribbon.import_own("spend", [file_of("spend", tmp_path)])
    [shown] = screen.shown
    assert shown.startswith(
        "The payments are kept in a file beside the workbook, but Our plan.xlsx"
    )
    assert shown.endswith("(File > Save As), and import the payments again.")
    assert holds(nowhere, "spend") == before
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("kind", ["contracts", "survey"])
def test_contracts_and_survey_need_no_folder(
    kind: str, nowhere: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    before = holds(nowhere, kind)
    ribbon.import_own(kind, [file_of(kind, tmp_path)])
    assert f"\nImported own {kind}: " in screen.shown[0]
    assert holds(nowhere, kind) != before


@pytest.mark.usefixtures("nowhere")
def test_a_workbook_in_no_folder_of_this_computer_is_refreshed_too(screen: Screen) -> None:
    ribbon.refresh_survey()
    assert screen.shown[0].startswith("Refreshed survey: ")


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_cannot_be_read_is_said_in_a_sentence_and_nothing_is_changed(
    kind: str, own: xw.Book, tmp_path: Path, screen: Screen
) -> None:
    before, empty = holds(own, kind), tmp_path / "empty.csv"
    empty.write_bytes(b"")
    ribbon.import_own(kind, [str(empty)])
    assert len(screen.shown) == 1
    assert "empty.csv" in screen.shown[0]
    assert "That did not work" not in screen.shown[0]
    assert holds(own, kind) == before
    assert not store.path_beside(Path(own.fullname)).exists()


def test_of_a_workbook_that_is_refused_the_payments_are_not_kept(
    own: xw.Book, tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise WorkbookError("This is no commissioning workbook: make one with New.")

    monkeypatch.setattr(macros, "import_own", refused)
    ribbon.import_own("spend", [file_of("spend", tmp_path)])
    assert screen.shown == ["This is no commissioning workbook: make one with New."]
    assert not store.path_beside(Path(own.fullname)).exists()


def test_the_kinds_that_vba_imports_are_those_that_can_be_imported() -> None:
    from commissioning.addin import source
    from commissioning.council.kinds import KINDS

    texts = "\n".join(module.text for module in source.modules())
    assert tuple(re.findall(r'ImportOwn control, "(\w+)"', texts)) == tuple(KINDS)


@pytest.mark.parametrize("name", ["Plan.xlsx", "O'Brien & Söhne, 50%.xlsx", "\ud83d\ude00.xlsx"])
@pytest.mark.usefixtures("book")
def test_a_new_workbook_is_made_where_it_was_chosen_and_opened(
    name: str, tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(xw.main.Books, "open", lambda _, path: opened.append(path))
    ribbon.new_workbook(str(tmp_path / name))
    [path] = opened
    assert path.name == name.encode("utf-16", "surrogatepass").decode("utf-16")
    assert macros.show_progress(engine.open_book(path)).overall.actions == 39
    assert screen.shown == [
        f"Made {path.name}. Next: type the council's name on the sheet Settings."
    ]


@pytest.mark.usefixtures("book")
def test_a_file_that_is_there_is_not_replaced_by_a_new_workbook(
    tmp_path: Path, screen: Screen
) -> None:
    path = tmp_path / "Plan.xlsx"
    path.write_bytes(b"mine")
    ribbon.new_workbook(str(path))
    assert screen.shown == [f"{path} exists already: choose another name."]
    assert path.read_bytes() == b"mine"


@pytest.mark.usefixtures("book")
def test_the_guide_is_the_cover_of_the_workbook(screen: Screen) -> None:
    ribbon.show_guide()
    assert (screen.shown, screen.went) == ([], ["Cover"])


@pytest.mark.usefixtures("book")
def test_about_says_when_the_add_in_is_of_another_version(screen: Screen) -> None:
    ribbon.show_about(__version__, xlwings_version())
    ribbon.show_about("0.0.1", xlwings_version())
    ribbon.show_about(__version__, "0.30.0")
    same, older, other = screen.shown
    assert __version__ in same
    assert "localis addin install" not in same
    assert "The add-in is of version 0.0.1" in older
    assert "for xlwings 0.30.0" in other


def test_every_function_that_vba_names_is_there() -> None:
    from commissioning.addin import source

    texts = "\n".join(module.text for module in source.modules())
    texts = texts.replace("control, Buttons,", 'control, "commissioning.excel.ribbon",')
    named = set(re.findall(r'LocalisRun control, "([\w.]+)", "(\w+)\(', texts))
    own = {
        ("commissioning.excel.ribbon", name)
        for name in ("new_workbook", "import_own", "show_about")
    }
    assert named == {*PYTHON, *own}
    assert all(callable(function(package, name)) for package, name in named)
