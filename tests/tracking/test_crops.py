from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.config import CropConfig
from engine.core.types import CropChoice, Frame
from engine.tracking.crops import choose_crops, cut, shown
from tests.tracking.scenes import tracklet

SIZE = (800, 600)
MIDDLE = [300.0, 100.0, 400.0, 400.0]


def two(first: list[float], second: list[float], **columns: object) -> list[float]:
    """Times of the choices from a tracklet whose first half shows one box, whose second half another."""
    run = tracklet([0.0, 5.0], [first, second], **columns)  # type: ignore[arg-type]
    return [choice.t for choice in choose_crops(run, CropConfig(), SIZE)]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        pytest.param([340, 200, 380, 320], MIDDLE, id="larger"),
        pytest.param([0, 100, 100, 400], MIDDLE, id="cut on the left"),
        pytest.param([700, 100, 800, 400], MIDDLE, id="cut on the right"),
        pytest.param([300, 0, 400, 300], MIDDLE, id="without a head"),
        pytest.param([300, 300, 400, 600], MIDDLE, id="without feet"),
        pytest.param([300, 0, 400, 300], [300, 300, 400, 600], id="rather without feet than without a head"),
    ],
)
def test_the_better_place_comes_first(worse: list[float], better: list[float]) -> None:
    assert two(worse, better) == [5.0, 0.0]
    assert two(better, worse) == [0.0, 5.0]


def test_the_sharper_one_comes_first() -> None:
    assert two(MIDDLE, MIDDLE, sharpness=[5, 30]) == [5.0, 0.0]


def test_visible_landmarks_come_first() -> None:
    landmarks = np.zeros((2, 33, 3))
    landmarks[:, :, :2] = 350
    landmarks[0, :, 2], landmarks[1, :, 2] = 0.3, 0.9
    assert two(MIDDLE, MIDDLE, landmarks=landmarks) == [5.0, 0.0]
    landmarks[1, :, 0] = -20  # seen by the network's imagination only, outside the picture
    assert two(MIDDLE, MIDDLE, landmarks=landmarks) == [0.0, 5.0]


def test_a_view_that_somebody_nearer_hides_comes_later() -> None:
    run = tracklet([0.0, 5.0], [MIDDLE] * 2, sharpness=[20, 18])
    other = tracklet([0.0, 0.2], [[330, 150, 430, 450]] * 2, number=2)
    assert [choice.t for choice in choose_crops(run, CropConfig(), SIZE, [run])] == [0.0, 5.0]
    assert [choice.t for choice in choose_crops(run, CropConfig(), SIZE, [run, other])] == [5.0, 0.0]


def test_somebody_behind_costs_less_than_somebody_in_front() -> None:
    run = tracklet([0.0, 5.0], [MIDDLE] * 2)
    qualities = []
    for feet in (350, 450):
        other = tracklet([0.0, 0.2], [[330, feet - 300, 430, feet]] * 2, number=2)
        qualities.append({c.t: c.quality for c in choose_crops(run, CropConfig(), SIZE, [other])}[0.0])
    assert qualities[1] < qualities[0]


def test_views_are_apart_in_time_and_ranked() -> None:
    t = [0.2 * k for k in range(100)]
    run = tracklet(t, [MIDDLE] * 100, sharpness=list(np.random.default_rng(1).uniform(5, 40, 100)), number=4)
    choices = choose_crops(run, CropConfig(per_tracklet=5, apart_s=2.0), SIZE)
    assert [choice.rank for choice in choices] == [0, 1, 2, 3, 4]
    assert {choice.tracklet for choice in choices} == {4}
    assert np.diff(sorted(choice.t for choice in choices)).min() >= 2.0 - 1e-9
    assert [choice.quality for choice in choices] == sorted((choice.quality for choice in choices), reverse=True)


def test_a_short_tracklet_still_gives_several() -> None:
    run = tracklet([0.2 * k for k in range(8)], [MIDDLE] * 8)
    assert len(choose_crops(run, CropConfig(per_tracklet=4, apart_s=10.0), SIZE)) >= 3


def test_only_what_was_seen() -> None:
    run = tracklet([0.0, 1.0, 2.0], [[340, 200, 380, 320], MIDDLE, [340, 200, 380, 320]], interpolated=[1])
    assert {choice.t for choice in choose_crops(run, CropConfig(), SIZE)} == {0.0, 2.0}


@given(
    rows=st.lists(
        st.tuples(st.floats(-50, 800), st.floats(-50, 600), st.floats(0, 900), st.floats(0, 700), st.floats(0, 90)),
        min_size=1,
        max_size=12,
    ),
    per=st.integers(1, 6),
)
def test_qualities_are_shares_and_choices_are_the_tracklets_own(rows: list[tuple[float, ...]], per: int) -> None:
    boxes = [[x, y, x + w, y + h] for x, y, w, h, _ in rows]
    run = tracklet([0.3 * k for k in range(len(rows))], boxes, sharpness=[row[4] for row in rows])
    choices = choose_crops(run, CropConfig(per_tracklet=per), SIZE, [run])
    assert 1 <= len(choices) <= per
    for choice in choices:
        assert 0 <= choice.quality <= 1
        row = int(np.flatnonzero(run.t == choice.t)[0])
        np.testing.assert_array_equal(choice.box, run.boxes[row])


def picture(width: int = 200, height: int = 100) -> Frame:
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return Frame(0, 0.0, np.stack([x, y, 0 * x], axis=2).astype(np.uint8))


def choice(*box: float) -> CropChoice:
    return CropChoice(1, 0, 0.0, np.asarray(box, np.float32), 0.5)


def test_cut_takes_the_grown_box() -> None:
    crop = cut(picture(), choice(50, 20, 100, 70), 512)
    assert crop.shape == (54, 54, 3)
    assert crop[0, 0].tolist() == [48, 18, 0]


def test_cut_stays_in_the_picture_and_is_a_copy() -> None:
    frame = picture()
    crop = cut(frame, choice(-20, -20, 300, 300), 512)
    np.testing.assert_array_equal(crop, frame.image)
    crop[:] = 0
    assert frame.image.any()


def test_cut_scales_down_by_area() -> None:
    checks = np.indices((100, 200)).sum(axis=0) % 2 * 255
    frame = Frame(0, 0.0, np.repeat(checks[:, :, None], 3, axis=2).astype(np.uint8))
    crop = cut(frame, choice(0, 0, 200, 100), 50)
    assert crop.shape == (25, 50, 3)
    assert np.abs(crop.astype(int) - 128).max() <= 1


@pytest.mark.parametrize("box", [(300, 0, 350, 50), (-90, 0, -40, 50), (10, 10, 10, 10)])
def test_cut_outside_is_a_mistake(box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="outside"):
        cut(picture(), choice(*box), 512)


def test_cut_needs_a_side() -> None:
    with pytest.raises(ValueError, match="max_side"):
        cut(picture(), choice(0, 0, 10, 10), 0)


def test_what_is_shown_is_what_is_cut() -> None:
    frame = Frame(0, 0.0, np.zeros((100, 200, 3), np.uint8))
    choice = CropChoice(1, 0, 0.0, np.array([150.5, 10, 199, 90], np.float32), 1.0)
    x1, y1, x2, y2 = shown(choice.box, frame.size).tolist()
    assert (x1, y1, x2, y2) == (148, 6, 200, 94)
    assert cut(frame, choice, 500).shape[:2] == (y2 - y1, x2 - x1)
