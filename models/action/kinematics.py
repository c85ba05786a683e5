"""How somebody moves: speed in body heights a second, towards the camera too, and the swing of the legs.

No calibration: the body itself is the yardstick, and for what comes towards the camera an ordinary lens is assumed.
May import: `engine.core`, `models.action.skeleton`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.action.skeleton import ANKLES, HEIGHTS_PER_TRUNK, KNEES, Array, Skeleton

SPEED_S = 0.6
"""Seconds on either side over which a speed is fitted: about one stride."""

STRIDE_S = 0.75
"""Seconds on either side over which legs must have swung: a stride takes 0.9 to 1.3 s."""

FOCAL_SHARE = 0.9
"""Focal length over the picture's longer side: a lens of 58 degrees, between a telephone's and a room camera's."""

DRIFT_S = 1.25
"""Seconds on either side over which slow walking is told from swaying: one goes on, the other comes back."""

SURE = 1.0
"""Standard errors taken off a fitted speed: what may be chance is not movement."""

SURE_OF_GROWTH = 2.0
"""The same of growth, which is multiplied by the distance."""

GROWTH_FLOOR = 0.03
"""Relative growth a second that is taken for chance besides: boxes and landmarks drift."""

MOST_FORWARD = 2.0
"""Body heights a second that growth can claim: it multiplies every error by the distance."""

FAITH_IN_GROWTH = 0.7
"""Share of the speed towards the camera that counts towards running: the lens is only assumed."""

_LEAST = 0.3
_LEAST_SEEN = 0.4
_FEET_SEEN = 0.6
_FEET_SHARE = 0.8
_STEP_ROWS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """How one person moves at M instants.

    Attributes:
        across: (M,) speed in the picture's plane, body heights a second, less what may be chance.
        forward: (M,) speed towards or away from the camera, body heights a second, from the growth of the body,
            less what may be chance.
        level: (M,) speed without what goes up or down in the picture, body heights a second.
        stirs: (M,) speed with what may be chance left in: too low, and nobody goes anywhere just now.
        drift: (M,) how far the person gets within `DRIFT_S` on either side, body heights.
        swing: (M,) how much the legs swing against each other, standard deviation in trunks; 0 where not seen.
    """

    across: Array
    forward: Array
    level: Array
    stirs: Array
    drift: Array
    swing: Array

    @property
    def speed(self) -> Array:
        """(M,) body heights a second in space."""
        return np.hypot(self.across, self.forward)

    @property
    def swift(self) -> Array:
        """(M,) the same with less faith in growth: what a run is told by."""
        return np.hypot(self.across, FAITH_IN_GROWTH * self.forward)


