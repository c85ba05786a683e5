"""The room where people are found by what they wear: in words, by a picture of somebody, and by saved searches.

Every search is limited first, then ranked, then put into the log of the store; the words of a query are never logged
anywhere else. May import: `engine.core`, `engine.search`, `engine.store`, and the joiners beside it.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.blip_search import LateEmbeddings
from engine.core.config import Settings
from engine.core.errors import SearchError, SightlineError
from engine.core.search import (
    AGREES,
    CONTRADICTS,
    Chip,
    LoggedSearch,
    SavedSearch,
    SearchAnswer,
    SearchConfig,
    SearchHit,
    Understood,
)
from engine.core.views import RunView
from engine.export.hits import hits_text, write_hits
from engine.hits import hits
from engine.lookalikes import Asked, Lookalikes
from engine.rankings import Ranking, best, joined, thinned
from engine.search.query import understand, understand_chips
from engine.second_opinion import SecondOpinion
from engine.store.database import Database
from engine.store.searches import SearchTable
from engine.wardrobe import Found, Wardrobe

log = logging.getLogger(__name__)

LONGEST_NAME = 80
"""Longest name of a saved search, characters."""

NOTHING = Understood(text="", chips=(), unknown=(), english="")

Query = str | Sequence[Chip] | Understood
"""What is asked: words as typed, chips as somebody left them, or both."""


class Searching:
    """Finds people in the newest analysis of each footage. Thread-safe.

    Args:
        database: the store.
        settings: where things are, and whether emotions may be asked for.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._settings = settings
        self._table = SearchTable(database)
        self._wardrobe = Wardrobe(database)
        self._lookalikes = Lookalikes(settings, self._wardrobe)
        self._second = SecondOpinion(settings, self._wardrobe, self._lookalikes)
        self._late = LateEmbeddings(database, settings)

    # In words

    def understand(self, text: str) -> Understood:
        """What is understood of a query, without searching.

        Raises:
            SearchError: it is too long, or asks for too many things.
        """
        return understand(text)

    def words(self, language: str) -> tuple[tuple[str, str, str, str], ...]:
        """Everything a chip may hold and what may be seen: kind, canonical word, name in a language, region.

        Raises:
            ValueError: the language is neither "en" nor "ko".
        """
        from engine.search.words import vocabulary

        return vocabulary(language)

    def find(self, query: Query, config: SearchConfig | None = None, by: str = "page") -> SearchAnswer:
        """Find people by what they wear.

        Args:
            query: words; or chips that were edited, alone or together with the words they came from. Nothing understood
                finds nobody.
            config: what limits it; None for no limits.
            by: who asks: "page", "command" or "watch".

        Returns:
            The people, best first, with the evidence for each.

        Raises:
            SearchError: the query is too long, or asks for an emotion where those are switched off.
            StoreError: the store cannot be read.
        """
        begun = time.monotonic()
        config = config or SearchConfig()
        understood = self._asked(query)
        answer = self._ranked(understood, config)
        answer = replace(answer, seconds=time.monotonic() - begun)
        self._note(answer, by, text=understood.text or understood.english)
        return answer

    # By a picture

    def similar(
        self, footage: str, tracklet: int, rank: int, config: SearchConfig | None = None, by: str = "page"
    ) -> SearchAnswer:
        """Find people dressed like the one in a kept view; that person is left out.

        Args:
            footage: id of the footage.
            tracklet: number of the tracklet in its newest run.
            rank: of the view within it.
            config: what limits it; None for no limits.
            by: as in `find`.

        Raises:
            SearchError: nothing was read in that view.
            StoreError: there is no such footage.
        """
        begun = time.monotonic()
        config = config or SearchConfig()
        query = self._lookalikes.of_view(footage, tracklet, rank)
        answer = self._alike(query, self._second.asked_of_view(footage, (tracklet, rank)), config)
        answer = replace(answer, seconds=time.monotonic() - begun)
        self._note(answer, by)
        return answer

    def similar_to_picture(self, data: bytes, config: SearchConfig | None = None, by: str = "page") -> SearchAnswer:
        """Find people dressed like the one in a photograph.

        Args:
            data: the bytes of a picture file; the largest person in it is taken.
            config: what limits it; None for no limits.
            by: as in `find`.

        Raises:
            SearchError: the file is too large or no picture, or nobody is found in it.
            ModelMissing: a model is not on this machine.
        """
        begun = time.monotonic()
        config = config or SearchConfig()
        query, image = self._lookalikes.of_photograph(data)
        answer = self._alike(query, self._second.asked_of_picture(image), config)
        answer = replace(answer, seconds=time.monotonic() - begun)
        self._note(answer, by, pictures=hashlib.sha256(data).hexdigest())
        return answer

    # Saved searches

    def save(self, name: str, text: str, config: SearchConfig | None = None, *, watched: bool = False) -> SavedSearch:
        """Keep a search; one of the same name is replaced.

        Args:
            name: at most 80 characters, blanks around it dropped.
            text: the query; something in it must be understood.
            config: what limits it; None for no limits.
            watched: search footage by it that is analysed from now on.

        Raises:
            SearchError: the name is empty, too long or holds control characters; or nothing of the query is understood.
        """
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise SearchError(f"Give the search a name of at most {LONGEST_NAME} letters.")
        if not self.understand(text).chips:
            raise SearchError("Nothing in this query is understood, so it would find nobody. Name clothes or colours.")
        return self._table.save(name, text, config or SearchConfig(), watched=watched)

    def saved(self) -> tuple[SavedSearch, ...]:
        """Saved searches, newest first, each with the new people it has found since somebody looked."""
        return self._table.saved()

    def watch(self, id: int, watched: bool) -> None:  # noqa: A002 - as the value calls it
        """Say whether footage that is analysed from now on is searched by a saved search.

        Raises:
            StoreError: there is no such search.
        """
        self._table.watch(id, watched)

    def finds(self, id: int) -> tuple[tuple[str, str, str], ...]:  # noqa: A002
        """Footage id, run id and label of the new people a watched search has found since somebody looked."""
        return self._table.finds(id)

    def looked(self, id: int) -> None:  # noqa: A002
        """Somebody has looked at what a watched search found: it counts from 0 again."""
        self._table.looked(id)

    def forget(self, id: int) -> None:  # noqa: A002
        """Drop a saved search; nothing happens if it is not there."""
        self._table.forget(id)

    def look_out(self, run: RunView) -> None:
        """Search a run that has just finished by every watched search, and note whom each finds.

        Somebody counts as found who reaches the search's least score, whom nothing contradicts, and in whose favour
        something speaks. A search that cannot be made is passed over: it must not keep an analysis from ending.
        """
        for search in self._table.saved():
            if not search.watched or search.config.footage not in ((), (run.footage,)):
                continue
            try:
                config = replace(search.config, footage=(run.footage,), top=1000)
                answer = self.find(search.text, config, by="watch")
                labels = [hit.person for hit in answer.hits if hit.run == run.id and convincing(hit)]
                self._table.note_finds(search.id, run.footage, run.id, labels)
            except SightlineError as error:
                log.warning("watched search %d could not be made: %s", search.id, type(error).__name__)

    # What was asked, and taking it along

    def log(self, most: int = 500) -> tuple[LoggedSearch, ...]:
        """Searches that were made, newest first."""
        return self._table.logged(most)

    def csv_text(self, answer: SearchAnswer) -> str:
        """The people of an answer as a table; cells that a spreadsheet would compute are made plain text."""
        return hits_text(answer)

    def export_csv(self, answer: SearchAnswer, path: Path) -> Path:
        """Write the same to a file.

        Returns:
            The file.

        Raises:
            ExportError: the file cannot be written.
        """
        write_hits(answer, path)
        return path

    # Inside

    def _asked(self, query: Query) -> Understood:
        if isinstance(query, str):
            return self.understand(query)
        if isinstance(query, Understood):
            return query
        return understand_chips(query)

    def _ranked(self, understood: Understood, config: SearchConfig) -> SearchAnswer:
        self._check(config)
        if understood.english:
            self._late.catch_up()
        people = self._wardrobe.people(config)
        opinion = self._second.of_words(understood.english, people)
        if understood.chips:
            ranking = joined(people.rank(understood), opinion)
        elif opinion is not None:
            # Words such as "woman", which only a network can hold against pictures.
            ranking = Ranking(
                np.nan_to_num(opinion.scores), "blip", np.nan_to_num(opinion.likeness), opinion.matching, opinion.views
            )
        else:
            ranking = Ranking(np.zeros(len(people), np.float32), "slots")
        return self._answer(understood, config, people, ranking, understood.english if opinion else "")

    def _alike(self, query: Asked, second: Asked | None, config: SearchConfig) -> SearchAnswer:
        self._check(config)
        people = self._wardrobe.people(config, without=query.person)
        slots, views = self._lookalikes.scores(query, people)
        opinion = self._second.of_pictures(second, people)
        return self._answer(NOTHING, config, people, joined(np.nan_to_num(slots), opinion, views))

    def _answer(
        self, understood: Understood, config: SearchConfig, people: Found, ranking: Ranking, english: str = ""
    ) -> SearchAnswer:
        scores = ranking.scores
        # Of a query in which nothing was understood nobody is an answer.
        asked = bool(understood.chips) or understood is NOTHING or ranking.tier == "blip"
        kept = int((scores >= config.min_score).sum()) if asked else 0
        rows = best(scores, min(kept, config.top)).tolist()
        placed = [(row, ranking.place(row, at)) for at, row in enumerate(rows, 1)]
        return SearchAnswer(
            understood=understood,
            config=config,
            hits=hits(people, understood, placed),
            considered=len(scores),
            below=len(scores) - kept if asked else 0,
            unread=people.unread,
            scores=tuple(thinned(scores).tolist()),
            tier=ranking.tier,
            english=english,
            seconds=0.0,
            undated=people.undated,
        )

    def _check(self, config: SearchConfig) -> None:
        if config.emotion and not self._settings.emotions:
            raise SearchError("Emotions are switched off on this site. Take the emotion out of the search.")

    def _note(self, answer: SearchAnswer, by: str, *, text: str = "", pictures: str = "") -> None:
        found = len(answer.hits)
        self._table.note(LoggedSearch(0, text, answer.config, by, found, answer.tier, "", pictures))
        log.info("search: %d of %d people, %.3f s", found, answer.considered, answer.seconds)


def convincing(hit: SearchHit) -> bool:
    """Whether something of a query speaks for somebody, and nothing against."""
    verdicts = {each.verdict for each in hit.evidence}
    return AGREES in verdicts and CONTRADICTS not in verdicts
