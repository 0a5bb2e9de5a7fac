"""What the buttons do in Python, on a workbook of the engine for files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import xlwings as xw

from commissioning import __version__, engine
from commissioning.addin import doctor
from commissioning.addin.buttons import BUTTONS
from commissioning.addin.source import xlwings_version
from commissioning.engine.book import App
from commissioning.errors import WorkbookError
from commissioning.excel import log, macros, ribbon

if TYPE_CHECKING:
    from collections.abc import Callable

BLANK = Path(__file__).parents[2] / "workbooks" / "Commissioning workbook.xlsx"

PYTHON = [button.python.removesuffix("()") for button in BUTTONS if button.python]


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


def function(name: str) -> Callable[[], None]:
    found: Callable[[], None] = getattr(ribbon, name)
    return found


@pytest.mark.parametrize("name", PYTHON)
@pytest.mark.usefixtures("book")
def test_each_button_ends_with_something_on_the_screen(
    name: str, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "report_text", lambda: "All is well.")
    function(name)()
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
    named = set(re.findall(r'LocalisRun "(\w+)\(', texts))
    assert named == {*PYTHON, "new_workbook", "show_about"}
    assert all(callable(getattr(ribbon, name)) for name in named)
