"""The people of an answer, put together for showing: their best view, their clothes, and the evidence for each.

May import: `engine.core`, `engine.search`, `engine.wardrobe`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.clothing import ClothingReadings
from engine.core.search import SearchHit, Understood
from engine.core.views import CropView, PersonView
from engine.search.ranking import evidence, rank
from engine.search.votes import pack, vote
from engine.wardrobe import Found

VIEWS_TRIED = 12
"""Best views of a person among which the one that fits a query is looked for."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How somebody came out in a search.

    Attributes:
        rank: place in the answer, from 1.
        score: final, in [0, 1].
        similarity: of the slots or of a network's embeddings, in [0, 1].
        matching: of a network's matching head, None where it was not asked.
        tier: what answered.
        view: tracklet and rank of the view to show; None: the one that fits best.
    """

    rank: int
    score: float
    similarity: float
    matching: float | None
    tier: str
    view: tuple[int, int] | None


def hits(people: Found, understood: Understood, placed: Sequence[tuple[int, Placed]]) -> tuple[SearchHit, ...]:
    """Those who are shown.

    Args:
        people: who could be found.
        understood: what was asked.
        placed: row among them, and how they came out, best first.

    Raises:
        StoreError: the store cannot be read, or a run was removed meanwhile.
    """
    shelves = [people.whose(row) for row, _ in placed]
    persons = [people.wardrobe.shown(shelf.source, label) for shelf, label in shelves]
    worn = [
        people.wardrobe.readings(shelf.source, person, people.sample_s)
        for (shelf, _), person in zip(shelves, persons, strict=True)
    ]
    crops = _crops(persons, worn, understood, [each.view for _, each in placed])
    runs = dict.fromkeys(shelf.source.run for shelf, _ in shelves)
    captions = {run: people.wardrobe.clothing.captions(run) for run in runs}
    found = []
    for place, (row, how) in enumerate(placed):
        (shelf, label), person, crop = shelves[place], persons[place], crops[place]
        votes = vote(worn[place], [stretch.tracklet for stretch in person.presence])
        found.append(
            SearchHit(
                rank=how.rank,
                footage=shelf.source.footage,
                footage_name=people.place(row).name,
                run=shelf.source.run,
                person=label,
                name=person.name,
                t=crop.t,
                crop=crop,
                score=how.score,
                similarity=how.similarity,
                matching=how.matching,
                tier=how.tier,
                evidence=evidence(votes, understood),
                slots=votes,
                caption=captions[shelf.source.run].get((crop.tracklet, crop.rank), "")
                or _caption(person, captions[shelf.source.run]),
            )
        )
    return tuple(found)


def _caption(person: PersonView, captions: dict[tuple[int, int], str]) -> str:
    """What was written of somebody's other views, the best first."""
    return next(filter(None, (captions.get((crop.tracklet, crop.rank), "") for crop in person.crops)), "")


def _crops(
    persons: Sequence[PersonView],
    worn: Sequence[ClothingReadings],
    understood: Understood,
    named: Sequence[tuple[int, int] | None],
) -> list[CropView]:
    """The view of each person that is shown: the named one, else the one that fits best what was asked."""
    chosen = [
        next((crop for crop in person.crops if (crop.tracklet, crop.rank) == view), None)
        for person, view in zip(persons, named, strict=True)
    ]
    tried = [
        person.crops[: VIEWS_TRIED if understood.chips and crop is None else 1]
        for person, crop in zip(persons, chosen, strict=True)
    ]
    # One table of all views of all people: ranked once.
    first = np.cumsum([0, *(len(each) for each in tried)])
    owners = []
    for place, readings in enumerate(worn):
        rows = {(crop.tracklet, crop.rank): int(first[place]) + at for at, crop in enumerate(tried[place])}
        views = zip(readings.tracklets.tolist(), readings.ranks.tolist(), strict=True)
        owners += [rows.get(view, -1) for view in views]
    table = pack(ClothingReadings.concatenate(worn), np.array(owners, np.int64), int(first[-1]))
    scores = rank(table, understood)
    return [
        crop or views[int(scores[first[place] : first[place + 1]].argmax())]
        for place, (crop, views) in enumerate(zip(chosen, tried, strict=True))
    ]
