"""What a network that tells people apart is punished for. Triplets are the library's; it has no quadruplets.

May import: this room; needs torch and pytorch-metric-learning.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from models.training.reid_config import ReidTrainConfig


class IdentityLoss(nn.Module):
    """Loss of vectors of length 1 with the people they show.

    Args:
        config: which loss, which triplets, which margins.

    Source: triplets with hard mining, Hermans et al. 2017, semi-hard, Schroff et al. 2015, both by
        pytorch-metric-learning. Quadruplets: Chen et al. 2017, "Beyond triplet loss", equation 5: squared distances,
        the triplet term with a larger margin, and `push_apart` with a smaller one. Differs: the distance is that of the
        vectors instead of a learnt one, and the margins are fixed.
    """

    def __init__(self, config: ReidTrainConfig) -> None:
        super().__init__()
        from pytorch_metric_learning.distances import LpDistance  # type: ignore[import-untyped]
        from pytorch_metric_learning.losses import TripletMarginLoss  # type: ignore[import-untyped]
        from pytorch_metric_learning.miners import BatchHardMiner, TripletMarginMiner  # type: ignore[import-untyped]

        power = 2 if config.loss == "quadruplet" else 1
        distance = LpDistance(normalize_embeddings=False, p=2, power=power)
        self._triplets: Any = TripletMarginLoss(margin=config.margin, distance=distance)
        self._miner: Any = (
            BatchHardMiner(distance=distance)
            if config.mining == "hard"
            else TripletMarginMiner(margin=config.margin, type_of_triplets=config.mining, distance=distance)
        )
        self._hard = config.mining == "hard"
        self._push = config.push if config.loss == "quadruplet" else None

    def forward(self, vectors: torch.Tensor, people: torch.Tensor) -> torch.Tensor:
        """The loss, a number >= 0.

        Args:
            vectors: (N, D) float32 of length 1.
            people: (N,) int64.
        """
        loss: torch.Tensor = self._triplets(vectors, people, self._miner(vectors, people))
        return loss if self._push is None else loss + push_apart(vectors, people, self._push, hard=self._hard)


def push_apart(vectors: torch.Tensor, people: torch.Tensor, margin: float, *, hard: bool = False) -> torch.Tensor:
    """The second term of the quadruplet loss: one person's views must be nearer than any two other people's.

    For every two views i, j of one person, and every two l, k of two different people who are both others:
    max(0, d(i, j)² - d(l, k)² + margin). The mean is that of the terms that are not 0, as the library takes it.

    Args:
        vectors: (N, D) float32.
        people: (N,) int64.
        margin: >= 0.
        hard: of the pairs l, k only the nearest counts.

    Returns:
        A number >= 0; 0 where fewer than three people are shown, or nobody twice.
    """
    square = (vectors[:, None] - vectors[None]).square().sum(dim=2)
    ahead = torch.triu(torch.ones_like(square, dtype=torch.bool), diagonal=1)
    terms = []
    for who in torch.unique(people):
        mine = people == who
        near = square[ahead & mine[:, None] & mine[None]]
        far = square[ahead & (people[:, None] != people[None]) & ~mine[:, None] & ~mine[None]]
        if len(near) and len(far):
            far = far.min()[None] if hard else far
            terms.append(torch.relu(near[:, None] - far[None] + margin).flatten())
    every = torch.cat(terms) if terms else vectors.sum()[None] * 0
    return every.sum() / (every > 0).sum().clamp(min=1)
