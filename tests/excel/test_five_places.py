"""Every figure with a function twin is the same in all five places.

They are Python, the file, the file as recalculated by LibreOffice, the function in Excel and the
command line. The layout declares the twins; a new one is covered here without a new test.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest
from standins import MISSING, Cells, call

from commissioning.cells import Error, Value, is_number
from commissioning.cli import main
from commissioning.evidence.pack import load
from commissioning.excel.declared import FUNCTIONS
from commissioning.excel.values import OMITTED
from commissioning.workbook.book import Book
from commissioning.workbook.layout import Choices, lay_out
from example import CHOICES, FILLED, OWN
from filling import BLANK, Typed, fill, filled_bytes
from judges import cached, recalculate

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.council.figures import Own
    from commissioning.workbook.book import Row
    from judges import Values

#: Words that stand in place of a figure, where a function has a native error or an empty cell.
WORDS = {
    "",
    "Check counts",
    "Does not count",
    "None counts",
    "No figures yet",
    "Not printed",
    "No ratio",
}

WORKBOOKS: dict[str, tuple[Choices, Typed, Own | None]] = {
    "blank": (BLANK, {}, None),
    "example": (CHOICES, FILLED, OWN),
}


class Twin(NamedTuple):
    """A figure with its function call, resolved to plain arguments."""

    workbook: str
    sheet: str
    cell: str
    value: Value
    function: str
    arguments: tuple[object, ...]


def _argument(text: str, row: Row, book: Book) -> object:
    """One argument of a twin's formula, as Excel would hand it over."""
    if not text:
        return OMITTED
    if text.startswith('"'):
        return text.strip('"')
    if match := re.fullmatch(r"\[@\[(.+)\]:\[(.+)\]\]", text):
        headings = [*row]
        first, last = map(headings.index, match.groups())
        return [[row[heading] for heading in headings[first : last + 1]]]
    if match := re.fullmatch(r"\[@(.+)\]", text):
        return row[match[1]]
    if match := re.fullmatch(r"(\w+)\[(.+)\]", text):
        return [[value] for value in book.column(match[1], match[2])]
    return float(text) if re.fullmatch(r"[\d.]+", text) else book.named(text)


def _twins(workbook: str) -> list[Twin]:
    choices, typed, own = WORKBOOKS[workbook]
    layout = fill(lay_out(load(), choices, own), typed)
    book = Book.fresh(layout)
    found = []
    for sheet in layout.sheets:
        for index, row in enumerate(book.rows(sheet.table.name)):
            for position, heading in enumerate(row):
                formula = row.formula(heading)
                if formula and formula.twin:
                    name, _, rest = formula.twin.removesuffix(")").partition("(")
                    arguments = tuple(
                        _argument(each, row, book)
                        for each in re.findall(r'(?:^|,)("[^"]*"|[^,]*)', rest)
                    )
                    cell = f"{chr(65 + position)}{sheet.row_of(index)}"
                    found.append(Twin(workbook, sheet.name, cell, row[heading], name, arguments))
    return found


TWINS = [twin for workbook in WORKBOOKS for twin in _twins(workbook)]


@cache
def _files(folder: Path) -> dict[str, tuple[Values, Values]]:
    """What each workbook stores, and what LibreOffice makes of it."""
    paths = []
    for name, (choices, typed, own) in WORKBOOKS.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(filled_bytes(typed, choices, own))
        paths.append(path)
    return {
        path.stem: (cached(path), values)
        for path, values in zip(paths, recalculate(paths), strict=True)
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Values, Values]]:
    return _files(tmp_path_factory.mktemp("twins"))


def _same(figure: Value, other: object) -> bool:
    if figure in WORDS:
        return isinstance(other, Error) or other == "" or other in WORDS
    if is_number(figure):
        return is_number(other) and other == pytest.approx(figure, rel=1e-9, abs=1e-9)
    return figure == other


def _in_excel(twin: Twin) -> object:
    """What the function gives through xlwings' own Windows code."""
    arguments = (
        MISSING if each is OMITTED else Cells(*each) if isinstance(each, list) else each
        for each in twin.arguments
    )
    [[value]] = call(twin.function, *arguments)
    return Error(value) if isinstance(value, str) and value.startswith("#") else value


def _shell(argument: object) -> str:
    """An argument as one types it in a shell."""
    if isinstance(argument, list):
        rows = (",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in argument)
        return "{" + ";".join(rows) + "}"
    return "" if argument is None or argument is OMITTED else str(argument)


def _in_shell(twin: Twin, capsys: pytest.CaptureFixture[str]) -> object:
    main(["call", twin.function, *map(_shell, twin.arguments)])
    printed = capsys.readouterr().out.rstrip("\n")
    try:
        return float(printed)
    except ValueError:
        return Error(printed) if printed.startswith("#") else printed


def test_there_are_figures_with_twins_on_every_sheet_that_has_figures() -> None:
    assert len(TWINS) > 300
    assert {twin.function for twin in TWINS} == set(FUNCTIONS) - {"LOCALIS_VERSION"}


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_the_five_places_agree(
    workbook: str, files: dict[str, tuple[Values, Values]], capsys: pytest.CaptureFixture[str]
) -> None:
    stored, recalculated = files[workbook]
    for twin in TWINS:
        if twin.workbook == workbook:
            place = (twin.sheet, twin.cell)
            assert _same(twin.value, stored[place]), twin
            assert _same(twin.value, recalculated[place]), twin
            assert _same(twin.value, _in_excel(twin)), twin
            assert _same(twin.value, _in_shell(twin, capsys)), twin
