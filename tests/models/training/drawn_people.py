"""Drawn figures in coloured clothes, with sentences that say what they wear."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

COLOURS = {
    "black": (20, 20, 20),
    "white": (240, 240, 240),
    "red": (210, 30, 30),
    "green": (30, 150, 50),
    "blue": (40, 60, 200),
    "yellow": (235, 215, 40),
}


def draw_people(root: Path, *, views: int, seed: int = 3, colours: int = len(COLOURS)) -> Path:
    """A folder in the plain layout: so many views of a figure for each pair of colours.

    Args:
        root: folder it is made in.
        views: of each figure, with other backgrounds, places and light.
        seed: of chance.
        colours: how many of them are worn.
    """
    rng = np.random.default_rng(seed)
    root.mkdir(parents=True, exist_ok=True)
    captions = {}
    for upper, lower in product(list(COLOURS)[:colours], repeat=2):
        for view in range(views):
            name = f"{upper}-{lower}-{view}.png"
            _figure(COLOURS[upper], COLOURS[lower], rng).save(root / name)
            captions[name] = f"a person in a {upper} shirt and {lower} trousers"
    (root / "captions.json").write_text(json.dumps(captions), "utf-8")
    return root


def _figure(upper: tuple[int, ...], lower: tuple[int, ...], rng: np.random.Generator) -> Pillow.Image:
    picture = Pillow.new("RGB", (48, 96), tuple(int(grey) for grey in rng.integers(90, 170, 3)))
    draw = ImageDraw.Draw(picture)
    x, y = (int(shift) for shift in rng.integers(-3, 4, 2))
    light = float(rng.uniform(0.85, 1.1))
    worn = [tuple(int(min(255, part * light)) for part in colour) for colour in (upper, lower)]
    draw.ellipse((17 + x, 4 + y, 31 + x, 20 + y), fill=(205, 160, 130))
    draw.rectangle((12 + x, 21 + y, 36 + x, 54 + y), fill=worn[0])
    draw.rectangle((14 + x, 54 + y, 34 + x, 92 + y), fill=worn[1])
    return picture
