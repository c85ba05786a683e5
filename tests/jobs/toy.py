"""A worker whose analysis only counts, run as a process of its own by the tests.

Called with the store's file, the number of steps, and the parent's process number or 0. Each step adds a line to
`steps` beside the store, so that tests see who did what; steps that stand there are not done again.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from pathlib import Path

from engine.core.protocols import Observer
from engine.core.views import JobView
from engine.jobs.worker import run_worker, watch_parent
from engine.store.database import Database
from engine.store.jobs import JobTable

STEP_S = 0.05


def main(file: str, steps: str, parent: str) -> None:
    logging.basicConfig(level=logging.INFO)
    notes = Path(file).parent / "steps"

    def run_job(job: JobView, observer: Observer) -> str:
        total = int(steps)
        while (done := len(notes.read_text().splitlines()) if notes.exists() else 0) < total:
            observer.checkpoint()
            time.sleep(STEP_S)
            with notes.open("a") as out:
                out.write(f"{done} {os.getpid()}\n")
            observer.progress("detect", done + 1, total)
        return "run"

    stop = threading.Event()
    if parent != "0":
        watch_parent(int(parent), stop, poll_s=0.05)
    run_worker(JobTable(Database(Path(file))), run_job, stop, poll_s=0.05, once=parent == "0")


if __name__ == "__main__":
    main(*sys.argv[1:])
