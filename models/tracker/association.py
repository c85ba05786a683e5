"""Ultralytics' ByteTrack, given true time and a gate for people who move far between two analysed frames.

The Kalman filter, the assignment and the life of a track are the library's. Ours are two things it cannot do: the
filter is advanced by the seconds that really passed, and whoever moved too far to overlap is looked for within the
body heights that a person can cover in that time, and joined if nobody else could be meant.

Owns: how detections meet tracks. Imports ultralytics (and with it torch) at once: import this inside a constructor.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from ultralytics.trackers.basetrack import TrackState
from ultralytics.trackers.byte_tracker import BYTETracker, STrack
from ultralytics.trackers.utils.kalman_filter import KalmanFilterXYAH
from ultralytics.trackers.utils.matching import linear_assignment

from engine.core.protocols import TrackerOptions
from engine.core.types import Detections

TICKS_PER_S = 1000
"""The library counts frames; we hand it milliseconds instead, so that its ages are times."""

FILTER_RATE = 30.0
"""Steps a second that the filter's noise weights were chosen for (ByteTrack ran on 30 frames/s)."""

MIN_OVERLAP = 0.3
"""Least overlap (IoU) of a predicted box and a detection that are joined for their overlap."""

REACH_AT_REST = 0.15
"""Body heights by which a centre may miss its prediction in no time at all: jitter of boxes, arms and legs."""

SPEED_KNOWN = 0.9
"""Body heights a second by which a predicted movement may be wrong: a walker stops or turns."""

SPEED_UNKNOWN = 2.0
"""The same for a track seen once, whose movement is not known: a runner."""

MAX_REACH = 1.2
"""Body heights beyond which nobody is joined by nearness."""

MAX_REACH_LOST = 0.7
"""The same for somebody who was not there in the last frame: whoever is nearer may be somebody else."""

MAX_GROWTH = 1.3
"""Most by which a box's height may differ from its track's when they are joined by nearness."""

MIN_INSIDE = 0.8
"""Least share of the smaller box inside the other for it to be part of the same body: legs at the border, a bust
over a counter. Only from one frame to the next."""

Array = NDArray[np.float64]


_THINNEST = 1e-3
"""Sides of a box are held above this, pixels: the library divides by them."""


class Rows:
    """Detections as the library reads them: `conf`, `cls`, `xywh`, and rows chosen by a mask.

    Args:
        detections: people in one picture.
    """

    def __init__(self, detections: Detections) -> None:
        boxes = detections.boxes.astype(np.float64)
        self.detections = detections
        sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], _THINNEST)
        self.xywh = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, sizes], axis=1)
        self.conf = detections.scores
        self.cls = np.zeros(len(detections))

    def __len__(self) -> int:
        return len(self.conf)

    def __getitem__(self, mask: NDArray[np.bool_]) -> Rows:
        return Rows(self.detections[mask])


class Track(STrack):  # type: ignore[misc]  # the library is not typed
    """The library's track, which also remembers the box it was last seen with, xywh by centre."""

    def __init__(self, xywh: Array, score: float, cls: float) -> None:
        super().__init__(xywh, score, cls)
        self.seen: Array = np.asarray(xywh[:4], np.float64)
        self.sightings = 1

    def activate(self, kalman_filter: KalmanFilterXYAH, frame_id: int) -> None:
        """Count from the first sighting: what is too short is dropped later, when all of it is known."""
        super().activate(kalman_filter, frame_id)
        self.is_activated = True

    def update(self, new_track: Track, frame_id: int) -> None:
        """Take over a detection of the next frame."""
        super().update(new_track, frame_id)
        self._remember(new_track)

    def re_activate(self, new_track: Track, frame_id: int, new_id: bool = False) -> None:
        """Take over a detection after the track was lost."""
        super().re_activate(new_track, frame_id, new_id)
        self._remember(new_track)

    def _remember(self, new_track: Track) -> None:
        self.seen = new_track.seen
        self.sightings += 1


