"""Keeps one worker process alive beside the dashboard.

Owns: the child process and the lock that makes it the only one of its home. May import: `engine.core`.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from io import BufferedWriter

from engine.core.config import load_settings

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A worker that lived so long starts the pauses from the first again, seconds."""

POLL_S = 0.2
STOP_S = 10.0
"""How long a worker may take to stop when asked, seconds; then it is killed, and the next one resumes its job."""

LOCK = "worker.lock"


class Supervisor:
    """Starts a worker as a process of its own and starts it again when it dies.

    Of several supervisors of one home only one starts a worker: it holds a lock on a file, which the system lets go
    when the supervisor ends, however it ends. The others wait and take over. The worker ends with its supervisor:
    the command should name it (`--parent PID`), and the worker watches it (`engine.jobs.worker.watch_parent`).

    Args:
        command: program and arguments; spawned, never forked.
        env: the worker's whole environment; its `SIGHTLINE_HOME` says which home.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._command = list(command)
        self._env = dict(env)
        self._lock = load_settings(env).home / LOCK
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process number of the worker that runs now, None if none does or another supervisor has it."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def start(self) -> None:
        """Begin; returns at once. Starting twice does nothing."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ask the worker to stop, wait until it has, and let others take over. Stopping twice does nothing."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None

    def _supervise(self) -> None:
        lock = self._hold()
        if lock is None:
            return
        try:
            pause = FIRST_PAUSE_S
            while not self._stop.is_set():
                began = time.monotonic()
                self._run()
                pause = FIRST_PAUSE_S if time.monotonic() - began > STEADY_S else pause
                if self._stop.wait(pause):
                    break
                pause = min(pause * 2, LONGEST_PAUSE_S)
        finally:
            lock.close()

    def _hold(self) -> BufferedWriter | None:
        """Wait until this supervisor is the one of its home; None if it was stopped before."""
        told = False
        while not self._stop.is_set():
            try:
                self._lock.parent.mkdir(parents=True, exist_ok=True)
                lock = self._lock.open("ab")  # Python's files are not inherited: the worker does not keep the lock
            except OSError as error:
                log.warning("%s cannot be opened: %s", self._lock, error)
                self._stop.wait(LONGEST_PAUSE_S)
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except OSError:
                lock.close()
            if not told:
                log.info("another process of this home keeps the worker")
                told = True
            self._stop.wait(POLL_S * 5)
        return None

    def _run(self) -> None:
        """One life of the worker."""
        try:
            self._child = subprocess.Popen(self._command, env=self._env, stdin=subprocess.DEVNULL)
        except OSError as error:
            log.error("the worker cannot be started: %s", error)
            return
        log.info("worker %d started", self._child.pid)
        while self._child.poll() is None:
            if self._stop.wait(POLL_S):
                self._end(self._child)
        log.log(
            logging.INFO if self._stop.is_set() else logging.WARNING,
            "worker %d ended with %s",
            self._child.pid,
            self._child.returncode,
        )

    @staticmethod
    def _end(child: subprocess.Popen[bytes]) -> None:
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
