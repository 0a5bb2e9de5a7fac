"""Which column of a register is which, and which rows go together, in layouts that councils use."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from commissioning.council.contracts import register as contracts
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    from pathlib import Path

    from commissioning.council.contracts.register import Register
    from commissioning.council.figures import Contract


def read(folder: Path, table: str) -> Register:
    """The register of a table with a bar between its cells."""
    path = folder / "register.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = (line.strip().split("|") for line in table.strip().split("\n"))
        csv.writer(stream).writerows(rows)
    [register] = contracts.read(path)
    return register


def listed(folder: Path, table: str) -> list[Contract]:
    return [entry.contract for entry in read(folder, table).entries]


def headings(register: Register, *codes: str) -> list[str]:
    return [register.columns.choices[code].heading for code in codes]


# --- days


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Contract Period (Months)", "24"), ("Contract Length", "2 years"), ("Term", "24 months")],
)
def test_a_register_without_ends_has_those_that_starts_and_durations_give(
    tmp_path: Path, heading: str, text: str
) -> None:
    table = f"Title|Supplier|Start|{heading}\nSigns|Arrow Ltd|31/08/2024|{text}"
    register = read(tmp_path, table)
    assert register.entries[0].contract.end == dt.date(2026, 8, 30)
    assert "gives the end" in register.columns.choices["duration"].reason


def test_a_term_with_extensions_gives_the_latest_end_too(tmp_path: Path) -> None:
    table = "Title|Supplier|Start|Term (years)\nSigns|Arrow Ltd|01/04/2024|3+1+1"
    [contract] = listed(tmp_path, table)
    assert (contract.end, contract.extended_end) == (dt.date(2027, 3, 31), dt.date(2029, 3, 31))


def test_a_period_in_one_cell_gives_start_and_end(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Contract dates
    Signs|Arrow Ltd|01/04/2024 - 31/03/2027
    Lines|White Ltd|1 May 2024 to 30 April 2025
    """
    days = [(each.start, each.end) for each in listed(tmp_path, table)]
    assert days[0] == (dt.date(2024, 4, 1), dt.date(2027, 3, 31))
    assert days[1] == (dt.date(2024, 5, 1), dt.date(2025, 4, 30))


