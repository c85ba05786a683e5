"""Constructed bodies before a camera: every label, its neighbours, and what must not change an answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.labels import GESTURES, POSTURES, UNKNOWN
from engine.core.protocols import ActionRecognizer, BackendOptions
from engine.core.segments import Segments
from engine.core.types import Poses, Tracklet
from models.action.geometry import GeometryActionRecognizer
from models.registry import resolve
from tests.models.action.stick_figures import (
    BENDING,
    CROUCHING,
    LYING,
    RAISED,
    REACHING,
    SITTING,
    SIZE,
    STANDING,
    Camera,
    Figure,
    Scene,
    striding,
)

RECOGNIZER = GeometryActionRecognizer(BackendOptions())
FIGURES = {"standing": STANDING, "sitting": SITTING, "crouching": CROUCHING, "bending": BENDING, "lying": LYING}
CAMERAS = {
    "low": Camera(height=1.0, distance=4.0),
    "eye": Camera(height=1.6, distance=5.0),
    "far": Camera(height=1.6, distance=12.0),
    "high": Camera(height=2.5, distance=6.0),
    "ceiling": Camera(height=3.0, distance=8.0),
}


def tell(tracklet: Tracklet) -> Segments:
    return RECOGNIZER.recognize(tracklet, SIZE)


def shares(segments: Segments, channel: str = "posture") -> Counter[str]:
    """Share of the tracklet's time that carries each label of a channel."""
    postures = np.array([one == "posture" for one in segments.channels])
    whole = segments.end_s[postures].max() - segments.start_s[postures].min()
    total: Counter[str] = Counter()
    for label, own, start, end in zip(
        segments.labels, segments.channels, segments.start_s, segments.end_s, strict=True
    ):
        if own == channel:
            total[label] += (end - start) / whole
    return total


def order(segments: Segments) -> list[str]:
    """Labels of the postures, in order."""
    return [label for label, channel in zip(segments.labels, segments.channels, strict=True) if channel == "posture"]


VIEWS = [(label, yaw) for label in FIGURES for yaw in (0, 45, 90, 180, 270) if label != "lying" or yaw % 180]
"""A body that lies with its head or feet to the camera shows nothing to tell lying by."""

WAYS = [(speed, "walking", away) for speed in (0.9, 1.4) for away in (0.0, 45.0, -45.0, 90.0, -90.0)]
WAYS += [(3.6, "running", away) for away in (0.0, 45.0, -45.0)]
"""How fast somebody comes straight nearer is known too roughly to tell a run by."""


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize(("label", "yaw"), VIEWS)
def test_postures_at_rest(label: str, yaw: int, camera: str) -> None:
    scene = Scene(camera=CAMERAS[camera], yaw=yaw)
    assert shares(tell(scene.hold(FIGURES[label])))[label] > 0.9


@pytest.mark.parametrize("yaw", [0, 180])
def test_a_body_lying_towards_the_camera_is_never_taken_for_another_posture_at_eye_height(yaw: int) -> None:
    found = shares(tell(Scene(camera=CAMERAS["eye"], yaw=yaw).hold(LYING)))
    assert found["lying"] + found[UNKNOWN] > 0.9


@pytest.mark.parametrize("camera", ["eye", "high"])
@pytest.mark.parametrize(("speed", "label", "away"), WAYS)
def test_on_the_move(speed: float, label: str, away: float, camera: str) -> None:
    view = CAMERAS[camera]
    seconds = min(3.0, 1.3 * view.distance / speed)
    cadence = 0.95 if speed < 2 else 1.4
    found = shares(tell(Scene(camera=view).walk(speed, seconds, away=away, cadence=cadence)))
    assert found[label] > 0.75
    assert found["standing"] < 0.2


@pytest.mark.parametrize("fps", [2.0, 5.0, 12.0, 30.0])
@pytest.mark.parametrize("label", ["standing", "sitting", "walking"])
def test_the_rate_of_looking_does_not_matter(label: str, fps: float) -> None:
    scene = Scene(camera=CAMERAS["eye"], fps=fps, yaw=45.0)
    tracklet = scene.walk(1.2) if label == "walking" else scene.hold(FIGURES[label])
    assert shares(tell(tracklet))[label] > 0.9


@pytest.mark.parametrize("scale", [0.25, 0.5, 2.0, 4.0])
def test_resolution_does_not_matter(scale: float) -> None:
    size = (round(960 * scale), round(540 * scale))
    camera = Camera(height=2.0, distance=5.0, focal=860.0 * scale, size=size)
    for label in ("standing", "sitting", "crouching"):
        found = shares(RECOGNIZER.recognize(Scene(camera=camera, yaw=45.0).hold(FIGURES[label]), size))
        assert found[label] > 0.9


