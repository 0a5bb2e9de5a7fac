"""Whether a supplier is of a kind, from what files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commissioning.council.reading import flags

if TYPE_CHECKING:
    from commissioning.council.reading.flags import Kind


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        *((text, "sme", True) for text in ("Yes", "Y", "SME", "sme", "Small", "Micro", "M", "1")),
        *((text, "sme", False) for text in ("No", "N", "Large", "Non-SME", "not an SME", "0")),
        *((text, "sme", None) for text in ("Various", "TBC", "VCSE", "Unknown", "?")),
        *((text, "voluntary", True) for text in ("Yes", "VCS", "Charity", "Social Enterprise")),
        *((text, "voluntary", True) for text in ("Not-for-profit", "Registered charity", "CIC")),
        *((text, "voluntary", False) for text in ("No", "Non-VCSE", "Not a charity", "Private")),
        *((text, "voluntary", None) for text in ("Various", "SME", "Large")),
    ],
)
def test_words_for_a_kind_are_read(text: str, kind: Kind, expected: bool | None) -> None:
    assert flags.read(text, kind) is expected


@pytest.mark.parametrize(("text", "expected"), [("Yes", None), ("No", False), ("SME", True)])
def test_yes_says_nothing_in_a_column_for_both_kinds(text: str, expected: bool | None) -> None:
    assert flags.read(text, "sme", alone=False) is expected
