"""Receiving files: whatever the cuts and restarts, the same bytes and the same hash."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from engine.core.errors import FootageError
from engine.media.intake import Receiver, clean_name, clear_stale, hash_file

LIMIT = 1 << 20


def incoming(home: Path) -> list[Path]:
    folder = home / "incoming"
    return sorted(folder.iterdir()) if folder.exists() else []


@settings(max_examples=60, deadline=None)
@given(
    content=strategies.binary(min_size=1, max_size=5000),
    cuts=strategies.lists(strategies.integers(1, 900), max_size=40),
    restarts=strategies.sets(strategies.integers(0, 40)),
    announced=strategies.booleans(),
)
def test_cuts_and_restarts_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int], restarts: set[int], announced: bool
) -> None:
    home = tmp_path_factory.mktemp("home")
    receiver = Receiver.start(home, "clip.mp4", len(content) if announced else None, LIMIT)
    for count, cut in enumerate([*cuts, len(content)]):
        if count in restarts:
            receiver = Receiver.resume(home, receiver.token)
        place = receiver.offset
        receiver.write(place, content[place : place + cut])
    path, sha256 = receiver.finish()
    assert sha256 == hashlib.sha256(content).hexdigest() == hash_file(path, lambda _: None)
    assert path.read_bytes() == content
    assert incoming(home) == [path]


def test_a_piece_in_the_wrong_place_is_refused(tmp_path: Path) -> None:
    receiver = Receiver.start(tmp_path, "clip.mp4", 10, LIMIT)
    receiver.write(0, b"abcd")
    for offset in (0, 3, 5):
        with pytest.raises(FootageError, match="4 bytes have arrived") as caught:
            receiver.write(offset, b"xyz")
        assert caught.value.kind == "wrong-offset"
    with pytest.raises(FootageError, match="4 of 10") as caught:
        receiver.finish()
    assert caught.value.kind == "incomplete"
    receiver.write(4, b"efghij")
    assert receiver.finish()[0].read_bytes() == b"abcdefghij"


@pytest.mark.parametrize(
    ("size", "kind"), [pytest.param(0, "empty", id="empty"), pytest.param(LIMIT + 1, "over-limit", id="too large")]
)
def test_sizes_that_are_refused_at_once(tmp_path: Path, size: int, kind: str) -> None:
    with pytest.raises(FootageError) as caught:
        Receiver.start(tmp_path, "clip.mp4", size, LIMIT)
    assert caught.value.kind == kind
    assert incoming(tmp_path) == []


@pytest.mark.parametrize("size", [None, 5])
def test_more_than_allowed_leaves_nothing(tmp_path: Path, size: int | None) -> None:
    receiver = Receiver.start(tmp_path, "clip.mp4", size, 8)
    receiver.write(0, b"12345")
    with pytest.raises(FootageError) as caught:
        receiver.write(5, b"6789")
    assert caught.value.kind == "over-limit"
    assert incoming(tmp_path) == []


def test_nothing_received(tmp_path: Path) -> None:
    receiver = Receiver.start(tmp_path, "clip.mp4", None, LIMIT)
    with pytest.raises(FootageError, match="0 bytes"):
        receiver.finish()
    assert incoming(tmp_path) == []


def test_giving_up_leaves_nothing(tmp_path: Path) -> None:
    receiver = Receiver.start(tmp_path, "clip.mp4", 5, LIMIT)
    receiver.write(0, b"12")
    receiver.abort()
    receiver.abort()
    assert incoming(tmp_path) == []
    for token in (receiver.token, "../../etc/passwd", ""):
        with pytest.raises(FootageError, match="not known") as caught:
            Receiver.resume(tmp_path, token)
        assert caught.value.kind == "unknown-upload"


def test_a_full_disk_can_be_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver.start(tmp_path, "clip.mp4", 6, LIMIT)
    receiver.write(0, b"abc")

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("engine.media.intake._write_all", no_room)
        with pytest.raises(FootageError, match="room") as caught:
            receiver.write(3, b"def")
    assert caught.value.kind == "disk-full"
    assert receiver.offset == 3
    receiver.write(3, b"def")
    assert receiver.finish()[1] == hashlib.sha256(b"abcdef").hexdigest()


def test_more_than_the_disk_holds(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="room") as caught:
        Receiver.start(tmp_path, "clip.mp4", 1 << 60, 1 << 62)
    assert caught.value.kind == "disk-full"
    assert incoming(tmp_path) == []


def test_stale_uploads_are_cleared(tmp_path: Path) -> None:
    old = Receiver.start(tmp_path, "old.mp4", 5, LIMIT)
    old.write(0, b"123")
    done = Receiver.start(tmp_path, "done.mp4", 1, LIMIT)
    done.write(0, b"1")
    finished, _ = done.finish()
    fresh = Receiver.start(tmp_path, "fresh.mp4", 5, LIMIT)
    stranger = tmp_path / "incoming" / "notes.txt"
    stranger.write_text("not ours")
    past = time.time() - 100_000
    for path in incoming(tmp_path):
        if fresh.token not in path.name:
            os.utime(path, (past, past))
    assert clear_stale(tmp_path, 86_400) == 2
    assert not finished.exists()
    assert Receiver.resume(tmp_path, fresh.token).offset == 0
    assert [path.name for path in incoming(tmp_path) if fresh.token not in path.name] == ["notes.txt"]
    assert clear_stale(tmp_path / "nowhere", 1.0) == 0


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("clip.mp4", "clip.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\videos\\매장 1.avi", "매장 1.avi"),
        ("a\x00b\nc<d>.mp4", "abcd.mp4"),
        ("", "footage"),
        ("..", "footage"),
        ("x" * 300 + ".mp4", "x" * 116 + ".mp4"),
    ],
)
def test_names(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_hash_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x" * 2_500_000)
    seen: list[int] = []
    assert hash_file(path, seen.append) == hashlib.sha256(b"x" * 2_500_000).hexdigest()
    assert seen == [1 << 20, 2 << 20, 2_500_000]
    with pytest.raises(FootageError, match="no file"):
        hash_file(tmp_path / "none", seen.append)
    with pytest.raises(FootageError, match="folder"):
        hash_file(tmp_path, seen.append)
