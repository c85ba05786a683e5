"""Scores of windows as compact blobs; what comes back packs to the same bytes again.

Owns: the layout. May import: `engine.core`, `engine.store.columns`.
"""

from __future__ import annotations

import json
import zlib

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import WindowScores
from engine.core.types import FloatArray
from engine.store.columns import Reader, Writer, damaged, delta, steps_of, summed

MAGIC = b"SLW\x01"

SCORE_STEPS = 65535.0


def pack_windows(scores: WindowScores) -> bytes:
    """The windows of one tracklet as a blob: times exact, probabilities, coverage and weights within 1/131070."""
    words = json.dumps([scores.labels, scores.joints]).encode()
    out = Writer(MAGIC)
    out.whole(scores.tracklet, len(scores), len(words))
    out.plain(np.frombuffer(words, np.uint8))
    for times in (scores.start_s, scores.end_s):
        out.column(delta(times.view(np.uint64)))
    for shares in (scores.probabilities, scores.coverage, scores.weights):
        out.column(steps_of(shares, SCORE_STEPS).astype(np.uint16).reshape(-1))
    return out.blob()


def unpack_windows(blob: bytes) -> WindowScores:
    """The windows of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(MAGIC, blob)
        tracklet, rows, length = read.whole(3)
        labels, joints = json.loads(read.plain(length).tobytes())
        start_s, end_s = (_times(read, rows) for _ in range(2))
        scores = WindowScores(
            tracklet=tracklet,
            labels=tuple(labels),
            start_s=start_s,
            end_s=end_s,
            probabilities=_shares(read, (rows, len(labels))),
            coverage=_shares(read, (rows,)),
            joints=tuple(joints),
            weights=_shares(read, (rows, len(joints))),
        )
        read.end()
        return scores
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def _times(read: Reader, count: int) -> NDArray[np.float64]:
    return summed(read.column(count, np.uint64)).view(np.float64)


def _shares(read: Reader, shape: tuple[int, ...]) -> FloatArray:
    return (read.column(int(np.prod(shape)), np.uint16) / SCORE_STEPS).astype(np.float32).reshape(shape)
