"""Reading contracts registers: a real one, made-up ones in odd forms, and what is not guessed."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commissioning.council.contracts import register as contracts
from commissioning.errors import LocalisError
from shared import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.council.contracts.register import Register
    from commissioning.council.contracts.rows import Entry

_REGISTER = DATA / "salford-contracts-register-2022-07.csv"
_HEAD = ("Contract Reference", "Contract Title", "Supplier Name", "Contract Value", "End Date")
_ROW = ("C1", "Cleaning", "Mop Ltd", "£1,000.00", "31/03/2027")


def written(folder: Path, *rows: tuple[str, ...], name: str = "register.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def read(folder: Path, *rows: tuple[str, ...]) -> Register:
    [register] = contracts.read(written(folder, *rows))
    return register


def one(folder: Path, head: tuple[str, ...], row: tuple[str, ...]) -> Entry:
    """The entry of a register with these further columns."""
    [entry] = read(folder, _HEAD + head, _ROW + row).entries
    return entry


def test_a_contract_from_and_to_a_month_ends_on_its_last_day(tmp_path: Path) -> None:
    head, row = ("Contract Title", "Supplier", "From", "To"), ("IT", "Ash Ltd", "Apr-24", "Mar-27")
    [entry] = read(tmp_path, head, row).entries
    assert entry.contract.start == dt.date(2024, 4, 1)
    assert entry.contract.end == dt.date(2027, 3, 31)


def test_the_unit_in_a_heading_is_taken_into_account(tmp_path: Path) -> None:
    entry = one(tmp_path, ("Annual Value (£000)",), ("250.5",))
    assert (entry.contract.value, entry.contract.annual_value) == (100000, 25050000)


# --- a real register


def real_rows() -> list[dict[str, str]]:
    with _REGISTER.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pence(text: str) -> int | None:
    return None if text in ("", "-") else int(Decimal(text) * 100)


def plain(text: str) -> str:
    """Without spaces and without what Windows' signs have become in the file."""
    return "".join(letter for letter in text if letter.isascii() and not letter.isspace())


def day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def real() -> Register:
    if not _REGISTER.exists():
        pytest.skip("the real register is not beside the repository")
    [register] = contracts.read(_REGISTER)
    return register


def test_every_row_of_a_real_register_is_read(real: Register) -> None:
    assert [entry.row for entry in real.entries] == list(range(2, 362))
    assert (real.rejected, real.aside) == ((), ())


def test_texts_amounts_and_flags_of_a_real_register_agree_with_the_file(real: Register) -> None:
    for entry, row in zip(real.entries, real_rows(), strict=True):
        contract = entry.contract
        assert contract.reference == row["Contract Reference"].strip()
        assert plain(contract.title) == plain(row["Contract Title"])
        assert plain(contract.supplier) == plain(row["Supplier Company Name"])
        assert contract.value == pence(row["Total Contract Value (including extensions)"])
        assert contract.annual_value == pence(row["Annual Value"])
        assert contract.sme == {"Yes": True, "No": False}.get(row["SME Supplier?"])
        assert contract.voluntary is None
        assert entry.process == row["Process Used"]
        assert entry.company == row["Company Number"].replace("-", "").strip()
        assert contract.service in row.values()


def test_days_of_a_real_register_agree_with_the_file(real: Register) -> None:
    for entry, row in zip(real.entries, real_rows(), strict=True):
        start, now = day(row["Start Date"]), row["Current Expiry Date"]
        assert entry.contract.start == start
        if start and not now and not row["End Date"]:
            # All that the row says of its end is how long it runs.
            months = int(row["Contract Duration (months)"])
            last = pd.Timestamp(start) + pd.DateOffset(months=months, days=-1)
            assert entry.contract.end == (last.date() if months <= 600 else None)
        else:
            assert entry.contract.end == day(now or row["End Date"])


def test_days_that_are_none_are_listed_for_a_real_register(real: Register) -> None:
    unread = {(each.row, each.text) for each in real.unread if each.field in ("Start", "End")}
    assert unread == {(27, "TBC"), (80, "X"), (118, "2022-09-31")}


