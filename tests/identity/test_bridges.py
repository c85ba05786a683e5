"""Links by place and time alone: nobody looked."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.config import LinkConfig
from engine.core.types import PersonLink, Tracklet
from engine.identity.linking import Evidence, link_tracklets
from tests.tracking.scenes import tracklet

SIZE = (1280, 720)


def run(
    number: int, start: float, seconds: float, x: float, *, speed: float = 0, y: float = 200, tall: float = 200
) -> Tracklet:
    """Somebody from a time and place on, at so many pixels a second."""
    t = start + np.arange(0, seconds, 0.2)
    left = x + speed * (t - start)
    boxes = np.stack([left, np.full_like(t, y), left + 0.4 * tall, np.full_like(t, y + tall)], axis=1)
    return tracklet(list(t), np.clip(boxes, 0, (*SIZE, *SIZE)), number=number)


def link(*tracklets: Tracklet, max_gap_s: float = 3.0) -> list[PersonLink]:
    return link_tracklets(list(tracklets), LinkConfig(max_gap_s=max_gap_s), SIZE, Evidence.none())


def groups(*tracklets: Tracklet, max_gap_s: float = 3.0) -> list[tuple[int, ...]]:
    return [person.tracklets for person in link(*tracklets, max_gap_s=max_gap_s)]


ONE, TWO = [(1, 2)], [(1,), (2,)]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param(run(2, 6, 4, 600), ONE, id="waits where they were"),
        pytest.param(run(2, 9, 4, 600), TWO, id="back too late"),
        pytest.param(run(2, 4, 4, 600), TWO, id="there at the same time"),
        pytest.param(run(2, 6, 4, 900), TWO, id="elsewhere"),
        pytest.param(run(2, 6, 4, 600, tall=320), TWO, id="another size"),
        pytest.param(run(2, 6, 4, 600, speed=300), TWO, id="off at a run"),
    ],
)
def test_somebody_who_stood(second: Tracklet, expected: list[tuple[int, ...]]) -> None:
    assert groups(run(1, 0, 5, 600), second) == expected


@pytest.mark.parametrize("way", [1, -1], ids=["to the right", "to the left"])
@pytest.mark.parametrize(
    ("start", "x", "speed", "expected"),
    [
        pytest.param(5.8, 580, 100, ONE, id="where the walk leads"),
        pytest.param(5.8, 480, 100, ONE, id="stopped on the way"),
        pytest.param(5.8, 780, 100, TWO, id="far ahead"),
        pytest.param(5.8, 300, 100, TWO, id="behind"),
        pytest.param(5.8, 580, -200, TWO, id="coming the other way"),
    ],
)
def test_somebody_who_walked(start: float, x: float, speed: float, expected: list[tuple[int, ...]], way: int) -> None:
    first, second = run(1, 0, 5, 0.0 + 10, speed=100), run(2, start, 3, x, speed=speed)
    if way < 0:
        first, second = mirrored(first), mirrored(second)
    assert groups(first, second) == expected


def mirrored(one: Tracklet) -> Tracklet:
    boxes = one.boxes.copy()
    boxes[:, [0, 2]] = SIZE[0] - boxes[:, [2, 0]]
    return tracklet(list(one.t), boxes, number=one.number)


@pytest.mark.parametrize("side", ["left", "right"])
def test_who_left_the_picture_is_not_who_comes_in(side: str) -> None:
    leaves, enters = run(1, 0, 5, 340, speed=-80), run(2, 6, 5, -60, speed=80)
    if side == "right":
        leaves, enters = mirrored(leaves), mirrored(enters)
    assert leaves.boxes[-1, 0] == 0 or leaves.boxes[-1, 2] == SIZE[0]
    assert groups(leaves, enters) == TWO


def test_who_is_always_cut_by_the_bottom_may_be_linked_but_not_a_sliver() -> None:
    seated = [run(number, start, 4, 600, y=520, tall=200) for number, start in ((1, 0.0), (2, 5.0))]
    assert groups(*seated) == ONE
    t = [0.2 * k for k in range(20)]
    sinks = tracklet(t, [[600, 400 + 16 * k, 680, min(720, 600 + 16 * k)] for k in range(20)])
    rises = tracklet([5 + one for one in t], sinks.boxes[::-1].copy(), number=2)
    assert groups(sinks, rises) == TWO


def test_with_two_who_could_be_meant_nobody_is() -> None:
    assert groups(run(1, 0, 5, 600), run(2, 6, 4, 590), run(3, 6.2, 4, 615)) == [(1,), (2,), (3,)]
    assert groups(run(1, 0, 5, 590), run(2, 0, 5.2, 615), run(3, 6, 4, 600)) == [(1,), (2,), (3,)]


def test_chains_labels_and_scores() -> None:
    persons = link(run(1, 0, 3, 600), run(2, 0.4, 9, 100), run(3, 4, 3, 600), run(4, 9, 3, 600))
    assert [(person.label, person.tracklets) for person in persons] == [("P1", (1, 3, 4)), ("P2", (2,))]
    assert persons[1].score == 1.0
    assert 0 < persons[0].score < 1


def test_the_longer_the_absence_the_less_sure() -> None:
    scores = [link(run(1, 0, 5, 600), run(2, 5 + gap, 4, 600))[0].score for gap in (0.5, 1.5, 2.5)]
    assert sorted(scores, reverse=True) == scores
    assert scores[0] > scores[-1]


def test_no_bridges_where_none_are_wanted() -> None:
    assert groups(run(1, 0, 5, 600), run(2, 5.2, 4, 600), max_gap_s=0) == TWO


def test_nobody_is_linked_across_a_cut() -> None:
    parts = [run(1, 0, 5, 600), run(2, 6, 4, 600), run(3, 11, 4, 600)]
    persons = link_tracklets(parts, LinkConfig(), SIZE, Evidence.none([6.0]))
    assert [person.tracklets for person in persons] == [(1,), (2, 3)]


def test_interpolated_rows_are_no_evidence() -> None:
    t = [0.2 * k for k in range(10)]
    drifting = [
        [600.0 + (40 * k if 3 < k < 9 else 0), 200, 680.0 + (40 * k if 3 < k < 9 else 0), 400] for k in range(10)
    ]
    first = tracklet(t, drifting, interpolated=range(4, 9))
    assert groups(first, run(2, 2.6, 4, 600)) == ONE


def test_nobody() -> None:
    assert link() == []


def test_mistakes() -> None:
    with pytest.raises(ValueError, match="numbers"):
        link(run(1, 0, 1, 0), run(1, 5, 1, 0))
    with pytest.raises(ValueError, match="size"):
        link_tracklets([], LinkConfig(), (0, 0), Evidence.none())


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.floats(0, 20), st.floats(0.2, 6), st.floats(0, 1200), st.floats(-150, 150), st.floats(0, 400)),
        max_size=10,
    ),
    max_gap_s=st.floats(0, 10),
)
def test_everybody_belongs_to_one_person_who_is_at_one_place_at_a_time(
    parts: list[tuple[float, ...]], max_gap_s: float
) -> None:
    parts = sorted(parts)
    runs = [run(k, start, long, x, speed=v, y=y) for k, (start, long, x, v, y) in enumerate(parts, 1)]
    persons = link(*runs, max_gap_s=max_gap_s)
    known = {one.number: one for one in runs}
    assert sorted(number for person in persons for number in person.tracklets) == sorted(known)
    assert [person.label for person in persons] == [f"P{k}" for k in range(1, len(persons) + 1)]
    starts = [known[person.tracklets[0]].first_s for person in persons]
    assert starts == sorted(starts)
    for person in persons:
        assert 0 <= person.score <= 1
        members = [known[number] for number in person.tracklets]
        for before, after in pairwise(members):
            assert 0 < after.first_s - before.last_s <= max_gap_s
    assert persons == link(*reversed(runs), max_gap_s=max_gap_s)
