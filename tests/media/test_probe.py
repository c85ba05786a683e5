"""Probing: what good clips are, and what is said of bad ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.formats import check_file, check_size
from engine.media.probe import probe
from tests import corpus
from tests.media import tape

MakeClip = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("h264.mp4", "h264", "yuv420p"),
        ("h264-10bit.mp4", "h264", "yuv420p10le"),
        ("h265.mp4", "hevc", "yuv420p"),
        ("mjpeg.avi", "mjpeg", "yuvj420p"),
        ("mpeg4.ts", "mpeg4", "yuv420p"),
        ("vp9.webm", "vp9", "yuv420p"),
        ("palette.gif", "gif", "bgra"),
        ("late.mkv", "h264", "yuv420p"),
        ("late.ts", "h264", "yuv420p"),
        ("fragmented.mp4", "h264", "yuv420p"),
    ],
)
def test_what_a_clip_is(make_clip: MakeClip, name: str, codec: str, pixels: str) -> None:
    media = tape.inspect(make_clip(name))
    assert (media.codec, media.pixel_format) == (codec, pixels)
    assert (media.width, media.height, media.rotation) == (corpus.WIDTH, corpus.HEIGHT, 0)
    assert media.duration_s == pytest.approx(corpus.FRAMES / corpus.FPS, abs=0.02)
    assert media.fps == pytest.approx(corpus.FPS, abs=0.01)
    assert not media.variable_rate
    assert not media.has_audio


@pytest.mark.parametrize(("name", "turn"), [("turned-90.mp4", 90), ("turned-180.mp4", 180), ("turned-270.mov", 270)])
def test_rotation(make_clip: MakeClip, name: str, turn: int) -> None:
    media = tape.inspect(make_clip(name))
    assert (media.width, media.height, media.rotation) == (corpus.WIDTH, corpus.HEIGHT, turn)


def test_variable_rate_and_sound(make_clip: MakeClip) -> None:
    uneven = tape.inspect(make_clip("uneven.mp4"))
    assert uneven.variable_rate
    assert uneven.fps == pytest.approx(1000 / 51.2, rel=0.05)
    assert tape.inspect(make_clip("sound.mp4")).has_audio


@pytest.mark.parametrize("name", corpus.BAD)
def test_bad_input_is_named(make_clip: MakeClip, name: str) -> None:
    _, kind, word = corpus.BAD[name]
    path = make_clip(name)
    around = sorted(path.parent.iterdir())
    with pytest.raises(FootageError) as caught:
        check_file(path)
        tape.inspect(path)
    assert caught.value.kind == kind
    assert word in caught.value.user_message
    assert name in caught.value.user_message
    assert caught.value.user_message.count(". ") >= 1, "it says what the file is, and what to do"
    assert sorted(path.parent.iterdir()) == around


@pytest.mark.parametrize("name", ["no-index.mp4", "encrypted.mp4", "playlist.m3u8"])
def test_errors_come_out_of_the_child(make_clip: MakeClip, settings: Settings, name: str) -> None:
    with pytest.raises(FootageError, match=name) as caught:
        probe(make_clip(name), settings)
    assert caught.value.kind == corpus.BAD[name][1]


@pytest.mark.parametrize("name", ["b-frames.mp4", "h264.ts", "uneven.mkv", "palette.gif"])
def test_the_child_says_the_same(make_clip: MakeClip, settings: Settings, name: str) -> None:
    assert probe(make_clip(name), settings) == tape.inspect(make_clip(name))


@pytest.mark.parametrize("name", corpus.DAMAGED)
def test_damaged_footage_passes(make_clip: MakeClip, name: str) -> None:
    assert tape.inspect(make_clip(name)).duration_s == pytest.approx(3.0, abs=0.1)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    plain = tmp_path / "plain.mp4"
    plain.write_bytes(b"x")
    cases = {"missing": tmp_path / "none.mp4", "folder": tmp_path, "not-a-file": pipe}
    for kind, path in cases.items():
        with pytest.raises(FootageError) as caught:
            check_file(path)
        assert caught.value.kind == kind
        assert str(path) in caught.value.user_message
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FootageError, match="permission") as caught:
        check_file(plain)
    assert caught.value.kind == "no-permission"


@pytest.mark.parametrize(
    ("size", "fits"),
    [((8192, 4320), True), ((8193, 100), False), ((16384, 8640), False), ((8000, 6000), False), ((16, 16), True)],
)
def test_size_limit(size: tuple[int, int], fits: bool) -> None:
    if fits:
        check_size("a.mp4", *size)
        return
    with pytest.raises(FootageError, match=f"{size[0]} x {size[1]}"):
        check_size("a.mp4", *size)


def test_names_that_look_like_addresses(make_clip: MakeClip, tmp_path: Path) -> None:
    """A file's name is never taken for a protocol or a pattern."""
    for name in ("concat:a|b.mp4", "http:x.mp4", "frame%03d.mp4", "data:,x.mp4"):
        path = tmp_path / name
        path.write_bytes(make_clip("h264.mp4").read_bytes())
        assert tape.inspect(path).codec == "h264"
