"""Every registered clothing reader keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.clothing import REGIONS, ClothingReadings
from engine.core.protocols import BackendOptions, ClothingReader
from models.registry import names, resolve
from tests.models.clothing.figures import PAINT, Figure, picture


@pytest.fixture(scope="module", params=names("clothing"))
def reader(request: pytest.FixtureRequest) -> ClothingReader:
    built = resolve("clothing", request.param)(BackendOptions())
    assert isinstance(built, ClothingReader)
    return built


def _equal(one: ClothingReadings, other: ClothingReadings) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("tracklets", "ranks", "visible", "weights", "colours", "traits")
    )


def test_nothing_to_read(reader: ClothingReader) -> None:
    assert len(reader.read(1, [])) == 0


def test_a_row_for_every_view_and_region(reader: ClothingReader) -> None:
    views = [picture(Figure(upper=PAINT["red"])), picture(Figure(upper=PAINT["blue"]))]
    readings = reader.read(5, views)
    assert readings.tracklets.tolist() == [5] * 12
    assert readings.ranks.tolist() == [0] * 6 + [1] * 6
    assert readings.regions == REGIONS * 2
    upper = [row for row, region in enumerate(readings.regions) if region == "upper"]
    assert (readings.visible[upper] > 0).all()
    assert readings.colours[upper[0]].argmax() != readings.colours[upper[1]].argmax()


def test_the_same_views_read_the_same_and_stay_as_they_are(reader: ClothingReader) -> None:
    view = picture(Figure())
    before = view.image.copy(), view.mask.copy(), view.pose.landmarks.copy()
    assert _equal(reader.read(1, [view]), reader.read(1, [view]))
    assert all(np.array_equal(a, b) for a, b in zip(before, (view.image, view.mask, view.pose.landmarks), strict=True))


def test_tiny_views_are_read(reader: ClothingReader) -> None:
    from engine.core.clothing import PersonPicture
    from engine.core.types import Poses

    tiny = PersonPicture(
        image=np.full((3, 2, 3), 90, np.uint8),
        mask=np.full((3, 2), 255, np.uint8),
        pose=Poses(np.ones((1, 33, 3), np.float32), np.ones(1, np.float32)),
        white=np.ones(3, np.float32),
        quality=0.0,
    )
    assert len(reader.read(1, [tiny])) == 6


def test_the_card_needs_no_instance(reader: ClothingReader) -> None:
    assert type(reader).describe(BackendOptions()) == reader.card
