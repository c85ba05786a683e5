"""Which tracklets are the same person: bridges of place and time first, then looks.

A wrong merge is worse than a split, which an analyst can repair: nobody is linked who was in view together, nobody of
whom only a view or two are good, and nobody who could as well be somebody else.

Owns: the links and the labels P1, P2, …. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import ClothingReadings
from engine.core.config import LinkConfig
from engine.core.identity import CosineScale, IdentityVectors
from engine.core.types import PersonLink, Tracklet
from engine.identity.bridges import Bridge, sure_bridges
from engine.identity.clustering import constrained_groups
from engine.identity.looks import Array, clothes_differ, cosines, looks_of, raised

MINUTE_S = 60.0

EVEN = 0.5
"""Score from which a pair could be linked at all."""

STRANGERS = 10.0
"""Log odds against two by looks alone from which place and time are not believed either."""

MOST_ODDS = 30.0
"""Logarithm of the odds beyond which nothing gets surer."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of a footage's tracklets beside their boxes.

    Attributes:
        vectors: of their kept views.
        scale: what the vectors' cosines mean.
        clothing: what was read of clothes in the same views, None where nobody read any.
        shot_starts: seconds at which the footage cuts to another shot; place says nothing across a cut.
    """

    vectors: IdentityVectors
    scale: CosineScale
    clothing: ClothingReadings | None = None
    shot_starts: tuple[float, ...] = ()

    @classmethod
    def none(cls, shot_starts: Sequence[float] = ()) -> Evidence:
        """Nobody looked: place and time alone link."""
        return cls(IdentityVectors.empty(0), CosineScale(), None, tuple(shot_starts))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Tracklets joined by bridges: rows in order of time, and how sure the weakest bridge is."""

    rows: tuple[int, ...]
    score: float


def link_tracklets(
    tracklets: Sequence[Tracklet], config: LinkConfig, size: tuple[int, int], evidence: Evidence
) -> list[PersonLink]:
    """Persons of the tracklets.

    Args:
        tracklets: of one footage, numbered in order of first appearance.
        config: when two are linked.
        size: width and height of the picture, pixels.
        evidence: how they look.

    Returns:
        Persons in order of first appearance; every tracklet belongs to exactly one, and no two tracklets of one
        person overlap in time. The score is the weakest link's; 1 where nothing had to be linked.

    Raises:
        ValueError: size is not positive, or two tracklets have one number.
    """
    if size[0] <= 0 or size[1] <= 0:
        raise ValueError(f"size must be positive, got {size}")
    if len({tracklet.number for tracklet in tracklets}) != len(tracklets):
        raise ValueError("tracklets must have different numbers")
    bridges = sure_bridges(tracklets, config, size, evidence.shot_starts)
    chains = _chains(tracklets, _believed(tracklets, bridges, config, evidence), config)
    members_of = [[tracklets[row] for row in chain.rows] for chain in chains]
    scores, together = link_scores(members_of, config, evidence), overlaps(members_of)
    _leave_ambiguous(scores, together, config.margin)
    groups = constrained_groups(1.0 - scores, together, linkage=config.linkage, at_most=1.0 - config.min_score)
    found = []
    for group in groups:
        members = sorted(
            (tracklets[row] for place in group for row in chains[place].rows),
            key=lambda tracklet: (tracklet.first_s, tracklet.number),
        )
        score = min([_weakest(scores, group), *(chains[place].score for place in group)])
        found.append((members, score))
    found.sort(key=lambda entry: (entry[0][0].first_s, entry[0][0].number))
    return [
        PersonLink(f"P{place}", tuple(tracklet.number for tracklet in members), score)
        for place, (members, score) in enumerate(found, 1)
    ]


def link_scores(chains: Sequence[Sequence[Tracklet]], config: LinkConfig, evidence: Evidence) -> Array:
    """How likely each two are the same person by looks, clothes, time and place together.

    Args:
        chains: tracklets of each, in order of time.
        config: what the evidence weighs.
        evidence: how they look.

    Returns:
        (N, N) float64 in [0, 1], symmetric; NaN where one of two has too few good views to say anything, and for two
        in view together. Where looks alone speak against two, nothing else is asked.
    """
    groups = [[tracklet.number for tracklet in chain] for chain in chains]
    looks = looks_of(groups, evidence.vectors, config.min_quality, evidence.clothing)
    cosine = cosines(looks)
    few = np.array([look.views < config.min_views for look in looks], np.bool_)
    cosine[few], cosine[:, few] = np.nan, np.nan
    together = overlaps(chains)
    scale = raised(evidence.scale, cosine[together])
    cosine[together | np.eye(len(chains), dtype=np.bool_)] = np.nan
    odds = scale.odds(cosine)
    for first, second in zip(*np.nonzero(np.triu(odds + config.place_weight > 0.0)), strict=True):
        odds[first, second] += _circumstances(chains[first], chains[second], config, evidence.shot_starts)
        odds[first, second] -= config.clothing_weight * clothes_differ(looks[first], looks[second])
        odds[second, first] = odds[first, second]
    scores: Array = 1.0 / (1.0 + np.exp(-np.clip(odds, -MOST_ODDS, MOST_ODDS)))
    return scores


