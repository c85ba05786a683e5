"""Who is who after all that analysts said: what linking found, with the standing edits applied in order.

Pure, and canonical: labels, order and scores follow from who is with whom alone, so that two people who were merged
and split again are who they were. What linking said is evidence, what an analyst said is more: an edit pulls along what
hangs on it only as far as nobody has said otherwise and nobody would be in two places at once.
Owns: the labels and names of persons as they stand. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.core.cuts import StandingPerson
from engine.identity.parts import Linked, Part, Parts, Point
from engine.identity.standing import NameAnchor, standing_persons


@dataclass(frozen=True, slots=True)
class Said:
    """An edit in the terms of one analysis.

    Attributes:
        kind: of `engine.core.identity.EDITS`.
        first: number of the tracklet and instant of each spot that was found there.
        second: likewise.
        at_s: of a cut or swap, seconds.
        name: of a rename.
    """

    kind: str
    first: tuple[Point, ...]
    second: tuple[Point, ...] = ()
    at_s: float | None = None
    name: str = ""


@dataclass(slots=True)
class Apart:
    """Two that were said to be different: no part of one is ever pulled to the other."""

    one: frozenset[Point]
    other: frozenset[Point]


class Fold:
    """Persons of one analysis, edit by edit.

    Args:
        linked: what linking said.
        said: edits to begin with, oldest first.
    """

    def __init__(self, linked: Linked, said: Iterable[Said] = ()) -> None:
        self._linked = linked
        self.parts = Parts(linked)
        self._together: list[frozenset[Point]] = []
        self._apart: list[Apart] = []
        self._names: list[NameAnchor] = []
        for each in said:
            self.say(each)

    def say(self, said: Said) -> None:
        """Apply an edit; one whose spots are nowhere changes nothing."""
        {
            "merge": self._merge,
            "split": self._split,
            "cut": self._cut,
            "swap": self._swap,
            "distinct": self._distinct,
            "rename": self._rename,
        }[said.kind](said)
        self.parts.heal()

    def persons(self) -> tuple[StandingPerson, ...]:
        """Everybody, in order."""
        return standing_persons(self._linked, self.parts, self._names)

    def contradicted(self, first: Iterable[Point], second: Iterable[Point]) -> bool:
        """Whether somebody said that two are not the same person."""
        one, other = self._found(first), self._found(second)
        return any(self._between(each, one, other) or self._between(each, other, one) for each in self._apart)

    def _merge(self, said: Said) -> None:
        named = self._found((*said.first, *said.second))
        self._allow(named)
        self._unite((*said.first, *said.second))

    def _split(self, said: Said) -> None:
        self._divide(self._found(said.first), self._found(said.second))
        self._forbid(said.first, said.second)
        self._unite(said.first)

    def _distinct(self, said: Said) -> None:
        self._divide(self._found(said.second), self._found(said.first))
        self._forbid(said.second, said.first)

    def _cut(self, said: Said) -> None:
        assert said.at_s is not None
        self.parts.cut(said.first, said.at_s)
        early, late = self._around(said.first, said.at_s)
        groups = {self.parts.owner[part] for part in early}
        # Everything of the person from then on, also what nobody knew when it was said.
        late |= {part for group in groups for part in self.parts.of(group) if self.parts.start(part) >= said.at_s}
        self._divide(late, early)
        self._forbid(self._points(said.first, late), self._points(said.first, early))

    def _swap(self, said: Said) -> None:
        assert said.at_s is not None
        self.parts.cut((*said.first, *said.second), said.at_s)
        early, late = self._around(said.first, said.at_s)
        others_early, others_late = self._around(said.second, said.at_s)
        self._divide(late, early)
        self._divide(others_late, others_early)
        every = (*said.first, *said.second)
        one, other = self._points(every, early | others_late), self._points(every, others_early | late)
        self._divide(self._found(other), self._found(one))
        self._allow(self._found(one))
        self._allow(self._found(other))
        self._forbid(other, one)
        self._unite(one)
        self._unite(other)

    def _rename(self, said: Said) -> None:
        part = next((self.parts.at(point) for point in said.first if self.parts.knows(point)), None)
        if part is not None:
            mine = self.parts.of(self.parts.owner[part])
            members = tuple(sorted((self.parts.start(each), each[0]) for each in mine))
            self._names.append(NameAnchor(said.name, (part[0], self.parts.start(part)), members))

    def _found(self, points: Iterable[Point]) -> set[Part]:
        return {self.parts.at(point) for point in points if self.parts.knows(point)}

    def _points(self, points: Iterable[Point], within: set[Part]) -> tuple[Point, ...]:
        return tuple(point for point in points if self.parts.knows(point) and self.parts.at(point) in within)

    def _around(self, points: Iterable[Point], at_s: float) -> tuple[set[Part], set[Part]]:
        """Parts before an instant and from it on."""
        found = self._found(points)
        late = {part for part in found if self.parts.start(part) >= at_s}
        return found - late, late

    # Keeping people apart

    def _divide(self, leaving: set[Part], staying: set[Part]) -> None:
        """In every person that has both, what leaves becomes somebody else; what was said to be with it goes along."""
        for group in sorted({self.parts.owner[part] for part in leaving}):
            stay = {part for part in staying - leaving if self.parts.owner[part] == group}
            go = {part for part in leaving if self.parts.owner[part] == group}
            if not stay or not go:
                continue
            if not go | stay >= self.parts.of(group):
                go |= self._tied(go, group) - stay
            self.parts.move(go)
            self._names = [anchor.left_behind(self.parts, go, group) for anchor in self._names]

    def _forbid(self, one: Iterable[Point], other: Iterable[Point]) -> None:
        both = Apart(frozenset(one), frozenset(other))
        if both.one and both.other:
            self._apart.append(both)

    def _tied(self, parts: set[Part], group: int) -> set[Part]:
        """All of a person that was said to be with some of it, directly or not."""
        found = set(parts)
        grown = True
        while grown:
            grown = False
            for points in self._together:
                mine = {part for part in self._found(points) if self.parts.owner[part] == group}
                if not mine.isdisjoint(found) and not mine <= found:
                    found |= mine
                    grown = True
        return found

    # Bringing people together

    def _allow(self, named: set[Part]) -> None:
        """Forget that some were said to be different: the later word counts."""
        kept: list[Apart] = []
        for each in self._apart:
            one = frozenset(point for point in each.one if self.parts.knows(point) and self.parts.at(point) in named)
            other = frozenset(
                point for point in each.other if self.parts.knows(point) and self.parts.at(point) in named
            )
            if not one or not other:
                kept.append(each)
                continue
            parts = (Apart(each.one - one, each.other), Apart(one, each.other - other))
            kept += [part for part in parts if part.one and part.other]
        self._apart = kept

    def _unite(self, points: Sequence[Point]) -> None:
        """Make one person of some parts, and of all that was with them as far as it can be."""
        named = sorted(self._found(points), key=lambda part: (self.parts.start(part), part))
        self._together.append(frozenset(points))
        target: set[Part] = set()
        for part in named:
            if not self.parts.clash({part}, target):
                target.add(part)
        groups = {self.parts.owner[part] for part in target}
        if len(groups) < 2:
            return
        rest = {part for group in groups for part in self.parts.of(group)} - target
        for part in sorted(rest, key=lambda part: (self.parts.start(part), part)):
            if not self.parts.clash({part}, target) and not self._kept_apart(part, target):
                target.add(part)
        self.parts.move(target)

    def _kept_apart(self, part: Part, target: set[Part]) -> bool:
        return any(self._between(each, {part}, target) or self._between(each, target, {part}) for each in self._apart)

    def _between(self, apart: Apart, one: set[Part], other: set[Part]) -> bool:
        return not self._found(apart.one).isdisjoint(one) and not self._found(apart.other).isdisjoint(other)
