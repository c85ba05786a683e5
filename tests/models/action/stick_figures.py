"""Bodies in space, seen by a camera: what the geometry of actions is tested on.

A figure is a skeleton in metres (x to its right, y ahead, z up) whose joints bend; a camera with a height, a tilt and
a distance projects it; a detector's habits are added: trembling landmarks, visibility, boxes that end where something
hides the legs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.core.types import LANDMARKS, Poses, Tracklet

Array = NDArray[np.float64]

TRUNK, NECK, THIGH, SHANK, UPPER, FORE = 0.50, 0.17, 0.43, 0.43, 0.28, 0.25
SHOULDER, HIP, ANKLE, CROWN = 0.175, 0.10, 0.08, 0.12
SIZE = (960, 540)
HIDDEN, SEEN = 0.1, 0.97


def _direction(angle: float) -> Array:
    """Unit vector in the body's middle plane: 0 degrees hangs down, 90 points ahead, 180 up."""
    return np.array([0.0, math.sin(math.radians(angle)), -math.cos(math.radians(angle))])


@dataclass(frozen=True)
class Figure:
    """How a body is bent at one instant; angles in degrees, pairs are left and right.

    Attributes:
        lean: of the trunk, ahead.
        thighs: 0 hangs down, 90 points ahead.
        knees: 0 is straight.
        arms: directions of the upper arms, 0 hangs down, 90 ahead, 180 up, as seen by the trunk upright.
        elbows: bent by, ahead and up.
        spread: degrees by which the arms are turned outwards.
        flat: the whole body lies on its back.
    """

    lean: float = 0.0
    thighs: tuple[float, float] = (0.0, 0.0)
    knees: tuple[float, float] = (0.0, 0.0)
    arms: tuple[float, float] = (5.0, 5.0)
    elbows: tuple[float, float] = (10.0, 10.0)
    spread: tuple[float, float] = (8.0, 8.0)
    flat: bool = False

    def joints(self) -> Array:
        """(33, 3) metres, the lowest ankle just above the floor at z = 0."""
        points = np.zeros((LANDMARKS, 3))
        spine = _direction(180.0 - self.lean)
        shoulders = TRUNK * spine
        head = shoulders + NECK * spine + np.array([0.0, 0.04, 0.0])
        for side, sign in ((0, -1.0), (1, 1.0)):
            across = np.array([sign, 0.0, 0.0])
            shoulder, hip = shoulders + SHOULDER * across, HIP * across
            knee = hip + THIGH * _direction(self.thighs[side])
            ankle = knee + SHANK * _direction(self.thighs[side] - self.knees[side])
            turn = math.radians(self.spread[side])
            elbow = shoulder + UPPER * _turned(_direction(self.arms[side]), sign, turn)
            wrist = elbow + FORE * _turned(_direction(self.arms[side] + self.elbows[side]), sign, turn)
            for row, place in ((11, shoulder), (13, elbow), (15, wrist), (23, hip), (25, knee), (27, ankle)):
                points[row + side] = place
            for row in (17, 19, 21):
                points[row + side] = wrist + 0.08 * (wrist - elbow) / FORE
            points[29 + side] = ankle + np.array([0.0, -0.05, -0.05])
            points[31 + side] = ankle + np.array([0.0, 0.15, -0.05])
            for row in (1, 2, 3, 7, 9) if side == 0 else (4, 5, 6, 8, 10):
                points[row] = head + (0.07 if row in (7, 8) else 0.03) * across
        points[0] = head + np.array([0.0, 0.09, 0.0])
        if self.flat:
            points = np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1)
            points[:, 2] += 0.15 - points[:, 2].min()
            return points
        points[:, 2] += ANKLE - points[27:29, 2].min()
        return points


def _turned(direction: Array, sign: float, turn: float) -> Array:
    """An arm turned outwards about the body's long axis and away from it."""
    return np.asarray(
        direction * math.cos(turn) + np.array([sign * math.sin(turn) * max(0.3, 1.0 - abs(direction[1])), 0.0, 0.0])
    )


STANDING = Figure()
SITTING = Figure(thighs=(88.0, 88.0), knees=(88.0, 88.0), arms=(20.0, 20.0), elbows=(70.0, 70.0))
CROUCHING = Figure(lean=25.0, thighs=(125.0, 125.0), knees=(140.0, 140.0), arms=(60.0, 60.0))
BENDING = Figure(lean=80.0, thighs=(-8.0, -8.0), arms=(10.0, 10.0))
LYING = Figure(flat=True)
REACHING = Figure(arms=(5.0, 82.0), elbows=(10.0, 8.0))
RAISED = Figure(arms=(5.0, 165.0), elbows=(10.0, 10.0))


