"""The declarations agree with each other and with what Excel allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from commissioning.check.formulas import NEW_FUNCTIONS, scan
from commissioning.check.repair_tables import name_fault
from commissioning.evidence.pack import load
from commissioning.workbook import theme
from commissioning.workbook.book import content
from commissioning.workbook.grid import OWN_PARTS, Cell, Formula, stored
from filling import blank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.workbook.grid import Sheet

LAYOUT = blank()
SHEETS = pytest.mark.parametrize("sheet", LAYOUT.sheets, ids=lambda sheet: sheet.name)

#: Functions that move by themselves, hide what they refer to, or give what nobody can check.
_UNWELCOME = {"OFFSET", "INDIRECT", "TODAY", "NOW", "RAND", "RANDBETWEEN", "CELL", "INFO"}


def _texts(sheet: Sheet) -> Iterator[str]:
    """Every text that a sheet shows, formulas apart."""
    yield from (sheet.title, sheet.purpose)
    yield from (line.content for line in sheet.lines if isinstance(line.content, str))
    for row in sheet.table.rows:
        yield from (text for cell in row.values() if isinstance(text := content(cell), str))
    for column in sheet.table.columns:
        yield column.prompt or ""


def _formulas(sheet: Sheet) -> Iterator[str]:
    """Every formula of a sheet as its file has it."""
    declared: list[object] = [line.content for line in sheet.lines]
    declared += [column.formula for column in sheet.table.columns]
    declared += [content(cell) for row in sheet.table.rows for cell in row.values()]
    for each in declared:
        if isinstance(each, Formula):
            yield stored(each.text, sheet.table.name)


def _links(sheet: Sheet) -> Iterator[str]:
    yield from (line.link for line in sheet.lines if line.link)
    for row in sheet.table.rows:
        yield from (cell.link for cell in row.values() if isinstance(cell, Cell) and cell.link)


def test_sheets_have_names_of_their_own_that_excel_takes() -> None:
    names = [sheet.name for sheet in LAYOUT.sheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if not re.fullmatch(r"[^:\\/?*\[\]]{1,31}", name)] == []
    assert [name for name in names if name.strip("'") != name or name.casefold() == "history"] == []


def test_tables_and_named_cells_have_names_of_their_own_that_excel_takes() -> None:
    names = [sheet.table.name for sheet in LAYOUT.sheets]
    for sheet in LAYOUT.sheets:
        names += [*sheet.table.names, *sheet.table.lists]
    assert len({name.casefold() for name in names}) == len(names)
    assert {name: name_fault(name) for name in names} == dict.fromkeys(names)


@SHEETS
def test_headings_hold_only_what_formulas_can_name(sheet: Sheet) -> None:
    headings = [column.heading for column in sheet.table.columns]
    assert [heading for heading in headings if not re.fullmatch(r"[A-Za-z0-9 £-]+", heading)] == []
    assert len({heading.casefold() for heading in headings}) == len(headings)
    assert [heading for heading in headings if heading != " ".join(heading.split())] == []


@SHEETS
def test_input_columns_say_so_in_words_and_no_other_does(sheet: Sheet) -> None:
    columns = sheet.table.columns
    assert [column.heading for column in columns if column.input] == [
        column.heading for column in columns if column.heading.endswith("input")
    ]
    assert [column.heading for column in columns if column.input and column.formula] == []


@SHEETS
def test_rows_fill_declared_columns_and_have_keys_of_their_own(sheet: Sheet) -> None:
    table = sheet.table
    headings = {column.heading for column in table.columns}
    assert [set(row) - headings for row in table.rows if set(row) - headings] == []
    keys = [str(content(row[table.key])).casefold() for row in table.rows]
    assert keys or set(sheet.parts) & set(OWN_PARTS)
    assert len(set(keys)) == len(keys)


@SHEETS
def test_the_cells_behind_every_name_exist(sheet: Sheet) -> None:
    table = sheet.table
    keys = {content(row[table.key]) for row in table.rows}
    headings = {column.heading for column in table.columns}
    assert {key for key, _ in table.names.values()} <= keys
    assert {heading for _, heading in table.names.values()} <= headings
    assert set(table.lists.values()) <= headings


@SHEETS
def test_formulas_refer_only_to_declared_tables_and_columns(sheet: Sheet) -> None:
    known = {
        (table.name, column.heading) for table in LAYOUT.tables.values() for column in table.columns
    }
    for text in _formulas(sheet):
        found = scan(text)
        assert found.fault is None, text
        assert found.sheets <= {each.name for each in LAYOUT.sheets}, text
        assert not found.external, text
        assert found.tables <= known, text


@SHEETS
def test_formulas_refer_to_cells_by_name_or_table(sheet: Sheet) -> None:
    """But for the whole first column of a sheet: a check sees there what stands below a table."""
    column = r"'[^']+'!\$A:\$A"
    lists = {name for table in LAYOUT.tables.values() for name in table.lists}
    for text in _formulas(sheet):
        plain = re.sub(rf'"[^"]*"|{column}|\w+\[(?:\[[^\]]*\],?)+\]|\w+\[[^\]]*\]', " ", text)
        words = set(re.findall(r"[A-Za-z_$][\w.$]*(?![\w.$(])", plain))
        assert words <= {*LAYOUT.names, *lists}, text


@SHEETS
def test_formulas_use_only_functions_that_every_program_has(sheet: Sheet) -> None:
    for text in _formulas(sheet):
        functions = {name.upper() for name in scan(text).functions}
        assert not functions & (NEW_FUNCTIONS | _UNWELCOME), text


@SHEETS
def test_every_note_marker_leads_to_a_note(sheet: Sheet) -> None:
    notes = {content(row["Note"]) for row in LAYOUT.tables["Notes"].rows}
    markers = {mark for text in _texts(sheet) for mark in re.findall(r"\[note[^\]]*\]", text)}
    assert markers <= notes


@SHEETS
def test_every_link_leads_to_a_sheet_or_an_address(sheet: Sheet) -> None:
    sheets = {each.name for each in LAYOUT.sheets}
    assert [
        link for link in _links(sheet) if link not in sheets and not link.startswith("http")
    ] == []


def test_the_contents_lead_to_every_other_sheet_in_order() -> None:
    cells = [row["Sheet"] for row in LAYOUT.tables["Contents"].rows]
    links = [cell.link for cell in cells if isinstance(cell, Cell)]
    assert links == [sheet.name for sheet in LAYOUT.sheets[1:]]


@SHEETS
def test_lists_and_prompts_stand_in_input_columns_and_lists_lead_somewhere(sheet: Sheet) -> None:
    named = {name for table in LAYOUT.tables.values() for name in table.lists}
    for column in sheet.table.columns:
        if isinstance(column.choices, str):
            assert column.choices in named
        if column.choices or column.prompt:
            assert column.input, column.heading
        if column.limits:
            assert column.limits[0] < column.limits[1]


@SHEETS
def test_looks_are_those_of_the_theme(sheet: Sheet) -> None:
    assert sheet.group in theme.TABS
    assert {line.style for line in sheet.lines} <= set(theme.STYLES)
    for tones in [line.tones for line in sheet.lines] + [c.tones for c in sheet.table.columns]:
        assert set(tones.values()) <= set(theme.TONES)


@SHEETS
def test_charts_draw_declared_columns_and_are_titled_by_a_finding(sheet: Sheet) -> None:
    for chart in sheet.charts:
        table = LAYOUT.tables[chart.table]
        for heading in (chart.categories, *(series.heading for series in chart.series)):
            assert table.column(heading)
        name, key, heading = chart.title
        table = LAYOUT.tables[name]
        [row] = [row for row in table.rows if row[table.key] == key]
        assert isinstance(content(row.get(heading, table.column(heading).formula)), Formula)
        assert {series.colour for series in chart.series} <= set(theme.PALETTE)
        assert len({series.colour for series in chart.series}) == len(chart.series)
        assert min(map(len, (chart.category_axis, chart.value_axis, chart.description))) > 0
        bottom = sheet.row_of(len(sheet.table.rows) - 1)
        assert chart.place[0] > bottom + 1


#: What the workbook has to have, and where it is.
_DEMANDED = {
    "Cover": "Cover",
    "Summary": "Summary",
    "Claims": "Claims",
    "National expenditure": "National expenditure",
    "Council expenditure": "Council expenditure",
    "Recommendations": "Recommendations",
    "Actions": "Actions",
    "Progress by recommendation": "Progress",
    "Notes": "Notes",
    "Sources": "Sources",
    "Checks": "Checks",
    "Log": "Log",
}

_TRACKER = """
    Action id, Recommendation, Action, Acting body, Owner input, Priority input, Status input,
    Start input, Due input, Percent complete input, RAG, Evidence input, Notes input,
    Last updated input
"""


def test_every_demanded_sheet_is_there() -> None:
    names = [sheet.name for sheet in LAYOUT.sheets]
    assert [name for name in _DEMANDED.values() if name not in names] == []
    assert [question.sheet for question in load().questions if question.sheet not in names] == []
    assert names[0] == "Cover"


def test_the_tracker_has_every_demanded_column() -> None:
    headings = [column.heading for column in LAYOUT.tables["Actions"].columns]
    wanted = re.split(r",\s+", _TRACKER.strip())
    assert [heading for heading in headings if heading in wanted] == wanted


def test_every_action_of_the_evidence_is_tracked() -> None:
    rows = LAYOUT.tables["Actions"].rows
    assert [row["Action id"] for row in rows] == [action.action for action in load().actions]


def test_a_sheet_is_found_by_its_table() -> None:
    assert [LAYOUT.sheet_of(name).table.name for name in LAYOUT.tables] == list(LAYOUT.tables)
