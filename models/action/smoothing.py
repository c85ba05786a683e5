"""From evidence at instants to stretches of time: no flicker, nothing too short, nothing held for ever.

Owns the rule of who speaks for which time: an instant stands for the time until halfway to its neighbours. May
import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SETTLE_S = 0.25
"""Seconds of full evidence that weigh as much as one unit of log-evidence: evidence counts by time, not by frames."""

SWITCH = 0.8
"""Log-evidence that a change of label must earn: half as likely evidence must last some 0.3 s to be believed."""

INSTANT_S = 0.1
"""Seconds that a tracklet of a single instant stands for: half the usual distance of two analysed frames."""

_FLOOR = 0.03


@dataclass(frozen=True, slots=True)
class Stretch:
    """One label over consecutive instants.

    Attributes:
        label: column of the evidence.
        first: first instant.
        last: last instant, inclusive.
    """

    label: int
    first: int
    last: int


def edges(t: Array) -> Array:
    """Borders between what the instants stand for.

    Args:
        t: (M,) seconds, strictly increasing, M >= 1.

    Returns:
        (M + 1,) seconds: the first instant, the middles between neighbours, the last instant. A single instant stands
        for `INSTANT_S` from its time on, so that it has a length at all.
    """
    if len(t) == 1:
        return np.array([t[0], t[0] + INSTANT_S])
    return np.concatenate([t[:1], (t[1:] + t[:-1]) / 2, t[-1:]])


def best_path(scores: Array, weights: Array) -> NDArray[np.int64]:
    """The sequence of labels that agrees best with the evidence while changing seldom.

    Args:
        scores: (M, L) evidence in [0, 1].
        weights: (M,) seconds that each instant stands for, >= 0.

    Returns:
        (M,) columns.

    Source: Viterbi 1967. Differs: the cost of evidence is weighed by time, so the answer hardly depends on how often
        one looks.
    """
    # Plain numbers: with a handful of labels, arrays cost ten times what they compute.
    costs = (-np.log(np.maximum(scores, _FLOOR)) * (weights / SETTLE_S)[:, None]).tolist()
    total: list[float] = costs[0]
    came: list[list[int]] = []
    for cost in costs[1:]:
        least = min(total)
        cheapest, changed = total.index(least), least + SWITCH
        came.append([cheapest if changed < own else label for label, own in enumerate(total)])
        total = [min(own, changed) + more for own, more in zip(total, cost, strict=True)]
    path = [total.index(min(total))]
    for step in reversed(came):
        path.append(step[path[-1]])
    return np.array(path[::-1], np.int64)


def stretches(path: NDArray[np.int64]) -> list[Stretch]:
    """Runs of equal labels, in order; none of an empty path."""
    if not len(path):
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1])
    ends = np.concatenate([starts[1:], [len(path)]]) - 1
    return [Stretch(int(path[a]), int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def drop_short(path: NDArray[np.int64], borders: Array, least_s: float) -> NDArray[np.int64]:
    """Give stretches shorter than a duration to their longer neighbour, shortest first.

    Args:
        path: (M,) labels.
        borders: (M + 1,) seconds, see `edges`.
        least_s: shortest stretch that may stay; a lone stretch always stays.

    Returns:
        (M,) labels.
    """
    path = path.copy()
    while True:
        found = stretches(path)
        lengths = [borders[one.last + 1] - borders[one.first] for one in found]
        if len(found) < 2 or min(lengths) >= least_s - 1e-9:
            return path
        at = int(np.argmin(lengths))
        sides = [side for side in (at - 1, at + 1) if 0 <= side < len(found)]
        into = max(sides, key=lambda side: lengths[side])
        path[found[at].first : found[at].last + 1] = found[into].label


def since_seen(t: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Seconds since the last, and until the next, instant with a sighting; infinite where there is none."""
    before, after = np.full(len(t), np.inf), np.full(len(t), np.inf)
    at = np.flatnonzero(seen)
    if len(at):
        earlier = np.searchsorted(at, np.arange(len(t)), side="right") - 1
        later = np.searchsorted(at, np.arange(len(t)), side="left")
        some, more = earlier >= 0, later < len(at)
        before[some] = t[some] - t[at[earlier[some]]]
        after[more] = t[at[later[more]]] - t[more]
    return before, after


def masked_runs(mask: NDArray[np.bool_]) -> Iterator[Stretch]:
    """Stretches in which a mask holds."""
    return (one for one in stretches(mask.astype(np.int64)) if one.label)
