from __future__ import annotations

import numpy as np
import pytest

from models.training.reid_scores import cosine_scale, order, score, trial, trial_within


def _vectors(rng: np.random.Generator, count: int) -> np.ndarray:
    vectors = rng.normal(size=(count, 6)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_precision_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(4)
    queries, gallery = _vectors(rng, 30), _vectors(rng, 120)
    people = [f"{who:05d}" for who in rng.integers(0, 9, 30)], [f"{who:05d}" for who in rng.integers(0, 9, 120)]
    cameras = [str(each) for each in rng.integers(1, 4, 30)], [str(each) for each in rng.integers(1, 4, 120)]
    found = score(trial(queries, gallery, people, cameras))
    expected = []
    for row in range(30):
        same = np.array(people[1]) == people[0][row]
        counted = ~(same & (np.array(cameras[1]) == cameras[0][row]))
        expected.append(average_precision_score(same[counted], (queries[row] @ gallery.T)[counted]))
    np.testing.assert_allclose(found.precision, expected, atol=1e-9)
    assert found.map == pytest.approx(np.mean(expected)) and found.asked == 30


def test_ranks_and_what_does_not_count() -> None:
    # Two queries: the first finds its person third, once its own camera is left out; the second has nobody to find.
    gallery = np.eye(6, dtype=np.float32)
    query = np.array([[0.9, 0.8, 0.7, 0.6, 0.5, 0.1], [1, 0, 0, 0, 0, 0]], np.float32)
    people = ["00001", "00009"], ["00001", "00002", "00003", "00001", "00002", "00001"]
    found = trial(query, gallery, people, (["01", "01"], ["01", "01", "02", "02", "02", "03"]))
    assert order(found, 0).tolist() == [1, 2, 3, 4, 5]
    scores = score(found)
    assert scores.ranks == (0.0, 1.0, 1.0)
    assert scores.map == pytest.approx((1 / 3 + 2 / 5) / 2)
    assert scores.asked == 1 and np.isnan(scores.precision[1])
    assert scores.to_dict() == {"map": 0.3667, "rank1": 0.0, "rank5": 1.0, "rank10": 1.0, "queries": 1}


def test_names_without_cameras_leave_nobody_out() -> None:
    vectors = np.eye(2, dtype=np.float32)[[0, 0, 1]]
    people = ["00001", "00001", "00002"]
    unknown = ["", "", ""]
    assert trial(vectors, vectors, (people, people), (unknown, unknown)).counted.all()
    within = trial_within(vectors, people, unknown)
    assert within.counted.sum() == 6 and score(within).map == 1.0
    # One camera for everybody: its pictures are compared all the same.
    assert trial_within(vectors, people, ["01"] * 3).counted.sum() == 6


def test_no_luck_is_counted_among_equals() -> None:
    query, gallery = np.ones((1, 1), np.float32), np.ones((4, 1), np.float32)
    found = trial(query, gallery, (["00001"], ["00001", "00002", "00002", "00002"]), ([""], [""] * 4))
    assert score(found).map == 0.25
    assert score(trial(query, gallery[:0], (["00001"], []), ([""], []))).map == 0.0


def test_what_cosines_mean() -> None:
    angles = np.radians([0, 10, 4, 6, 90, 80, 86, 84])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    people = ["00001"] * 4 + ["00002"] * 4
    low, high = cosine_scale(vectors, people) or (0.0, 0.0)
    # The runs of a person lie 6 degrees apart, those of two persons 80.
    assert low == pytest.approx(np.cos(np.radians(80)), abs=1e-3)
    assert high == pytest.approx(np.cos(np.radians(6)), abs=1e-3)
    assert cosine_scale(np.ones((4, 1), np.float32), ["00001", "00001", "00002", "00002"]) is None
