"""Tiny networks that tell people apart, and views to show them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from engine.core.clothing import PersonPicture
from engine.core.types import Poses
from models.identity.checkpoint import Recipe, write

RECIPE = Recipe("mobilenetv3_small_050", 64, 32, embedding=16, scale=(0.3, 0.7))


def save_tiny(folder: Path, recipe: Recipe = RECIPE, *, seed: int = 3) -> Path:
    """A checkpoint of ours with weights by chance."""
    import torch

    from models.identity.network import IdentityNet

    torch.manual_seed(seed)
    write(IdentityNet(recipe), folder)
    return folder


def save_timm(folder: Path, architecture: str, *, seed: int = 3) -> Path:
    """A checkpoint as timm publishes them, classifier and all."""
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    network = timm.create_model(architecture, pretrained=False, num_classes=7)
    folder.mkdir(parents=True)
    save_file(network.state_dict(), folder / "model.safetensors")
    shown = {"input_size": [3, 64, 48], "mean": [0.4, 0.5, 0.6], "std": [0.2, 0.25, 0.3], "interpolation": "bicubic"}
    told = {"architecture": architecture, "num_classes": 7, "pretrained_cfg": shown}
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    return folder


def picture(seed: int, size: tuple[int, int] = (90, 40), *, masked: tuple[int, int] | None = None) -> PersonPicture:
    """A view (height, width) of noise; `masked` are the rows that the body takes up, all without."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (*size, 3)).astype(np.uint8)
    mask = np.full(size, 255 if masked is None else 0, np.uint8)
    if masked is not None:
        mask[slice(*masked)] = 255
    return PersonPicture(image, mask, Poses.missing(1), np.ones(3, np.float32), 1.0)
