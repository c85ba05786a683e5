"""How well probabilities of emotions fit the labels, and the temperature that makes them honest. Pure arrays.

May import: `models.emotion.fer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.emotion.fer import CLASSES

BINS = 15
"""Bins of the expected calibration error."""

_COLDEST, _HOTTEST = 0.1, 10.0
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """How a classifier did.

    Attributes:
        confusion: (C, C) int64, rows are labels, columns are answers, in the order of `CLASSES`.
        calibration_error: expected calibration error over `BINS` bins, in [0, 1].
    """

    confusion: NDArray[np.int64]
    calibration_error: float

    @property
    def faces(self) -> int:
        """How many were scored."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share answered as labelled."""
        return float(np.trace(self.confusion) / self.faces)

    @property
    def recall(self) -> dict[str, float | None]:
        """Per class, the share of its faces that were told; None for a class without faces."""
        return self._shares(self.confusion.sum(axis=1))

    @property
    def precision(self) -> dict[str, float | None]:
        """Per class, the share of its answers that were right; None for a class that was never answered."""
        return self._shares(self.confusion.sum(axis=0))

    @property
    def macro_recall(self) -> float:
        """Mean of the recalls of the classes that have faces."""
        return float(np.mean([value for value in self.recall.values() if value is not None]))

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, rounded to four places."""
        return {
            "n": self.faces,
            "accuracy": round(self.accuracy, 4),
            "macro_recall": round(self.macro_recall, 4),
            "ece": round(self.calibration_error, 4),
            "recall": {name: _rounded(value) for name, value in self.recall.items()},
            "precision": {name: _rounded(value) for name, value in self.precision.items()},
            "labels": list(CLASSES),
            "confusion": self.confusion.tolist(),
        }

    def _shares(self, of: NDArray[np.int64]) -> dict[str, float | None]:
        right = np.diagonal(self.confusion)
        return {name: float(right[row] / of[row]) if of[row] else None for row, name in enumerate(CLASSES)}


def score(probabilities: FloatArray, labels: NDArray[np.int64]) -> Score:
    """Score answers against labels.

    Args:
        probabilities: (N, C) rows summing to 1, N >= 1, in the order of `CLASSES`.
        labels: (N,) int64, index into `CLASSES`.

    Raises:
        ValueError: there is nothing to score, or the rows do not match.
    """
    if not len(labels) or probabilities.shape != (len(labels), len(CLASSES)):
        raise ValueError(f"cannot score {probabilities.shape} against {labels.shape}")
    if not (np.abs(probabilities.sum(axis=1) - 1) < 1e-3).all():
        raise ValueError("probabilities of a face must sum to 1")
    confusion = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    answers = probabilities.argmax(axis=1)
    np.add.at(confusion, (labels, answers), 1)
    return Score(confusion, calibration_error(probabilities.max(axis=1), answers == labels))


def calibration_error(confidence: FloatArray, right: NDArray[np.bool_]) -> float:
    """Expected calibration error: how far confidence and share of right answers lie apart, over bins of equal width.

    Args:
        confidence: (N,) in [0, 1], probability of each answer.
        right: (N,) whether it was right.

    Returns:
        In [0, 1].

    Source: Guo et al. 2017, arXiv 1706.04599.
    """
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=confidence.astype(np.float64), minlength=BINS) - np.bincount(
        bins, weights=right.astype(np.float64), minlength=BINS
    )
    return float(np.abs(gaps).sum() / len(confidence))


def softmax(logits: FloatArray, temperature: float) -> FloatArray:
    """Probabilities of logits.

    Args:
        logits: (N, C).
        temperature: > 0; higher is less sure.

    Returns:
        (N, C) float32, rows summing to 1.
    """
    scaled = logits.astype(np.float64) / temperature
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def negative_log_likelihood(logits: FloatArray, labels: NDArray[np.int64], temperature: float) -> float:
    """Mean negative log-likelihood of the labels, natural logarithm."""
    scaled = logits.astype(np.float64) / temperature
    top = scaled.max(axis=1, keepdims=True)
    total = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
    return float((total - scaled[np.arange(len(labels)), labels]).mean())


def fit_temperature(logits: FloatArray, labels: NDArray[np.int64]) -> float:
    """The temperature under which the labels are likeliest.

    Args:
        logits: (N, C) of faces that were not trained on, N >= 1.
        labels: (N,) int64.

    Returns:
        From 0.1 to 10.

    Source: Guo et al. 2017. Golden-section search over the logarithm; the likelihood has one peak.
    """
    low, high = np.log(_COLDEST), np.log(_HOTTEST)
    for _ in range(60):
        step = _GOLDEN * (high - low)
        left, right = high - step, low + step
        if negative_log_likelihood(logits, labels, float(np.exp(left))) < negative_log_likelihood(
            logits, labels, float(np.exp(right))
        ):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
