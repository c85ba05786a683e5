"""Between FFmpeg's picture formats and ours: the colour matrix, the range, upright. Runs only inside the child.

Untagged footage is taken for BT.709 from 720 lines on and BT.601 below, as players take it. May import:
`engine.core`, `engine.media.upright`.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame

from engine.core.types import Image
from engine.media.upright import Turn

BT709 = 1
"""FFmpeg's number of the BT.709 matrix (AVCOL_SPC_BT709)."""

BT601 = 6
"""FFmpeg's number of the matrix of standard definition (AVCOL_SPC_SMPTE170M)."""

_UNTAGGED = 2
_FULL_RANGE = 2
_HD_LINES = 720


def matrix_for(width: int, height: int) -> int:
    """The matrix that footage of that size has where it does not say."""
    return BT709 if min(width, height) >= _HD_LINES else BT601


def matrix_of(frame: VideoFrame) -> int:
    """The frame's colour matrix: `BT709` or `BT601`."""
    if frame.colorspace in (0, _UNTAGGED):
        return matrix_for(frame.width, frame.height)
    return BT709 if frame.colorspace == BT709 else BT601


def _is_rgb(frame: VideoFrame) -> bool:
    return frame.format.is_rgb or frame.format.name in ("pal8", "monow", "monob")


def _is_full(frame: VideoFrame) -> bool:
    return frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj")


def _name(matrix: int) -> str:
    return "ITU709" if matrix == BT709 else "ITU601"


def write_rgb(frame: VideoFrame, turn: Turn, size: tuple[int, int], target: Image) -> None:
    """Write the upright picture into `target`.

    Args:
        frame: decoded picture in any format.
        turn: what makes it upright.
        size: width and height before the turn; a frame of another size is scaled.
        target: (H, W, 3) uint8, upright.

    OpenCV's conversion is used where it is the right one: 8 bit 4:2:0, limited range, BT.601, even sides. There it is
    several times quicker than swscale and differs from it by rounding only.
    """
    width, height = size
    quick = (
        frame.format.name == "yuv420p"
        and (frame.width, frame.height) == size
        and not (width % 2 or height % 2 or _is_full(frame))
        and matrix_of(frame) == BT601
    )
    if quick and turn == Turn():
        cv2.cvtColor(cast(Image, frame.to_ndarray()), cv2.COLOR_YUV2RGB_I420, dst=target)
        return
    if quick:
        image = cv2.cvtColor(cast(Image, frame.to_ndarray()), cv2.COLOR_YUV2RGB_I420)
    elif _is_rgb(frame):
        image = frame.to_ndarray(format="rgb24", width=width, height=height)
    else:
        image = frame.to_ndarray(
            format="rgb24",
            width=width,
            height=height,
            src_colorspace=_name(matrix_of(frame)),
            src_color_range="JPEG" if _is_full(frame) else "MPEG",
            dst_color_range="JPEG",
        )
    np.copyto(target, turn.apply(image))


def to_yuv(frame: VideoFrame, turn: Turn, size: tuple[int, int]) -> VideoFrame:
    """The upright picture as limited-range yuv420p in the matrix of its size.

    Args:
        frame: decoded picture in any format.
        turn: what makes it upright.
        size: even width and height before the turn; a frame of another size is scaled.
    """
    width, height = size
    target = _name(matrix_for(width, height))
    flat = frame.reformat(
        width=width,
        height=height,
        format="yuv420p",
        src_colorspace=target if _is_rgb(frame) else _name(matrix_of(frame)),
        dst_colorspace=target,
        src_color_range="JPEG" if _is_full(frame) or _is_rgb(frame) else "MPEG",
        dst_color_range="MPEG",
    )
    if turn == Turn():
        return flat
    packed = cast(Image, flat.to_ndarray())
    planes = [packed[:height].reshape(height, width)]
    planes += list(packed[height:].reshape(2, height // 2, width // 2))
    turned = np.concatenate([np.ascontiguousarray(turn.apply(plane)).ravel() for plane in planes])
    upright_width, upright_height = size[::-1] if turn.transpose else size
    return VideoFrame.from_ndarray(turned.reshape(upright_height * 3 // 2, upright_width), format="yuv420p")
