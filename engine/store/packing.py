"""Tracklets and detections as compact blobs. `docs/store.md` draws the layout.

Boxes, times and indices come back bit for bit. Scores, landmarks, visibility and sharpness are rounded on the way
in, and what comes back packs to the very same bytes again; whoever computes on goes on from what was read back, so
that an analysis that was interrupted answers as one that was not.
Owns: the layout. May import: `engine.core`, `engine.store.columns`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.types import LANDMARKS, SIGNATURE_BINS, Detections, FloatArray, Observation, Poses, Tracklet
from engine.store.columns import Reader, Writer, damaged, delta, steps_of, summed

TRACKLET_MAGIC = b"SLT\x01"
OBSERVATIONS_MAGIC = b"SLO\x02"

LANDMARK_STEPS = 8.0
"""Landmarks are kept to this many steps a pixel: off by 1/16 px at most."""

LANDMARK_REACH = 2.0**20
"""Landmarks farther from the picture's corner are moved to this distance, pixels."""

SCORE_STEPS = 65535.0
VISIBILITY_STEPS = 255.0
SHARPNESS_LIMIT = 65504.0
"""Largest finite float16."""


def pack_tracklet(tracklet: Tracklet) -> bytes:
    """A tracklet as a blob.

    Args:
        tracklet: M rows.

    Returns:
        The blob. `unpack_tracklet` gives number, t, boxes and interpolated exactly, scores within 1/131070,
        visibility within 1/510, landmarks within 1/16 px (up to 2**20 px from the corner), sharpness as float16.
    """
    out = Writer(TRACKLET_MAGIC)
    out.whole(tracklet.number, len(tracklet))
    out.column(delta(tracklet.t.view(np.uint64)))
    _write_rows(out, tracklet.boxes, tracklet.scores, tracklet.sharpness)
    out.plain(np.packbits(tracklet.interpolated))
    _write_poses(out, tracklet.poses)
    return out.blob()


def unpack_tracklet(blob: bytes) -> Tracklet:
    """The tracklet of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(TRACKLET_MAGIC, blob)
        number, rows = read.whole(2)
        t = summed(read.column(rows, np.uint64)).view(np.float64)
        boxes, scores, sharpness = _read_rows(read, rows)
        interpolated = np.unpackbits(read.plain((rows + 7) // 8), count=rows).astype(np.bool_)
        poses = _read_poses(read, rows)
        read.end()
        return Tracklet(
            number=number,
            t=t,
            boxes=boxes,
            scores=scores,
            interpolated=interpolated,
            poses=poses,
            sharpness=sharpness,
        )
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def pack_observations(observations: Sequence[Observation]) -> bytes:
    """A stretch of analysed frames as a blob, rounded as in `pack_tracklet`; indices and times are exact.

    Args:
        observations: F frames, any number of people in each.
    """
    out = Writer(OBSERVATIONS_MAGIC)
    out.whole(len(observations))
    out.column(delta(np.array([seen.index for seen in observations], np.int64).view(np.uint64)))
    out.column(delta(np.array([seen.t for seen in observations], np.float64).view(np.uint64)))
    out.column(np.array([len(seen.detections) for seen in observations], np.uint32))
    found = [seen.detections for seen in observations]
    boxes = np.concatenate([np.zeros((0, 4), np.float32), *(each.boxes for each in found)])
    scores = np.concatenate([np.zeros(0, np.float32), *(each.scores for each in found)])
    sharpness = np.concatenate([np.zeros(0, np.float32), *(seen.sharpness for seen in observations)])
    _write_rows(out, boxes, scores, sharpness)
    _write_poses(out, Poses.concatenate(each.poses for each in found))
    out.plain(np.concatenate([np.zeros(0, np.uint8), *(seen.signature for seen in observations)]))
    return out.blob()


def unpack_observations(blob: bytes) -> list[Observation]:
    """The analysed frames of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(OBSERVATIONS_MAGIC, blob)
        (frames,) = read.whole(1)
        indices = summed(read.column(frames, np.uint64)).view(np.int64)
        times = summed(read.column(frames, np.uint64)).view(np.float64)
        ends = np.cumsum(read.column(frames, np.uint32), dtype=np.int64)
        rows = int(ends[-1]) if frames else 0
        boxes, scores, sharpness = _read_rows(read, rows)
        poses = _read_poses(read, rows)
        signatures = read.plain(frames * SIGNATURE_BINS).reshape(frames, SIGNATURE_BINS)
        read.end()
        everybody = Detections(boxes=boxes, scores=scores, poses=poses)
        cuts = [slice(int(start), int(end)) for start, end in zip([0, *ends[:-1]], ends, strict=False)]
        return [
            Observation(int(index), float(t), everybody[cut], sharpness[cut], signature)
            for index, t, cut, signature in zip(indices, times, cuts, signatures, strict=True)
        ]
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def _write_rows(out: Writer, boxes: FloatArray, scores: FloatArray, sharpness: FloatArray) -> None:
    for side in range(4):
        bits = np.ascontiguousarray(boxes[:, side]).view(np.int32)
        out.column(_folded(delta(bits.view(np.uint32))))
    out.column(steps_of(scores, SCORE_STEPS).astype(np.uint16))
    clipped = np.clip(sharpness, -SHARPNESS_LIMIT, SHARPNESS_LIMIT)
    out.column(clipped.astype(np.float16).view(np.uint16))


