from __future__ import annotations

import numpy as np

from models.person.geometry import Square
from models.person.memory import PixelMemory, blocks

HERE = Square(50, 50, 100)


def look(level: int) -> np.ndarray:
    return blocks(np.full((224, 224, 3), level, np.uint8))


def test_the_same_pixels_have_the_same_answer() -> None:
    memory: PixelMemory[str] = PixelMemory()
    memory.keep(HERE, look(100), "nobody")
    assert memory.find(HERE, look(102)) == "nobody"
    assert memory.find(Square(51, 50, 100), look(100)) == "nobody"


def test_other_pixels_or_places_have_none() -> None:
    memory: PixelMemory[str] = PixelMemory()
    memory.keep(HERE, look(100), "nobody")
    assert memory.find(HERE, look(110)) is None
    assert memory.find(Square(70, 50, 100), look(100)) is None
    assert memory.find(Square(50, 50, 60), look(100)) is None


def test_slow_changes_add_up() -> None:
    memory: PixelMemory[str] = PixelMemory()
    answer = "nobody"
    memory.keep(HERE, look(100), answer)
    for level in (103, 104):
        known = memory.find(HERE, look(level))
        assert known == answer
        memory.keep(HERE, look(level), known)
    assert memory.find(HERE, look(106)) is None


def test_one_corner_is_enough_to_be_different() -> None:
    memory: PixelMemory[str] = PixelMemory()
    picture = np.full((224, 224, 3), 100, np.uint8)
    memory.keep(HERE, blocks(picture), "nobody")
    picture[:16, :16] = 180
    assert memory.find(HERE, blocks(picture)) is None


def test_it_does_not_grow_without_end() -> None:
    memory: PixelMemory[int] = PixelMemory()
    for row in range(500):
        memory.keep(Square(row * 50.0, 0, 100), look(100), row)
    assert memory.find(Square(0, 0, 100), look(100)) is None
    assert memory.find(Square(499 * 50.0, 0, 100), look(100)) == 499
