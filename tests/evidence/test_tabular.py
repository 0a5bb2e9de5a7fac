from __future__ import annotations

import csv
import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from frictionless import Package
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from packs import copied, edit, load_anew, refusal, rows, write_rows

from commissioning.errors import EvidenceError
from commissioning.evidence import pack, tabular

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTOR = json.loads((pack.SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = {part["name"]: part["schema"] for part in DESCRIPTOR["resources"]}

#: Text that a cell can hold: no control characters, no blanks at its ends.
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]), max_size=20)
    .map(str.strip)
    .filter(bool)
)
#: Type of a field -> values with the text that stands for them.
CELLS: dict[str, st.SearchStrategy[tuple[Any, str]]] = {
    "string": texts.map(lambda text: (text, text)),
    "integer": st.integers(-(10**15) + 1, 10**15 - 1).map(lambda value: (value, str(value))),
    "number": st.decimals(-(10**9), 10**9, places=3).map(
        lambda value: (float(value), f"{value:f}")
    ),
    "boolean": st.sampled_from(
        [(True, "true"), (True, "TRUE"), (True, "1"), (False, "False"), (False, "0")]
    ),
    "date": st.dates().map(lambda date: (date, date.isoformat())),
}

#: Kinds of error of the reference implementation that name the column of a cell.
OF_A_CELL = ("type-error", "constraint-error", "unique-error")

#: One reference run a case is slow to shrink, and a failing case is small as it is.
slow = settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])


class Error(NamedTuple):
    """An error that the reference implementation reports; a heading is row 1."""

    kind: str
    row: int
    column: str | None


def reference_errors(folder: Path) -> dict[str, list[Error]]:
    """What the reference implementation finds wrong with each file of a pack."""
    report = Package(str(folder / "datapackage.json")).validate()
    found: dict[str, list[Error]] = {}
    for task in report.tasks:
        found[task.name] = [
            Error(error.type, getattr(error, "row_number", 1), getattr(error, "field_name", None))
            for error in task.errors
        ]
    return found


def read_all(folder: Path) -> None:
    """Read a pack as far as this reader goes: types, constraints and keys."""
    tables = {
        name: tabular.read_table(folder / f"{name}.csv", schema) for name, schema in SCHEMAS.items()
    }
    for name, schema in SCHEMAS.items():
        tabular.check_references(schema, tables[name], tables)


def fault_of(file: Path, schema: dict[str, Any]) -> str:
    """What this reader says is wrong with a file; nothing where it reads it."""
    try:
        tabular.read_table(file, schema)
    except EvidenceError as error:
        return str(error)
    return ""


@given(data=st.data())
def test_a_table_of_typed_values_is_read_back_as_it_was_written(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    types = data.draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=5), label="types")
    names = ["key", *(f"field {place}" for place in range(len(types)))]
    given_rows = data.draw(
        st.lists(
            st.tuples(*[st.just((None, "")) | CELLS[kind] for kind in types]),
            min_size=1,
            max_size=6,
        ),
        label="rows",
    )
    file = tmp_path_factory.mktemp("table") / "table.csv"
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig"]))
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator=data.draw(st.sampled_from(["\n", "\r\n"])))
        writer.writerow(names)
        writer.writerows(
            [str(key), *(text for _, text in row)] for key, row in enumerate(given_rows)
        )
    fields = [{"name": n, "type": t} for n, t in zip(names, ["integer", *types], strict=True)]
    records = tabular.read_table(file, {"fields": fields, "primaryKey": "key"})
    assert [list(record.values.values()) for record in records] == [
        [key, *(value for value, _ in row)] for key, row in enumerate(given_rows)
    ]
    assert [record.row for record in records] == list(range(2, len(given_rows) + 2))


def test_the_shipped_pack_is_valid_by_the_reference_implementation() -> None:
    assert reference_errors(pack.SHIPPED) == {name: [] for name in pack.ROWS}


