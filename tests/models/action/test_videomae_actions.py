from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from engine.core.protocols import BackendOptions, ModelCard
from engine.core.segments import Segments
from engine.core.types import Frame, Poses, Tracklet
from models.action.tubelets import windows
from models.action.videomae_actions import (
    Verdict,
    VideoMaeActions,
    activity_names,
    merge,
    recognize_all,
    recognize_clips,
)
from tests.models.action.test_videomae import save_tiny


def _tracklet(seconds: float, number: int = 1, interpolated: Sequence[int] = ()) -> Tracklet:
    n = round(seconds * 5) + 1
    return Tracklet(
        number=number,
        t=np.arange(n) * 0.2,
        boxes=np.tile(np.array([20, 10, 40, 50], np.float32), (n, 1)),
        scores=np.full(n, 0.9, np.float32),
        interpolated=np.isin(np.arange(n), interpolated),
        poses=Poses.missing(n),
        sharpness=np.zeros(n, np.float32),
    )


class Brightness:
    """A classifier of drawn clips: the grey level of its third picture names the label."""

    card: ClassVar = ModelCard("brightness", "1", "embedded", "AGPL-3.0-only", "this test")
    labels = ("jogging", "run", "squat", "pull_ups", "eating cake")
    frames, side = 4, 8
    answers: ClassVar = {
        0: (0.5, 0.3, 0.1, 0.0, 0.1),
        100: (0.0, 0.1, 0.6, 0.2, 0.1),
        150: (0.1, 0.15, 0.3, 0.25, 0.2),
        200: (0.05, 0.05, 0.1, 0.1, 0.7),
    }

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        return cls.card

    def classify(self, clips: np.ndarray) -> np.ndarray:
        return np.array([self.answers[int(clip[2, 0, 0, 0])] for clip in clips], np.float32)


class Footage:
    """Frames whose grey level follows a table of (from, level); counts how often it is read."""

    def __init__(self, *levels: tuple[float, int]) -> None:
        self.levels = levels
        self.reads = 0

    def __call__(self, times: Sequence[float]) -> Iterator[Frame]:
        assert list(times) == sorted(set(times))
        self.reads += 1
        for row, t in enumerate(times):
            level = [grey for start, grey in self.levels if t >= start][-1]
            yield Frame(index=row, t=float(t), image=np.full((60, 80, 3), level, np.uint8))


def _rows(segments: Segments) -> list[tuple[int, str, str, float, float, str]]:
    return [
        (int(number), channel, label, round(float(start), 2), round(float(end), 2), source)
        for number, channel, label, start, end, source in zip(
            segments.tracklets,
            segments.channels,
            segments.labels,
            segments.start_s,
            segments.end_s,
            segments.sources,
            strict=True,
        )
    ]


def test_one_activity_all_the_time_is_one_segment() -> None:
    footage = Footage((0, 0))
    found = recognize_clips(_tracklet(6), footage, Brightness())
    assert _rows(found) == [(1, "activity", "running", 0.0, 6.0, "jogging")]
    # Both labels mean running: .5 + .3.
    assert found.scores[0] == pytest.approx(0.8)
    assert footage.reads == 1


def test_the_activity_changes() -> None:
    found = recognize_clips(_tracklet(8), Footage((0, 0), (4, 100)), Brightness())
    assert [(row[2], row[5]) for row in _rows(found)] == [("running", "jogging"), ("crouching", "squat")]
    assert found.start_s[0] == 0 and found.end_s[1] == 8
    assert found.end_s[0] == found.start_s[1] == pytest.approx(4.0, abs=1.0)


def test_what_has_no_name_here_keeps_its_own() -> None:
    found = recognize_clips(_tracklet(3), Footage((0, 200)), Brightness())
    assert _rows(found) == [(1, "activity", "eating cake", 0.0, 3.0, "eating cake")]


def test_where_nothing_is_sure_there_is_a_hole() -> None:
    found = recognize_clips(_tracklet(9), Footage((0, 0), (3, 150), (6, 0)), Brightness())
    assert [row[2] for row in _rows(found)] == ["running", "running"]
    assert found.end_s[0] < found.start_s[1] - 0.9


def test_several_people_in_one_pass() -> None:
    footage = Footage((0, 0))
    found = recognize_all([_tracklet(4, number=2), _tracklet(3, number=1)], footage, Brightness(), min_score=0.4)
    assert [row[0] for row in _rows(found)] == [1, 2]
    assert footage.reads == 1


def test_unsure_is_not_reported() -> None:
    assert len(recognize_clips(_tracklet(4), Footage((0, 0)), Brightness(), min_score=0.85)) == 0


def test_too_short_to_say_and_nothing_read() -> None:
    footage = Footage((0, 0))
    assert len(recognize_clips(_tracklet(0.4), footage, Brightness())) == 0
    assert footage.reads == 0


def test_interpolated_boxes_lower_the_coverage() -> None:
    found = recognize_clips(_tracklet(2, interpolated=range(5)), Footage((0, 0)), Brightness())
    assert found.coverage[0] == pytest.approx(6 / 11)


def test_segments_never_overlap_whatever_the_windows_say() -> None:
    rng = np.random.default_rng(8)
    one = _tracklet(20.3)
    for _ in range(20):
        verdicts = [
            Verdict(window, str(rng.choice(["a", "b"])), float(rng.uniform(0.2, 1.0)), "x")
            for window in windows(one, 4)
        ]
        found = merge(one, verdicts[::-1], 0.4)
        assert (found.start_s[1:] >= found.end_s[:-1] - 1e-9).all()
        assert found.start_s.min(initial=0) >= 0 and found.end_s.max(initial=0) <= one.last_s
        assert (found.scores >= 0.4).all()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        pytest.param("walking the dog", "walking", id="kinetics"),
        pytest.param("Running_On_Treadmill", "running", id="spelling"),
        pytest.param("arms_raised", "arms_raised", id="our-own"),
        pytest.param("sitting", "sitting", id="our-own-posture"),
        pytest.param("theft", "theft", id="not-an-action"),
        pytest.param("Answering_Questions", "Answering_Questions", id="unclear"),
    ],
)
def test_what_labels_are_called(label: str, name: str) -> None:
    assert activity_names([label]) == (name,)


def test_a_checkpoint_becomes_a_recognizer(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "tiny", labels=("walking", "standing", "eating cake"))
    recognizer = VideoMaeActions(BackendOptions(threads=1, min_score=0.34, weights=folder))
    found = recognizer.recognize([_tracklet(3)], Footage((0, 0)))
    assert set(found.labels) <= {"walking", "standing", "eating cake"} and len(found) == 1
    other = VideoMaeActions.describe(BackendOptions(min_score=0.5, weights=folder))
    assert recognizer.card.version != other.version
