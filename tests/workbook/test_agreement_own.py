"""The council's own figures agree in Python and in LibreOffice, whatever stands in their place."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import settings

from commissioning.cells import NO_BASE, NOT_AVAILABLE, Value
from commissioning.evidence.pack import load
from commissioning.workbook.book import content
from commissioning.workbook.grid import Contents, Formula, Layout, Table
from commissioning.workbook.layout import lay_out
from commissioning.workbook.layout.lines import SERVICE
from commissioning.workbook.layout.service_areas import AREA, AREA_ID
from commissioning.workbook.layout.service_areas import DECISION as AREA_DECISION
from commissioning.workbook.layout.spend import DECISION, KEY, TYPE
from commissioning.workbook.template import template
from example import CHOICES, FILLED, OWN
from filling import fill
from judges import CellError, cached, differences, recalculate

if TYPE_CHECKING:
    from pathlib import Path

#: Two workbooks, or fifteen times as many with `--long`: each takes LibreOffice seconds.
_SEEDS = range(2 if settings().max_examples < 1000 else 30)

_IMPORTED = (
    "PaymentFiles",
    "MonthsPaid",
    "Suppliers",
    "Spend",
    "Services",
    "ServiceAreas",
    "Contracts",
)
_OTHERS = ("Market", "OwnSurvey", "OwnOutlook", "ContractResults", "CouncilExpenditure", "Results")

_NUMBERS: tuple[Value, ...] = (0, 3, 7.5, 1000, 46_500)
_TEXTS: tuple[Value, ...] = ("n/a", "-", "SME", " ", "***", "?")
_FAILING = (
    Formula("NA()", lambda *_: NOT_AVAILABLE),
    Formula("1/0", lambda *_: NO_BASE),
)

#: Columns of codes, which formulas look for as they are.
_CODES = {TYPE, DECISION, SERVICE, "Suggested type", "Code"}
_CODES |= {AREA, AREA_ID, AREA_DECISION, "Suggested area"}


def _junk(chance: random.Random, table: Table, heading: str) -> Value | Formula:
    """What may stand in a cell; codes and ids are no patterns, keys of suppliers are texts."""
    if heading in _CODES:
        return chance.choice(("SME", "large", "n/a", "redacted", *_FAILING))
    if heading in {KEY, table.key}:
        return chance.choice((None, *_TEXTS, *_FAILING))
    return chance.choice((*_NUMBERS, *_TEXTS, *_FAILING))


def _spoilt(seed: int) -> bytes:
    """The example with junk over its own figures, and with rows deleted, sorted and blank."""
    chance = random.Random(seed)  # noqa: S311 - it chooses test data
    often = chance.choice((0.01, 0.03, 0.1))

    def spoil(table: Table, row: Contents) -> Contents:
        junk: dict[str, Value | Formula] = {
            column.heading: _junk(chance, table, column.heading)
            for column in table.columns
            if chance.random() < often
            and not (table.name in _OTHERS and column.heading == table.key)
        }
        blank = {
            heading: None
            for heading in row
            if chance.random() < often / 3 and not isinstance(content(row[heading]), Formula)
        }
        return {**row, **junk, **({} if table.name in _OTHERS else blank)}

    def spoilt(table: Table) -> Table:
        if table.name not in (*_IMPORTED, *_OTHERS):
            return table
        rows = [spoil(table, row) for row in table.rows]
        if table.name in _IMPORTED:
            del rows[chance.randrange(len(rows))]
            chance.shuffle(rows)
            rows.insert(chance.randrange(len(rows) + 1), {table.key: None})
        return table._replace(rows=rows)

    layout = fill(lay_out(load(), CHOICES, OWN), FILLED)
    sheets = (sheet._replace(table=spoilt(sheet.table)) for sheet in layout.sheets)
    return template(Layout(layout.title, tuple(sheets)), load(), CHOICES)


def test_libreoffice_agrees_whatever_stands_in_the_place_of_an_own_figure(tmp_path: Path) -> None:
    """Where two errors meet, programs differ in which of them they pass on."""
    paths = [tmp_path / f"{seed}.xlsx" for seed in _SEEDS]
    for seed, path in zip(_SEEDS, paths, strict=True):
        path.write_bytes(_spoilt(seed))
    errors = 0
    for path, values in zip(paths, recalculate(paths), strict=True):
        found = differences(cached(path), values)
        both_fail = [
            each
            for each in found
            if isinstance(each.stored, CellError) and isinstance(each.computed, CellError)
        ]
        assert [each for each in found if each not in both_fail] == [], path.name
        errors += len(both_fail)
    assert errors > 20
