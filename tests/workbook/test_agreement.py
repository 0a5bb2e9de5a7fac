"""Every figure agrees with itself: in Python, cached in the file, and in two other engines."""

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from commissioning.cells import NO_BASE, NOT_AVAILABLE, Value, is_number
from commissioning.check import check_file
from commissioning.evidence.pack import load
from commissioning.evidence.tracker import PRIORITIES, STATUSES
from commissioning.workbook.book import content
from commissioning.workbook.grid import Cell, Contents, Formula, Layout, Table
from commissioning.workbook.template import template
from example import CHOICES, FILLED, OWN
from filling import BLANK, Typed, blank, blank_bytes, filled_bytes
from judges import (
    CellError,
    Values,
    cached,
    differences,
    formulon_values,
    recalculate,
    validator_errors,
)

#: Four workbooks, or thirty times as many with `--long`.
SEEDS = range(4 if settings().max_examples < 1000 else 120)


def _typed(seed: int) -> Typed:
    """What officers might type, sensible or not, everywhere that they can."""
    chance = random.Random(seed)  # noqa: S311 - it chooses test data
    day = dt.date(2026, 11, 22)
    texts: list[Value] = ["n/a", "tbc", "12", "-", "£4m", "=1+1", "Complete", "x" * 300]
    statuses: list[Value] = [status.name for status in STATUSES]

    def number(low: float, high: float) -> list[Value]:
        return [None, 0, round(chance.uniform(low, high), 3), chance.choice(texts)]

    def dates() -> list[Value]:
        days = [day + dt.timedelta(days=chance.randint(-400, 400)) for _ in range(2)]
        return [None, *days, chance.choice(texts)]

    def typed(heading: str) -> Value:
        choices: dict[str, list[Value]] = {
            "£m": number(-5, 200),
            "Start": dates(),
            "Due": dates(),
            "Percent": number(-0.1, 1.2),
            "Status": [*statuses, *statuses, "COMPLETE", "Done", None],
            "Priority": [None, *PRIORITIES],
            "division": [None, None, 0.25, 0.5, "half"],
        }
        for word, values in choices.items():
            if word in heading:
                return chance.choice(values)
        return chance.choice([None, "Something typed"])

    def inputs(table: str) -> dict[str, dict[str, Value]]:
        declared = layout.tables[table]
        headings = [column.heading for column in declared.columns if column.input]
        return {
            str(key.content if isinstance(key := row[declared.key], Cell) else key): {
                heading: typed(heading) for heading in headings if heading != declared.key
            }
            for row in declared.rows
        }

    layout = blank()
    sound: dict[str, list[Value]] = {
        "As at": [day + dt.timedelta(days=chance.randint(-90, 90))],
        "Confidence of intervals": [0.8, 0.9, 0.99],
        "Number of councils": [103, 353, 10_000],
        "Share recommissioned": [0, 0.033, 0.5, 1],
        "Days of warning": [0, 14, 90],
    }
    unsound: list[Value] = [None, "tbc", 0, 1, -3, 1.5, 50, 1e30]
    settings: dict[str, dict[str, Value]] = {
        setting: {"Value input": chance.choice(unsound if seed % 2 else values)}
        for setting, values in sound.items()
    }
    return {
        "Settings": settings,
        **{table: inputs(table) for table in ("CouncilExpenditure", "Actions", "Scenario")},
    }


#: A third of them: each takes LibreOffice seconds.
_SPOILT = SEEDS[::3]

#: What somebody, or a formula of theirs that fails, may put in the place of a number.
_JUNK: tuple[Value | Formula, ...] = (
    *("n/a", "12", "-", 0, 3, 7.5, -4, 1000),
    Formula("NA()", lambda *_: NOT_AVAILABLE),
    Formula("1/0", lambda *_: NO_BASE),
)