#: File, text, its replacement, then row and column of the fault.
INVALID = {
    "type integer": ("shift.csv", "large,none,0", "large,none,x", 2, "count"),
    "type integer, fraction": ("shift.csv", "large,none,0", "large,none,0.5", 2, "count"),
    "type number": ("expenditure.csv", "27.364", "27·364", 3, "amount"),
    "type boolean": ("providers.csv", "false", "no", 4, "external"),
    "type boolean, case": ("providers.csv", "false", "fAlSe", 4, "external"),
    "type date": ("sources.csv", "2011-09-27", "27/09/2011", 2, "published"),
    "type date, no such day": ("sources.csv", "2011-09-27", "2011-09-31", 2, "published"),
    "type date, no hyphens": ("sources.csv", "2011-09-27", "20110927", 2, "published"),
    "required": ("shift.csv", "large,none,0", "large,none,", 2, "count"),
    "required of a key": ("claims.csv", "\nrespondents,Council", "\n,Council", 2, "claim"),
    "minimum": ("shift.csv", "SME,none,0", "SME,none,-1", 7, "count"),
    "maximum": ("options.csv", "36,35.0", "36,135.0", 2, "printed_percent"),
    "enum": ("outlooks.csv", ",same,0", ",level,0", 4, "direction"),
    "enum of numbers": ("expenditure.csv", ",-1,", ",0,", 3, "sign"),
    "pattern": ("actions.csv", "R1-02", "R1-2", 3, "action"),
    "unique": ("questions.csv", "b,Role", "b,Delivery", 3, "sheet"),
    "primary key": ("providers.csv", "\nSME,", "\nlarge,", 3, "provider"),
    "primary key of two": ("shift.csv", "large,fewer", "large,none", 3, "outlook"),
    "foreign key": ("shift.csv", "large,none", "big,none", 2, "provider"),
    "foreign key, case": ("shift.csv", "SME,none", "sme,none", 7, "provider"),
    "foreign key of numbers": ("actions.csv", "R2-01,2", "R2-01,10", 7, "recommendation"),
    "foreign key, optional": ("claims.csv", "Paragraph 2,considering", "Paragraph 2,x", 3, "note"),
    "heading missing": ("notes.csv", "note,text,where", "note,text", 1, "where"),
    "heading misspelt": ("shift.csv", "outlook,count", "outlook,counts", 1, "count"),
    "heading in other case": ("shift.csv", "outlook,count", "outlook,Count", 1, "count"),
    "heading too many": ("shift.csv", "count,where", "count,where,why", 1, "'why'"),
    "heading twice": ("shift.csv", "provider,outlook", "provider,provider", 1, "'provider'"),
    "heading order": ("shift.csv", "provider,outlook", "outlook,provider", 1, "outlook"),
    "no heading": ("shift.csv", "", "", 1, "provider"),
    "row too short": ("notes.csv", "base,", "base\nmore,", 2, "text"),
    "row too long": ("outlooks.csv", 'column 1"', 'column 1",why', 2, "where"),
}


@pytest.mark.parametrize("case", INVALID)
def test_what_the_reference_refuses_we_refuse_at_the_same_row_and_column(
    case: str, tmp_path: Path
) -> None:
    file, old, new, row, column = INVALID[case]
    folder = copied(tmp_path)
    edit(folder, file, old, new)
    errors = reference_errors(folder)[file.removesuffix(".csv")]
    assert row in {error.row for error in errors}
    # Keys, headings and rows of the wrong length are reported there without our column's name.
    named = {error.column for error in errors if error.row == row and error.kind in OF_A_CELL}
    assert not named or column in named
    assert f"{file}, row {row}, column {column}: " in refusal(folder)


#: What the reference takes and we do not, on purpose.
STRICTER = {
    # An exponent is a spreadsheet's display of a number that it has shortened.
    "exponent": ("expenditure.csv", "62.040", "6.204e1"),
    "no digit before the point": ("outlooks.csv", "-0.5,", "-.5,"),
    # No formula or total can go on from these.
    "not a number": ("claims.csv", "100,100,", "100,NaN,"),
    "infinity": ("claims.csv", "100,100,", "100,INF,"),
    # Python's spelling, which no spreadsheet reads.
    "underscore": ("shift.csv", "fewer,80,", "fewer,8_0,"),
    "digits of another script": ("shift.csv", "fewer,80,", "fewer,\u0668\u0660,"),
    "date without zeros": ("sources.csv", "2011-09-27", "2011-9-27"),
    # Excel and the functions compare without regard to case.
    "keys that differ in case": ("endorsements.csv", "Alan Long", "ALEX THOMSON"),
    "control character": ("notes.csv", "Question c", "Question\tc"),
    "longer than a cell": ("notes.csv", "Question c", "c" * (tabular.CELL_LIMIT + 1)),
    "blanks for a text": ("outlooks.csv", "No contracts or services", "  "),
    "nothing but a heading": ("shift.csv", "", "provider,outlook,count,where\n"),
}


