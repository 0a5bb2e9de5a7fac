"""Figures of a council's own for the filled example: suppliers, contracts and survey, made up."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from typing import TYPE_CHECKING

from commissioning.council.figures import (
    Contract,
    ImportedFile,
    Own,
    PaidMonth,
    Spend,
    SpendLine,
    Supplier,
)
from commissioning.council.suppliers.names import key

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEARS = (2025, 2026)

#: The second year has come as far as October when the example is made.
_PAID_UNTIL = dt.date(2026, 10, 31)
_HELD_IN = "Example of a filled workbook payments.parquet"

#: Name -> provider type and reason, payments in two years, and services with a weight.
_SUPPLIERS: dict[str, tuple[str, str, int, dict[str, float]]] = {
    "Fenbrook Care Homes Ltd": ("private", "Name has LTD", 96, {"Adult social care": 9}),
    "Sandborough Homecare Ltd": ("SME", "Flagged as SME in the file", 88, {"Adult social care": 6}),
    "Marrow Lane Carers CIC": ("VCS", "Name has CIC", 52, {"Adult social care": 3}),
    "Age Support Sandborough": ("VCS", "Charity number in the file", 24, {"Adult social care": 1}),
    "Harthill Supported Living Ltd": ("private", "Name has LTD", 60, {"Adult social care": 5}),
    "Northmoor Fostering plc": ("private", "Name has PLC", 71, {"Children's services": 7}),
    "Little Oaks Residential Ltd": (
        "SME",
        "Flagged as SME in the file",
        40,
        {"Children's services": 5},
    ),
    "Sandborough Youth Trust": (
        "VCS",
        "Charity number in the file",
        31,
        {"Children's services": 2},
    ),
    "Barrowdale County Council": (
        "other-public",
        "Name has COUNCIL",
        18,
        {"Children's services": 3},
    ),
    "Greenway Refuse plc": ("large", "Flagged as no SME in the file", 48, {"Environment": 12}),
    "Sandborough Services Ltd": ("private", "Name has LTD", 36, {"Environment": 6, "Housing": 4}),
    "Turnpike Surfacing Ltd": ("SME", "Flagged as SME in the file", 29, {"Highways": 6}),
    "Hollis & Daughters Paving": ("SME", "Flagged as SME in the file", 17, {"Highways": 2}),
    "Meridian Lighting Group plc": ("large", "Flagged as no SME in the file", 26, {"Highways": 5}),
    "Fairstead Housing Association": ("VCS", "Name has HOUSING ASSOCIATION", 33, {"Housing": 5}),
    "Oakroyd Roofing": ("unknown", "Nothing tells", 12, {"Housing": 1}),
    "Sandborough NHS Foundation Trust": ("other-public", "Name has NHS", 22, {"Public health": 4}),
    "Clearwell Recovery": ("VCS", "Charity number in the file", 20, {"Public health": 2}),
    "Ledgerline Software Ltd": ("private", "Name has LTD", 25, {"Central services": 4}),
    "Quill Stationers": ("unknown", "Nothing tells", 44, {"Central services": 0.5}),
    "Redacted personal data": (
        "redacted",
        "Name says REDACTED",
        120,
        {"Adult social care": 2, "Children's services": 1},
    ),
    "Mr A Sample": ("individual", "Name begins with MR", 9, {"Housing": 0.2}),
}

#: What the officer knows better than the suggestions.
DECISIONS = {
    "Sandborough Services Ltd": ("in-house", "The council owns it"),
    "Oakroyd Roofing": ("SME", "Twelve people, says its website"),
}


def _lines() -> Iterator[SpendLine]:
    chance = random.Random(2011)  # noqa: S311 - the same figures each time
    for number, (name, (*_, services)) in enumerate(_SUPPLIERS.items()):
        for year in _YEARS:
            for service, weight in services.items():
                months = 12 if year == _YEARS[0] else 7
                pence = round(weight * chance.uniform(0.8, 1.2) * 1_600_000_00 * months / 12)
                placed = pence if number % 3 else 0
                local = placed if name.startswith(("Sandborough", "Marrow", "Hollis")) else 0
                yield SpendLine(key(name), name, service, year, pence, placed, local)


def _spend() -> Spend:
    lines = list(_lines())
    suppliers = [
        Supplier(
            key(name),
            name,
            sum(line.pence for line in lines if line.supplier == name),
            payments,
            provider,
            reason,
        )
        for name, (provider, reason, payments, _) in _SUPPLIERS.items()
    ]
    files = []
    for year in _YEARS:
        pence = sum(line.pence for line in lines if line.year == year)
        first, last = dt.date(year, 4, 1), min(dt.date(year + 1, 3, 31), _PAID_UNTIL)
        rows = sum(supplier.payments for supplier in suppliers) // 2
        name = f"Payments {year}-{(year + 1) % 100} (made up).csv"
        files.append(
            ImportedFile(
                name, rows, pence, year % 2 * 3, year % 2 * 1_234_56, first, last, _HELD_IN
            )
        )
    return Spend(files, suppliers, lines, list(_months(lines)))


def _months(lines: list[SpendLine]) -> Iterator[PaidMonth]:
    chance = random.Random(12)  # noqa: S311 - the same figures each time
    for year, months in zip(_YEARS, (12, 7), strict=True):
        left = sum(line.pence for line in lines if line.year == year)
        for month in range(3, 3 + months):
            ahead = 3 + months - month
            pence = round(left / ahead * chance.uniform(0.9, 1.1)) if ahead > 1 else left
            left -= pence
            payments = chance.randint(30, 46)
            yield PaidMonth(dt.date(year + month // 12, month % 12 + 1, 1), payments, pence)


def _contracts() -> list[Contract]:
    chance = random.Random(9)  # noqa: S311 - the same figures each time
    found = []
    names = [name for name in _SUPPLIERS if name not in {"Redacted personal data", "Mr A Sample"}]
    for number, name in enumerate(names, 1):
        provider, _, _, services = _SUPPLIERS[name]
        years = chance.choice((1, 2, 3, 5))
        start = dt.date(chance.choice((2023, 2024, 2025)), chance.choice((4, 7, 10)), 1)
        end = start.replace(year=start.year + years) - dt.timedelta(days=1)
        annual = round(sum(services.values()) * 1_400_000) * 100
        found.append(
            Contract(
                reference=f"SB-{number:03d}",
                title=f"{next(iter(services))}: {name.split()[0]}",
                supplier=name,
                service=next(iter(services)),
                value=annual * years,
                annual_value=annual,
                start=start,
                end=end,
                review=end - dt.timedelta(days=270) if years > 1 else None,
                extended_end=end.replace(year=end.year + 2) if number % 3 == 0 else end,
                sme={"SME": True, "large": False}.get(provider),
                voluntary={"VCS": True, "private": False}.get(provider),
                extension="2 years" if number % 3 == 0 else "",
                process="Open procedure" if annual > 500_000_000 else "Quotations",
            )
        )
    return found


#: Own respondents: 41 members and managers.
_SURVEY: dict[tuple[str, ...], int] = {
    ("a",): 41,
    ("a", "in-house"): 21,
    ("a", "outsourced"): 2,
    ("a", "mix"): 17,
    ("a", "other"): 1,
    ("b",): 40,
    ("b", "yes"): 35,
    ("b", "no"): 5,
    ("c",): 36,
    ("c", "none"): 2,
    ("c", "commissioning"): 27,
    ("c", "procurement"): 15,
    ("c", "delivery"): 9,
    ("c", "other"): 4,
    **{
        ("d", provider, outlook): count
        for provider, counts in {
            "large": (2, 8, 16, 12, 1),
            "SME": (0, 2, 9, 24, 4),
            "in-house": (4, 21, 12, 2, 0),
            "other-public": (0, 3, 13, 20, 3),
            "VCS": (1, 1, 8, 25, 4),
        }.items()
        for outlook, count in zip(("none", "fewer", "same", "more", "many"), counts, strict=True)
    },
}


@cache
def own() -> Own:
    """Everything that the example's council has imported."""
    return Own(_spend(), _contracts(), _SURVEY)
