"""What the player draws over the picture: boxes, names, labels and skeletons of a stretch of time.

Owns: cutting runs into slices, and their compact JSON. A slice never costs more than the tracklets that touch it:
nothing here grows with the length of the footage.
May import: `engine.answers`, `engine.core`, `engine.store`.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.answers import Answers
from engine.core.cuts import Cuts
from engine.core.segments import Segments
from engine.core.types import LANDMARKS, FloatArray, Tracklet
from engine.store.results import ResultTable

KEPT_ROWS = 400_000
"""Boxes of unpacked tracklets kept between slices, about 230 bytes each."""

KEPT_RUNS = 4
"""Runs whose segments are kept between slices."""

LANDMARK_STEPS = 2
"""Landmarks are told to this many steps a pixel."""

VISIBILITY_STEPS = 100
"""Visibility is told in percent."""


@dataclass(frozen=True, slots=True)
class OverlayPerson:
    """A person who is in view in a slice.

    Attributes:
        label: P1, P2, …
        name: what an analyst calls them, "" for none.
        colour: index of the person in the run, which decides the colour.
    """

    label: str
    name: str
    colour: int


@dataclass(frozen=True, slots=True, eq=False)
class OverlayTrack:
    """The rows of one tracklet that a slice needs: those within it, and one more on either side where there are any.

    Attributes:
        tracklet: its number.
        person: row among the slice's people.
        t: (M,) float64 seconds, strictly increasing, M >= 1.
        boxes: (M, 4) float32 xyxy, pixels of the upright frame.
        scores: (M,) float32 in [0, 1].
        interpolated: (M,) bool, True where no detector saw the box.
        landmarks: (M, 33, 3) int16, x and y in half pixels, visibility in percent; all 0 where no pose was found.
            (0, 33, 3) where they were not asked for.
    """

    tracklet: int
    person: int
    t: NDArray[np.float64]
    boxes: FloatArray
    scores: FloatArray
    interpolated: NDArray[np.bool_]
    landmarks: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class OverlaySlice:
    """All there is to draw in a stretch of time.

    Attributes:
        run: run id.
        start_s: first second of the slice.
        end_s: last second of the slice.
        people: those in view, in their order in the run.
        tracks: their boxes, by tracklet number.
        segments: what they did and how they looked, those that touch the slice.
    """

    run: str
    start_s: float
    end_s: float
    people: tuple[OverlayPerson, ...]
    tracks: tuple[OverlayTrack, ...]
    segments: Segments

    def to_json(self) -> str:
        """The slice for the browser; `docs/overlay.md` says what is in it."""
        rows = {track.tracklet: track.person for track in self.tracks}
        segments = self.segments
        told = {
            "run": self.run,
            "from": self.start_s,
            "to": self.end_s,
            "people": [{"label": one.label, "name": one.name, "colour": one.colour} for one in self.people],
            "tracks": [_track_json(track) for track in self.tracks],
            "segments": [
                [
                    rows[int(segments.tracklets[row])],
                    segments.channels[row],
                    segments.labels[row],
                    round(float(segments.start_s[row]), 3),
                    round(float(segments.end_s[row]), 3),
                    round(float(segments.scores[row]), 2),
                ]
                for row in range(len(segments))
            ],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class Overlays:
    """Cuts slices of time out of runs. Thread-safe.

    Args:
        results: the results table.
        answers: names of people, and segments as this site shows them.
    """

    def __init__(self, results: ResultTable, answers: Answers) -> None:
        self._results = results
        self._answers = answers
        self._guard = threading.Lock()
        self._tracks: OrderedDict[tuple[str, int], OverlayTrack] = OrderedDict()
        self._segments: OrderedDict[str, tuple[Cuts, Segments]] = OrderedDict()
        self._rows = 0

    def slice(self, run: str, start_s: float, end_s: float, *, landmarks: bool) -> OverlaySlice:
        """Everything to draw from one time to another.

        Args:
            run: run id.
            start_s: seconds.
            end_s: seconds, not before `start_s`.
            landmarks: with skeletons.

        Raises:
            StoreError: there is no such run, or what it found is damaged.
            ValueError: the times are the wrong way round or not finite.
        """
        if not (np.isfinite([start_s, end_s]).all() and start_s <= end_s):
            raise ValueError(f"a slice needs start_s <= end_s, got {start_s}, {end_s}")
        key = next(stage.key for stage in self._results.run(run).stages if stage.name == "track")
        owners = {
            stretch.tracklet: OverlayPerson(person.label, person.name, position)
            for position, person in enumerate(self._results.people(run))
            for stretch in person.presence
        }
        cuts = self._results.cuts(run)
        found = [
            part
            for part in _parted(self._between(key, start_s, end_s), cuts)
            if part.tracklet in owners and part.t[0] <= end_s and part.t[-1] >= start_s
        ]
        people = sorted({owners[whole.tracklet] for whole in found}, key=lambda person: person.colour)
        row_of = {person.colour: row for row, person in enumerate(people)}
        tracks = tuple(
            _cut(whole, row_of[owners[whole.tracklet].colour], start_s, end_s, landmarks=landmarks) for whole in found
        )
        segments = self._touching((run, cuts), [whole.tracklet for whole in found], start_s, end_s)
        return OverlaySlice(run, start_s, end_s, tuple(people), tracks, segments)

    def _between(self, key: str, start_s: float, end_s: float) -> list[OverlayTrack]:
        """Whole tracklets that touch a stretch of time, by number; only those not kept are read."""
        with self._guard:
            kept = [whole for (stage, _), whole in self._tracks.items() if stage == key]
        known = {whole.tracklet for whole in kept}
        read = [_compact(one) for one in self._results.tracklets_between(key, start_s, end_s, skip=known)]
        touching = [whole for whole in kept if whole.t[0] <= end_s and whole.t[-1] >= start_s] + read
        with self._guard:
            for whole in touching:
                self._keep((key, whole.tracklet), whole)
            while self._rows > KEPT_ROWS:
                self._rows -= len(self._tracks.popitem(last=False)[1].t)
        return sorted(touching, key=lambda whole: whole.tracklet)

    def _keep(self, place: tuple[str, int], whole: OverlayTrack) -> None:
        before = self._tracks.pop(place, None)
        self._tracks[place] = whole
        self._rows += len(whole.t) - (0 if before is None else len(before.t))

    def _touching(self, of: tuple[str, Cuts], tracklets: list[int], start_s: float, end_s: float) -> Segments:
        run, cuts = of
        with self._guard:
            kept = self._segments.get(run)
        segments = kept[1] if kept is not None and kept[0] == cuts else self._answers.segments(run)
        with self._guard:
            self._segments[run] = cuts, segments
            self._segments.move_to_end(run)
            while len(self._segments) > KEPT_RUNS:
                self._segments.popitem(last=False)
        within = (segments.start_s <= end_s) & (segments.end_s >= start_s)
        return segments[np.flatnonzero(within & np.isin(segments.tracklets, tracklets))]


def _compact(tracklet: Tracklet) -> OverlayTrack:
    """A tracklet in the form that is kept and told: half the memory, and no rounding left to do for each slice."""
    steps = np.array([LANDMARK_STEPS, LANDMARK_STEPS, VISIBILITY_STEPS], np.float32)
    limits = np.iinfo(np.int16)
    landmarks = np.clip(np.rint(tracklet.poses.landmarks * steps), limits.min, limits.max).astype(np.int16)
    return OverlayTrack(
        tracklet=tracklet.number,
        person=-1,
        t=tracklet.t,
        boxes=tracklet.boxes,
        scores=tracklet.scores,
        interpolated=tracklet.interpolated,
        landmarks=landmarks,
    )


def _parted(tracks: Sequence[OverlayTrack], cuts: Cuts) -> list[OverlayTrack]:
    """Whole tracklets, those that an analyst cut as their pieces, by number."""
    if not cuts:
        return list(tracks)
    parts = []
    for whole in tracks:
        shown = cuts.numbers(np.full(len(whole.t), whole.tracklet, np.int64), whole.t)
        parts += [
            replace(
                whole,
                tracklet=number,
                t=whole.t[shown == number],
                boxes=whole.boxes[shown == number],
                scores=whole.scores[shown == number],
                interpolated=whole.interpolated[shown == number],
                landmarks=whole.landmarks[shown == number],
            )
            for number in np.unique(shown).tolist()
        ]
    return sorted(parts, key=lambda part: part.tracklet)


def _cut(whole: OverlayTrack, person: int, start_s: float, end_s: float, *, landmarks: bool) -> OverlayTrack:
    # One row more on either side: between two rows the browser draws what lies between them.
    first = max(int(np.searchsorted(whole.t, start_s, "right")) - 1, 0)
    rows = slice(first, int(np.searchsorted(whole.t, end_s, "left")) + 1)
    return OverlayTrack(
        tracklet=whole.tracklet,
        person=person,
        t=whole.t[rows],
        boxes=whole.boxes[rows],
        scores=whole.scores[rows],
        interpolated=whole.interpolated[rows],
        landmarks=whole.landmarks[rows] if landmarks else np.zeros((0, LANDMARKS, 3), np.int16),
    )


def _track_json(track: OverlayTrack) -> dict[str, Any]:
    told: dict[str, Any] = {
        "tracklet": track.tracklet,
        "person": track.person,
        "t": np.round(track.t, 3).tolist(),
        "box": np.round(track.boxes.astype(np.float64), 1).reshape(-1).tolist(),
        "score": np.rint(track.scores * 100).astype(np.int64).tolist(),
        "interpolated": np.flatnonzero(track.interpolated).tolist(),
    }
    if len(track.landmarks):
        # Each row less the one before it: small numbers, which are short to write and squeeze well.
        rows = track.landmarks.reshape(len(track.landmarks), -1).astype(np.int64)
        told["landmarks"] = np.diff(rows, axis=0, prepend=np.zeros((1, rows.shape[1]), np.int64)).reshape(-1).tolist()
    return told
