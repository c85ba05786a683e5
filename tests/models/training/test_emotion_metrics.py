"""Scores of probabilities against labels, on numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.emotion.fer import CLASSES
from models.training.emotion_metrics import (
    calibration_error,
    fit_temperature,
    negative_log_likelihood,
    score,
    softmax,
)


def sure(answers: list[int], confidence: float = 1.0) -> np.ndarray:
    rest = (1 - confidence) / (len(CLASSES) - 1)
    rows = np.full((len(answers), len(CLASSES)), rest, np.float32)
    rows[np.arange(len(answers)), answers] = confidence
    return rows


def test_shares_by_class() -> None:
    result = score(sure([0, 0, 0, 3, 3, 0]), np.array([0, 0, 3, 3, 3, 6]))
    assert result.faces == 6
    assert result.accuracy == pytest.approx(4 / 6)
    assert result.recall["angry"] == 1.0
    assert result.recall["happy"] == pytest.approx(2 / 3)
    assert result.recall["surprise"] == 0.0
    assert result.recall["fear"] is None
    assert result.precision["angry"] == 0.5
    assert result.precision["surprise"] is None
    assert result.macro_recall == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert result.confusion[6, 0] == 1
    assert result.to_dict()["confusion"][3] == [1, 0, 0, 2, 0, 0, 0]


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="cannot score"):
        score(sure([]), np.zeros(0, np.int64))


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.5, 0.5], np.float32)
    right = np.array([True, True, True, False, True, False])
    assert calibration_error(confidence, right) == pytest.approx((4 * 0.2 + 0) / 6, abs=1e-6)
    assert calibration_error(np.ones(3, np.float32), np.array([True] * 3)) == 0


def test_the_temperature_undoes_a_sharpening() -> None:
    chance = np.random.default_rng(0)
    honest = chance.normal(0, 1.5, (4000, len(CLASSES)))
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = np.array([chance.choice(len(CLASSES), p=row) for row in shares])
    sharp = (honest * 3).astype(np.float32)
    found = fit_temperature(sharp, labels)
    assert found == pytest.approx(3, rel=0.1)
    assert negative_log_likelihood(sharp, labels, found) < negative_log_likelihood(sharp, labels, 1.0)


def test_logits_are_no_probabilities() -> None:
    logits = np.full((3, len(CLASSES)), -2.0, np.float32)
    logits[:, 1] = -1.0
    labels = np.array([1, 1, 0])
    with pytest.raises(ValueError, match="sum to 1"):
        score(logits, labels)
    odds = softmax(logits, 1.0)
    assert odds.sum(axis=1) == pytest.approx(1.0)
    assert score(odds, labels).accuracy == pytest.approx(2 / 3)


def test_a_higher_temperature_is_less_sure() -> None:
    logits = np.array([[0.0, 3.0, 1.0]], np.float32)
    assert softmax(logits, 1.0)[0] == pytest.approx(np.exp([0, 3, 1]) / np.exp([0, 3, 1]).sum())
    assert softmax(logits, 3.0).max() < softmax(logits, 1.0).max()
