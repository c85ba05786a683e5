"""Clips of events: made once, on demand, with the people drawn into the picture, and a contact sheet beside them.

May import: `engine.core`, `engine.answers`, `engine.media`, `engine.store`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.answers import Answers
from engine.core.anomalies import AnomalyEvent
from engine.core.clips import ClipView
from engine.core.config import Settings, canonical_json
from engine.core.cuts import whole_number
from engine.core.errors import FootageError
from engine.core.types import FloatArray, Frame, Image, Tracklet
from engine.core.views import FootageView
from engine.store.footage import FootageTable

if TYPE_CHECKING:
    from engine.media.marks import Mark

LEAD_S = 2.0
"""Footage before an event and after it that belongs to its clip, seconds."""

KEY_FRAMES = 6
CLIP_FPS = 15.0
"""Frames a second of a clip, at most; footage with fewer keeps its own."""

REVISION = 1
"""Raised when the same event would give another clip."""


class Clips:
    """Cuts events out of footage.

    Args:
        footage: the footage table.
        answers: what analyses found.
        settings: where files lie, and what decoding may cost.
    """

    def __init__(self, footage: FootageTable, answers: Answers, settings: Settings) -> None:
        self._footage, self._answers, self._settings = footage, answers, settings

    def of(self, event: AnomalyEvent) -> ClipView | None:
        """The clip of an event, None where it was not made yet."""
        told = self._stem(event).with_suffix(".json")
        try:
            clip = ClipView(**json.loads(told.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        folder = self._folder(event)
        return clip if all((folder / file).is_file() for file in (clip.file, clip.sheet)) else None

    def make(self, event: AnomalyEvent) -> ClipView:
        """The clip of an event; it is made where it was not made yet.

        Raises:
            StoreError: the footage was removed.
            FootageError: the footage cannot be read any more, or there is no room on the disk.
        """
        from engine.media.clips import write_clip, write_sheet
        from engine.media.marks import draw_marks
        from engine.media.reader import FrameReader, read_instants

        known = self.of(event)
        if known is not None:
            return known
        view, stem = self._footage.get(event.footage), self._stem(event)
        path = Path(view.path)
        if not path.is_file():
            raise FootageError(
                f"{view.name} is no longer at {view.path}. Put it back there, or register it from its new place.",
                kind="missing",
            )
        start, end = max(0.0, event.start_s - LEAD_S), min(view.media.duration_s, event.end_s + LEAD_S)
        people = _People(self._answers, event, start, end)

        def drawn(frame: Frame) -> Image:
            return draw_marks(frame.image, people.at(frame.t))

        with FrameReader(path, self._settings, fps=CLIP_FPS, start_s=start, end_s=end + 1e-6) as frames:
            first, last = write_clip(frames, stem.with_suffix(".mp4"), drawn)
        times = np.linspace(event.start_s, event.end_s, KEY_FRAMES).tolist()
        keys: Iterator[Frame] = read_instants(path, self._settings, times, nearest=True)
        write_sheet([(_clock(frame.t), drawn(frame)) for frame in keys], stem.with_suffix(".jpg"))
        root = self._folder(event)
        files = [stem.with_suffix(suffix).relative_to(root).as_posix() for suffix in (".mp4", ".jpg")]
        clip = ClipView(event.id, view.id, files[0], files[1], first, last)
        # Last, so that whoever finds it finds the others.
        told = stem.with_suffix(".json")
        part = told.with_suffix(".part")
        part.write_text(json.dumps(asdict(clip)), "utf-8")
        part.replace(told)
        return clip

    def file(self, clip: ClipView) -> Path:
        """Where a clip's MP4 lies."""
        return self._settings.media / self._footage.get(clip.footage).sha256 / clip.file

    def _folder(self, event: AnomalyEvent) -> Path:
        view: FootageView = self._footage.get(event.footage)
        return self._settings.media / view.sha256

    def _stem(self, event: AnomalyEvent) -> Path:
        parts: list[object] = [REVISION, event.run, whole_number(event.tracklet), event.start_s, event.end_s]
        # Labels are drawn into the picture: whoever is somebody else since has another clip.
        drawn = self._answers.relabelled(event.run) if event.run else ""
        parts += [drawn] if drawn else []
        digest = hashlib.sha256(canonical_json(parts).encode()).hexdigest()[:8]
        return self._folder(event) / "clips" / f"{event.id}-{digest}"


class _People:
    """Whoever is in view in a clip, wherever they are at a time.

    Args:
        answers: what analyses found.
        event: whose clip it is.
        start_s: first second of the clip.
        end_s: last second.
    """

    def __init__(self, answers: Answers, event: AnomalyEvent, start_s: float, end_s: float) -> None:
        self._main = event.tracklet
        people = answers.people(event.run) if event.run else ()
        self._labels = {stretch.tracklet: person.label for person in people for stretch in person.presence}
        tracklets: Sequence[Tracklet] = answers.tracklets(event.run) if event.run else ()
        self._tracklets = [
            each
            for each in tracklets
            if each.number in self._labels and each.first_s <= end_s and each.last_s >= start_s
        ]

    def at(self, t: float) -> list[Mark]:
        """Everybody in view at a time."""
        from engine.media.marks import Mark

        return [
            Mark(self._labels[each.number], *_between(each, t), each.number == self._main)
            for each in self._tracklets
            if each.first_s - 1e-6 <= t <= each.last_s + 1e-6
        ]


def _between(tracklet: Tracklet, t: float) -> tuple[FloatArray, FloatArray]:
    """Box (4,) and landmarks (33, 3) at a time, on straight lines between the rows beside it."""
    after = int(np.clip(np.searchsorted(tracklet.t, t), 0, len(tracklet) - 1))
    before = max(0, after - 1) if tracklet.t[after] > t else after
    span = float(tracklet.t[after] - tracklet.t[before])
    share = np.float32(np.clip((t - tracklet.t[before]) / span, 0, 1)) if span > 0 else np.float32(0)
    box = tracklet.boxes[before] * (1 - share) + tracklet.boxes[after] * share
    landmarks = tracklet.poses.landmarks[before] * (1 - share) + tracklet.poses.landmarks[after] * share
    if not (tracklet.poses.scores[before] > 0 and tracklet.poses.scores[after] > 0):
        landmarks = np.zeros_like(landmarks)
    return np.asarray(box, np.float32), np.asarray(landmarks, np.float32)


def _clock(t: float) -> str:
    minutes, seconds = divmod(t, 60)
    return f"{int(minutes)}:{seconds:05.2f}"
