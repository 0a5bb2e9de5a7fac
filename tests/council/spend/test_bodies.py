"""Which names are those of one council."""

from __future__ import annotations

import pytest

from commissioning.council.spend.bodies import agreed, alike


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Salford City Council", "SALFORD"),
        ("LB Camden", "London Borough of Camden"),
        ("The Borough of Calderdale", "Calderdale Metropolitan Borough Council"),
        ("BCP Council", "Bournemouth, Christchurch & Poole Council"),
        ("RBKC", "Royal Borough of Kensington and Chelsea"),
        ("The Council", "Essex County Council"),
    ],
)
def test_one_council_is_known_under_several_names(name: str, other: str) -> None:
    assert alike(name, other)
    assert alike(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Devon County Council", "East Devon District Council"),
        ("Salford City Council", "Leeds City Council"),
        ("Brook Leisure", "Harrow Borough Council"),
    ],
)
def test_different_councils_are_not_taken_for_one(name: str, other: str) -> None:
    assert not alike(name, other)
    assert not alike(other, name)


def test_the_council_is_the_one_that_most_files_name() -> None:
    assert agreed(["Harrow Council", "Harrow", "Harrow Council", "Brook Leisure", ""]) == (
        "Harrow Council"
    )
    assert agreed(["Harrow Council", "Brook Leisure"]) is None
    assert agreed(["", ""]) is None
