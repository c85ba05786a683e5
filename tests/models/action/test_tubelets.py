from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.types import Frame, Image, Poses, Tracklet
from models.action.tubelets import Window, box_square, cut, cut_clips, sample_times, windows


def tracklet(times: list[float], boxes: list[tuple[float, float, float, float]], number: int = 1) -> Tracklet:
    n = len(times)
    return Tracklet(
        number=number,
        t=np.array(times, np.float64),
        boxes=np.array(boxes, np.float32),
        scores=np.full(n, 0.9, np.float32),
        interpolated=np.zeros(n, np.bool_),
        poses=Poses.missing(n),
        sharpness=np.zeros(n, np.float32),
    )


def _standing(seconds: float, start: float = 0.0) -> Tracklet:
    count = round(seconds * 5) + 1
    return tracklet([start + seconds * row / (count - 1) for row in range(count)], [(10, 10, 30, 60)] * count)


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [
        pytest.param(0.4, [], id="too-short"),
        pytest.param(1.2, [0.0], id="one-short-clip"),
        pytest.param(2.0, [0.0], id="exactly-one"),
        pytest.param(4.0, [0.0, 1.0, 2.0], id="every-second"),
        pytest.param(4.5, [0.0, 1.0, 2.0, 2.5], id="and-the-rest"),
        pytest.param(4.05, [0.0, 1.0, 2.0], id="next-to-nothing-left"),
    ],
)
def test_where_clips_start(seconds: float, starts: list[float]) -> None:
    found = windows(_standing(seconds, start=3.0), 16)
    assert [window.start_s - 3.0 for window in found] == pytest.approx(starts)


@given(st.floats(0.5, 30), st.integers(1, 32), st.floats(0.5, 4), st.floats(0.2, 4))
def test_times_are_even_and_inside(seconds: float, frames: int, length_s: float, step_s: float) -> None:
    one = _standing(seconds)
    for window in windows(one, frames, length_s=length_s, step_s=step_s):
        assert len(window.times) == frames
        assert one.first_s - 1e-9 <= window.start_s <= window.times[0]
        assert window.times[-1] <= window.end_s <= one.last_s + 1e-9
        assert np.ptp(np.diff(window.times)) < 1e-9 if frames > 2 else True
        assert window.end_s - window.start_s <= length_s + 1e-9


def test_the_square_holds_all_the_boxes_with_context() -> None:
    walking = tracklet([0, 0.5, 1, 1.5, 2, 2.5, 3], [(10 * x, 20, 10 * x + 20, 80) for x in range(7)])
    first, second = windows(walking, 4)
    # In the first two seconds the boxes reach from 0 to 60 and from 20 to 80.
    np.testing.assert_allclose(first.square, (30, 50, 1.25 * 60))
    np.testing.assert_allclose(second.square, (50, 50, 1.25 * 60))


@pytest.mark.parametrize(("frames", "length_s", "step_s"), [(0, 2, 1), (16, 0, 1), (16, 2, 0)])
def test_bad_arguments(frames: int, length_s: float, step_s: float) -> None:
    with pytest.raises(ValueError, match="windows need"):
        windows(_standing(3), frames, length_s=length_s, step_s=step_s)


def test_cutting_takes_the_right_pixels() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    image[40:60, 90:110] = 200
    part = cut(image, np.array([100.0, 50.0, 40.0]), 40)
    assert (part[10:30, 10:30] == 200).all()
    assert part[:9].max() == part[:, :9].max() == part[31:].max() == 0
    np.testing.assert_array_equal(box_square(np.array([90, 40, 110, 72], np.float32)), (100, 56, 40))


@pytest.mark.parametrize(
    "square",
    [
        pytest.param((0, 0, 50), id="corner"),
        pytest.param((100, 50, 400), id="larger-than-the-picture"),
        pytest.param((-500, 50, 20), id="far-outside"),
        pytest.param((300, 400, 30), id="beyond-the-other-corner"),
        pytest.param((100, 50, 0.5), id="nothing"),
    ],
)
def test_beyond_the_picture_its_border_goes_on(square: tuple[float, float, float]) -> None:
    image = np.full((100, 200, 3), 77, np.uint8)
    before = image.copy()
    part = cut(image, np.array(square, float), 24)
    assert part.shape == (24, 24, 3)
    assert (part == 77).all()
    np.testing.assert_array_equal(image, before)


def _frames(times: list[float]) -> Iterator[Frame]:
    """Pictures that say their own time: grey level 10 x t."""
    for row, t in enumerate(times):
        image: Image = np.full((40, 60, 3), round(10 * t), np.uint8)
        yield Frame(index=row, t=t, image=image)


def _window(number: int, start: float, end: float, frames: int = 4) -> Window:
    cells = (np.arange(frames) + 0.5) / frames
    return Window(number, start, end, start + (end - start) * cells, np.array([30.0, 20.0, 20.0]))


def _levels(clips: list[tuple[Window, np.ndarray]]) -> dict[int, list[int]]:
    return {window.tracklet: clip[:, 0, 0, 0].tolist() for window, clip in clips}


def test_each_picture_is_the_first_at_or_after_its_instant() -> None:
    clips = list(cut_clips([_window(1, 0, 4), _window(2, 1, 5)], _frames([0.5, 1.5, 2.5, 3.5, 4.5]), 8))
    assert _levels(clips) == {1: [5, 15, 25, 35], 2: [15, 25, 35, 45]}
    assert clips[0][1].shape == (4, 8, 8, 3)


def test_slow_footage_shows_a_picture_twice() -> None:
    clips = list(cut_clips([_window(1, 0, 4)], _frames([0.0, 2.0, 4.0]), 8))
    assert _levels(clips) == {1: [20, 20, 40, 40]}


def test_a_hole_in_the_footage() -> None:
    # Nothing between 2 and 20: the first half of window 1 is enough, of window 2 nothing was seen.
    clips = list(cut_clips([_window(1, 0, 4), _window(2, 4, 8)], _frames([0.5, 1.5, 20.0]), 8))
    assert _levels(clips) == {1: [5, 15, 15, 15]}


def test_the_footage_ends_early() -> None:
    assert _levels(list(cut_clips([_window(1, 0, 4)], _frames([0.5, 1.5, 2.5]), 8))) == {1: [5, 15, 25, 25]}
    assert _levels(list(cut_clips([_window(1, 0, 4)], _frames([0.5]), 8))) == {}
    assert _levels(list(cut_clips([_window(1, 0, 4)], _frames([]), 8))) == {}


def test_only_open_windows_are_held() -> None:
    many = [_window(number, float(number), number + 2.0) for number in range(50)]
    times = sample_times(many)
    assert times == sorted(set(times))
    taken = []

    def frames() -> Iterator[Frame]:
        for frame in _frames(times):
            taken.append(frame.t)
            yield frame

    for window, _ in cut_clips(many, frames(), 8):
        assert taken[-1] <= window.end_s + 0.5, "a clip is handed over as soon as it is full"
