"""How well each posture agrees with what is seen, instant by instant.

Every clue is a soft step in [0, 1]; clues that must hold together are multiplied, clues that stand for one another
are joined by the greater. What tells postures apart when the camera looks down is proportion along the body's own
axis, never how tall a box is. May import: `engine.core`, `models.action.skeleton`, `models.action.kinematics`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.labels import POSTURES
from models.action.kinematics import Movement
from models.action.skeleton import ANKLES, ELBOWS, KNEES, SHOULDERS, WRISTS, Array, Skeleton, ramp

WALK = (0.15, 0.35)
"""Body heights a second between standing and walking: swaying stays under 0.1, strolling starts at 0.4."""

RUN = (1.1, 1.4)
"""Body heights a second between walking and running: people change over near 2 m/s, 1.2 heights."""

DRIFT = (0.15, 0.30)
"""Body heights that somebody gets on in 2.5 s: shifting one's weight takes 0.15, one slow step after another 0.4."""

STIRS = (0.06, 0.14)
"""Body heights a second below which somebody who got on before, or will, is at rest now."""

SWING = (0.10, 0.24)
"""Trunks by which ankles part and meet (standard deviation): trembling landmarks 0.05, walking from 0.2 seen from
the front to 0.6 seen from the side."""

UPRIGHT = (50.0, 30.0)
"""Degrees of lean between a trunk that is not upright any more and one that is."""

BENT = (38.0, 55.0)
"""Degrees of lean between leaning and bending."""

TRUNK = (0.35, 0.55)
"""Length of the trunk as it appears, between one that points at the camera, bent or lying, and one that is upright."""

FLAT = (58.0, 75.0)
"""Degrees of lean between bending and lying."""

KNEE_SHARE = (0.20, 0.32)
"""Drop of the knees over drop of the ankles, both from the hips, between sitting and standing, seen sideways on:
upright legs hang half."""

KNEE_SHARE_TURN = 0.13
"""What facing the camera adds to that, and facing away takes off: the thighs of somebody sitting come down in a
picture taken from above (0.3 to 0.4), or rise if they point away."""

THIGH = (40.0, 65.0)
"""Degrees between the thigh and the line that goes on from the trunk, between standing and sitting side on."""

LEGS = (0.50, 0.75)
"""Drop of the ankles below the hips in trunks as they appear, between crouching (heels under the seat: 0.2 to 0.5)
and standing (1.3 to 1.7 level, down to 0.8 seen from above) or sitting on a chair (0.9)."""

LEGS_TURN = 0.12
"""What facing the camera adds to that, and facing away takes off, for the same reason."""

HIDDEN_BELOW = (0.50, 0.20)
"""How far in trunks the box reaches below the hips between showing part of the thighs and ending at the hips."""

STANDING_BELOW = (0.55, 0.80)
"""How far the box of somebody standing must reach below the hips where no leg's landmarks are seen."""

IMAGINED = (1.20, 0.95)
"""Drop of unseen ankles below the hips of an upright body, in trunks: the network imagines long legs under people it
takes for standing, short ones under people it takes for sitting."""

STILL = (0.20, 0.10)
"""Body heights a second under which somebody may be sitting."""

CARRY = (0.55, 0.30)
"""Trunks by which the shoulders may have sunk since, or before, somebody was seen upright: sitting down takes them
0.8 down."""

CARRY_S = 20.0
"""Seconds after which that no longer counts."""

STEADY_S = 0.45
"""Seconds on either side for which somebody must have been upright to be surely so."""

NOT_TOLD = 0.4
"""What a posture must agree better than to be named at all."""

