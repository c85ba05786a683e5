"""The table of recordings that show one place, as the tenth migration makes it; never changed once released.

Owns: its schema. May import: `engine.store.sqlite`.
"""

from __future__ import annotations

from engine.store.sqlite import Connection


def make(db: Connection) -> None:
    """Make the table; the caller holds the writing transaction."""
    # A pair is kept once, the smaller id first: whoever declares it the other way round finds the same row.
    db.executescript("""
        CREATE TABLE camera_pairs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            first TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            second TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            offset_s REAL NOT NULL,
            drift REAL NOT NULL,
            uncertainty_s REAL NOT NULL CHECK (uncertainty_s >= 0),
            agreement REAL NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('estimated', 'by-hand')),
            set_utc TEXT NOT NULL,
            UNIQUE (first, second),
            CHECK (first < second)
        ) STRICT;
        CREATE INDEX camera_pairs_of_second ON camera_pairs (second);
    """)
