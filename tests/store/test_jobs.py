"""The queue: who may do what to a job, and when."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from engine.core.errors import JobError, StoreError
from engine.core.views import FootageView, JobState
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import MOST_DEATHS, SILENT_S, JobTable
from engine.store.workers import WorkerId
from tests.store import samples

HERE = WorkerId.current()
FAR = WorkerId(host="far away", pid=1, started="x")
OTHER = WorkerId(host="far away", pid=2, started="y")


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(db: Database, clip: FootageView, clock: Clock) -> JobTable:
    FootageTable(db).add(samples.footage("other"))
    return JobTable(db, now=clock)


def _gone() -> WorkerId:
    """A worker of this machine that has ended."""
    code = "from engine.store.workers import WorkerId; print(WorkerId.current().text())"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return WorkerId.parse(out.strip())


def test_enqueue(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, '{"fps":5}', "auto")
    assert job == jobs.get(job.id)
    assert jobs.list() == (job,)
    assert (job.footage, job.footage_name, job.state, job.profile) == (clip.id, clip.name, JobState.QUEUED, "auto")
    assert (job.fraction, job.left_s, job.stage, job.error, job.run, job.attempts) == (0.0, None, "", "", "", 0)
    assert job.created_utc.endswith("+00:00")
    assert jobs.config(job.id) == '{"fps":5}'


def test_enqueue_the_same_finds_the_first(jobs: JobTable, clip: FootageView) -> None:
    first = jobs.enqueue(clip.id, "{}", "auto")
    assert jobs.enqueue(clip.id, "{}", "auto") == first
    running = jobs.claim(FAR)
    assert jobs.enqueue(clip.id, "{}", "auto") == running
    assert jobs.finish(first.id, FAR, "r")
    again = jobs.enqueue(clip.id, "{}", "auto")
    assert again.id > first.id
    assert [job.id for job in jobs.list()] == [again.id, first.id], "newest first"


def test_enqueue_with_other_settings_is_another_job(jobs: JobTable, clip: FootageView) -> None:
    ids = {jobs.enqueue(clip.id, "{}", "auto").id, jobs.enqueue(clip.id, '{"a":1}', "auto").id}
    assert len(ids) == 2


@pytest.mark.parametrize("act", ["get", "config", "cancel", "retry"])
def test_an_unknown_job(jobs: JobTable, act: str) -> None:
    with pytest.raises(StoreError, match="no longer in the store"):
        getattr(jobs, act)(99)


def test_enqueue_of_unknown_footage(jobs: JobTable) -> None:
    with pytest.raises(StoreError, match="no longer in the store"):
        jobs.enqueue("0" * 12, "{}", "auto")


def test_claim_takes_the_oldest(jobs: JobTable, clip: FootageView) -> None:
    first, second = (jobs.enqueue(clip.id, config, "auto") for config in ("{}", '{"a":1}'))
    taken = jobs.claim(FAR)
    assert taken == dataclasses.replace(first, state=JobState.RUNNING, attempts=1)
    assert jobs.claim(OTHER).id == second.id
    assert jobs.claim(FAR) is None


def test_claim_job_takes_that_one(jobs: JobTable, clip: FootageView) -> None:
    jobs.enqueue(clip.id, "{}", "auto")
    second = jobs.enqueue(clip.id, '{"a":1}', "auto")
    assert jobs.claim_job(second.id, FAR).id == second.id
    assert jobs.claim_job(second.id, OTHER) is None
    assert jobs.finish(second.id, FAR, "r")
    assert jobs.claim_job(second.id, OTHER) is None


def test_beat_keeps_a_job_alive(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    for _ in range(5):
        clock.now += SILENT_S - 1
        assert jobs.beat(job.id, FAR, "detect", 0.25, 12.0)
        assert jobs.claim(OTHER) is None
    seen = jobs.get(job.id)
    assert (seen.stage, seen.fraction, seen.left_s) == ("detect", 0.25, 12.0)


def test_a_silent_worker_loses_its_job(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    jobs.beat(job.id, FAR, "detect", 0.5, 12.0)
    clock.now += SILENT_S + 1
    taken = jobs.claim(OTHER)
    assert (taken.id, taken.attempts, taken.left_s) == (job.id, 2, None)
    assert not jobs.beat(job.id, FAR, "detect", 0.9, 1.0)
    assert not jobs.finish(job.id, FAR, "r")
    assert not jobs.fail(job.id, FAR, "no")
    assert not jobs.cancelled(job.id, FAR)
    assert not jobs.release(job.id, FAR)
    assert jobs.get(job.id) == taken
    assert jobs.beat(job.id, OTHER, "detect", 0.5, None)


def test_a_worker_that_ended_loses_its_job_at_once(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(_gone())
    assert jobs.claim(FAR).id == job.id


def test_a_worker_whose_number_was_used_again_has_ended(jobs: JobTable, clip: FootageView) -> None:
    if not HERE.started:
        pytest.skip("the system does not tell when a process started")
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(dataclasses.replace(HERE, started=HERE.started + "0"))
    assert jobs.claim(FAR).id == job.id


def test_a_busy_worker_of_this_machine_keeps_its_job(jobs: JobTable, clip: FootageView) -> None:
    jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(HERE)
    assert jobs.claim(FAR) is None


def test_a_job_that_keeps_killing_its_worker_fails(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    other = jobs.enqueue(clip.id, '{"a":1}', "auto")
    assert jobs.claim_job(other.id, OTHER)
    for _ in range(MOST_DEATHS):
        assert jobs.claim(FAR).id == job.id
        clock.now += SILENT_S + 1
        jobs.beat(other.id, OTHER, "detect", 0.1, None)
    assert jobs.claim(FAR) is None
    failed = jobs.get(job.id)
    assert (failed.state, failed.attempts) == (JobState.FAILED, MOST_DEATHS)
    assert "try again" in failed.error
    assert failed.finished_utc
    assert jobs.retry(job.id).state == JobState.QUEUED
    assert jobs.claim(FAR).attempts == MOST_DEATHS + 1, "after a retry it gets its chances again"


def test_a_job_that_gets_further_each_time_is_taken_up_again(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    for life in range(1, 3 * MOST_DEATHS):
        assert jobs.claim(FAR).attempts == life
        jobs.beat(job.id, FAR, "detect", life / 100, None)
        clock.now += SILENT_S + 1
    for _ in range(MOST_DEATHS - 1):
        assert jobs.claim(FAR).id == job.id
        clock.now += SILENT_S + 1
    assert jobs.claim(FAR) is None
    assert jobs.get(job.id).state == JobState.FAILED


def test_beat_never_takes_progress_back(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    jobs.beat(job.id, FAR, "crops", 0.9, None)
    clock.now += SILENT_S + 1
    jobs.claim(OTHER)
    jobs.beat(job.id, OTHER, "detect", 0.1, None)
    assert jobs.get(job.id).fraction == 0.9


def test_release_is_no_death(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    for attempt in range(1, MOST_DEATHS + 3):
        assert jobs.claim(FAR).attempts == attempt
        assert jobs.release(job.id, FAR)
        assert jobs.get(job.id).state == JobState.QUEUED


def test_finish(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    assert jobs.finish(job.id, FAR, "run")
    done = jobs.get(job.id)
    assert (done.state, done.run, done.fraction, done.left_s) == (JobState.DONE, "run", 1.0, None)
    assert done.finished_utc
    assert jobs.claim(FAR) is None
    jobs.cancel(job.id)
    assert jobs.get(job.id) == done


def test_fail_and_retry(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    assert jobs.fail(job.id, FAR, "The disk is full.")
    failed = jobs.get(job.id)
    assert (failed.state, failed.error) == (JobState.FAILED, "The disk is full.")
    again = jobs.retry(job.id)
    assert again == dataclasses.replace(job, attempts=1)
    assert jobs.claim(FAR).attempts == 2


def test_cancel_a_queued_job(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.cancel(job.id)
    assert jobs.get(job.id).state == JobState.CANCELLED
    assert jobs.claim(FAR) is None
    jobs.retry(job.id)
    assert jobs.claim(FAR).id == job.id


def test_cancel_a_running_job_asks_its_worker(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    assert not jobs.asked_to_cancel(job.id)
    jobs.cancel(job.id)
    assert jobs.get(job.id).state == JobState.RUNNING
    assert jobs.asked_to_cancel(job.id)
    assert not jobs.beat(job.id, FAR, "detect", 0.5, None)
    assert jobs.cancelled(job.id, FAR)
    assert jobs.get(job.id).state == JobState.CANCELLED
    jobs.retry(job.id)
    jobs.claim(FAR)
    assert jobs.beat(job.id, FAR, "detect", 0.5, None), "the wish to cancel does not outlive the retry"


def test_cancel_a_job_whose_worker_ended(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(_gone())
    jobs.cancel(job.id)
    assert jobs.get(job.id).state == JobState.CANCELLED


def test_a_worker_that_dies_after_it_was_asked_to_cancel(jobs: JobTable, clip: FootageView, clock: Clock) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    jobs.cancel(job.id)
    clock.now += SILENT_S + 1
    assert jobs.claim(OTHER) is None
    assert jobs.get(job.id).state == JobState.CANCELLED


def test_release_of_a_job_to_be_cancelled_cancels_it(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    jobs.cancel(job.id)
    assert jobs.release(job.id, FAR)
    assert jobs.get(job.id).state == JobState.CANCELLED


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_retry_only_what_failed_or_was_cancelled(jobs: JobTable, clip: FootageView, state: str) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    if state != "queued":
        jobs.claim(FAR)
    if state == "done":
        jobs.finish(job.id, FAR, "r")
    with pytest.raises(JobError, match=f"is {state}"):
        jobs.retry(job.id)


def test_retry_while_the_same_is_under_way(jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.cancel(job.id)
    twin = jobs.enqueue(clip.id, "{}", "auto")
    with pytest.raises(JobError, match=f"job {twin.id}"):
        jobs.retry(job.id)


def test_a_job_goes_with_its_footage(db: Database, jobs: JobTable, clip: FootageView) -> None:
    job = jobs.enqueue(clip.id, "{}", "auto")
    jobs.claim(FAR)
    FootageTable(db).remove(clip.id)
    assert jobs.list() == ()
    assert not jobs.beat(job.id, FAR, "detect", 0.5, None)
    assert not jobs.finish(job.id, FAR, "r")
    assert jobs.asked_to_cancel(job.id)