_CERTAIN = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for each posture.

    Attributes:
        scores: (M, 7) in [0, 1], columns in the order of `POSTURES`; `NOT_TOLD` throughout where nothing was seen.
        seen: (M,) bool, what postures are told by was seen: a pose to be trusted, or a path.
    """

    scores: Array
    seen: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Legs:
    """What the legs say; (M,) each.

    Attributes:
        knees_seen: how well a knee is visible.
        seen: how well knees and ankles are.
        ankle_drop: of the ankles below the hips, trunks as they appear.
        knee_drop: of the knees, likewise.
        hang: that the thighs hang rather than point towards the camera.
        above: that the hips are well above the ankles.
        thigh: degrees between thigh and the line that goes on from the trunk.
        thigh_length: as it appears, trunks.
        ankle_side: how far the ankles are to the side of the hips, trunks as they appear.
    """

    knees_seen: Array
    seen: Array
    ankle_drop: Array
    knee_drop: Array
    hang: Array
    above: Array
    thigh: Array
    thigh_length: Array
    ankle_side: Array


def read_postures(body: Skeleton, movement: Movement) -> Evidence:
    """Judge every instant of one person.

    Args:
        body: M instants.
        movement: theirs.

    Returns:
        The evidence.
    """
    legs = _read_legs(body)
    upright = ramp(body.lean, *UPRIGHT)
    runs = ramp(movement.swift, *RUN)
    moves = _moves(movement)
    straight = _standing_legs(body, legs) * upright * ramp(body.trunk, *TRUNK)
    # Sitting down moves a body too, but straight down.
    goes = ramp(movement.level, *WALK) * upright
    sure = np.maximum(straight * np.maximum(legs.seen, legs.knees_seen), goes) * body.trust
    carried = _carried(body, _steadily(body.t, sure) >= _CERTAIN)
    columns = {
        "standing": np.maximum(straight, 0.75 * carried * upright) * (1.0 - moves),
        "walking": moves * (1.0 - runs) * upright,
        "running": runs * ramp(body.lean, 70.0, 50.0),
        "sitting": _sitting(body, legs, movement, carried) * (1.0 - moves),
        "bending": _bending(body, legs),
        "crouching": _crouching(body, legs) * (1.0 - runs),
        "lying": _lying(body, legs) * (1.0 - moves),
    }
    scores = np.stack([columns[label] for label in POSTURES], axis=1)
    return Evidence(_tempered(scores, body, movement), (body.trust >= 0.5) | (moves >= 0.5))


def _tempered(scores: Array, body: Skeleton, movement: Movement) -> Array:
    """Doubtful poses pull everything to "cannot be told"; without a pose only the box's path speaks."""
    trust = body.trust[:, None]
    tempered = trust * scores + (1.0 - trust) * NOT_TOLD
    walks, runs = POSTURES.index("walking"), POSTURES.index("running")
    fast = ramp(movement.across, *RUN)
    goes_on = ramp(movement.drift, *DRIFT) * ramp(movement.across, *STIRS)
    path = 0.8 * np.maximum(ramp(movement.across, *WALK), goes_on)
    for column, claim in ((walks, path * (1.0 - fast)), (runs, path * fast)):
        tempered[:, column] = np.where(body.posed, tempered[:, column], np.maximum(tempered[:, column], claim))
    return np.asarray(tempered)


def _moves(movement: Movement) -> Array:
    """(M,) that somebody goes somewhere: at once, or slowly but on and on, or with legs that swing."""
    goes_on = ramp(movement.drift, *DRIFT) * ramp(movement.stirs, *STIRS)
    steps = 0.9 * ramp(movement.swing, *SWING) * ramp(movement.speed, 0.05, 0.15)
    return np.maximum(np.maximum(ramp(movement.speed, *WALK), goes_on), steps)


