"""Figures about answers: macro F1, calibration, and the plain numbers that are printed."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.skeleton_metrics import score, softmax


def answers(rows: list[tuple[int, float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Probabilities with the given one for the given label, the others alike."""
    found = np.zeros((len(rows), 4), np.float32)
    for row, (label, probability) in enumerate(rows):
        found[row] = (1 - probability) / 3
        found[row, label] = probability
    return found


def test_figures_by_hand() -> None:
    result = score(answers([(0, 0.9), (0, 0.9), (1, 0.6), (3, 0.7)]), np.array([0, 1, 1, 3]))
    assert result.confusion.tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert result.accuracy == 0.75
    assert result.f1 == {"theft": pytest.approx(2 / 3), "assault": pytest.approx(2 / 3), "damage": None, "normal": 1}
    assert result.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3), "labels without windows do not count"
    told = result.to_dict()
    assert told["per_class"]["assault"] == {"windows": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert told["per_class"]["damage"]["recall"] is None
    assert told["reliability"][9] == {"from": 0.9, "to": 1.0, "windows": 2, "confidence": 0.9, "accuracy": 0.5}


def test_honest_probabilities_have_no_calibration_error() -> None:
    labels = np.array([0] * 8 + [1] * 2)
    assert score(answers([(0, 0.8)] * 10), labels).calibration_error == pytest.approx(0, abs=1e-6)
    assert score(answers([(0, 0.99)] * 10), labels).calibration_error == pytest.approx(0.19, abs=1e-6)


def test_a_label_that_is_only_answered_counts_for_the_others() -> None:
    assert score(answers([(2, 0.9), (0, 0.9)]), np.array([0, 0])).macro_f1 == pytest.approx(2 / 3)


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="cannot score"):
        score(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))


def test_a_higher_temperature_is_less_sure() -> None:
    logits = np.array([[2.0, 0, 0, 0], [1000, 0, 0, 0]], np.float32)
    cold, warm = softmax(logits, 1.0), softmax(logits, 2.0)
    assert cold[0, 0] > warm[0, 0] > 0.25 and cold[1, 0] == 1
    np.testing.assert_allclose(warm.sum(axis=1), 1, atol=1e-6)
