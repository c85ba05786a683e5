from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.config import TrackConfig
from engine.core.errors import JobCancelled
from engine.core.types import SIGNATURE_BINS, Observation, Tracklet
from engine.tracking.shots import shot_starts
from engine.tracking.tracklets import build_tracklets
from tests.tracking.scenes import SIZE, Listener, Scripted, bytetrack, observed, scene, stands, walks


def box(x: float, y: float = 100, tall: float = 200) -> list[float]:
    return [x, y, x + 0.4 * tall, y + tall]


def build(observations: list[Observation], *ids: list[int], **settings: float) -> list[Tracklet]:
    return build_tracklets(observations, Scripted(*ids), TrackConfig(**settings), Listener(), SIZE)


def film(xs: list[float | None], fps: float = 5, score: float = 0.9) -> tuple[list[Observation], list[list[int]]]:
    """One person at these places; None where nobody is seen."""
    there = [[] if x is None else [box(x)] for x in xs]
    frames = [observed(k, k / fps, boxes, [score] * len(boxes)) for k, boxes in enumerate(there)]
    return frames, [[1] * len(boxes) for boxes in there]


def test_columns_of_a_tracklet() -> None:
    frames, ids = film([100, 104, None, 112, 116])
    (one,) = build(frames, *ids)
    assert one.number == 1
    np.testing.assert_allclose(one.t, [0, 0.2, 0.4, 0.6, 0.8])
    assert one.interpolated.tolist() == [False, False, True, False, False]
    np.testing.assert_allclose(one.boxes[:, 0], [100, 104, 108, 112, 116])
    assert one.sharpness.tolist() == [20, 20, 0, 20, 20]
    assert one.poses.scores.tolist() == [0, 0, 0, 0, 0]


def test_an_interpolated_row_scores_as_the_weaker_neighbour() -> None:
    scores = [0.9, 0.6, None, None, 0.8]
    frames = [
        observed(k, 0.2 * k, [] if s is None else [box(100)], [] if s is None else [s]) for k, s in enumerate(scores)
    ]
    (one,) = build(frames, [1], [1], [], [], [1])
    np.testing.assert_allclose(one.scores, [0.9, 0.6, 0.6, 0.6, 0.8], rtol=1e-6)


def test_nothing_before_the_first_sighting_or_after_the_last() -> None:
    frames, ids = film([None, None, 100, 100, 100, None, None])
    (one,) = build(frames, *ids)
    assert (one.first_s, one.last_s) == (0.4, 0.8)
    assert not one.interpolated.any()


@pytest.mark.parametrize(
    ("lost_s", "lengths"),
    [pytest.param(1.0, [7], id="within lost_s"), pytest.param(0.7, [3, 3], id="longer than lost_s")],
)
def test_absences_are_filled_or_cut(lost_s: float, lengths: list[int]) -> None:
    frames, ids = film([100, 100, 100, None, None, None, 100, 100, 100])
    found = build(frames, *ids, lost_s=lost_s)
    assert [len(one) for one in found] == ([9] if lengths == [7] else lengths)


def test_a_jump_is_cut_whatever_the_tracker_says() -> None:
    frames, ids = film([100, 100, 100, 900, 900, 900])
    assert [len(one) for one in build(frames, *ids)] == [3, 3]


@pytest.mark.parametrize(
    ("seen", "frames", "kept"),
    [
        pytest.param(2, 10, 0, id="too few"),
        pytest.param(3, 10, 1, id="enough"),
        pytest.param(1, 1, 1, id="a single picture"),
        pytest.param(1, 2, 1, id="two pictures"),
        pytest.param(1, 3, 0, id="one of three"),
        pytest.param(2, 3, 1, id="two of three"),
    ],
)
def test_short_runs_are_dropped_except_in_short_footage(seen: int, frames: int, kept: int) -> None:
    assert len(build(*film_of(seen, frames))) == kept


def film_of(seen: int, frames: int) -> tuple[object, ...]:
    observations, ids = film([100.0] * seen + [None] * (frames - seen))
    return (observations, *ids)


def test_interpolated_rows_do_not_count_as_seen() -> None:
    frames, ids = film([100, None, None, None, 100, None, None])
    assert build(frames, *ids) == []


@pytest.mark.parametrize(("score", "kept"), [(0.44, 0), (0.46, 1)])
def test_low_scores_are_dropped(score: float, kept: int) -> None:
    frames, ids = film([100] * 6, score=score)
    assert len(build(frames, *ids)) == kept


def test_numbers_follow_first_appearance_then_place() -> None:
    frames = [observed(k, 0.2 * k, [box(600), box(50), *([box(300)] if k else [])]) for k in range(5)]
    found = build(frames, *[[7, 9, *([2] if k else [])] for k in range(5)])
    assert [(one.number, float(one.boxes[0, 0])) for one in found] == [(1, 50), (2, 600), (3, 300)]