def _read_legs(body: Skeleton) -> _Legs:
    knees, knees_seen = body.pair(KNEES)
    ankles, ankles_seen = body.pair(ANKLES)
    hips, _ = body.pair([23, 24])
    # Sideways on, one leg hides the other: the one that is seen better speaks for both.
    weight = np.maximum(np.minimum(knees_seen, ankles_seen), 1e-3)
    weight /= weight.sum(axis=1, keepdims=True)
    down = np.stack([np.zeros(len(body)), np.full(len(body), -1.0)], axis=1)
    spine = body.points[:, SHOULDERS].mean(axis=1)
    axis = np.where(body.trunk[:, None] > 0.3, -spine / np.maximum(body.trunk, 1e-3)[:, None], down)
    thighs = knees - hips
    lengths = np.hypot(thighs[:, :, 0], thighs[:, :, 1])
    along = (thighs * axis[:, None]).sum(axis=2) / np.maximum(lengths, 1e-3)
    angles = np.degrees(np.arccos(np.clip(along, -1.0, 1.0)))
    trunk = np.maximum(body.trunk, 0.3)
    ankle_drop = -(ankles[:, :, 1] * weight).sum(axis=1) / trunk
    knee_drop = -(knees[:, :, 1] * weight).sum(axis=1) / trunk
    return _Legs(
        knees_seen=ramp(knees_seen.max(axis=1), 0.35, 0.65),
        seen=ramp(np.minimum(knees_seen.max(axis=1), ankles_seen.max(axis=1)), 0.35, 0.65),
        ankle_drop=ankle_drop,
        knee_drop=knee_drop,
        hang=ramp(knee_drop / np.maximum(ankle_drop, 0.2) - KNEE_SHARE_TURN * body.facing, *KNEE_SHARE),
        above=ramp(ankle_drop - LEGS_TURN * body.facing, *LEGS),
        thigh=(angles * weight).sum(axis=1),
        thigh_length=(lengths * weight).sum(axis=1),
        ankle_side=np.abs((ankles[:, :, 0] * weight).sum(axis=1)) / trunk,
    )


def _standing_legs(body: Skeleton, legs: _Legs) -> Array:
    """(M,) that the legs hang straight down: as seen, by the knees where the feet are cut off, or by the box."""
    folded = ramp(legs.thigh, *THIGH) * ramp(legs.thigh_length, 0.3, 0.45)
    whole = legs.hang * legs.above * (1.0 - folded)
    knees = 0.8 * ramp(legs.knee_drop, 0.40, 0.60) * (1.0 - folded)
    boxed = 0.75 * legs.hang * ramp(body.below, *STANDING_BELOW)
    rest = legs.knees_seen * knees + (1.0 - legs.knees_seen) * boxed
    return np.asarray(legs.seen * whole + (1.0 - legs.seen) * rest)


def _sitting(body: Skeleton, legs: _Legs, movement: Movement, carried: Array) -> Array:
    upright = ramp(body.lean, *UPRIGHT)
    long = ramp(legs.thigh_length, 0.3, 0.45)
    side = ramp(legs.thigh, *THIGH) * long * (legs.seen * legs.above + (1.0 - legs.seen) * 0.8)
    face = (1.0 - legs.hang) * legs.above * legs.seen
    # On the floor the feet lie away from the seat, not under it.
    floor = legs.seen * (1.0 - legs.above) * ramp(legs.ankle_side, 0.6, 0.9)
    shown = legs.knees_seen * np.maximum(np.maximum(side, face), floor)
    return np.asarray(upright * np.maximum(shown, _behind_a_desk(body, legs, movement, carried)))


def _behind_a_desk(body: Skeleton, legs: _Legs, movement: Movement, carried: Array) -> Array:
    """(M,) that somebody whose legs are hidden sits.

    What hides the legs must end the body at the hips, or show hands resting on it; the body must be at rest and
    must not have been seen upright at this height. Even then a person behind a counter may look the same: it stays
    under the bound unless the legs that the network imagines are short as well.
    """
    wrists, wrists_seen = body.pair(WRISTS)
    elbows, elbows_seen = body.pair(ELBOWS)
    shoulders, _ = body.pair(SHOULDERS)
    fore, upper = wrists - elbows, elbows - shoulders
    turn = np.abs(np.degrees(np.arctan2(_cross(upper, fore), (upper * fore).sum(axis=2))))
    hips_y = shoulders[:, :, 1].mean(axis=1) - 1.0
    reach_down = np.abs(hips_y[:, None] - wrists[:, :, 1] - body.below[:, None])
    rests = ramp(turn, 25.0, 45.0) * ramp(reach_down, 0.45, 0.25) * ramp(np.minimum(wrists_seen, elbows_seen), 0.3, 0.6)
    rest = rests.max(axis=1)
    # Hands on a desk reach towards the camera, and the box with them.
    below = body.below - 0.25 * rest
    short = ramp(hips_y + legs.ankle_drop * body.trunk, *IMAGINED)
    hidden = (1.0 - legs.seen) * ramp(below, *HIDDEN_BELOW) * (1.0 - body.cut)
    still = ramp(movement.speed, *STILL)
    return np.asarray(hidden * still * (1.0 - carried) * (0.25 + 0.4 * short + 0.15 * rest))


