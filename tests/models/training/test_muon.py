"""The optimiser: orthogonal steps for convolutions, Adam's for the rest."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from models.training.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(16, 40), (40, 16), (24, 24)])
def test_singular_values_become_about_one(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    before = torch.linalg.svdvals(matrix)
    after = torch.linalg.svdvals(orthogonal(matrix))
    assert after.min() > 0.5
    assert after.max() < 1.4
    assert before.max() / before.min() > after.max() / after.min()


def test_the_direction_is_kept() -> None:
    # The nearest orthogonal matrix of U S V^T is U V^T.
    matrix = torch.randn((12, 30), generator=torch.Generator().manual_seed(2))
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    cosine = torch.nn.functional.cosine_similarity(orthogonal(matrix).flatten(), (left @ right).flatten(), dim=0)
    assert cosine > 0.97


def test_adam_for_what_is_no_convolution() -> None:
    network = nn.Linear(3, 2)
    before = network.bias.detach().clone()
    network.weight.grad, network.bias.grad = torch.zeros(2, 3), torch.tensor([0.5, -2.0])
    Muon(network, learning_rate=0.1, momentum=0.9, weight_decay=0.5).step()
    # Adam's first step is as long as the learning rate, whatever the gradient's size; nothing decays.
    np.testing.assert_allclose((before - network.bias.detach()).numpy(), [0.1, -0.1], rtol=1e-4)


def test_convolutions_decay_and_step_by_the_rate() -> None:
    network = nn.Conv2d(4, 8, 3, bias=False)
    before = network.weight.detach().clone()
    network.weight.grad = torch.randn(network.weight.shape, generator=torch.Generator().manual_seed(3))
    Muon(network, learning_rate=0.01, momentum=0.9, weight_decay=0.5).step()
    step = (before * (1 - 0.01 * 0.5) - network.weight.detach()).reshape(8, -1)
    values = torch.linalg.svdvals(step) / (0.01 * 0.2 * 36**0.5)
    assert values.min() > 0.5
    assert values.max() < 1.4
