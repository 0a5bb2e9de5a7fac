"""Values are worked out in Python as a spreadsheet works them out."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import pytest
from openpyxl.utils.datetime import to_excel

from commissioning.cells import ERRORS, NOT_AVAILABLE, WRONG_KIND, Error, serial
from commissioning.workbook.book import (
    Book,
    ErrorFoundError,
    Row,
    number,
    optional_text,
    percent_text,
    sound,
)
from commissioning.workbook.grid import Cell, Column, Formula, Sheet, Table
from commissioning.workbook.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from commissioning.cells import Value

_FAILED = Error("#DIV/0!")


def _book(
    rows: Sequence[Mapping[str, Value | Formula | Cell]],
    double: Callable[[Row, Book], Value] = lambda row, _: 2 * row.number("Amount"),
) -> Book:
    """A book of one table, whose column Double is worked out from its column Amount."""
    columns = (Column("Key"), Column("Amount"), Column("Double", formula=Formula("?", double)))
    names = {"First": ("One", "Double"), "Lost": ("None such", "Double")}
    table = Table("T", "Key", columns, rows, names)
    return Book.fresh(Layout("Title", (Sheet("S", "Title", "Purpose", "Front", table),)))


def _row(amount: Value | Formula | Cell, **other: Value) -> Row:
    [row] = _book([{"Key": "One", "Amount": amount, **other}]).rows("T")
    return row


@pytest.mark.parametrize(
    ("amount", "doubled"),
    [
        (2, 4),
        (0.5, 1),
        (None, 0),
        (True, 2),
        (dt.date(1900, 3, 1), 122),
        # What spells a number is one to arithmetic, in every program.
        ("2", 4),
        ("2 million", "#VALUE!"),
        ("", "#VALUE!"),
        ("=1+1", "#VALUE!"),
    ],
)
def test_arithmetic_takes_empty_as_nothing_and_refuses_text(amount: Value, doubled: Value) -> None:
    assert _row(amount)["Double"] == doubled


@pytest.mark.parametrize(("amount", "text"), [(None, ""), ("a", "a"), (3, "3")])
def test_a_cell_joins_a_text_as_it_shows(amount: Value, text: str) -> None:
    assert _row(amount).text("Amount") == text


def test_an_error_is_passed_on_by_whatever_reads_it() -> None:
    row = _row(_FAILED)
    assert row["Double"] == _FAILED
    assert isinstance(row["Double"], Error)
    with pytest.raises(ErrorFoundError):
        row.text("Amount")
    with pytest.raises(ErrorFoundError):
        sound(_FAILED)


@pytest.mark.parametrize("kind", ERRORS)
def test_what_goes_wrong_in_python_is_the_error_of_a_cell(kind: type[Exception]) -> None:
    def fail(_: Row, __: Book) -> Value:
        raise kind

    assert _row(Formula("?", fail))["Amount"] == ERRORS[kind]


def test_a_fault_of_the_program_is_no_error_of_a_cell() -> None:
    def fail(_: Row, __: Book) -> Value:
        raise AttributeError

    with pytest.raises(AttributeError):
        _row(Formula("?", fail))["Amount"]


def test_a_formula_is_worked_out_when_first_asked_for_and_only_then() -> None:
    asked = []

    def count(_: Row, __: Book) -> Value:
        asked.append(1)
        return 5

    row = _row(Formula("?", count))
    assert asked == []
    assert [row["Amount"], row["Amount"], row["Double"]] == [5, 5, 10]
    assert asked == [1]


def test_a_formula_may_need_one_that_stands_below_it() -> None:
    def below(_: Row, book: Book) -> Value:
        return book.find("T", "Two")["Double"]

    one: dict[str, Value | Formula | Cell] = {"Key": "One", "Amount": Formula("?", below)}
    assert _book([one, {"Key": "Two", "Amount": 3}]).column("T", "Double") == [12, 6]


def test_a_row_holds_its_columns_formula_unless_it_has_something_of_its_own() -> None:
    plain, own = _row(1), _row(1, Double="typed")
    assert [plain["Double"], own["Double"]] == [2, "typed"]
    assert plain.formula("Double") is not None
    assert own.formula("Double") is None
    assert list(plain) == ["Key", "Amount", "Double"]
    assert len(plain) == 3


def test_a_declared_cell_stands_for_what_it_holds() -> None:
    assert _row(Cell(7, link="https://example.org"))["Double"] == 14


_COLUMN: list[Value] = [1, None, "text", True, 2.5, dt.date(2026, 1, 1)]


def _amounts(*amounts: Value) -> Book:
    return _book([{"Key": str(place), "Amount": each} for place, each in enumerate(amounts)])


def test_a_sum_passes_over_texts_truth_values_and_empty_cells() -> None:
    assert _amounts(*_COLUMN).numbers("T", "Amount") == [1, 2.5]
    assert _amounts(*_COLUMN).column("T", "Amount") == _COLUMN


def test_a_sum_passes_on_an_error_and_a_count_passes_over_it() -> None:
    book = _amounts(1, _FAILED, 2)
    assert book.count("T", "Amount") == 2
    with pytest.raises(ErrorFoundError):
        book.numbers("T", "Amount")


def test_a_row_is_found_by_its_key_without_regard_to_case() -> None:
    book = _book([{"Key": "STRASSE", "Amount": 1}, {"Key": "straße", "Amount": 2}, {"Key": 3}])
    assert book.find("T", "Strasse")["Amount"] == 1
    assert book.find("T", 3)["Amount"] is None
    with pytest.raises(KeyError):
        book.find("T", "other")


def test_a_named_cell_is_read_by_its_name() -> None:
    book = _book([{"Key": "Other", "Amount": 1}, {"Key": "one", "Amount": 21}])
    assert book.named("First") == 42
    with pytest.raises(KeyError):
        book.named("Lost")


@pytest.mark.parametrize(("typed", "text"), [(None, ""), ("Essex", "Essex"), (7, "7")])
def test_a_named_cell_joins_a_text_as_it_shows(typed: Value, text: str) -> None:
    book = _book([{"Key": "One", "Amount": 1, "Double": typed}])
    assert book.named_text("First") == text


def test_a_formula_that_needs_a_missing_row_shows_not_available() -> None:
    def lost(_: Row, book: Book) -> Value:
        return book.named("Lost")

    assert _row(Formula("?", lost))["Double"] == NOT_AVAILABLE


@pytest.mark.parametrize("day", [dt.date(1900, 3, 1), dt.date(2026, 11, 22), dt.date(9999, 12, 31)])
def test_a_day_has_the_serial_number_that_openpyxl_gives_it(day: dt.date) -> None:
    assert number(day) == serial(day) == to_excel(day)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.0%"),
        (0.5, "50.0%"),
        (-0.25, "-25.0%"),
        # Excel rounds halves of what it shows away from zero, Python's format to even.
        (0.0005, "0.1%"),
        (0.1245, "12.5%"),
        (-0.1245, "-12.5%"),
        (12.345678, "1234.6%"),
        (None, "0.0%"),
        ("n/a", "n/a"),
    ],
)
def test_a_share_is_written_as_the_function_text_writes_it(value: Value, text: str) -> None:
    assert percent_text(value) == text


def test_an_empty_text_counts_as_nothing() -> None:
    assert [optional_text(value) for value in (None, "", "a", 2)] == [None, None, "a", "2"]


def test_numbers_are_not_made_of_texts_or_errors() -> None:
    assert ERRORS[TypeError] == WRONG_KIND
    assert math.isclose(number(1.5), 1.5)
    assert math.isclose(number("1.5"), 1.5)
    with pytest.raises(TypeError):
        number("1.5 million")
    with pytest.raises(ErrorFoundError):
        number(_FAILED)
