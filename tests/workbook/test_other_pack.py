"""Packs of the same form as the shipped one, but of another survey, make sound workbooks."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import judges
from commissioning.check import check_file
from commissioning.errors import EvidenceError
from commissioning.evidence import claims
from commissioning.evidence.pack import SHIPPED, load
from commissioning.workbook.book import Book
from commissioning.workbook.layout import Choices, lay_out
from commissioning.workbook.template import template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from commissioning.evidence.pack import Evidence

CHOICES = Choices("Cyngor Sir Ynys Môn", "2031-32", dt.date(2031, 5, 1))

Values = dict[str, Any]
Rows = list[Values]
#: The rows of a pack's files by the name of the resource.
Tables = dict[str, Rows]

_FILES: dict[str, str] = {
    part["name"]: part["path"]
    for part in json.loads((SHIPPED / "datapackage.json").read_text("utf-8"))["resources"]
}
_WHERE = {"where": "Table 1"}


def shipped() -> Tables:
    """The rows of the shipped pack, as text."""
    return {
        name: list(csv.DictReader((SHIPPED / path).read_text("utf-8").splitlines()))
        for name, path in _FILES.items()
    }


def write(folder: Path, tables: Tables) -> Path:
    """Write a pack."""
    folder.mkdir()
    for name, path in _FILES.items():
        heading = csv.DictReader((SHIPPED / path).read_text("utf-8").splitlines()).fieldnames
        with (folder / path).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, heading or [])
            writer.writeheader()
            writer.writerows(tables[name])
    resources = [{"name": name, "path": path} for name, path in _FILES.items()]
    package = {
        "name": "another",
        "title": "Another survey",
        "version": "9.1",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


def question(code: str, sheet: str, topic: str, kind: str, base: int, **other: object) -> Values:
    """A row of questions.csv that `base` respondents have answered."""
    row = {"question": code, "sheet": sheet, "topic": topic, "asked": topic, "kind": kind}
    counts = {"answered": base, "skipped": 0, "published_base": base, "base_status": "printed"}
    return {**row, **counts, **_WHERE, **other}


def options(code: str, counts: Iterable[int], base: int) -> Rows:
    """Rows of options.csv."""
    return [
        {
            "question": code,
            "option": f"o{number}",
            "label": f"Answer {number}",
            "count": count,
            "printed_percent": f"{round(100 * count / base + 1e-9, 1):.1f}",
            **_WHERE,
        }
        for number, count in enumerate(counts)
    ]


def outlooks(*answers: tuple[str, str, float]) -> Rows:
    """Rows of outlooks.csv from heading, direction and weight."""
    return [
        {"outlook": f"k{number}", "label": f"Part: {short}", "short": short}
        | {"direction": direction, "weight": weight, **_WHERE}
        for number, (short, direction, weight) in enumerate(answers)
    ]


def shift(tables: Tables, count: Callable[[int, int], int]) -> Rows:
    """Rows of shift.csv from a count for each place of a provider and of an outlook."""
    return [
        {"provider": provider["provider"], "outlook": outlook["outlook"], "count": count(i, j)}
        | _WHERE
        for i, provider in enumerate(tables["providers"])
        for j, outlook in enumerate(tables["outlooks"])
    ]


def claim(code: str, measure: str, value: float, unit: str, **other: object) -> Values:
    """A row of claims.csv, rounded to a hundredth."""
    row = {"claim": code, "statement": code, "printed": str(value), "value": value, "unit": unit}
    return {**row, "relation": "rounds to", "rounding": 0.01, "measure": measure, **_WHERE, **other}


def smallest() -> Tables:
    """One row wherever one will do."""
    tables = {name: rows[:1] for name, rows in shipped().items()}
    tables["questions"] = [
        question("x", "Only", "The only question", "single", 7),
        question("y", "Outlook", "The outlook", "outlook", 7, answered="", skipped=""),
    ]
    tables["options"] = options("x", [7], 7)
    tables["outlooks"] = outlooks(("Less", "fewer", -1), ("Equal", "same", 0), ("Up", "more", 1))
    tables["shift"] = shift(tables, lambda _, j: j)
    tables["expenditure"] = shipped()["expenditure"]
    tables["claims"] = [
        claim("non-external", "option share", 1, "share", question="x", subject="o0")
    ]
    tables["sources"][0] |= {"published": "", "link": ""}
    return tables


def largest() -> Tables:
    """More of everything, in other scripts, with figures missing where they may be."""
    tables = shipped()
    asked = [
        question(
            f"{n}.10",
            ("Count", "Sum", "Indirect")[n] if n < 3 else f"Frage{n}x",
            f"Thème № {n}: 调查",
            ("single", "multiple")[n % 2],
            40 + n,
        )
        for n in range(1, 11)
    ]
    asked[0] |= {"answered": "", "skipped": ""}
    asked[1] |= {"skipped": ""}
    asked[2] |= {"answered": ""}
    asked[3] |= {"base_status": "inferred"}
    last = question("1.1", "Ausblick", "Ausblick", "outlook", 400, base_status="inferred")
    tables["questions"] = [*asked, last]
    tables["options"] = [
        row
        for n, each in enumerate(asked, 1)
        for row in options(each["question"], [40 + n - 3 * n, *([1] * 3 * n)], 40 + n)
    ]
    tables["outlooks"] = outlooks(
        *((f"Down {n}", "fewer", -1 + n / 4) for n in range(3)),
        ("2011", "same", 0),
        *((f"Up {n}", "more", n / 4 + 0.5) for n in range(3)),
    )
    tables["providers"] = [
        {"provider": code, "label": f"Ünïçødé “{code}” 🏛 עברית", "external": code != "1", **_WHERE}
        for code in ("1", "1.0", "1e3", "TRUE", "sum", "A1", "x-2", "R1C1", "Row.total", "zz", "0")
    ]
    tables["shift"] = shift(tables, lambda i, j: (7 * i + 3 * j) % 11 + (i + j) % 3)
    tables["claims"] = [
        claim(
            f"c{n}",
            "option share",
            round(1 / (40 + n), 2),
            "share",
            question=f"{n}.10",
            subject="o1",
        )
        for n in range(1, 11)
    ]
    tables["claims"] += [
        claim(
            "more", "more share", 0.01, "share", question="1.1", subject="zz", relation="more than"
        ),
        claim("ratio", "fewer per more", 5, "ratio", question="1.1", subject="A1", note="base"),
        claim("people", "respondents", 42, "people", question="2.10", rounding=1),
        claim("non-external", "non-external", 99, "£bn", note="base"),
    ]
    number = len(tables["recommendations"])
    tables["recommendations"] += [
        {"recommendation": n, "title": f"Title {n}", "highlighted": "true", **_WHERE}
        for n in range(number + 1, number + 12)
    ]
    return tables


def losing() -> Tables:
    """A survey in which every provider type loses, nobody is neutral and claims fail."""
    tables = shipped()
    tables["outlooks"] = outlooks(
        ("Much less", "fewer", -1), ("Less", "fewer", -0.5), ("More of", "more", 1)
    )
    tables["shift"] = shift(tables, lambda i, j: (40, 10 + i, 1)[j])
    return tables


def no_gain() -> Tables:
    """A survey whose outlooks know no more and no less."""
    tables = shipped()
    tables["outlooks"] = outlooks(("Unchanged", "same", 0), ("Still unchanged", "same", 0))
    tables["shift"] = shift(tables, lambda i, _: 3 + i)
    tables["claims"] = tables["claims"][:4]
    return tables


def odd_texts() -> Tables:
    """Texts that begin like formulas, look like escapes, or are long."""
    tables = shipped()
    tables["sources"][0]["link"] = 'https://example.org/a b/"ü"?x=<1>&y=[2]'
    tables["sources"][1]["link"] = "https://example.org/" + "x" * 2000
    texts = {
        "questions": ("topic", "asked", "where"),
        "options": ("label",),
        "outlooks": ("label",),
        "providers": ("label",),
        "expenditure": ("label", "source_table"),
        "claims": ("statement", "printed"),
        "recommendations": ("title",),
        "actions": ("task", "body"),
        "endorsements": ("name", "role"),
        "notes": ("text",),
        "sources": ("title", "publisher"),
    }
    starts = ["=1+1&", "+1 ", "-1 ", "@SUM(1) ", "'quoted' ", '"]]>&amp;<b> ', "[x] "]
    for name, columns in texts.items():
        for number, row in enumerate(tables[name]):
            for column in columns:
                row[column] = starts[number % len(starts)] + row[column]
            row[columns[0]] += " long" * 200
    return tables


PACKS = {make.__name__: make for make in (smallest, largest, losing, no_gain, odd_texts)}


Made = dict[str, tuple["Evidence", "Path"]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Evidence and workbook of every pack."""
    folder = tmp_path_factory.mktemp("packs")
    found = {}
    for name, make in PACKS.items():
        evidence = load(write(folder / name, make()))
        path = folder / f"{name}.xlsx"
        path.write_bytes(template(lay_out(evidence, CHOICES), evidence, CHOICES))
        found[name] = evidence, path
    return found


