"""Doing one job in this process, for the command line: same queue, same heartbeat, same ends as in a worker.

May import: `engine.core`, `engine.jobs`, `engine.store`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.core.errors import JobCancelled, JobError, SightlineError
from engine.core.protocols import Observer
from engine.core.views import JobState, JobView
from engine.jobs.progress import JobObserver
from engine.jobs.worker import RunJob, stopping_on_signals, work_through
from engine.store.jobs import JobTable
from engine.store.workers import WorkerId

POLL_S = 0.3
"""Pause between two looks at a job that another worker does, seconds."""

Show = Callable[[str, float], None]
"""Hears the stage at work and the share of the whole job done."""


def run_here(jobs: JobTable, job: JobView, run_job: RunJob, show: Show) -> str:
    """Do a queued job now, or wait for the worker that has taken it up already; if that one dies, go on here.

    Args:
        jobs: the queue.
        job: which.
        run_job: analyses the footage of a job and answers with the run's id.
        show: hears how it is getting on.

    Returns:
        The run's id.

    Raises:
        SightlineError: what `run_job` raised, or `JobError` with the sentence another worker left.
        JobCancelled: it was cancelled, here or elsewhere.
    """
    caught: list[SightlineError] = []

    def run(job: JobView, observer: Observer) -> str:
        assert isinstance(observer, JobObserver)
        try:
            return run_job(job, _Shown(observer, show))
        except SightlineError as error:
            caught.append(error)
            raise

    worker, stop = WorkerId.current(), threading.Event()
    with stopping_on_signals(stop):
        while (claimed := jobs.claim_job(job.id, worker)) is None:
            now = jobs.get(job.id)
            if now.state not in (JobState.QUEUED, JobState.RUNNING):
                return _ending(now)
            if stop.is_set():
                raise JobCancelled("Stopped waiting; the worker that does the analysis goes on.")
            show(now.stage, now.fraction)
            stop.wait(POLL_S)
        work_through(jobs, claimed, worker, run, stop, JobObserver())
        if stop.is_set():
            # Whoever stops a command does not expect somebody else to go on with it.
            jobs.cancel(job.id)
    if caught:
        raise caught[0]
    return _ending(jobs.get(job.id))


class _Shown:
    """An observer that also shows."""

    def __init__(self, observer: JobObserver, show: Show) -> None:
        self._observer, self._show = observer, show
        self.checkpoint = observer.checkpoint

    def progress(self, stage: str, done: float, total: float) -> None:
        self._observer.progress(stage, done, total)
        self._show(stage, self._observer.standing.fraction)


def _ending(job: JobView) -> str:
    if job.state == JobState.DONE:
        return job.run
    if job.state == JobState.CANCELLED:
        raise JobCancelled("The analysis was cancelled. What it had finished is kept: the same command goes on there.")
    raise JobError(job.error or "The analysis was put back into the queue.")
