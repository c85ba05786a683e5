from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError, ModelMissing
from engine.core.library import FolderView, Outcome
from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.library import LibraryTable
from engine.watching import LOCK, OLD_S, STEADY_S, Watcher, watching
from tests.store import samples

OPEN = "open"


class Scene:
    """A folder, a clock that is moved by hand, and a register that takes what it is given."""

    def __init__(self, db: Database, place: Path) -> None:
        self.place = place / OPEN
        self.place.mkdir()
        self.table = LibraryTable(db)
        self.settings = Settings(home=place / "home", roots=(str(self.place),))
        self.now = time.time()
        self.registered: list[str] = []
        self.queued: list[tuple[str, str]] = []
        self.known: set[str] = set()
        self.watcher = self.anew()

    def anew(self) -> Watcher:
        """The watcher of a program that has just been started."""
        return Watcher(self.table, self.settings, self.register, self.submit, clock=lambda: self.now)

    def register(self, path: Path, on_progress: Callable[[int], None]) -> FootageView:
        on_progress(1)
        self.registered.append(path.name)
        if "bad" in path.name:
            raise FootageError(f"“{path.name}” is a text file.", kind="text")
        added = "2026-01-01T00:00:00+00:00" if path.name in self.known else "2999-01-01T00:00:00+00:00"
        return replace(samples.footage(path.name), added_utc=added)

    def submit(self, footage: str, profile: str) -> None:
        self.queued.append((footage, profile))

    def put(self, name: str, text: str = "video") -> Path:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def look(self, after: float = 0.0) -> FolderView:
        self.now += after
        self.watcher.look()
        return self.table.folders()[0]

    def watch(self, *, watched: bool = True) -> int:
        return self.table.add_folder(str(self.place), "embedded", watched=watched)


@pytest.fixture
def scene(db: Database, tmp_path: Path) -> Iterator[Scene]:
    return Scene(db, tmp_path)


def counts(folder: FolderView) -> tuple[int, ...]:
    return folder.found, folder.waiting, folder.added, folder.known, folder.refused


