"""The market: what was paid, to how many, how concentrated and how locally.

All functions are pure and take lines: a table with one row for each supplier (`key`), service and
financial year, and its `pence` (net of credit notes), `payments`, and `provider`, the code of the
supplier's type (the officer's decision, else the suggestion). Sums are of whole pence; only a
share divides, last. "A sum" over lines is what SUMIFS gives over the same table in the workbook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.spend.concentration import hhi, share_of_largest
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.types import REDACTED, TYPES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

#: An outward code, such as M5 or EC1A, and perhaps the inward one, blanks aside.
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?:\d[A-Z]{2})?")


class Concentration(NamedTuple):
    """How far a few suppliers have a market.

    Attributes:
        suppliers: named suppliers with a net sum above 0.
        pence: what was paid to them.
        hhi: Herfindahl-Hirschman index, above 0 to 10,000; None where there is no supplier.
        largest: share of the four largest, a fraction; None where there is no supplier.
        coverage: share that `pence` has of the sums above 0, those without a name included;
            None where there is none.
    """

    suppliers: int
    pence: int
    hhi: float | None
    largest: float | None
    coverage: float | None


class Locality(NamedTuple):
    """How much was paid locally.

    Attributes:
        pence: all that was paid.
        placed: of it, with a postcode.
        local: of that, with a local one.
    """

    pence: int
    placed: int
    local: int

    @property
    def share(self) -> float | None:
        """What is local of what has a postcode; None where nothing has one."""
        return _share(self.local, self.placed)

    @property
    def coverage(self) -> float | None:
        """What has a postcode of all; None where the sum is 0."""
        return _share(self.placed, self.pence)


def spend(lines: pd.DataFrame, *by: str) -> pd.DataFrame:
    """What was paid by one or more of provider, service and year, in their order.

    - pence, payments: the sums over the lines of a row;
    - suppliers: different suppliers with a line there that is not nil. A name that is redacted or
      not given stands for any number of suppliers and counts as none.
    """
    counted = lines.assign(suppliers=lines["key"].where(_is_named(lines) & (lines["pence"] != 0)))
    grouped = counted.groupby(list(by), dropna=False, sort=True)
    return grouped.agg(
        pence=("pence", "sum"), payments=("payments", "sum"), suppliers=("suppliers", "nunique")
    ).reset_index()


def by_provider(lines: pd.DataFrame) -> pd.DataFrame:
    """What was paid by provider type: a row for each of `types.TYPES`, paid or not.

    The columns of `spend`, and

    - of_all: share of the sum over all lines;
    - of_known: share of the sum over lines whose type is neither unknown nor redacted; empty for
      those two. They are not spread over the rest.

    Shares are fractions of net sums, empty where the whole is 0.
    """
    found = spend(lines, "provider").set_index("provider")
    found = found.reindex(list(TYPES), fill_value=0).rename_axis("provider")
    hidden = found.index.isin([UNKNOWN, REDACTED])
    pence = found["pence"]
    of_known = _shares(pence, int(pence[~hidden].sum())).mask(hidden)
    return found.assign(of_all=_shares(pence, int(pence.sum())), of_known=of_known).reset_index()


def concentration(lines: pd.DataFrame) -> Concentration:
    """Concentration over the lines given, such as those of one service and financial year.

    Of each named supplier counts the net sum over these lines, and nothing where credit notes
    make it negative. Who is redacted or not given cannot be told apart and is left out; the
    coverage says how much that is. The measures are those of the module `concentration`.
    """
    named = _is_named(lines)
    sums, others = _above_zero(lines[named]), _above_zero(lines[~named])
    total = sum(sums)
    coverage = _share(total, total + sum(others))
    if not sums:
        return Concentration(0, 0, None, None, coverage)
    return Concentration(len(sums), total, hhi(sums), share_of_largest(sums), coverage)


def concentrations(lines: pd.DataFrame) -> dict[str, Concentration]:
    """The concentration of each service over the lines given, by the service's name."""
    return {str(name): concentration(own) for name, own in lines.groupby("service", sort=True)}


def locality(lines: pd.DataFrame) -> Locality:
    """What is local over lines with the columns `placed` and `local` of `totals.lines`."""
    return Locality(*(int(lines[name].sum()) for name in ("pence", "placed", "local")))


def outward(postcode: str) -> str | None:
    """The outward code of a postcode, whole or outward alone; None for anything else."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", postcode).upper())
    return found[1] if found else None


def is_local(postcode: str, areas: Collection[str]) -> bool:
    """Whether a postcode is in one of the areas: outward codes ("M5") or postcode areas ("M")."""
    code = outward(postcode)
    return code is not None and (code in areas or re.split(r"\d", code)[0] in areas)


def _is_named(lines: pd.DataFrame) -> pd.Series[bool]:
    return (lines["provider"] != REDACTED) & (lines["key"] != key(NOT_GIVEN))


def _above_zero(lines: pd.DataFrame) -> list[int]:
    """The net sums of suppliers as far as they are above 0."""
    sums: Iterable[int] = lines.groupby("key")["pence"].sum().tolist()
    return [each for each in sums if each > 0]


def _shares(pence: pd.Series[int], whole: int) -> pd.Series[float]:
    return pence.map(lambda part: _share(part, whole)).astype(float)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
