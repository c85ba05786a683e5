"""What a file is, found out in a child process. Owns: `probe`. May import: `engine.core`, `engine.media`."""

from __future__ import annotations

from pathlib import Path

from engine.core.config import Settings
from engine.core.types import MediaInfo
from engine.media.formats import check_file
from engine.media.sandbox import run_child


def probe(path: Path, settings: Settings) -> MediaInfo:
    """Open a file, decode its first frames and say what it is.

    A file that is cut off or damaged in the middle passes: what decodes is footage, the reader records the gaps.

    Args:
        path: the file.
        settings: memory ceiling and patience.

    Raises:
        FootageError: it cannot be analysed; `kind` is "missing", "folder", "not-a-file", "no-permission", "empty",
            "text", "playlist", "picture", "not-video", "no-index", "no-video-stream", "unknown-codec", "too-large",
            "encrypted", "single-frame", "zero-duration", "undecodable", "decoder-crashed" or "decoder-hung".
    """
    check_file(path)
    found = run_child("engine.media.inspection:inspect", {"path": str(path.resolve())}, settings, name=path.name)
    return MediaInfo(**found["media"])