def test_a_real_register_is_reckoned_only_where_its_extensions_leave_one_meaning(
    real: Register,
) -> None:
    for entry, row in zip(real.entries, real_rows(), strict=True):
        option = (row["Option to extend (months)"], row["How many extensions"])
        taken = row["Extension 1 Taken?"] in ("Yes", "1")
        latest = entry.contract.extended_end
        if option[0] == "0" or (taken and option[1] == "1"):
            assert latest == entry.contract.end
        elif option == ("12", "1") and (end := entry.contract.end):
            first = day(row["End Date"]) or end
            # The same day a year later, but for the end of February.
            assert latest
            assert abs(latest - max(end, first.replace(year=first.year + 1))).days <= 1
        elif option[1].isdecimal() and int(option[1]) > 1:
            assert latest is None


# --- made-up registers in odd forms

TEXT = st.from_regex(r"[A-Z][a-z]{3,9} [A-Z][a-z]{3,9} [a-z]{4,9}", fullmatch=True)
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
ROWS = st.lists(
    st.tuples(TEXT, TEXT, st.integers(100, 10**11), DAYS, DAYS, st.none() | st.booleans()),
    min_size=3,
    max_size=12,
)
HEADS = st.sampled_from(
    """
    Contract Reference|Contract Title|Supplier Name|Total Contract Value (£)|Start Date|End Date|SME
    Ref.|Title of agreement|Contractor|CONTRACT VALUE|Commencement Date|Expiry Date|SME (Y/N)
    contract_number|contract_name|supplier|contract_value|contract_start_date|end_date|sme_status
    Contract ID|Agreement Title|Awarded Supplier|Whole Life Value|Start|Current End Date|Is it SME?
    Contract Refrence|Contract Titel|Suplier Name|Contract Vallue|Start Dtae|End Dtae|SME
    """.strip().split("\n    ")
).map(lambda line: tuple(line.split("|")))
AMOUNTS = st.sampled_from(["£{:,.2f}", "{:.2f}", "£ {:,.2f}", "{:,.2f}", "GBP {:.2f}"])
DATES = st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%y", "%d.%m.%Y 00:00"])
FLAGS = st.sampled_from([("Yes", "No"), ("Y", "N"), ("SME", "Large"), ("TRUE", "FALSE")])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=ROWS,
    head=HEADS,
    forms=st.tuples(AMOUNTS, DATES, FLAGS, ENCODINGS, st.sampled_from(",;\t|")),
    order=st.permutations(range(7)),
    titles=st.integers(0, 2),
    extras=st.booleans(),
)
def test_a_register_in_any_odd_form_reads_back(  # noqa: PLR0913, PLR0917 - each is one oddity
    tmp_path: Path,
    rows: list[tuple[str, str, int, dt.date, dt.date, bool | None]],
    head: tuple[str, ...],
    forms: tuple[str, str, tuple[str, str], str, str],
    order: list[int],
    titles: int,
    extras: bool,
) -> None:
    amount, date, (yes, no), encoding, delimiter = forms
    body = [
        (
            *(f"CT{number:04}", title, supplier, amount.format(Decimal(pence) / 100)),
            *(f"{start:{date}}", f"{end:{date}}", {True: yes, False: no, None: ""}[sme]),
        )
        for number, (title, supplier, pence, start, end, sme) in enumerate(rows, 1)
    ]
    table = [head, *body]
    if extras:
        table[2:2] = [head, ("",) * 7]
        table.append(("", "Total", "", body[0][3], "", "", ""))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([["Contracts register of the council"], []][:titles])
    writer.writerows([row[at] for at in order] for row in table)
    path = tmp_path / "register.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    [register] = contracts.read(path)
    found = [
        (c.title, c.supplier, c.value, c.start, c.end, c.sme)
        for c in (entry.contract for entry in register.entries)
    ]
    assert found == rows
    assert [entry.contract.reference for entry in register.entries] == [row[0] for row in body]
    assert register.unread == ()
    assert register.rows == len(table) - 1


