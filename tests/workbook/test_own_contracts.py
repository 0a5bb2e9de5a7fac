"""The sheet Contracts says of each contract what Python and the command line say of it."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import TYPE_CHECKING

import pytest

from commissioning.cells import Value, date
from commissioning.council.contracts import deadlines
from commissioning.council.contracts.deadlines import LeadTimes
from commissioning.council.figures import Contract, Own
from commissioning.evidence.pack import load
from commissioning.workbook.book import Book
from commissioning.workbook.layout import lay_out
from filling import BLANK, Typed, fill, filled_bytes
from judges import cached, differences, recalculate
from running import Run, runner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AS_AT = BLANK.as_at
#: Labels of the settings in months, with others than those a workbook has at first.
MONTHS = {
    "Months ahead": 20,
    "Months for value test and procurement": 9,
    "Months for a renegotiation": 5,
    "Months of notice of an extension": 4,
}
EMPTY = Contract("", "", "", "", None, None, None, None, None, None, None, None)


def _contracts(number: int) -> list[Contract]:
    """Contracts of any length around the horizon, some without a start, an end or extensions."""
    chance = random.Random(7)  # noqa: S311 - it chooses test data

    def day(around: dt.date, least: int, most: int) -> dt.date | None:
        found = around + dt.timedelta(chance.randint(least, most))
        return found if chance.random() < 0.9 else None

    made = []
    for each in range(number):
        end = day(AS_AT, -200, 900)
        begin = day(end or AS_AT, -900, -20)
        latest = day(end or AS_AT, -30, 800)
        review = day(AS_AT, -100, 900)
        contract = EMPTY._replace(reference=f"C{each}", title=f"Title {each}", supplier="Quill")
        made.append(
            contract._replace(start=begin, end=end, review=review, extended_end=latest, value=each)
        )
    return made


def _typed(settings: Mapping[str, Value]) -> Typed:
    return {"Settings": {label: {"Value input": value} for label, value in settings.items()}}


def _book(settings: Mapping[str, Value], contracts: list[Contract] | None = None) -> Book:
    own = Own(contracts=contracts)
    return Book.fresh(fill(lay_out(load(), BLANK, own), _typed(settings)))


def _day(value: Value) -> dt.date | None:
    return None if value == "" else date(value)


def test_every_day_and_word_is_that_of_python_with_the_months_on_settings() -> None:
    contracts = _contracts(300)
    horizon, *lead = MONTHS.values()
    rows = {row["Contract"]: row for row in _book(MONTHS, contracts).rows("Contracts")}
    tests = set()
    for contract in contracts:
        row = rows[contract.reference]
        found = deadlines.deadline(contract, AS_AT, LeadTimes(*lead), horizon)
        assert row["Standing"] == deadlines.standing(contract.end, AS_AT, horizon)
        assert _day(row["Value test begins"]) == found.value_test
        assert _day(row["Renegotiation begins"]) == found.renegotiation
        if found.ends:
            assert _day(row["Extension decided by"]) == found.decision
            late = deadlines.is_late(found.value_test, AS_AT)
            expected = deadlines.LATE if late else deadlines.AHEAD
            if deadlines.is_too_short(contract.start, found.value_test):
                expected = deadlines.TOO_SHORT
            assert row["Value test"] == expected
            tests.add(expected)
    assert tests == {deadlines.LATE, deadlines.AHEAD, deadlines.TOO_SHORT}


def test_the_months_at_first_are_those_of_the_command_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.csv").write_text("Title,Supplier,End Date\nA,Quill,31/03/2027\n", "utf-8")
    run: Run = runner(capsys)
    told = json.loads(run("contracts", "r.csv", "--json").out)
    names = ("ProcurementMonths", "RenegotiationMonths", "NoticeMonths")
    assert [_book({}).named(name) for name in names] == list(told["lead_times"].values())
    assert _book({}).named("HorizonMonths") == told["months"]


#: Settings that were typed wrong -> the check that finds them.
WRONG: Mapping[tuple[str, Value], str] = {
    ("Months ahead", -1): "Months of contracts",
    ("Months for value test and procurement", 601): "Months of contracts",
    ("Months for a renegotiation", "six"): "Months of contracts",
    ("Months of notice of an extension", None): "Months of contracts",
    ("Fewest own answers", "ten"): "Fewest own answers",
    ("Fewest own answers for a net balance", -1): "Fewest own answers",
    ("Widest interval of a difference", None): "Widest intervals",
    ("Widest interval between net balances", 5): "Widest intervals",
    ("Local postcodes", 5): "Local postcodes",
    ("Year of the market", "last"): "Market year",
}


@pytest.mark.parametrize(("typed", "check"), WRONG.items(), ids=str)
def test_a_setting_that_cannot_be_used_is_found_by_its_check(
    typed: tuple[str, Value], check: str
) -> None:
    assert _book({}).find("Checks", check)["Problems"] == 0
    assert _book(dict([typed])).find("Checks", check)["Problems"] == 1


def test_where_a_formula_says_check_settings_a_check_needs_a_look() -> None:
    for label in MONTHS:
        book = _book({label: "many"}, [EMPTY._replace(reference="C", end=AS_AT)])
        assert book.rows("Contracts")[0]["Standing"] == "Check settings"
        assert book.find("Checks", "Months of contracts")["Result"] == "Look"


def test_libreoffice_agrees_on_contracts_and_checks_whatever_the_settings(tmp_path: Path) -> None:
    own = Own(contracts=_contracts(60))
    paths = []
    for number in range(3):
        # Each setting but one in three is wrong: all of them are in one of the workbooks.
        wrong = dict(list(WRONG)[number::3])
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(filled_bytes(_typed({**MONTHS, **wrong}), BLANK, own))
    paths.append(tmp_path / "sound.xlsx")
    paths[-1].write_bytes(filled_bytes(_typed(MONTHS), BLANK, own))
    for path, values in zip(paths, recalculate(paths), strict=True):
        assert differences(cached(path), values) == []
