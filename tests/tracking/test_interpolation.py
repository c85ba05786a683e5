from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tracking.interpolation import boxes_at
from tests.tracking.scenes import tracklet

STEP = tracklet([1.0, 2.0, 4.0], [[0, 0, 10, 20], [10, 0, 20, 20], [30, 8, 40, 28]], interpolated=[1])


@pytest.mark.parametrize(
    ("time", "box", "present", "interpolated"),
    [
        pytest.param(1.0, [0, 0, 10, 20], True, False, id="seen"),
        pytest.param(1.0 + 1e-8, [0, 0, 10, 20], True, False, id="seen, but for rounding"),
        pytest.param(4.0 + 1e-8, [30, 8, 40, 28], True, False, id="end, but for rounding"),
        pytest.param(1.5, [5, 0, 15, 20], True, True, id="between"),
        pytest.param(2.0, [10, 0, 20, 20], True, True, id="a row that no detector saw"),
        pytest.param(3.5, [25, 6, 35, 26], True, True, id="between uneven rows"),
        pytest.param(0.9, [0, 0, 0, 0], False, False, id="before"),
        pytest.param(4.1, [0, 0, 0, 0], False, False, id="after"),
    ],
)
def test_boxes_at(time: float, box: list[float], present: bool, interpolated: bool) -> None:
    boxes, there, between = boxes_at(STEP, np.asarray([time]))
    assert boxes.dtype == np.float32
    np.testing.assert_allclose(boxes, [box], atol=1e-4)
    assert (there.tolist(), between.tolist()) == ([present], [interpolated])


def test_no_times_no_boxes() -> None:
    boxes, present, interpolated = boxes_at(STEP, np.zeros(0))
    assert (boxes.shape, present.shape, interpolated.shape) == ((0, 4), (0,), (0,))


def test_a_single_row() -> None:
    boxes, present, _ = boxes_at(tracklet([3.0], [[1, 2, 3, 4]]), np.asarray([2.0, 3.0, 4.0]))
    assert present.tolist() == [False, True, False]
    assert boxes[1].tolist() == [1, 2, 3, 4]


def test_any_order_of_times() -> None:
    times = np.asarray([3.5, 1.0, 9.0, 1.5])
    boxes, present, interpolated = boxes_at(STEP, times)
    for row, time in enumerate(times):
        alone = boxes_at(STEP, np.asarray([time]))
        np.testing.assert_array_equal(boxes[row], alone[0][0])
        assert (present[row], interpolated[row]) == (alone[1][0], alone[2][0])


@pytest.mark.parametrize("times", [np.zeros((2, 2)), np.asarray([np.nan])])
def test_bad_times(times: np.ndarray) -> None:
    with pytest.raises(ValueError, match="times must be"):
        boxes_at(STEP, times)


coordinate = st.floats(-500, 5000, width=32)


@given(
    rows=st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=1, max_size=6),
    gaps=st.lists(st.floats(0.001, 50), min_size=6, max_size=6),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=8),
)
def test_boxes_lie_within_the_hull_of_their_neighbours(
    rows: list[tuple[float, ...]], gaps: list[float], shares: list[float]
) -> None:
    corners = np.asarray(rows, np.float32)
    boxes = np.concatenate(
        [np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])], axis=1
    )
    t = np.cumsum(gaps)[: len(rows)]
    run = tracklet(t, boxes)
    times = t[0] + np.asarray(shares) * (t[-1] - t[0])
    found, present, _ = boxes_at(run, times)
    assert present.all()
    assert (found[:, :2] <= found[:, 2:]).all()
    for time, box in zip(times, found, strict=True):
        low = max(int(np.searchsorted(t, time + 1e-6, side="right")) - 1, 0)
        high = min(int(np.searchsorted(t, time - 1e-6)), len(t) - 1)
        near = boxes[min(low, high) : max(low, high) + 1]
        assert (box >= near.min(axis=0)).all()
        assert (box <= near.max(axis=0)).all()
