"""What could be misread without a word: it is read right where that can be told, or else said."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from commissioning.council.spend import payments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from commissioning.council.spend.payments import Reading

HEAD = ["Payment Date", "Supplier Name", "Net Amount", "Directorate", "Reference"]


def body(count: int = 9) -> list[list[str]]:
    return [
        [f"{day:02}/05/2019", f"Firm {day} Ltd", f"{day}.25", "Place", f"1000{day:02}"]
        for day in range(10, 10 + count)
    ]


def of(
    folder: Path, rows: Sequence[Sequence[str]], name: str = "spend.csv"
) -> tuple[Reading, list[dict[str, Any]]]:
    """A file of delimited text, read to its end, and its payments."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return read(path)


def read(path: Path) -> tuple[Reading, list[dict[str, Any]]]:
    reading = payments.read(path)
    return reading, [row for chunk in reading.chunks() for row in chunk.to_pylist()]


@pytest.mark.parametrize(
    ("row", "reason", "pence"),
    [
        (["20/05/2019", "700.00", "Place", "100099"], "a cell is missing before '700.00'", 70000),
        (["Oak Ltd", "700.00", "Place", "100099"], "a cell is missing before 'Oak Ltd'", 70000),
        (["20/05/2019", "Oak Ltd", "Place", "100099"], "there is no amount", None),
        (["20/05/2019", "700.00", "100099"], "2 cells are missing before '700.00'", 70000),
    ],
)
def test_a_row_that_lacks_a_cell_is_rejected_with_its_pounds(
    tmp_path: Path, row: list[str], reason: str, pence: int | None
) -> None:
    reading, rows = of(tmp_path, [HEAD, *body(), row, *body()])
    [note] = reading.rejected
    assert (note.row, note.pence) == (11, pence)
    assert note.reason.startswith(reason)
    assert len(rows) == 18


def test_a_row_that_lacks_cells_at_its_end_is_read(tmp_path: Path) -> None:
    reading, rows = of(tmp_path, [HEAD, *body(), ["20/05/2019", "Oak Ltd", "700.00"]])
    assert (rows[-1]["amount"], rows[-1]["service"]) == (70000, None)
    assert reading.rejected == []


def test_totals_and_summaries_of_two_cells_are_set_aside(tmp_path: Path) -> None:
    summary = [["Total", "128.25"], ["Page 1 of 3"], [], ["Directorate", "Sum"], ["Place", "7.00"]]
    reading, rows = of(tmp_path, [HEAD, *body(), *summary])
    assert [note.row for note in reading.aside] == [11, 12, 14, 15]
    assert (len(rows), reading.rejected) == (9, [])


def test_a_unit_in_the_heading_is_taken_into_account_and_said(tmp_path: Path) -> None:
    head = ["Payment Date", "Supplier Name", "Amount (£000)"]
    reading, rows = of(tmp_path, [head, *(row[:3] for row in body())])
    assert rows[0]["amount"] == 1025000
    assert "they are thousands of pounds" in reading.decisions[0].choices["amount"].reason


def test_a_unit_in_a_title_is_taken_into_account_but_for_that_of_a_threshold(
    tmp_path: Path,
) -> None:
    for title, amount in (("All figures are in £000", 1025000), ("Payments over £25k", 1025)):
        _, rows = of(tmp_path, [[title], HEAD, *body()])
        assert rows[0]["amount"] == amount


@pytest.mark.parametrize("sign", ["", "-"], ids=["unsigned", "signed"])
def test_credits_in_a_column_of_their_own_are_taken_from_the_debits(
    tmp_path: Path, sign: str
) -> None:
    head = ["Date", "Supplier", "Debit", "Credit"]
    rows = [
        ["10/05/2019", "Oak Ltd", "600.00", ""],
        ["11/05/2019", "Oak Ltd", "", f"{sign}50.00"],
        ["13/05/2019", "Elm Ltd", "70.00", "0.00"],
        ["14/05/2019", "Elm Ltd", "0.00", f"{sign}7.00"],
    ]
    reading, found = of(tmp_path, [head, *rows, ["Total", "", "670.00", f"{sign}57.00"]])
    assert [row["amount"] for row in found] == [60000, -5000, 7000, -700]
    assert [note.reason for note in reading.aside] == ["a total"]
    assert 'less the credits in "Credit"' in reading.decisions[0].choices["amount"].reason


