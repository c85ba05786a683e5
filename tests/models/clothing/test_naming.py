"""Names of colours against what people call them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.clothing import COLOURS
from models.clothing.light import linear_rgb, oklab
from models.clothing.naming import colour_shares, table

# What most of many thousand people called a colour on their screen, of the XKCD colour survey (R. Munroe 2010, CC0).
SURVEY = {
    "black": ("#000000", "#1b2431", "#1d1d1d"),
    "white": ("#ffffff", "#f4f4f4", "#ebecee"),
    "grey": ("#929591", "#7d7f7c", "#a8a495", "#59656d"),
    "red": ("#e50000", "#840000", "#9a0200", "#be0119"),
    "orange": ("#f97306", "#fe420f", "#ff9408", "#c65102"),
    "yellow": ("#ffff14", "#fffd01", "#d5b60a", "#fac205"),
    "green": ("#15b01a", "#033500", "#96f97b", "#0b5509", "#76a973"),
    "olive": ("#6e750e", "#373e02", "#677a04", "#645403"),
    "teal": ("#029386", "#014d4e", "#24bca8", "#5a9f9c"),
    "blue": ("#0343df", "#95d0fc", "#75bbfd", "#3b638c", "#5a86ad"),
    "navy": ("#01153e", "#001146", "#000435", "#022d36"),
    "purple": ("#7e1e9c", "#35063e", "#bf77f6"),
    "pink": ("#ff81c0", "#ffb7ce", "#cb416b", "#d5869d"),
    "brown": ("#653700", "#341c02", "#ad8150", "#7f5112"),
    "beige": ("#e6daa6", "#d1b26f", "#c7ac7d", "#ccad60"),
}
BORDERLINE = {"#022d36", "#59656d", "#a8a495", "#ccad60", "#1b2431", "#fe420f", "#3b638c"}
"""Near a border, where the name only needs a fair share."""


def shares(code: str) -> np.ndarray:
    pixel = np.array([[int(code[at : at + 2], 16) for at in (1, 3, 5)]], np.uint8)
    return np.asarray(colour_shares(oklab(linear_rgb(pixel)))[0])


@pytest.mark.parametrize(
    ("name", "code"),
    [pytest.param(name, code, id=f"{name}-{code}") for name, codes in SURVEY.items() for code in codes],
)
def test_what_people_call_colours(name: str, code: str) -> None:
    found = shares(code)
    assert found.sum() == pytest.approx(1.0)
    if code in BORDERLINE:
        assert name in {COLOURS[place] for place in np.argsort(-found)[:3]}
    else:
        assert COLOURS[int(found.argmax())] == name


def test_oklab_of_known_colours() -> None:
    # Ottosson 2020, by his reference implementation: white, and sRGB red.
    lab = oklab(linear_rgb(np.array([[255, 255, 255], [255, 0, 0]], np.uint8)))
    assert lab == pytest.approx(np.array([[1.0, 0.0, 0.0], [0.62796, 0.22486, 0.12585]]), abs=2e-4)


def test_without_chroma_there_is_no_hue() -> None:
    greys = np.repeat(np.arange(0, 256, 5, dtype=np.uint8)[:, None], 3, axis=1)
    found = colour_shares(oklab(linear_rgb(greys)))
    neutral = [COLOURS.index(name) for name in ("black", "grey", "white")]
    assert found[:, neutral].sum(axis=1).min() > 0.98
    order = [("black", "grey", "white").index(COLOURS[place]) for place in found.argmax(axis=1)]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


def test_every_hue_has_prototypes() -> None:
    known = table()
    assert {COLOURS[number] for number in known.names} == set(COLOURS) - {"black", "grey", "white"}
