"""The skeleton network: a small bidirectional LSTM over windows of joints. Used by training and back end alike.

Imports torch, so it is imported only where a network is built.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.anomaly.normalise import FEATURES

_FAR_DOWN = 9.0
"""Lower than any output of an LSTM: a step that is not there never is the largest."""


class SkeletonNet(nn.Module):
    """Joints to hidden features step by step, LSTM in both directions, mean and maximum over time, labels.

    Args:
        hidden: features of a step, and of the LSTM in each direction.
        labels: outputs.
        dropout: share of features dropped in training.

    Source: Hochreiter and Schmidhuber 1997. Differs: pooled over time, not read off at the last step.
    """

    def __init__(self, hidden: int, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.enter = nn.Sequential(nn.Linear(FEATURES, hidden), nn.GELU(), nn.Dropout(dropout))
        self.recur = nn.LSTM(hidden, hidden, batch_first=True, bidirectional=True)
        self.leave = nn.Sequential(nn.Dropout(dropout), nn.Linear(4 * hidden, labels))

    def forward(self, features: Tensor, there: Tensor) -> Tensor:
        """Logits.

        Args:
            features: (B, S, FEATURES) float32.
            there: (B, S) float32, 1 for a step that counts.

        Returns:
            (B, labels) float32.
        """
        steps, _ = self.recur(self.enter(features))
        counts = there[..., None]
        mean = (steps * counts).sum(dim=1) / counts.sum(dim=1).clamp(min=1)
        largest = (steps + (counts - 1) * _FAR_DOWN).amax(dim=1)
        answer: Tensor = self.leave(torch.cat([mean, largest], dim=1))
        return answer
