"""What is read of a file of payments, what is rejected or set aside, and why."""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.reading import amounts
from commissioning.council.spend import payments, store
from commissioning.errors import LocalisError
from payments_made import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from commissioning.council.spend.payments import Reading

HEAD = ["Payment Date", "Supplier Name", "Net Amount", "Directorate"]
ASH = ["01/04/2017", "Ash Ltd", "100.00", "Place"]
ELM = ["13/04/2017", "Elm Ltd", "50.50", "Place"]


def written(folder: Path, rows: Iterable[Sequence[str]], name: str = "spend.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def workbook(folder: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    path = folder / "spend.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def read(path: Path) -> tuple[Reading, list[dict[str, Any]]]:
    """The file read to its end, and its payments."""
    reading = payments.read(path)
    return reading, [row for chunk in reading.chunks() for row in chunk.to_pylist()]


def of(folder: Path, *rows: Sequence[str]) -> tuple[Reading, list[dict[str, Any]]]:
    return read(written(folder, [HEAD, ASH, ELM, *rows]))


def test_a_payment_has_every_column_of_the_schema(tmp_path: Path) -> None:
    head = [*HEAD, "SME", "VCSE", "Company Number", "Irrecoverable VAT", "Supplier Postcode"]
    row = [*ASH, "Yes", "N", "01234567", "£20.00", "NE1 4AB"]
    reading = payments.read(written(tmp_path, [head, row]))
    [chunk] = reading.chunks()
    assert chunk.schema == payments.schema()
    assert payments.schema().names == store.schema().names
    assert chunk.to_pylist() == [
        {
            "file": "spend.csv",
            "row": 2,
            "date": dt.date(2017, 4, 1),
            "service": "Place",
            "beneficiary": "Ash Ltd",
            "purpose": None,
            "amount": 10000,
            "vat": 2000,
            "category": None,
            "transaction": None,
            "company": "01234567",
            "charity": None,
            "sme": True,
            "voluntary": False,
            "postcode": "NE1 4AB",
        }
    ]


@pytest.mark.parametrize(
    ("row", "reason", "pence"),
    [
        (["02/04/2017", "Oak Ltd", "lots", "Place"], "the amount 'lots' cannot be read", None),
        (["02/04/2017", "Oak Ltd", "", "Place"], "there is no amount", None),
        (["31/02/2017", "Oak Ltd", "5.00", "Place"], "the date '31/02/2017' cannot be read", 500),
        (["02/04/2105", "Oak Ltd", "5.00", "Place"], "the date '02/04/2105' cannot be read", 500),
        (["", "", "77.00", ""], "an amount and nothing else, and not a total of .*", 7700),
    ],
)
def test_what_cannot_be_read_is_rejected_with_row_reason_and_pounds(
    tmp_path: Path, row: list[str], reason: str, pence: int | None
) -> None:
    reading, rows = of(tmp_path, row)
    [note] = reading.rejected
    assert (note.row, note.pence) == (4, pence)
    assert re.fullmatch(reason, note.reason)
    assert len(rows) == reading.read.rows == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (HEAD, "the headings again"),
        (["", "Total", "150.50", ""], "a total"),
        (["", "", "150.50", ""], "a total of the rows above it"),
        (["", "", "50.50", ""], "a total of the rows above it"),
        (["", "Grand Total:", "999.00", ""], "a total, though not of the rows above it"),
        (["", "", "150.50", "Place Total"], "a total"),
        (["Total", "", "150.50", ""], "a total"),
        (["30/04/2017", "TOTAL", "150.50", ""], "a total of the rows above it"),
        (["Total", "Ash Ltd", "", "150.50"], "a total without an amount"),
        (["Count", "2", "", ""], "a title or note, and no amount"),
        (["", "", "", "Adult Social Care"], "a title or note, and no amount"),
        (["Page 1 of 3", "", "", ""], "a title or note, and no amount"),
    ],
)
def test_what_is_no_payment_is_set_aside_with_the_reason(
    tmp_path: Path, row: list[str], reason: str
) -> None:
    reading, _ = of(tmp_path, row)
    assert reading.read.pence == 15050
    [note] = reading.aside
    assert note.row == 4
    assert note.reason == reason