def _read_rows(read: Reader, rows: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    sides = [summed(_unfolded(read.column(rows, np.uint32))).view(np.float32) for _ in range(4)]
    scores = (read.column(rows, np.uint16) / SCORE_STEPS).astype(np.float32)
    sharpness = read.column(rows, np.uint16).view(np.float16).astype(np.float32)
    return np.stack(sides, axis=1), scores, sharpness


def _write_poses(out: Writer, poses: Poses) -> None:
    # Rounded first: whether a pose is there is decided on what will be read back.
    scores = steps_of(poses.scores, SCORE_STEPS).astype(np.uint16)
    places = np.clip(poses.landmarks[:, :, :2].astype(np.float64), -LANDMARK_REACH, LANDMARK_REACH)
    steps = steps_of(places, LANDMARK_STEPS).astype(np.int32)
    visibility = steps_of(poses.landmarks[:, :, 2], VISIBILITY_STEPS).astype(np.uint8)
    there = (scores > 0) | steps.any(axis=(1, 2)) | visibility.any(axis=1)
    out.plain(np.packbits(there))
    out.column(scores[there])
    paths = np.ascontiguousarray(np.moveaxis(steps[there], 0, -1)).view(np.uint32)
    out.column(_folded(delta(paths)).reshape(-1))
    out.plain(delta(np.ascontiguousarray(visibility[there].T)).reshape(-1))


def _read_poses(read: Reader, rows: int) -> Poses:
    there = np.unpackbits(read.plain((rows + 7) // 8), count=rows).astype(np.bool_)
    n = int(there.sum())
    scores = np.zeros(rows, np.float32)
    scores[there] = read.column(n, np.uint16) / SCORE_STEPS
    landmarks = np.zeros((rows, LANDMARKS, 3), np.float32)
    folded = read.column(n * LANDMARKS * 2, np.uint32).reshape(LANDMARKS, 2, n)
    paths = summed(_unfolded(folded)).view(np.int32)
    landmarks[there, :, :2] = np.moveaxis(paths, -1, 0) / LANDMARK_STEPS
    visibility = summed(read.plain(n * LANDMARKS).reshape(LANDMARKS, n))
    landmarks[there, :, 2] = visibility.T / VISIBILITY_STEPS
    return Poses(landmarks=landmarks, scores=scores)


def _folded(changes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Signed changes to small unsigned numbers: 0, -1, 1, -2 … to 0, 1, 2, 3 …, so that high bytes are zero."""
    signed = changes.view(np.int32)
    return (changes << np.uint32(1)) ^ (signed >> np.int32(31)).view(np.uint32)


def _unfolded(folded: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Undo `_folded`."""
    return (folded >> np.uint32(1)) ^ (np.uint32(0) - (folded & np.uint32(1)))
