from __future__ import annotations

import numpy as np
import pytest

from engine.core.types import Detections, Image, Observation
from engine.tracking.shots import begins_shot, likeness, signature


def scene(seed: int, *, person_x: int = 10, gain: float = 1.0) -> Image:
    rng = np.random.default_rng(seed)
    base = rng.integers(30, 220, 3)
    image = np.clip(rng.normal(base, 25, (90, 160, 3)), 0, 255)
    image[20:80, person_x : person_x + 20] = (200, 40, 60)
    return np.clip(image * gain, 0, 255).astype(np.uint8)


def seen(image: Image) -> Observation:
    return Observation(0, 0.0, Detections.empty(), np.zeros(0, np.float32), signature(image))


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        pytest.param(scene(1), scene(1), False, id="nothing-changes"),
        pytest.param(scene(1), scene(1, person_x=120), False, id="somebody-walks"),
        pytest.param(scene(1), scene(1, gain=1.04), False, id="exposure-drifts"),
        pytest.param(scene(1), scene(2), True, id="another-place"),
        pytest.param(scene(1), np.zeros((90, 160, 3), np.uint8), True, id="goes-black"),
    ],
)
def test_cuts(before: Image, after: Image, cut: bool) -> None:
    assert begins_shot(seen(before), seen(after)) is cut
    assert begins_shot(seen(after), seen(before)) is cut


def test_where_no_signature_was_taken_nothing_is_cut() -> None:
    bare = Observation(0, 0.0, Detections.empty(), np.zeros(0, np.float32))
    assert not begins_shot(bare, seen(scene(1)))


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (720, 1280)], ids=str)
def test_any_size(size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 99, np.uint8)
    assert likeness(signature(image), signature(image)) == 1.0
