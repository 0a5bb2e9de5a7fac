"""Whatever an officer did: nothing typed is lost, the rest is current, once is enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from founds import LAYOUT, found, written
from hypothesis import given, note, settings
from hypothesis import strategies as st

from commissioning.workbook import marks
from commissioning.workbook.book import content
from commissioning.workbook.grid import Formula, stored
from commissioning.workbook.held import Held
from commissioning.workbook.refresh.merge import merge

if TYPE_CHECKING:
    from commissioning.cells import Value
    from commissioning.workbook.grid import Contents, Sheet
    from commissioning.workbook.refresh.found import Found
    from commissioning.workbook.refresh.plan import Plan, Written

_SHEETS = ("Actions", "Delivery", "CouncilExpenditure", "Settings", "Scenario", "Notes")
_WRITTEN = written()

_TYPED = st.one_of(
    st.text(max_size=8),
    st.integers(-5, 10**6),
    st.floats(-1, 1),
    st.sampled_from(["007", "=1+1", "R1-01", "Retired", "12/3", "#N/A", " x ", "In progress"]),
).map(Held)
_CONTENTS: st.SearchStrategy[Value] = st.sampled_from(["Other", 7, "=2"])
_FORMULAS = st.sampled_from(["A1&B1", "[@[Action id]]&1", "SUM(1,2)"]).map(lambda f: Held("?", f))


@st.composite
def _edited(draw: st.DrawFn, table: Found) -> Found:
    """The table after an officer's work."""
    for _ in range(draw(st.integers(0, 8))):
        change = draw(st.sampled_from(_CHANGES))
        table = change(draw, table) if table.rows else table
    return table


def _type(draw: st.DrawFn, table: Found) -> Found:
    """Type into any cell, the program's included."""
    row = draw(st.integers(0, len(table.rows) - 1))
    column = draw(st.integers(0, len(table.headings) - 1))
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = draw(st.one_of(_TYPED, _FORMULAS, st.just(Held())))
    return replace(table, rows=rows)


def _insert_row(draw: st.DrawFn, table: Found) -> Found:
    new = [draw(st.one_of(_TYPED, st.just(Held()))) for _ in table.headings]
    place = draw(st.integers(0, len(table.rows)))
    return replace(table, rows=[*table.rows[:place], new, *table.rows[place:]])


def _copy_row(draw: st.DrawFn, table: Found) -> Found:
    row = draw(st.sampled_from(table.rows))
    return replace(table, rows=[*table.rows, row])


def _delete_row(draw: st.DrawFn, table: Found) -> Found:
    gone = draw(st.integers(0, len(table.rows) - 1))
    return replace(table, rows=[row for number, row in enumerate(table.rows) if number != gone])


def _insert_column(draw: st.DrawFn, table: Found) -> Found:
    place = draw(st.integers(0, len(table.headings)))
    return replace(
        table,
        headings=(*table.headings[:place], f"Own {len(table.headings)}", *table.headings[place:]),
        rows=[
            [*cells[:place], draw(st.one_of(_TYPED, _FORMULAS)), *cells[place:]]
            for cells in table.rows
        ],
    )


def _sort(draw: st.DrawFn, table: Found) -> Found:
    return replace(table, rows=draw(st.permutations(list(table.rows))))


def _move_columns(draw: st.DrawFn, table: Found) -> Found:
    order = draw(st.permutations(range(len(table.headings))))
    return replace(
        table,
        headings=tuple(table.headings[place] for place in order),
        rows=[[cells[place] for place in order] for cells in table.rows],
    )


_CHANGES = (
    _type,
    _type,
    _type,
    _insert_row,
    _copy_row,
    _delete_row,
    _insert_column,
    _sort,
    _move_columns,
)


@st.composite
def _newer(draw: st.DrawFn, sheet: Sheet) -> Sheet:
    """The sheet as a later evidence pack declares it: other contents, rows fewer and more."""
    table = sheet.table
    rows: list[Contents] = [
        row for row in table.rows if not draw(st.sampled_from([True, *[False] * 9]))
    ]
    own = [
        c.heading for c in table.columns if not c.input and not c.formula and c.heading != table.key
    ]
    for place in (
        draw(st.lists(st.integers(0, max(len(rows) - 1, 0)), max_size=3)) if own and rows else ()
    ):
        heading = draw(st.sampled_from(own))
        if not isinstance(content(rows[place].get(heading)), Formula):
            rows[place] = {**rows[place], heading: draw(_CONTENTS)}
    if marks.is_kept(table):
        rows += [
            {**table.rows[0], table.key: f"New {number}"}
            for number in range(draw(st.integers(0, 2)))
        ]
    return sheet._replace(table=table._replace(rows=rows))


