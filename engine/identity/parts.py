"""Tracklets, cut where analysts said so, and whose each part is: what the journal is folded over.

Owns: when two parts were in view together. May import: `engine.core`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.core.cuts import Piece
from engine.core.types import PersonLink, Tracklet

HANDOVER_S = 0.5
"""Longest time for which two appearances of one person may both be in view, seconds: a tracker that has lost somebody
goes on for a moment with a box that it guesses, while a new one has begun."""

Point = tuple[int, float]
"""Number of a tracklet and an instant, seconds."""

Part = tuple[int, float]
"""Number of a tracklet and the instant from which on it is meant; -inf for its beginning."""

BEGINNING = -math.inf


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking said of one analysis.

    Attributes:
        links: persons in order.
        spans: number of a tracklet -> its first and last instant, seconds; of all that belong to somebody.
        tracklet: reads one by its number; asked only of those that are cut.
    """

    links: tuple[PersonLink, ...]
    spans: Mapping[int, tuple[float, float]]
    tracklet: Callable[[int], Tracklet]


class Parts:
    """Which part of which tracklet is whose.

    Args:
        linked: to begin with.

    Attributes:
        owner: part -> person, a number that means nothing else.
    """

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._cuts: dict[int, list[float]] = {}
        self.owner: dict[Part, int] = {}
        self._members: dict[int, set[Part]] = {}
        for person, link in enumerate(linked.links):
            self._members[person] = {(number, BEGINNING) for number in link.tracklets}
            self.owner.update(dict.fromkeys(self._members[person], person))
        self._next = len(linked.links)

    def knows(self, point: Point) -> bool:
        """Whether a tracklet is somebody's."""
        return (point[0], BEGINNING) in self.owner

    def at(self, point: Point) -> Part:
        """The part of a tracklet at an instant."""
        number, t = point
        instants = self._cuts.get(number, [])
        place = bisect_right(instants, t)
        return number, instants[place - 1] if place else BEGINNING

    def of(self, person: int) -> set[Part]:
        """All parts of a person."""
        return self._members[person]

    def everybody(self) -> list[set[Part]]:
        """The parts of each person, in no order."""
        return [parts for parts in self._members.values() if parts]

    def start(self, part: Part) -> float:
        """First row of a part, seconds."""
        return self._linked.spans[part[0]][0] if part[1] == BEGINNING else part[1]

    def end(self, part: Part) -> float:
        """Last row of a part, seconds."""
        number, from_s = part
        instants = self._cuts.get(number, [])
        place = bisect_right(instants, from_s)
        if place == len(instants):
            return self._linked.spans[number][1]
        t = self._linked.tracklet(number).t
        return float(t[np.searchsorted(t, instants[place]) - 1])

    def cut(self, points: Iterable[Point], at_s: float) -> None:
        """Cut the parts at some points where they go on across an instant: at the first row from it on."""
        for part in {self.at(point) for point in points if self.knows(point)}:
            if not self.start(part) < at_s <= self.end(part):
                continue
            number = part[0]
            t = self._linked.tracklet(number).t
            instant = float(t[np.searchsorted(t, at_s)])
            person = self.owner[part]
            self._cuts[number] = sorted([*self._cuts.get(number, []), instant])
            self.owner[number, instant] = person
            self._members[person].add((number, instant))

    def move(self, parts: Iterable[Part]) -> None:
        """Make a person of their own of some parts."""
        moved = set(parts)
        for part in moved:
            self._members[self.owner[part]].discard(part)
            self.owner[part] = self._next
        self._members[self._next] = moved
        self._next += 1

    def heal(self) -> None:
        """Undo cuts both of whose sides are the same person's."""
        for number, instants in list(self._cuts.items()):
            before: Part = (number, BEGINNING)
            kept = []
            for instant in instants:
                part = (number, instant)
                if self.owner[part] == self.owner[before]:
                    self._members[self.owner.pop(part)].discard(part)
                else:
                    kept.append(instant)
                    before = part
            if kept:
                self._cuts[number] = kept
            else:
                del self._cuts[number]

    def clash(self, one: Iterable[Part], other: Iterable[Part]) -> tuple[Part, Part] | None:
        """Two parts, of either side and of different persons, that were in view together; None where there are none."""
        spans = [(self.start(part), self.end(part), part) for part in other]
        for part in one:
            start, end = self.start(part), self.end(part)
            for begin, finish, theirs in spans:
                if self.owner[part] != self.owner[theirs] and together((start, end), (begin, finish)):
                    return part, theirs
        return None

    def pieces(self, parts: Iterable[Part]) -> tuple[Piece, ...]:
        """Parts as they are read, in order of time."""
        return tuple(sorted((self._piece(part) for part in parts), key=lambda piece: (piece.first_s, piece.shown)))

    def _piece(self, part: Part) -> Piece:
        number, from_s = part
        instants = self._cuts.get(number)
        if not instants:
            return Piece(number, 0, *self._linked.spans[number])
        place = bisect_right(instants, from_s)
        until_s = instants[place] if place < len(instants) else None
        tracklet = self._linked.tracklet(number)
        rows = (tracklet.t >= from_s) & (tracklet.t < (math.inf if until_s is None else until_s))
        seen = rows & ~tracklet.interpolated
        scores = tracklet.scores[seen if seen.any() else rows]
        return Piece(
            number=number,
            place=place,
            first_s=float(tracklet.t[rows][0]),
            last_s=float(tracklet.t[rows][-1]),
            from_s=from_s if place else None,
            until_s=until_s,
            seen=int(seen.sum()),
            score=float(np.mean(scores, dtype=np.float64)),
        )


def together(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two stretches, from and to in seconds, show somebody in two places at once: for longer than `HANDOVER_S`.

    Parts of two stretches that do not, do not either: cutting never puts anybody in two places.
    """
    return min(one[1], other[1]) - max(one[0], other[0]) > HANDOVER_S