@pytest.mark.parametrize(
    "row",
    [
        ["02/04/2017", "Total Gas & Power", "150.50", "Place"],
        ["02/04/2017", "Total", "150.51", "Place"],
        ["02/04/2017", "Oak Ltd", "150.50", "Place"],
        ["", "Total Gas & Power", "7.00", "Place"],
        ["", "Oak Ltd", "150.50", "Place"],
        ["02/04/2017", "", "150.50", ""],
        ["", "", "9.99", "Place"],
    ],
)
def test_a_payment_is_no_total_for_its_name_amount_or_gaps(tmp_path: Path, row: list[str]) -> None:
    reading, rows = of(tmp_path, row)
    assert (reading.aside, reading.rejected) == ([], [])
    assert len(rows) == 3


def test_a_missing_date_or_beneficiary_is_counted_and_loses_no_pounds(tmp_path: Path) -> None:
    reading, rows = of(tmp_path, ["", "Oak Ltd", "1.00", "A"], ["02/04/2017", "#N/A", "2.00", "B"])
    assert (rows[2]["date"], rows[3]["beneficiary"]) == (None, "")
    assert (reading.undated.rows, reading.nameless) == (1, 1)
    assert reading.read.pence == 15350


def test_a_comma_that_was_not_quoted_is_taken_back(tmp_path: Path) -> None:
    head = ["Payment Date", "Supplier Name", "Document No", "Net Amount", "Directorate"]
    rows = [["02/04/2017", f"Firm {n}", str(106311631 + n), f"{n}.25", "Place"] for n in range(9)]
    path = written(tmp_path, [head, *rows])
    row = "02/04/2017,Oak, Yew & Co,106311700,7.00,Place\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    reading, found = read(path)
    assert (found[-1]["beneficiary"], found[-1]["amount"]) == ("Oak, Yew & Co", 700)
    assert (found[-1]["transaction"], found[-1]["service"]) == ("106311700", "Place")
    assert (reading.mended, reading.rejected) == (1, [])


def test_a_comma_between_thousands_that_was_not_quoted_is_taken_back(tmp_path: Path) -> None:
    small = [f"01/04/2017,Firm {n},{n}00.25,Place\n" for n in range(1, 4)]
    large = [f"01/04/2017,Firm {n},{n},234.50,Place\n" for n in range(1, 9)]
    path = tmp_path / "spend.csv"
    path.write_text(",".join(HEAD) + "\n" + "".join(small + large), encoding="utf-8")
    reading, rows = read(path)
    assert [row["amount"] for row in rows[3:]] == [n * 100000 + 23450 for n in range(1, 9)]
    assert {row["service"] for row in rows} == {"Place"}
    assert (reading.mended, reading.read.pence) == (8, 60075 + 36 * 100000 + 8 * 23450)


@pytest.mark.parametrize(
    ("row", "beneficiary"),
    [
        ('02/04/2017,"Oak Ltd,5.00,Place', "Oak Ltd"),
        ('02/04/2017,Oak 5" Ltd,"5.00",Place', 'Oak 5" Ltd'),
        ('02/04/2017,"Oak\nLtd",5.00,Place\n02/04/2017,"Yew",0.00,"Place', "Oak\nLtd"),
    ],
    ids=["at the start", "within", "after a cell of two lines"],
)
@pytest.mark.parametrize("after", [0, 9], ids=["at the end", "in the middle"])
def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(
    tmp_path: Path, row: str, beneficiary: str, after: int
) -> None:
    rest = [f'03/04/2017,"Firm {n}, Leeds",{n}.25,Place' for n in range(1, 1 + after)]
    path = tmp_path / "spend.csv"
    path.write_text("\n".join([",".join(HEAD), *[",".join(ASH)] * 2, row, *rest]), "utf-8")
    reading, rows = read(path)
    assert (rows[2]["beneficiary"], rows[2]["amount"]) == (beneficiary, 500)
    assert [each["amount"] for each in rows[-after:] if after] == [
        n * 100 + 25 for n in range(1, 1 + after)
    ]
    assert (reading.rejected, reading.aside) == ([], [])