def _cross(first: Array, second: Array) -> Array:
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])


def _bending(body: Skeleton, legs: _Legs) -> Array:
    """The trunk leans while the legs carry it: side on by its angle, face on by its shortness over long legs."""
    side = ramp(body.lean, *BENT) * ramp(body.lean, 150.0, 120.0)
    drop = legs.ankle_drop * np.maximum(body.trunk, 0.3)
    short = ramp(body.trunk, 0.55, 0.35) * ramp(drop, 0.9, 1.1)
    stands = legs.seen * ramp(drop, 0.55, 0.80) + (1.0 - legs.seen) * 0.6
    return np.asarray(np.maximum(side * stands, short * legs.seen))


def _crouching(body: Skeleton, legs: _Legs) -> Array:
    low = 1.0 - legs.above
    under = ramp(legs.ankle_side, 0.9, 0.6)
    drop = legs.ankle_drop * np.maximum(body.trunk, 0.3)
    return np.asarray(legs.seen * low * under * ramp(body.lean, 75.0, 55.0) * ramp(drop, 0.80, 0.60))


def _lying(body: Skeleton, legs: _Legs) -> Array:
    """The trunk lies flat and so do the legs; where they are hidden, the box must be wide."""
    flat = ramp(body.lean, *FLAT) * ramp(body.lean, 140.0, 120.0)
    drop = np.abs(legs.ankle_drop * np.maximum(body.trunk, 0.3))
    wide = body.boxes[:, 2] - body.boxes[:, 0]
    tall = np.maximum(body.boxes[:, 3] - body.boxes[:, 1], 1.0)
    shown = legs.seen * ramp(drop, 0.80, 0.55)
    hidden = (1.0 - legs.seen) * 0.8 * ramp(wide / tall, 1.1, 1.5)
    return np.asarray(flat * (shown + hidden))


def _steadily(t: Array, value: Array) -> Array:
    """(M,) mean over `STEADY_S` on either side: one instant alone proves nothing."""
    sums = np.concatenate([[0.0], np.cumsum(value)])
    first = np.searchsorted(t, t - STEADY_S, side="left")
    last = np.searchsorted(t, t + STEADY_S, side="right")
    return np.asarray((sums[last] - sums[first]) / (last - first))


def _carried(body: Skeleton, upright: NDArray[np.bool_]) -> Array:
    """(M,) that the shoulders are still, or already, as high as when the person was surely upright.

    Args:
        body: M instants.
        upright: where the person surely stood or walked.
    """
    rows = np.arange(len(body))
    before = np.maximum.accumulate(np.where(upright, rows, -1))
    after = np.minimum.accumulate(np.where(upright, rows, len(body))[::-1])[::-1]
    best = np.zeros(len(body))
    for anchor, known in ((before, before >= 0), (after, after < len(body))):
        near = np.clip(anchor, 0, len(body) - 1)
        sunk = (body.shoulders[:, 1] - body.shoulders[near, 1]) / body.unit
        waited = np.abs(body.t - body.t[near])
        same = ramp(sunk, *CARRY) * ramp(waited, 2 * CARRY_S, CARRY_S) * known * body.posed
        best = np.maximum(best, same)
    return best
