"""Whom the lines of the journal were about when they were said, in the labels of one analysis.

A label belongs to what stood before the line: whoever was merged into somebody else is nobody afterwards.
May import: `engine.core`, `engine.folding`, `engine.store`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.core.cuts import StandingPerson
from engine.core.identity import JournalEntry, Mention, Spot
from engine.core.views import RunView
from engine.folding import Bench, Newest, footages_of, link_stage
from engine.identity.parts import Point
from engine.store.journal import JournalTable
from engine.store.results import ResultTable

TWO_SIDED = ("merge", "swap", "distinct")
"""Edits about two people; the others are about one."""


def mentions(
    journal: JournalTable, results: ResultTable, run: RunView, entries: Iterable[JournalEntry]
) -> dict[int, tuple[Mention, ...]]:
    """Whom each edit of a footage was about.

    Args:
        journal: knows where spots are.
        results: the analyses.
        run: in whose labels people of its footage are named; those of other footage in the newest analysis of theirs.
        entries: lines of the footage, oldest first; undo and redo are passed over.

    Returns:
        Id of the line -> the one whom it is about, and the other where it is about two.
    """
    bench = Bench(journal, results, link_stage(run), ())
    newest = Newest(journal, results)
    people = bench.fold.persons()
    found: dict[int, tuple[Mention, ...]] = {}
    places: dict[int, tuple[tuple[Spot, ...], ...]] = {}
    for entry in entries:
        if entry.takes_back is not None or entry.brings_back is not None:
            continue
        edit = entry.edit
        sides: tuple[tuple[Spot, ...], ...] = (edit.first, edit.second) if edit.kind in TWO_SIDED else (edit.first,)
        found[entry.id] = tuple(_mention(spots, run.footage, bench, people, newest) for spots in sides)
        if entry.stands and len(footages_of(edit)) == 1:
            bench.fold.say(bench.said(edit))
            people = bench.fold.persons()
        places[entry.id] = sides
    return {
        line: tuple(
            replace(one, now=_mention(spots, run.footage, bench, people, newest).label)
            for one, spots in zip(found[line], sides, strict=True)
        )
        for line, sides in places.items()
    }


def _mention(
    spots: Sequence[Spot], footage: str, bench: Bench, people: Sequence[StandingPerson], newest: Newest
) -> Mention:
    spot = spots[0]
    if spot.footage != footage:
        refs = newest.people(spots)
        return Mention(spot.footage, refs[0].label if refs else "", "", spot.t, "")
    owners = Counter(place for point in bench.spots.points(spots) if (place := _owner(point, people)) is not None)
    if not owners:
        return Mention(footage, "", "", spot.t, "")
    person = people[owners.most_common(1)[0][0]]
    return Mention(footage, person.label, person.name, spot.t, "")


def _owner(point: Point, people: Sequence[StandingPerson]) -> int | None:
    number, t = point
    for place, person in enumerate(people):
        for piece in person.pieces:
            after = piece.from_s is None or piece.from_s <= t
            if piece.number == number and after and (piece.until_s is None or t < piece.until_s):
                return place
    return None
