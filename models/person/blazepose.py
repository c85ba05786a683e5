"""The embedded person detector: BlazePose over tiles, followed from frame to frame.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import Detections, Frame, Poses
from models.person.files import LICENCE, SOURCE, fingerprint
from models.person.finding import BodyFinder
from models.person.following import Follower
from models.person.geometry import Pyramid

REVISION = "5"
"""Changed whenever the same pictures may give other answers."""


class BlazePoseDetector:
    """Finds people with BlazePose; see `following` for when it searches and when it follows.

    Args:
        options: threads and the lowest score to report.

    Raises:
        ModelMissing: the mediapipe package is not installed.
        ModelError: its networks cannot be read.
    """

    finds_poses: ClassVar[bool] = True

    def __init__(self, options: BackendOptions) -> None:
        self._min_score = options.min_score
        self._finder = BodyFinder(options.threads)
        self._follower = Follower(self._finder)
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the networks; the same for all options.

        Raises:
            ModelMissing: the mediapipe package is not installed.
        """
        version = fingerprint(BodyFinder.files(), REVISION)
        return ModelCard(name="blazepose", version=version, tier="embedded", licence=LICENCE, source=SOURCE)

    def reset(self) -> None:
        """Forget everybody; the next frame is searched in full."""
        self._follower = Follower(self._finder)

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        """People in each frame, in order.

        Args:
            frames: any number, in order of time, of one footage.

        Returns:
            Boxes of what can be seen of each person, with scores and landmarks, best first.
        """
        return [self._one(frame) for frame in frames]

    def _one(self, frame: Frame) -> Detections:
        persons = [one for one in self._follower.step(Pyramid(frame.image), frame.t) if one.score >= self._min_score]
        if not persons:
            return Detections.empty()
        return Detections(
            boxes=np.stack([one.sighting.box for one in persons]),
            scores=np.array([one.score for one in persons], np.float32),
            poses=Poses(
                landmarks=np.stack([one.sighting.body.landmarks for one in persons]),
                scores=np.array([one.sighting.body.presence for one in persons], np.float32),
            ),
        )
