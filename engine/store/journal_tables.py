"""The tables of who is who, as the eleventh migration makes them; never changed once released.

Owns: their schema, and turning names of before into lines of the journal. May import: `engine.store.sqlite`.
"""

from __future__ import annotations

from engine.store.sqlite import Connection

# What linking said stays as it is; `persons` and `person_tracklets` hold what stands after all that analysts said.
_LINKED = """
    CREATE TABLE linked (
        id INTEGER PRIMARY KEY,
        stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        label TEXT NOT NULL,
        score REAL NOT NULL,
        UNIQUE (stage, label)
    ) STRICT;
    CREATE TABLE linked_tracklets (
        linked INTEGER NOT NULL REFERENCES linked (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        tracklets_key TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (linked, position),
        FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX linked_tracklets_of_tracklet ON linked_tracklets (tracklets_key, number);
    INSERT INTO linked (id, stage, position, label, score) SELECT id, stage, position, label, score FROM persons;
    INSERT INTO linked_tracklets (linked, position, tracklets_key, number)
        SELECT person, position, tracklets_key, number FROM person_tracklets;
    ALTER TABLE persons ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE person_tracklets ADD COLUMN piece INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE person_tracklets ADD COLUMN from_s REAL;
    ALTER TABLE person_tracklets ADD COLUMN until_s REAL;
    ALTER TABLE person_tracklets ADD COLUMN first_s REAL;
    ALTER TABLE person_tracklets ADD COLUMN last_s REAL;
    ALTER TABLE person_tracklets ADD COLUMN seen INTEGER;
    ALTER TABLE person_tracklets ADD COLUMN score REAL;
    CREATE INDEX person_tracklets_cut ON person_tracklets (person) WHERE piece > 0;
"""

# A spot that many edits mean is kept once, and found once in every tracking result.
_JOURNAL = """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
        other TEXT REFERENCES footage (id) ON DELETE CASCADE,
        author TEXT NOT NULL,
        made_utc TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'cut', 'swap', 'rename', 'distinct', 'undo', 'redo')),
        at_s REAL,
        name TEXT NOT NULL DEFAULT '',
        meant INTEGER REFERENCES journal (id) ON DELETE CASCADE,
        CHECK ((meant IS NULL) = (kind NOT IN ('undo', 'redo')))
    ) STRICT;
    CREATE INDEX journal_of_footage ON journal (footage);
    CREATE INDEX journal_of_other ON journal (other);
    CREATE INDEX journal_of_meant ON journal (meant);
    CREATE TABLE spots (
        id INTEGER PRIMARY KEY,
        footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
        t REAL NOT NULL,
        x1 REAL NOT NULL,
        y1 REAL NOT NULL,
        x2 REAL NOT NULL,
        y2 REAL NOT NULL,
        UNIQUE (footage, t, x1, y1, x2, y2)
    ) STRICT;
    CREATE TABLE journal_spots (
        entry INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
        side INTEGER NOT NULL CHECK (side IN (1, 2)),
        position INTEGER NOT NULL,
        spot INTEGER NOT NULL REFERENCES spots (id) ON DELETE CASCADE,
        PRIMARY KEY (entry, side, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX journal_spots_of_spot ON journal_spots (spot);
    CREATE TABLE spot_tracklets (
        tracklets_key TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
        spot INTEGER NOT NULL REFERENCES spots (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        PRIMARY KEY (tracklets_key, spot)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX spot_tracklets_of_spot ON spot_tracklets (spot);
"""

_NAMES = """
    UPDATE persons SET name = found.name FROM (
        SELECT person, name_anchors.name FROM person_names JOIN name_anchors ON name_anchors.id = anchor
    ) AS found WHERE found.person = persons.id;
    INSERT INTO journal (id, footage, author, made_utc, kind, name)
        SELECT id, footage, '', named_utc, 'rename', name FROM name_anchors ORDER BY id;
    INSERT OR IGNORE INTO spots (footage, t, x1, y1, x2, y2)
        SELECT footage, t, x1, y1, x2, y2 FROM name_anchors ORDER BY id;
    INSERT INTO journal_spots (entry, side, position, spot)
        SELECT name_anchors.id, 1, 0, spots.id FROM name_anchors JOIN spots USING (footage, t, x1, y1, x2, y2);
    DROP TABLE person_names;
    DROP TABLE name_anchors;
"""


def make(db: Connection) -> None:
    """Make the tables; the caller holds the writing transaction."""
    for script in (_LINKED, _JOURNAL, _NAMES):
        db.executescript(script)