@pytest.fixture(scope="module")
def worked_out(made: Made) -> Mapping[str, judges.Values]:
    """The value of every filled cell of each pack's workbook as LibreOffice works it out."""
    values = judges.recalculate([path for _, path in made.values()])
    return dict(zip(made, values, strict=True))


def test_the_check_passes_on_the_workbook_of_every_pack(made: Made) -> None:
    """But for the workbook's own checks where a pack's figures contradict each other."""
    found = {name: check_file(path, evidence) for name, (evidence, path) in made.items()}
    contradictory = {name for name in PACKS if "checks" in {each.rule for each in found[name]}}
    assert contradictory == {"largest", "losing"}
    assert [each for name in PACKS for each in found[name] if each.rule != "checks"] == []


def test_libreoffice_works_out_every_cached_value_of_every_pack(
    made: Made, worked_out: Mapping[str, judges.Values]
) -> None:
    for name, (_, path) in made.items():
        assert judges.differences(judges.cached(path), worked_out[name]) == [], name


def test_no_text_of_a_pack_becomes_a_formula_or_another_text(
    made: Made, worked_out: Mapping[str, judges.Values]
) -> None:
    texts = 0
    for name, (_, path) in made.items():
        for place, is_formula, value in judges._cells(path):
            if isinstance(value, str) and not is_formula:
                assert worked_out[name][place] == value
                texts += value.startswith(("=", "+", "-", "@"))
    assert texts > 50


