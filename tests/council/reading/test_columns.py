"""Which column is which: headings in their words, contents, and the choice as a whole."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.reading import columns, headings
from commissioning.council.reading.columns import Field, letter, parse_overrides, recognise
from commissioning.council.reading.content import Kind
from commissioning.council.reading.matching import best_pairs
from commissioning.council.reading.words import words
from commissioning.council.spend.fields import FIELDS
from commissioning.errors import LocalisError


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Vendor Name", "supplier name"),
        ("PAYEE_NAME", "supplier name"),
        ("suppliername", "supplier name"),
        ("Benificiary", "supplier"),
        ("TransNo", "transaction number"),
        ("Date of Payment", "date payment"),
        ("Pmt Date", "payment date"),
        ("G/L Descripition", "ledger description"),
        ("Amount (£) net of VAT", "amount excluding vat"),
        ("VAT that cannot be recovered", "vat irrecoverable"),
        ("Non-recoverable VAT", "irrecoverable vat"),
        ("ï»¿Organisational Unit", "organisation unit"),
        ("Contact", "contact"),
        ("£", "pounds"),
        ("", ""),
    ],
)
def test_a_heading_is_brought_to_one_form(heading: str, meaning: str) -> None:
    assert words(heading) == tuple(meaning.split())


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 9).map(float), min_size=width, max_size=width),
            min_size=1,
            max_size=4,
        )
    )
)
def test_the_pairs_chosen_are_worth_most_together(worth: list[list[float]]) -> None:
    found = best_pairs(worth)
    assert len(set(found.values())) == len(found)
    width = len(worth[0])
    spare = [*range(width), *[-1] * len(worth)]
    best = max(
        sum(worth[row][at] for row, at in enumerate(chosen) if at >= 0)
        for chosen in permutations(spare, len(worth))
    )
    assert sum(worth[row][at] for row, at in found.items()) == best


def chosen(heads: list[str], *rows: tuple[str, ...]) -> dict[str, str]:
    found = recognise(heads, rows * 30, FIELDS)
    return {code: letter(each.column) for code, each in found.choices.items()}


def test_of_two_columns_of_one_name_the_one_with_names_is_the_supplier() -> None:
    heads = ["Supplier Name", "Supplier Name", "Net Amount", "Payment Date"]
    found = chosen(heads, ("200227", "Ash Ltd", "12.50", "01/04/2017"))
    assert (found["beneficiary"], found["supplier number"]) == ("B", "A")


def test_the_amount_without_vat_goes_before_others() -> None:
    heads = ["Payee", "Invoice Amount", "VAT Amount", "Net Amount", "Paid Date", "Invoice Date"]
    row = ("Ash Ltd", "120.00", "20.00", "100.00", "02/04/2017", "01/03/2017")
    found = chosen(heads, row)
    assert (found["amount"], found["date"], found["beneficiary"]) == ("D", "E", "A")


def test_a_column_without_heading_is_told_by_its_values() -> None:
    found = chosen(["Supplier", "", ""], ("Ash Ltd", "12.50", "01/04/2017"))
    assert (found["amount"], found["date"]) == ("B", "C")


def test_a_company_that_is_always_the_same_is_whose_file_it_is() -> None:
    heads = ["Company", "Paid To", "Amount"]
    rows = [("Any Council", f"Firm {n} Ltd", f"{n}.50") for n in range(30)]
    assert recognise(heads, rows, FIELDS).column("beneficiary") == 1
    several = [(f"Firm {n} Ltd", "Place", f"{n}.50") for n in range(30)]
    assert recognise(["Company", "Area", "Amount"], several, FIELDS).column("beneficiary") == 0


def test_the_reason_names_the_heading_the_values_and_what_was_passed_over() -> None:
    heads = ["Supplier", "Net Amount", "Amount"]
    found = recognise(heads, [("Ash Ltd", "10.00", "12.00")] * 5, FIELDS)
    reason = found.choices["amount"].reason
    assert reason.startswith("by its heading; 100% of the 5 values looked at are amounts")
    assert reason.endswith('rather than "Amount"')


def test_a_field_that_is_needed_and_has_no_column_is_missing() -> None:
    found = recognise(["Colour", "Size"], [("red", "large")] * 5, FIELDS)
    assert {each.code for each in found.missing} >= {"amount"}


def test_an_override_is_not_doubted_by_heading_or_letter() -> None:
    heads = ["Supplier", "Net Amount", "Gross Amount", "Date"]
    rows = [("Ash Ltd", "10.00", "12.00", "01/04/2017")] * 5
    for wanted in ("gross amount", "C"):
        found = recognise(heads, rows, FIELDS, overrides={"amount": wanted})
        assert found.column("amount") == 2
        assert found.choices["amount"].reason == "named with --columns"


def test_overrides_are_read_from_the_command_line() -> None:
    found = parse_overrides('amount="Net Amount, £",date=Paid', FIELDS)
    assert found == {"amount": "Net Amount, £", "date": "Paid"}
    assert parse_overrides(None, FIELDS) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("amount", "is not a field and its column"),
        ("colour=Red", "'colour' is no field"),
        ("amount=", "is not a field and its column"),
        ("gross=Total", "'gross' is no field"),
    ],
)
def test_a_wrong_override_is_refused(text: str, reason: str) -> None:
    with pytest.raises(LocalisError, match=reason):
        parse_overrides(text, FIELDS)


def test_an_override_that_names_no_column_tells_the_columns() -> None:
    with pytest.raises(
        LocalisError, match=r'spend.csv has no column .*there are "Supplier", column B'
    ):
        recognise(["Supplier", ""], [], FIELDS, overrides={"amount": "Net"}, where="spend.csv")


def test_a_heading_of_several_lines_is_named_in_one() -> None:
    assert columns.name_of("Net\n Amount ", 0) == '"Net Amount"'
    assert columns.name_of(" \n", 1) == "column B"


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == (
        ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    )


def test_what_says_nothing_is_worth_nothing() -> None:
    field = Field("x", "X", Kind.TEXT, sure=("colour",))
    assert columns.heading_worth(field, "Colour", frozenset(["colour"])) == 1
    assert columns.heading_worth(field, "", frozenset(["colour"])) == 0


# --- where the headings are

_ROW = ["Ash Ltd", "01/04/2017", "12.50"]


def test_headings_are_found_below_titles_and_blank_rows() -> None:
    rows = [["Payments to suppliers over £500"], [], ["April 2017"], ["Supplier", "Date", "Amount"]]
    found = headings.find([*rows, _ROW, _ROW], FIELDS)
    assert (found.first, found.body, found.names) == (3, 4, ("Supplier", "Date", "Amount"))


def test_headings_over_two_rows_are_joined_and_a_group_goes_with_each_of_its_columns() -> None:
    rows = [["Supplier", "", "Amount", "", ""], ["Name", "Number", "Gross", "VAT", "Net"]]
    found = headings.find([*rows, ["Ash Ltd", "1234", "12.00", "2.00", "10.00"]], FIELDS)
    assert found.names == ("Supplier Name", "Supplier Number", "Amount Gross", "VAT", "Net")


def test_a_table_without_headings_begins_with_its_values() -> None:
    found = headings.find([["Cash list"], _ROW, _ROW, _ROW], FIELDS)
    assert not found.are_there
    assert found.body == 1
    assert found.names == ("", "", "")


def test_headings_in_words_that_nobody_knows_are_headings_all_the_same() -> None:
    found = headings.find([["Wer", "Wann", "Wieviel"], _ROW, _ROW], FIELDS)
    assert found.are_there
    assert found.names == ("Wer", "Wann", "Wieviel")


def test_headings_said_again_are_told_from_values() -> None:
    names = ("Supplier", "Date", "Amount")
    assert headings.repeats(["SUPPLIER", " Date", "Amount "], names)
    assert not headings.repeats(_ROW, names)
    assert not headings.repeats(["", "", ""], names)
