"""Who is the same person in different footage: votes of views, and the word of analysts.

A wrong match is worse than none, so somebody is matched only where enough good views of both vote for it, looks are
sure enough, nobody else comes near, and each is the other's best. What falls short of that is offered instead.
The answer depends on who there is, never on the order in which footage was analysed.
Owns: the matching. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.core.dossier import GalleryConfig
from engine.core.types import FloatArray
from engine.identity.voting import Rows, VectorSpace, nearest_elsewhere

Pair = tuple[int, int]

_USUAL = GalleryConfig()


@dataclass(frozen=True, slots=True)
class GalleryPerson:
    """A person of one footage.

    Attributes:
        key: unique; ties are broken by it.
        footage: which.
        name: what an analyst calls them, "" where nobody has said.
        seconds: time in view.
    """

    key: str
    footage: str
    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class OfferedPair:
    """Two of different footage that may be the same person.

    Attributes:
        first: row of one.
        second: row of the other, > first by key.
        similarity: cosine of their mean vectors.
        score: how likely they are the same by looks, in [0, 1].
        seconds: time in view that would change its owner.
        worth: what the answer is worth: seconds times how uncertain it is.
    """

    first: int
    second: int
    similarity: float
    score: float
    seconds: float
    worth: float


@dataclass(frozen=True, slots=True)
class GalleryMatching:
    """Who is whom.

    Attributes:
        groups: rows of people, one group for each identity.
        scores: of every person, how sure it is that they belong to their group; 1 for those alone and by an analyst.
        by: of every person, "analyst", "appearance", or "" for those alone.
        offered: pairs to look at, the most worthwhile first.
    """

    groups: tuple[tuple[int, ...], ...]
    scores: tuple[float, ...]
    by: tuple[str, ...]
    offered: tuple[OfferedPair, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """Two who are alike; `sure` where all that a match needs is there."""

    first: int
    second: int
    cosine: float
    odds: float
    sure: bool


def match_people(
    people: Sequence[GalleryPerson],
    spaces: Sequence[VectorSpace],
    *,
    must: Iterable[Pair] = (),
    cannot: Iterable[Pair] = (),
    config: GalleryConfig = _USUAL,
) -> GalleryMatching:
    """Put the people of all footage together.

    Args:
        people: of all footage.
        spaces: views of them, apart by what made the vectors; owners are rows of `people`.
        must: rows of two whom an analyst called one person.
        cannot: rows of two whom an analyst called different; where both were said of a group, being one counts.
        config: what a match needs.

    Returns:
        The groups in order of their first row, each in order of rows.

    Raises:
        ValueError: a key stands twice.
    """
    if len({person.key for person in people}) != len(people):
        raise ValueError("every person needs a key of their own")
    # All is done in the order of keys, so that ties fall the same way however people are numbered.
    order = sorted(range(len(people)), key=lambda row: people[row].key)
    rank = {row: place for place, row in enumerate(order)}
    grouping = _Grouping(
        [people[row] for row in order],
        [(rank[first], rank[second]) for first, second in must],
        [(rank[first], rank[second]) for first, second in cannot],
    )
    edges = [edge for space in spaces for edge in _edges(_ranked(space, rank, config), grouping, config)]
    edges.sort(key=lambda edge: (-edge.odds, edge.first, edge.second))
    scores = _joined(edges, grouping, config)
    groups = grouping.groups()
    by = {row: "" if len(group) == 1 else grouping.by(row) for group in groups for row in group}
    offered = _offered(edges, grouping, config)
    return GalleryMatching(
        groups=tuple(sorted(tuple(sorted(order[row] for row in group)) for group in groups)),
        scores=tuple(1.0 if by[rank[row]] != "appearance" else scores[rank[row]] for row in range(len(people))),
        by=tuple(by[rank[row]] for row in range(len(people))),
        offered=tuple(replace(pair, first=order[pair.first], second=order[pair.second]) for pair in offered),
    )


def _ranked(space: VectorSpace, rank: dict[int, int], config: GalleryConfig) -> VectorSpace:
    """The good views, by rank of their person."""
    good = space[space.quality >= config.min_quality]
    owner = np.array([rank[row] for row in good.owner.tolist()], np.int64)
    order = np.argsort(owner, kind="stable")
    return VectorSpace(owner[order], good.vectors[order], good.quality[order], good.scale)


class _Grouping:
    """Groups as they grow."""

    def __init__(self, people: Sequence[GalleryPerson], must: Iterable[Pair], cannot: Iterable[Pair]) -> None:
        self.people = people
        self.told: set[int] = set()
        self._group = list(range(len(people)))
        self._members: dict[int, list[int]] = {row: [row] for row in range(len(people))}
        self._apart: dict[int, set[int]] = {}
        for first, second in must:
            self.told |= {first, second}
            self.join(first, second)
        for first, second in cannot:
            if self._group[first] != self._group[second]:
                self._apart.setdefault(first, set()).add(second)
                self._apart.setdefault(second, set()).add(first)

    @property
    def parted(self) -> bool:
        """Whether anybody was said to be different from anybody."""
        return bool(self._apart)

    def same(self, first: int, second: int) -> bool:
        return self._group[first] == self._group[second]

    def alone(self, row: int) -> bool:
        return len(self._members[self._group[row]]) == 1

    def members(self, row: int) -> list[int]:
        return self._members[self._group[row]]

    def seconds(self, row: int) -> float:
        return sum(self.people[member].seconds for member in self.members(row))

    def apart(self, first: int, second: int) -> bool:
        """Whether an analyst said that anybody of one group is nobody of the other."""
        if not self._apart:
            return False
        others = set(self.members(second))
        return any(others & self._apart.get(member, set()) for member in self.members(first))

    def clash(self, first: int, second: int) -> bool:
        """Whether both groups show somebody in one recording."""
        here = {self.people[member].footage for member in self.members(first)}
        return any(self.people[member].footage in here for member in self.members(second))

    def named_apart(self, first: int, second: int) -> bool:
        """Whether the two groups have names that differ."""
        names = [{self.people[m].name for m in self.members(row)} - {""} for row in (first, second)]
        return bool(names[0] and names[1]) and names[0] != names[1]

    def fits(self, first: int, second: int) -> bool:
        """Whether the groups of two may become one without a word of an analyst."""
        if self.same(first, second) or self.clash(first, second):
            return False
        return not self.apart(first, second) and not self.named_apart(first, second)

    def join(self, first: int, second: int) -> None:
        into, other = self._group[first], self._group[second]
        if into == other:
            return
        for row in self._members[other]:
            self._group[row] = into
        self._members[into] += self._members.pop(other)

    def number(self, row: int) -> int:
        return min(self.members(row))

    def by(self, row: int) -> str:
        return "analyst" if row in self.told else "appearance"

    def groups(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted(tuple(sorted(members)) for members in self._members.values()))


def _edges(space: VectorSpace, grouping: _Grouping, config: GalleryConfig) -> list[_Edge]:
    """Everybody who is alike in one space, by the votes of their views."""
    if not len(space.owner):
        return []
    people = grouping.people
    numbers = {name: place for place, name in enumerate(sorted({person.footage for person in people}))}
    footage = np.array([numbers[person.footage] for person in people], np.int64)
    known = np.bincount(space.owner, minlength=len(people)) >= config.min_views
    near = nearest_elsewhere(space, footage[space.owner], known[space.owner], config.neighbours)
    votes = _counted(space.owner, near)
    candidates: dict[int, set[int]] = {}
    for first, second in votes:
        candidates.setdefault(first, set()).add(second)
        candidates.setdefault(second, set()).add(first)
    room = _Room(space, space.means(len(people)), footage, votes, grouping)
    chosen = {(row, other) for row, others in candidates.items() for other in room.chosen(row, sorted(others), config)}
    pairs = np.array(sorted({(min(pair), max(pair)) for pair in votes}), np.int64).reshape(-1, 2)
    cosines = np.einsum("nd,nd->n", room.means[pairs[:, 0]], room.means[pairs[:, 1]]).astype(np.float32)
    odds = space.odds(cosines)
    both_known = known[pairs[:, 0]] & known[pairs[:, 1]]
    edges = []
    for (first, second), cosine, odd, ready in zip(
        pairs.tolist(), cosines.tolist(), odds.tolist(), both_known.tolist(), strict=True
    ):
        sure = ready and odd >= _odds(config.min_score) and {(first, second), (second, first)} <= chosen
        edges.append(_Edge(first, second, cosine, odd, sure))
    return edges


def _counted(owner: Rows, near: Rows) -> dict[Pair, int]:
    """Votes: (voter, person) -> number of views of the person among the nearest of the voter's."""
    voters, flat = np.repeat(owner, near.shape[1]), near.reshape(-1)
    there = flat >= 0
    ballots = np.stack([voters[there], owner[flat[there]]], axis=1)
    pairs, counts = np.unique(ballots, axis=0, return_counts=True)
    return {(first, second): count for (first, second), count in zip(pairs.tolist(), counts.tolist(), strict=True)}


