from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.suppliers.names import key, words

#: Spellings of one supplier, a line each.
SAME = (
    ("Wexcombe Care Ltd", "WEXCOMBE CARE LTD.", "Wexcombe  Care Limited", "wex-combe care ltd"),
    ("J.J. Orrell & Co Ltd", "J J ORRELL AND COMPANY LIMITED", "JJ Orrell & Co Ltd"),
    ("O'Dare's Café", "ODARES CAFE", "O\u2019Dare\u2019s Cafe\u0301"),
    ("Marl Homes PLC", "Marl Homes P.L.C.", "MARL HOMES PUBLIC LIMITED COMPANY"),
    ("A Bell T/A Bell Cabs", "A. BELL TRADING AS BELL CABS", "A Bell t/a Bell Cabs"),
    ("Fen\u00a0Trust", "Fen Trust", "Fen\tTrust"),
)
#: Names of two suppliers that are nearly the same.
DIFFERENT = (
    ("Wexcombe Care Ltd", "Wexcombe Care"),
    ("Wexcombe Care Ltd", "Wexcombe Care LLP"),
    ("Marl House 1 Ltd", "Marl House 2 Ltd"),
    ("Unit 1 23", "Unit 12 3"),
    ("Site 1.5", "Site 15"),
    ("The Limes", "Limes"),
    ("A Bell", "A Bell T/A Bell Cabs"),
    ("Acco", "Accompany"),
    ("Fen Trust", "Fen Trusts"),
    ("***", "---"),
    ("Fen+", "Fen"),
)

names = st.text() | st.lists(
    st.sampled_from([*"AB12 .,&/'-+()", " AND ", "CO", "MPANY", "LIMITED", "PUBLIC", "T/A", "LTD"])
).map("".join)


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_supplier_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({key(name) for name in spellings}) == 1


@pytest.mark.parametrize("pair", DIFFERENT)
def test_names_that_may_be_of_two_suppliers_keep_two_keys(pair: tuple[str, str]) -> None:
    assert key(pair[0]) != key(pair[1])


@given(names)
def test_a_keys_key_is_itself_and_is_empty_for_an_empty_name_only(name: str) -> None:
    assert key(key(name)) == key(name)
    assert bool(key(name)) == bool(name)


@given(names)
def test_blanks_between_words_do_not_change_a_key(name: str) -> None:
    if words(name):
        assert key(f" {'  '.join(name.split(' '))} ") == key(name)


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_case_does_not_change_the_key_of_a_name_in_latin_letters(name: str) -> None:
    if words(name):
        assert key(name.upper()) == key(name)


@given(st.text("ABCDEFGHJKMNQRSUVWXZ0123456789", min_size=1), st.text("ABXZ189", min_size=1))
def test_names_of_other_letters_and_digits_have_other_keys(one: str, other: str) -> None:
    assert (key(one) == key(other)) == (one == other)


def test_words_stay_apart_and_short_forms_are_one() -> None:
    name = "St. John\u2019s (Marl) Company Limited T/A The Café & Bar"
    assert words(name) == "ST JOHNS MARL CO LTD TA THE CAFE AND BAR"
