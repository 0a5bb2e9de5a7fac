"""What single cells of a register say that is more than an amount or a day.

Amounts stand there as £1.2m or 25k, with the time that they are for; the end of a contract with the
extensions after it; the whole of its time as from one day to another, or in months or years.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts.extensions import months
from commissioning.council.reading import amounts, dates

if TYPE_CHECKING:
    import datetime as dt

_SCALED = re.compile(
    r"£?\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(k|m|mn|million|thousand)",
    re.IGNORECASE | re.ASCII,
)
_THOUSAND = ("k", "thousand")
_NEARLY = re.compile(
    r"^(?:approx(?:imately)?|circa|ca?|est(?:imated?)?|about|~)[.:\s]*", re.IGNORECASE
)
_WITHOUT_VAT = re.compile(
    r"[\s(,]*(?:ex(?:cl(?:uding|usive of)?)?|net of|\+|plus)[.\s]*vat\)?$", re.IGNORECASE
)
_A_YEAR = re.compile(
    r"[\s(,]*(?:(?:(?:/|per|an?|each|every)\s*(?:annum|year|yr)|p\.?\s?a)\b\.?|annual(?:ly)?|yearly)\)?$",
    re.IGNORECASE,
)
_IN_ALL = re.compile(
    r"[\s(,]*(?:in (?:total|all)|total|over (?:the )?(?:(?:life|term|whole)\b.*|\w+ years?))\)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:\bto\b|\buntil\b|\btill\b|[-\u2013\u2014])\s*", re.IGNORECASE)
_FROM = re.compile(r"^from\s+", re.IGNORECASE)
_UNTIL = re.compile(r"\D*\b(?:until|till|to)\s+(?=.*\d)(.+)", re.IGNORECASE | re.DOTALL)
_AND_MORE = re.compile(r"\s*(?:\+|\(|,|;|\bplus\b|\bwith\b|\band\b|\s-\s)\s*", re.IGNORECASE)


class Sum(NamedTuple):
    """An amount in pence; `time` is "year" or "whole" where its words say what it is for."""

    pence: int
    time: str = ""


def amount(text: str, form: amounts.Form) -> Sum | None:
    """An amount, also as £1.2m, 50k, c. £9,000 or £25,000 per annum; None where it is not one."""
    bare = _NEARLY.sub("", text.strip())
    time = ""
    for said, ending in (("year", _A_YEAR), ("whole", _IN_ALL)):
        if match := ending.search(bare):
            bare, time = bare[: match.start()], said
    bare = _WITHOUT_VAT.sub("", bare).strip()
    pence = _pence(bare, form)
    return None if pence is None else Sum(pence, time)


def _pence(text: str, form: amounts.Form) -> int | None:
    scaled = _SCALED.fullmatch(text)
    if not scaled:
        return amounts.pence(text, form)
    factor = 1_000 if scaled[2].casefold() in _THOUSAND else 1_000_000
    return amounts.pence(str(Decimal(scaled[1].replace(",", "")) * factor))


def span(text: str, order: dates.Order) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of "1 April 2024 to 31 March 2027"; None for other texts."""
    bare = _FROM.sub("", text.strip())
    for joint in _BETWEEN.finditer(bare):
        first = dates.day(bare[: joint.start()], order)
        last = dates.last_day(bare[joint.end() :], order)
        if first and last and first <= last:
            return first, last
    return None


def until(text: str, order: dates.Order) -> dt.date | None:
    """The day of "can be extended to March 2029", a month's last one; None for other texts."""
    match = _UNTIL.fullmatch(text.strip())
    return dates.last_day(match[1].rstrip(" .)"), order) if match else None


def end(text: str, order: dates.Order) -> tuple[dt.date, str] | None:
    """An end, and the words on extensions after it, as in "31/03/2027 + 2 years".

    None where there is no end, or words after it that are none of extensions.
    """
    if found := dates.last_day(text, order):
        return found, ""
    for joint in _AND_MORE.finditer(text):
        found, more = dates.last_day(text[: joint.start()], order), text[joint.end() :]
        more = more.removesuffix(")").strip()
        if found and (months(more) is not None or until(more, order)):
            return found, more
    return None
