"""Small analyses and edits for tests of the journal: people as stretches on one line of time, a row a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from engine.core.cuts import Piece, StandingPerson
from engine.core.types import PersonLink, Poses, Tracklet
from engine.identity.fold import Fold, Said
from engine.identity.parts import Linked, together

KINDS = ("merge", "split", "cut", "swap", "rename", "distinct")
Draw = tuple[str, int, int, int, int]
"""Kind of an edit, and numbers that choose whom and when it means."""


def tracklet(number: int, start: float, rows: int) -> Tracklet:
    """Somebody in view for so many seconds, a row at each."""
    boxes = np.tile(np.array([[10.0 * number, 0.0, 10.0 * number + 8.0, 20.0]], np.float32), (rows, 1))
    scores = np.linspace(0.5, 0.9, rows).astype(np.float32)
    return Tracklet(
        number, start + np.arange(float(rows)), boxes, scores, np.zeros(rows, np.bool_), Poses.missing(rows), scores
    )


def linked(tracklets: Sequence[Tracklet], people: Sequence[Sequence[int]], score: float = 0.8) -> Linked:
    """What linking said: numbers of each person."""
    by_number = {each.number: each for each in tracklets}
    links = tuple(
        PersonLink(f"P{place}", tuple(numbers), score if len(numbers) > 1 else 1.0)
        for place, numbers in enumerate(people, 1)
    )
    spans = {number: (each.first_s, each.last_s) for number, each in by_number.items()}
    return Linked(links, spans, by_number.__getitem__)


def sorted_people(people: Sequence[list[Tracklet]]) -> list[list[int]]:
    """Numbers of people in order of first appearance."""
    members = [sorted(one, key=lambda each: (each.first_s, each.number)) for one in people if one]
    members.sort(key=lambda one: (one[0].first_s, one[0].number))
    return [[each.number for each in one] for one in members]


@st.composite
def analyses(draw: st.DrawFn) -> tuple[list[Tracklet], Linked]:
    """A few appearances, and persons none of whom is in two places at once."""
    spans = draw(st.lists(st.tuples(st.integers(0, 24), st.integers(1, 9)), min_size=1, max_size=8))
    tracklets = [tracklet(n, float(start), rows) for n, (start, rows) in enumerate(sorted(spans), 1)]
    return tracklets, draw(links_of(tracklets))


@st.composite
def links_of(draw: st.DrawFn, tracklets: Sequence[Tracklet]) -> Linked:
    """Some links between given tracklets."""
    people: list[list[Tracklet]] = []
    for each in tracklets:
        span = (each.first_s, each.last_s)
        free = [one for one in people if not any(together(span, (other.first_s, other.last_s)) for other in one)]
        chosen = draw(st.integers(0, len(free)))
        (free[chosen] if chosen < len(free) else people.append([]) or people[-1]).append(each)
    return linked(tracklets, sorted_people(people))


draws = st.tuples(st.sampled_from(KINDS), *[st.integers(0, 30)] * 4)
"""An edit, whoever there will be to be meant."""


def said_of(fold: Fold, drawn: Draw) -> Said | None:
    """The edit that somebody at the screen makes of what is drawn; None where it would be refused."""
    kind, first, second, when, pick = drawn
    persons = fold.persons()
    one, other = persons[first % len(persons)], persons[second % len(persons)]
    at_s = float(when)
    if kind == "rename":
        return Said("rename", points([one.pieces[pick % len(one.pieces)]]), name=["Kim", "Lee", ""][pick % 3])
    if kind == "cut":
        inside = one.pieces[0].first_s < at_s <= max(piece.last_s for piece in one.pieces)
        return Said("cut", points(one.pieces, at_s), at_s=at_s) if inside else None
    if kind == "split":
        going = [piece for place, piece in enumerate(one.pieces) if (pick >> place) & 1]
        staying = [piece for piece in one.pieces if piece not in going]
        return Said("split", points(going), points(staying)) if going and staying else None
    if one is other or (kind == "merge" and clash(one, other)):
        return None
    if kind == "swap":
        return Said("swap", points(one.pieces, at_s), points(other.pieces, at_s), at_s=at_s)
    return Said(kind, points(one.pieces), points(other.pieces))


def points(pieces: Sequence[Piece], at_s: float | None = None) -> tuple[tuple[int, float], ...]:
    """A point of every piece; where an instant lies within one, before it and after."""
    found = []
    for piece in pieces:
        if at_s is not None and piece.first_s < at_s <= piece.last_s:
            found.append((piece.number, piece.first_s))
        found.append((piece.number, piece.last_s))
    return tuple(found)


def clash(one: StandingPerson, other: StandingPerson) -> bool:
    """Whether two people were in view at the same time."""
    return any(together((a.first_s, a.last_s), (b.first_s, b.last_s)) for a in one.pieces for b in other.pieces)


def play(base: Linked, drawn: Sequence[Draw]) -> list[Said]:
    """All edits of a session that were not refused."""
    fold, said = Fold(base), []
    for each in drawn:
        edit = said_of(fold, each)
        if edit is not None:
            fold.say(edit)
            said.append(edit)
    return said
