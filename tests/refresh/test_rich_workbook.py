"""After a refresh everything that an officer has made in Excel is still there."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
from lxml import etree

import rich
from commissioning.check import lint
from commissioning.check.findings import RULES
from commissioning.check.reader import read_workbook
from commissioning.cli import main
from commissioning.evidence.pack import load
from commissioning.workbook.layout import lay_out
from example import CHOICES, TYPED
from filling import filled_bytes
from judges import CellError, Difference, cached, differences, recalculate, validator_errors
from rich_compare import SHARED, cells, charts, drawn, lost, ours
from rich_evidence import NEW, NEW_TASK, REWORDED_TASK, changed_pack
from rich_package import BOOK, MAIN, Draft, relations_part
from rich_tracker import GROUP, ROWS

if TYPE_CHECKING:
    from pathlib import Path

BASE = filled_bytes(TYPED, CHOICES)
LAYOUT = lay_out(load(), CHOICES)
#: A sheet of the officer's with nothing but formulas over the tracker, and a chart of it.
REPORT, CHART = "Own report", "Tracker chart"
#: Error values that the officer's sheets hold on purpose.
ERRORS = {"#N/A", "#DIV/0!", "#VALUE!"}


class Refreshed(NamedTuple):
    """A workbook before and after a refresh with a changed evidence pack."""

    old: Path
    new: Path
    pack: Path

    @property
    def before(self) -> Draft:
        """The parts as the officer left them."""
        return Draft(self.old.read_bytes())

    @property
    def after(self) -> Draft:
        """The parts as they are now."""
        return Draft(self.new.read_bytes())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Refreshed]:
    """A rich workbook of each format, refreshed."""
    folder = tmp_path_factory.mktemp("rich")
    pack, found = changed_pack(folder / "pack"), {}
    for suffix in (".xlsx", ".xlsm"):
        old, new = (folder / f"{name}{suffix}" for name in ("old", "new"))
        data = rich.rich_bytes(BASE, macros=suffix == ".xlsm")
        old.write_bytes(data)
        new.write_bytes(data)
        assert main(["refresh", str(new), "--evidence", str(pack)]) in {0, 1}
        found[suffix] = Refreshed(old, new, pack)
    return found


@pytest.fixture(params=[".xlsx", ".xlsm"])
def refreshed(request: pytest.FixtureRequest, both: dict[str, Refreshed]) -> Refreshed:
    """A rich workbook, refreshed."""
    return both[request.param]


@pytest.fixture(scope="module")
def wrong(both: dict[str, Refreshed]) -> dict[Path, list[Difference]]:
    """Cached values that LibreOffice contradicts, the officer's own error values aside."""
    paths = [path for each in both.values() for path in (each.old, each.new)]
    return {
        path: [each for each in differences(cached(path), values) if not _is_own_error(each)]
        for path, values in zip(paths, recalculate(paths), strict=True)
    }


def _repairs(path: Path) -> set[str]:
    """What Excel would offer to repair."""
    found = lint(read_workbook(path))
    return {f"{each.where}: {each.message}" for each in found if RULES[each.rule].group == "repair"}


def _is_own_error(found: Difference) -> bool:
    return isinstance(found.computed, CellError) and found.computed.code in ERRORS


def test_the_rich_workbook_has_every_feature_and_is_sound(
    refreshed: Refreshed, wrong: dict[Path, list[Difference]]
) -> None:
    named = {feature.name for feature in rich.FEATURES}
    assert named <= rich.present(refreshed.before.parts)
    assert validator_errors([refreshed.old]) == []
    assert _repairs(refreshed.old) == set()
    assert wrong[refreshed.old] == []


def test_no_feature_is_lost(refreshed: Refreshed) -> None:
    kept = rich.present(refreshed.after.parts)
    # Excel makes the chain anew from the formulas that there are now.
    assert rich.present(refreshed.before.parts) - kept == {"calculation chain"}


def test_parts_that_are_not_ours_are_the_same_byte_for_byte(refreshed: Refreshed) -> None:
    before, after = refreshed.before, refreshed.after
    editable = set(SHARED)
    for sheet in ours(before, LAYOUT):
        editable |= {sheet, before.related(sheet, "table"), relations_part(sheet)}
        for chart in charts(before, sheet):
            assert drawn(before.parts[chart]) == drawn(after.parts[chart])
            editable.add(chart)
    chart = before.related(before.related(before.sheet(CHART), "drawing"), "chart")
    editable |= {before.sheet(REPORT), chart, "xl/calcChain.xml"}
    features = rich.added(BASE, macros=refreshed.old.suffix == ".xlsm")
    changed = {
        name: features.get(name, "the workbook itself")
        for name, data in before.parts.items()
        if name not in editable and after.parts.get(name) != data
    }
    assert changed == {}


def test_no_part_is_added_and_only_the_calculation_chain_is_removed(refreshed: Refreshed) -> None:
    before, after = refreshed.before.parts.keys(), refreshed.after.parts.keys()
    assert before - after == {"xl/calcChain.xml"}
    assert after - before == set()