@pytest.mark.parametrize("case", STRICTER)
def test_what_we_refuse_beyond_the_reference_is_known(case: str, tmp_path: Path) -> None:
    file, old, new = STRICTER[case]
    folder = copied(tmp_path)
    edit(folder, file, old, new)
    assert reference_errors(folder)[file.removesuffix(".csv")] == []
    assert file in refusal(folder)


#: What the reference refuses and we take, on purpose: a spreadsheet leaves such things behind.
LOOSER = {
    "blank line": ("shift.csv", "SME,none", "\nSME,none"),
    "row of empty cells": ("shift.csv", "SME,none", ",,,\nSME,none"),
    "blanks around a date": ("sources.csv", "2011-09-27", " 2011-09-27 "),
    "blanks for a number left out": ("questions.csv", "outlook,,", "outlook, ,"),
}


@pytest.mark.parametrize("case", LOOSER)
def test_what_we_take_beyond_the_reference_is_read_as_if_it_were_not_there(
    case: str, tmp_path: Path
) -> None:
    file, old, new = LOOSER[case]
    folder = copied(tmp_path)
    edit(folder, file, old, new)
    assert reference_errors(folder)[file.removesuffix(".csv")] != []
    assert load_anew(folder) == pack.load()


#: Texts to put into any cell; both readers know what to make of each.
NASTY = (
    *("", "x", "-1", "0", "1", "12.5", "+7", "100.1", "1,000", "£5", "true", "tRuE", "TRUE"),
    *("2011-09-27", "20110927", "27/09/2011", "2011-13-01", "same", "single", "=1+1", "R1-01"),
    *("http://", "https://example.org", "2009-10", "d", "a|b", "½", "0x10", "--1", "1e", "null"),
)


@slow
@given(data=st.data())
def test_one_changed_cell_a_file_gets_the_verdict_of_the_reference(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copied(tmp_path_factory.mktemp("changed"))
    places: dict[str, tuple[int, str]] = {}
    for name, schema in SCHEMAS.items():
        file = folder / f"{name}.csv"
        cells = rows(file)
        row = data.draw(st.integers(1, len(cells) - 1), label=f"row of {name}")
        field = data.draw(st.integers(0, len(cells[0]) - 1), label=f"column of {name}")
        cells[row][field] = data.draw(st.sampled_from(NASTY), label=f"cell of {name}")
        write_rows(file, cells)
        places[name] = (row + 1, schema["fields"][field]["name"])
    for name, errors in reference_errors(folder).items():
        # A changed key orphans rows of other files: references have tests of their own.
        own = [error for error in errors if error.kind != "foreign-key"]
        fault = fault_of(folder / f"{name}.csv", SCHEMAS[name])
        assert bool(fault) == bool(own), fault
        # Of two rows alike the second is at fault, whichever was changed.
        if fault and "already stands" not in fault:
            line, column = places[name]
            assert f", row {line}, column {column}: " in fault


@slow
@given(data=st.data())
def test_one_changed_reference_gets_the_verdict_of_the_reference_implementation(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copied(tmp_path_factory.mktemp("referring"))
    name = data.draw(st.sampled_from(["options", "shift", "claims", "actions"]))
    key = data.draw(st.sampled_from(SCHEMAS[name]["foreignKeys"]))
    file, column = folder / f"{name}.csv", key["fields"]
    cells = rows(file)
    row = data.draw(st.integers(1, len(cells) - 1))
    known = [line[0] for line in rows(folder / f"{key['reference']['resource']}.csv")[1:]]
    cells[row][cells[0].index(column)] = data.draw(st.sampled_from([*known, "", "999", "Zz"]))
    write_rows(file, cells)
    errors = reference_errors(folder)[name]
    if errors:
        with pytest.raises(EvidenceError, match=rf"{name}\.csv, row \d+, column "):
            read_all(folder)
    else:
        read_all(folder)


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, "shift.csv", 'row 1, column 1"\n', 'row 1, column 1\n\n"\n\n,,,\n')
    edit(folder, "shift.csv", "large,same,22", "large,same,x")
    assert "shift.csv, row 6, column count: " in refusal(folder)


def test_a_long_value_is_cut_in_the_error_that_quotes_it(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, "shift.csv", "large,none,0", "large,none," + "9" * 30_000)
    assert len(refusal(folder)) < len(str(folder)) + 200


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2024-02-29"])
def test_every_date_of_the_calendar_is_read(text: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, "sources.csv", "2011-09-27", text)
    assert load_anew(folder).sources[0].published == dt.date.fromisoformat(text)