# --- what stands in a row


@pytest.mark.parametrize(
    ("text", "expected"),
    [("£1.2m", 120_000_000), ("50k", 5_000_000), ("£1.5 million", 150_000_000), ("0", 0)],
)
def test_short_forms_of_an_amount_are_read(tmp_path: Path, text: str, expected: int) -> None:
    register = read(tmp_path, (*_HEAD, "Annual Value"), (*_ROW, text), (*_ROW, "12.00"))
    assert register.entries[0].contract.annual_value == expected


@pytest.mark.parametrize(
    "text",
    [
        "up to £50,000",
        "£10,000 - £20,000",
        "TBC",
        "Various",
        "£500 per week",
        "See notes",
        "(5.00)",
    ],
)
def test_what_is_not_one_amount_is_a_gap_with_its_reason(tmp_path: Path, text: str) -> None:
    register = read(tmp_path, (*_HEAD, "Annual Value"), (*_ROW, text), (*_ROW, "12.00"))
    assert [entry.contract.annual_value for entry in register.entries] == [None, 1200]
    [gap] = register.unread
    assert (gap.row, gap.field, gap.text) == (2, "Annual value", text)


@pytest.mark.parametrize("text", ["", "-", "N/A", "n/a"])
def test_a_cell_that_says_nothing_is_no_gap(tmp_path: Path, text: str) -> None:
    register = read(tmp_path, (*_HEAD, "Annual Value"), (*_ROW, text), (*_ROW, "12.00"))
    assert register.entries[0].contract.annual_value is None
    assert register.unread == ()


@pytest.mark.parametrize("text", ["Ongoing", "31/02/2027", "TBC", "01/01/1900", "31/12/9999"])
def test_a_day_that_is_none_is_a_gap_with_its_reason(tmp_path: Path, text: str) -> None:
    ongoing = (*_ROW[:4], text)
    register = read(tmp_path, _HEAD, ongoing, _ROW, _ROW)
    assert [entry.contract.end for entry in register.entries][:2] == [None, dt.date(2027, 3, 31)]
    assert [(gap.row, gap.text) for gap in register.unread] == [(2, text)]


@pytest.mark.parametrize(
    ("text", "sme", "voluntary"),
    [
        ("SME", True, None),
        ("VCSE", None, True),
        ("SME & VCSE", True, True),
        ("Neither", False, False),
        ("Large", False, None),
        ("Small charity", True, True),
        ("", None, None),
    ],
)
def test_one_column_can_tell_of_both_kinds(
    tmp_path: Path, text: str, sme: bool | None, voluntary: bool | None
) -> None:
    others = [(*_ROW, "SME"), (*_ROW, "No"), (*_ROW, "VCSE")]
    register = read(tmp_path, (*_HEAD, "SME/VCSE status"), (*_ROW, text), *others)
    contract = register.entries[0].contract
    assert (contract.sme, contract.voluntary) == (sme, voluntary)


def test_yes_in_a_column_for_both_kinds_is_a_gap(tmp_path: Path) -> None:
    register = read(tmp_path, (*_HEAD, "SME/VCSE"), (*_ROW, "Yes"))
    assert [(gap.field, gap.text) for gap in register.unread] == [("SME or voluntary", "Yes")]


def test_the_current_end_goes_before_the_first_one(tmp_path: Path) -> None:
    entry = one(tmp_path, ("Current End Date",), ("31/03/2029",))
    assert entry.contract.end == dt.date(2029, 3, 31)


