"""One epoch after another: steps of the optimizer over varied clips, and measuring on those held out.

May import: `engine.core`, `models.checkpoint`, this room; needs torch.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.checkpoint import compute_device
from models.training.rates import rise_and_fall
from models.training.videomae_augment import vary
from models.training.videomae_clips import Prepared
from models.training.videomae_config import VideoTrainConfig


class Trainer:
    """A network that is being trained; a restored one goes on as if it had never been interrupted.

    Args:
        network: a video classifier of the library.
        processor: its image processor.
        clips: what it learns from.
        config: how.
    """

    def __init__(self, network: Any, processor: Any, clips: Prepared, config: VideoTrainConfig) -> None:
        self.network = network
        self.epoch = 0
        self._processor = processor
        self._clips = clips
        self._config = config
        self._steps = math.ceil(len(clips) * config.copies / config.batch)
        # Norms and biases are not pulled towards 0.
        groups = [
            {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=config.learning_rate)
        weights = torch.tensor(class_weights(clips.labels, network.config.num_labels))
        self._loss = torch.nn.CrossEntropyLoss(weight=weights.to(compute_device()))

    def run_epoch(self) -> float:
        """Go through all clips once, each as it is and in its varied copies.

        Returns:
            Mean loss of the steps.
        """
        rng = np.random.default_rng((self._config.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        order = rng.permutation(len(self._clips) * self._config.copies)
        self.network.train()
        losses = []
        for step in range(self._steps):
            chosen = order[step * self._config.batch : (step + 1) * self._config.batch]
            self._set_rate(self.epoch * self._steps + step)
            losses.append(self._step([int(row) for row in chosen]))
        self.epoch += 1
        return float(np.mean(losses))

    def _step(self, chosen: list[int]) -> float:
        numbers = [row // self._config.copies for row in chosen]
        shown = [self._shown(row) for row in chosen]
        labels = torch.tensor([self._clips.labels[number] for number in numbers], device=compute_device())
        self._optimizer.zero_grad(set_to_none=True)
        loss = self._loss(self._logits(shown), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _shown(self, row: int) -> NDArray[np.uint8]:
        number, copy = divmod(row, self._config.copies)
        clip = self._clips.clip(number)
        if not copy:
            return clip
        # Its own chance for every copy of every epoch: the order of steps changes nothing.
        return vary(clip, self._config, np.random.default_rng((self._config.seed, self.epoch, row)))

    def _logits(self, clips: list[NDArray[np.uint8]]) -> torch.Tensor:
        inputs = [self._processor(list(clip), return_tensors="pt")["pixel_values"] for clip in clips]
        logits: torch.Tensor = self.network(pixel_values=torch.cat(inputs).to(compute_device())).logits
        return logits.float()

    def _set_rate(self, step: int) -> None:
        share = rise_and_fall(step, self._config.epochs * self._steps, self._config.warmup)
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.learning_rate * share

    @torch.inference_mode()
    def answers(self, clips: Prepared) -> NDArray[np.float32]:
        """Logits (N, L) float32 of other clips, as they are."""
        self.network.eval()
        rows = [self._logits([clips.clip(number)]).cpu().numpy() for number in range(len(clips))]
        return np.concatenate(rows)

    def state(self) -> dict[str, Any]:
        """What it takes to go on."""
        return {"epoch": self.epoch, "network": self.network.state_dict(), "optimizer": self._optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state of the same training."""
        self.epoch = int(state["epoch"])
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])


def class_weights(labels: tuple[int, ...], count: int) -> NDArray[np.float32]:
    """Weights (L,) that make every label count the same, however many clips it has; they average 1 over the clips.

    Args:
        labels: number of each clip's label.
        count: labels there are.
    """
    clips = np.bincount(labels, minlength=count)
    return np.asarray(len(labels) / (count * np.maximum(clips, 1)), np.float32)
