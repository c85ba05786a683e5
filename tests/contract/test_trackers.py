"""What every registered tracker must do."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.protocols import ModelCard, Tracker, TrackerOptions
from engine.core.types import Detections, Tracks
from models.registry import names, resolve

trackers = pytest.mark.parametrize("name", names("tracker"))


def build(name: str, fps: float = 5, lost_s: float = 1.6) -> Tracker:
    return resolve("tracker", name)(TrackerOptions(fps=fps, lost_s=lost_s))


def people(*boxes: tuple[float, float, float, float], score: float = 0.9) -> Detections:
    columns = np.asarray(boxes, np.float32).reshape(-1, 4)
    return Detections.of_boxes(columns, np.full(len(columns), score, np.float32))


def person(x: float, y: float = 100, tall: float = 200) -> tuple[float, float, float, float]:
    return (x, y, x + 0.4 * tall, y + tall)


def feed(tracker: Tracker, frames: list[tuple[float, Detections]]) -> list[list[tuple[int, int]]]:
    answers = [tracker.update(detections, t) for t, detections in frames]
    return [list(zip(tracks.rows.tolist(), tracks.ids.tolist(), strict=True)) for tracks in answers]


@trackers
def test_fulfils_the_protocol_and_says_who_it_is(name: str) -> None:
    tracker = build(name)
    assert isinstance(tracker, Tracker)
    card = resolve("tracker", name).describe(TrackerOptions())
    assert isinstance(card, ModelCard)
    assert card == tracker.card
    assert card.name == name
    assert len(card.version) == 16


@trackers
def test_nobody_is_nobody(name: str) -> None:
    assert feed(build(name), [(0.0, people()), (0.2, people())]) == [[], []]


@trackers
def test_one_person_keeps_one_identity_from_the_first_frame(name: str) -> None:
    frames = [(0.2 * k, people(person(100 + 8 * k))) for k in range(20)]
    assert feed(build(name), frames) == [[(0, 1)]] * 20


@trackers
def test_many_people_keep_theirs_whatever_the_order_of_rows(name: str) -> None:
    tracker = build(name)
    homes = [50, 300, 550, 800]
    known: dict[int, int] = {}
    rng = np.random.default_rng(3)
    for k in range(15):
        order = rng.permutation(4)
        tracks = tracker.update(people(*(person(homes[home] + 3 * k) for home in order)), 0.2 * k)
        assert sorted(tracks.rows.tolist()) == [0, 1, 2, 3]
        for row, identity in zip(tracks.rows, tracks.ids, strict=True):
            assert known.setdefault(int(order[row]), int(identity)) == identity
    assert sorted(known.values()) == [1, 2, 3, 4]


@trackers
def test_identities_are_each_instances_own_and_start_at_one_after_reset(name: str) -> None:
    first, second = build(name), build(name)
    assert feed(first, [(0.0, people(person(0), person(400)))]) == [[(0, 1), (1, 2)]]
    assert feed(second, [(0.0, people(person(0)))]) == [[(0, 1)]]
    first.reset()
    # The other one's count must not fall back: a newcomer may not be given an identity in use.
    assert feed(second, [(0.2, people(person(0), person(600)))]) == [[(0, 1), (1, 2)]]
    assert feed(first, [(0.0, people(person(400)))]) == [[(0, 1)]]


@trackers
def test_after_reset_nothing_is_remembered(name: str) -> None:
    frames = [(0.2 * k, people(person(100 + 10 * k), person(700 - 10 * k))) for k in range(12)]
    tracker = build(name)
    fresh = feed(tracker, frames)
    tracker.reset()
    assert feed(tracker, frames) == fresh


@trackers
def test_detections_are_not_modified(name: str) -> None:
    detections = people(person(10), person(300))
    boxes, scores = detections.boxes.copy(), detections.scores.copy()
    feed(build(name), [(0.0, detections), (0.2, detections)])
    np.testing.assert_array_equal(detections.boxes, boxes)
    np.testing.assert_array_equal(detections.scores, scores)


@trackers
@pytest.mark.parametrize(
    ("absent_s", "same"),
    [
        pytest.param(1.0, True, id="shorter than lost_s"),
        pytest.param(3.0, False, id="longer than lost_s"),
    ],
)
@pytest.mark.parametrize("fps", [2.0, 5.0, 30.0])
def test_absences_are_measured_in_seconds_not_in_frames(name: str, fps: float, absent_s: float, same: bool) -> None:
    tracker = build(name, fps)
    here, gone = people(person(300)), people()
    steps = round(3 * fps)
    frames = [(k / fps, here) for k in range(steps)]
    frames += [((steps + k) / fps, gone) for k in range(round(absent_s * fps))]
    back = feed(tracker, [*frames, (frames[-1][0] + 1 / fps, here)])[-1]
    assert back == [(0, 1 if same else 2)]


@trackers
def test_a_hole_in_the_footage_counts_as_absence(name: str) -> None:
    tracker = build(name)
    frames = [(0.2 * k, people(person(300))) for k in range(5)]
    assert feed(tracker, [*frames, (600.0, people(person(300)))])[-1] == [(0, 2)]


@trackers
@pytest.mark.parametrize("fps", [1.0, 0.25])
def test_rates_slower_than_the_longest_absence_still_join(name: str, fps: float) -> None:
    frames = [(k / fps, people(person(300), person(800))) for k in range(4)]
    assert feed(build(name, fps), frames)[-1] == [(0, 1), (1, 2)]


@trackers
@pytest.mark.parametrize("way", [1, -1], ids=["to the right", "to the left"])
@pytest.mark.parametrize(
    ("fps", "speed"),
    [
        pytest.param(10.0, 2.0, id="a runner, 10 a second"),
        pytest.param(5.0, 2.0, id="a runner, 5 a second"),
        pytest.param(5.0, 0.8, id="a walker, 5 a second"),
        pytest.param(2.0, 0.8, id="a walker, 2 a second"),
        pytest.param(1.0, 0.8, id="a walker, 1 a second"),
    ],
)
def test_people_who_move_far_between_frames_are_followed(name: str, fps: float, speed: float, way: int) -> None:
    start = 100.0 if way > 0 else 1100.0
    frames = [(k / fps, people(person(start + way * speed * 200 * k / fps))) for k in range(6)]
    assert [ids for answer in feed(build(name, fps), frames) for _, ids in answer] == [1] * 6


@trackers
def test_uneven_frame_times_do_not_disturb_a_walk(name: str) -> None:
    times = np.cumsum(np.random.default_rng(5).choice([0.04, 0.2, 0.45], 40))
    frames = [(float(t), people(person(50 + 160 * float(t)))) for t in times]
    assert {identity for answer in feed(build(name), frames) for _, identity in answer} == {1}


@trackers
@pytest.mark.parametrize("backwards", [False, True], ids=["going", "coming"])
def test_what_still_shows_at_the_border_is_the_same_person(name: str, backwards: bool) -> None:
    shown = [(560, 60, 640, 380), (590, 60, 640, 380), (610, 250, 640, 380), (618, 280, 640, 378)]
    frames = shown[::-1] if backwards else shown
    answers = feed(build(name), [(0.2 * k, people(box)) for k, box in enumerate(frames)])
    assert answers == [[(0, 1)]] * 4


@trackers
def test_two_who_could_be_either_are_not_joined_by_nearness(name: str) -> None:
    near, far = person(300), person(460)
    answers = feed(build(name), [(0.0, people(person(380))), (0.2, people(near, far))])
    assert {identity for _, identity in answers[1]}.isdisjoint({1})


@trackers
def test_two_who_pass_each_other_keep_their_identities(name: str) -> None:
    frames = []
    for k in range(30):
        left, right = person(100 + 32 * k, 100, 200), person(1000 - 32 * k, 80, 200)
        hidden = abs(left[0] - right[0]) < 40
        frames.append((0.2 * k, people(left) if hidden else people(left, right)))
    answers = feed(build(name), frames)
    assert answers[0] == [(0, 1), (1, 2)]
    assert answers[-1] == [(0, 1), (1, 2)]


@trackers
def test_weak_detections_never_start_a_track_but_continue_one(name: str) -> None:
    weak = people(person(300), score=0.41)
    tracker = resolve("tracker", name)(TrackerOptions(new_score=0.5))
    assert feed(tracker, [(0.0, weak), (0.2, weak)]) == [[], []]
    answers = feed(tracker, [(0.4, people(person(300))), (0.6, weak), (0.8, weak)])
    assert answers == [[(0, 1)], [(0, 1)], [(0, 1)]]


@trackers
def test_boxes_without_area_are_no_trouble(name: str) -> None:
    flat = people((10, 10, 10, 60), person(300))
    answers = feed(build(name), [(0.0, flat), (0.2, flat)])
    assert [(row, identity) for row, identity in answers[-1] if row == 1] != []


@trackers
@pytest.mark.parametrize("t", [0.2, 0.1])
def test_time_that_does_not_move_on_is_a_mistake(name: str, t: float) -> None:
    tracker = build(name)
    tracker.update(people(), 0.2)
    with pytest.raises(ValueError, match="order of time"):
        tracker.update(people(), t)


@trackers
def test_frames_a_hair_apart_are_two_frames(name: str) -> None:
    frames = [(0.2 + 1e-5 * k, people(person(300))) for k in range(4)]
    assert feed(build(name), frames) == [[(0, 1)]] * 4


@trackers
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_rows_and_identities_are_valid_and_answers_repeat(name: str, data: st.DataObject) -> None:
    box = st.tuples(st.floats(0, 600), st.floats(0, 400), st.floats(0, 300), st.floats(0, 300), st.floats(0.3, 1))
    frames, t = [], 0.0
    for found in data.draw(st.lists(st.lists(box, max_size=5), max_size=12)):
        t += data.draw(st.sampled_from([0.01, 0.2, 1.0, 7.0]))
        columns = np.asarray([(x, y, x + w, y + h) for x, y, w, h, _ in found], np.float32).reshape(-1, 4)
        frames.append((t, Detections.of_boxes(columns, np.asarray([one[4] for one in found], np.float32))))
    tracker = build(name)
    answers: list[Tracks] = [tracker.update(detections, at) for at, detections in frames]
    issued = 0
    for (_, detections), tracks in zip(frames, answers, strict=True):
        assert ((tracks.rows >= 0) & (tracks.rows < len(detections))).all()
        assert (tracks.ids >= 1).all()
        newest = int(tracks.ids.max(initial=0))
        assert newest <= issued + len(detections)
        issued = max(issued, newest)
    tracker.reset()
    again = [tracker.update(detections, at) for at, detections in frames]
    for first, second in zip(answers, again, strict=True):
        np.testing.assert_array_equal(first.rows, second.rows)
        np.testing.assert_array_equal(first.ids, second.ids)


def test_bytetrack_keeps_no_more_than_the_living() -> None:
    tracker = build("bytetrack")
    for k in range(400):
        # Somebody else every frame, each at a place of their own.
        tracker.update(people(person(60.0 * (k % 20), 250.0 * (k // 20 % 3))), 2.0 * k)
    core = tracker._core
    assert len(core.tracked_stracks) + len(core.lost_stracks) + len(core.removed_stracks) < 10


def test_importing_the_library_leaves_threads_pictures_and_environment_alone() -> None:
    code = """
import os, torch, cv2
from PIL import Image
torch.set_num_threads(2); cv2.setNumThreads(3); os.environ.pop("OMP_NUM_THREADS", None)
from engine.core.protocols import TrackerOptions
from models.tracker.bytetrack import ByteTrackTracker
ByteTrackTracker(TrackerOptions())
print(torch.get_num_threads(), cv2.getNumThreads(), "OMP_NUM_THREADS" in os.environ,
      os.environ["YOLO_AUTOINSTALL"], os.environ["YOLO_OFFLINE"], Image.open.__module__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split()[-6:] == ["2", "3", "False", "false", "true", "PIL.Image"]


def test_the_module_itself_is_light() -> None:
    code = """
import sys, models.tracker.bytetrack
print([name for name in ("torch", "ultralytics", "cv2") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
