"""Each rule for our own workbooks has a broken file that it catches."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest
from spreadsheets import BOOK, Mutation, Parts, all_of, replace, write

import judges
from commissioning import __version__
from commissioning.check import check_file
from commissioning.check.figures import ours
from commissioning.check.reader import read_workbook
from commissioning.evidence.pack import load
from example import CHOICES, TYPED
from filling import blank, blank_bytes, filled_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.check.findings import Finding

LAYOUT = blank()
CUSTOM = "docProps/custom.xml"


@cache
def _parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(blank_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sheet(table: str) -> str:
    """The part of the sheet with a table."""
    names = [sheet.table.name for sheet in LAYOUT.sheets]
    return f"xl/worksheets/sheet{names.index(table) + 1}.xml"


def _table(table: str) -> str:
    """The part of a table."""
    wanted = f'displayName="{table}"'.encode()
    return next(
        name for name, data in _parts().items() if name.startswith("xl/tables/") and wanted in data
    )


def _address(table: str, heading: str, row: int = 0) -> str:
    sheet = LAYOUT.sheet_of(table)
    return f"{chr(64 + sheet.table.position(heading))}{sheet.row_of(row)}"


def _cell(table: str, heading: str, new: str, row: int = 0) -> Mutation:
    """Replace what a cell holds; in the new XML, {f} is its formula."""
    part, address = _sheet(table), _address(table, heading, row)

    def mutate(parts: Parts) -> None:
        text = parts[part].decode()
        pattern = rf'<c r="{address}" (s="\d+")(?: t="\w+")?(?:/>|>(.*?)</c>)'
        found = re.search(pattern, text)
        assert found, address
        formula = re.search("<f>.*?</f>", found[2] or "")
        content = new.format(f=formula[0] if formula else "")
        parts[part] = text.replace(found[0], f'<c r="{address}" {found[1]} {content}</c>').encode()

    return mutate


def _without(part: str, pattern: str) -> Mutation:
    """Remove the one place that a pattern matches."""

    def mutate(parts: Parts) -> None:
        text, count = re.subn(pattern, "", parts[part].decode(), count=1)
        assert count == 1
        parts[part] = text.encode()

    return mutate


def _renamed_column(table: str, heading: str, new: str) -> Mutation:
    """Change a column's heading in the table and in its cell."""
    return all_of(
        replace(_table(table), f'name="{heading}"', f'name="{new}"'),
        replace(_sheet(table), f">{heading}<", f">{new}<"),
    )


def _findings(path: Path, *mutations: Mutation) -> list[Finding]:
    """What the rules for our own workbooks find in a new workbook that was changed."""
    parts = dict(_parts())
    all_of(*mutations)(parts)
    return ours(read_workbook(write(path / "book.xlsx", parts)), load())


_UNMARKED = _without(CUSTOM, r"<property .*?Localis version.*?</property>")
_VERSION = f">{__version__}<"
_OTHERS = replace(_sheet("Provenance"), f">{load().name} {load().version}<", ">another 2.0<")

#: Fault -> how it comes about, the rule that finds it, where, and part of the message.
_FAULTS: dict[str, tuple[Mutation, str, str, str]] = {
    "foreign": (
        all_of(
            _UNMARKED,
            *(
                replace(_table(name), f'displayName="{name}"', f'displayName="Own{name}"')
                for name in LAYOUT.tables
            ),
        ),
        "not-ours",
        "",
        "this is not a Localis workbook",
    ),
    "newer": (
        replace(CUSTOM, _VERSION, ">99.0<"),
        "newer",
        "",
        f"filled by version 99.0, newer than this one, {__version__}",
    ),
    "newer by a patch": (
        replace(CUSTOM, _VERSION, f">{__version__}.1<"),
        "newer",
        "",
        f"filled by version {__version__}.1",
    ),
    "other evidence": (_OTHERS, "other-evidence", "", "filled from evidence pack another 2.0"),
    "missing table": (
        replace(_table("Actions"), 'displayName="Actions"', 'displayName="Tasks"'),
        "tables",
        "Actions",
        "the table Actions is missing",
    ),
    "missing column": (
        _renamed_column("Actions", "Due input", "Deadline"),
        "tables",
        "Actions!",
        "the table Actions lacks the column 'Due input'",
    ),
    "name that was moved": (
        replace(
            BOOK,
            f"$B${LAYOUT.sheet_of('Settings').row_of(3)}<",
            f"$B${LAYOUT.sheet_of('Settings').row_of(4)}<",
        ),
        "names",
        f"Settings!{_address('Settings', 'Value input', 3)}",
        "the name Confidence does not stand for this cell",
    ),
    "name that was deleted": (
        _without(BOOK, '<definedName name="Confidence">[^<]*</definedName>'),
        "names",
        f"Settings!{_address('Settings', 'Value input', 3)}",
        "the name Confidence does not stand for this cell",
    ),
    "key that was retyped": (
        replace(_sheet("Settings"), ">Confidence of intervals<", ">Level<"),
        "names",
        "Settings!",
        "the table Settings lacks the row 'Confidence of intervals'",
    ),
    "formula replaced by its value": (
        _cell("Claims", "Worked out", "><v>105</v>"),
        "replaced",
        f"Claims!{_address('Claims', 'Worked out')}",
        "a typed value or nothing stands in place of the formula =INDEX(Survey[Respondents]",
    ),
    "formula deleted": (
        _cell("Shift", "No change on row total", ">", row=4),
        "replaced",
        f"Shift!{_address('Shift', 'No change on row total', 4)}",
        "a typed value or nothing stands in place of the formula =(",
    ),
    "wrong cached number": (
        _cell("Claims", "Worked out", ">{f}<v>106</v>"),
        "figures",
        f"Claims!{_address('Claims', 'Worked out')}",
        "the file holds 106 where 105 is worked out",
    ),
    "cached number off by a millionth": (
        _cell("National", "Amount", ">{f}<v>64.767001</v>", row=3),
        "figures",
        f"'National expenditure'!{_address('National', 'Amount', 3)}",
        "the file holds 64.767001 where 64.767",
    ),
    "wrong cached text": (
        _cell("Claims", "Verdict", 't="str">{f}<v>Does not hold</v>'),
        "figures",
        f"Claims!{_address('Claims', 'Verdict')}",
        "the file holds 'Does not hold' where 'Holds' is worked out",
    ),
    "text in place of a number": (
        _cell("Claims", "Worked out", 't="str">{f}<v>105</v>'),
        "figures",
        f"Claims!{_address('Claims', 'Worked out')}",
        "the file holds '105' where 105 is worked out",
    ),
    "no cached value": (
        _cell("Claims", "Worked out", ">{f}"),
        "figures",
        f"Claims!{_address('Claims', 'Worked out')}",
        "the file holds None where 105 is worked out",
    ),
    "cached error": (
        _cell("Claims", "Worked out", 't="e">{f}<v>#N/A</v>'),
        "figures",
        f"Claims!{_address('Claims', 'Worked out')}",
        "the file holds '#N/A' where 105 is worked out",
    ),
    "formula in a line above a table": (
        replace(_sheet("Contents"), "checks pass</v>", "checks fail</v>"),
        "figures",
        "Cover!A",
        "checks fail' where 'All",
    ),
}


