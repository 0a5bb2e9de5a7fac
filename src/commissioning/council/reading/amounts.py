"""Text as an amount of money, in whole pence.

Read are pounds with or without £, commas or spaces between thousands, and a minus in front or
behind, in brackets, or as the ledger's CR. A fraction of a penny is rounded, half away from zero.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: No payment is ten thousand million pounds: such digits are a number of something else. It also
#: keeps the sum of any file within 64 bits.
MOST = 10**12

_PLAIN = r"^[-+]?(?:\d{1,15}(?:\.\d{0,2}0*)?|\.\d{1,2}0*)$"
_GROUPED = r"^[-+]?£?[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{0,2}0*)?$"
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?|\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII
)
_DIGIT = re.compile(r"\d", re.ASCII)
_NIL = re.compile(r"\s*(?:£|GBP)?\s*(?:[-\u2010-\u2015\u2212]|nil)\s*", re.IGNORECASE)
#: £ as UTF-8 that was read as Windows-1252, once or twice.
_POUND = re.compile(r"(?:\xc3\u201a|\xc2)?£|\ufffd(?=[\d(-])|\bGBP\b", re.IGNORECASE)
#: How spreadsheets keep a number as text: '125.00 and ="125.00".
_AS_TEXT = re.compile(r"""^(?:'([^'"]*)|="([^'"]*)")$""")
_DASHES = str.maketrans("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}", "----")


def pence(text: str) -> int | None:
    """An amount in pence, rounded half away from zero; None where the text is no amount.

    A dash alone is how accounts show nil. Commas stand between thousands only: "1,23" is no amount.
    """
    exact = _exact(text)
    if exact is None:
        return None
    rounded = int((exact * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return rounded if abs(rounded) < MOST else None


def pounds(pence: int) -> str:
    """Pence as people write pounds."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def is_rounded(text: str) -> bool:
    """Whether an amount has a fraction of a penny."""
    exact = _exact(text)
    return exact is not None and exact * 100 % 1 != 0


def _exact(text: str) -> Decimal | None:
    """The amount in pounds, as precisely as it is written."""
    if not _DIGIT.search(text):
        return Decimal(0) if _NIL.fullmatch(text) else None
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
    if not _NUMBER.fullmatch(bare):
        return None
    exact = Decimal(bare.replace(",", "").replace(" ", ""))
    # "1E26" is beyond what can be rounded to the penny.
    return sign * exact if exact < MOST else None


def read(texts: pa.StringArray) -> tuple[pa.Int64Array, int]:
    """A column of texts as pence, null where a text is no amount, and how many were rounded.

    The same as `pence` of each text; what is written plainly goes at the speed of the processor.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
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
    singly = pc.dictionary_encode(rest)
    values = pa.array([pence(text) for text in singly.dictionary.to_pylist()], pa.int64())
    rounded = pa.array([is_rounded(text) for text in singly.dictionary.to_pylist()], pa.bool_())
    count = pc.sum(rounded.take(singly.indices)).as_py() or 0
    return pc.coalesce(found, values.take(singly.indices)), count
