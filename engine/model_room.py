"""The models of this machine: what is there for each task, which is used, and how to bring more.

May import: `engine.core`, `engine.store`, `engine.tiers`, `engine.weights`.
"""

from __future__ import annotations

from engine.core.config import Settings
from engine.store.database import Database


class ModelRoom:
    """Shows, fetches, imports, verifies and chooses models.

    Args:
        database: the store, which remembers the choices.
        settings: where models are kept.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
