"""Persons as they stand: labels, order, scores and names, which follow from who is with whom.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.core.cuts import StandingPerson
from engine.identity.parts import BEGINNING, Linked, Part, Parts, Point


@dataclass(frozen=True, slots=True)
class NameAnchor:
    """A name, and the appearance that carries it.

    Attributes:
        name: "" where somebody took the name away.
        home: number of the tracklet and the instant at which the appearance begins.
        members: (beginning, number) of everything that was the person's when it was named.
    """

    name: str
    home: Point
    members: tuple[tuple[float, int], ...]

    def left_behind(self, parts: Parts, gone: set[Part], group: int) -> NameAnchor:
        """The name after some parts left a person: it stays with whoever stays."""
        if parts.at(self.home) not in gone:
            return self
        stays = [(number, start) for start, number in self.members if parts.owner[parts.at((number, start))] == group]
        return replace(self, home=stays[0]) if stays else self


def standing_persons(linked: Linked, parts: Parts, names: Sequence[NameAnchor]) -> tuple[StandingPerson, ...]:
    """Everybody, in order.

    Whoever has the earliest appearance of a person that linking found has that person's label, of several the first.
    Others are numbered on, in order of first appearance.

    Args:
        linked: what linking said.
        parts: whose everything is.
        names: oldest first.
    """
    called = {parts.owner[parts.at(anchor.home)]: anchor.name for anchor in names}
    places: dict[int, int] = {}
    for place, link in enumerate(linked.links):
        earliest = min((linked.spans[number][0], number) for number in link.tracklets)[1]
        places.setdefault(parts.owner[earliest, BEGINNING], place)
    groups = {parts.owner[next(iter(mine))]: parts.pieces(mine) for mine in parts.everybody()}
    others = sorted(
        (group for group in groups if group not in places),
        key=lambda group: (groups[group][0].first_s, groups[group][0].shown),
    )
    used = max([len(linked.links), *(int(link.label[1:]) for link in linked.links if link.label[1:].isdecimal())])
    labels = {group: linked.links[place].label for group, place in places.items()}
    labels |= {group: f"P{used + place}" for place, group in enumerate(others, 1)}
    order = [*sorted(places, key=lambda group: places[group]), *others]
    links = {frozenset(link.tracklets): link for link in linked.links}
    base = {number: link for link in linked.links for number in link.tracklets}
    found = []
    for group in order:
        pieces = groups[group]
        whole = frozenset(piece.number for piece in pieces) if all(piece.whole for piece in pieces) else frozenset()
        unchanged = links.get(whole)
        if unchanged is not None:
            by_number = {piece.number: piece for piece in pieces}
            pieces = tuple(by_number[number] for number in unchanged.tracklets)
        origins = {base[piece.number].label for piece in pieces}
        joined = len(origins) > 1 or len(pieces) == 1
        score = unchanged.score if unchanged is not None else 1.0 if joined else base[pieces[0].number].score
        found.append(StandingPerson(labels[group], score, called.get(group, ""), pieces))
    return tuple(found)
