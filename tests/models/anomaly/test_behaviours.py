"""A video network at the shelf, with a classifier that answers by colour in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.core.anomalies import BEHAVIOURS, ShopScene
from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import Frame, Poses, Tracklet
from models.anomaly.behaviours import VideoMaeBehaviours, columns, labels_of, read_clips

SCENE = ShopScene((64, 48), 4.0, 2.0)
ORDER = ("Normal", "put", "Insert", "catch")
"""Of the checkpoint: another than ours, and other spelling."""


class ByColour:
    """The brightest of the three colours says put, insert or catch; grey is normal."""

    labels = ORDER
    frames = 4
    side = 16

    def __init__(self) -> None:
        self.card = ModelCard("by-colour", "1", "trained", "none", "")
        self.asked = 0

    def classify(self, clips: np.ndarray) -> np.ndarray:
        self.asked += len(clips)
        mean = clips.reshape(len(clips), -1, 3).astype(np.float32).mean(axis=1)
        rows = np.full((len(clips), 4), 0.1, np.float32)
        lit = mean.max(axis=1) - mean.min(axis=1) > 50
        rows[np.arange(len(clips)), np.where(lit, 1 + mean.argmax(axis=1), 0)] = 0.7
        return rows


def standing(number: int, seconds: float) -> Tracklet:
    t = np.arange(0.0, seconds + 0.01, 0.2)
    n = len(t)
    boxes = np.tile(np.array([20, 8, 40, 40], np.float32), (n, 1))
    ones = np.ones(n, np.float32)
    hidden = np.zeros(n, np.bool_)
    hidden[: n // 2] = True
    return Tracklet(number, t, boxes, ones, hidden, Poses.missing(n), ones)


def film(colours: Sequence[tuple[float, tuple[int, int, int]]], missing_from: float = 1e9):
    """Frames on demand, of one colour until a time."""

    def frames(times: Sequence[float]) -> Iterator[Frame]:
        assert list(times) == sorted(times)
        for index, t in enumerate(times):
            if t < missing_from:
                colour = next(colour for until, colour in colours if t < until)
                yield Frame(index, t, np.full((48, 64, 3), colour, np.uint8))

    return frames


GREY, RED, GREEN, BLUE = (90, 90, 90), (200, 20, 20), (20, 200, 20), (20, 20, 200)


def test_windows_of_four_seconds_every_two() -> None:
    asked = film([(4.0, GREY), (8.0, BLUE), (99.0, GREEN)])
    (windows,) = read_clips([standing(3, 12.0)], SCENE, asked, ByColour())
    assert windows.tracklet == 3 and windows.labels == BEHAVIOURS
    assert windows.start_s.tolist() == [0.0, 2.0, 4.0, 6.0, 8.0] and (windows.end_s - windows.start_s == 4.0).all()
    told = [windows.labels[column] for column in windows.probabilities.argmax(axis=1)]
    assert (told[0], told[2], told[4]) == ("normal", "catch", "insert")
    assert windows.probabilities.max() == pytest.approx(0.7) and windows.joints == ()
    assert windows.coverage[0] == pytest.approx(0.0) and windows.coverage[-1] == 1.0


def test_one_pass_for_everybody() -> None:
    classifier = ByColour()
    found = read_clips([standing(1, 4.0), standing(2, 0.2), standing(5, 8.0)], SCENE, film([(99.0, RED)]), classifier)
    assert [(one.tracklet, len(one)) for one in found] == [(1, 1), (5, 3)] and classifier.asked == 4
    assert all((one.probabilities.argmax(axis=1) == BEHAVIOURS.index("put")).all() for one in found)


def test_nobody_asks_for_no_frames() -> None:
    assert read_clips([], SCENE, lambda times: pytest.fail("no frames"), ByColour()) == []


def test_what_could_not_be_seen_is_left_out() -> None:
    (windows,) = read_clips([standing(1, 8.0)], SCENE, film([(99.0, RED)], missing_from=4.1), ByColour())
    assert windows.start_s.tolist() == [0.0, 2.0]


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param((), id="none"),
        pytest.param(("catch", "put", "insert"), id="one-lacks"),
        pytest.param((*BEHAVIOURS, "run"), id="one-more"),
        pytest.param(("theft", "put", "insert", "normal"), id="another"),
    ],
)
def test_other_labels_are_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="tells"):
        columns(labels, "tiny")


def checkpoint(folder: Path, labels: Sequence[str]) -> BackendOptions:
    """A folder that has everything but weights that mean anything."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"id2label": {str(n): label for n, label in enumerate(labels)}}))
    (folder / "preprocessor_config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"0")
    return BackendOptions(weights=folder)


def test_its_card_says_which_checkpoint(tmp_path: Path) -> None:
    first = VideoMaeBehaviours.describe(checkpoint(tmp_path / "one", ORDER))
    second = VideoMaeBehaviours.describe(checkpoint(tmp_path / "two", BEHAVIOURS))
    assert first.name == "videomae" and first.version != second.version
    with pytest.raises(ModelError, match="walking"):
        VideoMaeBehaviours.describe(checkpoint(tmp_path / "three", ("walking", "put")))
    with pytest.raises(ModelMissing):
        VideoMaeBehaviours.describe(BackendOptions())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id2label": {"a": "b"}}', '{"id2label": 3}'])
def test_a_config_that_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    assert labels_of(tmp_path) == ()