@dataclass(frozen=True, slots=True, eq=False)
class _Room:
    """One space while it is counted out.

    Attributes:
        space: its good views.
        means: (P, D) mean vector of everybody.
        footage: (P,) number of everybody's footage.
        votes: (voter, person) -> votes.
        grouping: what analysts said.
    """

    space: VectorSpace
    means: FloatArray
    footage: Rows
    votes: dict[Pair, int]
    grouping: _Grouping

    def chosen(self, row: int, others: Sequence[int], config: GalleryConfig) -> list[int]:
        """Whom somebody's votes choose: enough of them, and well ahead of all who cannot be that person too."""
        rows = np.array(others, np.int64)
        odds = self.space.odds(self.means[rows] @ self.means[row])
        votes = np.array([self.votes.get((row, other), 0) for other in others], np.float64)
        # Two who look alike may be one person in two recordings; all others are rivals.
        rivals = self.space.odds(self.means[rows] @ self.means[rows].T) < _odds(config.min_score)
        rivals |= self.footage[rows][:, None] == self.footage[rows][None, :]
        if self.grouping.told or self.grouping.parted:
            for one, first in enumerate(others):
                for two, second in enumerate(others):
                    if first in self.grouping.told and self.grouping.same(first, second):
                        rivals[one, two] = False
                    elif self.grouping.apart(first, second):
                        rivals[one, two] = True
        np.fill_diagonal(rivals, False)
        against = rivals @ votes
        best = np.where(rivals, odds[None, :], -np.inf).max(axis=1)
        enough = votes >= config.min_share * np.maximum(votes + against, 1e-9)
        ahead = odds - best >= config.margin
        return [other for other, fine in zip(others, (enough & ahead & (votes > 0)).tolist(), strict=True) if fine]


