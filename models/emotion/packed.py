"""Convolutions whose weights lie the way the processor's kernels want them, so that one face at a time is quick.

torch puts weights into that order anew for every call, which costs a small network a quarter of its time.
Imports torch, so it is imported only where a network is built.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class PackedConv(nn.Module):
    """A convolution for answering only, its weights put in order once.

    Args:
        conv: with a bias, undilated and ungrouped.
        size: shape of what it is mostly called with, (N, C, H, W); others are answered too.
    """

    def __init__(self, conv: nn.Conv2d, size: list[int]) -> None:
        super().__init__()
        self._stride, self._padding, self._bias = list(conv.stride), [int(side) for side in conv.padding], conv.bias
        self._weight: Tensor = torch._C._nn.mkldnn_reorder_conv2d_weight(
            conv.weight.to_mkldnn(),
            self._padding,
            self._stride,
            [1, 1],
            1,
            size,  # type: ignore[call-arg]  # missing in torch's own stub
        )

    def forward(self, x: Tensor) -> Tensor:
        """What the convolution answers."""
        answer: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, self._weight, self._bias, self._padding, self._stride, [1, 1], 1, "none", [], ""
        )
        return answer


def packed(network: nn.Module, example: Tensor) -> nn.Module:
    """A copy whose convolutions are packed; the network itself where this torch cannot.

    Args:
        network: for answering only; every convolution has a bias, is undilated and ungrouped.
        example: what it is mostly called with.

    Returns:
        A network with the same answers, to the last digits of single precision.
    """
    if not torch._C._has_mkldnn or not hasattr(torch._C._nn, "mkldnn_reorder_conv2d_weight"):
        return network
    network = copy.deepcopy(network).to(memory_format=torch.channels_last)
    sizes: dict[nn.Module, list[int]] = {}

    def note(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        sizes[module] = list(given[0].shape)

    hooks = [each.register_forward_pre_hook(note) for each in network.modules() if isinstance(each, nn.Conv2d)]
    with torch.no_grad():
        network(example)
    for hook in hooks:
        hook.remove()
    with torch.no_grad():
        for holder in list(network.modules()):
            for name, child in list(holder.named_children()):
                if isinstance(child, nn.Conv2d):
                    setattr(holder, name, PackedConv(child, sizes[child]))
    return network
