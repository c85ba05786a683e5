"""Figures of a descriptor on drawn people whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.core.clothing import PersonPicture
from engine.core.protocols import BackendOptions
from engine.evaluation.likeness import CONDITIONS, MIRRORED, altered, measure_likeness
from models.fake_identity import FakeIdentityEmbedder
from tests.models.clothing.figures import PAINT, Figure, picture

PEOPLE = {
    colour: [picture(Figure(upper=PAINT[colour], lower=PAINT[colour], shade=shade)) for shade in (1.0, 0.9, 0.85, 0.8)]
    for colour in ("red", "green", "blue")
}


class Blind(FakeIdentityEmbedder):
    """Sees nothing."""

    def encode(self, pictures: Sequence[PersonPicture]) -> np.ndarray:
        return np.zeros((len(pictures), self.size), np.float32)


def test_people_in_strong_colours_find_themselves() -> None:
    told = measure_likeness(PEOPLE, FakeIdentityEmbedder(BackendOptions()))
    assert (told["people"], told["views"], told["usable"]) == (3, 12, 12)
    assert told["halves"] == {"asked": 3, "rank1": 1.0}
    assert set(told["conditions"]) == set(CONDITIONS)
    assert told["conditions"]["mirrored"] == {"asked": 3, "rank1": 1.0}
    assert told["auc"] == 1.0
    assert told["same"]["least"] > told["different"]["most"]


def test_who_looks_the_same_is_not_found() -> None:
    twins = dict.fromkeys(("one", "other"), PEOPLE["red"])
    told = measure_likeness(twins, FakeIdentityEmbedder(BackendOptions()))
    assert told["halves"]["rank1"] == 0.5
    assert told["auc"] == pytest.approx(0.5)


def test_nobody_can_be_asked() -> None:
    told = measure_likeness(PEOPLE, Blind(BackendOptions()))
    assert told["usable"] == 0
    assert told["halves"] == {"asked": 0, "rank1": None}
    assert (told["same"], told["auc"]) == (None, None)


def test_what_worse_footage_would_show() -> None:
    view = PEOPLE["red"][0]
    mirrored = altered(view, mirror=True, light=1.0, quality=100)
    assert np.array_equal(mirrored.image[:, ::-1], view.image)
    assert np.array_equal(mirrored.mask[:, ::-1], view.mask)
    assert mirrored.pose.landmarks[0, 11, 0] == pytest.approx(view.image.shape[1] - view.pose.landmarks[0, 12, 0])
    assert sorted(MIRRORED) == list(range(33))
    dim = altered(view, mirror=False, light=0.7, quality=100)
    assert dim.image.mean() == pytest.approx(0.7 * view.image.mean(), abs=1.0)
    assert dim.full < 0.6 * view.full
    poor = altered(view, mirror=False, light=1.0, quality=18)
    assert 0.5 < np.abs(poor.image.astype(float) - view.image).mean() < 30
