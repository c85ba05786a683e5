"""The same pixels give the same answer: answers for squares of a picture, kept until the pixels change.

Surveillance pictures hardly change; most of a search over tiles would ask the network what it has said already.
May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np

from engine.core.types import FloatArray, Image
from models.person.geometry import Square

Answer = TypeVar("Answer")

_BLOCKS = 28
_CHANGE = 5.0
"""Grey levels by which the mean of a block must change to count; noise of single pixels stays below."""

_MOST = 128
_SHIFT = 0.02
_TURN = 0.05


def blocks(crop: Image) -> FloatArray:
    """(28, 28) float32 mean grey levels of a crop's blocks."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Entry(Generic[Answer]):
    square: Square
    look: FloatArray
    answer: Answer


class PixelMemory(Generic[Answer]):
    """Answers of the last search by square and look."""

    def __init__(self) -> None:
        self._entries: list[_Entry[Answer]] = []

    def find(self, square: Square, look: FloatArray) -> Answer | None:
        """The answer for this square, None if it was not asked for or the pixels have changed.

        Args:
            square: where.
            look: `blocks` of its crop.
        """
        for entry in self._entries:
            if _alike(entry.square, square) and float(np.abs(entry.look - look).max()) < _CHANGE:
                return entry.answer
        return None

    def keep(self, square: Square, look: FloatArray, answer: Answer) -> None:
        """Store an answer; what was known of the same square goes, unless it was this answer.

        Changes are measured from the picture that was really asked about, else slow ones would never add up.
        """
        for row, entry in enumerate(self._entries):
            if _alike(entry.square, square):
                if entry.answer is not answer:
                    self._entries[row] = _Entry(square, look, answer)
                return
        self._entries.append(_Entry(square, look, answer))
        del self._entries[:-_MOST]


def _alike(first: Square, second: Square) -> bool:
    slack = _SHIFT * first.side
    turn = math.remainder(first.angle - second.angle, math.tau)
    return (
        abs(first.x - second.x) <= slack
        and abs(first.y - second.y) <= slack
        and abs(first.side - second.side) <= slack
        and abs(turn) <= _TURN
    )