def test_a_credit_that_cannot_be_read_is_rejected_as_is_a_row_without_both(tmp_path: Path) -> None:
    head = ["Date", "Supplier", "Debit", "Credit"]
    rows = [
        ["10/05/2019", "Oak Ltd", "600.00", ""],
        ["11/05/2019", "Oak Ltd", "5.00", "see note"],
        ["12/05/2019", "Oak Ltd", "", "see note"],
        ["13/05/2019", "Oak Ltd", "", ""],
        *(["14/05/2019", "Oak Ltd", "5.00", "1.00"] for _ in range(9)),
    ]
    reading, found = of(tmp_path, [head, *rows])
    assert [note.row for note in reading.rejected] == [3, 4, 5]
    assert [row["amount"] for row in found] == [60000, *[400] * 9]


def test_a_credit_column_is_no_part_of_a_net_amount(tmp_path: Path) -> None:
    head = ["Date", "Supplier", "Net Amount", "Debit", "Credit"]
    _, found = of(tmp_path, [head, ["10/05/2019", "Oak Ltd", "5.00", "6.00", "1.00"]])
    assert found[0]["amount"] == 500


def test_days_without_a_year_take_it_from_the_title(tmp_path: Path) -> None:
    rows = [["5 April", *body()[0][1:]], ["13 April", *body()[0][1:]]]
    reading, found = of(tmp_path, [["Payments - April 2019"], HEAD, *rows])
    assert [row["date"] for row in found] == [dt.date(2019, 4, 5), dt.date(2019, 4, 13)]
    assert reading.rejected == []


def test_days_without_a_year_are_rejected_where_nothing_tells_it(tmp_path: Path) -> None:
    reading, found = of(tmp_path, [HEAD, ["5 April", *body()[0][1:]], ["13 April", *body()[0][1:]]])
    assert (found, reading.unread.pence) == ([], 2050)
    assert "'5 April' has no year" in reading.rejected[0].reason


def test_continental_amounts_are_read_and_said(tmp_path: Path) -> None:
    rows = [
        ["10/05/2019", "Oak", "1.234,56", "Place", "1"],
        ["13/05/2019", "Elm", "7,00", "A", "2"],
    ]
    reading, found = of(tmp_path, [HEAD, *rows])
    assert [row["amount"] for row in found] == [123456, 700]
    assert "a comma before the pence" in reading.decisions[0].choices["amount"].reason


def test_days_that_excel_turned_in_a_workbook_are_turned_back_and_said(tmp_path: Path) -> None:
    path = tmp_path / "spend.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEAD)
        for number, day in enumerate(range(1, 31), 1):
            sheet.write_row(number, 1, ["Oak Ltd", 5.0, "Place", "1"])
            if day <= 12:
                sheet.write_datetime(number, 0, dt.datetime(2019, day, 4), form)  # noqa: DTZ001
            else:
                sheet.write_string(number, 0, f"{day}/04/2019")
    reading, found = read(path)
    assert [row["date"] for row in found] == [dt.date(2019, 4, day) for day in range(1, 31)]
    assert "Day and month change places" in reading.decisions[0].notes[0]
    assert reading.in_doubt.rows == 0


def test_days_that_may_have_been_turned_are_counted(tmp_path: Path) -> None:
    texts = [f"2019-{month:02}-05" for month in range(1, 13)]
    texts += [f"{day}/{month:02}/2019" for month in range(1, 13) for day in (14, 25)]
    reading, found = of(tmp_path, [HEAD, *([text, *body()[0][1:]] for text in texts)])
    assert len(found) == len(texts)
    # 5 May is itself either way.
    assert reading.in_doubt.rows == 11


def test_a_quarter_in_the_title_is_no_month_of_the_payments(tmp_path: Path) -> None:
    rows = [["October 2010 to December 2010"], HEAD[1:], *(row[1:] for row in body())]
    reading, found = of(tmp_path, rows, "2010-12.csv")
    assert {row["date"] for row in found} == {None}
    assert "no payment has a date" in reading.decisions[0].notes[0]


def test_a_heading_in_known_words_is_no_service_for_its_content(tmp_path: Path) -> None:
    rows = [[row[0], row[1], row[2], "Current", "x"] for row in body()]
    for heading, service in (("Bank", None), ("Hub", "Current")):
        _, found = of(tmp_path, [[*HEAD[:3], heading, "Note"], *rows])
        assert found[0]["service"] == service
