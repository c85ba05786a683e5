"""Deterministic faces, expressions and actions of drawn figures, to go with `models.fake`.

The head is the top of a figure, its colour is its expression, and a figure that moves walks: enough to run the whole
app without networks. No profile ever chooses these; only `person_model="fake"` does. May import: `engine.core`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.segments import Segments
from engine.core.types import Detections, FloatArray, Frame, Image, Tracklet

_CARD = ModelCard(name="fake", version="drawn-figures-1", tier="embedded", licence="AGPL-3.0-only", source="Sightline")
_HEAD = np.array([0.25, 0.0, 0.75, 0.14], np.float32)
"""The head within a figure's box, xyxy in shares of its width and height."""

_POINTS = np.array([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.5, 0.8), (0.05, 0.45), (0.95, 0.45)], np.float32)
"""The points of a face that looks into the camera, in shares of its box."""

_LEAST_PIXELS = 4.0
_SURE = 0.85
_WALKS = 0.1
"""Heights of the figure a second from which on it walks."""

_MIN_SPREAD = 96
_EMOTION_OF = {1: "angry", 3: "happy", 2: "calm", 6: "surprised", 4: "sad", 5: "fearful"}
"""Expression of a figure whose colour has the channels lit: 1 red, 2 green, 4 blue, added up."""


class FakeFaceReader:
    """A face looking into the camera on top of every figure whose head shows."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def read(self, frame: Frame, people: Detections) -> Faces:
        """One face for each person whose head is drawn in a figure's colour and is not too small."""
        spans = people.boxes[:, 2:] - people.boxes[:, :2]
        boxes = np.tile(people.boxes[:, :2], 2) + _HEAD * np.tile(spans, 2)
        seen = [
            row
            for row, box in enumerate(boxes)
            if min(box[2:] - box[:2]) >= _LEAST_PIXELS and _expression(_cut(frame.image, box))
        ]
        boxes = boxes[seen].astype(np.float32)
        points = boxes[:, None, :2] + _POINTS * (boxes[:, None, 2:] - boxes[:, None, :2])
        return Faces(
            people=np.array(seen, np.int64),
            boxes=boxes,
            points=points.astype(np.float32),
            angles=np.zeros((len(seen), 3), np.float32),
            scores=np.full(len(seen), 0.9, np.float32),
            quality=np.full(len(seen), 0.8, np.float32),
        )


class FakeEmotionClassifier:
    """An expression for each colour: red angry, yellow happy, green calm, cyan surprised, blue sad, magenta fearful."""

    labels = tuple(label for label in EMOTIONS if label in _EMOTION_OF.values())

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def classify(self, image: Image, faces: Faces) -> FloatArray:
        """The colour's expression at .85, the others alike; all six alike where there is no colour."""
        known = np.array([label in self.labels for label in EMOTIONS], np.float32)
        answers = np.tile(known / known.sum(), (len(faces), 1)).astype(np.float32)
        for row, box in enumerate(faces.boxes):
            label = _expression(_cut(image, box))
            if label:
                answers[row] = known * (1.0 - _SURE) / (known.sum() - 1.0)
                answers[row, EMOTIONS.index(label)] = _SURE
        return answers


class FakeActionRecognizer:
    """Walking while the box moves, standing while it does not; reaching while it is near a side of the picture."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def recognize(self, tracklet: Tracklet, size: tuple[int, int]) -> Segments:
        """Postures over the tracklet's whole time; none of a tracklet of one instant, which has no length.

        Args:
            tracklet: boxes over time.
            size: width and height of the pictures, pixels.
        """
        if len(tracklet) < 2:
            return Segments.empty()
        feet = np.stack([tracklet.boxes[:, 0::2].mean(axis=1), tracklet.boxes[:, 3]], axis=1)
        heights = np.maximum(tracklet.boxes[:, 3] - tracklet.boxes[:, 1], 1.0)
        # Over three steps: a box jumps by a pixel even where the figure stands.
        rows = np.arange(len(tracklet) - 1)
        before, after = np.maximum(rows - 1, 0), np.minimum(rows + 2, len(tracklet) - 1)
        way = np.hypot(*(feet[after] - feet[before]).T)
        walks = way / heights[:-1] / (tracklet.t[after] - tracklet.t[before]) >= _WALKS
        widths = tracklet.boxes[:, 2] - tracklet.boxes[:, 0]
        near = (tracklet.boxes[:, 0] < widths) | (tracklet.boxes[:, 2] > size[0] - widths)
        return Segments.concatenate(
            [
                _stretches(tracklet, walks, ("standing", "walking"), "posture"),
                _stretches(tracklet, near[:-1], ("", "reaching"), "gesture"),
            ]
        )


def _stretches(tracklet: Tracklet, on: NDArray[np.bool_], labels: tuple[str, str], channel: str) -> Segments:
    """Segments of the runs of equal values, `on` row by row with the tracklet's steps; an empty label is left out."""
    borders = [0, *(np.flatnonzero(np.diff(on.astype(np.int8))) + 1).tolist(), len(on)]
    runs = [(first, last, labels[int(on[first])]) for first, last in pairwise(borders) if labels[int(on[first])]]
    n = len(runs)
    return Segments(
        tracklets=np.full(n, tracklet.number, np.int64),
        channels=(channel,) * n,
        labels=tuple(label for _, _, label in runs),
        start_s=np.array([tracklet.t[first] for first, _, _ in runs], np.float64),
        end_s=np.array([tracklet.t[last] for _, last, _ in runs], np.float64),
        scores=np.full(n, 0.9, np.float32),
        coverage=np.ones(n, np.float32),
        sources=("",) * n,
    )


def _cut(image: Image, box: FloatArray) -> Image:
    x1, y1, x2, y2 = (round(float(side)) for side in np.maximum(box, 0))
    return image[y1:y2, x1:x2]


def _expression(pixels: Image) -> str:
    """What the colour of a head stands for; "" where half of it or more is dull."""
    if not pixels.size:
        return ""
    middle = np.median(pixels.reshape(-1, 3), axis=0)
    low, high = middle.min(), middle.max()
    if high - low <= _MIN_SPREAD:
        return ""
    return _EMOTION_OF[int((middle > (low + high) / 2) @ (1, 2, 4))]
