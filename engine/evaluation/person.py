"""Scores a person detector against a reference detector, clip by clip.

The reference is another network's opinion, not the truth: a person it overlooks counts as a false alarm of ours.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.boxes import box_iou
from engine.core.protocols import Detector
from engine.core.types import Detections, FloatArray, Frame

MATCH_IOU = 0.4
REFERENCE_SCORE = 0.4
SHORT_CLIP_S = 10.0
LONG_CLIP_FPS = 2.0


@dataclass(frozen=True, slots=True)
class PersonScore:
    """How the boxes of one clip, or of several, compare with the reference's.

    Attributes:
        frames: pictures compared.
        reference: boxes of the reference at or above its confidence limit.
        found: boxes of the detector.
        matched: pairs of the two, each box used at most once.
    """

    frames: int
    reference: int
    found: int
    matched: int

    @property
    def recall(self) -> float:
        """Share of the reference's boxes that were found, in [0, 1]; 1 where there are none."""
        return self.matched / self.reference if self.reference else 1.0

    @property
    def precision(self) -> float:
        """Share of the found boxes that the reference has too, in [0, 1]; 1 where none was found."""
        return self.matched / self.found if self.found else 1.0

    def __add__(self, other: PersonScore) -> PersonScore:
        return PersonScore(
            frames=self.frames + other.frames,
            reference=self.reference + other.reference,
            found=self.found + other.found,
            matched=self.matched + other.matched,
        )


def count_matches(first: FloatArray, second: FloatArray, *, min_iou: float = MATCH_IOU) -> int:
    """Pairs of boxes that overlap enough, each box used at most once, best overlaps first.

    Args:
        first: (A, 4) float32 xyxy, pixels.
        second: (B, 4) float32 xyxy, same picture.
        min_iou: lowest accepted overlap, in (0, 1].

    Raises:
        ValueError: `min_iou` is out of range or an array is not (N, 4).
    """
    if not 0.0 < min_iou <= 1.0:
        raise ValueError(f"min_iou must be in (0, 1], got {min_iou}")
    table = box_iou(first, second)
    rows, columns = np.nonzero(table >= min_iou)
    order = np.argsort(-table[rows, columns], kind="stable")
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
    return len(used_rows)


def score_person(
    found: Sequence[Detections],
    reference: Sequence[Detections],
    *,
    min_iou: float = MATCH_IOU,
    reference_score: float = REFERENCE_SCORE,
) -> PersonScore:
    """Compare a detector's answers with the reference's, frame by frame.

    Args:
        found: F answers of the detector; all its boxes count.
        reference: F answers of the reference to the same frames.
        min_iou: lowest overlap of a match, in (0, 1].
        reference_score: boxes of the reference under this score are left out, in [0, 1].

    Raises:
        ValueError: the two are not of one length.
    """
    total = PersonScore(0, 0, 0, 0)
    for ours, theirs in zip(found, reference, strict=True):
        sure = theirs.boxes[theirs.scores >= reference_score]
        matched = count_matches(ours.boxes, sure, min_iou=min_iou)
        total += PersonScore(frames=1, reference=len(sure), found=len(ours), matched=matched)
    return total


def evaluate_person(
    clips: Mapping[str, Iterable[Frame]], detector: Detector, reference: Detector
) -> dict[str, PersonScore]:
    """Score a detector on clips.

    Args:
        clips: name -> the frames to score, in order of time; each is read once, a frame at a time.
        detector: the one that is judged; it reports what it would in an analysis.
        reference: the one it is compared with.

    Returns:
        Name -> score, in the order of the clips.
    """
    scores = {}
    for name, frames in clips.items():
        detector.reset()
        reference.reset()
        total = PersonScore(0, 0, 0, 0)
        for frame in frames:
            total += score_person(detector.predict([frame]), reference.predict([frame]))
        scores[name] = total
    return scores