def test_nobody_is_followed_across_a_cut() -> None:
    def looks(bin_: int) -> np.ndarray:
        signature = np.zeros(SIGNATURE_BINS, np.uint8)
        signature[bin_] = 255
        return signature

    plain, _ = film([100.0] * 10)
    frames = [replace(one, signature=looks(3 if one.index < 6 else 40)) for one in plain]
    found = build_tracklets(frames, bytetrack(), TrackConfig(), Listener(), SIZE)
    assert [(one.first_s, len(one)) for one in found] == [(0.0, 6), (pytest.approx(1.2), 4)]
    assert shot_starts(frames).tolist() == [frames[6].t]
    assert shot_starts(plain).tolist() == []


def test_no_footage_nobody() -> None:
    assert build([]) == []
    assert build([observed(0, 0.0, [])], []) == []


def test_progress_is_told_and_a_stop_is_heeded() -> None:
    frames, ids = film([100.0] * 120)
    listener = Listener()
    build_tracklets(frames, Scripted(*ids), TrackConfig(), listener, SIZE)
    assert listener.heard[0] == ("track", 0, 120)
    assert listener.heard[-1] == ("track", 120, 120)
    assert listener.checkpoints >= 120
    with pytest.raises(JobCancelled):
        build_tracklets(frames, Scripted(*ids), TrackConfig(), Listener(JobCancelled("stop"), after=7), SIZE)


def test_mistakes() -> None:
    frames, ids = film([100, 100])
    with pytest.raises(ValueError, match="order of time"):
        build(frames[::-1], *ids)
    with pytest.raises(ValueError, match="size"):
        build_tracklets(frames, Scripted(*ids), TrackConfig(), Listener(), (0, 10))


PASSING = {
    "crossing": [walks(-40, 1320, foot=620), walks(1320, -40, foot=590, height=190)],
    "following": [walks(-40, 1320), walks(-40, 1320, at=1.2)],
    "overtaking": [walks(-40, 1320, speed=0.6, foot=620), walks(-40, 1320, speed=1.2, foot=580, at=2)],
    "passing somebody who waits": [stands(640, foot=640, height=220), walks(-40, 1320, foot=600)],
    "runners": [walks(-40, 1320, speed=2.2), walks(1320, -40, speed=2.0, foot=450, height=160, at=1)],
    "six": [
        *(walks(-40, 1320, foot=400 + 100 * k, height=150 + 30 * k, at=k) for k in range(3)),
        *(walks(1320, -40, foot=350 + 110 * k, height=140 + 30 * k, at=0.7 * k) for k in range(3)),
    ],
}


@pytest.mark.parametrize("mirror", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("fps", [5.0, 10.0])
@pytest.mark.parametrize("name", PASSING)
def test_people_who_pass_each_other_are_told_apart(name: str, fps: float, mirror: bool) -> None:
    people = PASSING[name]
    if mirror:
        people = [
            lambda t, path=path: None if (at := path(t)) is None else (SIZE[0] - at[0], *at[1:]) for path in people
        ]
    filmed = scene(people, fps=fps, seconds=12, missed=0.05)
    found = build_tracklets(filmed.observations, bytetrack(fps), TrackConfig(), Listener(), SIZE)
    covered = [filmed.people_in(one) for one in found]
    assert all(len(people) == 1 for people in covered)
    assert set().union(*covered) == set(range(len(people)))
    assert len(found) <= len(people) + 1


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    fps=st.sampled_from([1.0, 2.0, 5.0, 12.5]),
    lost_s=st.floats(0, 4),
    holes=st.lists(st.floats(0, 10), max_size=2),
)
def test_whatever_is_seen_tracklets_are_sound(seed: int, fps: float, lost_s: float, holes: list[float]) -> None:
    rng = np.random.default_rng(seed)
    people = [walks(*rng.uniform(-50, 1330, 2), foot=f, height=f / 3) for f in rng.uniform(250, 720, 4)]
    filmed = scene(people, fps=fps, seconds=10, seed=seed, missed=0.2, jitter=0.03)
    observations = [one for one in filmed.observations if not any(hole <= one.t < hole + 1.5 for hole in holes)]
    before = [one.detections.boxes.copy() for one in observations]
    config = TrackConfig(lost_s=lost_s)
    found = build_tracklets(observations, bytetrack(fps, lost_s), config, Listener(), SIZE)
    for one, boxes in zip(observations, before, strict=True):
        np.testing.assert_array_equal(one.detections.boxes, boxes)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.first_s for one in found] == sorted(one.first_s for one in found)
    times = {one.t for one in observations}
    for one in found:
        assert set(one.t.tolist()) <= times
        assert not one.interpolated[[0, -1]].any()
        assert (~one.interpolated).sum() >= min(config.min_seen, (len(observations) + 1) // 2)
        seen = one.t[~one.interpolated]
        holes_filled = [(a, b) for a, b in pairwise(seen) if ((one.t > a) & (one.t < b)).any()]
        assert all(b - a <= lost_s for a, b in holes_filled)
    again = build_tracklets(observations, bytetrack(fps, lost_s), config, Listener(), SIZE)
    assert len(again) == len(found)
    for first, second in zip(found, again, strict=True):
        np.testing.assert_array_equal(first.boxes, second.boxes)
        np.testing.assert_array_equal(first.t, second.t)