def striding(phase: float, *, swing: float = 26.0, lean: float = 3.0) -> Figure:
    """A walking figure; `phase` in strides."""
    wave = math.sin(2 * math.pi * phase)
    lift = math.cos(2 * math.pi * phase)
    return Figure(
        lean=lean,
        thighs=(swing * wave, -swing * wave),
        knees=(10 + 45 * max(0.0, lift), 10 + 45 * max(0.0, -lift)),
        arms=(5 - 0.7 * swing * wave, 5 + 0.7 * swing * wave),
    )


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from.

    Attributes:
        height: above the floor, metres.
        distance: to the figure's starting place, metres.
        aim: height it looks at above the figure's starting place, metres.
        focal: pixels.
        size: width and height of the picture.
    """

    height: float = 1.6
    distance: float = 5.0
    aim: float = 0.9
    focal: float = 860.0
    size: tuple[int, int] = SIZE

    def project(self, points: Array) -> Array:
        """(N, 2) pixels of (N, 3) metres; the camera stands at y = -distance and looks along y."""
        tilt = math.atan2(self.height - self.aim, self.distance)
        x, y, z = points[:, 0], points[:, 1] + self.distance, points[:, 2] - self.height
        depth = y * math.cos(tilt) - z * math.sin(tilt)
        up = y * math.sin(tilt) + z * math.cos(tilt)
        scale = self.focal / np.maximum(depth, 0.2)
        return np.stack([self.size[0] / 2 + x * scale, self.size[1] / 2 - up * scale], axis=1)


@dataclass(frozen=True)
class Scene:
    """A figure over time in front of a camera.

    Attributes:
        camera: the view.
        yaw: degrees; 0 faces the camera, 90 shows its left side, 180 its back.
        noise: trembling of landmarks, share of the body's height.
        hidden_below: height above the floor below which something hides the body, metres; 0 hides nothing.
        seed: of the trembling.
        fps: looks a second.
        missing: rows without a pose.
    """

    camera: Camera = field(default_factory=Camera)
    yaw: float = 0.0
    noise: float = 0.004
    hidden_below: float = 0.0
    seed: int = 0
    fps: float = 5.0
    missing: tuple[int, ...] = ()

    def times(self, seconds: float) -> Array:
        """Instants of so many seconds."""
        return np.arange(max(1, round(seconds * self.fps) + 1)) / self.fps

    def film(self, t: Array, figures: list[Figure], places: Array | None = None) -> Tracklet:
        """The tracklet of a figure.

        Args:
            t: (M,) seconds.
            figures: M postures.
            places: (M, 2) metres of x (right) and y (away from the camera) from the start; default at rest.
        """
        random = np.random.default_rng(self.seed)
        places = np.zeros((len(t), 2)) if places is None else places
        landmarks = np.zeros((len(t), LANDMARKS, 3), np.float32)
        boxes = np.zeros((len(t), 4), np.float32)
        for row, (figure, place) in enumerate(zip(figures, places, strict=True)):
            landmarks[row], boxes[row] = self._see(figure, place, random)
        scores = np.full(len(t), 0.99, np.float32)
        lost = list(self.missing)
        landmarks[lost], scores[lost] = 0.0, 0.0
        interpolated = np.zeros(len(t), np.bool_)
        interpolated[lost] = True
        return Tracklet(
            number=1,
            t=np.asarray(t, np.float64),
            boxes=boxes,
            scores=np.full(len(t), 0.9, np.float32),
            interpolated=interpolated,
            poses=Poses(landmarks=landmarks, scores=scores),
            sharpness=np.full(len(t), 50.0, np.float32),
        )

    def _see(self, figure: Figure, place: Array, random: np.random.Generator) -> tuple[Array, Array]:
        turn = math.radians(180.0 + self.yaw)
        joints = figure.joints()
        x = joints[:, 0] * math.cos(turn) - joints[:, 1] * math.sin(turn) + place[0]
        y = joints[:, 0] * math.sin(turn) + joints[:, 1] * math.cos(turn) + place[1]
        world = np.stack([x, y, joints[:, 2]], axis=1)
        seen = world[:, 2] >= self.hidden_below
        pixels = self.camera.project(world)
        upright = np.array([[place[0], place[1], 0.0], [place[0], place[1], 1.7]])
        tall = float(np.hypot(*np.diff(self.camera.project(upright), axis=0)[0]))
        pixels = pixels + random.normal(0.0, self.noise * tall, pixels.shape)
        pad = CROWN / 1.7 * tall
        shown = pixels[seen] if seen.any() else pixels
        width, height = self.camera.size
        low = shown.min(axis=0) - np.array([0.5 * pad, pad])
        high = shown.max(axis=0) + np.array([0.5 * pad, 0.4 * pad])
        if self.hidden_below > 0:
            edge = self.camera.project(np.array([[place[0], place[1], self.hidden_below]]))[0, 1]
            high[1] = max(edge, low[1] + 2)
        box = np.array([max(low[0], 0), max(low[1], 0), min(high[0], width), min(high[1], height)])
        box[2:] = np.maximum(box[2:], box[:2] + 1)
        inside = (pixels >= 0).all(axis=1) & (pixels <= [width, height]).all(axis=1)
        visibility = np.where(seen & inside, SEEN, HIDDEN)
        # The network never doubts hips.
        visibility[[23, 24]] = 1.0
        return np.concatenate([pixels, visibility[:, None]], axis=1), box

    def hold(self, figure: Figure, seconds: float = 3.0) -> Tracklet:
        """A figure that keeps a posture at one place."""
        t = self.times(seconds)
        return self.film(t, [figure] * len(t))

    def walk(self, speed: float, seconds: float = 3.0, *, away: float = 0.0, cadence: float = 0.95) -> Tracklet:
        """A figure on the move.

        Args:
            speed: metres a second.
            seconds: how long.
            away: degrees of the way: 0 to the right, 90 away from the camera, -90 towards it.
            cadence: strides a second.
        """
        t = self.times(seconds)
        turn = math.radians(away)
        places = speed * np.outer(t - t.mean(), [math.cos(turn), math.sin(turn)])
        yaw = {0.0: -90.0, 90.0: 180.0, -90.0: 0.0}.get(away, -90.0 - away)
        swing, lean = (26.0, 3.0) if speed < 2.2 else (45.0, 12.0)
        figures = [striding(cadence * one, swing=swing, lean=lean) for one in t]
        return replace(self, yaw=yaw).film(t, figures, places)
