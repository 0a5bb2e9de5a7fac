"""What was decided on a contract stays with it, whichever others leave, join or change places."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from commissioning.council.contracts.identity import Standing, named
from commissioning.council.figures import Contract

_DAYS = st.sampled_from([None, dt.date(2021, 4, 1), dt.date(2024, 4, 1)])
_CONTRACTS = st.builds(
    Contract,
    reference=st.sampled_from(["S1", "S1", "S1 (2)", "S1 · Lot 1", "S", ""]),
    title=st.sampled_from(["Lot 1", "Lot 2", "Lot 1 (2)", "Cleaning"]),
    supplier=st.sampled_from(["", "Quill", "Fenbrook"]),
    service=st.just(""),
    value=st.sampled_from([None, 100, 200]),
    annual_value=st.none(),
    start=_DAYS,
    end=_DAYS,
    review=st.none(),
    extended_end=st.none(),
    sme=st.none(),
    voluntary=st.none(),
)
_REGISTERS = st.lists(st.lists(_CONTRACTS, max_size=6), min_size=1, max_size=5)


def _who(contract: Contract) -> tuple[object, ...]:
    return contract.title, contract.supplier, contract.start


def _contract(reference: str, title: str, supplier: str, value: int | None = None) -> Contract:
    days = (None, None, None, None)
    return Contract(reference, title, supplier, "", value, None, *days, None, None)


def _standing(known: dict[str, Contract], register: dict[str, Contract]) -> list[Standing]:
    """What a workbook has after an import."""
    return [
        Standing(
            identity,
            partial(lambda held, other: _who(held) == _who(other), held),
            partial(lambda held, other: held[1:] == other[1:], held),
            identity not in register,
        )
        for identity, held in known.items()
    ]


@given(_REGISTERS)
def test_an_id_never_passes_to_another_title_supplier_or_start(
    registers: list[list[Contract]],
) -> None:
    known: dict[str, Contract] = {}
    register: dict[str, Contract] = {}
    for contracts in registers:
        found = named(contracts, _standing(known, register)).contracts
        register = {each.reference: each for each in found}
        for identity in register.keys() & known.keys():
            assert _who(register[identity]) == _who(known[identity])
        known |= register


@given(_REGISTERS)
def test_every_contract_has_an_id_of_its_own_and_none_is_left_out(
    registers: list[list[Contract]],
) -> None:
    known: dict[str, Contract] = {}
    for contracts in registers:
        found = named(contracts, _standing(known, {})).contracts
        ids = {each.reference.casefold() for each in found}
        assert len(ids) == len(
            {each._replace(reference=each.reference or each.title) for each in contracts}
        )
        known |= {each.reference: each for each in found}


@given(
    st.lists(
        _CONTRACTS.filter(lambda each: each.reference in {"S1", "S", ""}),
        unique_by=lambda each: (each.reference or each.title, *_who(each)),
        max_size=8,
    ),
    st.data(),
)
def test_who_is_alone_keeps_the_id_whatever_becomes_of_others_and_of_money_and_end(
    contracts: list[Contract], data: st.DataObject
) -> None:
    numbered = [each._replace(service=str(number)) for number, each in enumerate(contracts)]
    flags = st.lists(st.booleans(), min_size=len(numbered), max_size=len(numbered))
    first, later = (list(compress(numbered, data.draw(flags))) for _ in range(2))
    before = {each.service: each for each in named(first, []).contracts}
    known = {each.reference: each for each in before.values()}
    changed = [each._replace(value=900, end=dt.date(2030, 1, 1)) for each in later]
    after = {each.service: each for each in named(changed, _standing(known, known)).contracts}
    for service in before.keys() & after.keys():
        assert after[service].reference == before[service].reference


def test_a_lot_is_named_by_as_much_as_it_takes() -> None:
    lots = [
        _contract("S1196", "Lot 1", "Quill"),
        _contract("S1196", "Lot 2", "Quill"),
        _contract("S1196", "Lot 2", "Fenbrook"),
        _contract("S1200", "Lot 1", "Quill"),
    ]
    assert [each.reference for each in named(lots, []).contracts] == [
        "S1196 · Lot 1",
        "S1196 · Lot 2 · Fenbrook",
        "S1196 · Lot 2 · Quill",
        "S1200",
    ]


def test_of_two_that_are_alike_nobody_guesses_which_is_which() -> None:
    def contract(value: int) -> Contract:
        return _contract("S1", "Lot", "Quill", value)

    before = {each.reference: each for each in named([contract(1), contract(2)], []).contracts}
    assert list(before) == ["S1 · Lot · Quill", "S1 · Lot · Quill (2)"]
    after = named([contract(3)], _standing(before, before))
    assert [each.reference for each in after.contracts] == ["S1"]
    assert after.doubtful == {each: ["S1"] for each in before}
    assert named([contract(2)], _standing(before, before)).contracts[0].reference == (
        "S1 · Lot · Quill (2)"
    )
