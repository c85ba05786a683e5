"""The playback copy: browsers can play it, and its times are the footage's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.playback import make_playback
from engine.media.sandbox import run_child
from tests import corpus
from tests.media import tape

MakeClip = Callable[[str], Path]
COPIED = {"h264.mp4", "b-frames.mp4", "sound.mp4", "fragmented.mp4", "h264.mov", "h264.mkv", "h264.ts", "late.ts"}
COPIED |= {"late.mkv", "vp9.webm", "odd.mkv", "uneven.mp4", "uneven.mkv"}
COPIED |= {"full-range.mp4", "turned-90.mp4", "turned-180.mp4", "turned-270.mov"}


def boxes(path: Path) -> list[bytes]:
    """Names of the top-level boxes, in order."""
    data, place, names = path.read_bytes(), 0, []
    while place < len(data):
        names.append(data[place + 4 : place + 8])
        place += int.from_bytes(data[place : place + 4], "big")
    return names


@pytest.mark.parametrize("name", [clip.name for clip in corpus.GOOD])
def test_times_and_pictures_are_the_footages(make_clip: MakeClip, tmp_path: Path, name: str) -> None:
    source, target = make_clip(name), tmp_path / "playback.mp4"
    tape.write_playback(source, target)
    played, read = tape.read(target), tape.read(source)
    assert [frame.t for frame in played.frames] == pytest.approx([frame.t for frame in read.frames], abs=1e-6)
    assert [corpus.number_of(frame.image) for frame in played.frames] == list(range(corpus.FRAMES))
    assert all(corpus.is_upright(frame.image) for frame in played.frames)
    names = boxes(target)
    assert names.index(b"moov") < names.index(b"mdat"), "the index comes first, so that playing can begin at once"
    with av.open(str(target)) as container, av.open(str(source)) as origin:
        video, before = container.streams.video[0], origin.streams.video[0]
        assert video.start_time == 0, "a browser's clock starts at the container's zero"
        assert video.codec_context.name in ("h264", "vp9")
        assert video.codec_context.pix_fmt in ("yuv420p", "yuvj420p")
        copied = [bytes(p)[-8:] for p in origin.demux(before)] == [bytes(p)[-8:] for p in container.demux(video)]
        assert copied == (name in COPIED)
        assert bool(container.streams.audio) == (name == "sound.mp4")
        if not copied:
            assert (video.width % 2, video.height % 2) == (0, 0)


def test_keyframes_come_every_second(make_clip: MakeClip, tmp_path: Path) -> None:
    tape.write_playback(make_clip("mpeg4.avi"), tmp_path / "playback.mp4")
    with av.open(str(tmp_path / "playback.mp4")) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.size and p.is_keyframe]
    assert keys == pytest.approx([0.0, 1.0, 2.0])


@pytest.mark.parametrize("name", corpus.DAMAGED)
def test_damaged_footage_plays_to_its_end(make_clip: MakeClip, tmp_path: Path, name: str) -> None:
    """What a browser would stop at is decoded and written anew, with the same times."""
    tape.write_playback(make_clip(name), tmp_path / "playback.mp4")
    played = tape.read(tmp_path / "playback.mp4")
    assert [f.t for f in played.frames] == pytest.approx([f.t for f in tape.read(make_clip(name)).frames], abs=1e-6)
    assert played.gaps == ()


def test_through_the_child(make_clip: MakeClip, settings: Settings, tmp_path: Path) -> None:
    source, target = make_clip("mpeg4.avi"), tmp_path / "deep" / "playback.mp4"
    heard: list[float] = []
    make_playback(source, tape.inspect(source), target, settings, heard.append)
    assert len(tape.read(target).frames) == corpus.FRAMES
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert list(target.parent.iterdir()) == [target]


def test_giving_up_leaves_nothing(make_clip: MakeClip, settings: Settings, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(fraction: float) -> None:
        raise Enough

    source, target = make_clip("mpeg4.avi"), tmp_path / "out" / "playback.mp4"
    target.parent.mkdir()
    target.write_bytes(b"what was there before")
    with pytest.raises(Enough):
        make_playback(source, tape.inspect(source), target, settings, stop)
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_nothing(make_clip: MakeClip, settings: Settings, tmp_path: Path) -> None:
    media = tape.inspect(make_clip("h264.mp4"))
    with pytest.raises(FootageError, match="text file"):
        make_playback(make_clip("text.mp4"), media, tmp_path / "playback.mp4", settings, lambda _: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
@pytest.mark.parametrize("name", ["h264.mp4", "mpeg4.avi"])
def test_a_full_disk(make_clip: MakeClip, settings: Settings, name: str) -> None:
    arguments = {"path": str(make_clip(name)), "target": "/dev/full", "duration_s": 3.0}
    with pytest.raises(FootageError, match="disk is full") as caught:
        run_child("engine.media.remuxing:write_playback", arguments, settings, name=name)
    assert caught.value.kind == "disk-full"


@pytest.mark.footage
@pytest.mark.parametrize(
    "name",
    ["free-throw.mp4", "store-aisle-detection.gif", "face-demographics-walking.gif", "classroom.gif"],
)
def test_real_clips(real_clips: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "playback.mp4"
    tape.write_playback(real_clips / name, target)
    read, played = tape.read(real_clips / name), tape.read(target)
    assert [frame.t for frame in played.frames] == [frame.t for frame in read.frames]
    assert tape.inspect(target).duration_s == pytest.approx(tape.inspect(real_clips / name).duration_s, abs=0.02)
    assert shutil.disk_usage(tmp_path).free > 0
