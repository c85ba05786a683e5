"""Tracking and linking of the real clips, on the boxes of the reference detector."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from engine.core.config import LinkConfig, TrackConfig
from engine.core.protocols import BackendOptions
from engine.core.types import Frame, Observation
from engine.identity.linking import Evidence, link_tracklets
from engine.tracking.sharpness import sharpness
from engine.tracking.tracklets import build_tracklets
from models.registry import resolve
from tests.tracking.scenes import Listener, bytetrack

pytestmark = pytest.mark.footage


def observe(clip: Path, weights: Path, fps: float, until: float) -> tuple[list[Observation], tuple[int, int]]:
    """What the reference detector finds in the first frame of every cell of 1/fps seconds."""
    detector = resolve("person", "yolo")(BackendOptions(weights=weights))
    found, cell = [], -1
    with av.open(str(clip)) as container:
        for index, picture in enumerate(container.decode(video=0)):
            t = float(picture.time or 0.0)
            if t > until:
                break
            if int(np.floor(t * fps + 1e-6)) == cell:
                continue
            cell = int(np.floor(t * fps + 1e-6))
            frame = Frame(index, t, picture.to_ndarray(format="rgb24"))
            people = detector.predict([frame])[0]
            found.append(Observation(index, t, people, sharpness(frame.image, people.boxes)))
            size = frame.size
    return found, size


@pytest.mark.parametrize(
    ("clip", "fps"),
    [
        ("one-by-one-person-detection.mp4", 2.0),
        ("store-aisle-detection.gif", 5.0),
        ("face-demographics-walking.gif", 5.0),
        ("classroom.gif", 5.0),
        ("free-throw.mp4", 5.0),
    ],
)
def test_as_many_persons_as_there_are(footage_dir: Path, clip: str, fps: float) -> None:
    truth = json.loads((footage_dir / "truth.json").read_text("utf-8"))["clips"][clip]["persons"]
    until = 72.0  # of the long clip, three visitors: the rest is more of the same
    truth = [person for person in truth if person["from"] < until]
    weights = footage_dir.parent / "weights" / "yolov8n_int8.tflite"
    observations, size = observe(footage_dir / clip, weights, fps, until)
    tracklets = build_tracklets(observations, bytetrack(fps), TrackConfig(), Listener(), size)
    persons = link_tracklets(tracklets, LinkConfig(), size, Evidence.none())
    assert len(persons) == len(truth)
    if clip.startswith("one-by-one"):
        by_number = {one.number: one for one in tracklets}
        for person, real in zip(persons, truth, strict=True):
            assert abs(by_number[person.tracklets[0]].first_s - real["from"]) <= 1.0
            assert abs(by_number[person.tracklets[-1]].last_s - real["to"]) <= 1.0
