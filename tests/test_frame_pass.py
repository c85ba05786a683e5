"""The decode pass: chunks, what is computed again after a kill, empty stretches, batches, cancelling within a frame."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.core.config import DetectConfig, Settings
from engine.core.errors import JobCancelled
from engine.core.protocols import BackendOptions
from engine.core.types import Detections, Frame, Gap
from engine.frame_pass import (
    FRAME_STAGES,
    FrameStage,
    PassPlan,
    detect_stage,
    expressions_stage,
    faces_stage,
    finished_stage,
    pose_stage,
    run_pass,
)
from engine.store.chunks import ChunkStore
from models.fake import FakeDetector, FakePoseEstimator
from models.fake_recognition import FakeEmotionClassifier, FakeFaceReader
from tests.drawn import draw_clip


class BoxesOnly:
    """A detector without poses that counts what it looks at, and remembers between resets."""

    def __init__(self) -> None:
        self._inner = FakeDetector(BackendOptions())
        self.looked: list[float] = []
        self.resets = 0

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        self.looked += [frame.t for frame in frames]
        return [Detections.of_boxes(found.boxes, found.scores) for found in self._inner.predict(frames)]

    def reset(self) -> None:
        self.resets += 1


class Listener:
    """An observer that stops the run after so many checkpoints."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.left = stop_after
        self.heard: list[tuple[str, float, float]] = []

    def progress(self, stage: str, done: float, total: float) -> None:
        self.heard.append((stage, done, total))

    def checkpoint(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise JobCancelled("stopped")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", seconds=6)


def plan(clip: Path, gaps: list[Gap] | None = None) -> PassPlan:
    heard = [] if gaps is None else gaps
    return PassPlan(clip, 6.0, DetectConfig(fps=5, chunk_s=2.0), Settings(), heard.extend)


def stages(folder: Path, detector: BoxesOnly) -> list[FrameStage]:
    return [
        detect_stage(detector, folder / "detect"),
        pose_stage(FakePoseEstimator(BackendOptions()), folder / "pose"),
        faces_stage(FakeFaceReader(BackendOptions()), folder / "faces"),
        expressions_stage(FakeEmotionClassifier(BackendOptions()), folder / "expressions"),
    ]


def blobs(folder: Path) -> list[bytes]:
    return [codec.pack(ChunkStore(folder / name, codec).read_all()) for name, (_, codec) in FRAME_STAGES.items()]


def test_one_pass_fills_every_stage(clip: Path, tmp_path: Path) -> None:
    detector, listener = BoxesOnly(), Listener()
    run_pass(plan(clip), stages(tmp_path, detector), listener)
    detected, posed, faces, expressions = (
        ChunkStore(tmp_path / name, codec) for name, (_, codec) in FRAME_STAGES.items()
    )
    assert all(store.complete for store in (detected, posed, faces, expressions))
    sightings = faces.read_all()
    assert sum(len(seen.faces) for seen in sightings) >= 30
    assert [len(shown.emotions) for shown in expressions.read_all()] == [len(seen.faces) for seen in sightings]
    assert len(detector.looked) == 30
    assert detector.resets == 3
    assert [seen.t for seen in posed.read_all()] == pytest.approx([number / 5 for number in range(30)])
    assert all(not seen.detections.poses.scores.any() for seen in detected.read_all())
    assert all(seen.detections.poses.scores.all() for seen in posed.read_all())
    assert listener.heard[-1] == ("detect", 6.0, 6.0)


def test_a_finished_stage_is_read_not_computed(clip: Path, tmp_path: Path) -> None:
    run_pass(plan(clip), stages(tmp_path, BoxesOnly()), Listener())
    before = blobs(tmp_path)
    shutil.rmtree(tmp_path / "pose")
    shutil.rmtree(tmp_path / "expressions")
    detector = BoxesOnly()
    run_pass(plan(clip), stages(tmp_path, detector), Listener())
    assert detector.looked == []
    assert blobs(tmp_path) == before


@pytest.mark.parametrize("stop_after", [1, 12, 20, 34], ids=str)
def test_stopped_anywhere_it_goes_on_to_the_same_end(clip: Path, tmp_path: Path, stop_after: int) -> None:
    run_pass(plan(clip), stages(tmp_path / "whole", BoxesOnly()), Listener())
    with pytest.raises(JobCancelled):
        run_pass(plan(clip), stages(tmp_path / "cut", BoxesOnly()), Listener(stop_after))
    detector = BoxesOnly()
    run_pass(plan(clip), stages(tmp_path / "cut", detector), Listener())
    assert blobs(tmp_path / "cut") == blobs(tmp_path / "whole")
    if stop_after == 34:
        assert len(detector.looked) < 30


def test_cancel_is_heard_within_a_frame(clip: Path, tmp_path: Path) -> None:
    detector = BoxesOnly()
    with pytest.raises(JobCancelled):
        run_pass(plan(clip), stages(tmp_path, detector), Listener(0))
    assert detector.looked == []


def test_a_finished_stage_needs_no_network(clip: Path, tmp_path: Path) -> None:
    run_pass(plan(clip), stages(tmp_path, BoxesOnly()), Listener())
    before = blobs(tmp_path)
    shutil.rmtree(tmp_path / "expressions")
    made = [finished_stage(name, tmp_path / name) for name in ("detect", "pose", "faces")]
    run_pass(plan(clip), [*made, *stages(tmp_path, BoxesOnly())[3:]], Listener())
    assert blobs(tmp_path) == before
