"""After a refresh no cached value contradicts LibreOffice, whatever the officer did before."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest

from commissioning.cli import main
from filling import blank, filled_bytes
from judges import cached, differences, recalculate
from rich_evidence import changed_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from judges import Values

LAYOUT = blank()
_AMOUNTS = {
    "CouncilExpenditure": {
        "Education": {
            "Procurement £m input": 100.0,
            "External contractors £m input": 40.0,
            "Other employees £m input": 10.0,
        }
    }
}


def _own_formulas(book: openpyxl.Workbook) -> None:
    money = book["Council expenditure"]
    first = LAYOUT.sheet_of("CouncilExpenditure").row_of(0)
    money[f"B{first + 1}"] = f"=B{first}*2"
    money[f"C{first + 1}"] = f"=C{first}*1.5"
    money[f"D{first + 1}"] = 10
    # A line above the table that the next refresh writes anew.
    book["Actions"]["L6"] = "=0.5+0*LEN(C6)"


def _rename(book: openpyxl.Workbook) -> None:
    book["Log"].title = "Journal"


def _text_over_count(book: openpyxl.Workbook) -> None:
    book["Shift"]["F5"] = "n/a"


def _missing_names(book: openpyxl.Workbook) -> None:
    del book.defined_names["AsAt"]


def _no_sources(book: openpyxl.Workbook) -> None:
    del book["Sources"]


def _moved(book: openpyxl.Workbook) -> None:
    book["Actions"].column_dimensions["Q"].width = 30
    book["Actions"]["R3"] = "=COUNTA(Actions[Owner input])"


CHANGES: dict[str, Callable[[openpyxl.Workbook], None]] = {
    "own formulas that feed figures": _own_formulas,
    "a renamed sheet": _rename,
    "text over a count": _text_over_count,
    "a deleted name": _missing_names,
    "a deleted sheet": _no_sources,
    "own cells beside the tracker": _moved,
}


class _Case(NamedTuple):
    """What a refreshed workbook stores, and what LibreOffice works out of it."""

    code: int
    stored: Values
    computed: Values
    same_again: bool


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Case]:
    folder = tmp_path_factory.mktemp("figures")
    pack, before = str(changed_pack(folder / "pack")), []
    data = filled_bytes(_AMOUNTS)
    for number, change in enumerate(CHANGES.values()):
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book)
        path = folder / f"case{number}.xlsx"
        book.save(path)
        before.append(path)
    # As LibreOffice saves them, they have values for the officer's own formulas too.
    paths = _saved_by_libreoffice(before, folder)
    codes = [main(["refresh", str(path), "--evidence", pack]) for path in paths]
    once = [path.read_bytes() for path in paths]
    for path in paths:
        main(["refresh", str(path), "--evidence", pack])
    same = [path.read_bytes() == data for path, data in zip(paths, once, strict=True)]
    found = zip(codes, map(cached, paths), recalculate(paths), same, strict=True)
    return {name: _Case(*case) for name, case in zip(CHANGES, found, strict=True)}


def _saved_by_libreoffice(paths: list[Path], folder: Path) -> list[Path]:
    import judges

    (saved := folder / "saved").mkdir()
    return judges.converted(paths, "xlsx", saved)


@pytest.mark.parametrize("change", CHANGES)
def test_no_cached_value_contradicts_libreoffice(change: str, cases: dict[str, _Case]) -> None:
    case = cases[change]
    assert case.code in {0, 1}
    # No value at all is honest: programs work it out when they open the file.
    wrong = [
        each
        for each in differences(case.stored, case.computed)
        if each.stored is not None and each.stored != each.computed
    ]
    assert wrong == []


# Without a name that formulas use no figure can be told.
@pytest.mark.parametrize("change", [each for each in CHANGES if each != "a deleted name"])
def test_most_values_are_there_without_a_spreadsheet_program(
    change: str, cases: dict[str, _Case]
) -> None:
    stored = cases[change].stored
    assert sum(value is not None for value in stored.values()) > len(stored) / 2


@pytest.mark.parametrize("change", CHANGES)
def test_once_is_enough(change: str, cases: dict[str, _Case]) -> None:
    assert cases[change].same_again
