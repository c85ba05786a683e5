"""The embedded detector on real pictures."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.core.protocols import BackendOptions
from engine.core.types import Frame, Image
from engine.evaluation.person import count_matches
from models.person.blazepose import BlazePoseDetector
from models.person.blazepose_pose import BlazePosePoseEstimator

PHOTOGRAPHS = {
    # Seen by eye, in pixels of the photographs: people who show most of themselves.
    "bus.jpg": [(50, 400, 245, 905), (222, 405, 345, 860)],
    "zidane.jpg": [(120, 195, 1130, 715), (745, 40, 1145, 715)],
}


@pytest.fixture(scope="module")
def detector() -> BlazePoseDetector:
    return BlazePoseDetector(BackendOptions())


def photograph(name: str) -> Image:
    from PIL import Image as Pictures

    spec = find_spec("ultralytics")
    if spec is None or spec.origin is None:
        pytest.skip("the package ultralytics is not installed")
    with Pictures.open(Path(spec.origin).parent / "assets" / name) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_people_on_photographs(detector: BlazePoseDetector, name: str, mirrored: bool) -> None:
    image = photograph(name)
    truth = np.array(PHOTOGRAPHS[name], np.float32)
    if mirrored:
        image = np.ascontiguousarray(image[:, ::-1])
        truth[:, [0, 2]] = image.shape[1] - truth[:, [2, 0]]
    detector.reset()
    (found,) = detector.predict([Frame(index=0, t=0.0, image=image)])
    assert count_matches(found.boxes, truth, min_iou=0.4) == len(truth)
    assert len(found) <= len(truth) + 1
    assert (found.poses.scores > 0.5).any()


def test_nobody_in_noise(detector: BlazePoseDetector) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    detector.reset()
    (found,) = detector.predict([Frame(index=0, t=0.0, image=noise)])
    assert len(found) == 0


def test_the_pose_of_a_box_from_elsewhere() -> None:
    frame = Frame(index=0, t=0.0, image=photograph("bus.jpg"))
    boxes = np.array([*PHOTOGRAPHS["bus.jpg"], (500, 20, 700, 200)], np.float32)
    bodies = BlazePosePoseEstimator(BackendOptions()).estimate(frame, boxes)
    assert (bodies.poses.scores[:2] > 0.5).all()
    assert bodies.poses.scores[2] == 0
    for row in range(2):
        nose, hips = bodies.poses.landmarks[row, 0, :2], bodies.poses.landmarks[row, 23:25, :2].mean(axis=0)
        assert boxes[row, 1] < nose[1] < hips[1] < boxes[row, 3]
        share = (bodies.masks[row] > 127).mean()
        assert 0.3 < share < 0.95
