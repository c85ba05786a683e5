"""Staged behaviour: labelled skeletons replayed as detections, through the whole engine to the Review screen.

The network was trained on these very skeletons: this is about the way through the engine, not about its accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, DetectConfig, TrackConfig
from engine.core.views import RunView
from models import registry
from models.anomaly.skeleton_csv import LabelledMotion, read_skeletons
from tests.pages.conftest import pages_on, screen
from tests.replayed import blank_clip, stage
from tests.seeded import open_engine

SECONDS = 24.0
REPLAYED = AnalysisConfig(
    profile="embedded",
    person_model="replay",
    detect=DetectConfig(fps=5.0),
    track=TrackConfig(lost_s=3.0, min_seen=3),
)


@pytest.fixture(scope="module")
def motions(shared: Path) -> dict[str, list[LabelledMotion]]:
    """Label -> its longest staged bodies."""
    found: dict[str, list[LabelledMotion]] = {}
    for motion in read_skeletons(shared / "skeletons" / "skeletons_train.csv"):
        if motion.motion.t[-1] - motion.motion.t[0] >= SECONDS / 2:
            found.setdefault(motion.label, []).append(motion)
    return found


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setitem(registry.BACKENDS["person"], "replay", "tests.replayed:ReplayDetector")
    with open_engine(tmp_path / "home", threads=2, emotions=False) as engine:
        yield engine


def analysed(engine: Engine, folder: Path, name: str, motion: LabelledMotion) -> RunView:
    seconds = stage(motion, SECONDS)
    return engine.analyze_now(engine.register(blank_clip(folder / name, seconds)).id, REPLAYED)


@pytest.mark.footage
@pytest.mark.parametrize("label", ["theft", "assault", "damage"])
def test_what_was_staged_is_in_the_queue(
    engine: Engine, motions: dict[str, list[LabelledMotion]], tmp_path: Path, label: str
) -> None:
    run = analysed(engine, tmp_path, f"{label}.mp4", motions[label][0])
    events = engine.anomalies.of_run(run.id)
    assert [item.event.label for item in events[:1]] == [label]
    assert events[0].event.reasons
    with pages_on(engine):
        page = screen("review").run()
        assert not page.exception
        shown = [element.proto.json for element in page.get("bidi_component")]
    assert any(f'"label": "{label}"' in each for each in shown)


@pytest.mark.footage
def test_ordinary_movement_raises_nothing(
    engine: Engine, motions: dict[str, list[LabelledMotion]], tmp_path: Path
) -> None:
    run = analysed(engine, tmp_path, "normal.mp4", motions["normal"][0])
    assert engine.anomalies.of_run(run.id) == ()
