"""The roles that stages and back ends play. Structural types only: a back end need not import this.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ShopScene, WindowScores
from engine.core.cards import BackendOptions as BackendOptions
from engine.core.cards import ModelCard as ModelCard
from engine.core.cards import TrackerOptions as TrackerOptions
from engine.core.clothing import ClothingReadings, PersonPicture
from engine.core.faces import Faces
from engine.core.segments import Segments
from engine.core.types import Bodies, Detections, FloatArray, Frame, Image, Tracklet, Tracks


@runtime_checkable
class Detector(Protocol):
    """Finds people. May follow them from frame to frame between full detections, hence `reset()`.

    One contract for all: answers to a sequence of frames do not depend on how the sequence is cut into calls, and
    after `reset()` they do not depend on anything seen before.
    """

    card: ModelCard
    finds_poses: ClassVar[bool]
    """Detections carry poses, so that no pose estimator need run after it."""

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network: what an unchanged analysis is recognised by.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        """People in each frame, in order. Frames come in order of time.

        Args:
            frames: F frames of one footage, any number, all of one size.

        Returns:
            F detections; boxes lie inside the picture; the frames are not modified.
        """
        ...

    def reset(self) -> None:
        """Forget everything seen; the next frame starts new footage or a new chunk of it."""
        ...


@runtime_checkable
class PoseEstimator(Protocol):
    """Finds landmarks and the body mask of people whose boxes are known."""

    card: ModelCard

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network."""
        ...

    def estimate(self, frame: Frame, boxes: FloatArray) -> Bodies:
        """Bodies in the boxes.

        Args:
            frame: the picture.
            boxes: (N, 4) float32 xyxy, pixels of that picture.

        Returns:
            N bodies, row by row with the boxes; score 0 and an empty mask where no body was found.
        """
        ...


@runtime_checkable
class Tracker(Protocol):
    """Joins the detections of successive frames into tracks."""

    def update(self, detections: Detections, t: float) -> Tracks:
        """Tracks of the detections of the next frame.

        Args:
            detections: people in that frame.
            t: its time in seconds, later than the last one's.

        Returns:
            Which rows belong to which track; rows that belong to none are left out.
        """
        ...

    def reset(self) -> None:
        """Forget all tracks; identities start at 1 again."""
        ...


@runtime_checkable
class FaceDetector(Protocol):
    """Finds faces in one picture."""

    card: ModelCard

    def detect(self, image: Image) -> tuple[FloatArray, FloatArray]:
        """Faces in a picture.

        Args:
            image: (H, W, 3) uint8 RGB.

        Returns:
            Boxes (N, 4) float32 xyxy in its pixels, and scores (N,) float32 in [0, 1].
        """
        ...


@runtime_checkable
class FaceReader(Protocol):
    """Finds the faces of people whose boxes and poses are known, and says how well each can be read.

    Stateless: the answer to a frame does not depend on those before it.
    """

    card: ModelCard

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the networks.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def read(self, frame: Frame, people: Detections) -> Faces:
        """Faces in a picture, each given to the person it belongs to.

        Args:
            frame: the picture.
            people: those in it.

        Returns:
            Faces by row of `people`, ascending; faces of nobody known are left out.
        """
        ...


@runtime_checkable
class EmotionClassifier(Protocol):
    """Reads expressions. Cuts and aligns each face itself, the way it was trained."""

    card: ModelCard
    labels: tuple[str, ...]
    """The emotions it can tell, a subset of `EMOTIONS`."""

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def classify(self, image: Image, faces: Faces) -> FloatArray:
        """Probabilities of each face's expression.

        Args:
            image: (H, W, 3) uint8 RGB, the whole picture.
            faces: N faces in it.

        Returns:
            (N, 8) float32 in the order of `EMOTIONS`, each row summing to 1; columns of emotions it cannot tell are 0.
        """
        ...


