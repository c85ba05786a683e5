"""Every registered emotion classifier keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.errors import ModelMissing
from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions, EmotionClassifier
from engine.core.types import Image
from models.registry import names, resolve
from tests.models.emotion.test_huggingface import SIX, save_tiny


@pytest.fixture(scope="module", params=names("emotion"))
def options(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, BackendOptions]:
    if request.param != "huggingface":
        return request.param, BackendOptions(threads=2)
    folder = save_tiny(tmp_path_factory.mktemp("emotion") / "tiny", SIX)
    return request.param, BackendOptions(threads=2, weights=folder)


@pytest.fixture(scope="module")
def classifier(options: tuple[str, BackendOptions]) -> EmotionClassifier:
    try:
        built = resolve("emotion", options[0])(options[1])
    except ModelMissing as missing:
        pytest.skip(missing.user_message)
    assert isinstance(built, EmotionClassifier)
    return built


@pytest.fixture(scope="module")
def image() -> Image:
    noise = np.random.default_rng(9).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return np.kron(noise, np.ones((10, 10, 1), np.uint8))


def _faces(*boxes: tuple[float, ...]) -> Faces:
    corners = np.array(boxes, np.float32).reshape(-1, 4)
    shares = np.array([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.5, 0.8), (0.05, 0.45), (0.95, 0.45)], np.float32)
    n = len(corners)
    return Faces(
        people=np.arange(n),
        boxes=corners,
        points=corners[:, None, :2] + shares * (corners[:, None, 2:] - corners[:, None, :2]),
        angles=np.zeros((n, 3), np.float32),
        scores=np.ones(n, np.float32),
        quality=np.ones(n, np.float32),
    )


MANY = ((20, 20, 60, 60), (100, 70, 158, 119), (0, 0, 30, 35), (50, 50, 58, 59))


def test_its_card_is_known_without_loading_it(
    classifier: EmotionClassifier, options: tuple[str, BackendOptions]
) -> None:
    assert type(classifier).describe(options[1]) == classifier.card


def test_its_labels_are_ours(classifier: EmotionClassifier) -> None:
    assert set(classifier.labels) <= set(EMOTIONS) and len(set(classifier.labels)) == len(classifier.labels) > 0


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param((), id="none"),
        pytest.param(((20, 20, 60, 60),), id="one"),
        pytest.param(MANY, id="many"),
        pytest.param(((40, 40, 40, 40),), id="no-area"),
        pytest.param(((-20, -10, 30, 40), (140, 100, 190, 150)), id="over-the-border"),
    ],
)
def test_a_row_of_probabilities_a_face(
    classifier: EmotionClassifier, image: Image, boxes: tuple[tuple[float, ...], ...]
) -> None:
    before = image.copy()
    answers = classifier.classify(image, _faces(*boxes))
    assert answers.shape == (len(boxes), len(EMOTIONS)) and answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-5)
    assert (answers >= 0).all()
    for column, label in enumerate(EMOTIONS):
        assert label in classifier.labels or not answers[:, column].any()
    np.testing.assert_array_equal(image, before)


def test_faces_do_not_influence_each_other(classifier: EmotionClassifier, image: Image) -> None:
    together = classifier.classify(image, _faces(*MANY))
    for row, box in enumerate(MANY):
        np.testing.assert_allclose(classifier.classify(image, _faces(box))[0], together[row], atol=1e-5)