@pytest.mark.parametrize("yaw", [45, 90, 135, 270])
@pytest.mark.parametrize("figure", [STANDING, SITTING], ids=["standing", "sitting"])
def test_reaching_from_the_side(figure: Figure, yaw: int) -> None:
    reaching = replace(figure, arms=REACHING.arms, elbows=REACHING.elbows)
    found = shares(tell(Scene(yaw=yaw).hold(reaching)), "gesture")
    assert found["reaching"] > 0.9
    assert found["arms_raised"] == 0


@pytest.mark.parametrize("yaw", [0, 45, 90, 180, 270])
@pytest.mark.parametrize("camera", ["low", "eye", "high"])
def test_arms_raised(camera: str, yaw: int) -> None:
    found = shares(tell(Scene(camera=CAMERAS[camera], yaw=yaw).hold(RAISED)), "gesture")
    assert found["arms_raised"] > 0.9
    assert found["reaching"] == 0


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(STANDING, id="arms-hang"),
        pytest.param(replace(STANDING, arms=(20.0, 20.0), elbows=(80.0, 80.0)), id="works-at-a-desk"),
        pytest.param(replace(STANDING, arms=(5.0, 30.0), elbows=(10.0, 135.0)), id="telephone"),
        pytest.param(replace(STANDING, arms=(30.0, 30.0), elbows=(100.0, 100.0)), id="arms-folded"),
        pytest.param(SITTING, id="sits"),
    ],
)
@pytest.mark.parametrize("yaw", [0, 45, 90])
def test_no_gesture(figure: Figure, yaw: int) -> None:
    assert not shares(tell(Scene(yaw=yaw).hold(figure)), "gesture")


@pytest.mark.parametrize("speed", [0.9, 1.4])
def test_swinging_arms_are_no_gesture(speed: float) -> None:
    assert not shares(tell(Scene(camera=CAMERAS["eye"]).walk(speed)), "gesture")


def test_a_gesture_begins_and_ends_when_it_is_seen() -> None:
    scene = Scene(yaw=45.0, fps=10.0)
    t = scene.times(4.0)
    found = tell(scene.film(t, [RAISED if 1.0 <= one < 2.5 else STANDING for one in t]))
    rows = [row for row, label in enumerate(found.labels) if label == "arms_raised"]
    assert len(rows) == 1
    assert found.start_s[rows[0]] == pytest.approx(1.0, abs=0.2)
    assert found.end_s[rows[0]] == pytest.approx(2.5, abs=0.2)
    assert order(found) == ["standing"]


def test_one_sighting_of_an_arm_is_not_a_gesture() -> None:
    scene = Scene(yaw=45.0)
    t = scene.times(4.0)
    assert not shares(tell(scene.film(t, [RAISED if one == 2.0 else STANDING for one in t])), "gesture")


def test_a_gesture_goes_on_while_nothing_is_seen_but_not_for_ever() -> None:
    scene = Scene(yaw=45.0, missing=tuple(range(10, 41)))
    t = scene.times(8.0)
    found = tell(scene.film(t, [RAISED if one < 2.0 else STANDING for one in t]))
    row = found.labels.index("arms_raised")
    assert 2.0 < found.end_s[row] <= 3.2
    assert found.coverage[row] < 0.8


def test_walking_in_standing_and_walking_out() -> None:
    scene = Scene(camera=CAMERAS["far"], fps=5.0, yaw=-90.0)
    t = scene.times(9.0)
    x = 1.3 * (np.clip(t, 0, 3) + np.clip(t - 6, 0, 3) - 3)
    moving = (t < 3) | (t > 6)
    figures = [striding(0.95 * one) if goes else STANDING for one, goes in zip(t, moving, strict=True)]
    found = tell(scene.film(t, figures, np.stack([x, np.zeros(len(t))], axis=1)))
    assert order(found) == ["walking", "standing", "walking"]
    assert found.end_s[0] == pytest.approx(3.0, abs=0.5)
    assert found.end_s[1] == pytest.approx(6.0, abs=0.5)


def test_sitting_down_is_not_walking() -> None:
    scene = Scene(camera=CAMERAS["eye"], fps=10.0, yaw=60.0)
    t = scene.times(6.0)
    bend = np.clip((t - 2.5) / 0.8, 0, 1)
    figures = [
        replace(STANDING, thighs=(88 * one, 88 * one), knees=(88 * one, 88 * one), lean=20 * np.sin(np.pi * one))
        for one in bend
    ]
    # The feet stay where they are: the seat goes back.
    ahead = np.array([one.joints()[27:29, 1].mean() for one in figures])
    turn = np.radians(180.0 + scene.yaw)
    found = tell(scene.film(t, figures, np.outer(ahead, [np.sin(turn), -np.cos(turn)])))
    assert order(found) == ["standing", "sitting"]
    assert found.end_s[0] == pytest.approx(2.9, abs=0.5)