def test_without_a_current_end_a_contract_has_its_first_one(tmp_path: Path) -> None:
    head = ("Contract Title", "Supplier", "Original End Date", "Current End Date")
    register = read(
        tmp_path,
        head,
        ("Cleaning", "Mop Ltd", "31/03/2027", ""),
        ("Lifts", "Up Ltd", "30/04/2027", "30/04/2028"),
    )
    ends = [entry.contract.end for entry in register.entries]
    assert ends == [dt.date(2027, 3, 31), dt.date(2028, 4, 30)]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        (("Latest Possible End Date",), ("31/03/2030",), dt.date(2030, 3, 31)),
        (("Extension Options",), ("2 x 12 months",), dt.date(2029, 3, 31)),
        (("Extension Options",), ("Up to 31/03/2030",), dt.date(2030, 3, 31)),
        (("Option to extend (months)",), ("12",), dt.date(2028, 3, 31)),
        (("Option to extend (months)",), ("0",), dt.date(2027, 3, 31)),
        (("Option to extend (years)",), ("2",), dt.date(2029, 3, 31)),
        (("Option to extend",), ("No",), dt.date(2027, 3, 31)),
        (("Option to extend",), ("",), None),
    ],
)
def test_the_latest_end_is_given_or_reckoned(
    tmp_path: Path, head: tuple[str, ...], row: tuple[str, ...], expected: dt.date | None
) -> None:
    assert one(tmp_path, head, row).contract.extended_end == expected


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("Option to extend",), ("12",)),
        (("Option to extend",), ("Yes",)),
        (("Option to extend (months)", "Number of extensions"), ("24", "2")),
        (("Option to extend (months)", "Number of extensions"), ("24", "0")),
        (("Option to extend (months)", "Extension taken"), ("24", "Yes")),
    ],
)
def test_extensions_that_leave_it_open_are_a_gap_with_their_words(
    tmp_path: Path, head: tuple[str, ...], row: tuple[str, ...]
) -> None:
    register = read(tmp_path, _HEAD + head, _ROW + row)
    assert register.entries[0].contract.extended_end is None
    assert register.open_extensions == {2}
    assert [gap.text for gap in register.unread] == [row[0]]


def test_an_extension_that_was_taken_leaves_what_the_first_end_allows(tmp_path: Path) -> None:
    head = ("Original End Date", "Option to extend (months)", "Extension taken")
    entry = one(tmp_path, head, ("31/03/2026", "24", "Yes"))
    assert entry.contract.end == dt.date(2027, 3, 31)
    assert entry.contract.extended_end == dt.date(2028, 3, 31)


def test_dates_are_of_one_order_throughout_the_file(tmp_path: Path) -> None:
    head = ("Contract Title", "Supplier", "Start Date", "End Date")
    register = read(
        tmp_path,
        head,
        ("Cleaning", "Mop Ltd", "04/01/2025", "03/31/2027"),
        ("Lifts", "Up Ltd", "05/01/2025", "04/30/2027"),
    )
    starts = [entry.contract.start for entry in register.entries]
    assert starts == [dt.date(2025, 4, 1), dt.date(2025, 5, 1)]


def test_a_contract_without_a_title_goes_by_its_description(tmp_path: Path) -> None:
    head = ("Reference", "Description", "Supplier", "End Date")
    register = read(tmp_path, head, ("C1", "Cleaning of offices", "Mop Ltd", "31/03/2027"))
    assert register.entries[0].contract.title == "Cleaning of offices"


# --- which rows are contracts


def test_rows_read_rejected_and_set_aside_are_all_the_rows(tmp_path: Path) -> None:
    register = read(
        tmp_path,
        _HEAD,
        _ROW,
        ("", "", "", "", ""),
        _HEAD,
        ("", "", "", "£70.00", "31/03/2027"),
        ("", "Total Facilities Management", "Total Gas Ltd", "£5", "31/03/2027"),
        ("", "", "", "", "Grand total"),
        ("Published under the Open Government Licence", "", "", "", ""),
        ("Grand total", "", "", "£1,005.00", ""),
    )
    assert [entry.row for entry in register.entries] == [2, 6]
    assert [(each.row, each.reason) for each in register.rejected] == [
        (5, "does not say which contract it is")
    ]
    assert [(each.row, each.reason) for each in register.aside] == [
        (3, "blank"),
        (4, "the headings again"),
        (7, "a total"),
        (8, "a remark: one cell is filled"),
        (9, "a total"),
    ]
    assert register.rows == 8


