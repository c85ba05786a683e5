"""Which files are let in: allow-lists, limits, and plain words for what a refused file is. Needs no decoder.

May import: `engine.core`.
"""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

from engine.core.errors import FootageError

DEMUXERS = (
    "mov",
    "matroska",
    "avi",
    "gif",
    "mpegts",
    "mpeg",
    "flv",
    "asf",
    "ogg",
    "mxf",
    "nut",
    "ivf",
    "apng",
    "dv",
    "dhav",
    "wtv",
    "rm",
    "h264",
    "hevc",
    "m4v",
    "mpegvideo",
    "obu",
    "mjpeg",
    "yuv4mpegpipe",
)
"""FFmpeg demuxers that read one self-contained local file. Playlists, `concat`, HLS, DASH, SDP, RTSP, image
sequences, devices and filters are absent on purpose: they make the decoder open something else."""

DEMUX_OPTIONS = {"format_whitelist": ",".join(DEMUXERS), "protocol_whitelist": "file", "enable_drefs": "0"}
"""Options every container is opened with."""

SEEKABLE = ("mov", "matroska")
"""Demuxers that keep each frame's PTS and an index: after a seek the same frame carries the same time."""

WITHOUT_PTS = ("avi", "h264", "hevc", "m4v", "mpegvideo", "mjpeg", "obu")
"""Demuxers whose files keep the order of decoding only; what FFmpeg calls PTS there is a guess."""

STATES_LENGTH = ("mov", "matroska", "avi", "flv", "asf", "gif", "mxf", "nut")
"""Demuxers whose files say how long they are, so that a cut off end shows. Elsewhere FFmpeg estimates."""

# fmt: off
SUFFIXES = frozenset((
    ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".gif", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg",
    ".vob", ".flv", ".wmv", ".asf", ".ogv", ".mxf", ".3gp", ".3g2", ".dav", ".dv", ".mjpeg", ".mjpg",
    ".h264", ".h265", ".hevc", ".ivf", ".nut", ".wtv",
))
# fmt: on
"""File names a folder is searched for."""

MAX_SIDE = 8192
MAX_PIXELS = 40_000_000
"""A larger picture is refused before it is decoded."""

_PLAYLISTS = (
    (b"#EXTM3U", "an HLS playlist"),
    (b"ffconcat", "a concat list"),
    (b"file ", "a concat list"),
    (b"file\t", "a concat list"),
    (b"file '", "a concat list"),
    (b"[playlist]", "a playlist"),
    (b"[Reference]", "a playlist"),
    (b"v=0", "an SDP session description"),
    (b"<MPD", "a DASH manifest"),
    (b"<SmoothStreamingMedia", "a streaming manifest"),
    (b"<smil", "a playlist"),
    (b"<asx", "a playlist"),
    (b"<ASX", "a playlist"),
    (b"RTSP", "a stream address"),
    (b"rtsp://", "a stream address"),
    (b"http://", "a stream address"),
    (b"https://", "a stream address"),
)

_SIGNATURES = (
    (b"\xff\xd8\xff", "picture", "a JPEG picture"),
    (b"\x89PNG", "picture", "a PNG picture"),
    (b"BM", "picture", "a bitmap picture"),
    (b"II*\x00", "picture", "a TIFF picture"),
    (b"MM\x00*", "picture", "a TIFF picture"),
    (b"PK\x03\x04", "not-video", "a ZIP archive or an office document"),
    (b"Rar!", "not-video", "a RAR archive"),
    (b"7z\xbc\xaf", "not-video", "a 7z archive"),
    (b"\x1f\x8b", "not-video", "a gzip archive"),
    (b"%PDF", "not-video", "a PDF document"),
    (b"SQLite format 3", "not-video", "a database"),
    (b"ID3", "no-video-stream", "a sound file"),
    (b"fLaC", "no-video-stream", "a sound file"),
)


