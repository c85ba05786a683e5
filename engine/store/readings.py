"""What was seen in faces as compact blobs: per frame while an analysis runs, per tracklet in the store.

Times and indices come back bit for bit; places are kept to 1/8 px, angles to 1/8 degree, scores and probabilities to
1/65535. What comes back packs to the same bytes again.
Owns: these layouts (`docs/store.md`). May import: `engine.core`, `engine.store.columns`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.core.faces import FACE_POINTS, Expressions, FaceReadings, Faces, FaceSighting
from engine.core.labels import EMOTIONS
from engine.core.types import FloatArray
from engine.store.columns import Reader, Writer, damaged, delta, steps_of, summed

READINGS_MAGIC = b"SLF\x01"
SIGHTINGS_MAGIC = b"SLG\x01"
EXPRESSIONS_MAGIC = b"SLE\x01"

PLACE_STEPS = 8.0
"""Steps a pixel, and a degree."""

SCORE_STEPS = 65535.0

Taken = TypeVar("Taken")


def pack_readings(readings: FaceReadings) -> bytes:
    """The readings of one tracklet as a blob."""
    out = Writer(READINGS_MAGIC)
    out.whole(len(readings))
    _put_times(out, readings.t)
    _put_places(out, readings.boxes)
    _put_places(out, readings.angles)
    _put_scores(out, readings.quality)
    _put_scores(out, readings.emotions)
    return out.blob()


def unpack_readings(blob: bytes) -> FaceReadings:
    """The readings of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """

    def take(read: Reader) -> FaceReadings:
        (rows,) = read.whole(1)
        return FaceReadings(
            t=_times(read, rows),
            boxes=_places(read, (rows, 4)),
            angles=_places(read, (rows, 3)),
            quality=_scores(read, (rows,)),
            emotions=_scores(read, (rows, len(EMOTIONS))),
        )

    return _taken(blob, READINGS_MAGIC, take)


def pack_sightings(sightings: Sequence[FaceSighting]) -> bytes:
    """The faces of a stretch of analysed frames as a blob."""
    out = Writer(SIGHTINGS_MAGIC)
    out.whole(len(sightings))
    _put_frames(out, sightings)
    faces = [Faces.empty(), *(each.faces for each in sightings)]
    out.column(np.array([len(each) for each in faces[1:]], np.uint32))
    out.column(np.concatenate([each.people for each in faces]).astype(np.uint32))
    for name in ("boxes", "points", "angles"):
        _put_places(out, np.concatenate([getattr(each, name) for each in faces]))
    for name in ("scores", "quality"):
        _put_scores(out, np.concatenate([getattr(each, name) for each in faces]))
    return out.blob()


def unpack_sightings(blob: bytes) -> list[FaceSighting]:
    """The faces of a blob, frame by frame.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """

    def take(read: Reader) -> list[FaceSighting]:
        (frames,) = read.whole(1)
        indices, times = _frames(read, frames)
        cuts = _cuts(read, frames)
        rows = cuts[-1].stop if cuts else 0
        people = read.column(rows, np.uint32).astype(np.int64)
        boxes = _places(read, (rows, 4))
        points = _places(read, (rows, FACE_POINTS, 2))
        angles = _places(read, (rows, 3))
        scores, quality = _scores(read, (rows,)), _scores(read, (rows,))
        return [
            FaceSighting(index, t, Faces(people[cut], boxes[cut], points[cut], angles[cut], scores[cut], quality[cut]))
            for index, t, cut in zip(indices, times, cuts, strict=True)
        ]

    return _taken(blob, SIGHTINGS_MAGIC, take)


def pack_expressions(expressions: Sequence[Expressions]) -> bytes:
    """The expressions of a stretch of analysed frames as a blob."""
    out = Writer(EXPRESSIONS_MAGIC)
    out.whole(len(expressions))
    _put_frames(out, expressions)
    out.column(np.array([len(each.emotions) for each in expressions], np.uint32))
    none = np.zeros((0, len(EMOTIONS)), np.float32)
    _put_scores(out, np.concatenate([none, *(each.emotions for each in expressions)]))
    return out.blob()


def unpack_expressions(blob: bytes) -> list[Expressions]:
    """The expressions of a blob, frame by frame.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """

    def take(read: Reader) -> list[Expressions]:
        (frames,) = read.whole(1)
        indices, times = _frames(read, frames)
        cuts = _cuts(read, frames)
        emotions = _scores(read, (cuts[-1].stop if cuts else 0, len(EMOTIONS)))
        return [Expressions(index, t, emotions[cut]) for index, t, cut in zip(indices, times, cuts, strict=True)]

    return _taken(blob, EXPRESSIONS_MAGIC, take)


def _taken(blob: bytes, magic: bytes, take: Callable[[Reader], Taken]) -> Taken:
    try:
        read = Reader(magic, blob)
        taken = take(read)
        read.end()
        return taken
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def _put_frames(out: Writer, frames: Sequence[FaceSighting] | Sequence[Expressions]) -> None:
    out.column(delta(np.array([each.index for each in frames], np.int64).view(np.uint64)))
    _put_times(out, np.array([each.t for each in frames], np.float64))


def _frames(read: Reader, count: int) -> tuple[list[int], list[float]]:
    indices = summed(read.column(count, np.uint64)).view(np.int64)
    return indices.tolist(), _times(read, count).tolist()


def _cuts(read: Reader, frames: int) -> list[slice]:
    ends = np.cumsum(read.column(frames, np.uint32), dtype=np.int64)
    return [slice(int(start), int(end)) for start, end in zip([0, *ends[:-1]], ends, strict=False)]


def _put_times(out: Writer, t: NDArray[np.float64]) -> None:
    out.column(delta(t.view(np.uint64)))


def _times(read: Reader, count: int) -> NDArray[np.float64]:
    return summed(read.column(count, np.uint64)).view(np.float64)


def _put_places(out: Writer, places: FloatArray) -> None:
    out.column(steps_of(places, PLACE_STEPS).astype(np.int32).reshape(-1).view(np.uint32))


def _places(read: Reader, shape: tuple[int, ...]) -> FloatArray:
    steps = read.column(int(np.prod(shape)), np.uint32).view(np.int32)
    return (steps / PLACE_STEPS).astype(np.float32).reshape(shape)


def _put_scores(out: Writer, scores: FloatArray) -> None:
    out.column(steps_of(scores, SCORE_STEPS).astype(np.uint16).reshape(-1))


def _scores(read: Reader, shape: tuple[int, ...]) -> FloatArray:
    return (read.column(int(np.prod(shape)), np.uint16) / SCORE_STEPS).astype(np.float32).reshape(shape)
