"""Which contract is which: ids that belong to the contract itself, not to its neighbours.

Registers give several contracts one reference: lots, call-offs, renewals. What an officer decided
on one of them must not come to stand beside another, whichever of them leave or join. A contract
is therefore found again by its reference, title, supplier and start; only one that is found nowhere
gets an id, with as much of those as it takes to tell it apart: `S1196 · Lot 2 cleaning`.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.suppliers import names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from commissioning.council.figures import Contract

_BETWEEN = " · "
#: What may stand in an id behind its reference: more of the contract, or the number that earlier
#: versions gave it.
_LONGER = re.compile(rf"(?:{re.escape(_BETWEEN)}.*| \(\d+\))?", re.DOTALL)


class Standing(NamedTuple):
    """A contract that a workbook has.

    Attributes:
        identity: its id there.
        is_of: whether its title, supplier and start are those of a contract.
        is_unchanged: whether all of it is as a contract's.
        gone: whether it was no longer in the register last time.
    """

    identity: str
    is_of: Callable[[Contract], bool]
    is_unchanged: Callable[[Contract], bool]
    gone: bool = False


class Named(NamedTuple):
    """Contracts with their ids, and what may be the same but could not be told.

    Attributes:
        contracts: each with its id in place of its reference.
        doubtful: ids of the workbook that no contract was found for -> ids that were new to
            contracts of the same reference.
    """

    contracts: Sequence[Contract]
    doubtful: Mapping[str, Sequence[str]]


def named(contracts: Sequence[Contract], standing: Sequence[Standing]) -> Named:
    """Give every contract the id that it has in the workbook, or one of its own.

    Args:
        contracts: of a register; one that stands there twice in all its words counts once.
        standing: those that the workbook has.
    """
    listed = sorted(
        dict.fromkeys(each._replace(reference=each.reference or each.title) for each in contracts),
        key=_order,
    )
    there = _by_reference({each.reference.casefold() for each in listed}, standing)
    known = dict(_found_again(listed, there))
    added = [each for each in listed if each not in known]
    ids = known | _new(listed, added, {each.identity for each in standing})
    found = set(known.values())
    doubtful: defaultdict[str, list[str]] = defaultdict(list)
    for contract in added:
        for each in there[contract.reference.casefold()]:
            if each.identity not in found and not each.gone:
                doubtful[each.identity].append(ids[contract])
    return Named([each._replace(reference=ids[each]) for each in listed], doubtful)


def _order(contract: Contract) -> tuple[str, ...]:
    """An order that is not that of the register: who does what from when, before its money."""
    days = (contract.start, contract.end, contract.review, contract.extended_end)
    texts = (contract.reference, contract.title, contract.supplier)
    return (*texts, *map(str, (*days, contract.service, contract.value, contract.annual_value)))


def _by_reference(
    references: Collection[str], standing: Sequence[Standing]
) -> Mapping[str, Sequence[Standing]]:
    """The contracts of the workbook whose ids were made from each reference, in lower case."""
    ordered = sorted(standing, key=lambda each: each.identity.casefold())
    ids = [each.identity.casefold() for each in ordered]
    found = {}
    for reference in references:
        first = bisect_left(ids, reference)
        until = first
        while until < len(ids) and ids[until].startswith(reference):
            until += 1
        found[reference] = [
            ordered[place]
            for place in range(first, until)
            if _LONGER.fullmatch(ids[place], len(reference))
        ]
    return found


def _found_again(
    contracts: Sequence[Contract], standing: Mapping[str, Sequence[Standing]]
) -> Iterator[tuple[Contract, str]]:
    """The contracts that the workbook has, each with its id there."""
    alike: defaultdict[tuple[object, ...], list[Contract]] = defaultdict(list)
    for each in contracts:
        who = (names.words(each.title), names.key(each.supplier), each.start)
        alike[each.reference.casefold(), *who].append(each)
    taken: set[str] = set()
    for (reference, *_), group in alike.items():
        there = [
            each
            for each in standing[str(reference)]
            if each.identity not in taken and each.is_of(group[0])
        ]
        for contract, identity in _paired(group, sorted(there, key=lambda each: each.gone)):
            # It may be made from the reference of another contract too.
            taken.add(identity)
            yield contract, identity


def _paired(group: list[Contract], there: list[Standing]) -> Iterator[tuple[Contract, str]]:
    """Pair contracts of one reference, title, supplier and start with those in the workbook."""
    rest = []
    for contract in group:
        same = next((each for each in there if each.is_unchanged(contract)), None)
        if same is None:
            rest.append(contract)
        else:
            there.remove(same)
            yield contract, same.identity
    # Of one alone, money and days may have changed; of several, nobody can tell which is which.
    left = [each for each in there if not each.gone] or there
    if len(rest) == len(left) == 1:
        yield rest[0], left[0].identity


def _new(
    contracts: Sequence[Contract], added: Sequence[Contract], standing: set[str]
) -> dict[Contract, str]:
    """Ids for the contracts that are new, no longer than it takes to tell them apart."""
    counts = Counter(text.casefold() for each in contracts for text in set(_texts(each)))
    taken, found = {each.casefold() for each in standing}, {}
    for contract in added:
        *_, longest = texts = _texts(contract)
        numbered = (f"{longest} ({number})" for number in itertools.count(2))
        apart = (text for text in texts if counts[text.casefold()] == 1)
        free = itertools.chain(apart, [longest], numbered)
        found[contract] = next(each for each in free if each.casefold() not in taken)
        taken.add(found[contract].casefold())
    return found


def _texts(contract: Contract) -> list[str]:
    """What may be a contract's id, the shortest first."""
    start = contract.start.isoformat() if contract.start else ""
    said = (contract.reference, contract.title, contract.supplier, start)
    each = list(filter(None, dict.fromkeys(said)))
    return [_BETWEEN.join(each[:many]) for many in range(1, len(each) + 1)]
