"""Training of one skeleton network, and the answers of several. Imports torch.

May import: `engine.core`, `models.anomaly`, `models.checkpoint`, this room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.core.anomalies import ANOMALIES, NORMAL
from engine.core.types import FloatArray
from models.anomaly.network import SkeletonNet
from models.anomaly.normalise import features, mirrored, normalise
from models.checkpoint import torch_threads
from models.training.skeleton_augment import augment, bone_lengths, exchanged_bones
from models.training.skeleton_config import SkeletonTrainConfig
from models.training.skeleton_examples import Bodies

_RISE = 0.2
_LEAST_PLAN = 10
"""Steps under which the rate's rise would have no length."""

_LONGEST_STEP = 1.0

Change = Callable[[FloatArray, np.random.Generator], FloatArray]


def train_one(
    bodies: Bodies,
    rows: NDArray[np.int64],
    config: SkeletonTrainConfig,
    seed: int,
    change: Change,
) -> SkeletonNet:
    """Train one network.

    The same arguments on the same machine give the same network: one thread, one source of chance.

    Args:
        bodies: where the windows are.
        rows: (N,) those to learn from.
        config: how.
        seed: where chance starts.
        change: applied to every batch of windows after they were varied: what a probe takes away.

    Returns:
        The network in evaluation mode.
    """
    chance = np.random.default_rng(seed)
    labels = bodies.label[rows]
    count = np.bincount(labels, minlength=len(ANOMALIES)).clip(1)
    weights = torch.from_numpy((len(labels) / len(ANOMALIES) / count) ** config.balance).float()
    batches = max(len(rows) // config.batch, 1)
    exchange = _exchange(bodies, rows, config.exchange, chance)
    with torch_threads(1), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = SkeletonNet(config.hidden, len(ANOMALIES), config.dropout)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, foreach=True
        )
        plan = torch.optim.lr_scheduler.OneCycleLR(
            optimiser,
            config.learning_rate,
            total_steps=max(config.epochs * batches, _LEAST_PLAN),
            pct_start=_RISE,
        )
        for epoch in range(config.epochs):
            if epoch % config.shown == 0:
                numbers, there = _varied(bodies, rows, config, chance, lambda points: change(exchange(points), chance))
            order = chance.permutation(len(rows))
            for part in np.array_split(order[: batches * config.batch], batches):
                logits = network(torch.from_numpy(numbers[part]), torch.from_numpy(there[part]))
                loss = functional.cross_entropy(
                    logits, torch.from_numpy(labels[part]), weights, label_smoothing=config.smoothing
                )
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(network.parameters(), _LONGEST_STEP)
                optimiser.step()
                plan.step()
    return network.eval()


def _varied(
    bodies: Bodies,
    rows: NDArray[np.int64],
    config: SkeletonTrainConfig,
    chance: np.random.Generator,
    change: Callable[[FloatArray], FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """What the network is given of all windows in one epoch."""
    half = config.stride / 2
    tempo = np.exp(config.tempo * chance.standard_normal(len(rows)))
    points = bodies.varied(rows, chance.uniform(-half, half, len(rows)), tempo)
    return features(normalise(change(augment(points, config, chance))))


def _exchange(
    bodies: Bodies, rows: NDArray[np.int64], share: float, chance: np.random.Generator
) -> Callable[[FloatArray], FloatArray]:
    """Gives so many windows the typical bones of the other source, so that "normal" cannot be told by bones."""
    normal = bodies.label[rows] == ANOMALIES.index(NORMAL)
    own, other = (bone_lengths(bodies.windows(rows[each])) for each in (normal, ~normal))

    def exchange(points: FloatArray) -> FloatArray:
        changed = points.copy()
        for source, ratios in ((normal, other / own), (~normal, own / other)):
            chosen = source & (chance.random(len(rows)) < share)
            changed[chosen] = exchanged_bones(points[chosen], ratios)
        return changed

    return exchange


def logits_of(networks: Sequence[SkeletonNet], points: FloatArray) -> FloatArray:
    """Mean answers of networks to windows and their mirror images, before any temperature.

    Args:
        networks: at least one.
        points: (N, S, 13, 2) float32 pixels, NaN where unknown.

    Returns:
        (N, 4) float32.
    """
    windows = normalise(points)
    total = np.zeros((len(points), len(ANOMALIES)), np.float32)
    with torch_threads(1), torch.inference_mode():
        for side in (windows, mirrored(windows)):
            numbers, there = (torch.from_numpy(part) for part in features(side))
            for network in networks:
                total += network(numbers, there).numpy()
    return total / np.float32(2 * len(networks))