def test_complete_files_are_added_and_queued(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.put("deep/er/b.MKV")
    scene.put("bad.mp4")
    scene.put("notes.txt")
    scene.put(".hidden.mp4")
    scene.put(".thumbs/c.mp4")
    assert counts(scene.look()) == (3, 3, 0, 0, 0), "too new to be taken for complete"
    assert counts(scene.look(STEADY_S + 1)) == (3, 0, 2, 0, 1)
    assert scene.registered == ["a.mp4", "bad.mp4", "b.MKV"]
    assert scene.queued == [(samples.footage(name).id, "embedded") for name in ("a.mp4", "b.MKV")]
    assert counts(scene.look(100)) == (3, 0, 2, 0, 1)
    assert len(scene.registered) == 3, "what was dealt with is not read again"


def test_a_file_that_still_grows_is_waited_for(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4", "v")
    scene.look()
    for length in range(2, 5):
        scene.put("a.mp4", "v" * length)
        scene.look(STEADY_S + 1)
    assert scene.registered == []
    scene.look(STEADY_S + 1)
    assert scene.registered == ["a.mp4"]


@pytest.mark.parametrize("name", ["a.mp4.part", "a.mp4.crdownload", "a.mp4.tmp"])
def test_what_a_program_is_still_writing_is_left_alone(scene: Scene, name: str) -> None:
    scene.watch()
    scene.put("a.mp4")
    unfinished = scene.put(name)
    scene.look(OLD_S + 100)
    assert scene.registered == []
    unfinished.unlink()
    scene.look()
    assert scene.registered == ["a.mp4"]


def test_a_file_that_changed_is_tried_again(scene: Scene) -> None:
    scene.watch()
    path = scene.put("bad.mp4")
    assert counts(scene.look(OLD_S + 1)) == (1, 0, 0, 0, 1)
    path.write_text("longer now")
    scene.look(OLD_S + 1)
    assert scene.registered == ["bad.mp4", "bad.mp4"]


def test_known_files_are_counted_and_not_queued(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.known.add("a.mp4")
    assert counts(scene.look(OLD_S + 1)) == (1, 0, 0, 1, 0)
    assert scene.queued == []


def test_a_restart_neither_forgets_nor_repeats(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.look(OLD_S + 1)
    scene.watcher = scene.anew()
    scene.put("b.mp4")
    assert counts(scene.look(OLD_S + 1)) == (2, 0, 2, 0, 0)
    assert scene.registered == ["a.mp4", "b.mp4"]


def test_once_is_once(scene: Scene) -> None:
    scene.watch(watched=False)
    scene.put("a.mp4")
    assert not scene.look(OLD_S + 1).done
    assert scene.look().done
    scene.put("b.mp4")
    scene.look(OLD_S + 1)
    assert scene.registered == ["a.mp4"]


def test_one_file_is_taken_in_by_itself(scene: Scene) -> None:
    path = scene.put("a.mp4")
    scene.put("b.mp4")
    scene.table.add_folder(str(path), "auto", watched=False)
    scene.look(OLD_S + 1)
    assert scene.look().done
    assert scene.registered == ["a.mp4"]


def test_links_out_of_the_roots_are_refused(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.mp4").write_text("secret")
    (scene.place / "link.mp4").symlink_to(tmp_path / "secret" / "x.mp4")
    (scene.place / "folder").symlink_to(tmp_path / "secret")
    (scene.place / "nothing.mp4").symlink_to(tmp_path / "nothing")
    number = scene.watch()
    assert counts(scene.look(OLD_S + 1)) == (1, 0, 0, 0, 1)
    assert scene.registered == []
    assert scene.table.files(number, Outcome.REFUSED, 9)[0].kind == "link-outside"


def test_a_root_that_was_closed_since_is_not_read(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.settings = replace(scene.settings, roots=())
    scene.watcher = scene.anew()
    assert scene.look(OLD_S + 1).problem == "outside"
    assert scene.registered == []


def test_a_folder_that_disappears_is_said_and_comes_back(scene: Scene, tmp_path: Path) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.look(OLD_S + 1)
    scene.place.rename(tmp_path / "elsewhere")
    assert scene.look().problem == "missing"
    (tmp_path / "elsewhere").rename(scene.place)
    assert scene.look().problem == ""
    assert scene.registered == ["a.mp4"]


def test_a_folder_to_be_read_once_that_is_gone_is_given_up(scene: Scene) -> None:
    scene.watch(watched=False)
    scene.place.rmdir()
    scene.look()
    folder = scene.look()
    assert (folder.problem, folder.done) == ("missing", True)


def test_footage_without_a_model_stays_added(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(footage: str, profile: str) -> None:
        raise ModelMissing("Fetch it.")

    scene.submit = missing  # type: ignore[method-assign]
    scene.watcher = scene.anew()
    scene.watch()
    scene.put("a.mp4")
    assert counts(scene.look(OLD_S + 1)) == (1, 0, 1, 0, 0)


def test_a_folder_forgotten_in_the_middle_is_left(scene: Scene) -> None:
    number = scene.watch()
    scene.put("a.mp4")
    scene.put("b.mp4")
    register = scene.register

    def forgetting(path: Path, on_progress: Callable[[int], None]) -> FootageView:
        scene.table.remove_folder(number)
        return register(path, on_progress)

    scene.register = forgetting  # type: ignore[method-assign]
    scene.watcher = scene.anew()
    scene.now += OLD_S + 1
    scene.watcher.look()
    assert scene.registered == ["a.mp4"]
    assert scene.table.folders() == ()


def test_stopping_gives_a_large_file_up(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    begun = threading.Event()

    def slow(path: Path, on_progress: Callable[[int], None]) -> FootageView:
        begun.set()
        while True:
            on_progress(1)
            time.sleep(0.01)

    scene.register = slow  # type: ignore[method-assign]
    scene.now += OLD_S + 1
    with watching(scene.anew()):
        assert begun.wait(10)
    assert counts(scene.table.folders()[0]) == (1, 1, 0, 0, 0), "it is taken in the next time"


def test_one_process_of_a_home_looks(scene: Scene) -> None:
    scene.watch()
    scene.put("a.mp4")
    scene.now += OLD_S + 1
    with (scene.settings.home / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with watching(scene.anew()):
            time.sleep(0.2)
        assert scene.registered == []
    with watching(scene.anew()):
        deadline = time.monotonic() + 10
        while not scene.registered and time.monotonic() < deadline:
            time.sleep(0.02)
    assert scene.registered == ["a.mp4"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_said(scene: Scene) -> None:
    scene.watch()
    scene.place.chmod(0)
    assert scene.look().problem == "no-permission"
    scene.place.chmod(0o700)
