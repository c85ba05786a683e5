"""How colours come to be read, and what a reading is worth."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.clothing import COLOURS, REGIONS
from engine.search.likeness import CALLED, CLOTH, COMMON, HAIR, common, ratios, reading, worn


def chance(asked: str, read: str, region: str = "upper", shade: str = "") -> float:
    return float(reading(asked, region, shade)[COLOURS.index(read)])


def test_tables_name_known_colours_and_regions() -> None:
    assert tuple(CLOTH) == tuple(CALLED) == COLOURS
    assert set(HAIR) <= set(COLOURS)
    assert set(COMMON) == set(REGIONS)
    assert all(len(shares) == len(COLOURS) for shares in COMMON.values())
    assert all(set(others) <= set(COLOURS) and sum(others.values()) < 0.5 for others in CALLED.values())


@pytest.mark.parametrize("shade", ["", "light", "dark"])
@pytest.mark.parametrize("region", REGIONS)
def test_readings_are_probabilities(region: str, shade: str) -> None:
    for colour in COLOURS:
        row = reading(colour, region, shade, ("blue", "red"))
        assert row.sum() == pytest.approx(1.0, abs=1e-5)
        assert row.min() > 0.0
        assert ratios(row, region).min() > 0.0


def test_a_colour_is_mostly_read_as_itself_and_worth_most_then() -> None:
    for colour in COLOURS:
        place = COLOURS.index(colour)
        assert reading(colour, "upper").argmax() == place
        assert ratios(reading(colour, "upper"), "upper").argmax() == place


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("navy", "black", "white"),
        ("navy", "blue", "red"),
        ("black", "grey", "white"),
        ("white", "grey", "black"),
        ("white", "beige", "blue"),
        ("olive", "green", "red"),
        ("brown", "beige", "blue"),
        ("blue", "navy", "brown"),
        ("teal", "blue", "orange"),
        ("red", "orange", "green"),
    ],
)
def test_near_colours_are_confused_more(asked: str, near: str, far: str) -> None:
    assert chance(asked, near) > 3 * chance(asked, far)


@pytest.mark.parametrize(
    ("asked", "shade", "more"),
    [("grey", "dark", "black"), ("grey", "light", "white"), ("blue", "dark", "navy"), ("brown", "light", "beige")],
)
def test_shades_lean_to_their_neighbours(asked: str, shade: str, more: str) -> None:
    assert chance(asked, more, shade=shade) > 1.5 * chance(asked, more)


def test_hair_has_names_of_its_own() -> None:
    assert chance("brown", "black", "hair") > 1.5 * chance("brown", "black")
    assert chance("red", "brown", "hair") > 2 * chance("red", "brown")


def test_what_is_rare_is_worth_more() -> None:
    teal, black = (ratios(reading(name, "upper"), "upper").max() for name in ("teal", "black"))
    assert teal > 3 * black
    assert worn("teal", (), "upper") < 0.05 < worn("black", (), "upper")
    assert worn("black", ("white", "grey"), "upper") > worn("black", (), "upper")
    assert common("").sum() == pytest.approx(1.0)


def test_either_colour_will_do() -> None:
    either = reading("blue", "upper", "", ("black",))
    assert np.allclose(either, 0.5 * reading("blue", "upper") + 0.5 * reading("black", "upper"), atol=1e-6)


def test_unknown_colours_are_refused() -> None:
    with pytest.raises((ValueError, KeyError)):
        reading("mauve", "upper")
