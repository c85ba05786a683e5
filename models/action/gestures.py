"""What the arms do: how well each gesture agrees with what is seen, instant by instant.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.labels import GESTURES
from models.action.skeleton import ELBOWS, SHOULDERS, WRISTS, Array, Skeleton, ramp
from models.action.smoothing import since_seen

SEEN = (0.3, 0.6)
"""Visibility of elbow and wrist between an arm that is imagined and one that is seen."""

RAISED_WRIST = (0.20, 0.50)
"""Trunks above the shoulder: the ear is at 0.35, so a hand at the telephone is not raised, one above the head is."""

RAISED_ELBOW = (-0.40, 0.0)
"""Trunks above the shoulder: a raised arm lifts its elbow to the shoulder, a hand at the face leaves it below."""

REACH_ANGLE = (40.0, 58.0)
"""Degrees between the way from shoulder to wrist and the trunk's way down: swinging arms reach 30, a hand at a shelf
60 to 110."""

REACH_LENGTH = (0.48, 0.66)
"""Trunks between shoulder and wrist: a straight arm has 1.05, in perspective 0.7; folded arms and hands on a phone
0.3 to 0.5."""

REACH_BEND = (85.0, 50.0)
"""Degrees by which the elbow may be bent: working at a desk bends it by 80 to 100."""

HANGING_ANGLE = (35.0, 20.0)
"""Degrees between the upper arm and the trunk's way down, between an arm held away and one by the side."""

SAME_ARM_S = 1.0
"""Seconds for which the arm that showed a gesture is the one to watch for its end."""

NEUTRAL = 0.5
"""Neither for nor against: what an unseen arm says."""


@dataclass(frozen=True, slots=True, eq=False)
class ArmEvidence:
    """What speaks for each gesture.

    Attributes:
        scores: (M, 2) in [0, 1], columns in the order of `GESTURES`; `NEUTRAL` where no arm was seen.
        seen: (M, 2) bool, an arm that could show the gesture was seen.
    """

    scores: Array
    seen: NDArray[np.bool_]


def read_gestures(body: Skeleton) -> ArmEvidence:
    """Judge every instant of one person.

    Args:
        body: M instants.

    Returns:
        The evidence. One arm that is seen doing it is enough; that none does it takes both arms to be seen.
    """
    wrists, wrists_seen = body.pair(WRISTS)
    elbows, elbows_seen = body.pair(ELBOWS)
    shoulders, _ = body.pair(SHOULDERS)
    trust = body.trust[:, None]
    seen = ramp(np.minimum(wrists_seen, elbows_seen), *SEEN) * trust
    elbow_seen = ramp(elbows_seen, *SEEN) * trust
    arms, upper, fore = wrists - shoulders, elbows - shoulders, wrists - elbows
    down = -body.points[:, SHOULDERS].mean(axis=1)[:, None]
    lifted = ramp(upper[:, :, 1], *RAISED_ELBOW) * ramp(body.lean, 60.0, 40.0)[:, None]
    raised = ramp(arms[:, :, 1], *RAISED_WRIST) * lifted
    reaching = (
        ramp(_angle(arms, down), *REACH_ANGLE)
        * ramp(np.hypot(arms[:, :, 0], arms[:, :, 1]), *REACH_LENGTH)
        * ramp(_angle(fore, upper), *REACH_BEND)
        * ramp(arms[:, :, 1], RAISED_WRIST[1], RAISED_WRIST[0])
    )
    hangs = ramp(_angle(upper, down), *HANGING_ANGLE)
    # An elbow by the side rules a gesture out, wherever the hidden hand is.
    ruled_out = {"reaching": hangs * elbow_seen, "arms_raised": (lifted <= 0) * elbow_seen}
    claims = {"reaching": reaching, "arms_raised": raised}
    judged = [_judge(body.t, claims[label], np.maximum(seen, ruled_out[label])) for label in GESTURES]
    return ArmEvidence(
        np.stack([scores for scores, _ in judged], axis=1), np.stack([known for _, known in judged], axis=1)
    )


def _judge(t: Array, claims: Array, seen: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Join both arms' claims.

    Args:
        t: (M,) seconds.
        claims: (M, 2) in [0, 1] of the left and the right arm.
        seen: (M, 2) in [0, 1], how well each could be judged.

    Returns:
        (M,) scores, and where they say anything: an arm shows the gesture, or both can be judged, or the arm that
        showed it just before or after can be judged. One hanging arm says nothing of the other.
    """
    shows = (claims * seen) > NEUTRAL
    judged = seen >= NEUTRAL
    showed = np.stack([np.minimum(*since_seen(t, shows[:, side])) <= SAME_ARM_S for side in (0, 1)], axis=1)
    known = shows.any(axis=1) | judged.all(axis=1) | (judged & showed).any(axis=1)
    found = (claims * seen).max(axis=1)
    return np.where(known, found, NEUTRAL), np.asarray(known)


def _angle(first: Array, second: Array) -> Array:
    """Degrees between two vectors, in [0, 180]."""
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return np.asarray(np.abs(np.degrees(np.arctan2(cross, (first * second).sum(axis=-1)))))
