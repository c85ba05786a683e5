"""Bodies painted out of a picture."""

from __future__ import annotations

import numpy as np
import pytest

from models.person.geometry import Pyramid, Square
from models.person.painting import Painted
from tests.models.person.bodies import body_in

BOX = (60.0, 40.0, 90.0, 120.0)


def picture() -> np.ndarray:
    return np.full((200, 160, 3), 255, np.uint8)


@pytest.mark.parametrize(
    ("square", "size"),
    [
        pytest.param(Square(75, 80, 120), 120, id="as large"),
        pytest.param(Square(75, 80, 120), 240, id="enlarged"),
        pytest.param(Square(70, 90, 160), 64, id="shrunk"),
        pytest.param(Square(75, 80, 120, 0.7), 120, id="turned"),
    ],
)
def test_grey_where_the_body_is_and_nowhere_else(square: Square, size: int) -> None:
    image = picture()
    plain, painted = Pyramid(image), Painted(Pyramid(image), [body_in(BOX)])
    places = (np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).reshape(-1, 2) + 0.5) / size
    points = square.points_to_picture(places.astype(np.float32)).reshape(size, size, 2)
    low, high = np.array(BOX[:2]), np.array(BOX[2:])
    crop = painted.crop(square, size)
    deep = ((points >= low + 3) & (points <= high - 3)).all(axis=2)
    off = ((points < low - 3) | (points > high + 3)).any(axis=2)
    assert deep.any() and (crop[deep] == 128).all()
    assert (crop[off] == plain.crop(square, size)[off]).all()


def test_the_picture_itself_stays() -> None:
    image = picture()
    pyramid = Pyramid(image)
    Painted(pyramid, [body_in(BOX)]).crop(Square(75, 80, 160), 64)
    assert (image == 255).all()
    assert (pyramid.crop(Square(75, 80, 60), 64) == 255).all()
