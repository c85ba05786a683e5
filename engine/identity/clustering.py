"""Agglomerative clustering in which some may never come together.

`scipy.cluster.hierarchy` knows no such constraint; without one, groups here are those of its `fcluster` at the same
distance. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def constrained_groups(distances: Array, apart: NDArray[np.bool_], *, linkage: str, at_most: float) -> list[list[int]]:
    """Groups of N things, joined nearest first.

    Args:
        distances: (N, N) symmetric, >= 0; NaN where nothing is known, which no two groups are joined by.
        apart: (N, N) symmetric, pairs that are never in one group.
        linkage: what the distance of two groups is: "single", "average" or "complete". Unknown distances count for
            nothing: the mean is over the known ones.
        at_most: groups farther apart are not joined.

    Returns:
        Rows of each group, ascending, groups in order of their first row.

    Raises:
        ValueError: the linkage is unknown or a matrix is not (N, N).

    Source: Lance and Williams 1967 (agglomeration), Wagstaff et al. 2001 (cannot-link).
    """
    n = len(distances)
    if distances.shape != (n, n) or apart.shape != (n, n):
        raise ValueError(f"distances and apart must be (N, N), got {distances.shape} and {apart.shape}")
    if linkage not in _JOINED:
        raise ValueError(f"unknown linkage {linkage!r}")
    from scipy.sparse.csgraph import connected_components

    # Whoever is near nobody of a part is joined with nobody of it, whatever the linkage: parts are small.
    near = np.nan_to_num(distances, nan=np.inf) <= at_most
    parts, part = connected_components(near, directed=False) if n else (0, np.zeros(0, np.int64))
    groups = []
    for number in range(parts):
        rows = np.flatnonzero(part == number)
        within = np.ix_(rows, rows)
        for group in _agglomerated(distances[within], apart[within], linkage, at_most):
            groups.append([int(rows[row]) for row in group])
    return sorted(groups)


def _agglomerated(distances: Array, apart: NDArray[np.bool_], linkage: str, at_most: float) -> list[list[int]]:
    n = len(distances)
    known = np.isfinite(distances)
    between = np.where(known, distances, 0.0 if linkage == "average" else np.nan)
    counts = known.astype(np.float64)
    never = apart | np.eye(n, dtype=np.bool_)
    groups: dict[int, list[int]] = {row: [row] for row in range(n)}
    while len(groups) > 1:
        table = _distance(between, counts, linkage)
        table[never] = np.inf
        first, second = divmod(int(np.argmin(table)), n)
        if not table[first, second] <= at_most:
            break
        first, second = min(first, second), max(first, second)
        _JOINED[linkage](between, counts, first, second)
        never[first] |= never[second]
        never[:, first] = never[first]
        never[second], never[:, second] = True, True
        groups[first] = sorted(groups[first] + groups.pop(second))
    return list(groups.values())


def _distance(between: Array, counts: Array, linkage: str) -> Array:
    if linkage == "average":
        return np.where(counts > 0, between / np.maximum(counts, 1.0), np.inf)
    return np.where(np.isnan(between), np.inf, between)


def _sum_up(between: Array, counts: Array, first: int, second: int) -> None:
    for table in (between, counts):
        table[first] += table[second]
        table[:, first] = table[first]


def _take_nearest(between: Array, counts: Array, first: int, second: int) -> None:
    between[first] = np.fmin(between[first], between[second])
    between[:, first] = between[first]


def _take_farthest(between: Array, counts: Array, first: int, second: int) -> None:
    between[first] = np.fmax(between[first], between[second])
    between[:, first] = between[first]


_JOINED = {"average": _sum_up, "single": _take_nearest, "complete": _take_farthest}
