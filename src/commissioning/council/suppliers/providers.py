"""Who provides: a supplier's provider type, suggested with the reason, and the unknown as unknown.

The first five types are those of the survey; what cannot be told is a type of its own and never
spread over the rest. Voluntary and community organisations are bodies outside government that are
driven by values and principally reinvest their surpluses: charities, social enterprises,
registered societies and housing associations among them (HM Treasury 2004, as the National Audit
Office takes it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.suppliers import name_patterns as say
from commissioning.council.suppliers.names import NOT_GIVEN, words
from commissioning.council.suppliers.types import (
    IN_HOUSE,
    INDIVIDUAL,
    LARGE,
    OTHER_PUBLIC,
    PRIVATE,
    REDACTED,
    SME,
    UNKNOWN,
    VOLUNTARY,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPANY_NUMBER = re.compile(r"(?!(\d)\1+$)(?:\d{5,8}|[A-Z]{2}(?:\d{6}|\d{5}R))")
_CHARITY_NUMBER = re.compile(r"(?:[2-9]\d{5}|1\d{6}|SC0?\d{5}|NIC?1\d{5})(?:-\d+)?")
#: Prefixes of Companies House's numbers that tell a kind; any other is some company.
_CHARITABLE, _SOCIETIES, _CHARTERED = ("CE", "CS"), ("IP", "RS", "SP", "NP"), ("RC", "SR", "NR")


class Suggestion(NamedTuple):
    """A provider type by its code, and why, in plain words."""

    provider: str
    reason: str


class Flag(NamedTuple):
    """A flag over a supplier's payments: how many say yes and how many no."""

    yes: int = 0
    no: int = 0

    @property
    def says(self) -> bool | None:
        """What most payments say; None where none does or they are level."""
        return None if self.yes == self.no else self.yes > self.no

    @property
    def shown(self) -> str:
        """Where it says so."""
        if self.yes and self.no:
            return f"on {max(self)} of {sum(self)} flagged payments in the file"
        return "in the file"


def suggest(  # noqa: PLR0913 - an argument for each fact that a file can hold
    name: str,
    *,
    sme: Flag = Flag(),  # noqa: B008 - immutable
    voluntary: Flag = Flag(),  # noqa: B008 - immutable
    company: str | None = None,
    charity: str | None = None,
    council: str | None = None,
) -> Suggestion:
    """The provider type that a supplier seems to be of; the first reason that there is.

    In this order: redacted; flagged as voluntary or SME; a charity, CIO or registered society by
    number; the council itself; what the name says; some company by number; unknown. Size is never
    read from a name, and a public limited company need not be large: a private company is of
    unknown size until the file flags it. Flagged as no SME it is large; flagged as not voluntary
    it is not made voluntary by its name.

    Args:
        name: as the file has it.
        sme: what its payments say of it as a small or medium-sized enterprise.
        voluntary: the same of a voluntary, community or social enterprise.
        company: number in Companies House's register, zeros at the front may be lost.
        charity: number in the register of charities.
        council: name of the paying council, where it is known.
    """
    text = words(name)
    company, charity = _number(company, _COMPANY_NUMBER), _number(charity, _CHARITY_NUMBER)
    found = (
        _redacted(name, text)
        or _flagged(sme, voluntary)
        or _registered(company, charity)
        or _of_council(text, council)
        or _named(text, company, may_be_voluntary=voluntary.says is not False)
        or _open(text)
    )
    if found.provider == PRIVATE and sme.says is False:
        return Suggestion(LARGE, f"{found.reason}; not an SME {sme.shown}")
    return found


def _number(text: str | None, form: re.Pattern[str]) -> str | None:
    """A register's number without blanks; None where the text is none, such as "N/A"."""
    number = re.sub(r"\s|\.0$", "", text or "").upper()
    return number if form.fullmatch(number) else None


def _redacted(name: str, text: str) -> Suggestion | None:
    if name.strip() and not text:
        return Suggestion(REDACTED, "The name is signs alone")
    found = say.REDACTED.search(text)
    if found and not say.BUSINESS.search(text):
        return Suggestion(REDACTED, f"Name says {found[0]}")
    return None


def _flagged(sme: Flag, voluntary: Flag) -> Suggestion | None:
    if voluntary.says:
        return Suggestion(VOLUNTARY, f"Flagged as voluntary {voluntary.shown}")
    if sme.says:
        return Suggestion(SME, f"Flagged as SME {sme.shown}")
    return None


