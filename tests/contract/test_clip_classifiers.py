"""Every registered clip classifier keeps the promises of the role; all are tried on a tiny random checkpoint."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.protocols import BackendOptions, ClipClassifier
from models.registry import names, resolve
from tests.models.action.test_videomae import LABELS, save_tiny


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> BackendOptions:
    return BackendOptions(threads=2, weights=save_tiny(tmp_path_factory.mktemp("clip") / "tiny"))


@pytest.fixture(scope="module", params=names("clip"))
def classifier(request: pytest.FixtureRequest, options: BackendOptions) -> ClipClassifier:
    built = resolve("clip", request.param)(options)
    assert isinstance(built, ClipClassifier)
    return built


def test_its_card_is_known_without_loading_it(classifier: ClipClassifier, options: BackendOptions) -> None:
    assert type(classifier).describe(options) == classifier.card


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_row_of_probabilities_a_clip(classifier: ClipClassifier, count: int) -> None:
    side = classifier.side
    clips = np.random.default_rng(1).integers(0, 256, (count, classifier.frames, side, side, 3), dtype=np.uint8)
    before = clips.copy()
    answers = classifier.classify(clips)
    assert answers.shape == (count, len(LABELS)) and answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(answers, classifier.classify(clips))
    np.testing.assert_array_equal(clips, before)
