"""Maps of what people look like, made once for everybody there is.

May import: `engine.core`, `engine.everybody`, `engine.gallery`, `engine.reduction`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import SearchError
from engine.core.projection import Projection, ProjectionConfig
from engine.core.types import FloatArray
from engine.everybody import Everybody, Views
from engine.gallery import Gallery
from engine.reduction import LEAST, SEED, neighbourly, principal

MOST_KEPT = 24
"""Maps that are kept in memory."""

Columns = tuple[NDArray[np.int64], NDArray[np.int64], FloatArray, FloatArray]
"""Owners, places of crops, vectors, qualities."""


class Projections:
    """Makes maps, and keeps them. Thread-safe.

    Args:
        gallery: who there is.
        neighbours: makes UMAP and t-SNE of vectors, dimensions and a method.
    """

    def __init__(
        self, gallery: Gallery, neighbours: Callable[[FloatArray, int, str], FloatArray] = neighbourly
    ) -> None:
        self._gallery = gallery
        self._neighbours = neighbours
        self._guard = threading.Lock()
        self._made: OrderedDict[tuple[str, ProjectionConfig], Projection] = OrderedDict()
        self._at_work: dict[tuple[str, ProjectionConfig], threading.Lock] = {}

    def embedders(self) -> tuple[str, ...]:
        """Back end and version, in one word, of all vectors there are; those of most people first."""
        return tuple(views.name for views in self._gallery.now().everybody.views)

    def project(self, config: ProjectionConfig) -> Projection:
        """A map of everybody in the newest analysis of all footage.

        Args:
            config: what is asked; an embedder that is not there is passed over.

        Returns:
            The map; without a point where nothing is known of anybody.

        Raises:
            SearchError: UMAP or t-SNE was asked of too few points, or failed.
            StoreError: the store cannot be read.
        """
        everybody = self._gallery.now().everybody
        key = (everybody.stamp, config)
        with self._guard:
            at_work = self._at_work.setdefault(key, threading.Lock())
        # Two who ask for the same map wait for one; others need not wait.
        with at_work:
            known = self._made.get(key)
            found = known or self._project(everybody, config)
        with self._guard:
            self._at_work.pop(key, None)
            self._made[key] = found
            self._made.move_to_end(key)
            while len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        return found

    def _project(self, everybody: Everybody, config: ProjectionConfig) -> Projection:
        names = tuple(views.name for views in everybody.views)
        views = next((each for each in everybody.views if each.name == config.embedder), None)
        views = views or next(iter(everybody.views), None)
        owner, places, vectors, quality = _columns(everybody, views, config)
        total = len(owner)
        if total > config.most:
            kept = np.sort(np.random.default_rng(SEED).permutation(total)[: config.most])
            owner, places, vectors, quality = owner[kept], places[kept], vectors[kept], quality[kept]
        explained: tuple[float, ...] = ()
        if config.method == "pca" or not total:
            laid, explained = principal(vectors, config.dimensions)
        elif len(owner) < LEAST:
            raise SearchError(f"This map needs at least {LEAST} points. Choose PCA, or a point for each picture.")
        else:
            laid = self._neighbours(vectors, config.dimensions, config.method)
        rows, owners = np.unique(owner, return_inverse=True)
        crops = [everybody.people[row].crops[at] for row, at in zip(owner.tolist(), places.tolist(), strict=True)]
        return Projection(
            places=laid,
            people=tuple(everybody.refs[row] for row in rows.tolist()),
            owner=owners.astype(np.int64).reshape(-1),
            crops=tuple(crops),
            quality=quality,
            total=total,
            model=views.model if views else "",
            version=views.version if views else "",
            embedders=names,
            explained=explained if total else (),
        )


def _columns(everybody: Everybody, views: Views | None, config: ProjectionConfig) -> Columns:
    """What becomes points: views, or the mean of everybody's with their best view."""
    if views is None:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros((0, 1), np.float32), np.zeros(0, np.float32)
    allowed = np.array([not config.footage or ref.footage in config.footage for ref in everybody.refs], np.bool_)
    kept = np.flatnonzero(allowed[views.owner])
    owner, places = views.owner[kept], views.places[kept]
    vectors, quality = views.vectors[kept], views.quality[kept]
    if config.unit == "view":
        return owner, places, vectors, quality
    # Crops of a person lie in order of quality: the first of each is the best.
    order = np.lexsort((places, owner))
    owner, places, vectors, quality = owner[order], places[order], vectors[order], quality[order]
    people, first = np.unique(owner, return_index=True)
    if not len(people):
        return owner, places, vectors, quality
    sums = np.add.reduceat(vectors * quality[:, None], first, axis=0, dtype=np.float64)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return people, places[first], (sums / lengths).astype(np.float32), quality[first]
