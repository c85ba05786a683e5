"""Pairs that may be the same person, within one recording and across all, the most worthwhile first.

May import: `engine.core`, `engine.everybody`, `engine.identities`, `engine.identity`, `engine.store`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.core.config import AnalysisConfig
from engine.core.errors import SightlineError
from engine.core.identity import PIECE, DoubtfulPair, EditDraft, IdentityVectors, PersonRef
from engine.core.views import CropView, PersonView
from engine.everybody import Everybody
from engine.identities import Identities
from engine.identity.doubtful import doubtful_links
from engine.identity.gallery import GalleryMatching
from engine.store.database import Database
from engine.store.identity import IdentityTable
from engine.store.results import ResultTable

SHOWN = 6
"""Views of each of the two."""

Known = tuple[int, tuple[tuple[float, DoubtfulPair], ...]]
"""Revision of a footage's journal, and its pairs with what they are worth."""


class DoubtfulPairs:
    """Finds them. Thread-safe.

    Args:
        database: the store.
        identity: what analysts said of who is who.
    """

    def __init__(self, database: Database, identity: Identities) -> None:
        self._vectors = IdentityTable(database)
        self._results = ResultTable(database)
        self._identity = identity
        self._known: dict[str, Known] = {}

    def of(self, everybody: Everybody, matching: GalleryMatching, footage: str, limit: int) -> tuple[DoubtfulPair, ...]:
        """Pairs that nobody has answered.

        Args:
            everybody: who there is.
            matching: who is whom, and what it offers across recordings.
            footage: id of the recording that one of the two is in, "" for all.
            limit: how many at most.
        """
        found = [*self._within(everybody, footage), *_across(everybody, matching, footage)]
        found.sort(key=lambda pair: (-pair[0], pair[1].first.footage, pair[1].first.label, pair[1].second.label))
        return tuple(pair for _, pair in found[:limit])

    def _within(self, everybody: Everybody, footage: str) -> Iterator[tuple[float, DoubtfulPair]]:
        people: dict[str, list[tuple[PersonRef, PersonView]]] = {}
        for ref, person in zip(everybody.refs, everybody.people, strict=True):
            if footage in ("", ref.footage):
                people.setdefault(ref.run, []).append((ref, person))
        for run, mine in people.items():
            revision = self._identity.revision(mine[0][0].footage)
            known = self._known.get(run)
            if known is None or known[0] != revision:
                self._known[run] = known = (revision, tuple(self._of_run(run, mine)))
            yield from known[1]

    def _of_run(self, run: str, people: Sequence[tuple[PersonRef, PersonView]]) -> Iterator[tuple[float, DoubtfulPair]]:
        found = self._vectors.of_run(run)
        if found is None or len(people) < 2:
            return
        vectors, scale = found
        by_number = {frozenset(one.tracklet for one in person.presence): (ref, person) for ref, person in people}
        spans = {one.tracklet: (one.start_s, one.end_s) for _, person in people for one in person.presence}
        config = AnalysisConfig.from_dict(json.loads(self._results.run(run).config_json)).link
        shown = _by_piece(vectors, [person for _, person in people])
        for link in doubtful_links([sorted(numbers) for numbers in by_number], spans, shown, config, scale):
            first, second = by_number[frozenset(link.first)], by_number[frozenset(link.second)]
            seconds = min(first[1].visible_s, second[1].visible_s)
            if not self._answered(first[0], second[0]):
                worth = seconds * 2.0 * min(link.score, 1.0 - link.score)
                yield worth, _pair(first, second, (link.similarity, link.score, seconds))

    def _answered(self, first: PersonRef, second: PersonRef) -> bool:
        """Whether an analyst said that two of one recording are not the same, or they cannot be."""
        try:
            preview = self._identity.preview(EditDraft("merge", first.run, first.label, second.label))
        except SightlineError:
            return True
        return bool({"together", "distinct"} & set(preview.warnings))


def _by_piece(vectors: IdentityVectors, people: Sequence[PersonView]) -> IdentityVectors:
    """Vectors under the numbers that persons name their appearances by; views of nobody are left out."""
    shown = {(crop.tracklet % PIECE, crop.rank): crop.tracklet for person in people for crop in person.crops}
    named = zip(vectors.tracklets.tolist(), vectors.ranks.tolist(), strict=True)
    numbers = np.array([shown.get(view, -1) for view in named], np.int64)
    return replace(vectors, tracklets=numbers)[numbers >= 0]


def _across(everybody: Everybody, matching: GalleryMatching, footage: str) -> Iterator[tuple[float, DoubtfulPair]]:
    for pair in matching.offered:
        sides = [(everybody.refs[row], everybody.people[row]) for row in (pair.first, pair.second)]
        if footage and footage not in (sides[0][0].footage, sides[1][0].footage):
            continue
        yield pair.worth, _pair(sides[0], sides[1], (pair.similarity, pair.score, pair.seconds))


def _pair(
    first: tuple[PersonRef, PersonView], second: tuple[PersonRef, PersonView], told: tuple[float, float, float]
) -> DoubtfulPair:
    similarity, score, seconds = told
    return DoubtfulPair(first[0], second[0], similarity, score, seconds, _best(first[1]), _best(second[1]))


def _best(person: PersonView) -> tuple[CropView, ...]:
    return person.crops[:SHOWN]
