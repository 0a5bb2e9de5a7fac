"""Who pays: the names of councils, as far as they are one and the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from commissioning.council.suppliers.names import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Words that say what kind of body it is, not which.
_KINDS = frozenset(
    (
        *("AUTHORITY", "BC", "BOROUGH", "CBC", "CC", "CITY", "CORPORATION", "COUNCIL", "COUNTY"),
        *("DC", "DISTRICT", "LB", "LBC", "LOCAL", "LONDON", "MBC", "MDC", "METROPOLITAN", "RB"),
        *("ROYAL", "TOWN", "UNITARY"),
    )
)
_SMALL = frozenset(("AND", "OF", "THE"))


def alike(name: str, other: str) -> bool:
    """Whether two names can be those of one council: "LB Camden", "London Borough of Camden".

    A short form in initials, such as BCP Council, is one of a name with these initials.
    """
    one, two = _proper(name), _proper(other)
    if not one or not two or set(one) == set(two):
        return True
    return _abbreviates(one, other) or _abbreviates(two, name)


def agreed(names: Iterable[str]) -> str | None:
    """The council that more than half of the names are of, in its most frequent form, if one is.

    A council publishes payments of its own company, or of a council before it, beside its own.
    """
    counts = Counter(name for name in names if name)
    if not counts:
        return None
    most = min(counts, key=lambda name: (-counts[name], name))
    same = sum(count for name, count in counts.items() if alike(most, name))
    return most if 2 * same > counts.total() else None


def _proper(name: str) -> list[str]:
    """The words by which a council is told from others."""
    return [word for word in words(name).split() if word not in _KINDS | _SMALL]


def _abbreviates(short: list[str], name: str) -> bool:
    initials = "".join(word[0] for word in words(name).split() if word not in _SMALL)
    return len(short) == 1 and len(short[0]) > 1 and initials.startswith(short[0])