def _joined(edges: Sequence[_Edge], grouping: _Grouping, config: GalleryConfig) -> list[float]:
    """Make one of all who are surely the same, the surest first.

    Returns:
        How sure it is of everybody that they belong where they are.
    """
    known = {(edge.first, edge.second): edge.odds for edge in edges}
    scores = [1.0] * len(grouping.people)
    for edge in edges:
        if not edge.sure or not grouping.fits(edge.first, edge.second):
            continue
        # Whole groups have to agree, as far as they were compared: a chain of likenesses is no likeness.
        across = [
            known[min(one, two), max(one, two)]
            for one in grouping.members(edge.first)
            for two in grouping.members(edge.second)
            if (min(one, two), max(one, two)) in known
        ]
        if sum(across) / len(across) < _odds(config.min_score):
            continue
        for row in (edge.first, edge.second):
            scores[row] = min(scores[row], _probability(edge.odds)) if grouping.alone(row) else scores[row]
        grouping.join(edge.first, edge.second)
    return scores


def _offered(edges: Sequence[_Edge], grouping: _Grouping, config: GalleryConfig) -> list[OfferedPair]:
    """Pairs that nobody has answered, one for any two groups, the most worthwhile first."""
    best: dict[Pair, OfferedPair] = {}
    for edge in edges:
        first, second = edge.first, edge.second
        score = _probability(edge.odds)
        if score < config.doubtful_score or grouping.same(first, second) or grouping.clash(first, second):
            continue
        if grouping.apart(first, second):
            continue
        groups = sorted((grouping.number(first), grouping.number(second)))
        if (groups[0], groups[1]) in best:
            continue  # edges come best first
        seconds = min(grouping.seconds(first), grouping.seconds(second))
        # Names that differ are a doubt of their own, however alike two look.
        uncertain = 1.0 if grouping.named_apart(first, second) else 2.0 * min(score, 1.0 - score)
        best[groups[0], groups[1]] = OfferedPair(first, second, edge.cosine, score, seconds, seconds * uncertain)
    return sorted(best.values(), key=lambda pair: (-pair.worth, pair.first, pair.second))


def _odds(score: float) -> float:
    return math.log(score / (1.0 - score)) if 0.0 < score < 1.0 else math.copysign(math.inf, score - 0.5)


def _probability(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(min(odds, 50.0), -50.0)))
