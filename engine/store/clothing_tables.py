"""The tables of clothing and search, as the eighth migration makes them; never changed once released.

Owns: their schema. May import: `engine.store.sqlite`.
"""

from __future__ import annotations

from engine.store.sqlite import Connection

_TRACKLET = "FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED"


def make(db: Connection) -> None:
    """Make the tables; the caller holds the writing transaction."""
    # Ids of sets and rows are never given twice: what was made of one that is gone cannot be taken for a later one.
    packed = f"""
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            packed BLOB NOT NULL,
            UNIQUE (stage, number),
            {_TRACKLET}
    """
    db.executescript(f"""
        CREATE TABLE clothing_sets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            stage TEXT NOT NULL UNIQUE REFERENCES stages (key) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('readings', 'vectors'))
        ) STRICT;
        CREATE TABLE clothing_readings ({packed}) STRICT;
        CREATE INDEX clothing_readings_of_tracklet ON clothing_readings (tracklets_key, number);
        CREATE TABLE crop_vectors ({packed}) STRICT;
        CREATE INDEX crop_vectors_of_tracklet ON crop_vectors (tracklets_key, number);
        CREATE TABLE crop_captions (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            rank INTEGER NOT NULL,
            caption TEXT NOT NULL,
            PRIMARY KEY (stage, number, rank),
            {_TRACKLET}
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX crop_captions_of_tracklet ON crop_captions (tracklets_key, number);
        CREATE TABLE saved_searches (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            config_json TEXT NOT NULL,
            watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
            made_utc TEXT NOT NULL
        ) STRICT;
        CREATE TABLE search_finds (
            search INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            run TEXT NOT NULL,
            label TEXT NOT NULL,
            looked INTEGER NOT NULL DEFAULT 0 CHECK (looked IN (0, 1)),
            PRIMARY KEY (search, run, label)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX search_finds_of_footage ON search_finds (footage);
        CREATE TABLE search_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            text TEXT NOT NULL,
            config_json TEXT NOT NULL,
            asked_by TEXT NOT NULL CHECK (asked_by IN ('page', 'command', 'watch')),
            hits INTEGER NOT NULL,
            tier TEXT NOT NULL,
            said_utc TEXT NOT NULL,
            pictures TEXT NOT NULL
        ) STRICT;
    """)
