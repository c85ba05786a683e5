"""What all views of a person together say of each region, for pages and, packed, for ranking very many people.

Owns: pooling over views. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings, SlotVote
from engine.core.columns import checked
from engine.core.types import FloatArray

WORTH_NAMING = 0.2
"""Share from which a colour beside the largest one is named: a white stripe is, a white button is not."""

MOST_NAMED = 3
"""Most colours that are named of one region."""

SMALLEST_WEIGHT = 1e-6
"""Weight of a view that was seen but counts for nothing: alone it still says something."""

GLIMPSE = 0.15
"""Visible share at which a reading is about half as certain as one of a region that is always in view."""

TRUST = {"head": 0.75, "hair": 0.6, "upper": 0.85, "lower": 0.85, "shoes": 0.75, "bag": 0.7}
"""Share of readings of a region that have to do with it at all; the rest are wrong cut-outs, passing objects, light
through hair. No single region can say more for or against anybody than this allows, and small ones say less."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonTable:
    """Very many people in columns made for `engine.search.ranking.rank`; region by region, so that a query reads only
    what it asks for. Regions, colours and traits are in the order of `REGIONS`, `COLOURS` and `TRAITS`.

    Attributes:
        colours: (6, P, 15) float32 in [0, 1], shares of colours times how certain the region's reading is; all 0
            where it was never seen.
        traits: (6, 6, P) float32 in [0, 1], region, trait, person: probability drawn towards .5 by uncertainty;
            .5 where nothing is known.
        visible: (6, P) float32 in [0, 1], weighted share of the views in which the region was seen.
    """

    colours: FloatArray
    traits: FloatArray
    visible: FloatArray

    def __post_init__(self) -> None:
        count = self.visible.shape[-1]
        shapes = {
            "colours": (len(REGIONS), count, len(COLOURS)),
            "traits": (len(REGIONS), len(TRAITS), count),
            "visible": (len(REGIONS), count),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, checked(name, getattr(self, name), shape, np.float32))

    def __len__(self) -> int:
        return int(self.visible.shape[1])

    def __getitem__(self, rows: NDArray[np.generic]) -> PersonTable:
        """The people of an index or boolean array, in its order."""
        order = np.arange(len(self))[rows]
        return PersonTable(
            colours=np.take(self.colours, order, axis=1),
            traits=np.take(self.traits, order, axis=2),
            visible=np.take(self.visible, order, axis=1),
        )

    @classmethod
    def concatenate(cls, parts: Iterable[PersonTable]) -> PersonTable:
        """All people of all parts, in order; empty where there are none."""
        parts = list(parts)
        if not parts:
            return _table(_Pool.empty(0))
        return cls(
            colours=np.concatenate([part.colours for part in parts], axis=1),
            traits=np.concatenate([part.traits for part in parts], axis=2),
            visible=np.concatenate([part.visible for part in parts], axis=1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """Means over views.

    `colours` (6, P, 15) sum to 1 or 0, `traits` (6, 6, P) NaN where unknown, `visible` and `views` (6, P).
    """

    colours: NDArray[np.float64]
    traits: NDArray[np.float64]
    visible: NDArray[np.float64]
    views: NDArray[np.int64]

    @classmethod
    def empty(cls, people: int) -> _Pool:
        return cls(
            colours=np.zeros((len(REGIONS), people, len(COLOURS))),
            traits=np.full((len(REGIONS), len(TRAITS), people), np.nan),
            visible=np.zeros((len(REGIONS), people)),
            views=np.zeros((len(REGIONS), people), np.int64),
        )


def vote(readings: ClothingReadings, numbers: Collection[int]) -> tuple[SlotVote, ...]:
    """What all views of one person say together.

    Views count by their weights. Colours are the weighted mean of the shares, so cloth of two colours keeps both;
    the largest is named, and every other from `WORTH_NAMING` on, at most `MOST_NAMED`.

    Args:
        readings: of any number of tracklets.
        numbers: of the person's tracklets; others are left out.

    Returns:
        One vote for each of `REGIONS`, in their order; a region that was never seen has `visible` 0 and nothing else.
    """
    owners = np.where(np.isin(readings.tracklets, np.fromiter(numbers, np.int64)), 0, -1).astype(np.int64)
    pool = _pool(readings, owners, 1)
    votes = []
    for index, region in enumerate(REGIONS):
        shares, known = pool.colours[index, 0], pool.traits[index, :, 0]
        order = [int(place) for place in np.argsort(-shares, kind="stable")[:MOST_NAMED]]
        named = [place for rank, place in enumerate(order) if shares[place] >= (WORTH_NAMING if rank else 1e-9)]
        votes.append(
            SlotVote(
                region=region,
                visible=float(pool.visible[index, 0]),
                colours=tuple((COLOURS[place], float(shares[place])) for place in named),
                traits=tuple(
                    (trait, float(value)) for trait, value in zip(TRAITS, known, strict=True) if not np.isnan(value)
                ),
                views=int(pool.views[index, 0]),
            )
        )
    return tuple(votes)


def pack(readings: ClothingReadings, owners: NDArray[np.int64], people: int) -> PersonTable:
    """Readings of very many people, pooled and in columns.

    Args:
        readings: N rows.
        owners: (N,) int64, the person of each row as a place from 0, -1 for nobody's.
        people: how many there are; those without a row are known in nothing.

    Raises:
        ValueError: `owners` has another shape or names a person from `people` on.
    """
    if owners.shape != (len(readings),) or (owners.size and owners.max() >= people):
        raise ValueError(f"owners must be ({len(readings)},) below {people}, got {owners.shape}")
    return _table(_pool(readings, owners, people))


def pack_votes(people: Sequence[Sequence[SlotVote]]) -> PersonTable:
    """Votes that were kept, in columns; what was not worth naming counts as unknown.

    Args:
        people: for each person the votes of `vote`, in any order; a region without a vote was never seen.
    """
    pool = _Pool.empty(len(people))
    for person, votes in enumerate(people):
        for entry in votes:
            region = REGIONS.index(entry.region)
            pool.visible[region, person] = entry.visible
            for name, share in entry.colours:
                pool.colours[region, person, COLOURS.index(name)] = share
            for name, value in entry.traits:
                pool.traits[region, TRAITS.index(name), person] = value
    return _table(pool)


def _pool(readings: ClothingReadings, owners: NDArray[np.int64], people: int) -> _Pool:
    rows = np.flatnonzero(owners >= 0)
    pool = _Pool.empty(people)
    if not len(rows):
        return pool
    places = {region: index for index, region in enumerate(REGIONS)}
    every = np.fromiter((places[region] for region in readings.regions), np.int64, len(readings))
    region, owner = every[rows], owners[rows]
    slot, slots = region * people + owner, len(REGIONS) * people
    visible = readings.visible[rows].astype(np.float64)
    seen = visible > 0
    weight = np.where(seen, np.maximum(readings.weights[rows], SMALLEST_WEIGHT), 0.0)
    total = np.bincount(slot, weight, slots)
    for colour in range(len(COLOURS)):
        summed = np.bincount(slot, weight * readings.colours[rows, colour], slots)
        pool.colours[:, :, colour] = (summed / np.maximum(total, 1e-12)).reshape(len(REGIONS), people)
    for trait in range(len(TRAITS)):
        value = readings.traits[rows, trait].astype(np.float64)
        counted = np.where(np.isnan(value), 0.0, weight)
        known = np.bincount(slot, counted, slots)
        summed = np.bincount(slot, counted * np.nan_to_num(value), slots)
        mean = np.where(known > 0, summed / np.maximum(known, 1e-12), np.nan)
        pool.traits[:, trait] = mean.reshape(len(REGIONS), people)
    shared = _view_weights(readings, rows)
    there = np.bincount(slot, shared, slots)
    pool.visible[:] = (np.bincount(slot, shared * visible, slots) / np.maximum(there, 1e-12)).reshape(-1, people)
    pool.views[:] = np.bincount(slot, seen, slots).astype(np.int64).reshape(-1, people)
    return pool


def _view_weights(readings: ClothingReadings, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(len(rows),) weight of the whole view each row belongs to: that of its best region.

    A row that was not seen has no weight of its own, and yet says how often the region is out of sight.
    """
    keys = np.stack([readings.tracklets[rows], readings.ranks[rows]], axis=1)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    changes = np.any(np.diff(keys[order], axis=0) != 0, axis=1)
    view = np.empty(len(rows), np.int64)
    view[order] = np.concatenate([[0], np.cumsum(changes)])
    best = np.full(int(view.max()) + 1, SMALLEST_WEIGHT)
    np.maximum.at(best, view, readings.weights[rows].astype(np.float64))
    return best[view]


def _table(pool: _Pool) -> PersonTable:
    trust = np.array([TRUST[region] for region in REGIONS])[:, None]
    certain = trust * pool.visible * (1.0 + GLIMPSE) / (pool.visible + GLIMPSE)
    told = np.where(np.isnan(pool.traits), 0.5, pool.traits)
    upper, lower = REGIONS.index("upper"), REGIONS.index("lower")
    drawn = 0.5 + (told - 0.5) * certain[:, None, :]
    for name in ("dress", "skirt"):
        # Both regions show a dress or a skirt; which of them tells is up to the back end. The surer one counts.
        trait = TRAITS.index(name)
        one, other = drawn[upper, trait], drawn[lower, trait]
        drawn[upper, trait] = drawn[lower, trait] = np.where(abs(one - 0.5) > abs(other - 0.5), one, other)
    return PersonTable(
        colours=np.ascontiguousarray(pool.colours * certain[:, :, None], np.float32),
        traits=np.ascontiguousarray(drawn, np.float32),
        visible=np.ascontiguousarray(pool.visible, np.float32),
    )
