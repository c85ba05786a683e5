"""The tables of what people look like as vectors, as their migration makes them; never changed once released.

Owns: their schema. May import: `engine.store.sqlite`.
"""

from __future__ import annotations

from engine.store.sqlite import Connection

_TRACKLET = "FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED"


def make(db: Connection) -> None:
    """Make the tables; the caller holds the writing transaction."""
    # Ids of sets and rows are never given twice: what was made of one that is gone cannot be taken for a later one.
    db.executescript(f"""
        CREATE TABLE identity_sets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            stage TEXT NOT NULL UNIQUE REFERENCES stages (key) ON DELETE CASCADE,
            size INTEGER NOT NULL,
            different REAL NOT NULL,
            same REAL NOT NULL CHECK (same > different)
        ) STRICT;
        CREATE TABLE identity_vectors (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            packed BLOB NOT NULL,
            UNIQUE (stage, number),
            {_TRACKLET}
        ) STRICT;
        CREATE INDEX identity_vectors_of_tracklet ON identity_vectors (tracklets_key, number);
    """)
