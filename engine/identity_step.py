"""The stage that turns kept views into vectors of who they show.

May import: `engine.clothing_step`, `engine.core`, `engine.kept_views`, `engine.steps`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.clothing_step import KeptViews
from engine.core.clothing import PersonPicture
from engine.core.identity import CosineScale, IdentityVectors
from engine.core.protocols import IdentityEmbedder, Observer
from engine.core.types import FloatArray
from engine.kept_views import all_pictures
from engine.steps import Save
from engine.store.identity import IdentityTable
from engine.store.results import ResultTable

BATCH = 32
"""Views that are embedded together."""


def embed_people(
    results: ResultTable, identity: IdentityTable, kept: KeptViews, build: Callable[[], Any], observer: Observer
) -> Save:
    """Turn all kept views of a footage into vectors of who they show.

    Args:
        results: tracklets and views.
        identity: where vectors go.
        kept: which views.
        build: makes the `IdentityEmbedder`.
        observer: hears the progress in tracklets, stage "identity".

    Returns:
        What saves the vectors.

    Raises:
        FootageError: a picture is missing or damaged.
        ModelError: the embedder cannot be made, or fails.
        JobCancelled: the observer said so.
    """
    embedder: IdentityEmbedder = build()
    tracklets, crops = results.tracklets(kept.tracklets_key), results.crops(kept.crops_key)
    ranks = {
        tracklet.number: sorted(crop.rank for crop in crops if crop.tracklet == tracklet.number)
        for tracklet in tracklets
    }
    waiting: list[tuple[int, int, PersonPicture]] = []
    found: list[IdentityVectors] = []
    for done, (number, pictures) in enumerate(all_pictures(kept.folder, kept.size, tracklets, crops), 1):
        observer.checkpoint()
        waiting += [(number, rank, picture) for rank, picture in zip(ranks[number], pictures, strict=True)]
        while len(waiting) >= BATCH:
            found.append(embed(embedder, waiting[:BATCH]))
            del waiting[:BATCH]
        observer.progress("identity", done, len(tracklets))
    if waiting:
        found.append(embed(embedder, waiting))
    vectors = IdentityVectors.concatenate(found, embedder.size)
    scale = getattr(embedder, "scale", CosineScale())
    return lambda record: identity.save(record, vectors, scale, kept.tracklets_key)


def embed(embedder: IdentityEmbedder, views: Sequence[tuple[int, int, PersonPicture]]) -> IdentityVectors:
    """Vectors of some views, each with its tracklet's number and its rank.

    A view counts for the quality it was kept with; one of no quality, or of whom too little shows, for nothing.
    """
    pictures = [picture for _, _, picture in views]
    vectors: FloatArray = embedder.encode(pictures)
    usable = np.linalg.norm(vectors, axis=1) > 0
    quality = np.where(usable, [picture.quality for picture in pictures], 0.0).astype(np.float32)
    return IdentityVectors(
        tracklets=np.array([number for number, _, _ in views], np.int64),
        ranks=np.array([rank for _, rank, _ in views], np.int64),
        vectors=np.where(quality[:, None] > 0, vectors, 0.0).astype(np.float32),
        quality=quality,
    )
