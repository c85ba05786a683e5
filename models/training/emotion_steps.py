"""The emotion network's training, step by step: two halves of every batch side by side, averaged weights, a state
that can be saved. Imports torch.

Each half runs on a thread of its own with kernels of one thread: the answer does not depend on how many cores the
machine has, and on a busy machine nobody waits inside a kernel. May import: `models.emotion.network`, this room.
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.emotion.fer import CLASSES, SIDE, LabelledFaces
from models.emotion.network import BLOCKS, EmotionNet, standardise
from models.training.emotion_augment import Amounts, augment, erase
from models.training.emotion_config import EmotionTrainConfig
from models.training.muon import Muon

_SHARDS = 2
_MIXED = 0.4
_MANY = 256


def widths_of(config: EmotionTrainConfig) -> tuple[int, ...]:
    """Channels of the network's stages."""
    return tuple(config.width << stage for stage in range(len(BLOCKS)))


def logits_of(network: nn.Module, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What a network answers, averaged with what it answers to the mirrored faces.

    Args:
        network: in evaluation mode.
        faces: (N, 48, 48) uint8.

    Returns:
        (N, classes) float32.
    """
    answers = [np.zeros((0, len(CLASSES)), np.float32)]
    with torch.inference_mode():
        for start in range(0, len(faces), _MANY):
            x = standardise(torch.from_numpy(faces[start : start + _MANY]).float()[:, None] / 255)
            answers.append(((network(x) + network(x.flip(3))) / 2).numpy())
    return np.concatenate(answers)


def _weights(network: nn.Module) -> list[Tensor]:
    return list(network.parameters())


def _slopes(network: nn.Module) -> list[Tensor]:
    return [weight.grad for weight in network.parameters() if weight.grad is not None]


def _numbers(network: nn.Module) -> list[Tensor]:
    """What normalisation knows of the pictures seen; counters are left out."""
    return [number for number in network.buffers() if number.is_floating_point()]


class Trainer:
    """A network in training.

    Args:
        config: how to train.
        faces: the faces to learn from; at least one batch.
    """

    def __init__(self, config: EmotionTrainConfig, faces: LabelledFaces) -> None:
        self.config = config
        self.epoch = 0
        self._labels = torch.from_numpy(faces.labels)
        self._faces = torch.from_numpy(faces.faces)[:, None]
        self._steps = max(len(faces) // config.batch, 1)
        torch.manual_seed(config.seed)
        network = EmotionNet(len(CLASSES), widths_of(config), BLOCKS).to(memory_format=torch.channels_last)
        self.averaged: EmotionNet = copy.deepcopy(network).eval()
        self._shards: list[EmotionNet] = [network, *(copy.deepcopy(network) for _ in range(_SHARDS - 1))]
        self._optimiser = Muon(network, config.learning_rate, config.momentum, config.weight_decay)
        counts = np.maximum(np.bincount(faces.labels, minlength=len(CLASSES)), 1)
        balance = (counts / counts.sum()) ** -config.balance
        self._class_weights = torch.tensor(balance / np.average(balance, weights=counts), dtype=torch.float32)
        self._amounts = Amounts(config.rotation, config.scale, config.shift, config.coarse, config.erase)

    def run_epoch(self) -> float:
        """Go through all faces once.

        Returns:
            The mean loss.
        """
        for shard in self._shards:
            shard.train()
        side = self._side()
        chance = torch.Generator().manual_seed(self.config.seed * 100_003 + self.epoch)
        order = torch.randperm(len(self._labels), generator=chance)
        seeds = torch.randint(2**62, (_SHARDS,), generator=chance).tolist()
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        total, half = 0.0, self.config.batch // _SHARDS
        with ThreadPoolExecutor(_SHARDS, initializer=torch.set_num_threads, initargs=(1,)) as threads:
            for step in range(self._steps):
                rows = order[step * self.config.batch : (step + 1) * self.config.batch]
                jobs = [
                    threads.submit(self._half_step, index, rows[index * half : (index + 1) * half], side, generator)
                    for index, generator in enumerate(generators)
                ]
                total += sum(job.result() for job in jobs) / _SHARDS
                self._update(self.epoch + step / self._steps, threads)
        self.epoch += 1
        return total / self._steps

    def _half_step(self, index: int, rows: Tensor, side: int, generator: torch.Generator) -> float:
        if len(rows) < 2:
            return 0.0
        faces, labels = self._faces[rows].float() / 255, self._labels[rows]
        x = standardise(augment(faces, side, self._amounts, generator))
        x = erase(x, self._amounts.erase, generator)
        targets = functional.one_hot(labels, len(CLASSES)).float()
        if torch.rand(1, generator=generator) < self.config.mixup:
            share = float(torch.rand(1, generator=generator)) * _MIXED
            x = x.lerp(x.roll(1, 0), share)
            targets = targets.lerp(targets.roll(1, 0), share)
        network = self._shards[index]
        # Dropout by hand: torch's own draws from one source for all threads, and no two runs would be alike.
        kept = torch.rand(len(x), network.head.in_features, generator=generator) >= self.config.dropout
        weights = kept.float() / (1 - self.config.dropout)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.config.precision == "bfloat16"):
            logits = network(x.contiguous(memory_format=torch.channels_last), weights)
        loss = functional.cross_entropy(
            logits.float(), targets, self._class_weights, label_smoothing=self.config.smoothing
        )
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def _update(self, at: float, threads: ThreadPoolExecutor) -> None:
        """Join the halves' gradients, step, and carry the average along; `at` is in epochs."""
        leader, *others = self._shards
        for group in self._optimiser.param_groups:
            group["lr"] = self.config.learning_rate * self.rate_share(at)
        with torch.no_grad():
            joined = _weights(leader)
            for shard in others:
                torch._foreach_add_(_slopes(leader), _slopes(shard))
            torch._foreach_div_(_slopes(leader), float(_SHARDS))
            self._optimiser.step(threads=threads)
            for shard in self._shards:
                shard.zero_grad(set_to_none=True)
            numbers = _numbers(leader)
            for shard in others:
                torch._foreach_lerp_(numbers, _numbers(shard), 0.5)
                torch._foreach_copy_(_numbers(shard), numbers)
                torch._foreach_copy_(_weights(shard), joined)
            # In the first epoch the average follows closely: it must not remember where chance began.
            pull = 1 - self.config.average if self.epoch else 0.1
            torch._foreach_lerp_(_weights(self.averaged), joined, pull)
            torch._foreach_lerp_(_numbers(self.averaged), numbers, pull)

    def _side(self) -> int:
        """Pixels of this epoch's faces."""
        if self.epoch < self.config.small_epochs:
            return self.config.small_side
        return self.config.middle_side if self.epoch < self.config.small_epochs + self.config.middle_epochs else SIDE

    def rate_share(self, at: float) -> float:
        """Share of the highest learning rate: a rise, a plain, a straight fall; then perhaps a leap and a last fall.

        Source: Loshchilov and Hutter 2017, arXiv 1608.03983 (warm restarts). Differs: straight lines.
        """
        config = self.config
        if at >= config.epochs:
            return config.more_rate * (config.all_epochs - at) / config.more_epochs
        rise = min((at + 1 / self._steps) / config.warmup, 1.0) if config.warmup else 1.0
        fall = min((config.epochs - at) / config.decay_epochs, 1.0) if config.decay_epochs else 1.0
        return min(rise, fall)

    def state(self) -> dict[str, Any]:
        """Everything a later `restore` needs to go on as if nothing had happened."""
        return {
            "epoch": self.epoch,
            "network": self._shards[0].state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved `state`."""
        self.epoch = int(state["epoch"])
        for shard in self._shards:
            shard.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
