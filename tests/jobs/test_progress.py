"""How far, and how long yet."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import JobCancelled
from engine.jobs.progress import STAGE_WEIGHTS, Estimate, JobObserver

WEIGHTS = {"detect": 80.0, "track": 10.0, "crops": 10.0}


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("reports", "fraction"),
    [
        pytest.param([], 0.0, id="nothing yet"),
        pytest.param([("detect", 0, 100)], 0.0, id="began"),
        pytest.param([("detect", 50, 100)], 0.4, id="half of the first"),
        pytest.param([("detect", 100, 100)], 0.8, id="first done"),
        pytest.param([("track", 1, 2)], 0.85, id="those before are done"),
        pytest.param([("track", 0, 0)], 0.9, id="nothing to do is done"),
        pytest.param([("crops", 3, 2)], 1.0, id="more than all"),
        pytest.param([("detect", -3, 2)], 0.0, id="less than nothing"),
        pytest.param([("track", 1, 2), ("detect", 1, 2)], 0.85, id="never falls"),
        pytest.param([("detect", 1, 2), ("unheard of", 1, 2)], 0.4, id="unknown stage"),
    ],
)
def test_fraction(reports: list[tuple[str, float, float]], fraction: float) -> None:
    estimate = Estimate(WEIGHTS, Clock())
    for report in reports:
        estimate.update(*report)
    assert estimate.standing.fraction == pytest.approx(fraction)
    assert estimate.standing.stage == (reports[-1][0] if reports else "")


def test_left_is_unknown_at_first_then_right_for_an_even_pace() -> None:
    clock = Clock()
    estimate = Estimate(WEIGHTS, clock)
    assert estimate.update("detect", 0, 100).left_s is None
    for done in range(1, 101):
        clock.now += 1.0
        left = estimate.update("detect", done, 100).left_s
        # Detection is 80 % of the work and takes 100 s, so all of it takes 125 s.
        if done >= 3:
            assert left == pytest.approx(125 - done, abs=1)


def test_left_does_not_take_what_was_there_for_speed() -> None:
    clock = Clock()
    estimate = Estimate(WEIGHTS, clock)
    estimate.update("detect", 90, 100)
    for done in range(91, 96):
        clock.now += 10.0
        left = estimate.update("detect", done, 100).left_s
    # 0.8 % of the whole in 10 s, 24 % to go.
    assert left == pytest.approx(300, rel=0.05)


def test_left_follows_a_change_of_pace_smoothly() -> None:
    clock = Clock()
    estimate = Estimate(WEIGHTS, clock)
    estimate.update("detect", 0, 1000)
    seen = []
    for done in [*range(0, 200, 2), *range(200, 400)]:
        clock.now += 1.0
        seen.append(estimate.update("detect", done, 1000).left_s)
    steps = [abs(later - sooner) for sooner, later in pairwise(seen[10:])]
    assert max(steps) < 40, "it does not jump"
    # 600 of 1000 steps of the first 80 % at one a second, then 20 % of the whole.
    assert seen[-1] == pytest.approx(850, rel=0.05)


def test_left_runs_down_while_a_new_stage_settles() -> None:
    clock = Clock()
    estimate = Estimate(WEIGHTS, clock)
    for done in range(0, 101, 10):
        estimate.update("detect", done, 100)
        clock.now += 1.0
    before = estimate.update("detect", 100, 100).left_s
    clock.now += 0.5
    assert estimate.update("track", 0, 10).left_s == pytest.approx(before - 0.5)


def test_left_is_nothing_when_all_is_done() -> None:
    assert Estimate(WEIGHTS, Clock()).update("crops", 1, 1).left_s == 0.0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["detect", "track", "crops", "else"]),
            st.floats(0, 200),
            st.floats(0, 100),
            st.floats(0, 1000),
        ),
        max_size=40,
    )
)
def test_fraction_never_falls_and_all_stays_sane(reports: list[tuple[str, float, float, float]]) -> None:
    clock = Clock()
    estimate = Estimate(WEIGHTS, clock)
    last = 0.0
    for stage, done, total, passed in reports:
        clock.now += passed
        standing = estimate.update(stage, done, total)
        assert last <= standing.fraction <= 1.0
        assert standing.left_s is None or standing.left_s >= 0.0
        last = standing.fraction


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": 2.0, "b": -1.0}])
def test_weights_must_weigh(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Estimate({**weights})


def test_the_pipelines_stages_all_have_a_weight() -> None:
    assert list(STAGE_WEIGHTS) == [
        "playback",
        "detect",
        "track",
        "crops",
        "clothing",
        "embeddings",
        "identity",
        "link",
        "actions",
        "activities",
        "anomalies",
        "behaviours",
        "unpaid",
        "emotions",
        "face_crops",
    ]


def test_observer_lets_a_job_go_on_until_it_is_stopped() -> None:
    observer = JobObserver(WEIGHTS)
    observer.progress("detect", 1, 2)
    observer.checkpoint()
    assert observer.standing.fraction == pytest.approx(0.4)
    observer.stop()
    with pytest.raises(JobCancelled, match="try again"):
        observer.checkpoint()
