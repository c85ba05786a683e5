"""The networks that tell people apart: an architecture of timm or torchvision, and a layer that makes vectors of it.

May import: `models.identity`; needs torch, timm and, for squeezenet, torchvision. Nothing is ever downloaded.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from models.checkpoint import offline
from models.identity.checkpoint import Recipe

SQUEEZENET = "squeezenet1_1"


class IdentityNet(nn.Module):
    """Pictures in, vectors out; they are compared by angle.

    Args:
        recipe: what to build.

    Raises:
        ValueError: no such architecture.

    Source: batch normalisation of the vectors before they are compared, Luo et al. 2019 ("BNNeck"). Differs: the loss
        sees the normalised vectors too; there is no classifier.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.backbone, features = _backbone(recipe)
        self.head: nn.Module = nn.Identity()
        if recipe.embedding:
            self.head = nn.Sequential(
                nn.Linear(features, recipe.embedding, bias=False), nn.BatchNorm1d(recipe.embedding)
            )
        self.size = recipe.embedding or features

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Vectors (N, size) float32 of length 1, of pictures (N, 3, height, width) that are normalised."""
        with torch.autocast(pictures.device.type, enabled=False):
            return nn.functional.normalize(self.head(self._features(pictures).float()), eps=1e-6)

    def _features(self, pictures: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.backbone(pictures)
        return found


class SqueezeNet(nn.Module):
    """The convolutions of SqueezeNet 1.1, averaged over the picture.

    Args:
        cbam: put attention over channels and place behind every Fire block.

    Source: Iandola et al. 2016 by torchvision; CBAM of Woo et al. 2018 by timm, behind each block as there.
    """

    def __init__(self, *, cbam: bool) -> None:
        super().__init__()
        from torchvision.models import squeezenet1_1  # type: ignore[import-untyped]

        blocks: list[nn.Module] = []
        for block in squeezenet1_1(weights=None).features:
            blocks.append(block)
            if cbam and type(block).__name__ == "Fire":
                blocks.append(_attention(block))
        self.features = nn.Sequential(*blocks)
        self.size = 512

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Features (N, 512) of pictures (N, 3, H, W)."""
        return self.features(pictures).mean(dim=(2, 3))  # type: ignore[no-any-return]


def _attention(fire: Any) -> nn.Module:
    from timm.layers.cbam import CbamModule

    block: nn.Module = CbamModule(fire.expand1x1.out_channels + fire.expand3x3.out_channels)
    return block


def _backbone(recipe: Recipe) -> tuple[nn.Module, int]:
    """The architecture without its classifier, and how many features it has."""
    if recipe.family == "squeezenet":
        if recipe.architecture != SQUEEZENET:
            raise ValueError(f"of squeezenet only {SQUEEZENET} is known, got {recipe.architecture!r}")
        network = SqueezeNet(cbam=recipe.cbam)
        return network, network.size
    import timm

    if not timm.is_model(recipe.architecture):
        raise ValueError(f"timm knows no architecture {recipe.architecture!r}")
    with offline():
        backbone: Any = timm.create_model(recipe.architecture, pretrained=False, num_classes=0)
    # Some architectures have a layer more between what they average and their classifier.
    return backbone, int(getattr(backbone, "head_hidden_size", None) or backbone.num_features)
