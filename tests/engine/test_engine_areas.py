"""Areas hold the cells that were taken in and no others, until they are too many."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from commissioning.check.references import Area
from commissioning.engine.areas import MOST_AREAS, Areas

SIDES = range(1, 7)
BLOCKS = st.tuples(*[st.sampled_from(SIDES)] * 4).map(
    lambda sides: Area(min(sides[::2]), min(sides[1::2]), max(sides[::2]), max(sides[1::2]))
)


@given(st.lists(BLOCKS, max_size=12))
def test_a_cell_is_held_where_and_only_where_it_was_taken_in(blocks: list[Area]) -> None:
    areas = Areas()
    for block in blocks:
        areas.add(block)
    for row, column in product(SIDES, SIDES):
        taken = any(block.holds(row, column) for block in blocks)
        assert areas.overlap(Area(row, column, row, column)) == taken


def test_cells_taken_in_one_by_one_become_one_area() -> None:
    areas = Areas()
    for row, column in product(range(1, 101), range(1, 5)):
        areas.add(Area(row, column, row, column))
    assert areas._areas == [Area(1, 1, 100, 4)]


def test_too_many_areas_are_the_whole_sheet() -> None:
    areas = Areas()
    for row in range(1, MOST_AREAS + 1):
        areas.add(Area(2 * row, 2, 2 * row, 2))
    assert not areas.overlap(Area(1, 1, 1, 1))
    areas.add(Area(1, 4, 1, 4))
    assert areas.overlap(Area(1, 1, 1, 1))
