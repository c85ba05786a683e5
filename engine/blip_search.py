"""Views of footage that was analysed before a network for clothes and sentences was here: they are embedded late.

A checkpoint that was just trained or fetched is used by the next search. What an analysis embeds, and what is embedded
here, has one key: neither is ever done twice. May import: `engine.core`, `engine.store`, `engine.tiers`, and the
joiners beside it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from engine.clothing_step import KeptViews, embed_clothing
from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.core.views import FootageView, RunView, StageView
from engine.steps import Step
from engine.store.clothing import ClothingTable
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.later_stages import LaterStages
from engine.store.results import ResultTable
from engine.tiers import Backend, choose_clothing_text

log = logging.getLogger(__name__)

STAGE = "embeddings"
"""Name of the stage, as an analysis calls it."""

MOST_VIEWS = 120
"""Views that one search embeds at most: a minute and a half with the base network on two cores. Footage beyond that is
embedded by the searches that follow, or when it is analysed again, which computes nothing else."""


class LateEmbeddings:
    """Embeds kept views of the newest runs that have no embeddings of the network that is here. Thread-safe.

    Args:
        database: the store.
        settings: where footage and checkpoints are.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._settings = settings
        self._clothing = ClothingTable(database)
        self._results = ResultTable(database)
        self._footage = FootageTable(database)
        self._later = LaterStages(database)
        self._guard = threading.Lock()
        self._refused: set[tuple[str, str]] = set()

    def catch_up(self, most: int = MOST_VIEWS) -> int:
        """Embed what is missing, the smallest footage first; nothing is done where there is no network.

        Args:
            most: views to embed at most; the first footage is always embedded whole.

        Returns:
            How many footages were embedded.

        Raises:
            ModelError: the network cannot be loaded, or fails.
        """
        backend = choose_clothing_text(self._settings)
        if backend is None:
            return 0
        with self._guard:
            return self._embed(backend, most)

    def missing(self, version: str) -> list[tuple[int, FootageView, RunView]]:
        """Number of views, footage and newest run of what a version of the network has not seen, the smallest first."""
        have = {each.run for each in self._clothing.sets("vectors") if each.version == version}
        found = []
        for each in self._clothing.sets("readings"):
            if each.run in have or (each.run, version) in self._refused:
                continue
            run = self._results.run(each.run)
            views = len(self._results.crops(_key(run, "crops")))
            found.append((views, self._footage.get(each.footage), run))
        return sorted(found, key=lambda row: (row[0], row[1].id))

    def _embed(self, backend: Backend, most: int) -> int:
        build = cache(backend.build)  # loaded when it is needed, and once for all footage
        done, left = 0, most
        for views, footage, run in self.missing(backend.card.version):
            if done and views > left:
                break
            try:
                self._embed_run(backend, build, footage, run)
            except FootageError as error:
                # Its pictures are gone or damaged: it is found by colours alone, and not tried with every search.
                log.warning("run %s cannot be embedded: %s", run.id, error.kind)
                self._refused.add((run.id, backend.card.version))
                continue
            done, left = done + 1, left - views
            log.info("embedded %d views of run %s", views, run.id)
        return done

    def _embed_run(self, backend: Backend, build: Callable[[], Any], footage: FootageView, run: RunView) -> None:
        needs = (_key(run, "track"), _key(run, "crops"))
        step = Step(STAGE, backend.card, {}, needs)
        record = self._results.finished(step.key(footage))
        cached = record is not None
        if record is None:
            begun = time.monotonic()
            folder = self._settings.media / footage.sha256
            kept = KeptViews(folder, (footage.media.width, footage.media.height), *needs)
            save = embed_clothing(self._results, self._clothing, kept, build, _Nobody())
            record = step.record(footage, time.monotonic() - begun)
            save(record)
        self._later.add(
            run.id, StageView(STAGE, backend.card.name, backend.card.version, record.seconds, cached, record.key)
        )


class _Nobody:
    """Hears no progress and never asks to stop: a search has nobody to tell."""

    def progress(self, stage: str, done: float, total: float) -> None:
        """Nothing is told."""

    def checkpoint(self) -> None:
        """Nobody asks to stop."""


def _key(run: RunView, stage: str) -> str:
    return next(each.key for each in run.stages if each.name == stage)
