"""A person detector that replays labelled skeletons: staged behaviour for tests, on footage that shows nothing.

Which skeletons: `stage()` says it before an analysis. Coordinates are brought to a quarter of their 1920 x 1080.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import av
import numpy as np

from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import Detections, FloatArray, Frame, Poses
from models.anomaly.joints import to_landmarks
from models.anomaly.skeleton_csv import LabelledMotion

SIZE = (480, 270)
SCALE = np.float32(0.25)
REACH_S = 1.0
"""Between two rows of a skeleton that are no further apart it moves on straight lines, seconds."""

staged: dict[str, tuple[FloatArray, FloatArray]] = {}
"""What is replayed: "times" -> times and landmarks."""


def stage(motion: LabelledMotion, seconds: float) -> float:
    """Say what is replayed; returns how long it lasts, seconds."""
    t = motion.motion.t - motion.motion.t[0]
    kept = t <= seconds
    landmarks = to_landmarks(motion.motion.points[kept], motion.motion.seen[kept])
    landmarks[:, :, :2] *= SCALE
    staged["now"] = (np.asarray(t[kept], np.float32), landmarks)
    return float(t[kept][-1])


def blank_clip(path: Path, seconds: float) -> Path:
    """An empty room, ten frames a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        picture = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
        # The first pixels tell clips of one length apart: footage is known by its bytes.
        picture[:8, :8] = np.random.default_rng(abs(hash(path.name)) % 2**32).integers(0, 255, 3)
        for _ in range(round(seconds * 10) + 1):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


class ReplayDetector:
    """Finds the staged skeleton at each frame's time."""

    card = ModelCard(name="replay", version="1", tier="embedded", licence="AGPL-3.0-only", source="tests")
    finds_poses: ClassVar[bool] = True

    def __init__(self, options: BackendOptions) -> None:
        self._times, self._landmarks = staged["now"]

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        return cls.card

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._at(frame.t) for frame in frames]

    def reset(self) -> None:
        pass

    def _at(self, t: float) -> Detections:
        after = int(np.searchsorted(self._times, t - 1e-4))
        before = max(0, after - 1)
        if after == len(self._times) or self._times[after] - self._times[before] > REACH_S:
            return Detections(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), Poses.missing(0))
        span = float(self._times[after] - self._times[before])
        share = np.float32((t - self._times[before]) / span) if span else np.float32(0)
        landmarks = self._landmarks[before] * (1 - share) + self._landmarks[after] * share
        landmarks[:, 2] = np.minimum(self._landmarks[before, :, 2], self._landmarks[after, :, 2])
        seen = landmarks[landmarks[:, 2] > 0]
        low, high = np.maximum(seen[:, :2].min(axis=0) - 4, 0), np.minimum(seen[:, :2].max(axis=0) + 4, SIZE)
        box = np.concatenate([low, high])[None].astype(np.float32)
        one = np.full(1, 0.9, np.float32)
        return Detections(box, one, Poses(landmarks=landmarks[None].astype(np.float32), scores=one))
