import pytest

from commissioning.workbook.grid import Column, Line, Sheet, Table, stored

_CASES = {
    "nothing to do": ("1+2", "1+2"),
    "cell of the row": ("[@Count]", "T[[#This Row],[Count]]"),
    "two cells of the row": ("[@A]/[@Row total]", "T[[#This Row],[A]]/T[[#This Row],[Row total]]"),
    "cell of the row with a sign": ("[@Own £m-x]", "T[[#This Row],[Own £m-x]]"),
    "whole column": ("SUM(Answers[Count])", "SUM(Answers[Count])"),
    "column with a space and a pound": ("SUM(A[Cost £m])", "SUM(A[Cost £m])"),
    "column with a hyphen": ("SUM(A[Non-external £m])", "SUM(A[[Non-external £m]])"),
    "column in no ASCII letters": ("SUM(A[Größe])", "SUM(A[Größe])"),
    "table with a digit and underscore": ("A_1[X]", "A_1[X]"),
    "column beside a cell of the row": ("MATCH([@X],A[X],0)", "MATCH(T[[#This Row],[X]],A[X],0)"),
    "brackets in a text": ('"[@Count] A[B-c]"&[@X]', '"[@Count] A[B-c]"&T[[#This Row],[X]]'),
    "text with quotation marks": ('"say ""[@X]"""&[@X]', '"say ""[@X]"""&T[[#This Row],[X]]'),
    "empty text": ('IF([@X]="","",1)', 'IF(T[[#This Row],[X]]="","",1)'),
    "text next to text": ('"a""b"&"[@X]"', '"a""b"&"[@X]"'),
    "form of a file": ("A[[#This Row],[X]]", "A[[#This Row],[X]]"),
    "whole table": ("ROWS(A[#All])", "ROWS(A[#All])"),
}


@pytest.mark.parametrize("case", _CASES)
def test_a_declared_formula_is_stored_in_the_form_of_a_file(case: str) -> None:
    declared, wanted = _CASES[case]
    assert stored(declared, "T") == wanted


def test_a_stored_formula_is_stored_as_it_is() -> None:
    once = [stored(declared, "T") for declared, _ in _CASES.values()]
    assert [stored(text, "Other") for text in once] == once


_COLUMNS = (Column("A"), Column("B"))


def test_a_column_is_found_by_its_heading_and_counted_from_one() -> None:
    table = Table("T", "A", _COLUMNS, [])
    assert table.column("B") is _COLUMNS[1]
    assert [table.position(column.heading) for column in _COLUMNS] == [1, 2]


@pytest.mark.parametrize("lines", [0, 3])
def test_the_table_stands_below_the_title_and_its_lines(lines: int) -> None:
    table = Table("T", "A", _COLUMNS, [{"A": 1}])
    sheet = Sheet("S", "Title", "Purpose", "Front", table, (Line("x"),) * lines)
    assert [sheet.header_row, sheet.row_of(0), sheet.row_of(5)] == [lines + 2, lines + 3, lines + 8]
