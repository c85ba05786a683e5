"""The embedded emotion back end: a small network trained in this project on FER-2013.

May import: `engine.core`, `models.emotion`, `models.person` for the fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import ModelError
from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.emotion.checkpoint import SHIPPED, load, must_exist
from models.emotion.fer import CLASSES, EMOTION_OF
from models.emotion.framing import cut_faces
from models.person.files import fingerprint

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

CALM_ODDS = (0.6 / 0.4) / (0.173 / 0.827)
"""How much likelier a calm face is in footage than among the training faces: 17 % of those are calm, gathered as they
were by searching for expressions; of people going about their day more than half are taken to be. An assumption, not
measured; a clear smile of .8 stays one."""

_COLUMNS = np.array([EMOTIONS.index(EMOTION_OF[name]) for name in CLASSES])
_MANY = 64


class CnnEmotionClassifier:
    """Reads expressions with the project's own network; it never says "confused".

    Args:
        options: threads, and weights other than the shipped ones.

    Raises:
        ModelMissing: the weights are not there.
        ModelError: they are broken.
    """

    labels: tuple[str, ...] = tuple(name for name in EMOTIONS if name in EMOTION_OF.values())

    def __init__(self, options: BackendOptions) -> None:
        # torch takes a second to import, and only whoever builds a network needs it.
        import torch

        from models.emotion.fer import SIDE
        from models.emotion.network import fused, standardise
        from models.emotion.packed import packed

        self.card = self.describe(options)
        network, settings = load(options.weights or SHIPPED)
        self._torch, self._standardise = torch, standardise
        # A face and its mirror image: what footage asks for most of the time.
        self._network = packed(fused(network), torch.zeros(2, 1, SIDE, SIDE))
        self._temperature = settings.temperature
        self._threads = options.threads

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        path = options.weights or SHIPPED
        must_exist(path)
        own = options.weights is None or options.weights == SHIPPED
        return ModelCard(
            name="cnn",
            version=fingerprint((path,), f"cnn {REVISION}"),
            tier="embedded" if own else "trained",
            licence="AGPL-3.0-only",
            source="trained in this project on FER-2013" if own else f"trained here, {path.name}",
        )

    def classify(self, image: Image, faces: Faces) -> FloatArray:
        """Probabilities of each face's expression, in footage of people going about their day.

        Args:
            image: (H, W, 3) uint8 RGB, the whole picture.
            faces: N faces in it.

        Returns:
            (N, 8) float32 in the order of `EMOTIONS`, each row summing to 1; "confused" is 0.

        Raises:
            ModelError: the network answers with something that is not a number.

        Source: Saerens et al. 2002 (answers under other class shares), see `CALM_ODDS`.
        """
        odds = self.read(cut_faces(image, faces.points))
        odds[:, EMOTIONS.index("calm")] *= CALM_ODDS
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)

    def read(self, cuts: NDArray[np.uint8]) -> FloatArray:
        """Probabilities of faces that are already cut out, under the class shares of the training faces.

        Args:
            cuts: (N, 48, 48) uint8, grey, framed as in training.

        Returns:
            (N, 8) float32, columns as `classify`.

        Raises:
            ModelError: the network answers with something that is not a number.
        """
        probabilities = np.zeros((len(cuts), len(EMOTIONS)), np.float32)
        for start in range(0, len(cuts), _MANY):
            probabilities[start : start + _MANY, _COLUMNS] = self._answers(cuts[start : start + _MANY])
        if not np.isfinite(probabilities).all():
            raise ModelError("The emotion network answers with something that is not a number. Train it again.")
        return probabilities

    def _answers(self, cuts: NDArray[np.uint8]) -> FloatArray:
        """Probabilities of the network's classes, (N, 7): the mean over the faces and their mirror images."""
        torch = self._torch
        with _threads(self._threads), torch.inference_mode():
            x = self._standardise(torch.from_numpy(np.ascontiguousarray(cuts)).float()[:, None] / 255)
            logits = self._network(torch.cat([x, x.flip(3)]))
            both = (logits[: len(cuts)] + logits[len(cuts) :]) / 2
            return np.asarray(torch.softmax(both.double() / self._temperature, dim=1).float().numpy(), np.float32)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let torch use so many threads, and put back what the process had."""
    import torch

    before = torch.get_num_threads()
    if before == count:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
