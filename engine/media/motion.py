"""How much moves in footage, over time: what two cameras on one place have in common however they look at it.

Owns: `read_motion`. May import: `engine.core`, `engine.media`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.core.config import Settings
from engine.media.reader import FrameReader

MOTION_FPS = 15.0
"""Frames a second that are looked at, at most."""

_SIDE = 96
_STILL = 6.0
"""Grey levels under which a difference is noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """How much moved between one frame and the next.

    Attributes:
        t: (N,) float64 seconds, ascending, the middle between the two frames.
        amount: (N,) float64 >= 0, share of the picture that changed within a second.
    """

    t: NDArray[np.float64]
    amount: NDArray[np.float64]


def read_motion(path: Path, settings: Settings, on_time: Callable[[float], None] = lambda _: None) -> Motion:
    """Go through footage once and measure how much moves.

    Args:
        path: the footage.
        settings: memory ceiling and patience of the decoder.
        on_time: hears the time of each frame; may raise to give up.

    Raises:
        FootageError: the footage cannot be read.
    """
    times: list[float] = []
    amounts: list[float] = []
    before, t_before = None, 0.0
    with FrameReader(path, settings, fps=MOTION_FPS) as frames:
        for frame in frames:
            on_time(frame.t)
            height, width = frame.image.shape[:2]
            scale = _SIDE / max(height, width)
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            grey = cv2.cvtColor(cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
            if before is not None and frame.t > t_before:
                changed = cv2.absdiff(grey, before) > _STILL
                times.append((frame.t + t_before) / 2)
                amounts.append(float(changed.mean()) / (frame.t - t_before))
            before, t_before = grey, frame.t
    return Motion(np.array(times), np.array(amounts))