def test_somebody_hidden_to_the_hips_is_not_taken_for_sitting_once_seen_upright() -> None:
    scene, hidden = Scene(camera=CAMERAS["eye"]), Scene(camera=CAMERAS["eye"], hidden_below=0.92)
    t = scene.times(5.0)
    seen, behind = (one.film(t, [STANDING] * len(t)) for one in (scene, hidden))
    part = t < 2
    both = replace(
        seen,
        boxes=np.where(part[:, None], seen.boxes, behind.boxes),
        poses=Poses(
            landmarks=np.where(part[:, None, None], seen.poses.landmarks, behind.poses.landmarks),
            scores=seen.poses.scores,
        ),
    )
    assert order(tell(both)) == ["standing"]


@pytest.mark.parametrize("yaw", [0, 45, 180])
def test_behind_a_counter_nobody_sits(yaw: int) -> None:
    found = shares(tell(Scene(camera=CAMERAS["eye"], yaw=yaw, hidden_below=0.95).hold(STANDING)))
    assert found[UNKNOWN] > 0.9


@pytest.mark.parametrize("yaw", [20, 45, 180])
@pytest.mark.parametrize("camera", ["low", "far", "high"])
def test_behind_a_desk_somebody_sits(camera: str, yaw: int) -> None:
    found = shares(tell(Scene(camera=CAMERAS[camera], yaw=yaw, hidden_below=0.72).hold(SITTING)))
    assert found["sitting"] > 0.9


def test_feet_behind_a_shelf_are_no_seat() -> None:
    found = shares(tell(Scene(camera=CAMERAS["eye"], hidden_below=0.5).hold(STANDING)))
    assert found["standing"] > 0.9


def test_a_path_is_walking_though_legs_are_hidden() -> None:
    found = shares(tell(Scene(camera=CAMERAS["eye"], hidden_below=0.95).walk(1.2)))
    assert found["walking"] > 0.9


def test_trembling_does_not_flicker() -> None:
    # Between two postures, with landmarks that jump about.
    between = replace(SITTING, thighs=(50.0, 50.0), knees=(50.0, 50.0))
    for seed in range(4):
        found = tell(Scene(noise=0.02, seed=seed, yaw=60.0, fps=10.0).hold(between, 20.0))
        assert len(order(found)) <= 4
        rows = [row for row, channel in enumerate(found.channels) if channel == "posture"]
        assert (found.end_s - found.start_s)[rows].min() >= 0.5


def test_scores_fall_with_visibility() -> None:
    tracklet = Scene(yaw=45.0).hold(STANDING)
    landmarks = tracklet.poses.landmarks.copy()
    landmarks[:, 25:, 2] = 0.45
    dim = replace(tracklet, poses=Poses(landmarks=landmarks, scores=tracklet.poses.scores))
    assert tell(dim).scores[0] < tell(tracklet).scores[0]


def test_nothing_seen_is_unknown() -> None:
    t = np.arange(10) / 5.0
    boxes = np.tile(np.array([100, 100, 160, 300], np.float32), (10, 1))
    tracklet = Tracklet(
        number=3,
        t=t,
        boxes=boxes,
        scores=np.full(10, 0.5, np.float32),
        interpolated=np.zeros(10, np.bool_),
        poses=Poses.missing(10),
        sharpness=np.zeros(10, np.float32),
    )
    found = tell(tracklet)
    assert found.labels == (UNKNOWN,)
    assert found.scores[0] == 0
    assert found.coverage[0] == 0
    moving = replace(tracklet, boxes=boxes + np.outer(60 * t, [1, 0, 1, 0]).astype(np.float32))
    assert order(tell(moving)) == ["walking"]


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("posed", [True, False])
def test_few_rows(rows: int, posed: bool) -> None:
    whole = Scene(missing=() if posed else tuple(range(rows))).hold(STANDING, (rows - 1) / 5.0)
    cut = slice(0, rows)
    tracklet = Tracklet(
        number=1,
        t=whole.t[cut] + 7.0,
        boxes=whole.boxes[cut],
        scores=whole.scores[cut],
        interpolated=whole.interpolated[cut],
        poses=whole.poses[cut],
        sharpness=whole.sharpness[cut],
    )
    found = tell(tracklet)
    assert found.start_s[0] == 7.0
    assert found.end_s[-1] == pytest.approx(7.1 if rows == 1 else tracklet.last_s)
    assert order(found) == (["standing"] if posed else [UNKNOWN])


def test_interpolated_rows_carry_on() -> None:
    scene = Scene(missing=(4, 5, 6, 7))
    found = tell(scene.hold(SITTING))
    assert order(found) == ["sitting"]
    assert found.coverage[0] == pytest.approx(11 / 15, abs=0.08)


