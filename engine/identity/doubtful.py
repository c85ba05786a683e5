"""Two of one footage who may be the same person: not linked, but worth a look.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.config import LinkConfig
from engine.core.identity import CosineScale, IdentityVectors
from engine.identity.looks import cosines, looks_of, raised

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DoubtfulLink:
    """Two persons of one footage, as numbers of their tracklets.

    Attributes:
        first: the one first in view.
        second: the other.
        similarity: cosine of their mean vectors, in [-1, 1].
        score: how likely they are the same, in [0, 1].
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    similarity: float
    score: float


def doubtful_links(
    persons: Sequence[Sequence[int]],
    spans: Mapping[int, Span],
    vectors: IdentityVectors,
    config: LinkConfig,
    scale: CosineScale,
) -> list[DoubtfulLink]:
    """Pairs of persons who were never in view together and look alike enough to be asked about.

    Args:
        persons: numbers of the appearances of each, as they stand now: after every edit. Pieces of tracklets that were
            cut have numbers of their own here, in `spans` and in `vectors`.
        spans: when each of those numbers was in view, seconds.
        vectors: of their kept views.
        config: `doubtful_score`, `min_quality`; a person with one good view may be asked about.
        scale: what the vectors' cosines mean.

    Returns:
        Pairs at or above `config.doubtful_score`, the likeliest first; those without any good view are never among
        them.
    """
    order = sorted(persons, key=lambda numbers: min(spans[number][0] for number in numbers))
    looks = looks_of(order, vectors, config.min_quality)
    table = cosines(looks)
    apart = np.array(
        [[one is not other and _overlap(one, other, spans) for other in order] for one in order], np.bool_
    ).reshape(table.shape)
    here = raised(scale, table[apart])
    found = []
    for first, second in zip(*np.nonzero(np.isfinite(table) & ~apart), strict=True):
        score = here.score(float(table[first, second]))
        if first < second and score >= config.doubtful_score:
            found.append(DoubtfulLink(tuple(order[first]), tuple(order[second]), float(table[first, second]), score))
    return sorted(found, key=lambda link: (-link.score, -link.similarity, link.first, link.second))


def _overlap(one: Sequence[int], other: Sequence[int], spans: Mapping[int, Span]) -> bool:
    return any(spans[a][0] <= spans[b][1] and spans[b][0] <= spans[a][1] for a in one for b in other)
