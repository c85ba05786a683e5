"""The role of networks that compare pictures with sentences; beside the other roles, which fill a file of their own.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image


@runtime_checkable
class ImageTextModel(Protocol):
    """Compares pictures of people with a sentence of English, and says in a sentence what it sees."""

    card: ModelCard
    """Of what makes embeddings and matches."""
    caption_card: ModelCard | None
    """Of what writes captions; None where there is nothing that does."""

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the network.

        Raises:
            ModelMissing: the weights are not there.
        """
        ...

    def encode_images(self, crops: Sequence[Image]) -> FloatArray:
        """Embeddings of pictures.

        Args:
            crops: N times (H, W, 3) uint8 RGB, of any sizes.

        Returns:
            (N, D) float32, rows of length 1; likeness to a sentence is the dot product with its embedding.
        """
        ...

    def encode_text(self, text: str) -> FloatArray:
        """Embedding (D,) float32, of length 1, of a sentence of English."""
        ...

    def match(self, crops: Sequence[Image], text: str) -> FloatArray:
        """Probability (N,) float32 in [0, 1] that each picture shows what the sentence says; slower and surer."""
        ...

    def caption(self, crops: Sequence[Image]) -> list[str]:
        """A sentence for each picture.

        Raises:
            ModelMissing: there is nothing that writes captions.
        """
        ...
