from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.api import Engine
from engine.core.errors import StoreError
from engine.core.views import FootageView, RunView
from engine.overlay import LANDMARK_STEPS, VISIBILITY_STEPS, Overlays, OverlaySlice, OverlayTrack
from engine.store import results
from tests.seeded import Seeds, open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path) as engine:
        yield engine


@pytest.fixture
def seeds(engine: Engine) -> Seeds:
    return Seeds(engine)


@pytest.fixture
def hall(seeds: Seeds) -> FootageView:
    return seeds.footage("hall.mp4", seconds=120.0)


@pytest.fixture
def run(seeds: Seeds, hall: FootageView) -> RunView:
    return seeds.run(hall, people=3, appearances=4, pictures=False)


def cut(engine: Engine, run: RunView, start_s: float, end_s: float, *, landmarks: bool = False) -> OverlaySlice:
    return engine.overlays.slice(run.id, start_s, end_s, landmarks=landmarks)


def track_of(found: OverlaySlice, tracklet: int) -> OverlayTrack:
    return next(track for track in found.tracks if track.tracklet == tracklet)


def test_a_slice_holds_the_stored_rows_of_its_time(engine: Engine, run: RunView) -> None:
    stored = {tracklet.number: tracklet for tracklet in engine.answers.tracklets(run.id)}
    found = cut(engine, run, 10.0, 14.0)
    touching = [n for n, tracklet in stored.items() if tracklet.first_s <= 14.0 and tracklet.last_s >= 10.0]
    assert [track.tracklet for track in found.tracks] == touching
    assert touching
    assert len(touching) < len(stored)
    for track in found.tracks:
        whole = stored[track.tracklet]
        rows = np.flatnonzero(np.isin(whole.t, track.t))
        assert (np.diff(rows) == 1).all()
        np.testing.assert_array_equal(track.boxes, whole.boxes[rows])
        np.testing.assert_array_equal(track.interpolated, whole.interpolated[rows])
        np.testing.assert_array_equal(track.scores, whole.scores[rows])


def test_the_rows_on_either_side_come_along(engine: Engine, run: RunView) -> None:
    # What lies between two stored rows is drawn between them, also where a slice ends in the middle.
    whole = engine.answers.tracklets(run.id)[0]
    start, end = float(whole.t[4]) + 0.05, float(whole.t[8]) + 0.05
    np.testing.assert_array_equal(track_of(cut(engine, run, start, end), whole.number).t, whole.t[4:10])
    on_a_row = cut(engine, run, float(whole.t[4]), float(whole.t[8]))
    np.testing.assert_array_equal(track_of(on_a_row, whole.number).t, whole.t[4:9])


def test_neighbouring_slices_cover_every_instant(engine: Engine, run: RunView) -> None:
    for whole in engine.answers.tracklets(run.id):
        for start in np.arange(0.0, 120.0, 20.0):
            inside = np.clip([whole.first_s, whole.last_s], start, start + 20.0)
            if inside[0] < inside[1]:
                t = track_of(cut(engine, run, start, start + 20.0), whole.number).t
                assert t[0] <= inside[0]
                assert t[-1] >= inside[1]


def test_landmarks_only_where_they_are_asked_for(engine: Engine, run: RunView) -> None:
    whole = engine.answers.tracklets(run.id)[0]
    assert all(track.landmarks.shape == (0, 33, 3) for track in cut(engine, run, 0.0, 5.0).tracks)
    track = track_of(cut(engine, run, 0.0, 5.0, landmarks=True), whole.number)
    rows = np.isin(whole.t, track.t)
    told = track.landmarks / np.array([LANDMARK_STEPS, LANDMARK_STEPS, VISIBILITY_STEPS])
    np.testing.assert_allclose(told[:, :, :2], whole.poses.landmarks[rows][:, :, :2], atol=0.25)
    np.testing.assert_allclose(told[:, :, 2], whole.poses.landmarks[rows][:, :, 2], atol=0.005)
    assert (track.landmarks[track.interpolated] == 0).all()


def test_people_by_label_name_and_colour(engine: Engine, run: RunView) -> None:
    engine.answers.rename(run.id, "P2", "Mina")
    found = cut(engine, run, 0.0, 119.0)
    assert [(one.label, one.name, one.colour) for one in found.people] == [
        ("P1", "", 0),
        ("P2", "Mina", 1),
        ("P3", "", 2),
    ]
    for person in engine.answers.people(run.id):
        owned = [t.tracklet for t in found.tracks if found.people[t.person].label == person.label]
        assert owned == [stretch.tracklet for stretch in person.presence]


