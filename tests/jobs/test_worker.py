"""The worker: how jobs end, and what becomes of them when the worker does."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from engine.core.errors import FootageError, JobCancelled
from engine.core.protocols import Observer
from engine.core.views import FootageView, JobState, JobView
from engine.jobs.worker import UNEXPECTED, run_worker
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import JobTable
from engine.store.workers import WorkerId
from tests.jobs.patience import PATIENCE_S, expect_soon

ROOT = Path(__file__).parents[2]


def toy(db: Database, steps: int, parent: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.jobs.toy", str(db.path), str(steps), str(parent)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def _loops(job: JobView, observer: Observer) -> str:
    while True:
        observer.checkpoint()
        time.sleep(0.005)


def _raises(error: BaseException) -> Callable[[JobView, Observer], str]:
    def run_job(job: JobView, observer: Observer) -> str:
        raise error

    return run_job


def test_a_job_is_done(jobs: JobTable, clip: FootageView) -> None:
    ids = [jobs.enqueue(clip.id, config, "auto").id for config in ("1", "2")]
    ran = []

    def run_job(job: JobView, observer: Observer) -> str:
        ran.append(job.id)
        observer.checkpoint()
        observer.progress("detect", 1, 2)
        return f"run of {job.id}"

    run_worker(jobs, run_job, threading.Event(), once=True)
    assert ran == ids, "the oldest first"
    assert [(job.state, job.run) for job in jobs.list()] == [("done", f"run of {n}") for n in reversed(ids)]


@pytest.mark.parametrize(
    ("error", "state", "sentence"),
    [
        pytest.param(FootageError("It is empty.", kind="empty"), "failed", "It is empty.", id="for people"),
        pytest.param(ZeroDivisionError("secret"), "failed", UNEXPECTED, id="unexpected"),
        pytest.param(MemoryError(), "failed", UNEXPECTED, id="no memory"),
        pytest.param(JobCancelled("stopped"), "cancelled", "", id="cancelled"),
    ],
)
def test_a_job_that_raises(
    jobs: JobTable,
    clip: FootageView,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    state: str,
    sentence: str,
) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    run_worker(jobs, _raises(error), threading.Event(), once=True)
    ended = jobs.get(job.id)
    assert (ended.state, ended.error) == (state, sentence)
    assert ("Traceback" in caplog.text) == (sentence == UNEXPECTED), "only the log tells where"


def test_a_worker_outlives_its_jobs(jobs: JobTable, clip: FootageView) -> None:
    first = jobs.enqueue(clip.id, "1", "auto")
    second = jobs.enqueue(clip.id, "2", "auto")

    def run_job(job: JobView, observer: Observer) -> str:
        if job.id == first.id:
            raise RuntimeError
        return "run"

    run_worker(jobs, run_job, threading.Event(), once=True)
    assert [jobs.get(job.id).state for job in (first, second)] == ["failed", "done"]


def test_an_interrupt_puts_the_job_back(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    with pytest.raises(KeyboardInterrupt):
        run_worker(jobs, _raises(KeyboardInterrupt()), threading.Event(), once=True)
    assert jobs.get(job.id).state == JobState.QUEUED


def _background(
    jobs: JobTable, run_job: Callable[[JobView, Observer], str]
) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(jobs, run_job, stop), kwargs={"poll_s": 0.02})
    thread.start()
    return thread, stop


def test_cancel_reaches_a_running_job(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    thread, stop = _background(jobs, _loops)
    expect_soon(lambda: jobs.get(job.id).state == JobState.RUNNING)
    jobs.cancel(job.id)
    expect_soon(lambda: jobs.get(job.id).state == JobState.CANCELLED)
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_stop_puts_the_job_back(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    thread, stop = _background(jobs, _loops)
    expect_soon(lambda: jobs.get(job.id).state == JobState.RUNNING)
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert jobs.get(job.id).state == JobState.QUEUED


def test_a_job_that_goes_away_stops_its_worker_only(db: Database, jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    began = threading.Event()

    def run_job(job: JobView, observer: Observer) -> str:
        began.set()
        return _loops(job, observer)

    thread, stop = _background(jobs, run_job)
    assert began.wait(PATIENCE_S)
    FootageTable(db).remove(clip.id)
    with pytest.raises(Exception, match="no longer"):
        jobs.get(job.id)
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_long_silent_stage_is_not_taken_for_dead(
    jobs: JobTable, clip: FootageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.jobs.SILENT_S", 0.8)
    monkeypatch.setattr("engine.jobs.worker.BEAT_S", 0.1)
    monkeypatch.setattr("engine.jobs.worker.WRITE_S", 0.02)
    job = jobs.enqueue(clip.id, "{}", "auto")
    taken = []

    def run_job(job: JobView, observer: Observer) -> str:
        for _ in range(20):
            time.sleep(0.1)
            taken.append(jobs.claim(WorkerId(host="far away", pid=1, started="x")))
        return "run"

    run_worker(jobs, run_job, threading.Event(), once=True)
    assert taken == [None] * 20
    assert jobs.get(job.id).state == JobState.DONE


def test_progress_reaches_the_row(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    seen = threading.Event()

    def run_job(job: JobView, observer: Observer) -> str:
        observer.progress("detect", 1, 2)
        assert seen.wait(PATIENCE_S)
        return "run"

    thread, stop = _background(jobs, run_job)
    expect_soon(lambda: jobs.get(job.id).fraction > 0.3)
    assert jobs.get(job.id).stage == "detect"
    seen.set()
    expect_soon(lambda: jobs.get(job.id).state == JobState.DONE)
    stop.set()
    thread.join(PATIENCE_S)


def test_progress_is_written_a_few_times_a_second(
    jobs: JobTable, clip: FootageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.enqueue(clip.id, "{}", "auto")
    beats = []
    beat = JobTable.beat

    def counted(self: JobTable, *args: object) -> bool:
        beats.append(time.monotonic())
        return beat(self, *args)

    monkeypatch.setattr(JobTable, "beat", counted)

    def run_job(job: JobView, observer: Observer) -> str:
        for done in range(1000):
            observer.progress("detect", done, 1000)
            time.sleep(0.001)
        return "run"

    run_worker(jobs, run_job, threading.Event(), once=True)
    assert beats
    assert min((later - sooner for sooner, later in pairwise(beats)), default=1.0) >= 0.24


def test_a_worker_that_is_killed_leaves_its_job_to_the_next(db: Database, jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    notes = db.path.parent / "steps"
    first = toy(db, 40)
    expect_soon(lambda: notes.exists() and len(notes.read_text().splitlines()) >= 5)
    first.kill()
    first.communicate()
    assert db.check() == "ok"
    assert jobs.get(job.id).state == JobState.RUNNING
    second = toy(db, 40)
    told = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0, told
    done = jobs.get(job.id)
    assert (done.state, done.attempts, done.run) == (JobState.DONE, 2, "run")
    lines = [line.split() for line in notes.read_text().splitlines()]
    assert [int(step) for step, _ in lines] == list(range(40)), "nothing was done twice"
    assert {int(pid) for _, pid in lines} == {first.pid, second.pid}


def test_sigterm_puts_the_job_back_and_ends_the_worker(db: Database, jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    notes = db.path.parent / "steps"
    worker = toy(db, 10_000)
    expect_soon(notes.exists)
    worker.send_signal(signal.SIGTERM)
    told = worker.communicate(timeout=PATIENCE_S)
    assert worker.returncode == 0, told
    assert jobs.get(job.id).state == JobState.QUEUED


def test_log_names_no_footage(jobs: JobTable, clip: FootageView, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    jobs.enqueue(clip.id, "{}", "auto")
    run_worker(jobs, lambda job, observer: "run", threading.Event(), once=True)
    assert "job 1 done" in caplog.text
    assert clip.name not in caplog.text