def _registered(company: str | None, charity: str | None) -> Suggestion | None:
    if charity:
        return Suggestion(VOLUNTARY, f"Charity number {charity} in the file")
    if company and company.startswith(_CHARITABLE):
        return Suggestion(VOLUNTARY, f"Company number {company}: a charitable organisation")
    if company and company.startswith(_SOCIETIES):
        return Suggestion(VOLUNTARY, f"Company number {company}: a registered society")
    return None


def _of_council(text: str, council: str | None) -> Suggestion | None:
    """The council itself; a company that begins with its place may be its own or anybody's."""
    place = say.COUNCIL_NAME.fullmatch(words(council or ""))
    if not place:
        return None
    of_place = re.escape(place[1])
    if re.match(
        rf"(?:{say.RANK} )*{of_place}(?: {say.RANK})* (?:COUNCIL|MBC|MDC|CBC)\b"
        rf"|(?:{say.RANK} )+OF {of_place}\b(?: COUNCIL\b|$)",
        text,
    ):
        return Suggestion(IN_HOUSE, "Name is the council's own")
    form = say.LEGAL_FORM.search(text)
    if form and re.match(rf"{of_place}\b", text) and not say.ALWAYS_VOLUNTARY.search(text):
        reason = f"Name has {form[0]} and begins as the council's: its own company?"
        return Suggestion(UNKNOWN, reason)
    return None


def _named(text: str, company: str | None, *, may_be_voluntary: bool) -> Suggestion | None:
    """What the name says, and between its plainer and its vaguer words the company number."""
    rules = (
        (OTHER_PUBLIC, say.ALWAYS_PUBLIC),
        (VOLUNTARY, say.ALWAYS_VOLUNTARY),
        (PRIVATE, say.LEGAL_FORM),
        (INDIVIDUAL, say.INDIVIDUAL),
        (VOLUNTARY, say.VOLUNTARY_FIRST),
        (OTHER_PUBLIC, say.EDUCATION),
        (OTHER_PUBLIC, say.PUBLIC),
        (VOLUNTARY, say.VOLUNTARY),
    )
    for provider, pattern in rules:
        found = pattern.search(text)
        if not found or (provider == VOLUNTARY and not may_be_voluntary):
            continue
        if pattern is say.LEGAL_FORM and (cause := say.NOT_FOR_PROFIT.search(text)):
            reason = f"Name has {found[0]} and {cause[0]}: a company for profit?"
            return Suggestion(UNKNOWN, reason)
        if provider == INDIVIDUAL:
            if say.BUSINESS.search(text) or say.TRADE.search(text):
                continue
            return Suggestion(INDIVIDUAL, "Name is a person's, with a title")
        return Suggestion(provider, f"Name has {found[0]}")
    if company and not company.startswith(_CHARTERED):
        return Suggestion(PRIVATE, f"Company number {company} in the file")
    found = say.TRADE.search(text)
    if found and not say.MEMBERS.search(text):
        return Suggestion(PRIVATE, f"Name has {found[0]}")
    return None


def _open(text: str) -> Suggestion:
    if text in {"", words(NOT_GIVEN)}:
        return Suggestion(UNKNOWN, "The file gives no name")
    if not re.search("[A-Z]", text):
        return Suggestion(UNKNOWN, "The name is a number")
    for pattern, question in say.OPEN_QUESTIONS:
        if found := pattern.search(text):
            return Suggestion(UNKNOWN, f"Name has {found[0]}: {question}")
    if say.TRADING_AS.search(text):
        return Suggestion(PRIVATE, "Trades under another name (T/A)")
    return Suggestion(UNKNOWN, "Nothing in the file or the name tells")


def with_namesakes(found: Mapping[str, Suggestion]) -> dict[str, Suggestion]:
    """Suppliers of unknown type take that of a namesake among them with a legal form.

    No two companies can have names that differ in their legal form alone (SI 2015/17, schedule
    3), and finance systems often leave it out.

    Args:
        found: suggestion by the supplier's key (`names.key`).
    """
    known = {key: each for key, each in found.items() if each.provider != UNKNOWN}

    def of(key: str, own: Suggestion) -> Suggestion:
        twins = (known[key + form] for form in ("LTD", "PLC", "LLP", "CIC") if key + form in known)
        twin = None if key in known else next(twins, None)
        return Suggestion(twin.provider, f"As its namesake in full: {twin.reason}") if twin else own

    return {key: of(key, own) for key, own in found.items()}
