"""The emotion network: a small residual network over 48x48 grey faces. Used by training and by the back end alike.

Imports torch, so it is imported only where a network is built.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

WIDTHS = (32, 64, 128, 256)
"""Channels of each stage; the picture is halved before the first and between stages."""

BLOCKS = (1, 1, 2, 1)
"""Residual blocks of each stage."""

_DARK = 0.06
"""Contrast under which a picture is not stretched to full contrast, as a share of the brightness range."""


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut.

    Args:
        before: channels coming in.
        width: channels going out.
        stride: 2 halves the picture.

    Source: He et al. 2016, arXiv 1512.03385; the shortcut pools before its projection (He et al. 2019, ResNet-D).
    """

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.first_norm: nn.Module = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        last = nn.BatchNorm2d(width)
        # The block starts as its shortcut alone, which lets a high learning rate begin at once (Goyal et al. 2017).
        nn.init.zeros_(last.weight)
        self.second_norm: nn.Module = last
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or before != width:
            pool = nn.AvgPool2d(stride, ceil_mode=True) if stride != 1 else nn.Identity()
            self.shortcut = nn.Sequential(pool, nn.Conv2d(before, width, 1, bias=False), nn.BatchNorm2d(width))

    def fuse(self) -> None:
        """Let the convolutions do the normalisation; training is over then."""
        if isinstance(self.first_norm, nn.BatchNorm2d) and isinstance(self.second_norm, nn.BatchNorm2d):
            self.first = fuse_conv_bn_eval(self.first, self.first_norm)
            self.second = fuse_conv_bn_eval(self.second, self.second_norm)
            self.first_norm, self.second_norm = nn.Identity(), nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """(N, before, H, W) to (N, width, H / stride, W / stride)."""
        y = torch.relu(self.first_norm(self.first(x)))
        return torch.relu(self.second_norm(self.second(y)) + self.shortcut(x))


class EmotionNet(nn.Module):
    """Logits of emotion classes from standardised grey faces.

    Args:
        classes: outputs.
        widths: channels of each stage.
        blocks: blocks of each stage, one number per width.
    """

    def __init__(
        self,
        classes: int,
        widths: Sequence[int] = WIDTHS,
        blocks: Sequence[int] = BLOCKS,
    ) -> None:
        super().__init__()
        # Cells of 2x2 pixels as channels: the first convolution sees full detail at a quarter of the cost.
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(4, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()
        )
        stages: list[nn.Module] = []
        before = widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
            for index in range(count):
                stages.append(Block(before, width, 2 if stage and not index else 1))
                before = width
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(before, classes)

    def forward(self, x: Tensor, weights: Tensor | None = None) -> Tensor:
        """Logits.

        Args:
            x: (N, 1, H, W) float, from `standardise`; H and W even.
            weights: (N, F) the last features are multiplied by while training; None leaves them alone.

        Returns:
            (N, classes).
        """
        features: Tensor = self.stages(self.stem(x)).mean((2, 3))
        logits: Tensor = self.head(features if weights is None else features * weights)
        return logits


def fused(network: EmotionNet) -> EmotionNet:
    """A copy for answering only: normalisation is part of the convolutions before it.

    Args:
        network: in evaluation mode.

    Returns:
        A network with the same answers, to the last digits of single precision.
    """
    copied = copy.deepcopy(network)
    for holder in list(copied.modules()):
        if isinstance(holder, Block):
            holder.fuse()
        elif isinstance(holder, nn.Sequential):
            for index, (before, after) in enumerate(pairwise(holder)):
                if isinstance(before, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
                    holder[index], holder[index + 1] = fuse_conv_bn_eval(before, after), nn.Identity()
    return copied


def standardise(faces: Tensor) -> Tensor:
    """Mean 0 and contrast 1 for every picture by itself: brightness and contrast of the footage drop out.

    Args:
        faces: (N, 1, H, W) float in [0, 1].

    Returns:
        The same shape.
    """
    mean = faces.mean((2, 3), keepdim=True)
    return (faces - mean) / faces.std((2, 3), keepdim=True, unbiased=False).clamp(min=_DARK)
