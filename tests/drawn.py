"""Clips of drawn figures: coloured rectangles that walk over a dull ground, for the back ends of `models.fake`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SIZE = (320, 180)


@dataclass(frozen=True, slots=True)
class Walker:
    """A figure.

    Attributes:
        colour: RGB, saturated; one hue per figure of a clip.
        enter_s: first seen.
        leave_s: last seen.
        start: (x, y) of the left upper corner when it enters.
        speed: pixels a second.
        size: width and height.
    """

    colour: tuple[int, int, int]
    enter_s: float = 0.0
    leave_s: float = 1e9
    start: tuple[float, float] = (20.0, 60.0)
    speed: tuple[float, float] = (20.0, 0.0)
    size: tuple[int, int] = (30, 80)


RED_AND_BLUE = (
    Walker((220, 20, 20), start=(20, 60), speed=(18, 0)),
    Walker((20, 20, 220), enter_s=1.0, leave_s=3.0, start=(260, 70), speed=(-15, 0)),
)
"""Two people: one all the time, one from second 1 to second 3."""


def draw_clip(path: Path, walkers: Sequence[Walker] = RED_AND_BLUE, *, seconds: float = 4.0, fps: int = 10) -> Path:
    """Write an H.264 MP4 of walking figures."""
    width, height = SIZE
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "18", "g": str(fps)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        for number in range(round(seconds * fps)):
            t = number / fps
            image = np.full((height, width, 3), 110, np.uint8)
            for walker in walkers:
                if walker.enter_s <= t < walker.leave_s:
                    since = t - walker.enter_s
                    x, y = (round(s + v * since) for s, v in zip(walker.start, walker.speed, strict=True))
                    image[max(y, 0) : y + walker.size[1], max(x, 0) : x + walker.size[0]] = walker.colour
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
