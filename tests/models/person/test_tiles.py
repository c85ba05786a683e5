from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.person.tiles import tile_levels, whole

sizes = st.integers(1, 5000)


@given(sizes, sizes, st.integers(0, 3))
def test_every_level_covers_the_picture(width: int, height: int, turn: int) -> None:
    for level in tile_levels(width, height, turn):
        half = level[0].side / 2
        for low, high, length in (
            (min(tile.x for tile in level) - half, max(tile.x for tile in level) + half, width),
            (min(tile.y for tile in level) - half, max(tile.y for tile in level) + half, height),
        ):
            assert low <= 0.01 and high >= length - 0.01


@given(sizes, sizes, st.integers(0, 3))
def test_the_number_of_tiles_is_bounded(width: int, height: int, turn: int) -> None:
    assert sum(len(level) for level in tile_levels(width, height, turn)) <= 150


@pytest.mark.parametrize(("width", "height"), [(480, 270), (3840, 2160), (270, 480)])
def test_searches_in_turn_cut_the_picture_differently(width: int, height: int) -> None:
    first, second, third = (tile_levels(width, height, turn) for turn in range(3))
    assert first == third
    assert first[1:] != second[1:]
    assert first[0] == second[0] == [whole(width, height)]
