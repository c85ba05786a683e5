"""What people say about their footage, and where it comes from: tags, cameras, start times, folders.

May import: `engine.core`, `engine.store`, `engine.media`.
"""

from __future__ import annotations

from engine.core.config import Settings
from engine.store.database import Database


class Library:
    """Keeps what is known of footage beside the files themselves.

    Args:
        database: the store.
        settings: where things are and which folders may be read.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
