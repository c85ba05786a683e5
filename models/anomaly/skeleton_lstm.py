"""The skeleton back end: small LSTMs trained in this project say what a body's movement looks like.

May import: `engine.core`, `models.anomaly`, `models.checkpoint` for torch's threads, `models.person` for the
fingerprint.
"""

from __future__ import annotations

import numpy as np

from engine.core.anomalies import ANOMALIES, NORMAL, WindowScores
from engine.core.errors import ModelError
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Tracklet
from models.anomaly.checkpoint import SHIPPED, load, must_exist
from models.anomaly.joints import JOINTS, MIRROR
from models.anomaly.motion import of_tracklet
from models.anomaly.normalise import CHANNELS, BodyWindows, features, mirrored, normalise
from models.anomaly.windows import cut
from models.checkpoint import torch_threads
from models.person.files import fingerprint

REVISION = "1"
"""Changed whenever the same motion may give other answers."""

STRIDE = 2
"""Steps from the start of one window to that of the next."""

MIN_COVERAGE = 0.25
"""Windows of which a smaller share of joints and steps was seen are left out."""

NORMAL_ODDS = (0.6 / 0.4) / (0.25 / 0.75)
"""How much likelier normal movement is in footage than in training, where each label weighs a quarter: more than half
of what is seen is taken to be ordinary. An assumption, not measured, and a cautious one: real footage is ordinary
nearly all the time."""

_NORMAL = ANOMALIES.index(NORMAL)
_MANY = 512


class SkeletonLstmScorer:
    """Reads movement with the project's own networks, the mean over them and over the mirror image.

    Args:
        options: threads, and weights other than the shipped ones.

    Raises:
        ModelMissing: the weights are not there.
        ModelError: they are broken.
    """

    labels: tuple[str, ...] = ANOMALIES

    def __init__(self, options: BackendOptions) -> None:
        # torch takes a second to import, and only whoever builds a network needs it.
        import torch

        self.card = self.describe(options)
        self._networks, self.settings = load(options.weights or SHIPPED)
        for network in self._networks:
            network.requires_grad_(False)
        self._torch = torch
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
            name="skeleton-lstm",
            version=fingerprint((path,), f"skeleton-lstm {REVISION}"),
            tier="embedded" if own else "trained",
            licence="AGPL-3.0-only",
            source="trained in this project on skeletons of AI Hub's store-behaviour footage"
            if own
            else f"trained here, {path.name}",
        )

    def score(self, tracklet: Tracklet, size: tuple[int, int]) -> WindowScores:
        """Scores of overlapping windows of one tracklet, in footage of people going about their day.

        Args:
            tracklet: boxes and poses over time.
            size: width and height of the pictures, pixels; not needed, for a body is measured by itself.

        Returns:
            Windows in order of time; none where too little of the body was seen. `weights` is each joint's share in
            the answer, each window's summing to 1: output change per input, times input.

        Raises:
            ModelError: the network answers with something that is not a number.

        Source: Saerens et al. 2002 (answers under other class shares), see `NORMAL_ODDS`.
        """
        windows = cut(of_tracklet(tracklet), self.settings.rate, self.settings.steps, STRIDE)
        kept = np.flatnonzero(windows.coverage >= MIN_COVERAGE)
        odds, weights = self.read(windows.points[kept])
        odds[:, _NORMAL] *= NORMAL_ODDS
        return WindowScores(
            tracklet=tracklet.number,
            labels=ANOMALIES,
            start_s=windows.start_s[kept],
            end_s=windows.end_s[kept],
            probabilities=np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32),
            coverage=windows.coverage[kept],
            joints=JOINTS,
            weights=weights,
        )

    def read(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Answers to windows that are already cut, each label as likely as any other beforehand.

        Args:
            points: (B, S, 13, 2) float32 pixels, NaN where unknown.

        Returns:
            Probabilities (B, 4) float32 in the order of `ANOMALIES`, and shares of the joints (B, 13) float32.

        Raises:
            ModelError: the network answers with something that is not a number.
        """
        probabilities = np.zeros((len(points), len(ANOMALIES)), np.float32)
        weights = np.zeros((len(points), len(JOINTS)), np.float32)
        for start in range(0, len(points), _MANY):
            part = slice(start, start + _MANY)
            probabilities[part], weights[part] = self._answers(normalise(points[part]))
        if not np.isfinite(probabilities).all():
            raise ModelError("The skeleton network answers with something that is not a number. Train it again.")
        return probabilities, weights

    def _answers(self, windows: BodyWindows) -> tuple[FloatArray, FloatArray]:
        torch = self._torch
        total = np.zeros((len(windows), len(ANOMALIES)))
        blame = np.zeros((len(windows), len(JOINTS)))
        for side, order in ((windows, np.arange(len(JOINTS))), (mirrored(windows), MIRROR)):
            numbers, there = features(side)
            x = torch.from_numpy(numbers).requires_grad_(True)
            with torch_threads(self._threads):
                logits = sum(network(x, torch.from_numpy(there)) for network in self._networks)
                logits = logits / (len(self._networks) * self.settings.temperature)
                (slopes,) = torch.autograd.grad(logits.amax(dim=1).sum(), x)
            total += logits.detach().double().numpy()
            share = (slopes * x).detach().abs().sum(dim=1).numpy()[:, : CHANNELS * len(JOINTS)]
            blame += share.reshape(len(windows), len(JOINTS), CHANNELS).sum(axis=2)[:, order]
        total = np.exp(total / 2 - (total / 2).max(axis=1, keepdims=True))
        weights = blame / np.maximum(blame.sum(axis=1, keepdims=True), 1e-12)
        return (
            (total / total.sum(axis=1, keepdims=True)).astype(np.float32),
            weights.clip(0, 1).astype(np.float32),
        )