def test_long_unseen_is_unknown_again() -> None:
    found = tell(Scene(missing=tuple(range(10, 60))).hold(SITTING, 14.0))
    assert order(found) == ["sitting", UNKNOWN, "sitting"]


@settings(max_examples=25)
@given(
    gaps=st.lists(st.floats(0.03, 1.4), min_size=1, max_size=40),
    seed=st.integers(0, 1000),
    lost=st.integers(0, 7),
    kind=st.sampled_from(list(FIGURES)),
)
def test_postures_tile_the_time(gaps: list[float], seed: int, lost: int, kind: str) -> None:
    random = np.random.default_rng(seed)
    t = np.concatenate([[0.0], np.cumsum(gaps)]) + 100.0
    figures = [FIGURES[kind] if random.random() < 0.7 else STANDING for _ in t]
    missing = tuple(np.flatnonzero(random.random(len(t)) < lost / 10).tolist())
    tracklet = Scene(noise=0.02, seed=seed, missing=missing).film(t, figures)
    found = tell(tracklet)
    rows = np.array([channel == "posture" for channel in found.channels])
    assert found.start_s[rows][0] == t[0]
    assert found.end_s[rows][-1] == t[-1]
    assert (found.start_s[rows][1:] == found.end_s[rows][:-1]).all()
    postures = order(found)
    assert all(first != second for first, second in pairwise(postures))
    assert set(postures) <= {*POSTURES, UNKNOWN}
    assert {found.labels[row] for row in np.flatnonzero(~rows)} <= set(GESTURES)
    assert (found.start_s >= t[0]).all()
    assert (found.end_s <= t[-1]).all()


def _moved(tracklet: Tracklet, shift: tuple[float, float], scale: float, mirror: float | None) -> Tracklet:
    """The same in a picture that is shifted, scaled, or mirrored about a column; left and right change places."""
    marks = tracklet.poses.landmarks.astype(np.float64)
    boxes = tracklet.boxes.astype(np.float64)
    if mirror is not None:
        marks[:, :, 0] = mirror - marks[:, :, 0]
        boxes = np.stack([mirror - boxes[:, 2], boxes[:, 1], mirror - boxes[:, 0], boxes[:, 3]], axis=1)
        swap = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(row + (1 if row % 2 else -1) for row in range(11, 33))]
        marks = marks[:, swap]
    marks[:, :, :2] = marks[:, :, :2] * scale + np.array(shift)
    boxes = boxes * scale + np.tile(shift, 2)
    return replace(
        tracklet,
        boxes=boxes.astype(np.float32),
        poses=Poses(landmarks=marks.astype(np.float32), scores=tracklet.poses.scores),
    )


@settings(max_examples=25)
@given(
    kind=st.sampled_from([*FIGURES, "walking", "raised"]),
    yaw=st.floats(0, 359),
    scale=st.floats(0.5, 2.0),
    mirror=st.booleans(),
    seed=st.integers(0, 99),
)
def test_where_how_large_and_which_way_round_does_not_matter(
    kind: str, yaw: float, scale: float, mirror: bool, seed: int
) -> None:
    camera = Camera(height=2.0, distance=7.0, size=(960, 540))
    scene = Scene(camera=camera, yaw=yaw, seed=seed)
    figures = {**FIGURES, "raised": RAISED}
    tracklet = scene.walk(1.2, 2.0) if kind == "walking" else scene.hold(figures[kind], 2.0)
    # Far from every border, in one picture that is large enough for both, so that only the change itself differs.
    size = (4000, 4000)
    plain = _moved(tracklet, (900.0, 900.0), 1.0, None)
    other = _moved(tracklet, (700.0, 800.0), scale, 960.0 if mirror else None)
    first, second = RECOGNIZER.recognize(plain, size), RECOGNIZER.recognize(other, (round(4000 * scale),) * 2)
    assert first.labels == second.labels
    assert first.start_s == pytest.approx(second.start_s)
    assert first.scores == pytest.approx(second.scores, abs=0.02)


def test_is_what_the_registry_promises() -> None:
    built = resolve("action", "geometry")(BackendOptions())
    assert isinstance(built, ActionRecognizer)
    assert built.card == GeometryActionRecognizer.describe(BackendOptions())
    assert built.card.tier == "embedded"


def test_answers_do_not_depend_on_what_was_seen_before() -> None:
    tracklet = Scene(yaw=30.0).hold(SITTING)
    before = RECOGNIZER.recognize(tracklet, SIZE)
    RECOGNIZER.recognize(Scene().walk(1.2), SIZE)
    after = RECOGNIZER.recognize(tracklet, SIZE)
    assert before.labels == after.labels
    assert (before.scores == after.scores).all()


def test_a_picture_has_a_size() -> None:
    with pytest.raises(ValueError, match="size"):
        RECOGNIZER.recognize(Scene().hold(STANDING), (0, 540))
