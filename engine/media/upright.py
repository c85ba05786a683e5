"""Which way up a picture is. Owns: `Turn`. Runs only inside the decoding child. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Turn:
    """What the display matrix asks for: an exchange of axes, then mirrorings.

    Attributes:
        transpose: exchange x and y first.
        flip_x: then mirror left and right.
        flip_y: then mirror top and bottom.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def degrees(self) -> int:
        """Clockwise rotation in degrees; of a mirrored picture, the rotation that follows the mirroring."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A turned view of a (H, W, …) array."""
        if self.transpose:
            image = image.swapaxes(0, 1)
        return image[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1]

    @classmethod
    def of(cls, frame: VideoFrame) -> Turn:
        """Read it from the frame's side data, rounded to right angles.

        Source: FFmpeg libavutil/display.h: x' = a x + c y, y' = b x + d y with the matrix (a b u; c d v; x y w).
        """
        data: Any = frame.side_data.get("DISPLAYMATRIX")
        if data is None:
            return cls()
        a, b, _, c, d = np.frombuffer(data, np.int32)[:5].tolist()
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(flip_x=a < 0, flip_y=d < 0)
        return cls(transpose=True, flip_x=c < 0, flip_y=b < 0)