def test_every_text_like_a_formula_carries_the_mark_of_a_text(made: Made) -> None:
    _, path = made["odd_texts"]
    book = openpyxl.load_workbook(path)
    marked = {
        (str(cell.value)[:1], cell.quotePrefix)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s" and str(cell.value).startswith(("=", "+", "-", "@"))
    }
    assert marked == {("=", True), ("+", True), ("-", True), ("@", True)}


def test_microsofts_validator_finds_nothing_in_any_pack(made: Made) -> None:
    assert judges.validator_errors(path for _, path in made.values()) == []


def test_the_sheet_of_claims_and_the_calculation_agree_for_every_pack(made: Made) -> None:
    for evidence, _ in made.values():
        rows = Book.fresh(lay_out(evidence, CHOICES)).rows("Claims")
        results = claims.work_out_all(evidence)
        assert [row["Verdict"] for row in rows] == [result.verdict for result in results]
        assert [row.number("Worked out") for row in rows] == pytest.approx(
            [r.value for r in results]
        )


def _changed(name: str, column: str, value: str, tables: Tables | None = None) -> Tables:
    """A pack, the shipped one by default, with all cells of a column or the first one changed."""
    tables = tables or shipped()
    for row in tables[name] if column == "external" else tables[name][:1]:
        row[column] = value
    return tables


#: What is wrong with a name -> the pack, and what the error says.
_UNUSABLE: dict[str, tuple[Tables, str]] = {
    "sheet of the workbook": (_changed("questions", "sheet", "Survey"), "'Survey' is already"),
    "sheet in other letters": (_changed("questions", "sheet", "sUMMARY"), "'sUMMARY' is already"),
    "table of the workbook": (
        _changed("questions", "sheet", "CouncilExpenditure"),
        "'CouncilExpenditure' is already",
    ),
    "cover": (_changed("questions", "sheet", "Cover"), "'Cover' is already"),
    "table of the cover": (_changed("questions", "sheet", "Contents"), "'Contents' is already"),
    "sheet that Excel keeps": (_changed("questions", "sheet", "History"), "'History' is already"),
    "named cell": (_changed("questions", "sheet", "AsAt"), "'AsAt' is already"),
    "named list": (_changed("questions", "sheet", "StatusList"), "'StatusList' is already"),
    "cell": (_changed("questions", "sheet", "Q1"), "'Q1' reads as a cell"),
    "cell by row and column": (_changed("questions", "sheet", "R1C1"), "'R1C1' reads as a cell"),
    "row": (_changed("questions", "sheet", "r"), "'r' reads as a cell"),
    "truth value": (_changed("questions", "sheet", "TRUE"), "'TRUE' reads as a cell"),
    "heading": (
        _changed("outlooks", "short", "Row total"),
        "'row total' is already a heading of the sheet Shift",
    ),
    "long heading": (_changed("outlooks", "short", "x" * 41), "is longer than 40"),
    "headline": (
        _changed("questions", "topic", "actions overdue"),
        "'actions overdue' is already a headline",
    ),
    "claim that is a topic": (
        _changed("claims", "statement", shipped()["questions"][0]["topic"]),
        "is already a headline",
    ),
    "long code": (_changed("claims", "claim", "c" * 41), "is longer than 40"),
    "topic twice": (
        _changed("questions", "topic", shipped()["questions"][1]["topic"]),
        "is already a headline",
    ),
    "note on method": (_changed("notes", "note", "rag", smallest()), "'rag' is already the code"),
    "long link": (_changed("sources", "link", "http://" + "x" * 2079), "is longer than 2,079"),
    "no external provider": (
        _changed("providers", "external", "false"),
        "no provider type is outside the council",
    ),
}


@pytest.mark.parametrize("case", _UNUSABLE)
def test_a_name_that_the_workbook_cannot_use_is_refused(case: str, tmp_path: Path) -> None:
    tables, reason = _UNUSABLE[case]
    evidence = load(write(tmp_path / "pack", tables))
    with pytest.raises(EvidenceError, match=re.escape(reason)) as caught:
        lay_out(evidence, CHOICES)
    assert re.fullmatch(r"\w+\.csv, column \w+: .*\.", str(caught.value))


def test_a_code_that_formulas_cannot_repeat_is_refused(tmp_path: Path) -> None:
    tables = smallest()
    tables["questions"][1]["question"] = "y" * 41
    evidence = load(write(tmp_path / "pack", tables))
    with pytest.raises(EvidenceError, match=r"questions\.csv, column question: .* longer than 40"):
        lay_out(evidence, CHOICES)
