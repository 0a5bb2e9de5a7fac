"""Rows that a refresh adds look like those of a workbook made from the same evidence."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from commissioning.cli import main
from commissioning.evidence.pack import load
from commissioning.workbook.layout import lay_out
from commissioning.workbook.template import template
from filling import BLANK, blank, blank_bytes
from rich_evidence import NEW, changed_pack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: More rows of the evidence, of several kinds: text, counts, shares, amounts of money and dates.
_MORE = {
    "claims.csv": (
        "made-up,A claim in pounds,£65bn,65,£bn,rounds to,1,non-external,,,Made up,non-external",
        "made-up-too,A claim in per cent,68%,0.68,share,rounds to,0.01,more share,d,large,Made up,",
    ),
    "endorsements.csv": ("A. Person,Director,Made up,Private,Endorsed the report,Made up",),
    "notes.csv": ("made-up,A note that is made up.,Made up",),
    "options.csv": ("c,advisers,Advisers,,8,10.3,Made up",),
    "sources.csv": ("made-up,A source,A publisher,2012-05-01,Survey,https://example.org/,Made up",),
}

#: Table, key of a row in lower case, heading -> the cell.
Cells = dict[tuple[str, str, str], "Cell"]


class Refreshed(NamedTuple):
    """The cells of all tables before and after, and in a workbook made from the new evidence."""

    before: Cells
    after: Cells
    made: Cells


def _rows(sheet: Worksheet, name: str) -> tuple[list[str], list[Any]]:
    """The headings of a table and its rows of cells."""
    left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
    heading, *rows = sheet.iter_rows(top, bottom, left, right)
    return [str(cell.value) for cell in heading], rows


def _cells(path: Path, keys: Mapping[str, str]) -> Cells:
    """The cells of every table, given the headings of their keys."""
    found: Cells = {}
    for sheet in openpyxl.load_workbook(path, data_only=True):
        for name in sheet.tables:
            headings, rows = _rows(sheet, name)
            for row in rows:
                key = str(row[headings.index(keys[name])].value).casefold()
                found |= {
                    (name, key, heading): cell for heading, cell in zip(headings, row, strict=True)
                }
    return found


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    folder = tmp_path_factory.mktemp("rows")
    pack = changed_pack(folder / "pack")
    for name, lines in _MORE.items():
        with (pack / name).open("a", encoding="utf-8", newline="") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    evidence = load(pack)
    old, new, made = (folder / f"{name}.xlsx" for name in ("old", "new", "made"))
    old.write_bytes(blank_bytes())
    new.write_bytes(blank_bytes())
    made.write_bytes(template(lay_out(evidence, BLANK), evidence, BLANK))
    assert main(["refresh", str(new), "--evidence", str(pack)]) in {0, 1}
    keys = {table.name: table.key for table in blank().tables.values()}
    return Refreshed(*(_cells(path, keys) for path in (old, new, made)))


def _added(refreshed: Refreshed) -> list[tuple[str, str, str]]:
    """The places of new rows that a new workbook has too."""
    return [
        place
        for place in refreshed.after
        if place not in refreshed.before and place in refreshed.made
    ]


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12)
    return one == other


def test_rows_are_added_to_every_kind_of_table(refreshed: Refreshed) -> None:
    tables = {table for table, *_ in _added(refreshed)}
    assert {"Actions", "Claims", "Endorsements", "Notes", "Skills", "Sources"} <= tables


def test_new_cells_have_the_number_formats_of_a_new_workbook(refreshed: Refreshed) -> None:
    wrong = {
        place: (refreshed.after[place].number_format, refreshed.made[place].number_format)
        for place in _added(refreshed)
        if refreshed.after[place].number_format != refreshed.made[place].number_format
    }
    assert wrong == {}


def test_new_cells_hold_what_a_new_workbook_holds(refreshed: Refreshed) -> None:
    wrong = {
        place: (refreshed.after[place].value, refreshed.made[place].value)
        for place in _added(refreshed)
        if place[0] != "Provenance"
        and not _same(refreshed.after[place].value, refreshed.made[place].value)
    }
    assert wrong == {}


def test_a_new_action_shows_the_dates_that_are_typed_into_it_as_dates(refreshed: Refreshed) -> None:
    row = {
        heading: cell
        for (table, key, heading), cell in refreshed.after.items()
        if (table, key) == ("Actions", NEW.casefold())
    }
    for heading in ("Start input", "Due input", "Last updated input"):
        row[heading].value = 46000
        assert row[heading].is_date, heading


def test_the_log_shows_when_the_refresh_was_made(refreshed: Refreshed) -> None:
    [when] = [
        cell.value
        for (table, _, heading), cell in refreshed.after.items()
        if (table, heading) == ("ChangeLog", "When input") and isinstance(cell.value, dt.datetime)
    ]
    assert abs(dt.datetime.now() - when) < dt.timedelta(days=1)  # noqa: DTZ005 - as Excel has it
