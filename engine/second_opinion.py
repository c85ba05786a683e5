"""What a pretrained network says of the same people: likeness of pictures and words, then a closer look at the best.

Only where its checkpoint is on this machine and the kept views were embedded by it.
May import: `engine.core`, `engine.search`, `engine.tiers`, and the joiners beside it; Pillow for kept pictures.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image as Pillow

from engine.core.config import Settings
from engine.core.errors import SearchError
from engine.core.image_text import ImageTextModel
from engine.core.types import FloatArray, Image
from engine.lookalikes import BLIP, Asked, Lookalikes
from engine.search.fusion import rerank, shortlist
from engine.tiers import Backend, choose_clothing_text
from engine.wardrobe import Found, Wardrobe

MATCHED = 8
"""People whose best view is held against the words by the matching head, which is slow."""

View = tuple[int, int]
"""Tracklet and rank."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the network says of N people.

    Attributes:
        scores: (N,) float32 in [0, 1], NaN of those whose views were never embedded.
        likeness: (N,) float32 in [0, 1], of the best view, NaN likewise.
        matching: probability that the best view shows what the words say, by row of those who were matched.
        views: the best view, by row.
    """

    scores: FloatArray
    likeness: FloatArray
    matching: dict[int, float]
    views: dict[int, View]


class SecondOpinion:
    """Asks the pretrained network. Thread-safe; it is loaded when it is first asked, and kept.

    Args:
        settings: where checkpoints are, and how much they may use.
        wardrobe: whom there is.
        lookalikes: what compares embeddings.
    """

    def __init__(self, settings: Settings, wardrobe: Wardrobe, lookalikes: Lookalikes) -> None:
        self._settings = settings
        self._wardrobe = wardrobe
        self._lookalikes = lookalikes
        self._guard = threading.Lock()
        self._loaded: tuple[Backend, Any] | None = None

    def of_words(self, english: str, people: Found) -> Opinion | None:
        """What it says of people and a sentence; None where it cannot be asked.

        Args:
            english: the sentence; nothing is asked of an empty one.
            people: who may be found.

        Raises:
            ModelError: the network cannot be loaded, or fails.
        """
        backend = self._ready()
        if backend is None or not english or not len(people):
            return None
        network = self._network(backend)
        with self._guard:
            asked = Asked(network.encode_text(english), BLIP, backend.card.version)
        likeness, views = self._lookalikes.scores(asked, people)
        listed = shortlist(likeness, MATCHED)
        pictures = [self._picture(people, int(row), views[int(row)]) for row in listed]
        with self._guard:
            matching = network.match(pictures, english)
        told = dict(zip(listed.tolist(), matching.tolist(), strict=True))
        return Opinion(rerank(likeness, listed, matching), likeness, told, views)

    def of_pictures(self, asked: Asked | None, people: Found) -> Opinion | None:
        """What it says of people and a picture; None where it cannot be asked."""
        if asked is None or not len(people):
            return None
        likeness, views = self._lookalikes.scores(asked, people)
        return Opinion(likeness, likeness, {}, views)

    def asked_of_view(self, footage: str, view: View) -> Asked | None:
        """What a kept view looks like to the network; None where it was never embedded by it."""
        backend = self._ready()
        return None if backend is None else self._lookalikes.embedded(footage, view, backend.card.version)

    def asked_of_picture(self, image: Image) -> Asked | None:
        """What a picture looks like to the network; None where it cannot be asked."""
        backend = self._ready()
        if backend is None:
            return None
        network = self._network(backend)
        with self._guard:
            return Asked(network.encode_images([image])[0], BLIP, backend.card.version)

    def _ready(self) -> Backend | None:
        """The checkpoint, if there is one and something was embedded by it."""
        backend = choose_clothing_text(self._settings)
        if backend is None:
            return None
        version = backend.card.version
        embedded = any(each.version == version for each in self._wardrobe.clothing.sets("vectors"))
        return backend if embedded else None

    def _network(self, backend: Backend) -> ImageTextModel:
        with self._guard:
            if self._loaded is None or self._loaded[0] != backend:
                self._loaded = backend, backend.build()
            network: ImageTextModel = self._loaded[1]
        return network

    def _picture(self, people: Found, row: int, view: View) -> Image:
        shelf, label = people.whose(row)
        person = self._wardrobe.shown(shelf.source, label)
        crop = next(each for each in person.crops if (each.tracklet, each.rank) == view)
        path = self._settings.media / self._wardrobe.sha256(shelf.source.footage) / crop.file
        try:
            with Pillow.open(path) as picture:
                return np.asarray(picture.convert("RGB"), np.uint8)
        except OSError as error:
            raise SearchError(
                "A kept picture of this footage is missing or damaged. Analyse the footage again.", detail=path.name
            ) from error
