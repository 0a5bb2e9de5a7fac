"""Text as an amount of money, in whole pence.

Read are pounds with or without £, commas or spaces between thousands, and a minus in front or
behind, in brackets, or as the ledger's CR. A fraction of a penny is rounded, half away from zero.
A column may have another form: thousands or pence instead of pounds, or the continental 1.234,56.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pyarrow as pa

#: No payment is ten thousand million pounds: such digits are a number of something else. It also
#: keeps the sum of any file within 64 bits.
MOST = 10**12

_PLAIN = r"^[-+]?(?:\d{1,15}(?:\.\d{0,2}0*)?|\.\d{1,2}0*)$"
_GROUPED = r"^[-+]?£?[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{0,2}0*)?$"
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?|\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII
)
#: 1.234,56, and 1 234,56; a comma before three digits stands between thousands.
_CONTINENTAL = re.compile(r"(?:\d{1,3}(?:[. ]\d{3})+|\d{1,15})(?:,\d{1,2})?", re.ASCII)
_COMMA_BEFORE_PENCE = re.compile(r"\d,\d{1,2}(?!\d)", re.ASCII)
#: Amounts of the continental form for each one that can only be British: slips of the pen.
_FEW_SLIPS = 10
_UNITS = tuple(
    (re.compile(pattern, re.IGNORECASE), unit, worth)
    for pattern, unit, worth in (
        (
            r"(?:£\s*|\()['\u2019]?0{3}['\u2019]?s?\b|\b0{3}['\u2019]?s\b|£\s*(?:k|thousand)\b|\bthousands\b",
            "thousands of pounds",
            10**5,
        ),
        (r"£\s*(?:m|mn|million)\b|\bmillions\b", "millions of pounds", 10**8),
        (r"^(?!.*(?:£|pounds)).*(?:\bpence\b|\(p\))", "pence", 1),
    )
)
_FRACTION = re.compile(r"\.\d*[1-9]", re.ASCII)
_DIGIT = re.compile(r"\d", re.ASCII)
#: No amount has a word of so many letters: most texts end here.
_WORD = re.compile(r"[^\W\d_]{4}")
_NIL = re.compile(r"\s*(?:£|GBP)?\s*(?:[-\u2010-\u2015\u2212]|nil)\s*", re.IGNORECASE)
#: £ as UTF-8 that was read as Windows-1252, once or twice.
_POUND = re.compile(r"(?:\xc3\u201a|\xc2)?£|\ufffd(?=[\d(-])|\bGBP\b", re.IGNORECASE)
#: How spreadsheets keep a number as text: '125.00 and ="125.00".
_AS_TEXT = re.compile(r"""^(?:'([^'"]*)|="([^'"]*)")$""")
_DASHES = str.maketrans("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}", "----")


@dataclass(frozen=True)
class Form:
    """How a column writes its amounts.

    Attributes:
        unit: what one of them is, in words.
        worth: the same in pence.
        continental: 1.234,56 stands for what is 1,234.56 in Britain.
    """

    unit: str = "pounds"
    worth: int = 100
    continental: bool = False


POUNDS = Form()
_CONTINENT = Form(continental=True)


def form(texts: Collection[str], *headings: str) -> Form:
    """The form of a column: its unit by the first heading that says one, the rest by content.

    Where content does not tell, it is British; with fractions, it is not of pence.
    """
    said = (each for heading in headings for each in _UNITS if each[0].search(heading))
    _, unit, worth = next(said, (None, POUNDS.unit, POUNDS.worth))
    if worth == 1 and any(map(_FRACTION.search, texts)):
        return POUNDS
    return Form(unit, worth, _is_continental(texts))


def _is_continental(texts: Iterable[str]) -> bool:
    """Whether amounts can be read in the continental form only, but for slips of the pen."""
    distinct = set(texts)
    if not any("," in text and _COMMA_BEFORE_PENCE.search(text) for text in distinct):
        return False
    both = [(pence(text) is None, pence(text, _CONTINENT) is None) for text in distinct]
    return both.count((True, False)) > _FEW_SLIPS * both.count((False, True))


@lru_cache(maxsize=1 << 15)
def pence(text: str, form: Form = POUNDS) -> int | None:
    """An amount in pence, rounded half away from zero; None where the text is no amount.

    A dash alone is how accounts show nil. Commas stand between thousands only: "1,23" is no amount.
    """
    exact = _exact(text, form)
    if exact is None:
        return None
    rounded = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return rounded if abs(rounded) < MOST else None


def is_amount(text: str) -> bool:
    """Whether a text is an amount in either form."""
    return pence(text) is not None or pence(text, _CONTINENT) is not None


def pounds(pence: int) -> str:
    """Pence as people write pounds."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def counted(number: int, noun: str) -> str:
    """A number of things as people write it: 1 payment, 2,300 payments."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def is_rounded(text: str, form: Form = POUNDS) -> bool:
    """Whether an amount has a fraction of a penny."""
    exact = _exact(text, form)
    return exact is not None and exact % 1 != 0


def _exact(text: str, form: Form) -> Decimal | None:
    """The amount in pence, as precisely as it is written."""
    if not _DIGIT.search(text):
        return Decimal(0) if _NIL.fullmatch(text) else None
    if _WORD.search(text):
        return None
    bare = _POUND.sub("", text.translate(_DASHES).replace("\N{NO-BREAK SPACE}", " ")).strip()
    bare = _AS_TEXT.sub(r"\1\2", bare)
    sign = 1
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = -1, bare[1:-1].strip()
    elif bare[-2:].casefold() in ("cr", "dr"):
        sign, bare = -1 if bare[-2:].casefold() == "cr" else 1, bare[:-2].strip()
    elif bare.endswith("-"):
        sign, bare = -1, bare[:-1].strip()
    if bare[:1] in ("-", "+"):
        # A minus and brackets together would leave the sign in doubt.
        if sign == -1 and bare[0] == "-":
            return None
        sign, bare = -sign if bare[0] == "-" else sign, bare[1:].strip()
    exact = _number(bare, form)
    # "1E26" is beyond what can be rounded to the penny.
    return None if exact is None or exact >= MOST else sign * exact * form.worth


def _number(bare: str, form: Form) -> Decimal | None:
    """A number without its sign."""
    plain = bare.replace(" ", "")
    if form.continental:
        written = _CONTINENTAL.fullmatch(bare)
        plain = plain.replace(".", "").replace(",", ".")
    else:
        written = _NUMBER.fullmatch(bare)
        plain = plain.replace(",", "")
    return Decimal(plain) if written else None


def read(texts: pa.StringArray, form: Form = POUNDS) -> tuple[pa.Int64Array, int]:
    """A column of texts as pence, null where a text is no amount, and how many were rounded.

    The same as `pence` of each text; what is written plainly goes at the speed of the processor.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
    if form != POUNDS:
        return _read_singly(
            pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed), form
        )
    plain = _cast(pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed))
    if plain is not None:
        return plain, 0
    return _read_odd(trimmed)


def _cast(texts: pa.StringArray) -> pa.Int64Array | None:
    """Plain decimals as pence; None where one is not plain or too large."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        found = pc.cast(texts, pa.decimal64(18, 2)).view(pa.int64())
    except pa.ArrowInvalid:
        return None
    extremes = pc.min_max(found)
    least, most = extremes["min"].as_py() or 0, extremes["max"].as_py() or 0
    return found if least > -MOST and most < MOST else None


def _read_odd(trimmed: pa.StringArray) -> tuple[pa.Int64Array, int]:
    """The column in which some text is not plain: tidy what is regular, look at the rest singly."""
    import pyarrow as pa
    import pyarrow.compute as pc

    nothing = pa.scalar(None, pa.string())
    regular = pc.match_substring_regex(trimmed, _GROUPED)
    tidy = pc.replace_substring_regex(trimmed, "[£,]", "")
    regular = pc.and_(regular, pc.match_substring_regex(tidy, _PLAIN))
    found = _cast(pc.if_else(regular, tidy, nothing))
    if found is None:
        regular, found = pa.array([False] * len(trimmed)), pa.nulls(len(trimmed), pa.int64())
    rest = pc.if_else(pc.or_kleene(regular, pc.equal(trimmed, "")), nothing, trimmed)
    values, count = _read_singly(rest, POUNDS)
    return pc.coalesce(found, values), count


def _read_singly(texts: pa.StringArray, form: Form) -> tuple[pa.Int64Array, int]:
    """Each different text by itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    singly = pc.dictionary_encode(texts)
    distinct = singly.dictionary.to_pylist()
    values = pa.array([pence(text, form) for text in distinct], pa.int64())
    rounded = pa.array([is_rounded(text, form) for text in distinct], pa.bool_())
    return values.take(singly.indices), pc.sum(rounded.take(singly.indices)).as_py() or 0
