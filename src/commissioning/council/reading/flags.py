"""Whether a supplier is small or medium-sized, or voluntary, from what a file says of it.

Files answer with yes and no, with the kind itself ("SME", "micro", "VCSE", "Charity") or with its
opposite ("Large", "Non-SME"), in one column for each kind or in one for both.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["sme", "voluntary"]
KINDS: tuple[Kind, ...] = ("sme", "voluntary")

_YES = frozenset(("y", "yes", "true", "t", "1", "x", "✓", "✔"))
_NO = frozenset(("n", "no", "false", "f", "0", "none", "neither"))
_NAMES: dict[Kind, re.Pattern[str]] = {
    "sme": re.compile(r"\bsmes?\b|\bsmall\b|\bmedium\b|\bmicro\b|^[sm]$"),
    "voluntary": re.compile(
        r"\bvcs\b|\bvcse\b|\bvcfse?\b|\bvcos?\b|\bvoluntary\b|\bcommunity\b|\bcharit(?:y|ies|able)\b|"
        r"\bsocial enterprise\b|\bthird sector\b|\bnot for profit\b|\bcic\b|\bmutual\b"
    ),
}
_OPPOSITES: dict[Kind, re.Pattern[str]] = {
    "sme": re.compile(r"\blarge\b|^l$"),
    "voluntary": re.compile(r"\bprivate\b|\bcommercial\b|\bfor profit\b"),
}
_NOT = re.compile(r"\b(?:not|non|no)\b")


def is_yes(text: str) -> bool | None:
    """Whether a text says yes; None where it says neither yes nor no."""
    said = text.strip().casefold()
    return True if said in _YES else False if said in _NO else None


def read(text: str, kind: Kind, *, alone: bool = True) -> bool | None:
    """Whether a text says that a supplier is of a kind.

    Args:
        text: what the file says.
        kind: what is asked.
        alone: whether the column asks for this kind only; where it asks for both, "yes" says
            nothing and "SME" nothing about voluntary.

    Returns:
        None where the text does not say, as "Various" and "TBC" do not.
    """
    said = " ".join(re.sub(r"[-_./,&]", " ", text.casefold()).split())
    plain = is_yes(said)
    if plain is not None:
        return plain if alone or not plain else None
    named = _NAMES[kind].search(said)
    if named:
        return not _NOT.search(said[: named.start()])
    return False if _OPPOSITES[kind].search(said) else None
