"""The whole way on drawn figures: people out, found again by key, recomputed only where something changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import pipeline
from engine.api import Engine
from engine.core.config import (
    AnalysisConfig,
    CropConfig,
    DetectConfig,
    EmotionConfig,
    LinkConfig,
    Settings,
    TrackConfig,
)
from engine.core.errors import ConfigError, FootageError, JobCancelled, StoreError
from engine.core.views import JobState
from engine.export.json import export_json, render
from tests.drawn import Walker, draw_clip

FAKE = AnalysisConfig(person_model="fake", detect=DetectConfig(fps=5, chunk_s=2.0))
BEHIND = ["crops", "clothing", "identity", "link", "actions", "anomalies", "emotions", "face_crops"]
"""Stages that follow from the tracklets."""
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_clip(tmp_path_factory.mktemp("clips") / "two people.mp4")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(Settings(home=tmp_path / "home")) as engine:
        yield engine


def document(engine: Engine, footage: str) -> dict[str, Any]:
    """The export of the latest run without what may differ between two runs that found the same."""
    view = engine.footage(footage)
    run = engine.runs(view.id)[0]
    exported = json.loads(render(export_json(engine.answers.findings(view, run))))
    for stage in exported["run"]["stages"]:
        del stage["seconds"], stage["cached"]
    return exported


def computed(run: Any) -> list[str]:
    return [stage.name for stage in run.stages if not stage.cached]


def test_people_and_times(engine: Engine, clip: Path) -> None:
    run = engine.analyze_now(engine.register(clip).id, FAKE)
    people = engine.answers.people(run.id)
    assert [person.label for person in people] == ["P1", "P2"]
    assert people[0].first_s == pytest.approx(0.0, abs=0.21)
    assert people[0].last_s == pytest.approx(3.9, abs=0.21)
    assert people[1].first_s == pytest.approx(1.0, abs=0.21)
    assert people[1].last_s == pytest.approx(3.0, abs=0.21)
    for person in people:
        assert person.crops
        for crop in person.crops:
            assert engine.media_file(run.footage, crop.file) is not None


def test_actions_and_emotions(engine: Engine, clip: Path) -> None:
    run = engine.analyze_now(engine.register(clip).id, FAKE)
    segments = engine.answers.segments(run.id)
    assert set(segments.channels) >= {"posture", "emotion"}
    for tracklet in engine.answers.tracklets(run.id):
        for channel in ("posture", "emotion"):
            rows = [
                row
                for row in np.flatnonzero(segments.tracklets == tracklet.number)
                if segments.channels[row] == channel
            ]
            assert segments.start_s[rows[0]] == tracklet.first_s
            assert segments.end_s[rows[-1]] == tracklet.last_s
            assert np.array_equal(segments.end_s[rows[:-1]], segments.start_s[rows[1:]])
    told = {segments.labels[row] for row, channel in enumerate(segments.channels) if channel == "emotion"}
    assert told - {"unknown"}
    assert engine.answers.readings(run.id)
    faces = engine.answers.face_crops(run.id)
    assert faces
    assert all(engine.media_file(run.footage, face.file) is not None for face in faces)


def test_where_emotions_are_switched_off_none_are_read_or_shown(tmp_path: Path, clip: Path) -> None:
    with Engine(Settings(home=tmp_path)) as engine:
        footage = engine.register(clip).id
        earlier = engine.analyze_now(footage, FAKE)
    with Engine(Settings(home=tmp_path, emotions=False)) as engine:
        run = engine.analyze_now(footage, FAKE)
        assert not {"faces", "expressions", "emotions", "face_crops"} & {stage.name for stage in run.stages}
        for each in (run.id, earlier.id):
            assert {"posture"} <= set(engine.answers.segments(each).channels) <= {"posture", "gesture"}
            assert not engine.answers.readings(each)
            assert not engine.answers.face_crops(each)


def test_a_name_is_kept_through_another_analysis(engine: Engine, clip: Path) -> None:
    footage = engine.register(clip).id
    run = engine.analyze_now(footage, FAKE)
    engine.answers.rename(run.id, "P2", "  김민지 ")
    other = engine.analyze_now(footage, AnalysisConfig(person_model="fake", detect=DetectConfig(fps=3, chunk_s=2.0)))
    assert [person.name for person in engine.answers.people(other.id)] == ["", "김민지"]
    engine.answers.rename(other.id, "P2", "")
    assert [person.name for person in engine.answers.people(run.id)] == ["", ""]
    with pytest.raises(ConfigError, match="80"):
        engine.answers.rename(run.id, "P1", "x" * 81)
    with pytest.raises(StoreError, match="P9"):
        engine.answers.rename(run.id, "P9", "nobody")


def test_files_for_the_browser(engine: Engine, clip: Path) -> None:
    view = engine.register(clip)
    engine.analyze_now(view.id, FAKE)
    for name in ("playback.mp4", "poster.jpg", "thumbs/0.jpg"):
        assert engine.media_file(view.id, name) is not None, name
    for name in ("../../sightline.db", "stages", "thumbs/../stages", "playback.mp4/..", "/etc/passwd"):
        assert engine.media_file(view.id, name) is None, name


def test_again_touches_no_frame(engine: Engine, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = engine.register(clip)
    first = engine.analyze_now(view.id, FAKE)
    for name in ("run_pass", "read_instants", "make_playback", "make_thumbnails", "build_tracklets", "link_tracklets"):
        monkeypatch.setattr(pipeline, name, lambda *_, name=name: pytest.fail(f"{name} was called"))
    again = engine.analyze_now(view.id, FAKE)
    assert again.id == first.id
    assert computed(again) == []


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        pytest.param({"crops": CropConfig(per_tracklet=2)}, ["crops", "clothing", "identity", "link"], id="crops"),
        pytest.param({"link": LinkConfig(max_gap_s=1.0)}, ["link"], id="link"),
        pytest.param({"emotions": EmotionConfig(window_s=1.0)}, ["emotions", "face_crops"], id="emotions"),
        pytest.param({"track": TrackConfig(lost_s=1.0)}, ["track", *BEHIND], id="track"),
        pytest.param(
            {"detect": DetectConfig(fps=2, chunk_s=2.0)},
            ["detect", "faces", "expressions", "track", *BEHIND],
            id="detect",
        ),
    ],
)
def test_a_change_recomputes_what_depends_on_it(
    engine: Engine, clip: Path, change: dict[str, Any], stages: list[str]
) -> None:
    view = engine.register(clip)
    engine.analyze_now(view.id, FAKE)
    changed = AnalysisConfig(**{**{name: getattr(FAKE, name) for name in ("person_model", "detect")}, **change})
    assert computed(engine.analyze_now(view.id, changed)) == stages


def test_the_same_bytes_are_one_footage(engine: Engine, clip: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(clip, tmp_path / "copy.mp4"))
    assert engine.register(copy).id == engine.register(clip).id
    assert len(engine.list_footage()) == 1


def test_footage_that_moved_is_found_again(engine: Engine, clip: Path, tmp_path: Path) -> None:
    old = Path(shutil.copy(clip, tmp_path / "old.mp4"))
    view = engine.register(old)
    new = old.rename(tmp_path / "new.mp4")
    with pytest.raises(FootageError, match="no longer at"):
        engine.analyze_now(view.id, FAKE)
    assert engine.register(new).path == str(new)
    assert engine.answers.people(engine.analyze_now(view.id, FAKE).id)


def test_an_upload_becomes_footage_and_goes_with_it(engine: Engine, clip: Path) -> None:
    content = clip.read_bytes()
    upload = engine.uploads.start("../two people.mp4", len(content))
    middle = engine.uploads.write(upload.token, 0, content[:1000])
    assert engine.uploads.offset(upload.token) == middle == 1000
    engine.uploads.write(upload.token, middle, content[1000:])
    view = engine.uploads.finish(upload.token)
    assert (view.name, view.in_place) == ("two people.mp4", False)
    assert Path(view.path).read_bytes() == content
    engine.analyze_now(view.id, FAKE)
    engine.remove(view.id)
    assert engine.list_footage() == ()
    assert not Path(view.path).parent.exists()


def test_a_bad_upload_leaves_nothing(engine: Engine) -> None:
    upload = engine.uploads.start("talk.mp4", 5)
    engine.uploads.write(upload.token, 0, b"hello")
    with pytest.raises(FootageError):
        engine.uploads.finish(upload.token)
    left = [path for path in engine.settings.home.rglob("*") if path.is_file() and "sightline.db" not in path.name]
    assert left == []


def test_cancelled_work_is_taken_up_again(engine: Engine, clip: Path) -> None:
    view = engine.register(clip)

    def stop(stage: str, fraction: float) -> None:
        if stage == "detect" and fraction > 0.2:
            engine.cancel(engine.jobs()[0].id)
            time.sleep(1.2)  # the heartbeat brings the word

    with pytest.raises(JobCancelled):
        engine.analyze_now(view.id, FAKE, stop)
    assert engine.jobs()[0].state == JobState.CANCELLED
    assert len(engine.answers.people(engine.analyze_now(view.id, FAKE).id)) == 2


WORK = """
import sys
from pathlib import Path
from engine.api import Engine
from engine.core.config import Settings
with Engine(Settings(home=Path(sys.argv[1]))) as engine:
    engine.work(once=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_export_is_the_same(tmp_path: Path) -> None:
    walkers = [
        Walker((220, 20, 20), start=(10, 60), speed=(9, 0)),
        Walker((20, 20, 220), enter_s=6.0, leave_s=21.0, start=(280, 70), speed=(-12, 0)),
    ]
    clip = draw_clip(tmp_path / "long.mp4", walkers, seconds=30)
    with Engine(Settings(home=tmp_path / "quiet")) as quiet:
        view = quiet.register(clip)
        quiet.analyze_now(view.id, FAKE)
        expected = document(quiet, view.id)
    home = tmp_path / "killed"
    kills = 0
    with Engine(Settings(home=home)) as engine:
        view = engine.register(clip)
        job = engine.submit(view.id, FAKE)
        for wait in (0.4, 2):  # before the first chunk; then after two chunks more each time
            worker = _start_worker(home)
            chunks = _chunks(home)
            begun = time.monotonic()
            while worker.poll() is None and time.monotonic() - begun < 60:
                if (wait < 1 and time.monotonic() - begun > wait) or _chunks(home) >= chunks + 2:
                    worker.send_signal(signal.SIGKILL)
                    kills += 1
                    break
                time.sleep(0.01)
            worker.wait()
        last = _start_worker(home)
        assert last.wait(timeout=120) == 0
        assert [entry.state for entry in engine.jobs() if entry.id == job.id] == [JobState.DONE]
        assert kills == 2
        assert document(engine, view.id) == expected
    with sqlite3.connect(home / "sightline.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def _start_worker(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(home)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def _chunks(home: Path) -> int:
    return len(list(home.glob("media/*/stages/*/*.bin")))
