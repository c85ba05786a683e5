"""The worker: takes jobs up, one at a time, and says how they end.

Owns: the loop, the heartbeat, the mapping from exceptions to ends. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from engine.core.errors import JobCancelled, SightlineError, StoreError
from engine.core.protocols import Observer
from engine.core.views import JobView
from engine.jobs.progress import STAGE_WEIGHTS, JobObserver, Standing
from engine.store.jobs import JobTable
from engine.store.workers import WorkerId, running, started

log = logging.getLogger(__name__)

BEAT_S = 1.0
"""Longest time between two heartbeats, seconds."""

WRITE_S = 0.25
"""Shortest time between two writes of progress, seconds."""

GRACE_S = 20.0
"""How long an orphaned worker may take to stop by itself, seconds."""

UNEXPECTED = (
    "Something went wrong inside Sightline while this footage was analysed. Try again; if it fails again, the "
    "worker's log says where."
)

RunJob = Callable[[JobView, Observer], str]


def run_worker(
    jobs: JobTable,
    run_job: RunJob,
    stop: threading.Event,
    *,
    poll_s: float = 0.5,
    once: bool = False,
    weights: Mapping[str, float] = STAGE_WEIGHTS,
) -> None:
    """Take up jobs and run them until told to stop.

    In the main thread SIGTERM and SIGINT set `stop` meanwhile. A job at work when `stop` is set goes back into the
    queue at its next checkpoint.

    Args:
        jobs: the queue.
        run_job: analyses the footage of a job, reporting to the observer, and answers with the run's id.
        stop: set it to end.
        poll_s: pause between looking for work, seconds.
        once: end when there is nothing left to do.
        weights: share of the work of each stage, in their order.
    """
    worker = WorkerId.current()
    log.info("worker %d started", worker.pid)
    with stopping_on_signals(stop):
        while not stop.is_set():
            try:
                job = jobs.claim(worker)
            except StoreError as error:
                log.warning("looking for work failed: %s", error)
                job = None
                if once:
                    raise
            if job is not None:
                work_through(jobs, job, worker, run_job, stop, JobObserver(weights))
            elif once:
                break
            else:
                stop.wait(poll_s)
    log.info("worker %d ended", worker.pid)


def watch_parent(pid: int, stop: threading.Event, *, poll_s: float = 0.5) -> threading.Thread:
    """Stop this worker when the process that started it is gone, however it went.

    Args:
        pid: of the process that started it.
        stop: set when that process is gone; if the worker has not ended `GRACE_S` later, it is ended.
        poll_s: pause between two looks, seconds.

    Returns:
        The watching thread; it ends when `stop` is set.
    """
    mark = started(pid)

    def watch() -> None:
        while not stop.wait(poll_s):
            if not running(pid, mark):
                log.warning("the process %d that started this worker is gone: stopping", pid)
                stop.set()
                time.sleep(GRACE_S)
                os._exit(1)

    thread = threading.Thread(target=watch, name="parent-watch", daemon=True)
    thread.start()
    return thread


def work_through(
    jobs: JobTable, job: JobView, worker: WorkerId, run_job: RunJob, stop: threading.Event, observer: JobObserver
) -> None:
    """Run one job to one of its ends; an end that is not ours to note any more changes nothing."""
    began = time.monotonic()
    heart = _Heart(jobs, job, worker, observer, stop)

    def note(word: str, end: Callable[[], bool]) -> None:
        heart.end()
        try:
            ours = end()
        except StoreError as error:
            # The row still says it is running: once it is silent for long enough it is taken up again.
            log.warning("job %d: that it is %s could not be noted: %s", job.id, word, error)
            return
        log.info("job %d %s after %.1f s%s", job.id, word, time.monotonic() - began, "" if ours else ", too late")

    heart.start()
    try:
        run_id = run_job(job, observer)
    except JobCancelled:
        if stop.is_set():
            note("put back", lambda: jobs.release(job.id, worker))
        else:
            note("cancelled", lambda: jobs.cancelled(job.id, worker))
    except SightlineError as error:
        message = error.user_message
        log.warning("job %d: %s", job.id, error)
        note("failed", lambda: jobs.fail(job.id, worker, message))
    except Exception:
        log.exception("job %d: unexpected", job.id)
        note("failed", lambda: jobs.fail(job.id, worker, UNEXPECTED))
    except BaseException:
        note("put back", lambda: jobs.release(job.id, worker))
        raise
    else:
        note("done", lambda: jobs.finish(job.id, worker, run_id))


class _Heart:
    """Tells the store that the job is alive, from a thread of its own, so that a long stage does not look dead."""

    def __init__(
        self, jobs: JobTable, job: JobView, worker: WorkerId, observer: JobObserver, stop: threading.Event
    ) -> None:
        self._jobs, self._job, self._worker, self._observer, self._stop = jobs, job, worker, observer, stop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart-{job.id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        told, at = Standing("", -1.0, None), 0.0
        while not self._ended.wait(WRITE_S):
            if self._stop.is_set():
                self._observer.stop()
            standing, now = self._observer.standing, time.monotonic()
            if standing == told and now - at < BEAT_S:
                continue
            try:
                alive = self._jobs.beat(self._job.id, self._worker, standing.stage, standing.fraction, standing.left_s)
            except StoreError as error:
                # The next beat may get through; if none does, the job is another worker's in time.
                log.warning("job %d: a heartbeat was lost: %s", self._job.id, error)
                continue
            told, at = standing, now
            if not alive:
                self._observer.stop()


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stop`; only the main thread may ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        # Not here: the signal may have come while this very thread holds the event's lock.
        threading.Thread(target=stop.set, name="stop", daemon=True).start()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
