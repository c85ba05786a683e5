"""Clips and contact sheets: frames in, an MP4 that browsers play and a JPEG of key frames out.

Owns: `write_clip`, `write_sheet`. May import: `engine.core`.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from engine.core.errors import FootageError
from engine.core.types import Frame, Image

CLOCK = 90_000
"""Steps of a second in which a clip's times are told."""

LONGEST_SIDE = 1280
TILE_WIDTH = 320
COLUMNS = 3
_CAPTION = 22
_GROUND = (24, 26, 30)


def write_clip(frames: Iterator[Frame], target: Path, draw: Callable[[Frame], Image]) -> tuple[float, float]:
    """Write frames as H.264 with a keyframe every second, times as in the footage less that of the first frame.

    Args:
        frames: in order of time; at least one.
        target: the MP4; it appears complete or not at all.
        draw: makes the picture that is written, of the frame's own size.

    Returns:
        Times of the first and the last frame in the footage, seconds.

    Raises:
        FootageError: there is no frame in the stretch, or no room on the disk.
    """
    first = next(frames, None)
    if first is None:
        raise FootageError("There is no picture in that stretch of the footage. Choose another one.", kind="no-frames")
    last = first
    with (
        _complete(target) as partial,
        av.open(str(partial), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "23", "bf": "0"})
        stream.width, stream.height = _even_size(first.size)
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
        keyed = -1.0
        for frame in _all(first, frames):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(draw(frame)), format="rgb24")
            picture = picture.reformat(stream.width, stream.height, "yuv420p")
            picture.pts, picture.time_base = round((frame.t - first.t) * CLOCK), Fraction(1, CLOCK)
            if frame.t - keyed >= 1.0 or keyed < 0:
                picture.pict_type, keyed = av.video.frame.PictureType.I, frame.t
            out.mux(stream.encode(picture))
            last = frame
        out.mux(stream.encode())
    return first.t, last.t


def write_sheet(pictures: Sequence[tuple[str, Image]], target: Path) -> None:
    """Write key frames side by side, each with a line under it.

    Args:
        pictures: (line, (H, W, 3) uint8 RGB), at least one, all of one size.
        target: the JPEG; it appears complete or not at all.

    Raises:
        FootageError: no room on the disk.
    """
    height, width = pictures[0][1].shape[:2]
    tile = (TILE_WIDTH, max(1, round(height * TILE_WIDTH / width)))
    rows = -(-len(pictures) // COLUMNS)
    sheet = Pillow.new("RGB", (tile[0] * min(COLUMNS, len(pictures)), (tile[1] + _CAPTION) * rows), _GROUND)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for place, (line, picture) in enumerate(pictures):
        x, y = place % COLUMNS * tile[0], place // COLUMNS * (tile[1] + _CAPTION)
        sheet.paste(Pillow.fromarray(picture).resize(tile), (x, y))
        pen.text((x + 6, y + tile[1] + 3), line, fill=(235, 235, 235), font=font)
    with _complete(target) as partial:
        sheet.save(partial, format="JPEG", quality=85)


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """A name to write under; the file gets its own name when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise FootageError(
            f"The clip cannot be written to {target.parent}: {error.strerror}. Check the disk and its rights.",
            kind="disk-full",
            detail=str(error),
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _all(first: Frame, rest: Iterator[Frame]) -> Iterator[Frame]:
    yield first
    yield from rest


def _even_size(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height that H.264 takes."""
    scale = min(1.0, LONGEST_SIDE / max(size))
    return max(2, 2 * round(size[0] * scale / 2)), max(2, 2 * round(size[1] * scale / 2))