def test_nothing_of_the_officers_is_lost_in_an_edited_part(refreshed: Refreshed) -> None:
    before, after = refreshed.before, refreshed.after
    fillable = ours(before, LAYOUT)
    found = {
        name: losses
        for name, data in before.parts.items()
        if after.parts.get(name) not in {None, data}
        and (losses := lost(data, after.parts[name], fillable.get(name, ())))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b' hidden="1"', b""),
        (b'iconSet="3Stars"', b'iconSet="3Arrows"'),
        (b"<oc:register", b"<oc:other"),
        (b"<formula1>5</formula1>", b""),
        (b'sqref="F6:F44"', b'sqref="F6:F43"'),
        (b"<pane ", b"<selection "),
        (b' xr:uid="', b' xr:other="'),
        (b"SUM(LEN(", b"SUM(CODE("),
        (b'<c r="T12"', b'<c r="U12"'),
        (b'<c r="C9" s="', b'<c r="C9" s="1'),
        (b'ht="75"', b'ht="33"'),
    ],
)
def test_the_comparison_notices_what_is_lost(old: bytes, new: bytes) -> None:
    draft = Draft(rich.rich_bytes(BASE))
    sheet = draft.sheet("Actions")
    data, fillable = draft.parts[sheet], ours(draft, LAYOUT)[sheet]
    assert old in data
    assert lost(data, data, fillable) == []
    assert lost(data, data.replace(old, new, 1), fillable) != []


def test_cells_are_added_in_new_rows_of_tables_alone(refreshed: Refreshed) -> None:
    before, after = refreshed.before, refreshed.after
    for sheet in LAYOUT.sheets:
        part = before.sheet(sheet.name)
        table = etree.fromstring(before.parts[before.related(part, "table")])
        last = _row(table.get("ref", "").rpartition(":")[2])
        added = cells(after.parts[part]).keys() - cells(before.parts[part]).keys()
        assert {place for place in added if _row(place) <= last} == set()


def _row(place: str) -> int:
    return int(re.sub(r"\D", "", place))


@pytest.mark.filterwarnings("ignore:.*not supported and will be removed")
def test_the_new_evidence_is_there_as_text(refreshed: Refreshed) -> None:
    rows = openpyxl.load_workbook(refreshed.new)["Actions"].iter_rows()
    actions = {row[0].value: row[2] for row in rows}
    assert (actions[NEW].value, actions[NEW].data_type) == (NEW_TASK, "s")
    assert actions["R1-02"].value == REWORDED_TASK


def test_what_covers_a_column_of_the_tracker_grows_with_it(refreshed: Refreshed) -> None:
    after = refreshed.after
    sheet, last = after.sheet("Actions"), ROWS[-1] + 1
    chart = after.related(after.related(after.sheet(CHART), "drawing"), "chart")
    grown = {
        BOOK: [f">Actions!$A${ROWS[0]}:$A${last}<"],
        chart: [f"Actions!${column}${ROWS[0]}:${column}${last}<" for column in "AB"],
        after.related(sheet, "table"): [f'ref="A5:R{last}"'],
        sheet: [f'sqref="C{ROWS[0]}:C{last}"', f'sqref="F{ROWS[0]}:F{last}"'],
    }
    for name, texts in grown.items():
        part = after.parts[name].decode()
        assert [text for text in texts if text not in part] == []


def test_a_new_row_has_the_formula_of_the_officers_column_and_is_not_hidden(
    refreshed: Refreshed,
) -> None:
    row = ROWS[-1] + 1
    after = etree.fromstring(refreshed.after.parts[refreshed.after.sheet("Actions")])
    formulas = after.iterfind(f".//{MAIN}row[@r='{row}']/{MAIN}c/{MAIN}f")
    assert GROUP in [formula.text for formula in formulas]
    assert after.find(f".//{MAIN}row[@r='{row}'][@hidden]") is None


def test_no_stale_value_is_left_in_the_officers_formulas(refreshed: Refreshed) -> None:
    report = cells(refreshed.after.parts[refreshed.after.sheet(REPORT)])
    assert [cell.findtext(f"{MAIN}v") for cell in report.values()] == [None, "2"]


def test_microsofts_validator_finds_nothing_new(refreshed: Refreshed) -> None:
    assert validator_errors([refreshed.new]) == []


def test_excel_would_repair_nothing(refreshed: Refreshed) -> None:
    assert _repairs(refreshed.new) == set()


def test_recalculation_by_libreoffice_equals_the_cached_values(
    refreshed: Refreshed, wrong: dict[Path, list[Difference]]
) -> None:
    after = refreshed.after
    fillable = {sheet.name: ours(after, LAYOUT)[after.sheet(sheet.name)] for sheet in LAYOUT.sheets}
    stale = [
        each
        for each in wrong[refreshed.new]
        # The officer's own formulas hold no value until their program has worked them out.
        if each.stored is not None or each.cell in fillable.get(each.sheet, ())
    ]
    assert stale == []


def test_a_second_refresh_changes_nothing(refreshed: Refreshed) -> None:
    once = refreshed.new.read_bytes()
    main(["refresh", str(refreshed.new), "--evidence", str(refreshed.pack)])
    assert refreshed.new.read_bytes() == once


def test_openpyxl_would_lose_half_of_it() -> None:
    before = Draft(rich.rich_bytes(BASE)).parts
    stream = io.BytesIO()
    with pytest.warns(UserWarning, match="not supported and will be removed"):
        openpyxl.load_workbook(io.BytesIO(rich.rich_bytes(BASE))).save(stream)
    # It keeps pictures on sheets where Pillow is installed.
    lost = rich.present(before) - rich.present(Draft(stream.getvalue()).parts) - {"picture"}
    assert lost == {
        "alternative text of a table",
        "calculation chain",
        "custom XML",
        "dynamic array, picture in a cell",
        "extended conditional formats",
        "extended data validation",
        "header picture",
        "ignored errors",
        "printer settings",
        "revision ids",
        "rich text",
        "shapes",
        "shared strings",
        "slicer",
        "sparklines",
        "text boxes",
        "threaded comments",
        "unknown extension",
    }
