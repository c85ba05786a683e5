"""What a person does in a clip, told by a video classifier: VideoMAE, ViViT, or what else the library reads.

May import: `engine.core`, `models.checkpoint`; loads torch and transformers when built.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import ModelError
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray
from models.checkpoint import (
    checkpoint_card,
    checkpoint_folder,
    checkpoint_labels,
    load_checkpoint,
    probabilities,
)

REVISION = "1"
"""Changed whenever the same clips may give other answers."""

_KIND = "video checkpoint"


class VideoMaeClassifier:
    """Classifies short clips; which architecture it is, how many pictures it sees and how large, its config says.

    Args:
        options: `weights` is the checkpoint's folder; threads.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read, or does not say what clips it wants.
    """

    def __init__(self, options: BackendOptions) -> None:
        folder = checkpoint_folder(options, _KIND)
        self._threads = options.threads
        self._network, self._processor = load_checkpoint("AutoModelForVideoClassification", folder)
        self.labels = checkpoint_labels(self._network)
        self.frames, self.side = clip_shape(self._network.config, folder.name)
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the checkpoint, without loading it.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
        """
        return checkpoint_card("videomae", checkpoint_folder(options, _KIND), REVISION)

    def classify(self, clips: NDArray[np.uint8]) -> FloatArray:
        """Probabilities of the labels.

        Args:
            clips: (B, frames, side, side, 3) uint8 RGB. They go through the network one by one: memory does not grow
                with B.

        Returns:
            (B, L) float32, each row summing to 1.

        Raises:
            ValueError: the clips have another shape.
            ModelError: the network fails, or answers no numbers.
        """
        wanted = (self.frames, self.side, self.side, 3)
        if clips.shape[1:] != wanted or clips.dtype != np.uint8:
            raise ValueError(f"clips must be (B, {', '.join(map(str, wanted))}) uint8, got {clips.shape} {clips.dtype}")
        answers = [probabilities(self._network, self._processor, clip, self._threads, _KIND) for clip in clips]
        return np.concatenate([np.zeros((0, len(self.labels)), np.float32), *answers])


def clip_shape(config: Any, name: str) -> tuple[int, int]:
    """Pictures of a clip and their side in pixels.

    Args:
        config: the checkpoint's.
        name: of the checkpoint, for the message.

    Raises:
        ModelError: the config does not say, or wants pictures that are not square.
    """
    frames, size = getattr(config, "num_frames", None), getattr(config, "image_size", None)
    sides = {size} if isinstance(size, int) else set(size or ())
    if not isinstance(frames, int) or len(sides) != 1:
        raise ModelError(
            f"The checkpoint {name} does not say how many square pictures it wants. Choose a VideoMAE or ViViT one."
        )
    return frames, int(sides.pop())
