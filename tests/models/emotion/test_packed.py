"""Packed convolutions answer as plain ones do."""

from __future__ import annotations

import pytest
import torch

from models.emotion.network import EmotionNet, fused
from models.emotion.packed import PackedConv, packed


@pytest.mark.parametrize("count", [1, 2, 7, 64])
def test_the_answers_stay(count: int) -> None:
    torch.manual_seed(1)
    network = EmotionNet(7, (8, 16, 24, 32), (1, 1, 2, 1)).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.running_mean, -0.5, 0.5)  # type: ignore[arg-type]
    plain = fused(network)
    quick = packed(plain, torch.zeros(2, 1, 48, 48))
    faces = torch.randn(count, 1, 48, 48)
    with torch.inference_mode():
        torch.testing.assert_close(quick(faces), plain(faces), rtol=1e-4, atol=1e-5)


def test_every_convolution_is_packed_and_the_original_left_alone() -> None:
    plain = fused(EmotionNet(7, (8, 16, 24, 32), (1, 1, 2, 1)).eval())
    before = [type(module) for module in plain.modules()]
    quick = packed(plain, torch.zeros(2, 1, 48, 48))
    assert [type(module) for module in plain.modules()] == before
    assert not [module for module in quick.modules() if isinstance(module, torch.nn.Conv2d)]
    assert sum(isinstance(module, PackedConv) for module in quick.modules()) == before.count(torch.nn.Conv2d)


def test_where_torch_cannot_the_network_itself_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch._C, "_has_mkldnn", False)
    plain = fused(EmotionNet(7, (8, 16, 24, 32), (1, 1, 2, 1)).eval())
    assert packed(plain, torch.zeros(2, 1, 48, 48)) is plain