class TimedByteTracker(BYTETracker):  # type: ignore[misc]  # the library is not typed
    """ByteTrack in seconds.

    Args:
        options: what the tracker is built with.
    """

    track_class = Track

    def __init__(self, options: TrackerOptions) -> None:
        # Somebody seen in one analysed frame must be found in the next, however far apart the two are.
        lost_s = max(options.lost_s, 1.5 / options.fps)
        super().__init__(
            SimpleNamespace(
                track_high_thresh=options.new_score,
                track_low_thresh=0.0,
                new_track_thresh=options.new_score,
                track_buffer=round(lost_s * TICKS_PER_S),
                match_thresh=1.0 - MIN_OVERLAP,
                fuse_score=False,
            )
        )
        self.frame_id: int = 0
        self.tracked_stracks: list[Track] = []
        self.lost_stracks: list[Track] = []
        self.removed_stracks: list[Track] = []
        self._elapsed_s = 0.0

    def advance(self, detections: Detections, tick: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Join the detections of the next frame to tracks.

        Args:
            detections: people in that frame.
            tick: its time in milliseconds, > 0, later than the last one's.

        Returns:
            Rows of the detections and the tracks' identities, both (K,) int64, in order of rows.
        """
        self._elapsed_s = (tick - self.frame_id) / TICKS_PER_S if self.frame_id else 0.0
        self.tracked_stracks = [track for track in self.tracked_stracks if self._lives(track, tick)]
        self.lost_stracks = [track for track in self.lost_stracks if self._lives(track, tick)]
        self.removed_stracks.clear()  # the library keeps a thousand and searches them every frame
        self.frame_id = tick - 1  # the library adds one
        self.update(Rows(detections))
        seen = sorted((int(track.idx), track.track_id) for track in self.tracked_stracks if track.frame_id == tick)
        pairs = np.asarray(seen, np.int64).reshape(-1, 2)
        return pairs[:, 0].copy(), pairs[:, 1].copy()

    def _lives(self, track: Track, tick: int) -> bool:
        return bool(tick - track.end_frame <= self.max_frames_lost)

    def multi_predict(self, tracks: Sequence[Track]) -> None:
        """Advance the filters by the time that passed, in steps no longer than the noise weights' own."""
        passed = self._elapsed_s * FILTER_RATE
        steps = max(1, round(passed))
        kalman = _kalman(passed / steps)
        if not tracks:
            return
        mean = np.asarray([track.mean for track in tracks])
        covariance = np.asarray([track.covariance for track in tracks])
        lost = np.asarray([track.state != TrackState.Tracked for track in tracks])
        mean[lost, 7] = 0.0  # as the library: the size of somebody unseen does not keep growing
        for _ in range(steps):
            mean, covariance = kalman.multi_predict(mean, covariance)
        for row, track in enumerate(tracks):
            track.mean, track.covariance = mean[row], covariance[row]

    def get_dists(self, tracks: Sequence[Track], detections: Sequence[Track]) -> Array:
        """One less the overlap of predicted and detected boxes, (T, D)."""
        if not tracks or not detections:
            return np.zeros((len(tracks), len(detections)))
        return 1.0 - overlaps(_predicted(tracks), _detected(detections))

    def _post_first_association(
        self,
        strack_pool: list[Track],
        detections: list[Track],
        u_track: list[int],
        u_detection: list[int],
        activated: list[Track],
        refind: list[Track],
    ) -> tuple[list[int], list[int]]:
        """Join by nearness those who moved too far to overlap, where there is no rival."""
        if not len(u_track) or not len(u_detection):
            return u_track, u_detection
        costs = self._misses([strack_pool[row] for row in u_track], [detections[row] for row in u_detection])
        matches, _, _ = linear_assignment(costs, thresh=1.0)
        rivals = (costs <= 1.0).sum(axis=1)[:, None] + (costs <= 1.0).sum(axis=0)[None, :]
        pairs = [(u_track[a], u_detection[b]) for a, b in matches if rivals[a, b] == 2]
        self._apply_matches(pairs, strack_pool, detections, activated, refind)
        tracks, rows = {a for a, _ in pairs}, {b for _, b in pairs}
        return [a for a in u_track if a not in tracks], [b for b in u_detection if b not in rows]

    def _misses(self, tracks: Sequence[Track], detections: Sequence[Track]) -> Array:
        """How far detections miss the predictions, as a share of what is allowed, (T, D); over 1 is too far."""
        predicted, detected = _predicted(tracks), _detected(detections)
        heights = np.sqrt(predicted[:, None, 3] * detected[None, :, 3])
        distance = np.hypot(*np.moveaxis(predicted[:, None, :2] - detected[None, :, :2], -1, 0)) / heights
        unseen = np.asarray([(self.frame_id - track.end_frame) / TICKS_PER_S for track in tracks])
        speed = np.where([track.sightings == 1 for track in tracks], SPEED_UNKNOWN, SPEED_KNOWN)
        lost = np.asarray([track.state != TrackState.Tracked for track in tracks])
        reach = np.minimum(REACH_AT_REST + speed * unseen, np.where(lost, MAX_REACH_LOST, MAX_REACH))
        growth = np.exp(np.abs(np.log(predicted[:, None, 3] / detected[None, :, 3])))
        miss: Array = np.where(growth <= MAX_GROWTH, distance / reach[:, None], np.inf)
        # Somebody cut off by the border or by a counter stays where they were seen, whatever the filter made of it.
        inside = np.maximum(covered(predicted, detected), covered(_detected(tracks), detected))
        part = 2.0 - inside / MIN_INSIDE
        miss = np.where(~lost[:, None] & (part <= 1.0), np.minimum(miss, part), miss)
        return np.minimum(miss, 1e6)


def _kalman(step: float) -> KalmanFilterXYAH:
    """The library's filter for a step of another length: its noise grows with the square root of the time."""
    kalman = KalmanFilterXYAH()
    for row in range(4):
        kalman._motion_mat[row, 4 + row] = step
    kalman._std_weight_position *= step**0.5
    kalman._std_weight_velocity *= step**0.5
    return kalman


def _predicted(tracks: Sequence[Track]) -> Array:
    """Where the tracks should be now, (T, 4) xywh by centre.

    The filter's own width and height follow slowly; the size last seen is the better guess.
    """
    return np.asarray([[*track.mean[:2], *track.seen[2:]] for track in tracks], np.float64)


def _detected(detections: Sequence[Track]) -> Array:
    return np.asarray([track.seen for track in detections], np.float64)


def overlaps(first: Array, second: Array) -> Array:
    """Intersection over union.

    Args:
        first: (T, 4) xywh by centre, any unit, sizes > 0.
        second: (D, 4) likewise.

    Returns:
        (T, D) in [0, 1].
    """
    inside = _shared(first, second)
    areas = first[:, None, 2:].prod(axis=2) + second[None, :, 2:].prod(axis=2)
    ratio: Array = inside / (areas - inside)
    return ratio


def covered(first: Array, second: Array) -> Array:
    """Intersection over the smaller of two boxes.

    Args:
        first: (T, 4) xywh by centre, any unit, sizes > 0.
        second: (D, 4) likewise.

    Returns:
        (T, D) in [0, 1]; 1 where one lies inside the other.
    """
    smaller = np.minimum(first[:, None, 2:].prod(axis=2), second[None, :, 2:].prod(axis=2))
    share: Array = _shared(first, second) / smaller
    return share


def _shared(first: Array, second: Array) -> Array:
    half_a, half_b = first[:, None, 2:] / 2, second[None, :, 2:] / 2
    low = np.maximum(first[:, None, :2] - half_a, second[None, :, :2] - half_b)
    high = np.minimum(first[:, None, :2] + half_a, second[None, :, :2] + half_b)
    inside: Array = np.clip(high - low, 0.0, None).prod(axis=2)
    return inside
