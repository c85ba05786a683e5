"""Processes that are killed in the middle of a write, and processes that want the same job."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import JobTable
from engine.store.results import ResultTable
from tests.store import samples

ROOT = Path(__file__).parents[2]

SAVES = """
import sys
from pathlib import Path
from engine.store.database import Database
from engine.store.results import ResultTable
from tests.store import samples

results = ResultTable(Database(Path(sys.argv[1])))
clip = samples.footage()
one = samples.tracklet(1, 300)
print("ready", flush=True)
for key in range(10000):
    tracklets = [samples.tracklet(n, 2) for n in range(2, 12)]
    results.save_tracklets(samples.record(f"k{key}", "track", clip), [one, *tracklets])
    results.save_tracklets(samples.record("again", "track", clip), [one, *tracklets])
"""

CLAIMS = """
import sys
from pathlib import Path
from engine.store.database import Database
from engine.store.jobs import JobTable
from engine.store.workers import WorkerId

jobs = JobTable(Database(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
while True:
    job = jobs.claim(WorkerId.current())
    if job is None:
        break
    print(job.id)
    assert jobs.beat(job.id, WorkerId.current(), "detect", 0.5, None)
    assert jobs.finish(job.id, WorkerId.current(), "run")
"""


def _child(code: str, path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout.readline() == "ready\n"
    return child


def test_a_write_that_is_killed_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "sightline.db"
    db = Database(path)
    FootageTable(db).add(samples.footage())
    saved = 0
    for life in range(4):
        child = _child(SAVES, path)
        time.sleep(0.15 + 0.07 * life)
        child.kill()
        child.communicate()
        assert db.check() == "ok"
        with db.read() as connection:
            keys = [row[0] for row in connection.execute("SELECT key FROM stages").fetchall()]
            parts = connection.execute("SELECT stage, count(*) FROM tracklets GROUP BY stage").fetchall()
            blobs = connection.execute("SELECT count(*) FROM tracklet_data").fetchone()[0]
        assert dict(parts) == dict.fromkeys(keys, 11), "a stage that is there has all its tracklets"
        assert blobs == 11 * len(keys)
        for key in keys:
            assert len(ResultTable(db).tracklets(key)) == 11
        saved += len(keys)
        with db.write() as connection:
            connection.execute("DELETE FROM stages")
    assert saved > 0, "the child never got to write: the test has shown nothing"
    db.close()


def test_processes_never_share_a_job(tmp_path: Path) -> None:
    path = tmp_path / "sightline.db"
    db = Database(path)
    clip = FootageTable(db).add(samples.footage())
    ids = {JobTable(db).enqueue(clip.id, f"{n}", "auto").id for n in range(60)}
    children = [_child(CLAIMS, path) for _ in range(2)]
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [child.communicate() for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    taken = [int(line) for out, _ in told for line in out.split()]
    assert len(taken) == len(set(taken)) == 60
    assert set(taken) == ids
    assert {(job.state, job.attempts) for job in JobTable(db).list()} == {("done", 1)}
    db.close()
