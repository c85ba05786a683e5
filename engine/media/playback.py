"""The copy a browser plays. Owns: `make_playback`. May import: `engine.core`, `engine.media`."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.core.types import MediaInfo
from engine.media.formats import check_file
from engine.media.sandbox import Child


def make_playback(
    path: Path, media: MediaInfo, target: Path, settings: Settings, on_progress: Callable[[float], None]
) -> None:
    """Write an MP4 that browsers play, whose times are the footage's: `video.currentTime` equals `Frame.t`.

    Video a browser plays (H.264 8 bit 4:2:0, VP9, AV1) is copied without loss, with its display matrix; anything
    else, and footage found damaged while copying, becomes upright H.264 with a keyframe every second, at most 1920
    pixels a side. Sound browsers play is copied, other sound is left out.

    Args:
        path: the footage.
        media: what probing said of it.
        target: the MP4; it appears complete or not at all.
        settings: memory ceiling and patience.
        on_progress: called with the fraction done, in [0, 1]; may raise to give up, nothing is left behind then.

    Raises:
        FootageError: the footage cannot be read, or there is no room ("disk-full").
    """
    check_file(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    arguments = {"path": str(path.resolve()), "target": str(partial.absolute()), "duration_s": media.duration_s}
    try:
        with Child("engine.media.remuxing:write_playback", arguments, settings, name=path.name) as child:
            while (message := child.receive())["kind"] != "done":
                on_progress(min(1.0, message["fraction"]))
        # On the disk before it gets its name, so that a power cut leaves no half file under it.
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise FootageError(
            f"The playback copy cannot be written to {target.parent}: {error.strerror}. Check the disk and its rights.",
            kind="disk-full",
            detail=str(error),
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    on_progress(1.0)
