"""Scores who is who against hand-made truth: how many people there are, whether anybody holds two, and boxes over time.

Truth names people by times, not by boxes. Boxes come from a reference detector, and whose they are from truth's times
and places: a reference, not truth. IDF1 is computed by motmetrics, HOTA by TrackEval where it is installed.
May import: `engine.core`, its neighbours; both libraries inside functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.boxes import box_iou
from engine.core.columns import check_equal, checked
from engine.core.types import FloatArray
from engine.evaluation.action import FoundPerson, TruthPerson, pair_people

SAME_IOU = 0.5
"""Overlap from which two boxes are one person's, for IDF1 and for who holds whom; HOTA goes through all overlaps."""

FOLLOW_IOU = 0.3
"""Overlap from which a reference box goes on with another of the frame before."""

FOLLOW_S = 1.0
"""Longest absence within a run of reference boxes, seconds."""

TRUTH_OFF_S = 1.0
"""By how much truth's times may be off, seconds."""

HELD_SHARE, HELD_FRAMES = 0.1, 3
"""Whoever has this share of a person's matched boxes, and as many frames, is held by it."""

REFERENCE = (
    "boxes are a reference detector's, not truth; runs of them that overlap from frame to frame are given to truth's "
    "people by time in view and, where several are in view at once, by places read off the first frames by eye; runs "
    "that fit nobody are left out"
)


@dataclass(frozen=True, slots=True, eq=False)
class FrameBoxes:
    """Whose boxes there are at an instant.

    Attributes:
        t: seconds.
        ids: (K,) int64, each at most once.
        boxes: (K, 4) float32 xyxy, pixels.
    """

    t: float
    ids: NDArray[np.int64]
    boxes: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "ids": checked("ids", self.ids, (None,), np.int64),
            "boxes": checked("boxes", self.boxes, (None, 4), np.float32),
        }
        check_equal(**columns)
        if len(np.unique(self.ids)) != len(self.ids):
            raise ValueError("ids must be unique within a frame")
        for name, column in columns.items():
            object.__setattr__(self, name, column)


@dataclass(slots=True)
class _Run:
    """Reference boxes that follow one another: rows of frames and the box in each."""

    frames: list[int]
    boxes: list[FloatArray]


def reference_people(
    times: Sequence[float], boxes: Sequence[FloatArray], truth: Sequence[TruthPerson], width: int
) -> list[FrameBoxes]:
    """Whose the boxes of a reference detector are.

    Args:
        times: of F frames, ascending, seconds.
        boxes: (K, 4) of each frame, xyxy pixels.
        truth: people of the clip.
        width: of the pictures, pixels.

    Returns:
        F frames; ids are rows of `truth`. Boxes that are nobody's are left out.
    """
    runs = _runs(times, boxes)
    found = [
        FoundPerson(str(row), (_span(run, times),), (), _middle(run.boxes[0]) / width) for row, run in enumerate(runs)
    ]
    owner = {run: person for person, run in pair_people(truth, found).items()}
    for row in sorted(range(len(runs)), key=lambda row: -len(runs[row].frames)):
        if row not in owner and (person := _whose(row, runs, times, owner, truth)) is not None:
            owner[row] = person
    frames: list[tuple[list[int], list[FloatArray]]] = [([], []) for _ in times]
    for row, person in owner.items():
        for frame, box in zip(runs[row].frames, runs[row].boxes, strict=True):
            if person not in frames[frame][0]:
                frames[frame][0].append(person)
                frames[frame][1].append(box)
    return [
        FrameBoxes(t, np.array(ids, np.int64), np.array(there, np.float32).reshape(-1, 4))
        for t, (ids, there) in zip(times, frames, strict=True)
    ]


def _runs(times: Sequence[float], boxes: Sequence[FloatArray]) -> list[_Run]:
    from scipy.optimize import linear_sum_assignment

    runs: list[_Run] = []
    for frame, (t, there) in enumerate(zip(times, boxes, strict=True)):
        going = [run for run in runs if t - times[run.frames[-1]] <= FOLLOW_S]
        last = np.array([run.boxes[-1] for run in going], np.float32).reshape(-1, 4)
        overlap = box_iou(last, np.asarray(there, np.float32))
        used = set()
        for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[row, column] >= FOLLOW_IOU:
                going[row].frames.append(frame)
                going[row].boxes.append(there[column])
                used.add(int(column))
        runs += [_Run([frame], [box]) for column, box in enumerate(there) if column not in used]
    return runs


def _span(run: _Run, times: Sequence[float]) -> tuple[float, float]:
    """When boxes were seen; a single one for a moment."""
    return times[run.frames[0]], times[run.frames[-1]] + 1e-3