def test_cells_beyond_the_last_column_shift_nothing(tmp_path: Path) -> None:
    reading, rows = read(written(tmp_path, [HEAD, ASH, ELM, [*ASH, "", "GC", "GC"]]))
    assert (rows[2]["amount"], rows[2]["service"]) == (10000, "Place")
    assert (reading.mended, reading.rejected) == (0, [])


def test_with_no_date_of_payment_that_of_the_invoice_is_taken_and_said(tmp_path: Path) -> None:
    head = ["Invoice Date", "Supplier", "Amount", "Invoice Number"]
    reading, rows = read(written(tmp_path, [head, ["01/04/2017", "Ash Ltd", "1.00", "SI 7"]]))
    assert (rows[0]["date"], rows[0]["transaction"]) == (dt.date(2017, 4, 1), "SI 7")
    assert '("Invoice Date") are not of payment' in reading.decisions[0].notes[0]


def test_blank_rows_are_counted(tmp_path: Path) -> None:
    reading, rows = of(tmp_path, [], ["", "", "", ""], ["  ", "-", "", "n/a"])
    assert (reading.blank, len(rows)) == (3, 2)


def test_fractions_of_a_penny_are_rounded_and_counted(tmp_path: Path) -> None:
    reading, rows = of(tmp_path, ["02/04/2017", "Oak", "1.005", "Place"])
    assert (rows[2]["amount"], reading.rounded) == (101, 1)


def test_dates_are_month_first_only_where_nothing_else_fits(tmp_path: Path) -> None:
    american = [["04/13/2017", "Oak Ltd", "1.00", "A"], ["04/01/2017", "Yew Ltd", "1.00", "A"]]
    reading, rows = read(written(tmp_path, [HEAD, *american]))
    assert [row["date"] for row in rows] == [dt.date(2017, 4, 13), dt.date(2017, 4, 1)]
    assert "month first" in reading.decisions[0].notes[0]


def test_the_order_of_dates_is_found_beyond_the_first_rows(tmp_path: Path) -> None:
    early = [["04/01/2017", "Oak Ltd", "1.00", "A"]] * 3000
    reading, rows = read(written(tmp_path, [HEAD, *early, ["04/30/2017", "Yew", "1.00", "A"]]))
    assert {row["date"] for row in rows} == {dt.date(2017, 4, 1), dt.date(2017, 4, 30)}
    assert reading.rejected == []


def test_without_dates_the_files_name_tells_the_month(tmp_path: Path) -> None:
    head, row = HEAD[1:], ASH[1:]
    reading, rows = read(written(tmp_path, [head, row], "spend-2017-04.csv"))
    assert rows[0]["date"] == dt.date(2017, 4, 1)
    assert "April 2017" in reading.decisions[0].notes[0]
    reading, rows = read(written(tmp_path, [head, row, row], "spend.csv"))
    assert (rows[0]["date"], reading.undated.rows) == (None, 2)


def test_amounts_with_vat_are_taken_where_there_are_no_others_and_said(tmp_path: Path) -> None:
    head = ["Date", "Supplier", "Gross Amount"]
    reading, rows = read(written(tmp_path, [head, ["01/04/2017", "Ash Ltd", "120.00"]]))
    assert rows[0]["amount"] == 12000
    assert "include VAT: the file has none without" in reading.decisions[0].notes[0]


def test_a_named_gross_amount_goes_before_numbers_without_a_name(tmp_path: Path) -> None:
    rows = [[f"{43000 + n}.5", "01/04/2017", "Ash Ltd", f"{n}.00"] for n in range(30)]
    reading, found = read(written(tmp_path, [["stamp", "Date", "Supplier", "Gross Amount"], *rows]))
    assert found[7]["amount"] == 700
    assert "include VAT" in reading.decisions[0].notes[0]


@pytest.mark.parametrize("again", [True, False], ids=["said again", "said once"])
def test_the_amount_of_an_invoice_is_not_counted_on_each_of_its_lines(
    tmp_path: Path, again: bool
) -> None:
    head = ["Supplier", "Voucher No", "Payment Date", "Line Amount", "Net Amount"]
    rows = [
        ["Ash Ltd", f"V{n}", "01/04/2017", f"{n + line}.10", f"{3 * n + 3}.30" if whole else ""]
        for n in range(10, 20)
        for line in range(3)
        for whole in [again or not line]
    ]
    reading, found = read(written(tmp_path, [head, *rows]))
    assert found[0]["amount"] == 1010
    assert (len(found), reading.rejected) == (30, [])
    assert '"Net Amount" is said again' in reading.decisions[0].choices["amount"].reason


