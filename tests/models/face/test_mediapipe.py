from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.core.protocols import BackendOptions, FaceDetector
from models.face.mediapipe import MediaPipeFaceDetector


@pytest.fixture(scope="module")
def detector() -> MediaPipeFaceDetector:
    return MediaPipeFaceDetector(BackendOptions(min_score=0.7))


def test_it_plays_the_role(detector: MediaPipeFaceDetector) -> None:
    assert isinstance(detector, FaceDetector)


def test_faces_on_a_photograph(detector: MediaPipeFaceDetector) -> None:
    from PIL import Image

    spec = find_spec("ultralytics")
    if spec is None or spec.origin is None:
        pytest.skip("the package ultralytics is not installed")
    with Image.open(Path(spec.origin).parent / "assets" / "zidane.jpg") as picture:
        image = np.asarray(picture.convert("RGB"))
    before = image.copy()
    boxes, scores = detector.detect(image)
    assert boxes.shape == (2, 4) and boxes.dtype == scores.dtype == np.float32
    centres = sorted(((boxes[:, :2] + boxes[:, 2:]) / 2).tolist())
    assert np.hypot(centres[0][0] - 560, centres[0][1] - 320) < 80
    assert np.hypot(centres[1][0] - 975, centres[1][1] - 170) < 80
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("size", [(1, 1), (40, 300)])
def test_no_faces_in_a_blank_picture(detector: MediaPipeFaceDetector, size: tuple[int, int]) -> None:
    boxes, scores = detector.detect(np.full((*size, 3), 90, np.uint8))
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)
