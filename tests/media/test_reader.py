"""Reading frames: the right pictures at the right times, however one gets there."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis import settings as settings_of_hypothesis

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.core.types import Frame
from engine.media.footage import Footage, Picture
from engine.media.reader import FrameReader, decode_rate, read_instants
from tests import corpus
from tests.media import tape

MakeClip = Callable[[str], Path]
CLIPS = {clip.name: clip for clip in corpus.GOOD}
SEEKABLE = ["b-frames.mp4", "fragmented.mp4", "h264.mkv", "uneven.mp4", "uneven.mkv", "late.mkv", "h265.mp4"]
LINEAR = ["h264.ts", "h264.avi", "palette.gif"]


def same(left: list[Frame], right: list[Frame]) -> bool:
    return len(left) == len(right) and all(
        a.t == b.t and a.index == b.index and np.array_equal(a.image, b.image) for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("name", CLIPS)
def test_every_frame_upright_at_its_own_time(make_clip: MakeClip, name: str) -> None:
    clip = CLIPS[name]
    reading = tape.read(make_clip(name))
    frames = reading.frames
    assert reading.gaps == ()
    assert [corpus.number_of(frame.image) for frame in frames] == list(range(corpus.FRAMES))
    assert [frame.t for frame in frames] == pytest.approx(clip.times, abs=1e-6)
    assert all(corpus.is_upright(frame.image) for frame in frames)
    assert {frame.size for frame in frames} == {clip.size}
    if not clip.stamps:
        assert [frame.index for frame in frames] == list(range(corpus.FRAMES))


@pytest.mark.parametrize("name", CLIPS)
def test_colours(make_clip: MakeClip, name: str) -> None:
    """Within what coding loses: a wrong range or matrix shifts the grey-green ground by 8 levels or more."""
    image = tape.read(make_clip(name), end_s=0.03).frames[0].image
    height, width = image.shape[:2]
    ground = image[int(height * 0.68), int(width * 0.75)].astype(int)
    assert np.abs(ground - (70, 110, 90)).max() <= (40 if name == "palette.gif" else 7)
    # The first picture's number is 0: all its blocks are black, which a wrong range makes 5 or 35.
    assert np.abs(image[height // 8, width // 16].astype(int) - 20).max() <= (20 if name == "palette.gif" else 7)


@pytest.mark.parametrize("name", ["b-frames.mp4", "h264.ts", "uneven.mkv", "turned-90.mp4", "odd.mp4", "palette.gif"])
def test_the_child_gives_the_same(make_clip: MakeClip, settings: Settings, name: str) -> None:
    with FrameReader(make_clip(name), settings, fps=None) as reader:
        frames = list(reader)
        assert reader.gaps == ()
        assert reader.last_t == frames[-1].t
    assert same(frames, tape.read(make_clip(name)).frames)


@pytest.mark.parametrize("fps", [1.0, 5.0, 10.0, 24.0, 25.0, 60.0])
@pytest.mark.parametrize("name", ["b-frames.mp4", "uneven.mkv"])
def test_sampling_takes_the_first_of_each_cell(make_clip: MakeClip, name: str, fps: float) -> None:
    wanted: dict[int, float] = {}
    for t in CLIPS[name].times:
        wanted.setdefault(math.floor(t * fps + 1e-6), t)
    frames = tape.read(make_clip(name), fps=fps).frames
    assert [frame.t for frame in frames] == pytest.approx(list(wanted.values()), abs=1e-6)


@pytest.mark.parametrize("name", SEEKABLE + LINEAR)
@settings_of_hypothesis(max_examples=20, deadline=None, database=None, derandomize=True)
@given(start=strategies.floats(0.0, 3.2), fps=strategies.sampled_from([None, 0.7, 3.0, 8.0, 24.0]))
def test_a_resumed_reading_is_the_tail_of_a_full_one(
    make_clip: MakeClip, name: str, start: float, fps: float | None
) -> None:
    path = make_clip(name)
    full = _full(path, fps)
    assert same(tape.read(path, fps=fps, start_s=start).frames, [f for f in full if f.t >= start - 1e-6])
    stretch = [f for f in full if start - 1e-6 <= f.t < start + 0.5]
    assert same(tape.read(path, fps=fps, start_s=start, end_s=start + 0.5).frames, stretch)


@functools.cache
def _full(path: Path, fps: float | None) -> list[Frame]:
    return tape.read(path, fps=fps).frames


def test_a_stretch_through_the_child(make_clip: MakeClip, settings: Settings) -> None:
    path = make_clip("b-frames.mp4")
    with FrameReader(path, settings, fps=8.0, start_s=1.0, end_s=2.0) as reader:
        assert same(list(reader), [frame for frame in _full(path, 8.0) if 1.0 <= frame.t < 2.0])
    with FrameReader(path, settings, fps=8.0, start_s=9.0) as reader:
        assert list(reader) == []


@pytest.mark.parametrize("name", ["b-frames.mp4", "uneven.mkv", "h264.ts", "late.mkv"])
def test_instants(make_clip: MakeClip, name: str) -> None:
    path = make_clip(name)
    full = tape.read(path).frames
    wanted = [full[i] for i in (0, 3, 4, 31, 60, 74)]
    assert same(tape.instants(path, [frame.t for frame in wanted]), wanted)
    assert same(tape.instants(path, [full[5].t, full[5].t]), [full[5]])
    assert same(tape.instants(path, [full[10].t + 0.001, full[20].t, 99.0]), [full[20]])
    nearest = tape.instants(path, [-1.0, full[10].t + 0.001, 99.0], nearest=True)
    assert same(nearest, [full[0], full[11], full[-1]])


def test_instants_through_the_child(make_clip: MakeClip, settings: Settings) -> None:
    path = make_clip("b-frames.mp4")
    full = tape.read(path).frames
    assert same(list(read_instants(path, settings, [full[7].t, full[40].t])), [full[7], full[40]])
    assert list(read_instants(path, settings, [])) == []
    with pytest.raises(ValueError, match="ascending"):
        list(read_instants(path, settings, [2.0, 1.0]))


def test_instants_far_apart_are_sought(tmp_path: Path) -> None:
    """A minute with a keyframe every 16 s: far enough apart that seeking takes part."""
    stamps = tuple(range(0, corpus.FRAMES * 20, 20))
    path = corpus.make(replace(CLIPS["b-frames.mp4"], name="long.mp4", stamps=stamps), tmp_path)
    full = tape.read(path).frames
    wanted = [full[i] for i in (2, 20, 40, 41, 74)]
    assert same(tape.instants(path, [frame.t for frame in wanted]), wanted)
    assert same(tape.read(path, start_s=full[50].t).frames, full[50:])


@pytest.mark.parametrize(
    ("name", "reason", "start_s", "end_s"),
    [
        pytest.param("truncated.mp4", "truncated", 1.65, 3.0),
        pytest.param("truncated.mkv", "truncated", 1.65, 3.0),
        pytest.param("holed.mp4", "corrupt", 1.5, 2.4),
        pytest.param("holed.mkv", "corrupt", 1.5, 2.4),
        pytest.param("holed.ts", "corrupt", 1.5, 2.4),
        pytest.param("holed.avi", "corrupt", 1.5, 1.9),
    ],
)
def test_what_is_lost_is_recorded(make_clip: MakeClip, name: str, reason: str, start_s: float, end_s: float) -> None:
    reading = tape.read(make_clip(name))
    frames, gap = reading.frames, reading.gaps[0]
    assert gap.reason == reason
    assert (gap.start_s, gap.end_s) == pytest.approx((start_s, end_s), abs=0.15)
    assert not [frame.t for frame in frames if gap.start_s <= frame.t < gap.end_s]
    if not name.endswith(".avi"):
        # An AVI has no times of its own: behind the hole they count on from before it.
        assert all(corpus.number_of(frame.image) == round(frame.t * corpus.FPS) for frame in frames)
    kept = corpus.FRAMES - sum(lost.end_s - lost.start_s for lost in reading.gaps) * corpus.FPS
    assert len(frames) == pytest.approx(kept, abs=1.01)


def test_a_clock_that_was_set_back(make_clip: MakeClip, tmp_path: Path) -> None:
    """Two recordings in one transport stream: time goes on where the second one begins again."""
    path = tmp_path / "joined.ts"
    path.write_bytes(make_clip("late.ts").read_bytes() + make_clip("h264.ts").read_bytes())
    frames = tape.read(path).frames
    # The demuxer takes the last packet but one before the seam for damaged. After it pictures are left out until it is
    # clear that the clock was set back, and was no single mistake.
    assert [corpus.number_of(frame.image) for frame in frames] == [*range(73), *range(8, 75)]
    assert np.diff([frame.t for frame in frames]) == pytest.approx(1 / corpus.FPS)
    assert tape.inspect(path).duration_s == pytest.approx(6.0, abs=0.1)


def test_a_single_leap_of_time_is_left_out() -> None:
    stamps = [0, 1, 2, 9_000_000, 4, 5, 5, 6]
    footage = Footage.__new__(Footage)
    footage.base, footage.seekable = 1 / 25, True
    pictures = [Picture(t=stamp / 25, stamp=stamp, frame=None) for stamp in stamps]  # type: ignore[arg-type]
    assert [picture.stamp for picture in footage._in_order(iter(pictures))] == [0, 1, 2, 4, 5, 6]


def test_another_size_in_mid_stream(make_clip: MakeClip, tmp_path: Path) -> None:
    half = replace(CLIPS["late.ts"], name="half.ts", size=(corpus.WIDTH // 2, corpus.HEIGHT // 2))
    path = tmp_path / "joined.ts"
    path.write_bytes(make_clip("h264.ts").read_bytes() + corpus.make(half, tmp_path).read_bytes())
    frames = tape.read(path).frames
    assert len(frames) > 120
    assert {frame.size for frame in frames} == {(corpus.WIDTH, corpus.HEIGHT)}
    assert corpus.is_upright(frames[-1].image)
    assert corpus.number_of(frames[-1].image) == corpus.FRAMES - 1


def test_damage_up_to_the_end(make_clip: MakeClip, tmp_path: Path) -> None:
    data = bytearray(make_clip("late.ts").read_bytes())
    place = len(data) * 85 // 100
    data[place : place + 2000] = bytes(2000)
    path = tmp_path / "tail.ts"
    path.write_bytes(data)
    reading = tape.read(path)
    assert [gap.reason for gap in reading.gaps] == ["corrupt"]
    assert reading.gaps[0].end_s == pytest.approx(3.0, abs=0.15)


def test_gaps_through_the_child(make_clip: MakeClip, settings: Settings) -> None:
    path = make_clip("holed.mp4")
    with FrameReader(path, settings, fps=5.0) as reader:
        for frame in reader:
            # Known as soon as reading is past it, so that it is kept with the chunk of footage it lies in.
            assert bool(reader.gaps) or frame.t < 2.4
        assert reader.gaps == tape.read(path).gaps
    with FrameReader(path, settings, fps=5.0, start_s=2.5) as reader:
        list(reader)
        assert reader.gaps == ()


def test_frames_stay_valid_and_read_only(make_clip: MakeClip, settings: Settings) -> None:
    with FrameReader(make_clip("h264.mp4"), settings, fps=None) as reader:
        first = next(reader)
        kept = first.image.copy()
        for _ in range(20):
            next(reader)
        assert np.array_equal(first.image, kept)
        assert not first.image.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            first.image[0, 0, 0] = 1


def test_leaving_early_ends_the_decoder(make_clip: MakeClip, settings: Settings) -> None:
    """That nothing stays behind is checked after every test."""
    with FrameReader(make_clip("h264.mp4"), settings, fps=None) as reader:
        next(reader)
    assert list(reader) == []
    instants = read_instants(make_clip("h264.mp4"), settings, [0.0, 1.0, 2.0])
    next(instants)
    del instants
    forgotten = FrameReader(make_clip("h264.mp4"), settings, fps=None)
    next(forgotten)
    del forgotten


def test_two_readers_at_once(make_clip: MakeClip, settings: Settings) -> None:
    path = make_clip("b-frames.mp4")
    with FrameReader(path, settings, fps=None) as left, FrameReader(path, settings, fps=None) as right:
        assert all(a.t == b.t and np.array_equal(a.image, b.image) for a, b in zip(left, right, strict=True))


def test_bad_footage_and_bad_arguments(make_clip: MakeClip, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="text file"):
        next(FrameReader(make_clip("text.mp4"), settings, fps=None))
    with pytest.raises(FootageError, match="no file"):
        next(FrameReader(tmp_path / "none.mp4", settings, fps=None))
    with pytest.raises(ValueError, match="fps must be positive"):
        FrameReader(make_clip("h264.mp4"), settings, fps=0.0)


def test_decode_rate(make_clip: MakeClip, settings: Settings) -> None:
    assert decode_rate(make_clip("h264.mp4"), settings) > 1.0


@pytest.mark.footage
@pytest.mark.parametrize(
    ("name", "count", "last_t"),
    [
        ("one-by-one-person-detection.mp4", 1394, 139.3),
        ("free-throw.mp4", 101, 100 / 30),
        ("store-aisle-detection.gif", 67, 4.4),
        ("face-demographics-walking.gif", 35, 2.83),
        ("classroom.gif", 45, 2.93),
    ],
)
def test_real_clips(real_clips: Path, settings: Settings, name: str, count: int, last_t: float) -> None:
    with FrameReader(real_clips / name, settings, fps=None) as reader:
        times = [frame.t for frame in reader]
    assert len(times) == count
    assert times[-1] == pytest.approx(last_t, abs=1e-6)
    assert reader.gaps == ()


@pytest.mark.footage
@pytest.mark.parametrize(
    ("name", "start"), [("one-by-one-person-detection.mp4", 117.3), ("free-throw.mp4", 1.7), ("classroom.gif", 1.5)]
)
def test_real_clips_resume(real_clips: Path, name: str, start: float) -> None:
    full = tape.read(real_clips / name, fps=5.0).frames
    tail = [frame for frame in full if frame.t >= start]
    assert same(tape.read(real_clips / name, fps=5.0, start_s=start).frames, tail)
    wanted = tail[:: max(1, len(tail) // 5)]
    assert same(tape.instants(real_clips / name, [frame.t for frame in wanted]), wanted)