def _whose(
    row: int, runs: Sequence[_Run], times: Sequence[float], owner: Mapping[int, int], truth: Sequence[TruthPerson]
) -> int | None:
    """Whom a run of boxes goes on with: in view at the time, not elsewhere, and the nearest."""
    run, frames = runs[row], set(runs[row].frames)
    nearest, best = None, np.inf
    for person, known in enumerate(truth):
        inside = [known.start_s - TRUTH_OFF_S <= times[frame] <= known.end_s + TRUTH_OFF_S for frame in run.frames]
        own = [runs[other] for other, whose in owner.items() if whose == person]
        if np.mean(inside) < 0.8 or any(frames & set(other.frames) for other in own):
            continue
        away = min((abs(_middle(run.boxes[0]) - _middle(other.boxes[-1])) for other in own), default=0.0)
        if away < best:
            nearest, best = person, away
    return nearest


def _middle(box: FloatArray) -> float:
    return float(box[0] + box[2]) / 2.0


def held_by(reference: Sequence[FrameBoxes], found: Sequence[FrameBoxes]) -> dict[int, set[int]]:
    """Whom of the reference each found person holds.

    Args:
        reference: F frames.
        found: of the same F frames.

    Returns:
        Found id -> ids of the reference whose boxes they have; two or more are a wrong merge.
    """
    from scipy.optimize import linear_sum_assignment

    shared: dict[int, Counter[int]] = {}
    for true, ours in zip(reference, found, strict=True):
        overlap = box_iou(true.boxes, ours.boxes)
        for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[row, column] >= SAME_IOU:
                shared.setdefault(int(ours.ids[column]), Counter())[int(true.ids[row])] += 1
    return {
        id_: {
            person for person, count in counts.items() if count >= HELD_FRAMES and count >= HELD_SHARE * counts.total()
        }
        for id_, counts in shared.items()
    }


def held_by_time(truth: Sequence[TruthPerson], presence: Sequence[tuple[float, float]]) -> set[int]:
    """Rows of truth in whose time somebody was in view, of people who are never in view together.

    Args:
        truth: people of the clip, one after another.
        presence: stretches in view.

    Returns:
        Rows in view of whom more was seen than truth's times may be off by.
    """
    held = set()
    for row, person in enumerate(truth):
        seen = sum(max(0.0, min(end, person.end_s) - max(start, person.start_s)) for start, end in presence)
        if seen > TRUTH_OFF_S:
            held.add(row)
    return held


def one_by_one(truth: Sequence[TruthPerson]) -> bool:
    """Whether nobody of the truth is in view while somebody else is."""
    ordered = sorted(truth, key=lambda person: person.start_s)
    return all(before.end_s <= after.start_s for before, after in pairwise(ordered))


def track_scores(reference: Sequence[FrameBoxes], found: Sequence[FrameBoxes]) -> dict[str, Any]:
    """How well people found over time are the reference's.

    Args:
        reference: F frames.
        found: of the same F frames.

    Returns:
        "idf1", "switches" by motmetrics; "hota", "assa", "deta" by TrackEval, None where it is not installed.
        All but "switches" in [0, 1].
    """
    import motmetrics  # type: ignore[import-untyped]

    heard = motmetrics.MOTAccumulator(auto_id=True)
    for true, ours in zip(reference, found, strict=True):
        overlap = box_iou(true.boxes, ours.boxes).astype(np.float64)
        heard.update(true.ids.tolist(), ours.ids.tolist(), np.where(overlap >= SAME_IOU, 1.0 - overlap, np.nan))
    measured = motmetrics.metrics.create().compute(heard, metrics=["idf1", "num_switches"], return_dataframe=False)
    return {
        "idf1": round(float(measured["idf1"]), 4),
        "switches": int(measured["num_switches"]),
        **_hota(reference, found),
    }


def _hota(reference: Sequence[FrameBoxes], found: Sequence[FrameBoxes]) -> dict[str, float | None]:
    try:
        from trackeval.metrics import HOTA  # type: ignore[import-untyped]
    except ImportError:
        return {"hota": None, "assa": None, "deta": None}
    true_ids, true_rows = _numbered(reference)
    our_ids, our_rows = _numbered(found)
    data = {
        "num_timesteps": len(reference),
        "num_gt_ids": true_ids,
        "num_tracker_ids": our_ids,
        "num_gt_dets": sum(len(rows) for rows in true_rows),
        "num_tracker_dets": sum(len(rows) for rows in our_rows),
        "gt_ids": true_rows,
        "tracker_ids": our_rows,
        "similarity_scores": [
            box_iou(true.boxes, ours.boxes).astype(np.float64) for true, ours in zip(reference, found, strict=True)
        ],
    }
    measured = HOTA().eval_sequence(data)
    return {name.lower(): round(float(np.mean(measured[name])), 4) for name in ("HOTA", "AssA", "DetA")}


def _numbered(frames: Sequence[FrameBoxes]) -> tuple[int, list[NDArray[np.int64]]]:
    """How many there are, and the ids of each frame as numbers from 0."""
    every = np.unique(np.concatenate([np.zeros(0, np.int64), *(frame.ids for frame in frames)]))
    return len(every), [np.searchsorted(every, frame.ids).astype(np.int64) for frame in frames]


def placed(truth: Sequence[TruthPerson], places: Mapping[str, float]) -> tuple[TruthPerson, ...]:
    """People of the truth with where they are first seen, for those of whom it is known."""
    return tuple(replace(person, place=places.get(person.id, float("nan"))) for person in truth)
