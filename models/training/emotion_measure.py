"""Measuring an emotion network on labelled faces, through the back end that analyses use.

May import: `engine.core`, `models.emotion`, this room.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions
from models.emotion.cnn import CnnEmotionClassifier
from models.emotion.fer import CLASSES, EMOTION_OF, MEASURING, LabelledFaces, read_faces
from models.training.emotion_metrics import Score, score

_TIMED = 300
_WARM = 10
_COLUMNS = [EMOTIONS.index(EMOTION_OF[name]) for name in CLASSES]


def evaluate(data: Path, weights: Path | None = None) -> dict[str, Any]:
    """Score a network on labelled faces, and time it.

    Args:
        data: zip file or folder. The first that is there is measured: `validation/<label>/`, `test/<label>/`,
            `<label>/` at the top.
        weights: of the network; None for the shipped one.

    Returns:
        Plain numbers: `n`, `accuracy`, `macro_recall`, `recall` and `precision` per label, `confusion` (rows are
        labels), `ece`, `ms_per_face` (processor time of one face on one core, mirrored one included), which part
        was measured, and the model's version.

    Raises:
        FootageError: no labelled faces are there, or a picture cannot be read.
        ModelMissing: the weights are not there.
        ModelError: they are broken.
    """
    options = BackendOptions(threads=1, weights=weights)
    network = CnnEmotionClassifier(options)
    faces = read_faces(data, MEASURING)
    return {
        "part": faces.part,
        **_scored(network, faces).to_dict(),
        "ms_per_face": round(_milliseconds(network, faces), 3),
        "version": network.card.version,
    }


def measure(faces: LabelledFaces, options: BackendOptions) -> Score:
    """Score the network that `options` names on faces.

    Raises:
        ModelMissing: the weights are not there.
        ModelError: they are broken.
    """
    return _scored(CnnEmotionClassifier(options), faces)


def _scored(network: CnnEmotionClassifier, faces: LabelledFaces) -> Score:
    return score(network.read(faces.faces)[:, _COLUMNS], faces.labels)


def _milliseconds(network: CnnEmotionClassifier, faces: LabelledFaces) -> float:
    """Processor time of one face after another, the median: other work on the machine does not count."""
    spent = []
    for row in range(min(len(faces), _TIMED) + _WARM):
        begun = time.process_time()
        network.read(faces.faces[row % len(faces)][None])
        spent.append(time.process_time() - begun)
    return float(np.median(spent[_WARM:])) * 1000
