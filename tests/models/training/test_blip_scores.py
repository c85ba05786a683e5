"""Recall and BLEU against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.blip_scores import bleu, recall


def test_recall() -> None:
    scores = np.zeros((4, 12), np.float32)
    right = np.zeros((4, 12), np.bool_)
    for row, ahead in enumerate((0, 1, 6, 11)):
        right[row, 0] = True
        scores[row] = -1.0
        scores[row, 0] = 0.0
        scores[row, 1 : 1 + ahead] = 1.0
    assert recall(scores, right) == {"r1": 25.0, "r5": 50.0, "r10": 75.0, "mean": 50.0}


def test_any_right_answer_counts() -> None:
    scores = np.array([[0.1, 0.9, 0.5]], np.float32)
    assert recall(scores, np.array([[True, True, False]]))["r1"] == 100.0
    assert recall(scores, np.array([[True, False, False]]))["r1"] == 0.0


def test_equal_scores_are_no_luck() -> None:
    assert recall(np.ones((1, 20), np.float32), np.eye(1, 20, dtype=np.bool_))["r10"] == 0.0


@pytest.mark.parametrize(
    ("written", "references", "expected"),
    [
        pytest.param(["a man in a red shirt"], [["A man in a red shirt"]], 100.0, id="the-same"),
        pytest.param(["a dog"], [["a man in a red shirt"]], 0.0, id="nothing-right"),
        pytest.param(["a man in a red shirt"], [["a dog", "a man in a red shirt"]], 100.0, id="the-best-of-several"),
        # Precisions 5/6, 3/5, 2/4, 1/3 of one to four words in a row, no length to punish.
        pytest.param(["a man in a blue shirt"], [["a man in a red shirt"]], 53.73, id="one-word-wrong"),
    ],
)
def test_bleu(written: list[str], references: list[list[str]], expected: float) -> None:
    assert bleu(written, references) == pytest.approx(expected, abs=0.01)
