"""What a training of the skeleton network learns from: bodies on an even grid, cut into folds and windows.

May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES
from engine.core.reviews import JudgedSequence
from engine.core.types import FloatArray
from models.anomaly.joints import from_landmarks
from models.anomaly.motion import MIN_VISIBILITY, BodyMotion, grid, resample
from models.anomaly.normalise import torsos
from models.anomaly.skeleton_csv import LabelledMotion
from models.anomaly.windows import MIN_STEPS

FOLDS = 5

ALWAYS = -1
"""Fold of examples that are learnt from and never measured on."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One body's motion as it is learnt.

    Attributes:
        motion: the joints.
        label: index into `ANOMALIES`.
        fold: from 0, or `ALWAYS`.
    """

    motion: BodyMotion
    label: int
    fold: int


def contiguous(motions: Sequence[LabelledMotion]) -> list[Example]:
    """Fifths of each label's rows in the file's order: what stands close together in the file stays together.

    Motions are cut where a fifth ends.
    """
    count = {label: sum(len(each.motion) for each in motions if each.label == label) for label in ANOMALIES}
    first = {label: min((each.rows[0] for each in motions if each.label == label), default=0) for label in ANOMALIES}
    examples = []
    for each in motions:
        folds = ((each.rows - first[each.label]) * FOLDS // count[each.label]).clip(0, FOLDS - 1)
        for fold in np.unique(folds):
            rows = folds == fold
            part = BodyMotion(each.motion.t[rows], each.motion.points[rows], each.motion.seen[rows])
            examples.append(Example(part, ANOMALIES.index(each.label), int(fold)))
    return examples


def grouped(motions: Sequence[LabelledMotion], seed: int) -> list[Example]:
    """Whole recordings dealt out at random, so that each fold has about as much of each label.

    Args:
        motions: of one file.
        seed: where chance starts.
    """
    chance = np.random.default_rng(seed)
    fold_of: dict[int, int] = {}
    for label in ANOMALIES:
        own = [each for each in motions if each.label == label]
        groups = sorted({each.group for each in own})
        size = {group: sum(len(each.motion) for each in own if each.group == group) for group in groups}
        filled = [0] * FOLDS
        for group in sorted(chance.permutation(groups).tolist(), key=lambda group: -size[group]):
            fold = filled.index(min(filled))
            fold_of[group] = fold
            filled[fold] += size[group]
    return [Example(each.motion, ANOMALIES.index(each.label), fold_of[each.group]) for each in motions]


def of_judged(sequences: Iterable[JudgedSequence], fold: int = ALWAYS) -> Iterator[Example]:
    """Stretches that people judged, or that are known to be normal, as examples."""
    for each in sequences:
        found = each.landmarks[:, :, 2].any(axis=1)
        if not found.any():
            continue
        points, visibility = from_landmarks(each.landmarks[found])
        seen = np.where(visibility >= MIN_VISIBILITY, visibility, 0).astype(np.float32)
        yield Example(BodyMotion(each.t[found], points, seen), ANOMALIES.index(each.label), fold)


class Bodies:
    """All examples on one even grid, end to end, and the windows that lie in them.

    Args:
        examples: what there is.
        rate: steps a second.
        steps: of a window.
        stride: steps from the start of a window to that of the next.

    Attributes:
        label: (B,) int64, of each window.
        fold: (B,) int64.
    """

    def __init__(self, examples: Sequence[Example], rate: float, steps: int, stride: int) -> None:
        self._steps = steps
        parts, seen, rows = [np.full((1, 13, 2), np.nan, np.float32)], [np.zeros(1, np.bool_)], []
        offset = 1
        for example in examples:
            if not len(example.motion):
                continue
            points, visible = resample(example.motion, grid(example.motion, rate))
            length, last = len(points), max(len(points) - steps, 0)
            starts = sorted({*range(0, last + 1, stride), last})
            rows += [(offset, length, start, example.label, example.fold) for start in starts]
            parts.append(points)
            seen.append((visible > 0).any(axis=1))
            offset += length
        table = np.array(rows, np.int64).reshape(-1, 5)
        self._points, self._seen = np.concatenate(parts), np.concatenate(seen)
        table = table[self._judged(table)]
        self._offset, self._length, self._start, self.label, self.fold = table.T

    def _judged(self, table: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which windows are long enough, as `models.anomaly.windows.cut` decides."""
        rows = table[:, 2, None] + np.arange(self._steps)
        inside = rows < table[:, 1, None]
        rows = np.where(inside, rows + table[:, 0, None], 0)
        units = torsos(self._points[rows])
        enough: NDArray[np.bool_] = ((self._seen[rows] & inside).sum(axis=1) >= MIN_STEPS) & np.isfinite(units)
        return enough

    def __len__(self) -> int:
        return len(self.label)

    def windows(self, rows: NDArray[np.int64]) -> FloatArray:
        """Windows as they are measured.

        Args:
            rows: (N,) which.

        Returns:
            (N, S, 13, 2) float32 pixels, NaN where unknown.
        """
        return self._cut(rows, self._start[rows].astype(np.float64), np.ones(len(rows)))

    def varied(self, rows: NDArray[np.int64], shift: NDArray[np.float64], tempo: NDArray[np.float64]) -> FloatArray:
        """Windows that start elsewhere nearby, and in which time runs faster or slower.

        Args:
            rows: (N,) which.
            shift: (N,) steps.
            tempo: (N,) steps of the grid that one step of the window takes.

        Returns:
            (N, S, 13, 2) float32 pixels, NaN where unknown.
        """
        room = self._length[rows] - 1 - (self._steps - 1) * tempo
        return self._cut(rows, (self._start[rows] + shift).clip(0, np.maximum(room, 0)), tempo)

    def _cut(self, rows: NDArray[np.int64], start: NDArray[np.float64], tempo: NDArray[np.float64]) -> FloatArray:
        place = start[:, None] + tempo[:, None] * np.arange(self._steps)
        last = self._length[rows, None] - 1
        inside = place <= last + 1e-6
        low = np.minimum(np.floor(place + 1e-6).astype(np.int64), last)
        share = (place - low).clip(0, 1)
        share = np.where(share < 1e-5, 0, share).astype(np.float32)[..., None, None]
        high = np.where(share[..., 0, 0] > 0, np.minimum(low + 1, last), low)
        before, after = (self._points[self._offset[rows, None] + step] for step in (low, high))
        between = before + (after - before) * share
        return np.where(inside[..., None, None], between, np.float32(np.nan))