def check_file(path: Path) -> None:
    """Refuse what is not a readable, non-empty, ordinary file, before anything opens it.

    Raises:
        FootageError: kind "missing", "folder", "not-a-file", "no-permission" or "empty".
    """
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise FootageError(
            f"There is no file at {path}. It may have been moved or renamed; check the path.", kind="missing"
        ) from error
    except OSError as error:
        raise FootageError(
            f"{path} cannot be reached. Give the account that runs Sightline permission to read it.",
            kind="no-permission",
            detail=str(error),
        ) from error
    if stat.S_ISDIR(state.st_mode):
        raise FootageError(f"{path} is a folder. Name one of the files inside it.", kind="folder")
    if not stat.S_ISREG(state.st_mode):
        raise FootageError(f"{path} is a device or a pipe, not a file. Name a video file.", kind="not-a-file")
    if not os.access(path, os.R_OK):
        raise FootageError(
            f"“{path.name}” may not be read. Give the account that runs Sightline permission to read it.",
            kind="no-permission",
        )
    if state.st_size == 0:
        raise FootageError(
            f"“{path.name}” is empty (0 bytes). The copy or recording failed; copy the file again.", kind="empty"
        )


def check_size(name: str, width: int, height: int) -> None:
    """Refuse pictures that would take absurd amounts of memory.

    Args:
        name: file name for the message.
        width: pixels.
        height: pixels.

    Raises:
        FootageError: kind "too-large".
    """
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise FootageError(
            f"“{name}” is {width} x {height} pixels; at most {MAX_SIDE} a side and {MAX_PIXELS // 1_000_000} "
            "megapixels can be analysed. Export it at a smaller picture size and add that.",
            kind="too-large",
        )


def describe_refused(path: Path, detail: str) -> FootageError:
    """The error for a file no allowed demuxer opens, from its first bytes and its boxes.

    Args:
        path: an existing, non-empty file.
        detail: the technical cause.

    Returns:
        Kind "playlist", "no-index", "picture", "no-video-stream", "text" or "not-video".
    """
    name = f"“{path.name}”"
    with path.open("rb") as file:
        head = file.read(4096)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    tagged = start[start.find(b"?>") + 2 :].lstrip() if start.startswith(b"<?xml") else start
    for mark, words in _PLAYLISTS:
        if tagged.startswith(mark):
            return FootageError(
                f"{name} is {words}: it only points to footage elsewhere, which is never followed. "
                "Download the footage itself and add that file.",
                kind="playlist",
                detail=detail,
            )
    boxes = top_boxes(path)
    if "mdat" in boxes and "moov" not in boxes:
        return FootageError(
            f"{name} is an MP4 without its index (no “moov”): the recording or the copy stopped before the end. "
            "Copy it again from the source, or repair it with a tool such as untrunc.",
            kind="no-index",
            detail=detail,
        )
    for mark, kind, words in _SIGNATURES:
        if head.startswith(mark):
            return FootageError(f"{name} is {words}, not footage. Add a video file.", kind=kind, detail=detail)
    if _is_text(head):
        return FootageError(
            f"{name} is a text file, whatever its name says. Add the video file itself.", kind="text", detail=detail
        )
    return FootageError(
        f"{name} is not a video in any form Sightline reads, or its beginning is damaged. "
        "Try to play it in a video player; if it plays, export it as MP4 and add that.",
        kind="not-video",
        detail=detail,
    )


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\r\n\t\f" for character in text)


def top_boxes(path: Path) -> dict[str, tuple[int, int]]:
    """Top-level boxes of an ISO media file (MP4, MOV): name -> (offset, size) of the first of each, bytes.

    Empty where the file does not start with a plausible box. Source: ISO/IEC 14496-12, 4.2.
    """
    boxes: dict[str, tuple[int, int]] = {}
    total = path.stat().st_size
    with path.open("rb") as file:
        offset = 0
        while offset + 8 <= total and len(boxes) < 64:
            file.seek(offset)
            header = file.read(16)
            size, kind = struct.unpack(">I4s", header[:8])
            if not kind.isalnum():
                break
            if size == 1 and len(header) == 16:
                size = struct.unpack(">Q", header[8:])[0]
            elif size == 0:
                size = total - offset
            if size < 8:
                break
            boxes.setdefault(kind.decode("ascii"), (offset, size))
            offset += size
    return boxes if boxes.keys() & {"ftyp", "moov", "mdat", "wide", "free", "skip"} else {}


def is_encrypted_mp4(path: Path) -> bool:
    """Whether an MP4's index says that its samples are encrypted (Common Encryption).

    Source: ISO/IEC 23001-7: sample entries “encv” with a “sinf” box.
    """
    place = top_boxes(path).get("moov")
    if place is None:
        return False
    with path.open("rb") as file:
        file.seek(place[0])
        index = file.read(min(place[1], 64 << 20))
    return b"encv" in index and b"sinf" in index
