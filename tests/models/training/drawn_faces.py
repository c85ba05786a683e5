"""Drawn pictures in FER-2013's layout: every class a pattern of its own, so that a network can learn them quickly."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.emotion.fer import CLASSES, SIDE


def drawn_face(label: int, seed: int) -> NDArray[np.uint8]:
    """(48, 48) uint8: a bright band whose height tells the class, with noise."""
    chance = np.random.default_rng((label, seed))
    face = chance.normal(90, 12, (SIDE, SIDE))
    top = 3 + label * 6
    face[top : top + 6] += 90
    return np.clip(face, 0, 255).astype(np.uint8)


def drawn_zip(path: Path, each: dict[str, int]) -> Path:
    """A zip with so many faces of each class in each part, such as {"train": 12, "validation": 3}."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (part, count) in enumerate(each.items()):
            for label, name in enumerate(CLASSES):
                for index in range(count):
                    picture = io.BytesIO()
                    Image.fromarray(drawn_face(label, 1000 * number + index)).save(picture, "PNG")
                    archive.writestr("/".join(filter(None, (part, name, f"{index:03d}.png"))), picture.getvalue())
    return path
