"""What hands do at a shelf, told by a video network that was trained on catch, put, insert and normal.

May import: `engine.core`, `models.action`, `models.checkpoint`; loads torch and transformers when built.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.core.anomalies import BEHAVIOURS, ShopScene, WindowScores
from engine.core.errors import ModelError
from engine.core.protocols import BackendOptions, ClipClassifier, FramesByTime, ModelCard
from engine.core.types import FloatArray, Tracklet
from models.action.tubelets import Window, cut_clips, sample_times, windows
from models.action.videomae import VideoMaeClassifier
from models.checkpoint import CONFIG

REVISION = "1"
"""Changed whenever the same clips may give other windows."""


class VideoMaeBehaviours:
    """Reads behaviours by cutting clips and asking a video checkpoint.

    Args:
        options: `weights` is the checkpoint's folder, as `python -m engine train videomae` leaves it; threads.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read, or tells other labels.
    """

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)
        self._classifier: ClipClassifier = VideoMaeClassifier(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the checkpoint, without loading it.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
            ModelError: it tells other labels.
        """
        card = VideoMaeClassifier.describe(options)
        assert options.weights is not None  # describe() has refused
        columns(labels_of(options.weights), options.weights.name)
        version = hashlib.sha256(f"{card.version} behaviours {REVISION}".encode()).hexdigest()[:16]
        return replace(card, version=version)

    def read(self, tracklets: Sequence[Tracklet], scene: ShopScene, frames_by_time: FramesByTime) -> list[WindowScores]:
        """What the hands of some people do, out of one pass over the footage; see `read_clips`."""
        return read_clips(tracklets, scene, frames_by_time, self._classifier)


def read_clips(
    tracklets: Sequence[Tracklet], scene: ShopScene, frames_by_time: FramesByTime, classifier: ClipClassifier
) -> list[WindowScores]:
    """Ask a classifier of every window of some tracklets.

    Args:
        tracklets: boxes over time.
        scene: length and distance of the windows.
        frames_by_time: called once, with the times of all clips; not at all where there are none.
        classifier: its labels are `BEHAVIOURS`, in any order and spelling of case.

    Returns:
        The windows of each tracklet that has any, in the order of the tracklets. Windows of which less than half could
        be seen are left out.
    """
    order = columns(classifier.labels, classifier.card.name)
    wanted = [
        window
        for tracklet in tracklets
        for window in windows(tracklet, classifier.frames, length_s=scene.length_s, step_s=scene.step_s)
    ]
    if not wanted:
        return []
    told: dict[int, list[tuple[Window, FloatArray]]] = {}
    frames = frames_by_time(sample_times(wanted))
    for window, clip in cut_clips(wanted, frames, classifier.side):
        answer = classifier.classify(clip[None])[0][order]
        told.setdefault(window.tracklet, []).append((window, answer))
    return [_windows(tracklet, told[tracklet.number]) for tracklet in tracklets if tracklet.number in told]


def columns(labels: Sequence[str], name: str) -> list[int]:
    """Where `BEHAVIOURS` stand among a checkpoint's labels.

    Args:
        labels: of the checkpoint.
        name: of it, for the message.

    Raises:
        ModelError: they are not those four.
    """
    known = [label.strip().lower() for label in labels]
    if sorted(known) != sorted(BEHAVIOURS):
        raise ModelError(
            f"The checkpoint {name} tells {', '.join(labels) or 'nothing'}, not {', '.join(BEHAVIOURS)}. Train one "
            "with `python -m engine train videomae` on folders of these names, or take it out of models/behaviour."
        )
    return [known.index(label) for label in BEHAVIOURS]


def labels_of(folder: Path) -> tuple[str, ...]:
    """The labels that a checkpoint's config names, in order of its outputs; none where it cannot be read."""
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    names = config.get("id2label") if isinstance(config, Mapping) else None
    if not isinstance(names, Mapping) or not all(str(number).isdigit() for number in names):
        return ()
    return tuple(str(names[number]) for number in sorted(names, key=int))


def _windows(tracklet: Tracklet, told: Sequence[tuple[Window, FloatArray]]) -> WindowScores:
    told = sorted(told, key=lambda one: one[0].start_s)
    answers = np.stack([answer for _, answer in told]).clip(0.0, 1.0)
    spans = [(window.start_s, window.end_s) for window, _ in told]
    rows = [(tracklet.t >= start) & (tracklet.t <= end) for start, end in spans]
    seen = [float((~tracklet.interpolated[inside]).mean()) if inside.any() else 0.0 for inside in rows]
    return WindowScores(
        tracklet=tracklet.number,
        labels=BEHAVIOURS,
        start_s=np.array([start for start, _ in spans], np.float64),
        end_s=np.array([end for _, end in spans], np.float64),
        probabilities=(answers / answers.sum(axis=1, keepdims=True)).astype(np.float32),
        coverage=np.array(seen, np.float32),
        joints=(),
        weights=np.zeros((len(told), 0), np.float32),
    )
