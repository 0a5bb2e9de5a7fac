"""The market: what was paid, to how many, how concentrated, and what counts as local.

All functions are pure and take lines: a table with one row for each supplier (`key`), service and
financial year, and its `pence` (net of credit notes), `payments`, and `provider`, the code of the
supplier's type (the officer's decision, else the suggestion). Sums are of whole pence; only a
share divides, last. The workbook's tables Market and Services hold the same, as formulas over its
table of lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commissioning.council.spend.concentration import hhi, share_of_largest
from commissioning.council.suppliers.names import NOT_GIVEN, key
from commissioning.council.suppliers.types import REDACTED, TYPES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

#: An outward code, such as M5 or EC1A, and perhaps the inward one, blanks aside.
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?:\d[A-Z]{2})?")


def by_provider(lines: pd.DataFrame) -> pd.DataFrame:
    """What was paid by provider type: a row for each of `types.TYPES`, paid or not.

    Returns:
        A table of the columns

        - provider: code of the type;
        - pence, payments: the sums over its lines;
        - suppliers: different suppliers with a line that is not nil. A name that is redacted or
          not given stands for any number of suppliers and counts as none;
        - of_all: share of the sum over all lines;
        - of_known: share of the sum over lines whose type is neither unknown nor redacted; empty
          for those two. They are not spread over the rest.

        Shares are fractions of net sums, empty where the whole is 0.
    """
    counted = lines.assign(suppliers=lines["key"].where(_is_named(lines) & (lines["pence"] != 0)))
    found = counted.groupby("provider").agg(
        pence=("pence", "sum"), payments=("payments", "sum"), suppliers=("suppliers", "nunique")
    )
    found = found.reindex(list(TYPES), fill_value=0).rename_axis("provider")
    hidden = found.index.isin([UNKNOWN, REDACTED])
    pence = found["pence"]
    of_known = _shares(pence, int(pence[~hidden].sum())).mask(hidden)
    return found.assign(of_all=_shares(pence, int(pence.sum())), of_known=of_known).reset_index()


def by_service(lines: pd.DataFrame) -> pd.DataFrame:
    """What was paid for each service in each financial year, and how concentrated that is.

    Returns:
        A table in the order of money, most first, of the columns

        - service, year: as in the lines;
        - pence, payments: the sums over their lines;
        - suppliers: named suppliers with a net sum above 0;
        - hhi, largest: concentration of what was paid to these, and share of the four largest, a
          fraction (see the module `concentration`); empty where there are none. Who is redacted
          or not given cannot be told apart and is left out, and so are net credits.
    """
    counted = lines.assign(named=lines["pence"].where(_is_named(lines), 0))
    found = counted.groupby(["service", "year"], dropna=False).agg(
        pence=("pence", "sum"),
        payments=("payments", "sum"),
        suppliers=("named", lambda paid: (paid > 0).sum()),
        hhi=("named", lambda paid: _of_paid(hhi, paid)),
        largest=("named", lambda paid: _of_paid(share_of_largest, paid)),
    )
    ordered = found.sort_values("pence", ascending=False, kind="stable")
    return ordered.reset_index()


def _of_paid(measure: Callable[[list[int]], float], paid: pd.Series[int]) -> float | None:
    """A measure of concentration; None where nobody was paid more than nothing."""
    return measure(paid.tolist()) if (paid > 0).any() else None


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


def _shares(pence: pd.Series[int], whole: int) -> pd.Series[float]:
    return pence.map(lambda part: _share(part, whole)).astype(float)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