@runtime_checkable
class ActionRecognizer(Protocol):
    """Tells actions from landmarks, boxes and their change; needs no pixels."""

    card: ModelCard

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card."""
        ...

    def recognize(self, tracklet: Tracklet, size: tuple[int, int]) -> Segments:
        """Segments of one tracklet in the channels "posture" and "gesture".

        Args:
            tracklet: boxes and poses over time.
            size: width and height of the pictures, pixels.

        Returns:
            Segments. Postures follow one another without overlap and cover the tracklet's whole time, `UNKNOWN` where
            none could be told; gestures are reported where they were seen.
        """
        ...


@runtime_checkable
class ClipClassifier(Protocol):
    """Says what happens in short clips cut around one person."""

    card: ModelCard
    labels: tuple[str, ...]
    """The checkpoint's own labels, in order of its outputs."""
    frames: int
    """Pictures of a clip, evenly spaced in time."""
    side: int
    """Width and height of a picture, pixels."""

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def classify(self, clips: NDArray[np.uint8]) -> FloatArray:
        """Probabilities of the labels.

        Args:
            clips: (B, frames, side, side, 3) uint8 RGB.

        Returns:
            (B, L) float32, each row summing to 1.
        """
        ...


@runtime_checkable
class IdentityEmbedder(Protocol):
    """Turns views of people into vectors that are near for one person and far for two."""

    card: ModelCard
    size: int

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the back end that `options` would give, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def encode(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        """Vectors of some views.

        Args:
            pictures: of any people, in any order; answers do not depend on how they are put together.

        Returns:
            (N, size) float32, each of length 1, or all 0 where a view shows too little of a body.
        """
        ...


class Observer(Protocol):
    """Hears how a run is getting on, and says when to stop."""

    def progress(self, stage: str, done: float, total: float) -> None:
        """A stage has done so much of so much; the unit is the stage's own, seconds of footage for most."""
        ...

    def checkpoint(self) -> None:
        """Called often, at least once a frame.

        Raises:
            JobCancelled: somebody asked to stop; the caller lets it pass through.
        """
        ...


@runtime_checkable
class ClothingReader(Protocol):
    """Reads what people wear from kept views, with no word of text: colours, lengths, patterns, by region."""

    card: ModelCard

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading anything."""
        ...

    def read(self, tracklet: int, pictures: Sequence[PersonPicture]) -> ClothingReadings:
        """Readings of the kept views of one tracklet.

        Args:
            tracklet: its number.
            pictures: its views; the place of a picture is its rank.

        Returns:
            A row for every picture and every one of `REGIONS`, in order; not seen is a row with visible 0.
        """
        ...


@runtime_checkable
class AnomalyScorer(Protocol):
    """Says of windows of a body's movement how likely each label is; needs no pixels."""

    card: ModelCard
    labels: tuple[str, ...]

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def score(self, tracklet: Tracklet, size: tuple[int, int]) -> WindowScores:
        """Scores of overlapping windows of one tracklet.

        Args:
            tracklet: boxes and poses over time.
            size: width and height of the pictures, pixels.

        Returns:
            Windows in order of time; none where too little of the body was seen.
        """
        ...


FramesByTime = Callable[[Sequence[float]], Iterator[Frame]]
"""Times, ascending, to frames: for each time the first frame at or after it, ascending, each frame once."""


@runtime_checkable
class BehaviourReader(Protocol):
    """Says what hands do at shelves: catch, put, insert, or nothing of the kind."""

    card: ModelCard

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def read(self, tracklets: Sequence[Tracklet], scene: ShopScene, frames_by_time: FramesByTime) -> list[WindowScores]:
        """What the hands of some people do, window by window.

        Args:
            tracklets: boxes and poses over time.
            scene: size, windows, zones.
            frames_by_time: yields the frames at given times, ascending; called once at most. Back ends that need no
                pixels never call it.

        Returns:
            The windows of each tracklet that has any, in the order of the tracklets; columns are `BEHAVIOURS`.
        """
        ...
