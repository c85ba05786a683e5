"""Real people, found and followed as in an analysis: what the label of each is over most of the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, Settings
from engine.core.protocols import BackendOptions
from models.action.geometry import GeometryActionRecognizer


def _shares(clip: Path, home: Path, label: str) -> list[float]:
    """Of every person in a clip, the share of the time in view that carries a label."""
    recognizer = GeometryActionRecognizer(BackendOptions())
    found = []
    with Engine(Settings(home=home, emotions=False)) as engine:
        view = engine.register(clip)
        run = engine.analyze_now(view.id, AnalysisConfig(profile="embedded"))
        for tracklet in engine.answers.tracklets(run.id):
            said = recognizer.recognize(tracklet, (view.media.width, view.media.height))
            rows = [row for row, own in enumerate(said.labels) if own == label]
            length = tracklet.last_s - tracklet.first_s
            found.append(float((said.end_s - said.start_s)[rows].sum()) / length)
    return found


@pytest.mark.footage
@pytest.mark.parametrize(
    ("clip", "label", "people"),
    [
        pytest.param("face-demographics-walking.gif", "walking", 2, id="corridor"),
        pytest.param("classroom.gif", "sitting", 4, id="classroom"),
    ],
)
def test_what_they_do(footage_dir: Path, tmp_path: Path, clip: str, label: str, people: int) -> None:
    shares = _shares(footage_dir / clip, tmp_path, label)
    assert len(shares) == people
    assert min(shares) >= 0.9
