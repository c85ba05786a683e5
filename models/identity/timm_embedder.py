"""Networks of timm and torchvision as identity back ends: a checkpoint folder in, vectors of people out.

May import: `engine.core`, `models.identity`, `models.checkpoint`; loads torch and timm when built.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.core.clothing import PersonPicture
from engine.core.errors import ModelError
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray
from models.checkpoint import CONFIG, OURS, compute_device, torch_threads
from models.identity import checkpoint
from models.identity.pictures import normalised, prepared, shows_enough

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

_BATCH = 32


class TimmEmbedder:
    """Vectors of people by the network of a checkpoint; its `config.json` says which, and how pictures are shown to it.

    Args:
        options: `weights` is the checkpoint's folder; threads.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read, or is of another family.

    Attributes:
        needs_body: body masks change its answers.
    """

    family: ClassVar[str] = ""
    """Registry name; also how the architectures it runs begin. "" runs all of them."""

    def __init__(self, options: BackendOptions) -> None:
        folder = checkpoint.existing_folder(options.weights, self.family)
        self.card = self.describe(options)
        with torch_threads(options.threads):
            self._network = checkpoint.read(folder).to(compute_device())
        self._recipe = self._network.recipe
        self._threads = options.threads
        self.size = self._network.size
        self.scale = CosineScale(*self._recipe.scale)
        self.needs_body = self._recipe.masked

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the checkpoint, without loading the network.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
            ModelError: it cannot be read, or is of another family.
        """
        folder = checkpoint.existing_folder(options.weights, cls.family or "reid")
        family = checkpoint.read_recipe(folder).family
        if cls.family and family != cls.family:
            raise ModelError(f"The checkpoint {folder.name} is a {family}, not a {cls.family}. Choose another one.")
        return checkpoint.describe(folder, family, REVISION)

    @staticmethod
    def find(root: Path) -> list[tuple[str, Path]]:
        """Checkpoints in a folder of models that one of these back ends reads.

        Args:
            root: such as `<home>/models/identity`; it may be absent.

        Returns:
            Registry name and folder, those trained with Sightline first, then by name; broken ones are left out.
        """
        found = []
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            if name := TimmEmbedder.reader_of(folder):
                found.append((name, folder))
        return sorted(found, key=lambda each: not (each[1] / OURS).is_file())

    @staticmethod
    def reader_of(folder: Path) -> str:
        """Registry name of the back end that reads a checkpoint folder, "" where none does."""
        if not (folder / CONFIG).is_file():
            return ""
        try:
            return checkpoint.read_recipe(folder).family
        except ModelError:
            return ""

    def encode(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        """Vectors of some views.

        Args:
            pictures: any number; they go through the network in batches, so memory does not grow with them.

        Returns:
            (N, size) float32, each of length 1, or all 0 where the view is too small.

        Raises:
            ModelError: the network fails, or answers no numbers.
        """
        vectors = np.zeros((len(pictures), self.size), np.float32)
        rows = [row for row, each in enumerate(pictures) if shows_enough(each, masked=self._recipe.masked)]
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            vectors[part] = self._answers([pictures[row] for row in part])
        return vectors

    def _answers(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        import torch

        shown = normalised(np.stack([prepared(each, self._recipe) for each in pictures]), self._recipe)
        try:
            with torch.inference_mode(), torch_threads(self._threads):
                answers = self._network(torch.from_numpy(shown).to(compute_device())).cpu().numpy()
        except RuntimeError as error:
            raise ModelError(
                "The identity model fails on these pictures. Choose another one.", detail=str(error)
            ) from error
        if not np.isfinite(answers).all():
            raise ModelError("The identity model answers no numbers: its weights are broken. Train or fetch it again.")
        return np.asarray(answers, np.float32)


class MobileNetV3Embedder(TimmEmbedder):
    """MobileNetV3 (Howard et al. 2019)."""

    family = "mobilenetv3"


class SqueezeNetEmbedder(TimmEmbedder):
    """SqueezeNet 1.1 (Iandola et al. 2016), with or without CBAM (Woo et al. 2018)."""

    family = "squeezenet"


class MobileViTv2Embedder(TimmEmbedder):
    """MobileViTv2 (Mehta and Rastegari 2022)."""

    family = "mobilevitv2"


class ConvNeXtV2Embedder(TimmEmbedder):
    """ConvNeXtV2 (Woo et al. 2023)."""

    family = "convnextv2"
