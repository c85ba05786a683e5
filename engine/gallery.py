"""The room of the gallery: everybody in all footage, each once, and the pairs that nobody is sure of.

Who is whom is worked out anew whenever an analysis was finished or an analyst said something, and kept in memory
after. May import: `engine.core`, `engine.identity`, `engine.store`, and the joiners beside it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.anomalies import Anomalies
from engine.answers import Answers
from engine.core.dossier import Dossier, GalleryConfig, GalleryQuery
from engine.core.errors import StoreError
from engine.core.identity import Appearance, DoubtfulPair, IdentityView, PersonRef
from engine.dossiers import dossier_of
from engine.doubtful_pairs import DoubtfulPairs
from engine.everybody import Crowds, Everybody, Views
from engine.gallery_query import Person, wanted
from engine.identities import Identities
from engine.identity.gallery import GalleryMatching, GalleryPerson, match_people
from engine.identity.voting import VectorSpace
from engine.store.database import Database

log = logging.getLogger(__name__)

MOST_PAIRS = 50

EVERYBODY = GalleryQuery()


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The gallery at one time.

    Attributes:
        everybody: who there is.
        matching: who is whom, by rows of `everybody`.
        identities: in order of first appearance.
        of: row of `identities` by footage and label.
    """

    everybody: Everybody
    matching: GalleryMatching
    identities: tuple[IdentityView, ...]
    of: dict[Person, int]


class Gallery:
    """Who is the same person in all footage. Thread-safe.

    Args:
        database: the store.
        identity: what analysts said of who is who.
        answers: what analyses found.
        anomalies: what was out of the ordinary.
        config: what a match needs.
    """

    def __init__(
        self,
        database: Database,
        identity: Identities,
        answers: Answers,
        anomalies: Anomalies,
        config: GalleryConfig | None = None,
    ) -> None:
        self._identity = identity
        self._answers = answers
        self._anomalies = anomalies
        self._config = config or GalleryConfig()
        self._crowds = Crowds(database, identity)
        self._pairs = DoubtfulPairs(database, identity)
        self._guard = threading.Lock()
        self._known: Matched | None = None

    def now(self) -> Matched:
        """The gallery as the store stands.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._guard:
            everybody = self._crowds.now()
            if self._known is None or self._known.everybody is not everybody:
                self._known = self._matched(everybody)
            return self._known

    def revision(self) -> str:
        """Another word whenever anybody may be somebody else."""
        return self.now().everybody.stamp

    def identities(self, query: GalleryQuery = EVERYBODY) -> tuple[IdentityView, ...]:
        """Those that a query asks for, in its order."""
        known = self.now()
        alarmed = self.alarms() if query.alarms else ()
        return wanted(known.identities, query, known.everybody.recordings, alarmed)

    def identity(self, id: str) -> IdentityView:  # noqa: A002 - the value's name
        """Somebody.

        Args:
            id: of the identity, or "<footage>-<label>" of any of its appearances.

        Raises:
            StoreError: there is nobody of that id.
        """
        footage, _, label = id.partition("-")
        known = self.now()
        row = known.of.get((footage, label))
        if row is None:
            raise StoreError("There is nobody of this name in the gallery any more. Go back to everybody.", detail=id)
        return known.identities[row]

    def of(self, run: str, label: str) -> IdentityView:
        """Who a person of a run is.

        Args:
            run: newest run of its footage; people of older ones are in no gallery.
            label: of the person in it.

        Raises:
            StoreError: the run is not the newest of its footage, or has no such person.
        """
        return self.identity(f"{self._answers.run(run).footage}-{label}")

    def doubtful(self, footage: str | None = None, limit: int = MOST_PAIRS) -> tuple[DoubtfulPair, ...]:
        """Pairs that may be the same person, those whose answer changes most first.

        Never two who were in view together in one recording, or of whom an analyst said what they are.

        Args:
            footage: id of the recording that one of the two is in, None or "" for all.
            limit: how many at most.
        """
        known = self.now()
        return self._pairs.of(known.everybody, known.matching, footage or "", limit)

    def dossier(self, id: str) -> Dossier:  # noqa: A002
        """All that is known of somebody.

        Raises:
            StoreError: there is nobody of that id.
        """
        identity, known = self.identity(id), self.now()
        names = {person: known.identities[row] for person, row in known.of.items()}
        return dossier_of(identity, known.everybody.recordings, names, (self._answers, self._anomalies))

    def alarms(self) -> frozenset[Person]:
        """Footage and label of people with an event that nobody dismissed."""
        return frozenset(
            (item.event.footage, item.event.person)
            for item in self._anomalies.events()
            if item.event.person and item.verdict != "dismissed"
        )

    def among(self, footage: Sequence[str]) -> tuple[IdentityView, ...]:
        """Who would be whom if there were no other recordings than these.

        Args:
            footage: ids.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._matched(self.now().everybody.within(footage)).identities

    def likeness(self, ref: PersonRef, others: Sequence[PersonRef]) -> tuple[float, ...]:
        """How alike somebody looks to others: cosines of mean vectors, in [-1, 1].

        Args:
            ref: of a newest run.
            others: likewise.

        Returns:
            One for each; -1 where no views of the two can be compared.
        """
        everybody = self.now().everybody
        rows = {each: row for row, each in enumerate(everybody.refs)}
        found = np.full(len(others), -1.0)
        for space in map(_space, everybody.views):
            means = space.means(len(everybody.refs))
            seen = np.linalg.norm(means, axis=1) > 0
            for place, other in enumerate(others):
                if ref in rows and other in rows and seen[rows[ref]] and seen[rows[other]]:
                    found[place] = max(found[place], float(means[rows[ref]] @ means[rows[other]]))
        return tuple(found.tolist())

    def _matched(self, everybody: Everybody) -> Matched:
        begun = time.monotonic()
        refs = everybody.refs
        people = [
            GalleryPerson(f"{ref.footage}-{ref.label}", ref.footage, person.name, person.visible_s)
            for ref, person in zip(refs, everybody.people, strict=True)
        ]
        said, row = self._identity.constraints(), {ref: row for row, ref in enumerate(refs)}
        must, cannot = (
            [(rows[0], rows[1]) for pair in pairs if len(rows := [row[ref] for ref in pair if ref in row]) == 2]
            for pairs in (said.must, said.cannot)
        )
        spaces = [_space(views) for views in everybody.views]
        matching = match_people(people, spaces, must=must, cannot=cannot, config=self._config)
        identities = tuple(_identity(group, everybody, matching) for group in matching.groups)
        of = {
            (each.ref.footage, each.ref.label): place
            for place, identity in enumerate(identities)
            for each in identity.appearances
        }
        log.info("gallery: %d people, %d identities, %.2f s", len(refs), len(identities), time.monotonic() - begun)
        return Matched(everybody, matching, identities, of)


def _space(views: Views) -> VectorSpace:
    return VectorSpace(views.owner, views.vectors, views.quality, views.scale)


def _identity(group: tuple[int, ...], everybody: Everybody, matching: GalleryMatching) -> IdentityView:
    """Somebody of some rows of everybody, which are in order of appearance already."""
    appearances = tuple(
        Appearance(
            ref=everybody.refs[row],
            footage_name=everybody.recordings[everybody.refs[row].footage].footage.name,
            person=everybody.people[row],
            score=matching.scores[row],
            by=matching.by[row],
        )
        for row in group
    )
    first: PersonRef = appearances[0].ref
    name = next((each.person.name for each in appearances if each.person.name), "")
    return IdentityView(f"{first.footage}-{first.label}", name, appearances)
