"""The council's own answers about each type of provider, imported and typed."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from imports import LAYOUT, table, type_in, write_files

from commissioning.check import check_file
from commissioning.evidence.pack import load
from judges import cached, differences, recalculate
from running import Run, runner

#: A grid as survey tools print it: 40 people about companies, three about the council itself.
GRID = """d) What do you expect of each type of provider?
Answer Options,None,Fewer,No change,More,Many more
Large private companies,2,8,16,13,1
Small and medium-sized companies,0,0,3,30,7
Public sector in-house,1,2,0,0,0
Other public sector,0,0,0,0,0
Voluntary and community organisations,1,1,8,26,4
"""

COUNTS = tuple(f"{outlook.short} input" for outlook in load().outlooks)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a new workbook and a survey of question d."""
    monkeypatch.chdir(tmp_path)
    write_files()
    Path("grid.csv").write_text(GRID, encoding="utf-8")
    return runner(capsys)


def _without_own_outlook(*, ever: bool = True) -> None:
    """The workbook without the sheet: deleted, or of a version that never had it."""
    book = openpyxl.load_workbook("Plan.xlsx")
    del book["Own outlook"]
    for [entry] in () if ever else book["Provenance"].iter_rows(max_col=1):
        if str(entry.value).startswith("Own outlook line"):
            entry.value = f"Other sheet{entry.row}"
    book.save("Plan.xlsx")


def test_balances_in_the_workbook_are_those_of_the_command_line(run: Run) -> None:
    run("import", "survey", "grid.csv", "--into", "Plan.xlsx")
    rows = table("OwnOutlook", "Code")
    told = {
        each["provider"]: each
        for each in json.loads(run("survey", "grid.csv", "--json").out)["providers"]
    }
    assert set(told) == set(rows)
    for code, row in rows.items():
        balance = told[code]["net_balance"]
        held = (row["Own net balance"], row["Difference"])
        assert row["National net balance"] == pytest.approx(balance["national"])
        if balance["own"] is None:
            assert {*held, row["Verdict"]} <= {None, ""}
            continue
        assert tuple(row[heading] for heading in COUNTS) == tuple(told[code]["counts"].values())
        assert row["Row total"] == told[code]["answered"]
        assert held == pytest.approx((balance["own"], balance["points"]))
        interval = (row["Difference low"], row["Difference high"])
        assert interval == pytest.approx((balance["low"], balance["high"]))
        assert row["Verdict"] == balance["verdict"]
    assert [row["Verdict"] or "" for row in rows.values()] == [
        "Lower",
        "Higher",
        "Too few to tell",
        "",
        "No clear difference",
    ]


def test_own_survey_counts_those_who_expect_more_on_own_outlook(run: Run) -> None:
    run("import", "survey", "grid.csv", "--into", "Plan.xlsx")
    rows = table("OwnSurvey", "Row")
    small, public = rows["d SME"], rows["d other-public"]
    assert (small["Own count input"], small["Own answered input"]) == (37, 40)
    assert small["Own share"] == pytest.approx(0.925)
    assert {public["Own answered input"], public["Own share"]} <= {None, ""}
    path = Path("Plan.xlsx")
    assert differences(cached(path), recalculate([path])[0]) == []
    assert check_file(path, load()) == []


def test_counts_typed_on_own_outlook_stay_and_every_figure_follows_them(run: Run) -> None:
    type_in("OwnOutlook", "Code", "SME", "More input", 10)
    ran = run("import", "survey", "grid.csv", "--into", "Plan.xlsx")
    assert "More input holds 10 in place of 30" in ran.out
    small = table("OwnOutlook", "Code")["SME"]
    assert (small["Row total"], small["More"]) == (20, 17)
    assert small["Own net balance"] == pytest.approx(17 / 20)
    assert small["Verdict"] == "Too few to tell"
    assert table("OwnSurvey", "Row")["d SME"]["Own count input"] == 17


def test_a_count_that_is_left_out_asks_for_a_look_and_gives_no_figure(run: Run) -> None:
    for heading in COUNTS[1:]:
        type_in("OwnOutlook", "Code", "VCS", heading, 9)
    run("import", "survey", "survey.csv", "--into", "Plan.xlsx")
    row, share = table("OwnOutlook", "Code")["VCS"], table("OwnSurvey", "Row")["d VCS"]
    assert row["Row total"] == share["Own share"] == "Check counts"
    assert {row["Own net balance"], row["Verdict"], share["Verdict"]} <= {None, ""}


def test_the_fewest_answers_for_a_balance_are_a_setting(run: Run) -> None:
    type_in("Settings", "Setting", "Fewest own answers for a net balance", "Value input", 3)
    run("import", "survey", "grid.csv", "--into", "Plan.xlsx")
    assert table("OwnOutlook", "Code")["in-house"]["Verdict"] == "Lower"


def test_where_the_sheet_was_deleted_import_and_refresh_say_what_to_do(run: Run) -> None:
    _without_own_outlook()
    said = (
        "Own outlook: the table OwnOutlook is missing; make a new workbook with 'localis template'"
    )
    ran = run("import", "survey", "grid.csv", "--into", "Plan.xlsx")
    assert ran.code == 1
    assert said in ran.out
    assert said in run("refresh", "Plan.xlsx").out


def test_a_workbook_that_never_had_the_sheet_is_refused_and_stays_as_it_is(run: Run) -> None:
    _without_own_outlook(ever=False)
    before = Path("Plan.xlsx").read_bytes()
    for command in (("import", "survey", "grid.csv", "--into"), ("refresh",)):
        ran = run(*command, "Plan.xlsx")
        assert ran.code == 2
        assert "Plan.xlsx has no sheet Own outlook" in ran.err
        assert "make a new workbook with 'localis template' and move what was typed" in ran.err
    assert Path("Plan.xlsx").read_bytes() == before


@pytest.mark.usefixtures("run")
def test_what_comes_from_own_outlook_does_not_look_like_an_input() -> None:
    sheet = openpyxl.load_workbook("Plan.xlsx")["Own survey"]
    declared = LAYOUT.sheet_of("OwnSurvey")
    column = declared.table.position("Own count input")
    styles = {
        sheet.cell(declared.row_of(index), 1).value: sheet.cell(
            declared.row_of(index), column
        ).style
        for index in range(len(declared.table.rows))
    }
    assert (styles["b yes"], styles["d SME"]) == ("Localis input", "Localis cell")
