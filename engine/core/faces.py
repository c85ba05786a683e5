"""Faces of people in one picture, and what they showed over time.

Conventions as in `engine.core.types`. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_boxes, check_equal, check_unit, checked
from engine.core.labels import EMOTIONS
from engine.core.types import FloatArray

FACE_POINTS = 6
"""Points of a face, in BlazeFace's order: right eye, left eye (the person's own), nose, mouth, right ear, left ear."""


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces of people in one picture, each of at most one person, each person with at most one.

    Attributes:
        people: (N,) int64, row of the person among the picture's people, each at most once.
        boxes: (N, 4) float32 xyxy, pixels of the picture.
        points: (N, 6, 2) float32, x, y in pixels, see `FACE_POINTS`.
        angles: (N, 3) float32, yaw, pitch, roll in degrees; 0, 0, 0 looks straight into the camera; yaw > 0 turns to
            the person's left, pitch > 0 looks up, roll > 0 tilts the head clockwise as the picture shows it.
        scores: (N,) float32 in [0, 1], how sure it is a face.
        quality: (N,) float32 in [0, 1], how well an expression can be read: size, sharpness, pose.
    """

    people: NDArray[np.int64]
    boxes: FloatArray
    points: FloatArray
    angles: FloatArray
    scores: FloatArray
    quality: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "people": checked("people", self.people, (None,), np.int64),
            "boxes": checked("boxes", self.boxes, (None, 4), np.float32),
            "points": checked("points", self.points, (None, FACE_POINTS, 2), np.float32),
            "angles": checked("angles", self.angles, (None, 3), np.float32),
            "scores": checked("scores", self.scores, (None,), np.float32),
            "quality": checked("quality", self.quality, (None,), np.float32),
        }
        check_equal(**columns)
        check_boxes(self.boxes)
        check_unit("scores", self.scores)
        check_unit("quality", self.quality)
        if len(np.unique(self.people)) != len(self.people):
            raise ValueError("a person has at most one face in a picture")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, rows: slice | NDArray[np.generic]) -> Faces:
        return Faces(
            people=self.people[rows],
            boxes=self.boxes[rows],
            points=self.points[rows],
            angles=self.angles[rows],
            scores=self.scores[rows],
            quality=self.quality[rows],
        )

    @classmethod
    def empty(cls) -> Faces:
        """No face."""
        none = np.zeros(0, np.float32)
        return cls(
            people=np.zeros(0, np.int64),
            boxes=np.zeros((0, 4), np.float32),
            points=np.zeros((0, FACE_POINTS, 2), np.float32),
            angles=np.zeros((0, 3), np.float32),
            scores=none,
            quality=none,
        )


@dataclass(frozen=True, slots=True, eq=False)
class FaceReadings:
    """What the faces of one tracklet showed, instant by instant.

    Attributes:
        t: (M,) float64 seconds, strictly increasing; M may be 0.
        boxes: (M, 4) float32 xyxy of the face, pixels.
        angles: (M, 3) float32, degrees, as in `Faces`.
        quality: (M,) float32 in [0, 1].
        emotions: (M, 8) float32, probabilities in the order of `EMOTIONS`; a row sums to 1.
    """

    t: NDArray[np.float64]
    boxes: FloatArray
    angles: FloatArray
    quality: FloatArray
    emotions: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "t": checked("t", self.t, (None,), np.float64),
            "boxes": checked("boxes", self.boxes, (None, 4), np.float32),
            "angles": checked("angles", self.angles, (None, 3), np.float32),
            "quality": checked("quality", self.quality, (None,), np.float32),
            "emotions": checked("emotions", self.emotions, (None, len(EMOTIONS)), np.float32),
        }
        check_equal(**columns)
        check_boxes(self.boxes)
        check_unit("quality", self.quality)
        check_unit("emotions", self.emotions)
        if (np.diff(self.t) <= 0).any():
            raise ValueError("readings need strictly increasing times")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.t)


@dataclass(frozen=True, slots=True, eq=False)
class FaceSighting:
    """The faces of one analysed frame.

    Attributes:
        index: ordinal of the frame in the decoded stream.
        t: its presentation time in seconds.
        faces: by row of the people detected in it.
    """

    index: int
    t: float
    faces: Faces


@dataclass(frozen=True, slots=True, eq=False)
class Expressions:
    """What the faces of one analysed frame showed.

    Attributes:
        index: ordinal of the frame in the decoded stream.
        t: its presentation time in seconds.
        emotions: (N, 8) float32, probabilities in the order of `EMOTIONS`, row by row with its `FaceSighting`.
    """

    index: int
    t: float
    emotions: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "emotions", checked("emotions", self.emotions, (None, len(EMOTIONS)), np.float32))
        check_unit("emotions", self.emotions)
