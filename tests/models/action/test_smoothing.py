"""Evidence becomes stretches: who speaks for which time, what changes, what is too short."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.action.smoothing import INSTANT_S, best_path, drop_short, edges, masked_runs, since_seen, stretches


def test_an_instant_stands_for_the_time_until_halfway_to_its_neighbours() -> None:
    assert edges(np.array([1.0, 2.0, 4.0])).tolist() == [1.0, 1.5, 3.0, 4.0]


def test_a_single_instant_has_a_length() -> None:
    assert edges(np.array([3.0])).tolist() == [3.0, 3.0 + INSTANT_S]


def test_clear_evidence_is_followed() -> None:
    scores = np.array([[0.9, 0.1]] * 5 + [[0.1, 0.9]] * 5)
    assert best_path(scores, np.full(10, 0.2)).tolist() == [0] * 5 + [1] * 5


def test_a_blip_is_not() -> None:
    scores = np.array([[0.9, 0.2]] * 5 + [[0.2, 0.6]] + [[0.9, 0.2]] * 5)
    assert best_path(scores, np.full(11, 0.2)).tolist() == [0] * 11


@pytest.mark.parametrize("rate", [5, 10, 30])
def test_evidence_counts_by_time_not_by_frames(rate: int) -> None:
    scores = np.array([[0.8, 0.3]] * rate + [[0.3, 0.8]] * rate)
    assert best_path(scores, np.full(2 * rate, 1.0 / rate)).tolist() == [0] * rate + [1] * rate
    short = max(1, rate // 8)
    blip = np.array([[0.8, 0.3]] * rate + [[0.3, 0.8]] * short + [[0.8, 0.3]] * rate)
    assert not best_path(blip, np.full(len(blip), 1.0 / rate)).any()


def test_where_nothing_speaks_nothing_changes() -> None:
    scores = np.array([[0.9, 0.1]] * 3 + [[0.5, 0.5]] * 20 + [[0.9, 0.1]] * 3)
    assert not best_path(scores, np.full(26, 0.2)).any()


def test_stretches_are_the_runs() -> None:
    found = stretches(np.array([2, 2, 0, 1, 1]))
    assert [(one.label, one.first, one.last) for one in found] == [(2, 0, 1), (0, 2, 2), (1, 3, 4)]
    assert stretches(np.zeros(0, np.int64)) == []


def test_runs_of_a_mask() -> None:
    found = list(masked_runs(np.array([False, True, True, False, True])))
    assert [(one.first, one.last) for one in found] == [(1, 2), (4, 4)]


def test_short_stretches_go_to_the_longer_neighbour() -> None:
    path = np.array([0, 0, 0, 1, 2, 2])
    assert drop_short(path, np.arange(7) * 0.2, 0.4).tolist() == [0, 0, 0, 0, 2, 2]
    assert path.tolist() == [0, 0, 0, 1, 2, 2]


def test_a_lone_stretch_stays_however_short() -> None:
    assert drop_short(np.array([3]), np.array([0.0, 0.1]), 0.5).tolist() == [3]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.floats(0.05, 1.0))
def test_nothing_shorter_is_left(labels: list[int], least: float) -> None:
    path, borders = np.array(labels), np.arange(len(labels) + 1) * 0.2
    after = drop_short(path, borders, least)
    found = stretches(after)
    lengths = [borders[one.last + 1] - borders[one.first] for one in found]
    assert len(found) == 1 or min(lengths) >= least - 1e-6
    assert set(after.tolist()) <= set(labels)


def test_time_since_and_until_a_sighting() -> None:
    before, after = since_seen(np.array([0.0, 1.0, 3.0, 4.0]), np.array([False, True, False, True]))
    assert before.tolist() == [np.inf, 0.0, 2.0, 0.0]
    assert after.tolist() == [1.0, 0.0, 1.0, 0.0]
    nowhere = since_seen(np.array([0.0, 1.0]), np.array([False, False]))
    assert all(np.isinf(one).all() for one in nowhere)
