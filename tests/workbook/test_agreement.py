"""Every figure agrees with itself: in Python, cached in the file, and in two other engines."""

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import settings

from commissioning.cells import Value
from commissioning.check import check_file
from commissioning.evidence.pack import load
from commissioning.evidence.tracker import PRIORITIES, STATUSES
from commissioning.workbook.grid import Cell
from example import CHOICES, TYPED
from filling import BLANK, Typed, blank, blank_bytes, filled_bytes
from judges import (
    cached,
    differences,
    formulon_values,
    recalculate,
    validator_errors,
)

#: Six workbooks, or twenty times as many with `--long`.
SEEDS = range(6 if settings().max_examples < 1000 else 120)


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


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The blank template, the example, and workbooks with random things typed into them."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {"blank": blank_bytes(), "example": filled_bytes(TYPED, CHOICES)} | {
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
    for name, path, values in zip(names, paths, recalculate(paths), strict=True):
        stored = cached(path)
        assert len(stored) > 500
        assert differences(stored, values) == [], name


def test_a_second_engine_agrees(workbooks: dict[str, Path]) -> None:
    for name, path in workbooks.items():
        stored = cached(path)
        assert differences(stored, formulon_values(path)) == [], name


def test_microsofts_validator_finds_nothing(workbooks: dict[str, Path]) -> None:
    assert validator_errors(workbooks.values()) == []


def test_our_check_works_out_the_same_from_the_file_alone(workbooks: dict[str, Path]) -> None:
    for name, path in workbooks.items():
        # What was typed may break the workbook's own checks; its figures it cannot.
        assert {finding.rule for finding in check_file(path, load())} <= {"checks"}, name


def test_the_blank_workbook_passes_all_its_own_checks() -> None:
    from commissioning.workbook.book import Book

    results = Book.fresh(blank()).column("Checks", "Result")
    assert results == ["Pass"] * len(results)
    assert BLANK.council == "Your council"