def test_a_duration_stands_in_for_a_blank_end_but_not_for_words(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Start|End|Duration
    Signs|Arrow Ltd|01/04/2024||1 year
    Lines|White Ltd|01/04/2024|Rolling|1 year
    Posts|Wood Ltd|01/04/2024||Ongoing
    """
    register = read(tmp_path, table)
    ends = [entry.contract.end for entry in register.entries]
    assert ends == [dt.date(2025, 3, 31), None, None]
    gaps = [(gap.row, gap.field, gap.text) for gap in register.unread]
    assert gaps == [(3, "End", "Rolling"), (4, "Duration", "Ongoing")]


@pytest.mark.parametrize("terms", ["Spring term", "3", ""])
def test_terms_that_are_no_time_make_no_register(tmp_path: Path, terms: str) -> None:
    with pytest.raises(LocalisError, match="is not a contracts register"):
        read(tmp_path, f"Title|Supplier|Start|Term\nSigns|Arrow Ltd|01/04/2024|{terms}")


def test_no_contract_ends_before_it_starts_where_another_column_is_its_end(
    tmp_path: Path,
) -> None:
    table = """
    Title|Contract completion date|Contract start date|Contract end date
    Tree survey|12/05/2023|15/05/2023|14/05/2024
    Wall repair|01/06/2023|05/06/2023|30/11/2023
    """
    ends = [each.end for each in listed(tmp_path, table)]
    assert ends == [dt.date(2024, 5, 14), dt.date(2023, 11, 30)]


def test_the_day_of_the_publication_is_no_start(tmp_path: Path) -> None:
    table = """
    Effective date|Title|Supplier|Contract start date|End date
    01/10/2024|Signs|Arrow Ltd|01/04/2022|31/03/2027
    01/10/2024|Lines|White Ltd|01/04/2023|31/03/2026
    """
    starts = [each.start for each in listed(tmp_path, table)]
    assert starts == [dt.date(2022, 4, 1), dt.date(2023, 4, 1)]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Expiry (excl. extensions)", "Expiry (incl. extensions)"),
        ("End Date (excluding extension)", "End Date (including extension)"),
        ("Contract Expiry", "Contract Expiry incl. all extensions"),
        ("Expires", "Extension to"),
    ],
)
def test_the_end_is_told_from_the_end_with_extensions(
    tmp_path: Path, first: str, last: str
) -> None:
    table = f"Title|Supplier|{last}|{first}\nSigns|Arrow Ltd|31/03/2029|31/03/2027"
    [contract] = listed(tmp_path, table)
    assert (contract.end, contract.extended_end) == (dt.date(2027, 3, 31), dt.date(2029, 3, 31))


@pytest.mark.parametrize(
    ("first", "last"), [("From", "To"), ("From Date", "To Date"), ("Contract from", "Contract to")]
)
def test_from_and_to_are_start_and_end(tmp_path: Path, first: str, last: str) -> None:
    table = f"Title|Supplier|{last}|{first}\nSigns|Arrow Ltd|31/03/2027|01/04/2024"
    [contract] = listed(tmp_path, table)
    assert (contract.start, contract.end) == (dt.date(2024, 4, 1), dt.date(2027, 3, 31))


def test_the_day_after_which_a_contract_is_renewed_is_its_end(tmp_path: Path) -> None:
    table = "Service|Company|Annual Cost|Renewal Date\nCopier|Ink Ltd|£1,200.00 pa|01/08/2026"
    [contract] = listed(tmp_path, table)
    assert (contract.title, contract.end) == ("Copier", dt.date(2026, 8, 1))
    assert contract.annual_value == 120_000


# --- extensions


def test_several_extensions_in_columns_of_their_own_are_added_up(tmp_path: Path) -> None:
    table = """
    Title|Supplier|End|Extension 1 (months)|Extension 2 (months)|Extension 3 (months)
    Signs|Arrow Ltd|31/03/2026|12|12|
    Lines|White Ltd|31/03/2026|6||
    Posts|Wood Ltd|31/03/2026|12|TBC|
    """
    register = read(tmp_path, table)
    latest = [entry.contract.extended_end for entry in register.entries]
    assert latest == [dt.date(2028, 3, 31), dt.date(2026, 9, 30), None]
    assert register.open_extensions == {4}


def test_whether_a_contract_can_be_extended_stands_in_where_nothing_says_how_long(
    tmp_path: Path,
) -> None:
    table = """
    Title|Supplier|End|Option to Extend|Period of Extension
    Signs|Arrow Ltd|31/03/2026|Yes|2 years
    Lines|White Ltd|31/03/2026|No|
    Posts|Wood Ltd|31/03/2026|Yes|
    """
    register = read(tmp_path, table)
    latest = [entry.contract.extended_end for entry in register.entries]
    assert latest == [dt.date(2028, 3, 31), dt.date(2026, 3, 31), None]
    assert [gap.text for gap in register.unread] == ["Yes"]


def test_extensions_after_the_end_are_read(tmp_path: Path) -> None:
    [contract] = listed(tmp_path, "Title|Supplier|End\nSigns|Arrow Ltd|31/03/2026 + 2 years")
    assert (contract.end, contract.extended_end) == (dt.date(2026, 3, 31), dt.date(2028, 3, 31))


def test_an_end_with_an_extension_is_not_the_end(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Initial end|1st extension end date|2nd extension end date
    Signs|Arrow Ltd|31/03/2025|31/03/2026|31/03/2027
    Lines|White Ltd|31/03/2025|31/03/2026|
    """
    days = [(each.end, each.extended_end) for each in listed(tmp_path, table)]
    assert days[0] == (dt.date(2025, 3, 31), dt.date(2027, 3, 31))
    assert days[1] == (dt.date(2025, 3, 31), dt.date(2026, 3, 31))


# --- amounts


def test_a_value_for_a_year_is_the_annual_value(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Value|End
    Signs|Arrow Ltd|£25,000 per annum|31/03/2026
    Lines|White Ltd|£25k|31/03/2026
    """
    values = [(each.value, each.annual_value) for each in listed(tmp_path, table)]
    assert values == [(None, 2_500_000), (2_500_000, None)]


def test_an_annual_value_for_the_whole_contract_is_a_gap(tmp_path: Path) -> None:
    table = "Title|Supplier|Annual value|End\nSigns|Arrow Ltd|£90,000 over 3 years|31/03/2026"
    register = read(tmp_path, table)
    assert register.entries[0].contract.annual_value is None
    assert [gap.reason for gap in register.unread] == ["is for the whole contract, not for a year"]


@pytest.mark.parametrize("text", ["TBC", "Rates", "Various", "Up to £50,000", "£10,000 - £25,000"])
def test_a_column_of_values_in_words_alone_is_not_passed_over(tmp_path: Path, text: str) -> None:
    table = f"Ref|Title|Supplier|Contract Value|End\n1|Signs|Arrow Ltd|{text}|31/03/2026"
    assert [gap.text for gap in read(tmp_path, table).unread] == [text]


@pytest.mark.parametrize("heading", ["Amount per year", "Yearly cost", "Annual contract price"])
def test_an_amount_a_year_is_no_value_of_the_whole(tmp_path: Path, heading: str) -> None:
    table = f"Title|Supplier|{heading}|End\nSigns|Arrow Ltd|£5,000|31/03/2026"
    [contract] = listed(tmp_path, table)
    assert (contract.value, contract.annual_value) == (None, 500_000)


@pytest.mark.parametrize("heading", ["Cost per month", "Value per week", "Value Low"])
def test_an_amount_for_another_time_or_a_bound_is_no_value(tmp_path: Path, heading: str) -> None:
    table = f"Title|Supplier|{heading}|End\nSigns|Arrow Ltd|£5,000|31/03/2026"
    [contract] = listed(tmp_path, table)
    assert (contract.value, contract.annual_value) == (None, None)


# --- suppliers


def test_suppliers_of_a_framework_in_rows_of_their_own_are_joined(tmp_path: Path) -> None:
    table = """
    Ref|Title|Supplier|Value|Start|End
    F1|Minor works|Alpha Ltd|£2,000,000|01/04/2023|31/03/2027
    ||Beta Ltd|||
    ||Gamma Ltd|||
    F2|Training|Learn Ltd|£80,000|01/09/2023|31/08/2025
    """
    register = read(tmp_path, table)
    suppliers = [entry.contract.supplier for entry in register.entries]
    assert suppliers == ["Alpha Ltd; Beta Ltd; Gamma Ltd", "Learn Ltd"]
    reason = "a further supplier of the contract in row 2"
    assert [(each.row, each.reason) for each in register.aside] == [(3, reason), (4, reason)]


def test_a_supplier_with_a_value_of_its_own_has_the_contract_and_days_above(
    tmp_path: Path,
) -> None:
    table = """
    Ref|Title|Supplier|Value|Start|End
    F1|Highways|Tar Ltd|£500|01/04/2024|31/03/2028
    ||Kerb Ltd|£300||
    """
    register = read(tmp_path, table)
    second = register.entries[1].contract
    assert (second.reference, second.title, second.supplier) == ("F1", "Highways", "Kerb Ltd")
    assert (second.value, second.end) == (30_000, dt.date(2028, 3, 31))
    assert [(gap.row, gap.field, gap.text) for gap in register.unread] == [(3, "Title", "Kerb Ltd")]


def test_what_is_packed_into_one_column_is_read_by_the_parts_of_its_heading(
    tmp_path: Path,
) -> None:
    # The bar stands between the parts here, and between cells elsewhere.
    path = tmp_path / "register.csv"
    path.write_text(
        "Title,Suitable for SME,Supplier [Name|Ref Number|Is SME|Is VCSE],End Date\n"
        "Shelters,Yes,[Shade Ltd|01234567|No|No],31/03/2026\n"
        "Buses,Yes,[Wheels Ltd|02345678|Yes|No][Ride On||Yes|No],31/03/2027\n",
        encoding="utf-8",
    )
    [register] = contracts.read(path)
    found = [entry.contract for entry in register.entries]
    assert [each.supplier for each in found] == ["Shade Ltd", "Wheels Ltd; Ride On"]
    assert (found[0].sme, found[0].voluntary) == (False, False)
    assert [(gap.row, gap.text) for gap in register.unread] == [
        (3, "Yes; Yes"),
        (3, "No; No"),
    ]


def test_whom_a_contract_suits_is_not_who_has_it(tmp_path: Path) -> None:
    table = "Title|Supplier|Suitable for SME|Suitable for VCO|End\nSigns|Arrow|Yes|Yes|31/03/2026"
    [contract] = listed(tmp_path, table)
    assert (contract.sme, contract.voluntary) == (None, None)


@pytest.mark.parametrize(
    ("text", "number", "flag"), [("Y", "", True), ("1012345", "1012345", None)]
)
def test_a_column_headed_charity_has_flags_or_numbers(
    tmp_path: Path, text: str, number: str, flag: bool | None
) -> None:
    register = read(tmp_path, f"Title|Supplier|Charity|End\nLunch|Bunch|{text}|31/03/2026")
    [entry] = register.entries
    assert (entry.charity, entry.contract.voluntary) == (number, flag)


def test_values_that_name_kinds_of_supplier_tell_the_column(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Business type|End
    Signs|Arrow Ltd|SME|31/03/2026
    Lines|White plc|Large|31/03/2026
    Lunch|Bunch|Charity|31/03/2026
    """
    kinds = [(each.sme, each.voluntary) for each in listed(tmp_path, table)]
    assert kinds == [(True, None), (False, None), (None, True)]


@pytest.mark.parametrize("heading", ["Other parties to the contract", "Account Name", "Provider"])
def test_whom_a_contract_is_with_is_its_supplier(tmp_path: Path, heading: str) -> None:
    table = f"Title|{heading}|End\nSigns|Arrow Ltd|31/03/2026\nLines|White plc|31/03/2026"
    assert [each.supplier for each in listed(tmp_path, table)] == ["Arrow Ltd", "White plc"]


def test_a_remark_below_the_contracts_is_no_contract(tmp_path: Path) -> None:
    table = """
    Title|Supplier|Start|End|Value
    Signs|Arrow Ltd|01/04/2024|31/03/2026|£9
    ||||
    Prepared by the team|team@madeup.gov.uk|||
    """
    register = read(tmp_path, table)
    assert [entry.row for entry in register.entries] == [2]
    assert "two cells are filled" in register.aside[-1].reason
    assert register.rows == 3