def _believed(
    tracklets: Sequence[Tracklet], bridges: Sequence[Bridge], config: LinkConfig, evidence: Evidence
) -> list[Bridge]:
    """Bridges but those whose two ends look like strangers for sure: one took the other's place."""
    looks = looks_of([[tracklet.number] for tracklet in tracklets], evidence.vectors, config.min_quality)
    believed = []
    for bridge in bridges:
        ends = looks[bridge.earlier], looks[bridge.later]
        odds = evidence.scale.odds(ends[0].vector @ ends[1].vector)
        if min(end.views for end in ends) < config.min_views or odds > -STRANGERS:
            believed.append(bridge)
    return believed


def _chains(tracklets: Sequence[Tracklet], bridges: Sequence[Bridge], config: LinkConfig) -> list[_Chain]:
    following = {bridge.earlier: bridge for bridge in bridges}
    linked = {bridge.later for bridge in bridges}
    order = sorted(range(len(tracklets)), key=lambda row: (tracklets[row].first_s, tracklets[row].number))
    chains = []
    for row in order:
        if row in linked:
            continue
        rows, score = [row], 1.0
        while rows[-1] in following:
            bridge = following[rows[-1]]
            rows.append(bridge.later)
            score = min(score, bridge.confidence(config))
        chains.append(_Chain(tuple(rows), score))
    return chains


def overlaps(chains: Sequence[Sequence[Tracklet]]) -> NDArray[np.bool_]:
    """(C, C) which chains, of at least one tracklet each, were in view at the same time; nobody with themselves."""
    table = np.zeros((len(chains), len(chains)), np.bool_)
    if not len(table):
        return table
    first = np.array([tracklet.first_s for chain in chains for tracklet in chain])
    last = np.array([tracklet.last_s for chain in chains for tracklet in chain])
    starts = np.cumsum([0, *(len(chain) for chain in chains[:-1])])
    for row, chain in enumerate(chains):
        met = np.zeros(len(first), np.bool_)
        for tracklet in chain:
            met |= (first <= tracklet.last_s) & (last >= tracklet.first_s)
        table[row] = np.logical_or.reduceat(met, starts)
    np.fill_diagonal(table, False)
    return table


def _leave_ambiguous(scores: Array, together: NDArray[np.bool_], margin: float) -> None:
    """Forget pairs of which one might as well be somebody who cannot be the other."""
    sure = np.clip(scores, 1e-9, 1.0 - 1e-9)
    odds = np.log(sure / (1.0 - sure))
    doubtful = []
    for first, second in zip(*np.nonzero(scores >= EVEN), strict=True):
        # A rival of `second`: was in view with it, and is nearly as like `first`, or more.
        rivals = odds[first, together[second]]
        if (rivals[np.isfinite(rivals)] > odds[first, second] - margin).any():
            doubtful.append((first, second))
    for first, second in doubtful:
        scores[first, second] = scores[second, first] = np.nan


def _circumstances(
    one: Sequence[Tracklet], other: Sequence[Tracklet], config: LinkConfig, shot_starts: Sequence[float]
) -> float:
    """Log odds by time and place, of the absence between two whose tracklets may lie between each other's."""
    ordered = sorted([(tracklet, 0) for tracklet in one] + [(tracklet, 1) for tracklet in other], key=_by_time)
    odds = []
    for (before, first), (after, second) in pairwise(ordered):
        if first != second:
            gap = max(after.first_s - before.last_s, 0.0)
            far = -config.time_weight * float(np.log1p(gap / MINUTE_S))
            cut = any(before.last_s < start <= after.first_s for start in shot_starts)
            odds.append(far if cut else far + config.place_weight * _nearness(before, after))
    return min(odds)


def _by_time(entry: tuple[Tracklet, int]) -> float:
    return entry[0].first_s


def _nearness(before: Tracklet, after: Tracklet) -> float:
    """In [0, 1], how near one appeared to where the other vanished: 1 at the same place, by body heights."""
    last, first = before.boxes[-1].astype(np.float64), after.boxes[0].astype(np.float64)
    height = max((last[3] - last[1] + first[3] - first[1]) / 2.0, 1.0)
    middle = (first[:2] + first[2:] - last[:2] - last[2:]) / 2.0
    return float(np.exp(-np.hypot(*middle) / height))


def _weakest(scores: Array, group: Sequence[int]) -> float:
    """Of the links that hold a group together, each member by its likeliest, the least sure."""
    if len(group) < 2:
        return 1.0
    table = scores[np.ix_(group, group)]
    return float(np.min([np.nanmax(row) if np.isfinite(row).any() else 0.0 for row in table]))