def test_a_net_amount_of_each_line_goes_before_what_the_line_is_with_vat(tmp_path: Path) -> None:
    head = ["Supplier", "Payment Date", "Line Amount", "Net Amount"]
    rows = [["Ash Ltd", "01/04/2017", f"{n * 1.2:.2f}", f"{n}.00"] for n in range(1, 40)]
    _, found = read(written(tmp_path, [head, *rows]))
    assert found[0]["amount"] == 100


def test_months_are_the_dates_where_there_are_no_others(tmp_path: Path) -> None:
    rows = [["Apr-19", "Ash Ltd", "1.00"], ["May-19", "Elm Ltd", "2.00"]]
    _, found = read(written(tmp_path, [["Month", "Supplier", "Amount"], *rows]))
    assert [row["date"] for row in found] == [dt.date(2019, 4, 1), dt.date(2019, 5, 1)]


def test_periods_that_are_no_dates_are_not_taken_for_them(tmp_path: Path) -> None:
    rows = [["2019/20", "1", "Ash Ltd", "1.00"], ["2019/20", "2", "Elm Ltd", "2.00"]]
    _, found = read(written(tmp_path, [["Year", "Period", "Supplier", "Amount"], *rows]))
    assert [row["date"] for row in found] == [None, None]


def test_a_table_with_months_across_is_refused(tmp_path: Path) -> None:
    rows = [["Supplier", "Apr-19", "May-19"], ["Ash Ltd", "1.00", "2.50"]]
    with pytest.raises(LocalisError, match="has a column for each month"):
        payments.read(written(tmp_path, rows))


def test_the_sum_tells_which_amount_is_net(tmp_path: Path) -> None:
    rows = [["01/04/2017", "Ash Ltd", f"{n}.20", f"{n}.00", "0.20"] for n in range(20, 60)]
    reading, found = read(written(tmp_path, [["Date", "Supplier", "Total", "Amount", ""], *rows]))
    assert found[0]["amount"] == 2000
    assert "with the VAT it makes the gross amount" in reading.decisions[0].choices["amount"].reason


def test_every_sheet_with_payments_is_read_and_others_are_named(tmp_path: Path) -> None:
    sheets = {"Notes": [["How to read this"]], "April": [HEAD, ASH], "May": [HEAD, ELM]}
    reading, found = read(workbook(tmp_path, sheets))
    assert [row["beneficiary"] for row in found] == ["Ash Ltd", "Elm Ltd"]
    assert [decision.sheet for decision in reading.decisions] == ["April", "May"]
    [skipped] = reading.skipped
    assert skipped.startswith("spend.xlsx, sheet Notes has no column for Amount, net")


SUMMARY = "adds up to what the other sheets have together"


@pytest.mark.parametrize(
    ("again", "why"),
    [
        (
            [["Row Labels", "Sum of Amount"], ["Ash Ltd", "100.00"], ["Elm Ltd", "50.50"]],
            "has words and numbers, but no dates and no headings that speak of payments",
        ),
        ([["Supplier", "Sum of Amount"], ["Ash Ltd", "100.00"], ["Elm Ltd", "50.50"]], SUMMARY),
        ([["Supplier", "Total"], ["Both Ltd", "150.50"], ["Grand Total", "150.50"]], SUMMARY),
        ([HEAD, ASH, ELM], SUMMARY),
    ],
    ids=["pivot", "by supplier", "in one row", "all months"],
)
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_a_sheet_that_says_the_others_again_is_not_counted_twice(
    tmp_path: Path, again: Sequence[Sequence[str]], why: str, first: bool
) -> None:
    months = {"April": [HEAD, ASH], "May": [HEAD, ELM]}
    sheets = {"All": again} | months if first else months | {"All": again}
    reading, found = read(workbook(tmp_path, sheets))
    assert [row["date"] for row in found] == [dt.date(2017, 4, 1), dt.date(2017, 4, 13)]
    assert reading.read.pence == 15050
    [skipped] = reading.skipped
    assert f"sheet All {why}" in skipped


