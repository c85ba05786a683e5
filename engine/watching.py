"""Takes footage in from folders: once, or as it comes.

Owns: the looks into folders, and when a file counts as complete. Runs beside the worker, one per home.
May import: `engine.core`, `engine.store`, `engine.media`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.core.config import Settings
from engine.core.errors import FootageError, JobCancelled, SightlineError, StoreError
from engine.core.library import FolderFile, FolderView, Outcome
from engine.core.views import FootageView
from engine.store.library import LibraryTable, Stamp

log = logging.getLogger(__name__)

STEADY_S = 8.0
"""A file that has not changed for so long is complete, seconds."""

OLD_S = 60.0
"""One that was last changed so long ago need not be watched first, seconds."""

POLL_S = 2.0
"""Pause between two looks, seconds; longer where a look takes long."""

MOST_FILES = 50_000
"""Files of one folder that are looked at."""

UNFINISHED = (".part", ".crdownload", ".partial", ".download", ".tmp", ".filepart", ".!qB", ".aria2")
"""What programs append to the name of a file, or put beside it, while they write it."""

LOCK = "watcher.lock"

Register = Callable[[Path, Callable[[int], None]], FootageView]
Submit = Callable[[str, str], None]


class Watcher:
    """Looks into the folders of the store, registers what is complete and queues its analysis.

    Args:
        table: the folders.
        settings: which folders may be read.
        register: registers a file where it lies; the callback may raise to give up.
        submit: queues the analysis of a footage id with a profile.
        clock: stands in for `time.time`, seconds since the epoch as files count them.
    """

    def __init__(
        self,
        table: LibraryTable,
        settings: Settings,
        register: Register,
        submit: Submit,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._settings = settings
        self._register = register
        self._submit = submit
        self._clock = clock
        self._steady: dict[tuple[int, str], tuple[Stamp, float]] = {}
        self._stop = threading.Event()

    def run(self) -> None:
        """Look again and again until `stop()`; where another process of this home looks already, wait for its end."""
        with _only_one(self._settings.home / LOCK, self._stop) as mine:
            while mine and not self._stop.is_set():
                began = time.monotonic()
                try:
                    self.look()
                except (SightlineError, OSError) as error:
                    log.warning("looking into folders failed: %s", error)
                self._stop.wait(max(POLL_S, 5 * (time.monotonic() - began)))

    def stop(self) -> None:
        """End `run()`, also in the middle of a large file. May be called from any thread."""
        self._stop.set()

    def look(self) -> None:
        """One look into every folder.

        Raises:
            StoreError: the store cannot be read or written.
        """
        for folder in reversed(self._table.folders()):
            if self._stop.is_set():
                return
            if not folder.done:
                self._look_into(folder)

    def _look_into(self, folder: FolderView) -> None:
        problem, files = "", []
        try:
            files = list(self._files(Path(folder.path)))
        except FootageError as error:
            problem = error.kind
        seen = self._table.seen(folder.id)
        new = [(path, stamp) for path, stamp in files if seen.get(str(path)) != stamp]
        ready = [entry for entry in new if self._complete(folder, *entry)]
        facts = {"found": len(files), "waiting": len(new), "problem": problem, "looked_utc": _now()}
        if not folder.watched and not problem and not new:
            facts["done"] = 1
        if problem and (folder.problem == problem) and not folder.watched:
            facts["done"] = 1  # asked for once, and it is not there: said, and not tried for ever
        if (folder.found, folder.waiting, folder.problem) != (len(files), len(new), problem) or "done" in facts:
            self._table.note_look(folder.id, facts)
        for number, (path, stamp) in enumerate(ready, start=1):
            if self._stop.is_set():
                return
            try:
                self._take(folder, path, stamp)
                self._table.note_look(folder.id, {"waiting": len(new) - number})
            except StoreError as error:
                log.info("folder %d: %s", folder.id, error)
                return
            except JobCancelled:
                return

    def _files(self, folder: Path) -> Iterator[tuple[Path, Stamp]]:
        """Everything that is named like footage, in order of path; a path that is a file stands for itself."""
        from engine.media.formats import SUFFIXES

        if not self._allowed(folder):
            raise FootageError(f"{folder} is outside the folders open to the browser.", kind="outside")
        if folder.is_file():
            yield folder, _stamp(folder)
            return
        if not folder.is_dir():
            raise FootageError(f"{folder} is no longer there.", kind="missing")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise FootageError(f"{folder} may not be read.", kind="no-permission")
        count = 0
        # Links to folders are not followed: they may lead in a circle, or out of the roots.
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            beside = set(names)
            for name in sorted(names):
                path = Path(place, name)
                if name.startswith(".") or path.suffix.lower() not in SUFFIXES or _being_written(name, beside):
                    continue
                try:
                    yield path, _stamp(path)
                except OSError:
                    continue  # gone since, or a link to nothing
                count += 1
                if count >= MOST_FILES:
                    log.warning("%s holds more than %d files; the rest is left out", folder, MOST_FILES)
                    return

    def _complete(self, folder: FolderView, path: Path, stamp: Stamp) -> bool:
        now = self._clock()
        if stamp[0] == 0 and (folder.watched and now - stamp[1] / 1e9 < OLD_S):
            return False
        if now - stamp[1] / 1e9 > OLD_S:
            return True
        known = self._steady.get((folder.id, str(path)))
        if known is None or known[0] != stamp:
            self._steady[folder.id, str(path)] = (stamp, now)
            return False
        return now - known[1] >= STEADY_S

    def _take(self, folder: FolderView, path: Path, stamp: Stamp) -> None:
        self._steady.pop((folder.id, str(path)), None)
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            if not self._allowed(path):
                raise FootageError(
                    f"“{path.name}” is a link that leads outside the folders open to the browser.", kind="link-outside"
                )
            # Where the link leads, so that it cannot be led elsewhere afterwards.
            view = self._register(path.resolve(), self._heard)
        except FootageError as error:
            if error.kind == "missing":
                return  # moved away while it was read: the next look will tell
            done = FolderFile(str(path), Outcome.REFUSED, "", error.kind, error.user_message)
        else:
            fresh = view.added_utc >= begun
            done = FolderFile(str(path), Outcome.ADDED if fresh else Outcome.KNOWN, view.id, "", "")
        self._table.note_file(folder.id, done, stamp)
        if done.outcome is Outcome.ADDED:
            try:
                self._submit(done.footage, folder.profile)
            except SightlineError as error:
                log.warning("folder %d: footage %s was not queued: %s", folder.id, done.footage, error)

    def _heard(self, _: int) -> None:
        if self._stop.is_set():
            raise JobCancelled("Sightline is stopping. The file is taken in when it runs again.")

    def _allowed(self, path: Path) -> bool:
        try:
            return self._settings.allows(path)
        except (OSError, RuntimeError):
            return False


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Have a watcher run in a thread of its own meanwhile."""
    thread = threading.Thread(target=watcher.run, name="folder-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watcher.stop()
        thread.join(10.0)


@contextmanager
def _only_one(lock: Path, stop: threading.Event) -> Iterator[bool]:
    """Wait until no other process holds a lock; False if it was stopped before."""
    with lock.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if stop.wait(POLL_S):
                    yield False
                    return
        yield True


def _being_written(name: str, beside: set[str]) -> bool:
    return any(name + mark in beside for mark in UNFINISHED)


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    # The change of rights counts too: what could not be read is tried again.
    return status.st_size, max(status.st_mtime_ns, status.st_ctime_ns)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
