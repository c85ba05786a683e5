"""What tells whether the skeleton network reads motion, or only where its examples came from.

Imports torch when called. May import: `engine.core`, `models.anomaly`, this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.anomalies import ANOMALIES, NORMAL
from engine.core.types import FloatArray
from models.training.skeleton_augment import bone_lengths, exchanged_bones, shuffled_in_time
from models.training.skeleton_config import SkeletonTrainConfig
from models.training.skeleton_examples import Bodies
from models.training.skeleton_metrics import softmax

if TYPE_CHECKING:
    from models.anomaly.network import SkeletonNet

_NORMAL = ANOMALIES.index(NORMAL)
_LOUD = 0.7
"""The engine's threshold on what is not normal."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a fold's networks do once something was taken from the windows they are measured on.

    Attributes:
        as_they_are: share of windows answered rightly with "normal" or not, normal ones and others weighing the same.
        exchanged_normal: share of normal windows still answered "normal" with the other source's bones.
        exchanged_others: share of the other windows still answered otherwise with the normal source's bones.
        shuffled: as `as_they_are`, with each window's steps in random order.
    """

    as_they_are: float
    exchanged_normal: float
    exchanged_others: float
    shuffled: float


def probe(networks: Sequence[SkeletonNet], bodies: Bodies, fold: int, config: SkeletonTrainConfig) -> Probe:
    """Look at the networks of a fold.

    Args:
        networks: trained without the fold.
        bodies: all examples.
        fold: which.
        config: for its seed.
    """
    from models.training.skeleton_steps import logits_of

    learned = np.flatnonzero((bodies.fold != fold) & (bodies.fold >= 0))
    lengths = [
        bone_lengths(bodies.windows(learned[(bodies.label[learned] == _NORMAL) == own])) for own in (True, False)
    ]
    rows = np.flatnonzero(bodies.fold == fold)
    windows, own = bodies.windows(rows), bodies.label[rows] == _NORMAL

    def said(points: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.asarray(logits_of(networks, points).argmax(axis=1) == _NORMAL)

    plain = said(windows)
    mixed = said(shuffled_in_time(windows, np.random.default_rng(config.seed)))
    return Probe(
        as_they_are=_balanced(plain, own),
        exchanged_normal=float(said(exchanged_bones(windows[own], lengths[1] / lengths[0])).mean()),
        exchanged_others=float((~said(exchanged_bones(windows[~own], lengths[0] / lengths[1]))).mean()),
        shuffled=_balanced(mixed, own),
    )


def _balanced(said: np.ndarray[Any, np.dtype[np.bool_]], own: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    return float((said[own].mean() + (~said[~own]).mean()) / 2)


def mean_probe(probes: Sequence[Probe]) -> dict[str, float]:
    """Means over folds, rounded."""
    return {name: round(float(np.mean([asdict(each)[name] for each in probes])), 4) for name in asdict(probes[0])}


def loudness(parts: Sequence[tuple[SkeletonNet, FloatArray]], temperature: float) -> dict[str, Any]:
    """How far networks take windows of ordinary footage for something else.

    Args:
        parts: networks with the windows (N, S, 13, 2) pixels that each is shown.
        temperature: of their logits.
    """
    from models.training.skeleton_steps import logits_of

    strange = np.concatenate([1 - softmax(logits_of([one], points), temperature)[:, _NORMAL] for one, points in parts])
    return {
        "windows": len(strange),
        "over_threshold": int((strange >= _LOUD).sum()),
        "mean": round(float(strange.mean()), 4) if len(strange) else None,
        "highest": round(float(strange.max()), 4) if len(strange) else None,
    }
