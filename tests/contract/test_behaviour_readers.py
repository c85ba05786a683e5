"""Every registered reader of behaviours keeps the promises of the role; the video network is a stand-in here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.core.anomalies import BEHAVIOURS, ShopScene, Zone
from engine.core.protocols import BackendOptions, BehaviourReader
from engine.core.types import Frame
from models.anomaly import behaviours
from models.registry import names, resolve
from tests.contract.test_action_recognizers import CASES, SIZE
from tests.models.anomaly.test_behaviours import ORDER, ByColour, checkpoint

SCENE = ShopScene(SIZE, 4.0, 2.0)


class _StandIn(ByColour):
    def __init__(self, options: BackendOptions) -> None:
        super().__init__()

    describe = behaviours.VideoMaeClassifier.describe


@pytest.fixture(params=names("behaviour"))
def reader(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BehaviourReader:
    monkeypatch.setattr(behaviours, "VideoMaeClassifier", _StandIn)
    built = resolve("behaviour", request.param)(checkpoint(tmp_path / "tiny", ORDER))
    assert isinstance(built, BehaviourReader)
    return built


def frames(times: Sequence[float]) -> Iterator[Frame]:
    for index, t in enumerate(times):
        yield Frame(index, t, np.full((SIZE[1], SIZE[0], 3), 90, np.uint8))


def test_its_card_is_known_without_building_it(reader: BehaviourReader, tmp_path: Path) -> None:
    assert type(reader).describe(BackendOptions(weights=tmp_path / "tiny")) == reader.card


@pytest.mark.parametrize("case", CASES)
def test_windows_lie_within_the_tracklet(reader: BehaviourReader, case: str) -> None:
    tracklet = CASES[case]
    found = reader.read([tracklet], SCENE, frames)
    assert [one.tracklet for one in found] == [tracklet.number] * len(found) and len(found) <= 1
    for windows in found:
        assert windows.labels == BEHAVIOURS and len(windows)
        assert windows.start_s[0] == pytest.approx(tracklet.first_s)
        assert windows.end_s[-1] <= tracklet.last_s + 1e-9
        assert (windows.end_s - windows.start_s <= SCENE.length_s + 1e-9).all()
        np.testing.assert_allclose(np.diff(windows.start_s[:-1]), SCENE.step_s)


def test_whoever_stands_there_does_nothing(reader: BehaviourReader) -> None:
    # Far from both sides of the picture, where the fake's shelves are.
    tracklet = CASES["walking"]
    (windows,) = reader.read([tracklet], ShopScene((SIZE[0], SIZE[1]), 4.0, 2.0), frames)
    middle = (windows.start_s > 2.5) & (windows.end_s < 9.0)
    assert (windows.probabilities[middle].argmax(axis=1) == BEHAVIOURS.index("normal")).all()


def test_nobody_and_many(reader: BehaviourReader) -> None:
    assert reader.read([], SCENE, frames) == []
    found = reader.read([CASES["standing"], CASES["ninth"]], SCENE, frames)
    assert [one.tracklet for one in found] == [1, 9]


def test_it_remembers_nothing(reader: BehaviourReader) -> None:
    zones = (Zone("counter", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))),)
    scene = ShopScene(SIZE, 3.0, 1.0, zones)
    (first,) = reader.read([CASES["walking"]], scene, frames)
    reader.read([CASES["standing"], CASES["without-poses"]], scene, frames)
    (again,) = reader.read([CASES["walking"]], scene, frames)
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    np.testing.assert_array_equal(first.start_s, again.start_s)
