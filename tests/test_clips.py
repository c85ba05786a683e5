"""Clips of events: exact times, people marked, made once, nothing left behind by a failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from engine.api import Engine
from engine.core.anomalies import AnomalyEvent
from engine.core.config import AnalysisConfig, DetectConfig, Settings
from engine.core.errors import FootageError
from engine.core.types import Poses, Tracklet
from tests.drawn import draw_clip

LENGTH_S, START_S, END_S = 6.0, 2.5, 3.5


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("clips")
    engine = Engine(Settings(home=folder / "home"))
    footage = engine.register(draw_clip(folder / "hall.mp4", seconds=LENGTH_S))
    engine.analyze_now(footage.id, AnalysisConfig(person_model="fake", detect=DetectConfig(fps=5.0)))
    return engine


@pytest.fixture
def event(engine: Engine) -> AnomalyEvent:
    footage = engine.list_footage()[0]
    run = engine.runs(footage.id)[0]
    person = engine.answers.people(run.id)[0]
    return AnomalyEvent(
        id="0123456789ab",
        footage=footage.id,
        run=run.id,
        kind="skeleton",
        label="theft",
        person=person.label,
        tracklet=person.presence[0].tracklet,
        start_s=START_S,
        end_s=END_S,
        score=0.9,
        severity=0.5,
        model="skeleton-lstm",
        version="1",
        reasons=(),
    )


def times_of(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0) if frame.time is not None]


def test_a_clip_has_lead_in_and_lead_out_and_the_footages_own_times(engine: Engine, event: AnomalyEvent) -> None:
    assert engine.clips.of(replace(event, id="ffffffffffff")) is None
    clip = engine.clips.make(event)
    assert (clip.start_s, clip.end_s) == pytest.approx((0.5, 5.5), abs=0.05)
    # The footage has ten frames a second: each is in the clip, at its own time less the clip's start.
    assert times_of(engine.clips.file(clip)) == pytest.approx(list(np.arange(0, 5.01, 0.1)), abs=1e-3)


def test_a_clip_begins_and_ends_with_the_footage(engine: Engine, event: AnomalyEvent) -> None:
    clip = engine.clips.make(replace(event, start_s=0.3, end_s=5.9))
    assert clip.start_s == 0.0
    assert clip.end_s == pytest.approx(LENGTH_S - 0.1, abs=1e-3)


def test_a_clip_is_made_once(engine: Engine, event: AnomalyEvent) -> None:
    first = engine.clips.make(event)
    made = engine.clips.file(first).stat().st_mtime_ns
    assert engine.clips.make(event) == first == engine.clips.of(event)
    assert engine.clips.file(first).stat().st_mtime_ns == made


def test_a_browser_can_play_and_seek_it(engine: Engine, event: AnomalyEvent) -> None:
    path = engine.clips.file(engine.clips.make(event))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec.name, stream.pix_fmt) == ("h264", "yuv420p")
        keys = [float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.is_keyframe]
    assert max(np.diff(keys)) <= 1.05
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_the_person_is_marked_where_they_are(engine: Engine, event: AnomalyEvent) -> None:
    tracklet = next(each for each in engine.answers.tracklets(event.run) if each.number == event.tracklet)
    row = int(np.argmin(abs(tracklet.t - START_S)))
    _, top, right, bottom = tracklet.boxes[row]
    clip = engine.clips.make(event)
    with av.open(str(engine.clips.file(clip))) as container:
        at = float(tracklet.t[row]) - clip.start_s
        frame = min(container.decode(video=0), key=lambda frame: abs(float(frame.time or 0) - at))
    picture = frame.to_ndarray(format="rgb24").astype(int)
    edge = picture[round(float((top + bottom) / 2)), round(float(right)) - 1 : round(float(right)) + 2]
    orange = (edge[:, 0] > 150) & (edge[:, 2] < edge[:, 0] - 60)
    assert orange.any(), edge


def test_the_contact_sheet_shows_key_frames(engine: Engine, event: AnomalyEvent) -> None:
    clip = engine.clips.make(event)
    path = engine.media_file(clip.footage, clip.sheet)
    assert path is not None
    with Image.open(path) as sheet:
        assert sheet.width == 3 * 320
        assert sheet.height > 2 * 100


def test_a_manual_event_without_a_run_has_a_clip_too(engine: Engine, event: AnomalyEvent) -> None:
    clip = engine.clips.make(replace(event, id="aaaaaaaaaaaa", run="", person="", tracklet=0, kind="manual"))
    assert len(times_of(engine.clips.file(clip))) == 51


def test_footage_that_is_gone_is_said(engine: Engine, event: AnomalyEvent, tmp_path: Path) -> None:
    path = Path(engine.footage(event.footage).path)
    away = path.rename(tmp_path / "away.mp4")
    try:
        with pytest.raises(FootageError, match="no longer at"):
            engine.clips.make(replace(event, id="bbbbbbbbbbbb"))
    finally:
        away.rename(path)
    assert not list(engine.settings.media.rglob("*.part"))


def test_boxes_lie_on_straight_lines_between_rows() -> None:
    from engine.clips import _between

    tracklet = Tracklet(
        number=1,
        t=np.array([1.0, 2.0]),
        boxes=np.array([[0, 0, 10, 10], [10, 20, 20, 30]], np.float32),
        scores=np.ones(2, np.float32),
        interpolated=np.zeros(2, np.bool_),
        poses=Poses.missing(2),
        sharpness=np.zeros(2, np.float32),
    )
    box, landmarks = _between(tracklet, 1.25)
    assert box.tolist() == [2.5, 5.0, 12.5, 15.0]
    assert not landmarks.any()
    assert _between(tracklet, 5.0)[0].tolist() == [10, 20, 20, 30]
