"""One epoch after another: steps of the optimizer over balanced batches, and vectors of pictures held out.

May import: `engine.core`, `models.checkpoint`, `models.identity`, this room; needs torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.core.types import FloatArray, Image
from models.checkpoint import compute_device
from models.identity.checkpoint import Recipe
from models.identity.network import IdentityNet
from models.identity.pictures import normalised, resized
from models.training.rates import rise_and_fall
from models.training.reid_config import ReidTrainConfig
from models.training.reid_data import Shot, balanced_batches, numbers_of, open_picture
from models.training.reid_losses import IdentityLoss

_REMEMBERED = 1 << 30
"""Bytes of resized pictures that are kept in memory; others are opened anew every epoch."""

_AT_ONCE = 64
_SETTLING = 1024
"""Pictures that batch norms are settled on."""

_READERS = 4


class Shelf:
    """Resized pictures, opened when they are first asked for.

    Args:
        recipe: size of the pictures.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._most = _REMEMBERED // (recipe.height * recipe.width * 3)
        self._kept: dict[str, Image] = {}

    def pictures(self, shots: Sequence[Shot]) -> list[Image]:
        """Pictures (height, width, 3) uint8 RGB, in order.

        Raises:
            FootageError: one cannot be opened any more.
        """
        with ThreadPoolExecutor(_READERS) as pool:
            return list(pool.map(self._picture, shots))

    def _picture(self, shot: Shot) -> Image:
        name = str(shot.path)
        found = self._kept.get(name)
        if found is None:
            found = resized(open_picture(shot.path), self._recipe)
            if len(self._kept) < self._most:
                self._kept[name] = found
        return found


class Trainer:
    """A network that is being trained; a restored one goes on as if it had never been interrupted.

    Args:
        network: it starts from.
        shots: what it learns from.
        config: how.
    """

    def __init__(self, network: IdentityNet, shots: Sequence[Shot], config: ReidTrainConfig) -> None:
        self.network = network.to(compute_device())
        self.epoch = 0
        self._shots = list(shots)
        self._people = [shot.person for shot in shots]
        self._config = config
        self._shelf = Shelf(network.recipe)
        count = min(config.people, len(set(self._people)))
        self._steps = -(-len(self._shots) // (count * config.views))
        # Norms and biases are not pulled towards 0.
        groups = [
            {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=config.learning_rate)
        self._loss = IdentityLoss(config)
        self._dtype = half_precision(config)
        # Only 16-bit numbers with few digits before the point need their losses scaled.
        self._scaler = torch.amp.GradScaler(compute_device(), enabled=self._dtype == torch.float16)

    def run_epoch(self) -> float:
        """Go through the pictures about once, each varied.

        Returns:
            Mean loss of the steps.

        Raises:
            FootageError: a picture cannot be opened any more.
        """
        rng = np.random.default_rng((self._config.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        self.network.train()
        losses = []
        for step, rows in enumerate(self._batches(rng)):
            self._set_rate(self.epoch * self._steps + step)
            losses.append(self._step(rows, rng))
        self.epoch += 1
        self._settle()
        return float(np.mean(losses))

    @torch.no_grad()
    def _settle(self) -> None:
        """Find means and deviations of all batch norms anew, for the weights as they are now.

        The running ones lag behind by some hundred steps, which is all of a short training.

        Source: Wu and Johnson 2021 ("precise batch norm").
        """
        norms = [part for part in self.network.modules() if isinstance(part, torch.nn.modules.batchnorm._BatchNorm)]
        before = [norm.momentum for norm in norms]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        self.network.train()
        chosen = self._shots[:: max(1, len(self._shots) // _SETTLING)]
        for start in range(0, len(chosen), _AT_ONCE):
            part = chosen[start : start + _AT_ONCE]
            # The last few alone would count as much as a whole batch.
            if len(part) == _AT_ONCE or not start:
                self._vectors(np.stack(self._shelf.pictures(part)))
        for norm, momentum in zip(norms, before, strict=True):
            norm.momentum = momentum

    def _batches(self, rng: np.random.Generator) -> Iterator[list[int]]:
        return balanced_batches(self._people, self._config.people, self._config.views, rng)

    def _step(self, rows: list[int], rng: np.random.Generator) -> float:
        shown = self._shelf.pictures([self._shots[row] for row in rows])
        varied = np.stack([vary(picture, self._config, rng) for picture in shown])
        people = torch.from_numpy(numbers_of([self._people[row] for row in rows])).to(compute_device())
        self._optimizer.zero_grad(set_to_none=True)
        loss = self._loss(self._vectors(varied), people)
        self._scaler.scale(loss).backward()
        self._scaler.unscale_(self._optimizer)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self._scaler.step(self._optimizer)
        self._scaler.update()
        return float(loss.detach())

    def _vectors(self, pictures: NDArray[np.uint8]) -> torch.Tensor:
        device = compute_device()
        shown = torch.from_numpy(normalised(pictures, self.network.recipe)).to(device)
        with torch.autocast(device, dtype=self._dtype, enabled=self._dtype is not None):
            vectors: torch.Tensor = self.network(shown)
        return vectors

    def _set_rate(self, step: int) -> None:
        share = rise_and_fall(step, self._config.epochs * self._steps, self._config.warmup)
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.learning_rate * share

    @torch.inference_mode()
    def vectors(self, shots: Sequence[Shot]) -> FloatArray:
        """Vectors (N, D) float32 of other pictures, as they are and in full precision."""
        self.network.eval()
        found = []
        for start in range(0, len(shots), _AT_ONCE):
            pictures = np.stack(self._shelf.pictures(shots[start : start + _AT_ONCE]))
            shown = torch.from_numpy(normalised(pictures, self.network.recipe)).to(compute_device())
            found.append(self.network(shown).cpu().numpy())
        return np.concatenate(found)

    def state(self) -> dict[str, Any]:
        """What it takes to go on."""
        return {
            "epoch": self.epoch,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scaler": self._scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state of the same training."""
        self.epoch = int(state["epoch"])
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._scaler.load_state_dict(state["scaler"])


def half_precision(config: ReidTrainConfig) -> torch.dtype | None:
    """The numbers most of the network computes with, None for full precision.

    "auto" takes half precision on a graphics card, bfloat16 where it has that, and full precision without one.
    """
    if config.precision == "bfloat16":
        return torch.bfloat16
    if config.precision == "float32" or compute_device() != "cuda":
        return None
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def vary(picture: Image, config: ReidTrainConfig, rng: np.random.Generator) -> Image:
    """A picture as it might have been: mirrored, moved, in other light.

    Args:
        picture: (H, W, 3) uint8 RGB.
        config: how far.
        rng: chance; as many draws whatever comes out.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    flipped = rng.random() < config.flip
    moved = np.round(rng.uniform(-config.shift, config.shift, 2) * picture.shape[:2]).astype(int)
    light = rng.uniform(1 - config.light, 1 + config.light) * rng.uniform(1 - config.colour, 1 + config.colour, 3)
    height, width = picture.shape[:2]
    # What comes in at the side repeats the edge, as the surroundings of a person go on.
    rows = np.clip(np.arange(height) + moved[0], 0, height - 1)
    columns = np.clip(np.arange(width) + moved[1], 0, width - 1)
    shown = picture[rows][:, columns[::-1] if flipped else columns]
    return np.asarray(np.clip(np.round(shown * light), 0, 255), np.uint8)
