from __future__ import annotations

import numpy as np
import pytest

from engine.core.boxes import box_iou
from engine.core.types import FloatArray


def boxes(*rows: tuple[float, float, float, float]) -> FloatArray:
    return np.array(rows, np.float32).reshape(-1, 4)


A, B = (0.0, 0.0, 10.0, 20.0), (50.0, 0.0, 60.0, 20.0)


@pytest.mark.parametrize(
    ("first", "second", "table"),
    [
        pytest.param([A, (0, 0, 10, 10)], [A, B], [[1.0, 0.0], [0.5, 0.0]], id="same-half-none"),
        pytest.param([(5, 5, 5, 5)], [(5, 5, 5, 5)], [[0.0]], id="empty-boxes-share-nothing"),
        pytest.param([A], [(10, 0, 20, 20)], [[0.0]], id="touching"),
    ],
)
def test_box_iou(first: list, second: list, table: list) -> None:
    np.testing.assert_allclose(box_iou(boxes(*first), boxes(*second)), table)


def test_no_boxes() -> None:
    assert box_iou(boxes(), boxes(A)).shape == (0, 1)


def test_a_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, 4\)"):
        box_iou(np.zeros((2, 3), np.float32), boxes(A))
