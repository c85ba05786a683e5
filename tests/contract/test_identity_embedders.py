"""Every registered identity embedder keeps the promises of the role."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.core.config import shared_material
from engine.core.protocols import BackendOptions, IdentityEmbedder
from models.identity.checkpoint import FAMILIES, Recipe
from models.registry import names, resolve
from tests.models.clothing.figures import PAINT, Figure, picture
from tests.models.identity.tiny import save_tiny

VIEWS = [picture(Figure(upper=PAINT[colour])) for colour in ("red", "blue", "white")]


@pytest.fixture(scope="module", params=names("identity"))
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> IdentityEmbedder:
    weights: Path | None = None
    if request.param in FAMILIES:
        recipe = Recipe(FAMILIES[request.param], 64, 32)
        weights = save_tiny(tmp_path_factory.mktemp("identity") / "tiny", recipe)
    if request.param == "yolo":
        weights = shared_material() / "weights" / "yolov8n_int8.tflite"
        if not weights.is_file():
            pytest.skip(f"the shared material is absent: {weights} (set SIGHTLINE_SHARED)")
    built = resolve("identity", request.param)(BackendOptions(threads=1, weights=weights))
    assert isinstance(built, IdentityEmbedder)
    return built


def test_nothing_to_embed(embedder: IdentityEmbedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.size)


def test_one_and_many_have_length_one_and_do_not_heed_their_order(embedder: IdentityEmbedder) -> None:
    together = embedder.encode(VIEWS)
    assert (together.shape, together.dtype) == ((len(VIEWS), embedder.size), np.float32)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert embedder.encode(VIEWS[::-1])[::-1] == pytest.approx(together, abs=1e-4)
    assert embedder.encode(VIEWS[1:2])[0] == pytest.approx(together[1], abs=1e-4)
    assert abs(together[0] - together[1]).max() > 1e-3


def test_views_stay_as_they_are(embedder: IdentityEmbedder) -> None:
    view = VIEWS[0]
    before = view.image.copy(), view.mask.copy(), view.pose.landmarks.copy()
    embedder.encode([view])
    assert all(np.array_equal(a, b) for a, b in zip(before, (view.image, view.mask, view.pose.landmarks), strict=True))


def test_a_tiny_view_says_nothing(embedder: IdentityEmbedder) -> None:
    from engine.core.clothing import PersonPicture
    from engine.core.types import Poses

    tiny = PersonPicture(
        image=np.full((3, 2, 3), 90, np.uint8),
        mask=np.full((3, 2), 255, np.uint8),
        pose=Poses(np.ones((1, 33, 3), np.float32), np.ones(1, np.float32)),
        white=np.ones(3, np.float32),
        quality=0.0,
    )
    both = embedder.encode([tiny, VIEWS[0]])
    assert not both[0].any()
    assert both[1].any()


def test_the_card_and_the_scale(embedder: IdentityEmbedder) -> None:
    assert embedder.card.version
    scale = getattr(embedder, "scale", None)
    assert scale is None or scale.score(scale.different) == pytest.approx(0.05)