def test_coverage_counts_what_was_read_and_what_could_not_be(tmp_path: Path) -> None:
    register = read(
        tmp_path,
        (*_HEAD, "SME", "VCSE"),
        (*_ROW, "No", ""),
        (*_ROW[:3], "TBC", "31/03/2027", "Various", "Yes"),
        (*_ROW[:3], "", "31/03/2027", "", ""),
    )
    found = {each.field: (each.read, each.unread) for each in contracts.coverage([register])}
    assert found == {
        "Reference": (3, 0),
        "Title": (3, 0),
        "Supplier": (3, 0),
        "Value": (1, 1),
        "End": (3, 0),
        "SME": (1, 1),
        "Voluntary": (1, 0),
    }


def test_contracts_in_two_registers_are_found_and_lots_of_one_are_not(tmp_path: Path) -> None:
    lot = (*_ROW[:2], "Other Ltd", *_ROW[3:])
    first = read(tmp_path, _HEAD, _ROW, lot, lot)
    second = read(tmp_path, _HEAD, (*_ROW[:3], "£9", "31/03/2028"))
    assert contracts.repeated([first]) == []
    assert [each.supplier for each in contracts.repeated([first, second])] == ["Mop Ltd"]


# --- which files are registers


def test_each_sheet_that_is_a_register_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["What this workbook holds"])
    for name in ("Place", "People"):
        sheet = book.create_sheet(name)
        sheet.append(_HEAD)
        sheet.append([f"{name}-1", "Cleaning", "Mop Ltd", 1000.5, dt.date(2027, 3, 31)])
    book.save(tmp_path / "register.xlsx")
    registers = contracts.read(tmp_path / "register.xlsx")
    assert [register.file for register in registers] == [
        "register.xlsx, sheet Place",
        "register.xlsx, sheet People",
    ]
    contract = registers[1].entries[0].contract
    assert (contract.reference, contract.value) == ("People-1", 100_050)
    assert contract.end == dt.date(2027, 3, 31)


def test_a_column_can_be_named_by_heading_or_letter(tmp_path: Path) -> None:
    head = ("Thing", "Who", "When", "Until")
    path = written(tmp_path, head, ("Cleaning", "Mop Ltd", "01/04/2025", "31/03/2027"))
    names = {"title": "Thing", "supplier": "B", "start": "When", "end": "Until"}
    [register] = contracts.read(path, names)
    contract = register.entries[0].contract
    assert (contract.title, contract.supplier) == ("Cleaning", "Mop Ltd")
    assert (contract.start, contract.end) == (dt.date(2025, 4, 1), dt.date(2027, 3, 31))


def test_a_column_that_no_sheet_has_is_named_in_the_message(tmp_path: Path) -> None:
    path = written(tmp_path, _HEAD, _ROW)
    with pytest.raises(LocalisError, match="Finish"):
        contracts.read(path, {"end": "Finish"})


@pytest.mark.parametrize(
    "rows",
    [
        (("Name", "Colour"), ("Anna", "red"), ("Ben", "blue")),
        (("Date", "Supplier", "Amount"), ("01/04/2026", "Mop Ltd", "5.00")),
        (_HEAD,),
    ],
)
def test_a_file_that_is_no_register_is_refused_with_what_to_do(
    tmp_path: Path, rows: tuple[tuple[str, ...], ...]
) -> None:
    with pytest.raises(LocalisError, match=r"register\.csv is not a contracts register.*--columns"):
        contracts.read(written(tmp_path, *rows))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    damage=st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=3)), max_size=8)
)
def test_damaged_bytes_are_read_or_refused(tmp_path: Path, damage: list[tuple[int, bytes]]) -> None:
    path = written(tmp_path, _HEAD, *[_ROW] * 8)
    data = bytearray(path.read_bytes())
    for at, wrong in damage:
        data[at : at + len(wrong)] = wrong
    path.write_bytes(data)
    try:
        registers = contracts.read(path)
    except LocalisError:
        return
    assert [bool(register.entries) for register in registers] == [True]
