"""Edits as pages ask for them, made into edits that outlive analyses; what cannot be is refused with a sentence.

May import: `engine.core`, `engine.folding`, `engine.identity`, `engine.spots`, `engine.store`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.core.cuts import Piece, StandingPerson
from engine.core.errors import ConfigError, StoreError
from engine.core.identity import EDITS, LONGEST_NAME, Edit, EditDraft, PersonChange, Spot
from engine.core.views import Presence
from engine.folding import Bench
from engine.identity.parts import Point
from engine.spots import best_sight


@dataclass(frozen=True, slots=True)
class Side:
    """A person whom an edit is about.

    Attributes:
        footage: footage id.
        bench: the analysis.
        person: of it.
    """

    footage: str
    bench: Bench
    person: StandingPerson

    @classmethod
    def of(cls, footage: str, bench: Bench, label: str) -> Side:
        """Somebody by label.

        Raises:
            StoreError: there is no such person any more.
        """
        found = next((each for each in bench.fold.persons() if each.label == label), None)
        if found is None:
            raise StoreError(f"There is no {label} in this analysis any more. Reload the page.")
        return cls(footage, bench, found)

    @property
    def points(self) -> tuple[Point, ...]:
        """A point of every appearance."""
        return tuple((piece.number, piece.first_s) for piece in self.person.pieces)

    def spots(self, pieces: Sequence[Piece] | None = None, at_s: float | None = None) -> tuple[Spot, ...]:
        """Where somebody was seen best in each appearance; where an instant lies within one, before it and after.

        Args:
            pieces: of the person; None for all.
            at_s: seconds.
        """
        found = []
        for piece in self.person.pieces if pieces is None else pieces:
            edges = [piece.first_s, math.nextafter(piece.last_s, math.inf)]
            if at_s is not None and piece.first_s < at_s <= piece.last_s:
                edges.insert(1, at_s)
            tracklet = self.bench.tracklet(piece.number)
            for start, end in pairwise(edges):
                spot = best_sight(self.footage, tracklet, start, end).spot
                self.bench.spots.learn(spot, piece.number)
                found.append(spot)
        return tuple(found)

    def best_first(self) -> tuple[Spot, ...]:
        """Where somebody was seen best of all, then their other appearances in order of time."""
        sights = []
        for piece in self.person.pieces:
            end = math.nextafter(piece.last_s, math.inf)
            sight = best_sight(self.footage, self.bench.tracklet(piece.number), piece.first_s, end)
            self.bench.spots.learn(sight.spot, piece.number)
            sights.append(sight)
        best = max(sights, key=lambda sight: (sight.rank, -sight.spot.t))
        others = sorted((sight.spot for sight in sights if sight is not best), key=lambda spot: spot.t)
        return (best.spot, *others)


def edit_of(draft: EditDraft, one: Side, other: Side | None) -> Edit:
    """What a page asks for, in spots.

    Args:
        draft: as it came.
        one: the person that it names first.
        other: the other, where it names one.

    Raises:
        ConfigError: it makes no sense.
        StoreError: it names appearances that are no longer this person's.
        ValueError: it is of no kind that there is, or lacks what its kind needs.
    """
    if draft.kind not in EDITS:
        raise ValueError(f"kind must be one of {EDITS}, got {draft.kind!r}")
    if draft.kind == "rename":
        return Edit("rename", one.best_first(), name=_name(draft.name))
    if draft.kind == "split":
        return _split(draft, one)
    if draft.kind == "cut":
        at_s = _instant(draft)
        _inside(one.person, at_s)
        return Edit("cut", one.spots(at_s=at_s), at_s=at_s)
    if other is None:
        raise ValueError(f"a {draft.kind} needs another person")
    if one.bench is other.bench and one.person.label == other.person.label:
        raise ConfigError(f"This is {draft.label} twice. Choose two people.")
    if draft.kind == "swap":
        return _swap(draft, one, other)
    return Edit(draft.kind, one.spots(), other.spots())


def refuse_together(one: Side, other: Side) -> None:
    """Make sure that two people of an analysis were never in view at the same time.

    Raises:
        ConfigError: they were.
    """
    clash = in_view_together(one, other)
    if clash is not None:
        start, end = clash
        raise ConfigError(
            f"{one.person.label} and {other.person.label} are both in view from {start:.1f} to {end:.1f} s, so they "
            "cannot be one person. If one of them is two people from some instant on, cut there first."
        )


def in_view_together(one: Side, other: Side) -> tuple[float, float] | None:
    """When two people of one analysis were first both in view, from and to in seconds; None where they never were."""
    if one.bench is not other.bench:
        return None
    parts = one.bench.fold.parts
    found = parts.clash({parts.at(point) for point in one.points}, {parts.at(point) for point in other.points})
    if found is None:
        return None
    first, second = found
    return max(parts.start(first), parts.start(second)), min(parts.end(first), parts.end(second))


def changes(
    footage: str, before: Sequence[StandingPerson], after: Sequence[StandingPerson]
) -> tuple[PersonChange, ...]:
    """Everybody for whom something is different, in the order of their labels."""
    old, new = ({each.label: each for each in side} for side in (before, after))
    found = []
    for label in dict.fromkeys([*old, *new]):
        was, will = old.get(label), new.get(label)
        if _told(was) != _told(will):
            found.append(PersonChange(footage, label, *_told(was)[:1], *_told(will)[:1], _told(was)[1], _told(will)[1]))
    return tuple(sorted(found, key=lambda change: (len(change.label), change.label)))


def unchanged(side: Side) -> PersonChange:
    """Somebody of whom something is said that changes nothing within their footage."""
    presence, name = _told(side.person)
    return PersonChange(side.footage, side.person.label, presence, presence, name, name)


def _told(person: StandingPerson | None) -> tuple[tuple[Presence, ...], str]:
    if person is None:
        return (), ""
    pieces = sorted(person.pieces, key=lambda piece: (piece.first_s, piece.shown))
    return tuple(Presence(piece.shown, piece.first_s, piece.last_s) for piece in pieces), person.name


def _name(name: str) -> str:
    name = name.strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise ConfigError(f"A name has at most {LONGEST_NAME} letters and no line breaks. Choose a shorter one.")
    return name


def _instant(draft: EditDraft) -> float:
    if draft.at_s is None or not math.isfinite(draft.at_s):
        raise ValueError(f"a {draft.kind} needs an instant, got {draft.at_s}")
    return float(draft.at_s)


def _inside(person: StandingPerson, at_s: float) -> None:
    first, last = min(each.first_s for each in person.pieces), max(each.last_s for each in person.pieces)
    if not first < at_s <= last:
        raise ConfigError(
            f"{person.label} is in view from {first:.1f} to {last:.1f} s. Choose an instant after the first and not "
            "after the last."
        )


def _split(draft: EditDraft, one: Side) -> Edit:
    wanted = set(draft.tracklets)
    leaving = [piece for piece in one.person.pieces if piece.shown in wanted]
    if len(leaving) < len(wanted):
        raise StoreError(f"Some of these appearances are no longer {draft.label}. Reload the page.")
    staying = [piece for piece in one.person.pieces if piece.shown not in wanted]
    if not leaving or not staying:
        raise ConfigError(f"Choose some of the appearances of {draft.label} that are somebody else, and not all.")
    return Edit("split", one.spots(leaving), one.spots(staying))


def _swap(draft: EditDraft, one: Side, other: Side) -> Edit:
    at_s = _instant(draft)
    if one.bench is not other.bench:
        raise ConfigError("Only two people of the same analysis can be swapped.")
    last = max(piece.last_s for side in (one, other) for piece in side.person.pieces)
    if at_s > last:
        raise ConfigError(f"Neither is in view any more: the last is seen at {last:.1f} s. Choose an earlier instant.")
    return Edit("swap", one.spots(at_s=at_s), other.spots(at_s=at_s), at_s=at_s)
