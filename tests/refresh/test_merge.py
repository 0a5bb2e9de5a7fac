"""What a refresh writes into a table, what it leaves, and what it asks the officer to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from founds import LAYOUT, found, typed, with_rows, written

from commissioning.cells import Error
from commissioning.workbook import marks
from commissioning.workbook.grid import Cell, Formula, Sheet
from commissioning.workbook.held import Held
from commissioning.workbook.layout.tracker import RETIRED, STANDING
from commissioning.workbook.refresh.merge import merge
from commissioning.workbook.refresh.plan import Plan, Write, Written

if TYPE_CHECKING:
    from commissioning.workbook.refresh.found import Found

ACTIONS, DELIVERY = LAYOUT.sheet_of("Actions"), LAYOUT.sheet_of("Delivery")
SETTINGS, MONEY = LAYOUT.sheet_of("Settings"), LAYOUT.sheet_of("CouncilExpenditure")
WRITTEN = written()


def _changed(sheet: Sheet, row: int, heading: str, value: object) -> Sheet:
    """The sheet as another evidence pack would declare it."""
    rows = [dict(each) for each in sheet.table.rows]
    rows[row][heading] = value  # type: ignore[assignment]
    return sheet._replace(table=sheet.table._replace(rows=rows))


def _without(sheet: Sheet, row: int) -> Sheet:
    rows = [each for number, each in enumerate(sheet.table.rows) if number != row]
    return sheet._replace(table=sheet.table._replace(rows=rows))


def _looks(plan: Plan) -> list[str]:
    return [str(entry) for entry in plan.report.look]


def _only_look(plan: Plan) -> str:
    """The one thing to look at, where nothing else happens."""
    assert plan.empty
    [look] = _looks(plan)
    return look


@pytest.mark.parametrize("sheet", LAYOUT.sheets, ids=lambda sheet: sheet.name)
def test_a_new_workbook_is_up_to_date(sheet: Sheet) -> None:
    plan = merge(sheet, found(sheet), WRITTEN)
    assert plan.empty
    assert plan.report.look == []


def test_what_the_evidence_changed_is_written_where_its_row_stands() -> None:
    plan = merge(_changed(DELIVERY, 0, "Count", 85), found(DELIVERY), WRITTEN)
    assert plan.writes == [Write(0, "Count", 85)]
    assert [str(each) for each in plan.report.changed] == ["Delivery!D5: Count: was 36, now 85."]


def test_rows_are_found_by_their_key_wherever_they_were_sorted_to() -> None:
    table = with_rows(found(DELIVERY), list.reverse)
    plan = merge(_changed(DELIVERY, 0, "Count", 85), table, WRITTEN)
    assert plan.writes == [Write(len(table.rows) - 1, "Count", 85)]


def test_columns_are_found_by_their_heading_wherever_they_were_moved_to() -> None:
    table = found(DELIVERY)
    moved = replace(
        table,
        headings=(*table.headings[::-1], "Own"),
        rows=[[*cells[::-1], Held("mine")] for cells in table.rows],
    )
    plan = merge(_changed(DELIVERY, 0, "Count", 85), moved, WRITTEN)
    assert plan.writes == [Write(0, "Count", 85)]
    assert [str(each) for each in plan.report.kept] == ["Delivery: your column Own."]


@pytest.mark.parametrize("value", [86, "86", 84.5, Error("#N/A"), True, "about 84"])
def test_what_was_typed_over_the_evidence_is_kept_and_reported(value: object) -> None:
    table = typed(found(DELIVERY), 0, "Count", value)  # type: ignore[arg-type]
    for sheet in (DELIVERY, _changed(DELIVERY, 0, "Count", 85)):
        look = _only_look(merge(sheet, table, WRITTEN))
        assert look.startswith("Delivery!D5: Count holds ")
        assert look.endswith("Empty the cell and refresh to have the other back.")


def test_an_emptied_cell_gets_the_evidence_back() -> None:
    plan = merge(DELIVERY, typed(found(DELIVERY), 0, "Count", None), WRITTEN)
    assert plan.writes == [Write(0, "Count", 36)]
    assert plan.report.look == []


@pytest.mark.parametrize("sheet", [DELIVERY, ACTIONS, MONEY], ids=lambda sheet: sheet.name)
def test_a_formula_typed_over_is_kept_and_an_emptied_one_put_back(sheet: Sheet) -> None:
    heading, formula = next((c.heading, c.formula) for c in sheet.table.columns if c.formula)
    assert "=" in _only_look(merge(sheet, typed(found(sheet), 1, heading, 1, "1+0"), WRITTEN))
    assert _only_look(merge(sheet, typed(found(sheet), 1, heading, "mine"), WRITTEN))
    plan = merge(sheet, typed(found(sheet), 1, heading, None), WRITTEN)
    assert plan.writes == [Write(1, heading, formula)]


def test_a_formula_of_an_earlier_version_is_brought_up_to_date() -> None:
    columns = [
        c._replace(formula=Formula("1+1", lambda *_: 2)) if c.heading == "RAG" else c
        for c in ACTIONS.table.columns
    ]
    newer = ACTIONS._replace(table=ACTIONS.table._replace(columns=tuple(columns)))
    plan = merge(newer, found(ACTIONS), WRITTEN)
    assert {write.heading for write in plan.writes} == {"RAG"}
    assert len(plan.writes) == len(ACTIONS.table.rows)


def test_input_cells_are_never_written_whatever_stands_there() -> None:
    table = found(ACTIONS)
    inputs = [column.heading for column in ACTIONS.table.columns if column.input]
    for heading in inputs:
        table = typed(table, 3, heading, None)
        table = typed(table, 4, heading, "anything", "A1&B1")
    plan = merge(_changed(ACTIONS, 3, "Action", "Another task"), table, WRITTEN)
    assert plan.writes == [Write(3, "Action", "Another task")]


def test_a_new_action_is_appended_with_its_defaults() -> None:
    plan = merge(ACTIONS, with_rows(found(ACTIONS), lambda rows: rows.pop(2)), _forgotten("R1-03"))
    [added] = plan.added
    assert added["Action id"] == "R1-03"
    assert added["Status input"] == ACTIONS.table.rows[2]["Status input"]
    assert [str(each) for each in plan.report.changed] == ["Actions: Action id R1-03 added."]


def _forgotten(key: str) -> Written:
    """The record before the evidence had the action."""
    return {entry: held for entry, held in WRITTEN.items() if entry != f"actions: {key.casefold()}"}


def test_a_deleted_action_is_put_back() -> None:
    plan = merge(ACTIONS, with_rows(found(ACTIONS), lambda rows: rows.pop(2)), WRITTEN)
    assert [row["Action id"] for row in plan.added] == ["R1-03"]
    assert [str(each) for each in plan.report.changed] == ["Actions: Action id R1-03 put back."]


def test_an_action_that_the_evidence_lost_is_kept_and_marked_retired_once() -> None:
    lost = _without(ACTIONS, 5)
    plan = merge(lost, found(ACTIONS), WRITTEN)
    assert plan.writes == [Write(5, STANDING, RETIRED)]
    assert merge(lost, typed(found(ACTIONS), 5, STANDING, RETIRED), WRITTEN).empty


def test_an_action_that_comes_back_is_current_again() -> None:
    entry = marks.entry_of_row("Actions", str(ACTIONS.table.rows[5]["Action id"])).casefold()
    retired = {**WRITTEN, entry: WRITTEN[entry] | {marks.mark(STANDING, RETIRED, "Actions")}}
    plan = merge(ACTIONS, typed(found(ACTIONS), 5, STANDING, RETIRED), retired)
    assert plan.writes == [Write(5, STANDING, "Current")]


def test_an_action_that_the_officer_calls_retired_stays_so() -> None:
    table = typed(found(ACTIONS), 5, STANDING, RETIRED)
    assert "it was kept as typed" in _only_look(merge(ACTIONS, table, WRITTEN))


def test_a_row_of_the_officers_own_is_not_taken_over_when_the_evidence_has_its_id() -> None:
    table = typed(found(ACTIONS), 2, "Action", "Our own")
    look = _only_look(merge(ACTIONS, table, _forgotten("R1-03")))
    assert look.startswith("Actions!A8: 'R1-03' is now the Action id of a row of the evidence")


def test_a_link_that_the_evidence_changed_is_written_anew() -> None:
    sources = LAYOUT.sheet_of("Sources")
    place = next(
        number for number, row in enumerate(sources.table.rows) if isinstance(row["Address"], Cell)
    )
    cell = sources.table.rows[place]["Address"]
    assert isinstance(cell, Cell)
    other = _changed(sources, place, "Address", cell._replace(link="https://example.org/new"))
    plan = merge(other, found(sources), WRITTEN)
    assert plan.links == [Write(place, "Address", "https://example.org/new")]
    assert plan.writes == []


def test_rows_of_the_officers_own_stay_and_get_the_formulas_they_lack() -> None:
    own: list[Held] = [Held() for _ in ACTIONS.table.columns]
    own[0], own[2] = Held("HR-1"), Held("Own task")
    plan = merge(ACTIONS, with_rows(found(ACTIONS), lambda rows: rows.insert(4, own)), WRITTEN)
    formulas = [column.heading for column in ACTIONS.table.columns if column.formula]
    assert [(write.row, write.heading) for write in plan.writes] == [(4, h) for h in formulas]
    assert plan.added == []
    assert "1 row of your own" in str(plan.report.kept[0])


def test_an_edited_id_is_reported_and_neither_added_again_nor_retired() -> None:
    look = _only_look(merge(ACTIONS, typed(found(ACTIONS), 1, "Action id", "HR-7"), WRITTEN))
    assert look.startswith("Actions!A7: this row has 'HR-7' in place of 'R1-02'")


def test_a_repeated_id_is_reported_with_every_cell_and_no_row_of_it_is_written() -> None:
    table = typed(found(ACTIONS), 1, "Action id", "r1-01 ")
    plan = merge(_changed(ACTIONS, 0, "Action", "Another task"), table, WRITTEN)
    assert all(write.row not in {0, 1} for write in plan.writes)
    # The row whose id was typed over is known by its texts: it is not added a second time.
    assert plan.added == []
    assert any(look.startswith("Actions!A6, Actions!A7: 2 rows have") for look in _looks(plan))


def test_a_deleted_id_is_reported_and_its_action_not_added_again() -> None:
    plan = merge(ACTIONS, typed(found(ACTIONS), 1, "Action id", None), WRITTEN)
    assert plan.empty
    assert [look.partition(":")[0] for look in _looks(plan)] == ["Actions!A7"] * 2


def test_a_row_without_an_id_is_reported_and_an_empty_one_passed_over() -> None:
    nothing = [Held() for _ in ACTIONS.table.columns]
    noted = [*nothing]
    noted[4] = Held("Somebody")
    table = with_rows(found(ACTIONS), lambda rows: rows.extend([nothing, noted]))
    look = _only_look(merge(ACTIONS, table, WRITTEN))
    assert look.startswith(f"Actions!A{table.top + len(table.rows)}: this row has no Action id")


def test_a_missing_heading_is_reported_and_nothing_guessed() -> None:
    table = found(ACTIONS)
    renamed = replace(table, headings=("Ref", *table.headings[1:]))
    look = _only_look(merge(_changed(ACTIONS, 0, "Action", "Another task"), renamed, WRITTEN))
    assert look.startswith("Actions!A5: the table Actions lacks the heading 'Action id'")


def test_a_row_of_the_evidence_that_is_gone_is_kept_and_reported() -> None:
    look = _only_look(merge(_without(DELIVERY, 1), found(DELIVERY), WRITTEN))
    assert "is no longer in the evidence; its row was kept" in look


@pytest.mark.parametrize(
    ("sheet", "row", "heading"),
    [
        (ACTIONS, 0, "Due input"),
        (ACTIONS, 0, "Percent complete input"),
        (MONEY, 0, "Procurement £m input"),
        (SETTINGS, 3, "Value input"),
    ],
    ids=lambda each: each.name if isinstance(each, Sheet) else str(each),
)
def test_text_where_a_number_belongs_is_reported_with_its_cell(
    sheet: Sheet, row: int, heading: str
) -> None:
    look = _only_look(merge(sheet, typed(found(sheet), row, heading, "50%"), WRITTEN))
    assert look.endswith(f"{heading} holds the text '50%' where a number or a date belongs.")
    assert look.startswith(found(sheet).at(row, heading))


def test_text_where_text_belongs_is_not_reported() -> None:
    table = typed(found(SETTINGS), 0, "Value input", "Essex")
    assert merge(SETTINGS, table, WRITTEN).report.look == []


def test_without_the_record_nothing_that_differs_is_written() -> None:
    plan = merge(_changed(DELIVERY, 0, "Count", 85), found(DELIVERY), {})
    assert plan.writes == []
    assert _looks(plan)[0].startswith("Delivery!D5: Count holds 36 in place of 85")


def test_lines_above_the_table_follow_the_evidence_unless_they_were_typed_over() -> None:
    sheet = DELIVERY._replace(title="Another title")
    table = found(DELIVERY)
    assert merge(sheet, table, WRITTEN).lines == {1: "Another title"}
    shifted = replace(table, lines=[Held("Ours"), *table.lines], top=table.top + 1)
    assert merge(sheet, shifted, WRITTEN).lines == {2: "Another title"}
    assert merge(sheet, replace(table, lines=[Held("Ours")]), WRITTEN).lines == {}


def _table_of(cells: Found) -> list[list[Held]]:
    return [list(row) for row in cells.rows]


def test_planning_changes_nothing() -> None:
    table = found(ACTIONS)
    before = _table_of(table)
    merge(_without(_changed(ACTIONS, 0, "Action", "x"), 5), table, WRITTEN)
    assert _table_of(table) == before