def read_movement(body: Skeleton, size: tuple[int, int]) -> Movement:
    """Fit speeds to one person's path.

    Args:
        body: M instants.
        size: width and height of the pictures, pixels.

    Returns:
        The movement; zeros for a single instant.
    """
    if len(body) < 2:
        still = np.zeros(len(body))
        return Movement(*[still] * 6)
    step = float(np.median(np.diff(body.t)))
    half, wide = max(SPEED_S, 1.5 * step), max(DRIFT_S, 1.5 * step)
    height = HEIGHTS_PER_TRUNK * body.unit
    lens = FOCAL_SHARE * max(size) / height
    forward = np.minimum(_growth(body, half) * lens, MOST_FORWARD)
    sideways = fit_lines(body.t, body.shoulders[:, 0], body.posed, half).slope / height
    stirs = np.hypot(_across(body, half, 0.5) / height, _growth(body, half, 1.0) * lens)
    slow = np.hypot(_across(body, wide, 0.0) / height, np.minimum(_growth(body, wide, SURE) * lens, MOST_FORWARD))
    span = np.minimum(body.t + wide, body.t[-1]) - np.maximum(body.t - wide, body.t[0])
    return Movement(
        _across(body, half) / height, forward, np.hypot(sideways, forward), stirs, slow * span, _swing(body)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Straight lines fitted around each of M instants: slope, its standard error, spread of what is left, rows used."""

    slope: Array
    error: Array
    rest: Array
    rows: Array


def fit_lines(t: Array, values: Array, known: NDArray[np.bool_], half: float) -> _Fit:
    """Least-squares line through the known values within `half` seconds of every instant.

    Args:
        t: (M,) seconds, ascending.
        values: (M,); what is not known may be anything.
        known: (M,) bool.
        half: seconds on either side, > 0.

    Returns:
        Slopes a second and their standard errors, spreads of the residuals, numbers of rows; zeros where fewer than
        two values are known.
    """
    weight = known.astype(np.float64)
    centre = t - t[0]
    # Sums over windows are differences of running sums; values are centred first so that these stay exact.
    middle = float(values[known].mean()) if known.any() else 0.0
    y = np.where(known, values - middle, 0.0)
    columns = np.stack([weight, weight * centre, y, weight * centre**2, y * centre, y**2])
    sums = np.concatenate([np.zeros((6, 1)), np.cumsum(columns, axis=1)], axis=1)
    first = np.searchsorted(t, t - half - 1e-9, side="left")
    last = np.searchsorted(t, t + half + 1e-9, side="right")
    n, st, sy, stt, sty, syy = sums[:, last] - sums[:, first]
    count = np.maximum(n, 1.0)
    spread = stt - st**2 / count
    usable = (n >= 2) & (spread > 1e-9)
    slope = np.where(usable, (sty - st * sy / count) / np.where(usable, spread, 1.0), 0.0)
    left = np.maximum(syy - sy**2 / count - slope**2 * np.where(usable, spread, 0.0), 0.0)
    free = np.maximum(n - 2.0, 1.0)
    rest = np.sqrt(left / free)
    error = np.where(usable, rest / np.sqrt(np.where(usable, spread, 1.0)), 0.0)
    return _Fit(slope, error, np.where(usable, rest, 0.0), n)


def _across(body: Skeleton, half: float, sure: float = SURE) -> Array:
    """(M,) pixels a second: the second least of what the parts of the body say. Somebody who goes takes all of them
    along, one of which may be badly seen; a lean leaves the hips and feet behind, an arm moves only the box's top.
    """
    middle = (body.boxes[:, 0] + body.boxes[:, 2]) / 2
    parts = (
        (body.shoulders, body.posed),
        (body.hips, body.posed),
        (np.stack([middle, body.boxes[:, 1]], axis=1), ~body.topped & ~body.sided),
        (np.stack([middle, body.boxes[:, 3]], axis=1), ~body.cut & ~body.sided),
    )
    speeds = []
    for places, known in parts:
        fits = [fit_lines(body.t, places[:, axis], known, half) for axis in (0, 1)]
        speed = np.hypot(fits[0].slope, fits[1].slope) - sure * np.hypot(fits[0].error, fits[1].error)
        speeds.append(np.where(fits[0].rows >= 2, np.maximum(speed, 0.0), np.inf))
    ranked = np.sort(speeds, axis=0)
    chosen = np.where(np.isfinite(ranked).sum(axis=0) >= 3, ranked[1], ranked[0])
    chosen = np.minimum(chosen, _of_feet(body, half))
    return np.where(np.isfinite(chosen), chosen, 0.0)


def _of_feet(body: Skeleton, half: float) -> Array:
    """(M,) pixels a second of the middle between the ankles, infinite where they are not seen: whoever sits down,
    bends or turns leaves the feet where they are.
    """
    places, seen = body.pair(ANKLES)
    known = body.posed & (seen.min(axis=1) >= _FEET_SEEN)
    middle = places.mean(axis=1) * np.array([1.0, -1.0]) * body.unit[:, None] + body.hips
    fits = [fit_lines(body.t, middle[:, axis], known, half) for axis in (0, 1)]
    rows = fit_lines(body.t, body.boxes[:, 3], np.ones(len(body), np.bool_), half).rows
    enough = (fits[0].rows >= _STEP_ROWS) & (fits[0].rows >= _FEET_SHARE * rows)
    return np.where(enough, np.hypot(fits[0].slope, fits[1].slope), np.inf)


def _growth(body: Skeleton, half: float, sure: float = SURE_OF_GROWTH) -> Array:
    """(M,) relative growth a second, without sign.

    Breadths shrink when somebody turns, lengths when somebody bends: it is distance only if both agree, and then the
    lesser of them is certain.
    """
    spans = body.boxes[:, 2:] - body.boxes[:, :2]
    wide = spans[:, 0], ~body.sided & (spans[:, 0] > 0)
    tall = spans[:, 1], ~body.cut & ~body.topped & (spans[:, 1] > 0)
    breadth = _surer(body, half, sure, (body.breadth * body.unit, body.breadth > _LEAST), wide)
    length = _surer(body, half, sure, (body.trunk * body.unit, body.trunk > _LEAST), tall)
    agreed = np.where(breadth * length > 0, np.minimum(np.abs(breadth), np.abs(length)), 0.0)
    return np.maximum(agreed - GROWTH_FLOOR, 0.0)


_Lengths = tuple[Array, NDArray[np.bool_]]


def _surer(body: Skeleton, half: float, sure: float, first: _Lengths, second: _Lengths) -> Array:
    """(M,) relative growth a second by the one of two measures that trembles less, drawn towards 0 by what may be
    chance; 0 where neither was measured three times: two points always lie on a line.
    """
    fits = [
        fit_lines(body.t, np.log(np.where(known, np.maximum(lengths, 1e-3), 1.0)), known, half)
        for lengths, known in (first, second)
    ]
    errors = np.stack([np.where(fit.rows >= 3, fit.error, np.inf) for fit in fits])
    slopes = np.stack([fit.slope for fit in fits])
    best = errors.argmin(axis=0)[None]
    slope, error = np.take_along_axis(slopes, best, 0)[0], np.take_along_axis(errors, best, 0)[0]
    return np.where(np.isfinite(error), np.sign(slope) * np.maximum(np.abs(slope) - sure * error, 0.0), 0.0)


def _swing(body: Skeleton) -> Array:
    """(M,) trunks: how left and right ankle, or knee, part and meet around each instant."""
    half = max(STRIDE_S, 1.5 * float(np.median(np.diff(body.t))))
    swings = [np.zeros(len(body))]
    # A knee swings about half as far as the ankle below it.
    for rows, gain in ((ANKLES, 1.0), (KNEES, 2.0)):
        places, seen = body.pair(rows)
        known = body.posed & (seen.min(axis=1) >= _LEAST_SEEN)
        apart = places[:, 0] - places[:, 1]
        fits = [fit_lines(body.t, apart[:, axis], known, half) for axis in (0, 1)]
        swing = gain * np.hypot(fits[0].rest, fits[1].rest)
        swings.append(np.where(fits[0].rows >= _STEP_ROWS, swing, 0.0))
    return np.asarray(np.max(np.stack(swings[1:]), axis=0))
