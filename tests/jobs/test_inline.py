"""One job in this process, as the command line does it."""

from __future__ import annotations

import threading
import time

import pytest

from engine.core.errors import FootageError, JobCancelled, JobError
from engine.core.protocols import Observer
from engine.core.views import FootageView, JobState, JobView
from engine.jobs.inline import run_here
from engine.store.jobs import JobTable
from engine.store.workers import WorkerId

OTHER = WorkerId(host="far away", pid=2, started="y")


def _run_job(job: JobView, observer: Observer) -> str:
    observer.progress("detect", 1, 2)
    observer.checkpoint()
    return "run"


def _ignore(stage: str, fraction: float) -> None:
    pass


def test_it_is_done_and_shown(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    shown: list[tuple[str, float]] = []
    assert run_here(jobs, job, _run_job, lambda stage, fraction: shown.append((stage, fraction))) == "run"
    assert jobs.get(job.id).state == JobState.DONE
    assert [stage for stage, _ in shown] == ["detect"]
    assert 0.3 < shown[0][1] < 0.6


def test_what_it_raises_is_raised_here_and_noted(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")

    def run_job(job: JobView, observer: Observer) -> str:
        raise FootageError("It is empty.", kind="empty")

    with pytest.raises(FootageError, match=r"^It is empty\.$"):
        run_here(jobs, job, run_job, _ignore)
    assert (jobs.get(job.id).state, jobs.get(job.id).error) == (JobState.FAILED, "It is empty.")


def test_the_unexpected_is_told_in_plain_words(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")

    def run_job(job: JobView, observer: Observer) -> str:
        raise ZeroDivisionError

    with pytest.raises(JobError, match="Something went wrong"):
        run_here(jobs, job, run_job, _ignore)


def test_it_is_cancelled_from_elsewhere(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")

    def run_job(job: JobView, observer: Observer) -> str:
        jobs.cancel(job.id)
        while True:
            observer.checkpoint()
            time.sleep(0.01)

    with pytest.raises(JobCancelled, match="is kept"):
        run_here(jobs, job, run_job, _ignore)
    assert jobs.get(job.id).state == JobState.CANCELLED


@pytest.mark.parametrize(
    ("end", "error"),
    [
        pytest.param(lambda jobs, job: jobs.finish(job, OTHER, "theirs"), None, id="done"),
        pytest.param(lambda jobs, job: jobs.fail(job, OTHER, "The disk is full."), JobError, id="failed"),
        pytest.param(lambda jobs, job: jobs.cancelled(job, OTHER), JobCancelled, id="cancelled"),
    ],
)
def test_a_job_of_another_worker_is_waited_for(
    jobs: JobTable, clip: FootageView, end: object, error: type[Exception] | None
) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(OTHER)
    jobs.beat(job.id, OTHER, "crops", 0.9, 1.0)
    looked = threading.Event()

    def finish() -> None:
        assert looked.wait(60)
        end(jobs, job.id)

    other = threading.Thread(target=finish)
    other.start()

    def show(stage: str, fraction: float) -> None:
        assert (stage, fraction) == ("crops", 0.9)
        looked.set()

    def never(job: JobView, observer: Observer) -> str:
        pytest.fail("it is the other worker's")

    if error is None:
        assert run_here(jobs, job, never, show) == "theirs"
    else:
        with pytest.raises(error):
            run_here(jobs, job, never, show)
    other.join()


def test_a_job_whose_worker_gives_it_back_is_done_here(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(OTHER)
    assert run_here(jobs, job, _run_job, lambda stage, fraction: jobs.release(job.id, OTHER) and None) == "run"
    assert jobs.get(job.id).attempts == 2
