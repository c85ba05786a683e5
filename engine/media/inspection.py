"""The child's side of probing. Runs only inside the decoding child. May import: `engine.core`, `engine.media`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np

from engine.core.errors import FootageError
from engine.core.types import MediaInfo
from engine.media import formats
from engine.media.footage import Footage, Picture
from engine.media.sandboxed import Link
from engine.media.upright import Turn

_SCANNED = 900
"""So many packets tell whether the rate varies."""


def inspect(link: Link, *, path: str) -> None:
    """Task: send the file's `MediaInfo`; see `engine.media.probe.probe`."""
    with closing(Footage(path, link.beat)) as footage:
        media = _describe(footage)
    link.send("done", media=asdict(media))


def _describe(footage: Footage) -> MediaInfo:
    if formats.is_encrypted_mp4(footage.path) or "enc_key_id" in footage.stream.metadata:
        raise FootageError(
            f"“{footage.path.name}” is encrypted (copy-protected). Export it without protection from the system that "
            "recorded it.",
            kind="encrypted",
        )
    first = _first_pictures(footage)
    promised = footage.promised_s
    footage.reopen()
    stamps = _stamps(footage, whole=promised is None)
    rate, variable = _rate(stamps, footage.base, footage.fps)
    if promised is None:
        promised = (stamps[-1] - stamps[0]) * footage.base + 1.0 / rate if len(stamps) else 0.0
    turn = Turn.of(first.frame)
    width, height = first.frame.width, first.frame.height
    codec = footage.stream.codec_context
    return MediaInfo(
        container=footage.container.format.name,
        codec=codec.name,
        pixel_format=first.frame.format.name,
        width=height if turn.transpose else width,
        height=width if turn.transpose else height,
        rotation=turn.degrees,
        duration_s=float(promised),
        fps=rate if variable else float(footage.fps),
        variable_rate=variable,
        has_audio=bool(footage.container.streams.audio),
        recorded_utc=_recorded(footage),
    )


def _first_pictures(footage: Footage) -> Picture:
    """The first picture, once a second one with another time has been seen.

    Raises:
        FootageError: there is none, there is one only, or they are all of one instant.
    """
    name = f"“{footage.path.name}”"
    seen: list[Picture] = []
    for picture in footage.pictures():
        seen.append(picture)
        if len(seen) == 2:
            formats.check_size(footage.path.name, picture.frame.width, picture.frame.height)
            return seen[0]
    if not seen or footage.damage.noticed:
        raise FootageError(
            f"Next to nothing in {name} can be decoded: it is damaged throughout, or encrypted. Try to play it in a "
            "video player; if it plays, export it as MP4 (H.264) and add that.",
            kind="undecodable",
        )
    if footage.decoded > 1:
        raise FootageError(
            f"All {footage.decoded} pictures of {name} carry the same time: it has no duration. "
            "Export it again with a frame rate set.",
            kind="zero-duration",
        )
    raise FootageError(
        f"{name} holds one single picture, so there is nothing to follow. Add footage of at least two frames.",
        kind="single-frame",
    )


def _stamps(footage: Footage, *, whole: bool) -> list[int]:
    """Presentation stamps of the packets, sorted: the first of them, or all where the length has to be measured."""
    stamps: list[int] = []
    shift = newest = 0
    for packet in footage.packets():
        stamp = packet.pts if footage.keeps_pts and packet.pts is not None else packet.dts
        if stamp is None or not packet.size:
            continue
        # Where a broadcast set its clock back, time goes on from there, as it does in `Footage.pictures`.
        if not footage.seekable and stamps and (newest - stamp - shift) * footage.base > 1.0:
            shift = newest - stamp
        stamps.append(stamp + shift)
        newest = max(newest, stamp + shift)
        if not whole and len(stamps) >= _SCANNED:
            break
    return sorted(stamps)


def _rate(stamps: list[int], base: float, stated: float) -> tuple[float, bool]:
    """Measured average rate, frames/s, and whether the frames are unevenly spaced."""
    # The last few may be followed by packets not seen yet that are shown before them.
    steps = np.diff(np.unique(stamps[: len(stamps) - 16] if len(stamps) >= _SCANNED else stamps)) * base
    if len(steps) == 0:
        return stated, False
    middle = float(np.median(steps))
    # Containers that count milliseconds or hundredths round every time up or down.
    slack = max(0.1 * middle, 1.1 * base)
    return float(1.0 / steps.mean()), bool((np.abs(steps - middle) > slack).any())


def _recorded(footage: Footage) -> str:
    for metadata in (footage.container.metadata, footage.stream.metadata):
        stated = metadata.get("com.apple.quicktime.creationdate") or metadata.get("creation_time") or ""
        try:
            moment = datetime.fromisoformat(stated)
        except ValueError:
            continue
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        # Cameras whose clock was never set, and encoders, write the epoch of the format (1904) or of Unix.
        if moment.year > 1990:
            return moment.isoformat().replace("+00:00", "Z")
    return ""
