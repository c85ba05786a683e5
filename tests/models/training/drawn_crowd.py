"""A drawn data set of people seen several times: many colours, noise, shifts, light, two cameras."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from engine.core.types import Image
from models.training.reid_data import PARTS


def draw_crowd(
    root: Path, people: dict[str, int], *, views: int, size: tuple[int, int] = (48, 24), seed: int = 5
) -> Path:
    """Folders `training`, `gallery` and `query`; nobody of `training` is in the others, those share their people.

    Args:
        root: folder it is made in.
        people: how many in "training" and in "query"; the gallery shows those of the query.
        views: pictures of each in a folder; a query has one by each camera.
        size: height and width, pixels.
        seed: of chance.
    """
    number = 1
    for part, shown in (("training", ("training",)), ("query", ("query", "gallery"))):
        for _ in range(people[part]):
            looks = np.random.default_rng((seed, number))
            figure = Figure(looks)
            for folder in shown:
                (root / folder).mkdir(parents=True, exist_ok=True)
                for view in range(2 if folder == "query" else views):
                    chance = np.random.default_rng((seed, number, PARTS.index(folder), view))
                    name = f"{number:05d}_{view % 2 + 1:02d}_{view:02d}.jpg"
                    Pillow.fromarray(figure.view(size, view % 2, chance)).save(root / folder / name, quality=92)
            number += 1
    return root


class Figure:
    """Somebody in clothes of certain colours.

    Args:
        looks: chance that dresses them.
    """

    def __init__(self, looks: np.random.Generator) -> None:
        self._hair, self._upper, self._lower, self._shoes = (tuple(looks.integers(0, 256, 3)) for _ in range(4))
        self._long, self._striped = looks.random() < 0.5, looks.random() < 0.4
        self._stripe = tuple(looks.integers(0, 256, 3))

    def view(self, size: tuple[int, int], camera: int, chance: np.random.Generator) -> Image:
        """A picture of them, (height, width, 3) uint8 RGB, by one of two cameras of other light."""
        high, wide = size
        ground = tuple(int(part) for part in chance.integers(60, 190, 3))
        picture = Pillow.new("RGB", (wide, high), ground)
        draw = ImageDraw.Draw(picture)
        for _ in range(4):
            x, y = chance.integers(0, wide), chance.integers(0, high)
            end = (int(x + wide * chance.uniform(0.1, 0.5)), int(y + high * chance.uniform(0.05, 0.3)))
            draw.rectangle(((int(x), int(y)), end), fill=tuple(int(part) for part in chance.integers(30, 220, 3)))
        left, top = chance.uniform(-0.08, 0.08) * wide, chance.uniform(-0.05, 0.05) * high
        self._draw(draw, wide, high, left, top)
        light = chance.uniform(0.65, 1.2) * (np.array((1.0, 0.94, 0.85)) if camera else np.array((0.9, 1.0, 1.0)))
        noisy = np.asarray(picture, np.float64) * light + chance.normal(0, 9, (high, wide, 3))
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)

    def _draw(self, draw: ImageDraw.ImageDraw, wide: int, high: int, left: float, top: float) -> None:
        def box(x: float, y: float, right: float, bottom: float, colour: tuple[int, ...]) -> None:
            corners = (x * wide + left, y * high + top, right * wide + left, bottom * high + top)
            draw.rectangle(corners, fill=tuple(int(part) for part in colour))

        skin = (205, 160, 130)
        box(0.38, 0.03, 0.62, 0.17, skin)
        box(0.36, 0.02, 0.64, 0.08, self._hair)
        box(0.22, 0.18, 0.78, 0.5, self._upper)
        if self._striped:
            for row in range(4):
                box(0.22, 0.21 + row * 0.08, 0.78, 0.24 + row * 0.08, self._stripe)
        box(0.27, 0.5, 0.73, 0.9 if self._long else 0.7, self._lower)
        if not self._long:
            box(0.3, 0.7, 0.7, 0.9, skin)
        box(0.25, 0.9, 0.75, 0.97, self._shoes)
