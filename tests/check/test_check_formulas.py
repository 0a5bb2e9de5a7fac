"""Formulas are taken to pieces as Excel stores them."""

from __future__ import annotations

import pytest

from commissioning.check.formulas import scan


@pytest.mark.parametrize(
    "formula",
    [
        'IF(A1=")","(",1)',
        'LEN("say ""("" ")',
        "'It''s (2)'!A1",
        "Spend[[#This Row],[Cost (£bn)]]",
        "Spend[It''s '[here']]",
        "SUM({1,2;3,4})",
        'COUNTIF(Spend[Service],"Ro*")',
        "",
    ],
)
def test_balanced_formulas_are_sound(formula: str) -> None:
    found = scan(formula)
    assert (found.fault, found.displayed, found.external) == (None, False, False)


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("SUM((1)", ") is missing"),
        ("SUM(1))", ") closes nothing"),
        ("SUM({1)}", ") closes nothing"),
        ('LEN("a)', 'a text opens with " and never closes'),
        ("'Spend!A1", "a sheet name opens with ' and never closes"),
        ("Spend[[Cost]", "[ is never closed"),
        ("A1]", "] closes nothing"),
    ],
)
def test_an_unbalanced_formula_says_what_is_unbalanced(formula: str, fault: str) -> None:
    assert scan(formula).fault == fault


@pytest.mark.parametrize(
    ("formula", "tables"),
    [
        ("SUM(Spend[Cost])", {("Spend", "Cost")}),
        ("Spend[[#This Row],[Cost (£bn)]]", {("Spend", "Cost (£bn)")}),
        ("Spend[[#All],[From]:[To]]", {("Spend", "From"), ("Spend", "To")}),
        ("ROWS(Spend[#Data])", {("Spend", "")}),
        ("Spend[]", {("Spend", "")}),
        ("Spend['#1 It''s '[x']]", {("Spend", "#1 It's [x]")}),
    ],
)
def test_structured_references_give_table_and_column(
    formula: str, tables: set[tuple[str, str]]
) -> None:
    assert scan(formula).tables == tables


@pytest.mark.parametrize(
    ("formula", "sheets"),
    [
        ("Spend!A1+'My sheet'!B2", {"Spend", "My sheet"}),
        ("'It''s'!A1", {"It's"}),
        ("SUM('First:Last one'!A1)", {"First", "Last one"}),
        ("[1]Spend!A1", set()),
        ("'[1]My sheet'!A1", set()),
        ("#REF!A1", set()),
        ('"Spend!A1"', set()),
    ],
)
def test_sheets_of_this_workbook_are_found(formula: str, sheets: set[str]) -> None:
    assert scan(formula).sheets == sheets


@pytest.mark.parametrize(
    "formula", ["[1]Spend!A1", "'[1]My sheet'!A1", "[2]!Name", "1+[1]Spend!A1"]
)
def test_other_workbooks_are_found(formula: str) -> None:
    assert scan(formula).external


@pytest.mark.parametrize("formula", ["[0]!Name", "Spend[Cost]", "[Cost]*2", '"[1]Spend!A1"'])
def test_this_workbook_is_no_other(formula: str) -> None:
    assert not scan(formula).external


@pytest.mark.parametrize("formula", ["Spend[@Cost]", "[@[Cost (£bn)]]", "@A1:A2", "SUM(A1#)"])
def test_forms_that_only_excel_shows_are_found(formula: str) -> None:
    assert scan(formula).displayed


@pytest.mark.parametrize(
    "formula", ['"[@Cost] @A1#"', "#N/A", "Spend['@Cost]", "Spend[#All]", "#DIV/0!"]
)
def test_forms_that_a_file_holds_are_sound(formula: str) -> None:
    assert not scan(formula).displayed


def test_functions_are_found_as_written() -> None:
    found = scan('_xlfn.XLOOKUP(1,A:A,B:B)+Sum(1)+"LET("+NORM.S.INV (2)')
    assert found.functions == {"_xlfn.XLOOKUP", "Sum"}
