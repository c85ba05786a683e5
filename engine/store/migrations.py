"""The tables, as numbered migrations. Each is recorded in the file; all that are pending run in one transaction.

Never change one that has been released: add the next. `docs/store.md` describes the result.
Owns: the schema. May import: `engine.core`, `engine.store.sqlite`.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.store import anomaly_tables, camera_tables, clothing_tables, identity_tables, journal_tables
from engine.store.sqlite import Connection, Migrations

_sightline = Migrations("sightline")
_names: list[str] = []

Step = Callable[[Connection], None]


def _step(name: str) -> Callable[[Step], Step]:
    _names.append(name)
    return _sightline(name=name)


def names() -> tuple[str, ...]:
    """Names of all migrations this program knows, in order."""
    return tuple(_names)


def applied(connection: Connection) -> tuple[str, ...]:
    """Names of the migrations recorded in a file, in the order they ran."""
    return tuple(step.name for step in _sightline.applied(connection))


def apply(connection: Connection) -> None:
    """Run what is pending. The caller holds the writing transaction, so all of it happens or none."""
    if not connection.conn.in_transaction:
        raise ValueError("migrations run inside a writing transaction")
    _sightline.apply(connection)


@_step("0001_footage")
def _footage(db: Connection) -> None:
    db.executescript("""
        CREATE TABLE footage (
            id TEXT PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            in_place INTEGER NOT NULL CHECK (in_place IN (0, 1)),
            bytes INTEGER NOT NULL,
            container TEXT NOT NULL,
            codec TEXT NOT NULL,
            pixel_format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            rotation INTEGER NOT NULL,
            duration_s REAL NOT NULL,
            fps REAL NOT NULL,
            variable_rate INTEGER NOT NULL CHECK (variable_rate IN (0, 1)),
            has_audio INTEGER NOT NULL CHECK (has_audio IN (0, 1)),
            recorded_utc TEXT NOT NULL,
            added_utc TEXT NOT NULL
        ) STRICT;
        CREATE TABLE gaps (
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        CREATE INDEX gaps_of_footage ON gaps (footage);
    """)


# The packed columns have a table of their own, so that reading summaries walks over no blob.
_TRACKLETS = """
    CREATE TABLE stages (
        key TEXT PRIMARY KEY,
        footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
        stage TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        settings_json TEXT NOT NULL,
        seconds REAL NOT NULL,
        tracklets_key TEXT REFERENCES stages (key) ON DELETE CASCADE,
        finished_utc TEXT NOT NULL
    ) STRICT;
    CREATE INDEX stages_of_footage ON stages (footage);
    CREATE INDEX stages_of_tracklets ON stages (tracklets_key);
    CREATE TABLE tracklets (
        id INTEGER PRIMARY KEY,
        stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        first_s REAL NOT NULL,
        last_s REAL NOT NULL,
        rows INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        score REAL NOT NULL,
        UNIQUE (stage, number)
    ) STRICT;
    CREATE TABLE tracklet_data (
        tracklet INTEGER PRIMARY KEY REFERENCES tracklets (id) ON DELETE CASCADE,
        packed BLOB NOT NULL
    ) STRICT;
"""

# Persons and crops name tracklets by number, and the check is deferred: tracklets that are computed anew under the same
# key take the old ones' place within one transaction.
_PERSONS = """
    CREATE TABLE persons (
        id INTEGER PRIMARY KEY,
        stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        label TEXT NOT NULL,
        score REAL NOT NULL,
        UNIQUE (stage, label)
    ) STRICT;
    CREATE TABLE person_tracklets (
        person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        tracklets_key TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (person, position),
        FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX person_tracklets_of_tracklet ON person_tracklets (tracklets_key, number);
    CREATE TABLE crops (
        stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
        tracklets_key TEXT NOT NULL,
        number INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        t REAL NOT NULL,
        quality REAL NOT NULL,
        file TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        PRIMARY KEY (stage, number, rank),
        FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX crops_of_tracklet ON crops (tracklets_key, number);
"""

_RUNS = """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
        profile TEXT NOT NULL,
        config_json TEXT NOT NULL,
        finished_utc TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_of_footage ON runs (footage, finished_utc);
    CREATE TABLE run_stages (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        key TEXT NOT NULL REFERENCES stages (key),
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        seconds REAL NOT NULL,
        cached INTEGER NOT NULL CHECK (cached IN (0, 1)),
        PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_stages_of_key ON run_stages (key);
"""


@_step("0002_results")
def _results(db: Connection) -> None:
    for part in (_TRACKLETS, _PERSONS, _RUNS):
        db.executescript(part)


@_step("0003_jobs")
def _jobs(db: Connection) -> None:
    # At most one unfinished job per footage and settings: the index makes it so, whoever asks at the same time.
    db.executescript("""
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            config_json TEXT NOT NULL,
            profile TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            stage TEXT NOT NULL DEFAULT '',
            fraction REAL NOT NULL DEFAULT 0,
            left_s REAL,
            error TEXT NOT NULL DEFAULT '',
            run TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            deaths INTEGER NOT NULL DEFAULT 0,
            cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
            worker TEXT NOT NULL DEFAULT '',
            heartbeat REAL NOT NULL DEFAULT 0,
            created_utc TEXT NOT NULL,
            finished_utc TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX jobs_by_state ON jobs (state, id);
        CREATE UNIQUE INDEX jobs_unfinished ON jobs (footage, config_json) WHERE state IN ('queued', 'running');
    """)


@_step("0004_job_progress")
def _job_progress(db: Connection) -> None:
    # How far a job was when it was last taken up: a worker that gets further before it dies is not stuck.
    db.execute("ALTER TABLE jobs ADD COLUMN fraction_before REAL NOT NULL DEFAULT 0")


@_step("0005_recognition")
def _recognition(db: Connection) -> None:
    # Like persons and crops, what is recognised names tracklets by number, checked at the end of the transaction.
    tracklet = "FOREIGN KEY (tracklets_key, number) REFERENCES tracklets (stage, number) DEFERRABLE INITIALLY DEFERRED"
    db.executescript(f"""
        CREATE TABLE segments (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            channel TEXT NOT NULL,
            label TEXT NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL CHECK (end_s > start_s),
            score REAL NOT NULL,
            coverage REAL NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (stage, position),
            {tracklet}
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX segments_of_tracklet ON segments (tracklets_key, number);
        CREATE TABLE face_readings (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            packed BLOB NOT NULL,
            UNIQUE (stage, number),
            {tracklet}
        ) STRICT;
        CREATE INDEX face_readings_of_tracklet ON face_readings (tracklets_key, number);
        CREATE TABLE face_crops (
            stage TEXT NOT NULL REFERENCES stages (key) ON DELETE CASCADE,
            tracklets_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            t REAL NOT NULL,
            quality REAL NOT NULL,
            file TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            PRIMARY KEY (stage, number, t),
            {tracklet}
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX face_crops_of_tracklet ON face_crops (tracklets_key, number);
        CREATE TABLE name_anchors (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            footage TEXT NOT NULL REFERENCES footage (id) ON DELETE CASCADE,
            t REAL NOT NULL,
            x1 REAL NOT NULL,
            y1 REAL NOT NULL,
            x2 REAL NOT NULL,
            y2 REAL NOT NULL,
            name TEXT NOT NULL,
            named_utc TEXT NOT NULL
        ) STRICT;
        CREATE INDEX name_anchors_of_footage ON name_anchors (footage);
        CREATE TABLE person_names (
            person INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
            anchor INTEGER NOT NULL REFERENCES name_anchors (id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX person_names_of_anchor ON person_names (anchor);
    """)


@_step("0006_footage_details")
def _footage_details(db: Connection) -> None:
    # `revision` counts the changes, so that an open page can tell that somebody else made one.
    db.executescript("""
        CREATE TABLE footage_details (
            footage TEXT PRIMARY KEY REFERENCES footage (id) ON DELETE CASCADE,
            camera TEXT NOT NULL,
            start_utc TEXT NOT NULL,
            zone TEXT NOT NULL,
            note TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE footage_tags (
            footage TEXT NOT NULL REFERENCES footage_details (footage) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            tag TEXT NOT NULL,
            PRIMARY KEY (footage, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE folders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL,
            profile TEXT NOT NULL,
            watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
            found INTEGER NOT NULL DEFAULT 0,
            waiting INTEGER NOT NULL DEFAULT 0,
            problem TEXT NOT NULL DEFAULT '',
            looked_utc TEXT NOT NULL DEFAULT '',
            done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
        ) STRICT;
        CREATE UNIQUE INDEX folders_at_work ON folders (path, watched) WHERE done = 0;
        CREATE TABLE folder_files (
            folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
            path TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            changed_ns INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('added', 'known', 'refused')),
            footage TEXT NOT NULL,
            kind TEXT NOT NULL,
            sentence TEXT NOT NULL,
            PRIMARY KEY (folder, path)
        ) STRICT, WITHOUT ROWID;
    """)


@_step("0007_model_choices")
def _model_choices(db: Connection) -> None:
    db.executescript("""
        CREATE TABLE model_choices (
            task TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            chosen_utc TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
    """)


_step("0008_clothing")(clothing_tables.make)
_step("0009_anomalies")(anomaly_tables.make)
_step("0010_camera_pairs")(camera_tables.make)
_step("0011_identity")(journal_tables.make)
_step("0012_identity_vectors")(identity_tables.make)