def test_a_new_workbook_has_none_of_these_faults(tmp_path: Path) -> None:
    assert _findings(tmp_path) == []


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_is_found_by_its_rule_and_says_where(fault: str, tmp_path: Path) -> None:
    mutation, rule, where, message = _FAULTS[fault]
    found = _findings(tmp_path, mutation)
    assert {finding.rule for finding in found} == {rule}
    [finding] = [each for each in found if message in each.message]
    assert finding.where.startswith(where)
    assert finding.remedy.endswith(".")


def test_a_typed_input_that_was_not_recalculated_is_found_wherever_it_counts(
    tmp_path: Path,
) -> None:
    amount = _cell("CouncilExpenditure", "Procurement £m input", "><v>12</v>")
    found = _findings(tmp_path, amount)
    sheets = {finding.where.partition("!")[0] for finding in found if finding.rule == "figures"}
    assert {"'Council expenditure'", "'Council results'", "Scenario", "Summary"} <= sheets


def test_a_check_of_the_workbook_that_does_not_pass_is_found_where_it_was_recalculated_too(
    tmp_path: Path,
) -> None:
    (path := tmp_path / "used.xlsx").write_bytes(
        filled_bytes({"Actions": {"R1-01": {"Percent complete input": 2}}})
    )
    [finding] = ours(read_workbook(path), load())
    assert finding.rule == "checks"
    assert finding.where.startswith("Checks!")
    assert "Every percentage complete is a number from 0% to 100%" in finding.message
    assert finding.remedy == "Correct it on the sheet Actions."


def test_a_row_typed_below_a_table_is_found(tmp_path: Path) -> None:
    row = LAYOUT.sheet_of("Actions").row_of(len(LAYOUT.tables["Actions"].rows) + 1)
    typed = f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>Own</t></is></c></row></sheetData>'
    found = _findings(tmp_path, replace(_sheet("Actions"), "</sheetData>", typed))
    [check] = [finding.message for finding in found if finding.rule == "checks"]
    assert check.startswith("this does not hold: Nothing stands below the table of Actions")


def test_many_faults_of_one_kind_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    found = _findings(tmp_path, _without(_sheet("Actions"), "<sheetData>.*</sheetData>"))
    assert len(found) > 20
    assert found[20].message.startswith("the same in ")
    assert len([finding for finding in found if finding.rule == found[0].rule]) == 21


def test_a_workbook_without_our_mark_is_known_by_its_tables(tmp_path: Path) -> None:
    wrong = _cell("Claims", "Worked out", ">{f}<v>106</v>")
    assert {each.rule for each in _findings(tmp_path, _UNMARKED, wrong)} == {"figures"}


@pytest.mark.parametrize("version", ["0.0.9", __version__, f"{__version__}+local", "unknown", ""])
def test_a_workbook_of_this_or_an_earlier_version_is_not_newer(
    version: str, tmp_path: Path
) -> None:
    assert _findings(tmp_path, replace(CUSTOM, _VERSION, f">{version}<")) == []


def test_names_of_sheets_rows_and_columns_may_differ_in_case(tmp_path: Path) -> None:
    lower = replace(_table("Actions"), 'displayName="Actions"', 'displayName="ACTIONS"')
    assert _findings(tmp_path, lower) == []


def test_what_libreoffice_saves_after_an_officers_work_passes(tmp_path: Path) -> None:
    """Converting it, LibreOffice works every formula out, and writes all parts in its own way."""
    (path := tmp_path / "used.xlsx").write_bytes(filled_bytes(TYPED, CHOICES))
    [saved] = judges.converted([path], "xlsx", tmp_path)
    assert ours(read_workbook(saved), load()) == []


def test_the_check_of_a_file_ends_with_the_rules_for_our_own(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    parts = dict(_parts())
    _OTHERS(parts)
    assert [finding.rule for finding in check_file(write(path, parts), load())] == [
        "other-evidence"
    ]
