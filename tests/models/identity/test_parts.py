"""The descriptor of body parts: the same clothes alike in any light, other clothes unlike, pieces of people silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.clothing import PersonPicture
from engine.core.protocols import BackendOptions
from engine.core.types import Poses
from engine.evaluation.likeness import altered
from models.identity import weave
from models.identity.palette import CENTRES, common, soft_shares
from models.identity.parts import PartsIdentityEmbedder, shows_enough
from tests.models.clothing.figures import PAINT, Figure, picture

LEGS = (25, 26, 27, 28, 29, 30, 31, 32)


@pytest.fixture(scope="module")
def embedder() -> PartsIdentityEmbedder:
    return PartsIdentityEmbedder(BackendOptions())


def likeness(embedder: PartsIdentityEmbedder, one: PersonPicture, other: PersonPicture) -> float:
    first, second = embedder.encode([one, other])
    assert first.any()
    assert second.any()
    return float(first @ second)


PLAIN = Figure(upper=PAINT["olive"], lower=PAINT["navy"])


@pytest.mark.parametrize(
    ("worse", "least"),
    [
        pytest.param({"mirror": True, "light": 1.0, "quality": 100}, 0.93, id="mirrored"),
        pytest.param({"mirror": False, "light": 0.7, "quality": 100}, 0.85, id="dimmed"),
        pytest.param({"mirror": False, "light": 1.0, "quality": 18}, 0.85, id="badly-compressed"),
        pytest.param({"mirror": True, "light": 0.7, "quality": 18}, 0.8, id="all-at-once"),
    ],
)
def test_the_same_person_in_a_worse_picture(
    embedder: PartsIdentityEmbedder, worse: dict[str, float], least: float
) -> None:
    view = picture(PLAIN)
    assert likeness(embedder, view, altered(view, **worse)) > least  # type: ignore[arg-type]


def test_the_same_clothes_under_a_lamp(embedder: PartsIdentityEmbedder) -> None:
    assert likeness(embedder, picture(PLAIN), picture(replace(PLAIN, light=(1.0, 0.85, 0.6)))) > 0.85


@pytest.mark.parametrize(
    ("other", "most"),
    [
        pytest.param(replace(PLAIN, upper=PAINT["red"]), 0.75, id="another-top"),
        pytest.param(replace(PLAIN, lower=PAINT["beige"]), 0.85, id="other-trousers"),
        pytest.param(replace(PLAIN, upper=PAINT["red"], lower=PAINT["beige"]), 0.6, id="both"),
        pytest.param(replace(PLAIN, sleeves=False), 0.93, id="bare-arms"),
        pytest.param(replace(PLAIN, second=PAINT["white"], stripes=6), 0.9, id="stripes"),
    ],
)
def test_somebody_else(embedder: PartsIdentityEmbedder, other: Figure, most: float) -> None:
    same = likeness(embedder, picture(PLAIN), altered(picture(PLAIN), mirror=False, light=0.7, quality=60))
    assert likeness(embedder, picture(PLAIN), picture(other)) < min(most, same)


def test_two_in_black_are_told_apart_by_what_else_there_is(embedder: PartsIdentityEmbedder) -> None:
    black = Figure(upper=PAINT["black"], lower=PAINT["black"])
    bare = replace(black, sleeves=False, hair=(200, 170, 110))
    assert likeness(embedder, picture(black), picture(bare)) < embedder.scale.same - 0.1


def test_half_a_body_is_like_the_whole_but_less_sure(embedder: PartsIdentityEmbedder) -> None:
    whole, half = picture(PLAIN), picture(replace(PLAIN, unseen=LEGS))
    stranger = picture(Figure(upper=PAINT["red"], lower=PAINT["beige"]))
    assert 0.6 < likeness(embedder, whole, half) < 0.97
    assert likeness(embedder, half, half) == pytest.approx(1.0, abs=1e-5)
    assert likeness(embedder, whole, half) > likeness(embedder, stranger, half) + 0.2


def test_what_shows_too_little_says_nothing(embedder: PartsIdentityEmbedder) -> None:
    view = picture(PLAIN)
    nobody = replace(view, pose=Poses.missing(1))
    unmasked = picture(PLAIN, masked=False)
    marks = view.pose.landmarks.copy()
    marks[:, 11:, 2] = 0.0
    head_only = replace(view, pose=Poses(marks, view.pose.scores))
    filled = replace(view, mask=np.full_like(view.mask, 255))
    assert not embedder.encode([nobody, unmasked, head_only, filled]).any()
    assert shows_enough(view)
    assert not shows_enough(filled)


def test_the_palette() -> None:
    assert common().sum() == pytest.approx(1.0)
    assert common()[:2].sum() > common()[-10:].sum()
    shares = soft_shares(CENTRES, np.ones(len(CENTRES)))
    assert shares.sum() == pytest.approx(1.0)
    for row in (0, 9, len(CENTRES) - 1):
        assert soft_shares(CENTRES[row : row + 1], np.ones(1)).argmax() == row


def test_common_textures_are_shares() -> None:
    assert weave.COMMON.shape == (weave.BINS,)
    assert weave.COMMON.sum() == pytest.approx(1.0)