def test_a_new_name_is_told_at_once(engine: Engine, run: RunView) -> None:
    assert cut(engine, run, 0.0, 5.0).people[0].name == ""
    engine.answers.rename(run.id, "P1", "Jun")
    assert cut(engine, run, 0.0, 5.0).people[0].name == "Jun"


def test_segments_of_the_slice_and_its_people(engine: Engine, run: RunView) -> None:
    every = engine.answers.segments(run.id)
    found = cut(engine, run, 10.0, 14.0)
    tracklets = [track.tracklet for track in found.tracks]
    wanted = (every.start_s <= 14.0) & (every.end_s >= 10.0) & np.isin(every.tracklets, tracklets)
    assert 0 < len(found.segments) < len(every)
    np.testing.assert_array_equal(found.segments.start_s, every.start_s[wanted])
    assert set(found.segments.channels) == {"posture", "gesture", "emotion"}


def test_hidden_emotions_are_not_drawn(tmp_path: Path) -> None:
    with open_engine(tmp_path, emotions=False) as engine:
        seeds = Seeds(engine)
        run = seeds.run(seeds.footage("hall.mp4"), pictures=False)
        assert set(cut(engine, run, 0.0, 60.0).segments.channels) == {"posture", "gesture"}


def test_json_says_the_same(engine: Engine, run: RunView) -> None:
    found = cut(engine, run, 9.0, 12.0, landmarks=True)
    told = json.loads(found.to_json())
    assert (told["run"], told["from"], told["to"]) == (run.id, 9.0, 12.0)
    assert [one["label"] for one in told["people"]] == [one.label for one in found.people]
    for said, track in zip(told["tracks"], found.tracks, strict=True):
        rows = len(track.t)
        np.testing.assert_allclose(said["t"], track.t, atol=0.0005)
        np.testing.assert_allclose(np.reshape(said["box"], (rows, 4)), track.boxes, atol=0.051)
        assert said["interpolated"] == np.flatnonzero(track.interpolated).tolist()
        summed = np.cumsum(np.reshape(said["landmarks"], (rows, 99)), axis=0)
        np.testing.assert_array_equal(summed.reshape(rows, 33, 3), track.landmarks)
    person, channel, label, start, end, score = told["segments"][0]
    assert found.people[person].label in {"P1", "P2", "P3"}
    assert (channel, label) == (found.segments.channels[0], found.segments.labels[0])
    assert start < end
    assert 0 <= score <= 1
    assert "landmarks" not in json.loads(cut(engine, run, 9.0, 12.0).to_json())["tracks"][0]


def test_only_what_touches_the_slice_is_read_and_only_once(
    engine: Engine, run: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    unpack = results.unpack_tracklet
    monkeypatch.setattr(results, "unpack_tracklet", lambda blob: (read.append(blob), unpack(blob))[1])
    touching = len(cut(engine, run, 10.0, 14.0).tracks)
    assert len(read) == touching
    cut(engine, run, 11.0, 13.0)
    cut(engine, run, 10.0, 14.0, landmarks=True)
    assert len(read) == touching
    later = {track.tracklet for track in cut(engine, run, 60.0, 64.0).tracks}
    assert len(read) == touching + len(later)


def test_what_is_kept_is_bounded(engine: Engine, run: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = engine.answers.tracklets(run.id)
    rows = max(len(tracklet) for tracklet in stored)
    monkeypatch.setattr("engine.overlay.KEPT_ROWS", rows)
    overlays: Overlays = engine.overlays
    for start in range(0, 120, 10):
        overlays.slice(run.id, start, start + 10.0, landmarks=False)
        kept = sum(len(whole.t) for whole in overlays._tracks.values())
        assert kept == overlays._rows <= rows


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(5.0, 4.0, id="backwards"),
        pytest.param(float("nan"), 4.0, id="not a number"),
        pytest.param(0.0, float("inf"), id="endless"),
    ],
)
def test_times_that_make_no_sense(engine: Engine, run: RunView, start: float, end: float) -> None:
    with pytest.raises(ValueError, match="slice"):
        cut(engine, run, start, end)


def test_an_unknown_run(engine: Engine) -> None:
    with pytest.raises(StoreError):
        engine.overlays.slice("000000000000", 0.0, 1.0, landmarks=False)


def test_where_nobody_is(engine: Engine, run: RunView) -> None:
    found = cut(engine, run, 119.5, 120.0)
    assert (found.people, found.tracks, len(found.segments)) == ((), (), 0)
    assert json.loads(found.to_json())["tracks"] == []
