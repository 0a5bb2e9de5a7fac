"""How far a contract can be extended, from what a register says of it.

Read is what leaves one meaning only: "24 months", "2 x 12 months", "1 year + 1 year", "two further
periods of 12 months", "none". Ranges, choices and numbers whose unit nobody names are not; nor are
unequal terms, as the first of "3 + 1 + 1 years" may be the time before any extension.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts.deadlines import extended

if TYPE_CHECKING:
    import datetime as dt

_NONE = re.compile(
    r"0|no|none|nil|zero|not extend[ai]ble|"
    r"no (?:further )?(?:extensions?|options?)(?: to extend| options?| available| periods?)*"
)
_NUMBERS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "twelve": "12",
    "eighteen": "18",
    "twenty four": "24",
    "twenty-four": "24",
}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b")
#: "two (2)", as lawyers write it.
_TWICE = re.compile(r"\b(\d+)\s*\(\s*\1\s*\)")
#: Words that change nothing about how long an extension is at most.
_FILLERS = re.compile(
    r"\b(?:yes|up to|(?:with )?(?:the )?options? to extend|(?:can|may) be extended|options?|"
    r"extend[ai]ble|extensions?|renewals?|for|by|of|an?|further|additional|optional|extra|possible|"
    r"available|periods?|max(?:imum)?|each)\b|:"
)
_TERM = re.compile(
    r"(?:(?P<count>\d)\s*[x\N{MULTIPLICATION SIGN}*]?\s+)?(?P<number>\d{1,3}(?:\.5)?)"
    r"\s*-?\s*(?P<unit>months?|mths?|mos?|m|years?|yrs?|y)?",
    re.ASCII,
)
#: A year in place of a number of months is a slip.
LONGEST = 50 * 12


def months(text: str, unit: str = "") -> int | None:
    """Months by which a contract can be extended in all, from the words of a register.

    Args:
        text: the words; "no" and the like are 0.
        unit: "month" or "year" where the heading names it for numbers that stand alone.

    Returns:
        The months, or None where the words leave open how many.
    """
    words = " ".join(text.casefold().split()).strip(" .+")
    words = _TWICE.sub(r"\1", _NUMBER_WORD.sub(lambda match: _NUMBERS[match[0]], words))
    outside, bracket, inside = words.removesuffix(")").partition("(")
    found = _months(outside.strip(), unit)
    # "24 months (2 x 12)" says the same twice; what else has a number in it changes it.
    if bracket and re.search(r"\d", inside) and _months(inside, unit or "month") != found:
        return None
    return found


def _months(words: str, unit: str) -> int | None:
    if _NONE.fullmatch(words):
        return 0
    # "2x12" has its parts apart like "2 x 12".
    words = re.sub(r"(?<=\d)\s*[x\N{MULTIPLICATION SIGN}*]\s*(?=\d)", " x ", words)
    terms = [_FILLERS.sub(" ", term) for term in re.split(r"\+|&|\band\b|\bplus\b", words)]
    found = [_TERM.fullmatch(" ".join(term.split()).strip(" -,;")) for term in terms]
    named = [match["unit"] for match in found if match and match["unit"]]
    # "1 + 1 year" names the unit once, behind.
    lengths = {_length(match, named[-1] if named else unit) for match in found if match}
    if not all(found) or len(lengths) != 1:
        return None
    whole = lengths.pop() * len(terms)
    return int(whole) if whole <= LONGEST and whole == int(whole) else None


class Term(NamedTuple):
    """How long a contract runs, and for how long it can be extended after that, in months."""

    own: int
    more: int | None


def term(text: str, unit: str = "") -> Term | None:
    """A contract's own time: "3 years", "36 months", or "3 + 1 + 1 years" with two extensions.

    Args:
        text: the words.
        unit: "month" or "year" where the heading names it for numbers that stand alone.

    Returns:
        None where the words leave it open; `more` is None where they say nothing of extensions.
    """
    first, *others = re.split(r"\+|\bplus\b|\bwith\b", text.casefold())
    named = {match[0] for match in re.finditer(r"month|year", text.casefold())}
    unit = named.pop() if len(named) == 1 else unit
    own, more = months(first, unit), [months(other, unit) for other in others]
    if not own or None in more:
        return None
    return Term(own, sum(filter(None, more)) if more else None)


def _length(match: re.Match[str], unit: str) -> float:
    """Months of one term, such as 2 x 12 months; infinite without a unit."""
    named = match["unit"] or unit
    if not named:
        return float("inf")
    months = float(match["number"]) * (12 if named.startswith("y") else 1)
    return months * int(match["count"] or 1)


class Options(NamedTuple):
    """The extensions that a register names.

    Attributes:
        months: of all of them; None where the words leave it open.
        number: how many there are; None where the register does not say.
        is_one: whether the months are one number: for several extensions it may be all or each.
        taken: whether one has been taken.
    """

    months: int | None
    number: int | None
    is_one: bool
    taken: bool


def latest_end(end: dt.date, original: dt.date, options: Options) -> dt.date | str:
    """The latest end that extensions allow, or why the register leaves it open.

    Args:
        end: as it now stands.
        original: the first one; the same where the register has one only.
        options: the extensions.

    Raises:
        ValueError: the end is outside the calendar.
    """
    months, count = options.months, options.number
    if months is None:
        return "leaves open by how long"
    if count is not None and (months == 0) != (count == 0):
        return f"is at odds with the number of extensions, {count}"
    if months == 0 or (options.taken and count == 1):
        return end
    if count is not None and count > 1 and options.is_one:
        return f"may be the time of all {count} extensions or of each"
    if options.taken and end <= original:
        return "is partly used, and the end may have been moved already"
    return max(end, extended(original, months))
