"""Builds the sample clip: slow pans and zooms over the photographs of people that ship with ultralytics.

So there is footage to look at on a machine without a network, and none has to be committed. Owns: `build_sample`.
Imports nothing of ours.
"""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 800, 600
FPS = 25

# Photograph, seconds, window at the start and at the end: centre x, centre y, width in pixels of the photograph.
SHOTS = (
    ("bus.jpg", 6.0, (405.0, 640.0, 800.0), (395.0, 640.0, 720.0)),
    ("zidane.jpg", 4.5, (640.0, 360.0, 960.0), (720.0, 380.0, 860.0)),
    ("bus.jpg", 4.0, (430.0, 644.0, 740.0), (405.0, 640.0, 800.0)),
)


def build_sample(target: Path) -> Path:
    """Write the sample clip: 14.5 s, 800x600, 25 frames/s, H.264, every time the same.

    Args:
        target: the MP4; left as it is if it is there and whole.

    Returns:
        The target.

    Raises:
        FileNotFoundError: the ultralytics package with its photographs is not installed.
    """
    if _is_whole(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as output:
            # One thread: the same bytes on every machine with this encoder.
            options = {"preset": "fast", "crf": "23", "bf": "0", "threads": "1"}
            stream = output.add_stream("libx264", rate=FPS, options=options)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.codec_context.gop_size = FPS
            for number, picture in enumerate(_pictures()):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                output.mux(stream.encode(frame))
            output.mux(stream.encode())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def photographs() -> Path:
    """Folder of the photographs inside the installed ultralytics package, which is not imported.

    Raises:
        FileNotFoundError: it is not installed.
    """
    spec = importlib.util.find_spec("ultralytics")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "assets"
        if (folder / "bus.jpg").is_file() and (folder / "zidane.jpg").is_file():
            return folder
    raise FileNotFoundError("The sample clip is made from photographs in the ultralytics package: install it.")


def frame_count() -> int:
    """Frames of the whole clip."""
    return sum(round(seconds * FPS) for _, seconds, _, _ in SHOTS)


def _is_whole(target: Path) -> bool:
    if not target.is_file():
        return False
    try:
        with av.open(str(target)) as clip:
            # Every packet is there: a cut off file keeps its index, and with it the number of frames.
            return sum(1 for packet in clip.demux(video=0) if packet.size and not packet.is_corrupt) == frame_count()
    except (av.FFmpegError, OSError, IndexError):
        return False


def _pictures() -> Iterator[NDArray[np.uint8]]:
    folder = photographs()
    for name, seconds, start, end in SHOTS:
        with Image.open(folder / name) as opened:
            photograph = np.asarray(opened.convert("RGB"))
        count = round(seconds * FPS)
        for number in range(count):
            yield _view(photograph, start, end, number / (count - 1))


def _view(
    photograph: NDArray[np.uint8],
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    progress: float,
) -> NDArray[np.uint8]:
    """The window between two windows, smooth below the pixel: motion eases in and out."""
    eased = progress * progress * (3.0 - 2.0 * progress)
    x, y, width = (a + (b - a) * eased for a, b in zip(start, end, strict=True))
    scale = WIDTH / width
    matrix = np.array([[scale, 0.0, WIDTH / 2 - scale * x], [0.0, scale, HEIGHT / 2 - scale * y]])
    view: NDArray[np.uint8] = cv2.warpAffine(
        photograph, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return view
