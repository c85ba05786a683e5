"""Small pictures of footage. Owns: `make_thumbnails`. May import: `engine.core`, `engine.media`."""

from __future__ import annotations

import uuid
from pathlib import Path

from PIL import Image

from engine.core.config import Settings
from engine.core.types import MediaInfo
from engine.media.reader import read_instants

_POSTER_WIDTH = 960
_QUALITY = 82


def make_thumbnails(
    path: Path, media: MediaInfo, folder: Path, settings: Settings, *, count: int = 12, width: int = 240
) -> list[Path]:
    """Write `poster.jpg` and `thumbs/0.jpg` … into a folder.

    Args:
        path: the footage.
        media: what probing said of it.
        folder: where to write; made if it is not there.
        settings: memory ceiling and patience.
        count: thumbnails, evenly spaced over the duration; fewer where the footage has fewer frames.
        width: of a thumbnail, pixels; never larger than the footage.

    Returns:
        The files written, poster first.

    Raises:
        FootageError: the footage cannot be decoded.
    """
    thumbs = folder / "thumbs"
    thumbs.mkdir(parents=True, exist_ok=True)
    times = [(number + 0.5) * media.duration_s / count for number in range(count)]
    written: list[Path] = []
    poster: Image.Image | None = None
    best = -1.0
    for number, frame in enumerate(read_instants(path, settings, times, nearest=True)):
        picture = Image.fromarray(frame.image)
        small = _shrunk(picture, width)
        written.append(_save(small, thumbs / f"{number}.jpg"))
        # Entropy is low for black, white, blurred and test pictures alike.
        if (interest := small.convert("L").entropy()) > best:
            best = interest
            poster = _shrunk(picture, _POSTER_WIDTH)
    if poster is not None:
        written.insert(0, _save(poster, folder / "poster.jpg"))
    return written


def _shrunk(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)


def _save(picture: Image.Image, target: Path) -> Path:
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        picture.save(partial, "JPEG", quality=_QUALITY)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
