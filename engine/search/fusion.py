"""Joining what several tiers say of the same people into one order and one score.

Colours and traits read from the picture, and a network that compares pictures with sentences, give scores on scales
of their own: only their orders can be compared. So the order is fused by rank, and the score that is shown is no
surer than what was found: the mean of the tiers' scores, and never above that of somebody ranked before.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray

SMOOTH = 60.0
"""How slowly a rank loses worth; the paper's value."""


def shortlist(likeness: FloatArray, most: int) -> NDArray[np.int64]:
    """Whom it is worth looking at again.

    Args:
        likeness: (P,) float32, NaN for those of whom nothing is known.
        most: people at most.

    Returns:
        Rows, the likeliest first; those of whom nothing is known are left out.
    """
    known = np.flatnonzero(~np.isnan(likeness))
    order = np.argsort(-likeness[known], kind="stable")[:most]
    return np.asarray(known[order], np.int64)


def rerank(likeness: FloatArray, listed: NDArray[np.int64], matching: FloatArray) -> FloatArray:
    """Likeness and matching as one score: their sum, halved.

    Args:
        likeness: (P,) float32 in [0, 1], NaN for those of whom nothing is known.
        listed: (K,) int64 rows of those who were matched.
        matching: (K,) float32 in [0, 1], of those.

    Returns:
        (P,) float32 in [0, 1], NaN where the likeness is. Whoever was not matched comes after all who were, by
        likeness.

    Source: Li et al. 2022, arXiv 2201.12086: image-text matching added to the similarity of the shortlist. Differs:
    there the matching is a logit; here it is its probability, so that the sum has bounds.
    """
    scores = np.asarray(likeness / 2, np.float32)
    if not len(listed):
        return scores
    summed = ((likeness[listed] + matching) / 2).astype(np.float32)
    others = np.setdiff1d(np.flatnonzero(~np.isnan(likeness)), listed)
    # Not above the least of those who were matched; in the range left to them their own order stays.
    least = float(summed.min())
    top = float(scores[others].max()) if len(others) else 0.0
    scores[others] *= np.float32(min(1.0, 0.999 * least / top) if top > 0 else 1.0)
    scores[listed] = summed
    return scores


def fuse(tiers: Sequence[FloatArray], weights: Sequence[float] = ()) -> FloatArray:
    """One score from several, by reciprocal rank.

    Args:
        tiers: scores (P,) float32 in [0, 1] each, NaN of somebody of whom a tier knows nothing.
        weights: what each tier counts for, > 0; all alike by default.

    Returns:
        (P,) float32 in [0, 1]. Sorted descending it is the fused order; NaN where no tier knows anything. Tiers that
        know nothing of somebody count neither for nor against them.

    Raises:
        ValueError: the tiers have different lengths, or weights do not fit.

    Source: Cormack, Clarke and Buettcher 2009 (reciprocal rank fusion). Differs: equal scores share the best of their
    ranks; worth is relative to the first rank of the tiers that know somebody; the score shown is not the fused worth
    but the mean of the tiers' scores, kept falling.
    """
    shares = np.asarray(weights or [1.0] * len(tiers), np.float64)
    if len(shares) != len(tiers) or not len(tiers) or (shares <= 0).any():
        raise ValueError(f"{len(tiers)} tiers need as many weights above 0, got {list(weights)}")
    if len({len(scores) for scores in tiers}) != 1:
        raise ValueError(f"tiers must be of one length, got {[len(scores) for scores in tiers]}")
    worth = np.zeros(len(tiers[0]))
    mean, best, total = np.zeros_like(worth), np.zeros_like(worth), np.zeros_like(worth)
    for scores, share in zip(tiers, shares, strict=True):
        known = ~np.isnan(scores)
        worth[known] += share / (SMOOTH + _ranks(scores[known]))
        best[known] += share / (SMOOTH + 1.0)
        mean[known] += share * scores[known]
        total[known] += share
    fused = np.full(len(worth), np.nan, np.float32)
    rows = np.flatnonzero(total > 0)
    mean[rows] /= total[rows]
    # Equal ranks are told apart by the scores themselves.
    order = rows[np.lexsort((-mean[rows], -worth[rows] / best[rows]))]
    fused[order] = _falling(mean[order].astype(np.float32))
    return fused


def _ranks(scores: FloatArray) -> NDArray[np.float64]:
    """Ranks from 1, the highest score first; equal scores share the best of their ranks."""
    ascending = np.sort(-scores)
    ranks: NDArray[np.float64] = np.searchsorted(ascending, -scores, side="left").astype(np.float64) + 1.0
    return ranks


def _falling(values: FloatArray) -> FloatArray:
    """The values, each below the one before it: by nothing but the smallest step where it would not be."""
    # Positive floats are ordered as the whole numbers that their bits spell, one step apart.
    places = np.arange(len(values), dtype=np.int64)
    steps = np.maximum(values, np.float32(0.0)).view(np.int32).astype(np.int64)
    kept = np.minimum.accumulate(steps + places) - places
    falling: FloatArray = np.maximum(kept, 0).astype(np.int32).view(np.float32)
    return falling
