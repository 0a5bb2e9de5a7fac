"""What stands in a column: how far its values are amounts, dates, names, codes and so on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Of so few values, none being repeated says nothing.
_FEW = 20

#: What files write for "nothing".
BLANKS = frozenset(
    (
        *("", "-", "--", ".", "n/a", "null", "(null)", "(blank)", "<blank>"),
        *("#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!"),
        *("not applicable", "not available", "not yet available", "not known", "not recorded"),
    )
)

_WORDS = re.compile(r"[^\W\d_]{2}")
_CORPORATE = re.compile(
    r"\b(?:ltd|limited|plc|llp|cic|council|nhs|trust|association|university|& (?:co|sons?))\b",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://|www\.\S+/", re.IGNORECASE)
_COMPANY = re.compile(r"(?:[A-Z]{2}\d{6}|\d{6,8}|[A-Z]{2}\d{5}R)", re.IGNORECASE | re.ASCII)
_CHARITY = re.compile(r"\d{6,7}(?:-\d{1,2})?|SC0\d{5}", re.IGNORECASE | re.ASCII)
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE | re.ASCII)
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?", re.ASCII)
_MONEY = re.compile(r"£|\.\d{1,2}\D*$|\d,\d{3}|^\D{0,3}[\d.]+,\d\d\D*$")
_FLAGS = frozenset(
    (
        *("y", "n", "yes", "no", "true", "false", "t", "f", "0", "1", "x", "s", "m", "l", "none"),
        *("micro", "small", "medium", "large", "sme", "not sme", "not-sme", "non sme", "non-sme"),
        *("vcs", "vcse", "vcfs", "vcfse", "charity", "voluntary", "private"),
    )
)


class Kind(StrEnum):
    """What kind of values a field has."""

    MONEY = "amounts"
    DATE = "dates"
    NAME = "names"
    LABEL = "texts that repeat"
    SAME = "one text throughout"
    TEXT = "texts"
    CODE = "codes"
    FLAG = "yes or no"
    NUMBER = "numbers"
    COMPANY = "company numbers"
    CHARITY = "charity numbers"
    POSTCODE = "postcodes"
    ANY = "values"


@dataclass(frozen=True)
class Content:
    """Shares of a column's values, from 0 to 1, over those that are not blank.

    `filled` is the number of these values, `distinct` how many of them differ. All of the shares
    are 0 where nothing is filled.
    """

    filled: int
    distinct: int
    money: float
    pounds: float
    date: float
    serial: float
    worded: float
    corporate: float
    single: float
    url: float
    flag: float
    company: float
    charity: float
    postcode: float
    padded: float


def is_blank(text: str) -> bool:
    """Whether a cell says nothing, such as "", "-" or "#N/A"."""
    return text.strip().casefold() in BLANKS


def content(values: Sequence[str]) -> Content:
    """What a column's values are."""
    spoken = Counter(value.strip() for value in values)
    counts = {text: count for text, count in spoken.items() if not is_blank(text)}
    filled = sum(counts.values())
    order, form = dates.order(counts), amounts.form(counts)
    days = {text: dates.is_date(text, order) for text in counts}

    def share(test: Callable[[str], object]) -> float:
        return sum(count for text, count in counts.items() if test(text)) / max(filled, 1)

    return Content(
        filled=filled,
        distinct=len(counts),
        money=share(lambda text: amounts.pence(text, form) is not None),
        pounds=share(_MONEY.search),
        date=share(lambda text: days[text] and not text.isdecimal()),
        serial=share(lambda text: days[text] and text[0].isdecimal()),
        worded=share(_WORDS.search),
        corporate=share(_CORPORATE.search),
        single=share(lambda text: " " not in text and any(map(str.isdecimal, text))),
        url=share(_URL.match),
        flag=share(lambda text: text.casefold() in _FLAGS),
        company=share(_COMPANY.fullmatch),
        charity=share(_CHARITY.fullmatch),
        postcode=share(_POSTCODE.fullmatch),
        padded=share(lambda text: text[0] == "0" and text.isdecimal() and len(text) > 1),
    )


def fit(kind: Kind, found: Content) -> float:
    """How well a column's values fit a kind, from 0 to 1."""
    if not found.filled:
        # It cannot be wrong, but one with values goes first.
        return 0.3
    fits: dict[Kind, Callable[[Content], float]] = {
        Kind.MONEY: _money,
        Kind.DATE: lambda c: max(c.date, 0.8 * c.serial) ** 2,
        Kind.NAME: _name,
        Kind.LABEL: _label,
        Kind.SAME: lambda c: c.worded * (1 if c.distinct <= max(2, c.filled / 50) else 0.2),
        Kind.TEXT: lambda c: (0.4 + 0.6 * c.worded) * (1 - c.date) * (1 - 0.8 * c.url),
        Kind.CODE: lambda c: (0.3 + 0.7 * c.single) * (1 - c.date) * (1 - 0.7 * c.pounds),
        Kind.FLAG: lambda c: c.flag,
        Kind.NUMBER: lambda c: c.money**2 * (1 - c.date),
        Kind.COMPANY: lambda c: 0.2 + 0.8 * c.company,
        Kind.CHARITY: lambda c: 0.2 + 0.8 * c.charity,
        Kind.POSTCODE: lambda c: c.postcode,
        Kind.ANY: lambda _: 1.0,
    }
    return fits[kind](found)


def _money(found: Content) -> float:
    """Amounts; digits of one length that never repeat, or with zeros in front, are numbers."""
    looks_numbered = not found.pounds and found.distinct > 0.9 * found.filled > _FEW
    return found.money**2 * (1 - found.padded) * (0.4 if looks_numbered else 1)


def _name(found: Content) -> float:
    """Words that differ; the same one throughout is whose file it is."""
    varied = 0.6 + 0.2 * found.distinct / found.filled + 0.2 * min(1, 4 * found.corporate)
    if found.distinct == 1 and found.filled > _FEW:
        varied = 0.3
    return found.worded * varied * (1 - found.date) * (1 - found.url) * (1 - found.flag)


def _label(found: Content) -> float:
    """Words of which there are few."""
    repeated = 1 if found.distinct < max(0.5 * found.filled, _FEW) else 0.6
    varied = 0.7 if found.distinct == 1 and found.filled > _FEW else 1
    worded = 0.2 + 0.8 * found.worded
    return worded * repeated * varied * (1 - found.date) * (1 - found.url) * (1 - found.pounds)
