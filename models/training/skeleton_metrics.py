"""How well answers about windows fit their labels, and how honest their probabilities are. Pure arrays.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES
from engine.core.types import FloatArray

BINS = 10
"""Bins of the expected calibration error."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same probability.

    Attributes:
        low: lowest probability of the bin.
        high: highest.
        windows: how many answers.
        confidence: their mean probability, None where there are none.
        accuracy: share of them that was right, None where there are none.
    """

    low: float
    high: float
    windows: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True, eq=False)
class SkeletonScore:
    """How a network did.

    Attributes:
        confusion: (4, 4) int64, rows are labels, columns are answers, in the order of `ANOMALIES`.
        bins: reliability, by the probability of the answer.
    """

    confusion: NDArray[np.int64]
    bins: tuple[Bin, ...]

    @property
    def windows(self) -> int:
        """How many were scored."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share answered as labelled."""
        return float(np.trace(self.confusion) / self.windows)

    @property
    def f1(self) -> dict[str, float | None]:
        """Per label, the harmonic mean of precision and recall; None for one neither labelled nor answered."""
        both = self.confusion.sum(axis=0) + self.confusion.sum(axis=1)
        return {
            label: float(2 * self.confusion[row, row] / both[row]) if both[row] else None
            for row, label in enumerate(ANOMALIES)
        }

    @property
    def macro_f1(self) -> float:
        """Mean of the F1 of the labels that have windows."""
        there = self.confusion.sum(axis=1) > 0
        return float(np.mean([value or 0.0 for value, has in zip(self.f1.values(), there, strict=True) if has]))

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over `BINS` bins, in [0, 1]. Source: Guo et al. 2017, arXiv 1706.04599."""
        gaps = [each.windows * abs((each.confidence or 0) - (each.accuracy or 0)) for each in self.bins]
        return float(sum(gaps) / self.windows)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, rounded to four places."""
        rows, columns = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        right = np.diagonal(self.confusion)
        return {
            "windows": self.windows,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "per_class": {
                label: {
                    "windows": int(rows[row]),
                    "precision": _share(right[row], columns[row]),
                    "recall": _share(right[row], rows[row]),
                    "f1": None if self.f1[label] is None else round(self.f1[label] or 0.0, 4),
                }
                for row, label in enumerate(ANOMALIES)
            },
            "labels": list(ANOMALIES),
            "confusion": self.confusion.tolist(),
            "ece": round(self.calibration_error, 4),
            "reliability": [
                {
                    "from": each.low,
                    "to": each.high,
                    "windows": each.windows,
                    "confidence": None if each.confidence is None else round(each.confidence, 4),
                    "accuracy": None if each.accuracy is None else round(each.accuracy, 4),
                }
                for each in self.bins
            ],
        }


def score(probabilities: FloatArray, labels: NDArray[np.int64]) -> SkeletonScore:
    """Score answers against labels.

    Args:
        probabilities: (N, 4) rows summing to 1, N >= 1, in the order of `ANOMALIES`.
        labels: (N,) int64, index into `ANOMALIES`.

    Raises:
        ValueError: there is nothing to score, or the rows do not match.
    """
    if not len(labels) or probabilities.shape != (len(labels), len(ANOMALIES)):
        raise ValueError(f"cannot score {probabilities.shape} against {labels.shape}")
    confusion = np.zeros((len(ANOMALIES), len(ANOMALIES)), np.int64)
    answers = probabilities.argmax(axis=1)
    np.add.at(confusion, (labels, answers), 1)
    return SkeletonScore(confusion, _reliability(probabilities.max(axis=1), answers == labels))


def _reliability(confidence: FloatArray, right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    bins = []
    for number in range(BINS):
        rows = place == number
        some = bool(rows.any())
        bins.append(
            Bin(
                low=number / BINS,
                high=(number + 1) / BINS,
                windows=int(rows.sum()),
                confidence=float(confidence[rows].mean()) if some else None,
                accuracy=float(right[rows].mean()) if some else None,
            )
        )
    return tuple(bins)


def softmax(logits: FloatArray, temperature: float) -> FloatArray:
    """Probabilities of logits that are divided by a temperature.

    Args:
        logits: (N, 4).
        temperature: > 0.
    """
    scaled = logits.astype(np.float64) / temperature
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def _share(part: np.int64, whole: np.int64) -> float | None:
    return round(float(part / whole), 4) if whole else None
