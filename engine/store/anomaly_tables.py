"""The tables of anomalies and their reviews, as the ninth migration makes them; never changed once released.

Owns: their schema. May import: `engine.store.sqlite`.
"""

from __future__ import annotations

from engine.store.sqlite import Connection

_TRACKLET = "FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED"
_PLACE = "t REAL, x1 REAL, y1 REAL, x2 REAL, y2 REAL"


def make(db: Connection) -> None:
    """Make the tables; the caller holds the writing transaction."""
    db.executescript(f"""
        CREATE TABLE window_scores (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            packed BLOB NOT NULL,
            UNIQUE (stage, number),
            {_TRACKLET}
        ) STRICT;
        CREATE INDEX window_scores_of_tracklet ON window_scores (tracklets_key, number);
        CREATE TABLE anomaly_events (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            id TEXT NOT NULL,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL CHECK (end_s > start_s),
            score REAL NOT NULL,
            severity REAL NOT NULL,
            {_PLACE},
            reasons_json TEXT NOT NULL,
            PRIMARY KEY (stage, id),
            {_TRACKLET}
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX anomaly_events_of_tracklet ON anomaly_events (tracklets_key, number);
        CREATE INDEX anomaly_events_by_id ON anomaly_events (id);
        CREATE TABLE zones (
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            points_json TEXT NOT NULL,
            PRIMARY KEY (footage, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE disagreements (
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            other TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            person TEXT NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            here TEXT NOT NULL,
            there TEXT NOT NULL,
            here_score REAL NOT NULL,
            there_score REAL NOT NULL,
            PRIMARY KEY (footage, other, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX disagreements_of_other ON disagreements (other);
    """)
    _make_reviews(db)


def _make_reviews(db: Connection) -> None:
    # What people said hangs on footage, time and place, never on a stage: it outlives every analysis.
    db.executescript(f"""
        CREATE TABLE manual_events (
            id TEXT PRIMARY KEY,
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            label TEXT NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL CHECK (end_s > start_s),
            severity REAL NOT NULL,
            {_PLACE},
            added_by TEXT NOT NULL,
            added_utc TEXT NOT NULL
        ) STRICT;
        CREATE INDEX manual_events_of_footage ON manual_events (footage);
        CREATE TABLE judged_events (
            id TEXT PRIMARY KEY,
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            {_PLACE}
        ) STRICT;
        CREATE INDEX judged_events_of_footage ON judged_events (footage);
        CREATE TABLE verdicts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            thread TEXT NOT NULL REFERENCES judged_events (id) ON DELETE CASCADE,
            event TEXT NOT NULL,
            reviewer TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'dismissed', 'unsure', '')),
            reason TEXT NOT NULL,
            note TEXT NOT NULL,
            said_utc TEXT NOT NULL,
            takes_back INTEGER UNIQUE REFERENCES verdicts (id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX verdicts_of_thread ON verdicts (thread, id);
        CREATE INDEX verdicts_of_reviewer ON verdicts (reviewer, id);
        CREATE TABLE judged_matches (
            event TEXT PRIMARY KEY,
            thread TEXT NOT NULL REFERENCES judged_events (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX judged_matches_of_thread ON judged_matches (thread);
    """)