def _applied(plan: Plan, table: Found, sheet: Sheet) -> Found:
    """The table after the plan was carried out, as a spreadsheet program would hold it."""
    rows = [list(cells) for cells in table.rows]
    for write in plan.writes:
        rows[write.row][table.headings.index(write.heading)] = _held(write.content, sheet)
    for added in plan.added:
        cells = {
            column.heading: _held(content(added.get(column.heading, column.formula)), sheet)
            for column in sheet.table.columns
        }
        rows.append([cells.get(heading, Held()) for heading in table.headings])
    return replace(table, rows=rows)


def _held(cell: Value | Formula, sheet: Sheet) -> Held:
    if isinstance(cell, Formula):
        return Held("worked out", stored(cell.text, sheet.table.name))
    return Held(cell)


def _is_the_programs(held: Held, heading: str, sheet: Sheet, before: Written) -> bool:
    """Whether the program wrote a cell, for all it can know: its mark is on record."""
    table = sheet.table
    if heading not in {column.heading for column in table.columns if not column.input}:
        return False
    given = (
        marks.mark(heading, held.value, table.name)
        if held.formula is None
        else marks.formula_mark(heading, marks.normal(held.formula, table.name))
    )
    return any(given in known for known in before.values())


@settings(max_examples=max(200, settings().max_examples), deadline=None)
@given(st.data(), st.sampled_from(_SHEETS))
def test_nothing_typed_is_lost_everything_else_is_current_and_once_is_enough(
    data: st.DataObject, name: str
) -> None:
    old = LAYOUT.sheet_of(name)
    sheet, table = data.draw(_newer(old)), data.draw(_edited(found(old)))
    plan = merge(sheet, table, _WRITTEN)
    after = _applied(plan, table, sheet)
    note(str(plan))
    for row, cells in enumerate(table.rows):
        for heading, held in zip(table.headings, cells, strict=True):
            if not held.empty and after.cell(row, heading) != held:
                assert _is_the_programs(held, heading, old, _WRITTEN), (row, heading, held)
    declared = marks.entries([sheet])
    unsettled = {marks.entry_of_row(name, key).casefold() for key in plan.unsettled}
    newer = {
        **_WRITTEN,
        **{
            entry.casefold(): frozenset(held.split())
            for entry, held in declared.items()
            if entry.casefold() not in unsettled
        },
    }
    again = merge(sheet, after, newer)
    assert again.writes == []
    assert again.added == []
    if marks.is_kept(sheet.table):
        _assert_current(sheet, after, {entry.where for entry in again.report.look})


def _assert_current(sheet: Sheet, table: Found, looks: set[str]) -> None:
    """Every declared row stands there as declared, but for what the report asks to look at."""
    keys = [
        str(table.cell(row, sheet.table.key).value).strip().casefold()
        for row in range(len(table.rows))
    ]
    pointed = {place for where in looks for place in where.split(", ")}
    for row in sheet.table.rows:
        key = str(content(row[sheet.table.key])).casefold()
        places = [place for place, other in enumerate(keys) if other == key]
        if len(places) != 1:
            assert pointed, key
            continue
        for column in sheet.table.columns:
            if column.input or column.heading == sheet.table.key:
                continue
            wanted = _held(content(row.get(column.heading, column.formula)), sheet)
            cell = table.cell(places[0], column.heading)
            same = marks.mark(column.heading, cell.value, "") == marks.mark(
                column.heading, wanted.value, ""
            )
            if wanted.formula is not None:
                same = cell.formula is not None and marks.normal(
                    cell.formula, sheet.table.name
                ) == marks.normal(wanted.formula, sheet.table.name)
            assert (same and (cell.formula is None) == (wanted.formula is None)) or table.at(
                places[0], column.heading
            ) in pointed
