"""ByteTrack as a `Tracker`: ultralytics' association on our detections, without any model of theirs.

Owns: the life of one tracker instance and what importing the library must not change. May import: `engine.core`;
the library is imported when a tracker is built.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from importlib.metadata import version

from engine.core.protocols import ModelCard, TrackerOptions
from engine.core.types import Detections, Tracks

REVISION = 2
"""Raised whenever the answers may change without the library changing."""


class ByteTrackTracker:
    """Joins detections over time by predicted overlap, then by nearness; identities are per instance, from 1.

    Args:
        options: rate, longest absence and the score that starts a track.

    Source: Zhang et al. 2022 (ByteTrack), ultralytics' implementation. Differs: see `models.tracker.association`.
    """

    def __init__(self, options: TrackerOptions) -> None:
        self.card = self.describe(options)
        _import_library()
        from models.tracker.association import TICKS_PER_S, TimedByteTracker

        self._ticks_per_s = TICKS_PER_S
        self._core = TimedByteTracker(options)
        self._start: float | None = None
        self._last: float | None = None
        self._tick = 0

    @classmethod
    def describe(cls, options: TrackerOptions) -> ModelCard:
        """The card, without importing the library."""
        library = version("ultralytics")
        print_ = sha256(f"ultralytics {library} revision {REVISION}".encode()).hexdigest()[:16]
        return ModelCard("bytetrack", print_, "embedded", "AGPL-3.0", f"ultralytics {library}, ByteTrack; no weights")

    def update(self, detections: Detections, t: float) -> Tracks:
        """Tracks of the detections of the next frame.

        Args:
            detections: people in that frame.
            t: its time in seconds, later than the last one's.

        Returns:
            Which rows belong to which track, in order of rows.

        Raises:
            ValueError: time did not move on.
        """
        if self._last is not None and t <= self._last:
            raise ValueError(f"frames must come in order of time, got {t} s after {self._last} s")
        self._start, self._last = t if self._start is None else self._start, t
        # Frames less than a tick apart still count as two, or the library would take them for one.
        self._tick = max(self._tick + 1, round((t - self._start) * self._ticks_per_s) + 1)
        rows, ids = self._core.advance(detections, self._tick)
        return Tracks(rows=rows, ids=ids)

    def reset(self) -> None:
        """Forget all tracks; identities start at 1 again."""
        self._core.reset()
        self._start, self._last, self._tick = None, None, 0


def _import_library() -> None:
    """Import ultralytics without letting it install, phone home, or change threads and Pillow for everybody else."""
    if "ultralytics.trackers.byte_tracker" in sys.modules:
        return
    os.environ["YOLO_AUTOINSTALL"] = "false"
    os.environ["YOLO_OFFLINE"] = "true"
    import cv2
    import torch
    from PIL import Image

    open_image = Image.open
    threads, picture_threads = torch.get_num_threads(), cv2.getNumThreads()
    openmp = os.environ.get("OMP_NUM_THREADS")
    import ultralytics.trackers.byte_tracker  # noqa: F401

    Image.open = open_image  # it puts its own in place, which tries to install a package for every broken picture
    torch.set_num_threads(threads)
    cv2.setNumThreads(picture_threads)
    if openmp is None:
        os.environ.pop("OMP_NUM_THREADS", None)
