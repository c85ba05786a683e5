"""The Muon optimiser: momentum whose steps are made orthogonal, with Adam for what is no matrix. Imports torch.

May import: nothing of ours.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import torch
from torch import Tensor, nn

_ADAM_FIRST = 0.9
_ADAM_SECOND = 0.99
_STEPS = 5
_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(torch.optim.Optimizer):
    """Convolutions are seen as matrices, one row per filter; all other weights are trained by Adam.

    Args:
        network: whose weights are trained.
        learning_rate: for both kinds; may be changed in `param_groups` between steps.
        momentum: of the matrices.
        weight_decay: of the matrices, times the learning rate.

    Source: Jordan et al. 2024 (Muon); steps scaled to Adam's size as in Liu et al. 2025, arXiv 2502.16982.
    """

    def __init__(self, network: nn.Module, learning_rate: float, momentum: float, weight_decay: float) -> None:
        matrices = [weight for weight in network.parameters() if weight.ndim == 4]
        others = [weight for weight in network.parameters() if weight.ndim != 4]
        self._momentum = momentum
        super().__init__(
            [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}],
            {"lr": learning_rate},
        )

    def step(self, closure: Any = None, *, threads: Executor | None = None) -> None:  # type: ignore[override]
        """Change the weights by their gradients; all have one.

        Args:
            closure: not used.
            threads: where the weights are worked on side by side; here and one by one if there are none.
        """
        jobs = [(weight, group) for group in self.param_groups for weight in group["params"]]
        # The largest first: the last to finish should be a small one.
        jobs.sort(key=lambda job: -job[0].numel())
        for _ in threads.map(self._change, jobs) if threads else map(self._change, jobs):
            pass

    @torch.no_grad()
    def _change(self, job: tuple[Tensor, dict[str, Any]]) -> None:
        weight, group = job
        change = self._turned(weight) if weight.ndim == 4 else self._adam(weight)
        weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(change, alpha=-group["lr"])

    def _turned(self, weight: Tensor) -> Tensor:
        state = self.state[weight]
        if not state:
            state["mean"] = torch.zeros_like(weight)
        mean = state["mean"].lerp_(weight.grad, 1 - self._momentum)
        ahead = weight.grad.lerp(mean, self._momentum) if weight.grad is not None else mean
        matrix = orthogonal(ahead.reshape(len(weight), -1))
        change: Tensor = (matrix * (0.2 * max(matrix.shape) ** 0.5)).reshape(weight.shape)
        return change

    def _adam(self, weight: Tensor) -> Tensor:
        state = self.state[weight]
        if not state:
            state |= {"mean": torch.zeros_like(weight), "square": torch.zeros_like(weight), "steps": 0}
        state["steps"] += 1
        mean = state["mean"].lerp_(weight.grad, 1 - _ADAM_FIRST)
        square = state["square"].lerp_(weight.grad**2, 1 - _ADAM_SECOND) if weight.grad is not None else mean
        first = mean / (1 - _ADAM_FIRST ** state["steps"])
        change: Tensor = first / ((square / (1 - _ADAM_SECOND ** state["steps"])).sqrt() + 1e-8)
        return change


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest matrix whose singular values are all about 1.

    Args:
        matrix: (R, C) float32.

    Returns:
        (R, C) float32, singular values between about 0.7 and 1.2.
    """
    x = matrix.to(torch.bfloat16)
    x = x / (x.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(_STEPS):
        square = x @ x.T
        x = _A * x + (_B * square + _C * (square @ square)) @ x
    answer: Tensor = (x.T if tall else x).float()
    return answer