@pytest.mark.parametrize(
    ("name", "heading", "is_read"),
    [
        ("t.csv", "Supplier,Amount", True),
        ("t.csv", "Supplier,Total", True),
        ("t.csv", "Name,Amount", True),
        ("2017-04-payments.csv", "Row Labels,Sum of Net Amount", True),
        ("t.csv", "Name,Total", False),
        ("t.csv", "Item,Amount", False),
        ("t.csv", "Measure,Figure", False),
        ("2017-04.csv", "Measure,Figure", False),
    ],
)
def test_a_table_without_dates_is_one_of_payments_only_where_its_headings_say_so(
    tmp_path: Path, name: str, heading: str, *, is_read: bool
) -> None:
    path = tmp_path / name
    path.write_text(f"{heading}\nAsh Ltd,100.00\nElm Ltd,50.50\n", encoding="utf-8")
    if is_read:
        assert len(read(path)[1]) == 2
        return
    with pytest.raises(LocalisError, match=r"no dates and no headings that speak of payments"):
        payments.read(path)
    amount, beneficiary = reversed(heading.split(","))
    named = {"amount": amount, "beneficiary": beneficiary}
    assert payments.read(path, named).decisions


def test_a_nil_amount_and_nothing_else_is_no_payment(tmp_path: Path) -> None:
    reading, found = of(tmp_path, ["", "", "0.00", ""])
    assert (len(found), reading.rejected) == (2, [])
    assert [note.reason for note in reading.aside] == ["a nil amount and nothing else"]


def test_a_file_of_no_payments_is_refused_with_its_headings(tmp_path: Path) -> None:
    path = written(tmp_path, [["Colour", "Size"], ["red", "small"], ["blue", "large"]])
    with pytest.raises(
        LocalisError, match=r"no column for Amount.*\(its first row: Colour, Size\)"
    ):
        payments.read(path)


def test_a_register_of_contracts_is_told_from_payments(tmp_path: Path) -> None:
    head = ["Contract Ref", "Contract Title", "Supplier", "Value", "Start Date", "End Date"]
    row = ["C1", "Cleaning", "Ash Ltd", "1000.00", "01/04/2017", "31/03/2020"]
    with pytest.raises(LocalisError, match="is a register of contracts, not of payments"):
        payments.read(written(tmp_path, [head, row, row]))


def test_months_and_days_add_up_to_what_was_read(tmp_path: Path) -> None:
    reading, _ = of(tmp_path, ["01/05/2017", "Oak", "-1.00", "A"], ["", "Oak", "3.00", "A"])
    months = {f"{month:%Y-%m}": (each.rows, each.pence) for month, each in reading.months.items()}
    assert months == {"2017-04": (2, 15050), "2017-05": (1, -100)}
    assert reading.read.pence == 15050 - 100 + 300


_AMOUNTS = st.integers(-(10**9), 10**9).map(lambda pence: f"{pence / 100:.2f}")
_BAD = st.sampled_from(
    (
        ["31/02/2017", "Oak Ltd", "5.25", "Place"],
        ["soon", "Oak Ltd", "-1.00", "Place"],
        ["02/04/2017", "Oak Ltd", "TBC", "Place"],
        ["02/04/2017", "Oak Ltd", "", "Place"],
        HEAD,
        [],
        ["", "", "", "A note"],
    )
)


@FEW
@given(st.lists(st.one_of(_AMOUNTS.map(lambda amount: [*ASH[:2], amount, "Place"]), _BAD)))
def test_rows_and_pounds_read_and_rejected_are_those_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    reading, found = read(written(tmp_path_factory.mktemp("all"), [HEAD, ASH, *rows]))
    told = len(reading.rejected) + len(reading.aside) + reading.blank
    assert len(found) + told == 1 + len(rows)
    pounds = [amounts.pence(row[2]) for row in [ASH, *rows] if len(row) > 2]
    rejected = sum(note.pence or 0 for note in reading.rejected)
    assert reading.read.pence + rejected == sum(pence or 0 for pence in pounds)
