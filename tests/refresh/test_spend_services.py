"""`localis spend --by service` and the sheet Services say the same of the same payments."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imports import table

from commissioning.workbook.layout.lines import SERVICE, YEAR
from filling import blank_bytes
from running import runner

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("Ash Ltd", "Elm NHS Trust", "Redacted", "", "Yew", "Oak CIC", "Fir Ltd", "Box Ltd")
SERVICES = ("Place", "Adults", "Care & 'Health'", "=1+1", "Only credits")

#: Heading on the sheet -> what the command calls it.
FIGURES = {"Spend £": "pence", "Suppliers": "suppliers", "HHI": "hhi", "Four largest": "largest"}


def payments() -> Iterator[list[str]]:
    """Payments and credit notes of two financial years, some to nobody that is named."""
    chance = random.Random(4)  # noqa: S311 - it chooses test data
    yield ["Payment Date", "Supplier Name", "Net Amount", "Directorate", "Transaction No"]
    for number in range(400):
        service = chance.choice(SERVICES)
        pence = chance.randrange(-900_000, 0 if service == "Only credits" else 900_000)
        day = f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/2017"
        yield [day, chance.choice(NAMES), f"{pence / 100:.2f}", service, str(number)]


def test_the_command_and_the_sheet_agree_on_every_service_and_year(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = runner(capsys)
    Path("Plan.xlsx").write_bytes(blank_bytes())
    with Path("year.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(payments())
    ran = run("import", "spend", "year.csv", "--into", "Plan.xlsx")
    assert (ran.code, ran.err) == (0, "")
    sheet = {(row["Service"], row[YEAR]): row for row in table("Services", SERVICE).values()}
    told = json.loads(run("spend", "year.csv", "--by", "service", "--json").out)["by_service"]
    assert len(sheet) == len(told) == 2 * len(SERVICES)
    for each in told:
        shown = sheet[each["service"], each["year"]]
        expected = {heading: each[code] for heading, code in FIGURES.items()}
        expected["Spend £"] /= 100
        found = {heading: shown[heading] or None for heading in FIGURES}
        if expected["Suppliers"]:
            assert found == pytest.approx(expected, rel=1e-12)
        else:
            assert found == {**expected, "Suppliers": None}