def _spoilt(seed: int) -> bytes:
    """A workbook with junk over its counts, its inputs and its formulas, or nothing there."""
    chance = random.Random(seed)  # noqa: S311 - it chooses test data
    layout, often = blank(), chance.choice((0.03, 0.1, 0.3))

    def spoil(table: Table, row: Contents) -> Contents:
        junk: dict[str, Value | Formula] = {}
        for column in table.columns:
            cell = row.get(column.heading, column.formula)
            held, kind = content(cell), (isinstance(cell, Cell) and cell.kind) or column.kind
            if column.heading == table.key or chance.random() > often:
                continue
            if isinstance(held, Formula):
                # Not nothing: LibreOffice alone takes a formula that refers to nothing for nothing.
                junk[column.heading] = chance.choice(_JUNK)
            elif column.input or (is_number(held) and kind.right):
                junk[column.heading] = chance.choice((None, *_JUNK))
        return {**row, **junk}

    sheets = (
        sheet._replace(
            table=sheet.table._replace(rows=[spoil(sheet.table, row) for row in sheet.table.rows])
        )
        for sheet in layout.sheets
    )
    return template(Layout(layout.title, tuple(sheets)), load(), BLANK)


def _recalculate(paths: Sequence[Path]) -> list[Values]:
    """As the judge does, in batches that stay within its time."""
    batches = (paths[start : start + 30] for start in range(0, len(paths), 30))
    return [values for batch in batches for values in recalculate(batch)]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The blank template, the example, and workbooks with random things typed into them."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {"blank": blank_bytes(), "example": filled_bytes(FILLED, CHOICES, OWN)} | {
        f"random {seed}": filled_bytes(_typed(seed)) for seed in SEEDS
    }
    paths = {}
    for name, data in made.items():
        paths[name] = folder / f"{name}.xlsx"
        paths[name].write_bytes(data)
    return paths


def test_libreoffice_works_out_every_cached_value(workbooks: dict[str, Path]) -> None:
    """And no cell holds an error value, whatever was typed."""
    names, paths = list(workbooks), list(workbooks.values())
    for name, path, values in zip(names, paths, _recalculate(paths), strict=True):
        stored = cached(path)
        assert len(stored) > 500
        assert differences(stored, values) == [], name


def test_libreoffice_agrees_whatever_stands_in_the_place_of_a_number(tmp_path: Path) -> None:
    """Where two errors meet, programs differ in which of them they pass on."""
    paths = [tmp_path / f"{seed}.xlsx" for seed in _SPOILT]
    for seed, path in zip(_SPOILT, paths, strict=True):
        path.write_bytes(_spoilt(seed))
    errors = 0
    for path, values in zip(paths, _recalculate(paths), strict=True):
        stored = cached(path)
        found = differences(stored, values)
        both_fail = [
            each
            for each in found
            if isinstance(each.stored, CellError) and isinstance(each.computed, CellError)
        ]
        assert [each for each in found if each not in both_fail] == [], path.name
        errors += len(both_fail)
    assert errors > 20


def test_a_second_engine_agrees(workbooks: dict[str, Path]) -> None:
    for name, path in workbooks.items():
        stored = cached(path)
        assert differences(stored, formulon_values(path)) == [], name


def test_microsofts_validator_finds_nothing(workbooks: dict[str, Path]) -> None:
    # Typing changes cells alone: sensible once, and once not.
    names = ("blank", "example", "random 0", "random 1")
    assert validator_errors(workbooks[name] for name in names) == []


def test_our_check_works_out_the_same_from_the_file_alone(workbooks: dict[str, Path]) -> None:
    for name, path in workbooks.items():
        # What was typed may break the workbook's own checks; its figures it cannot.
        assert {finding.rule for finding in check_file(path, load())} <= {"checks"}, name


def test_the_blank_workbook_passes_all_its_own_checks() -> None:
    from commissioning.workbook.book import Book

    results = Book.fresh(blank()).column("Checks", "Result")
    assert results == ["Pass"] * len(results)
    assert BLANK.council == "Your council"
