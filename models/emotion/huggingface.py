"""Any Hugging Face image classifier as an emotion back end: the checkpoint's labels become ours by a table.

May import: `engine.core`, `models.checkpoint`, `models.person` for squares; loads torch and transformers when built.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from engine.core.errors import ModelError
from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.checkpoint import (
    checkpoint_card,
    checkpoint_folder,
    checkpoint_labels,
    load_checkpoint,
    probabilities,
)
from models.person.geometry import Pyramid, Square

REVISION = "1"
"""Changed whenever the same faces may give other answers."""

LABELS = Path(__file__).with_name("huggingface_labels.toml")
"""The table of spellings."""

_KIND = "emotion checkpoint"
_AROUND = 1.2
_RAISED = 0.09
"""How the pictures such models learn on frame a face, in sides of the detected face: so much wider, its middle so much
higher. Measured on 600 training faces of FER-2013."""

_BATCH = 16


class HuggingFaceEmotionClassifier:
    """Reads expressions with an image-classification checkpoint.

    Args:
        options: `weights` is the checkpoint's folder; threads.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read, or a label of it is unknown to the table.
    """

    def __init__(self, options: BackendOptions) -> None:
        folder = checkpoint_folder(options, _KIND)
        self._threads = options.threads
        self._network, self._processor = load_checkpoint("AutoModelForImageClassification", folder)
        self._table = label_table(checkpoint_labels(self._network), folder.name)
        known = self._table.any(axis=0)
        self.labels = tuple(label for label, is_known in zip(EMOTIONS, known, strict=True) if is_known)
        self._side = _input_side(self._processor)
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the checkpoint, without loading it.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
        """
        return checkpoint_card("huggingface", checkpoint_folder(options, _KIND), REVISION)

    def classify(self, image: Image, faces: Faces) -> FloatArray:
        """Probabilities of each face's expression.

        Args:
            image: (H, W, 3) uint8 RGB, the whole picture.
            faces: N faces in it.

        Returns:
            (N, 8) float32 in the order of `EMOTIONS`, each row summing to 1; columns of emotions the checkpoint does
            not tell are 0.

        Raises:
            ModelError: the network fails, or answers no numbers.
        """
        if not len(faces):
            return np.zeros((0, len(EMOTIONS)), np.float32)
        crops = face_crops(image, faces, self._side)
        answers = [
            probabilities(self._network, self._processor, crops[start : start + _BATCH], self._threads, _KIND)
            for start in range(0, len(crops), _BATCH)
        ]
        return to_emotions(np.concatenate(answers), self._table)


def face_crops(image: Image, faces: Faces, side: int) -> list[Image]:
    """Squares around faces, upright by the eyes, framed the way such models learn them.

    Args:
        image: (H, W, 3) uint8 RGB.
        faces: N faces in it.
        side: of the crops, pixels.

    Returns:
        N times (side, side, 3) uint8 RGB, black outside the picture.
    """
    pyramid = Pyramid(image)
    crops = []
    for box, angles in zip(faces.boxes, faces.angles, strict=True):
        length = max(float(max(box[2] - box[0], box[3] - box[1])), 1.0)
        roll = math.radians(float(angles[2]))
        raised = _RAISED * length
        x = float(box[0] + box[2]) / 2 + raised * math.sin(roll)
        y = float(box[1] + box[3]) / 2 - raised * math.cos(roll)
        crops.append(pyramid.crop(Square(x, y, _AROUND * length, roll), side))
    return crops


def label_table(labels: Sequence[str], name: str) -> FloatArray:
    """Which of our emotions each label of a checkpoint means.

    Args:
        labels: L labels, as the checkpoint spells them.
        name: of the checkpoint, for the message.

    Returns:
        (L, 8) float32 of zeros and ones; a row of zeros is a label that is left out.

    Raises:
        ModelError: a label is not in the table, or none of them is an emotion of ours.
    """
    emotions, dropped = _spellings()
    table = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    unknown = []
    for row, label in enumerate(labels):
        word = " ".join(label.lower().replace("_", " ").replace("-", " ").split())
        if word in emotions:
            table[row, EMOTIONS.index(emotions[word])] = 1.0
        elif word not in dropped:
            unknown.append(label)
    if unknown or not table.any():
        raise ModelError(
            f"The checkpoint {name} has labels that are no emotions known here: {', '.join(unknown or labels)}. "
            f"If it does read expressions, add its words to {LABELS.name}; else choose another."
        )
    return table


def to_emotions(answers: FloatArray, table: FloatArray) -> FloatArray:
    """A checkpoint's probabilities as probabilities of our emotions.

    Args:
        answers: (N, L) float32.
        table: (L, 8), see `label_table`.

    Returns:
        (N, 8) float32, each row summing to 1: what labels that are left out had, the others share in proportion.
    """
    sums = answers.astype(np.float64) @ table
    total = sums.sum(axis=1, keepdims=True)
    # Everything on a label that is left out: nothing is known of the others.
    even = table.any(axis=0) / table.any(axis=0).sum()
    return np.asarray(np.where(total > 1e-9, sums / np.maximum(total, 1e-9), even), np.float32)


@cache
def _spellings() -> tuple[dict[str, str], frozenset[str]]:
    table = tomllib.loads(LABELS.read_text("utf-8"))
    words = {word: emotion for emotion, spelled in table["emotions"].items() for word in spelled}
    return words, frozenset(table["dropped"]["labels"])


def _input_side(processor: object) -> int:
    """Pixels the processor brings pictures to; crops are cut at that size, so that nothing is resized twice."""
    size = getattr(processor, "size", None) or {}
    found = [size.get(name) for name in ("height", "shortest_edge", "width")]
    return next((int(side) for side in found if side), 224)
