"""What hands do at a shelf, read off the wrists: no network, no pixels, and no certainty it does not have.

A hand reaches out and comes back. It comes back to a pocket, a bag or under clothing: an insert. It comes back holding
something, or went out empty: a catch. It went out holding and comes back empty: a put. What is in a hand cannot be seen
from its wrist, so that a bent arm stands for a full hand; therefore no answer is surer than `SUREST`.
May import: `engine.core`, `models.action`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import BEHAVIOURS, NORMAL, ShopScene, WindowScores, Zone
from engine.core.protocols import BackendOptions, FramesByTime, ModelCard
from engine.core.types import Tracklet
from models.action.gestures import REACH_ANGLE, REACH_BEND, REACH_LENGTH, SEEN
from models.action.skeleton import ELBOWS, HIPS, SHOULDERS, WRISTS, Array, Skeleton, ramp, read_skeleton
from models.action.smoothing import masked_runs
from models.action.tubelets import windows

REVISION = "1"
"""Changed whenever the same tracklets may give other answers."""

SUREST = 0.65
"""Probability of an act of which everything was seen as clearly as it can be."""

HANDS = ("left wrist", "right wrist")

LEAST_REACH_S = 0.2
"""Shortest reach, seconds: two looks at five a second."""

BEFORE_S, AFTER_S = 1.5, 1.5
"""Time before and after a reach in which the hand shows whether it holds something, seconds."""

STOW_S = 3.0
"""Time after a reach in which a hand at a pocket or bag has to do with it, seconds."""

NEAR_HIP = (0.55, 0.30)
"""Trunks between a wrist and the hip of its side, between a hand elsewhere and one at a pocket or a bag."""

NEAR_TRUNK = (0.75, 0.50)
"""Trunks between a wrist that cannot be seen and the middle of the trunk, to be taken for one under clothing."""

POCKET_BEND = (22.0, 45.0)
"""Degrees by which an elbow is bent, between an arm that hangs (10 to 20) and one whose hand is in a pocket."""

HOLD_BEND = (40.0, 70.0)
"""Degrees by which an elbow is bent, between an arm that swings and one that carries something before the body."""

HOLD_HEIGHT = (0.10, 0.30)
"""Trunks of the wrist above the hips, between a hanging hand and one that carries."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand at M instants; each column in [0, 1].

    Attributes:
        reaches: is stretched out.
        stowed: is at a pocket, a bag or under clothing.
        holds: is carried before the body.
        seen: could be judged.
    """

    reaches: Array
    stowed: Array
    holds: Array
    seen: Array


@dataclass(frozen=True, slots=True)
class HandAct:
    """Something a hand did.

    Attributes:
        what: "catch", "put" or "insert".
        t: seconds.
        evidence: in [0, 1].
        hand: 0 the left, 1 the right.
    """

    what: str
    t: float
    evidence: float
    hand: int


class WristReader:
    """Reads behaviours off the wrists.

    Args:
        options: none of them matters here; every back end is built with them.
    """

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        print_ = sha256(f"wrists {REVISION}".encode()).hexdigest()[:16]
        return ModelCard("wrists", print_, "embedded", "AGPL-3.0-only", "Sightline; no weights, at most 0.65 sure")

    def read(self, tracklets: Sequence[Tracklet], scene: ShopScene, frames_by_time: FramesByTime) -> list[WindowScores]:
        """What the hands of some people do, window by window; looks at no frame.

        Args:
            tracklets: boxes and poses over time.
            scene: where shelves are drawn, only a hand within one of them reaches.
            frames_by_time: not asked.
        """
        found = (_windows(tracklet, scene) for tracklet in tracklets)
        return [one for one in found if one is not None]


def hands(body: Skeleton) -> tuple[Hand, Hand]:
    """The left and the right hand of one person.

    Args:
        body: M instants.
    """
    shoulders, _ = body.pair(SHOULDERS)
    elbows, elbows_seen = body.pair(ELBOWS)
    wrists, wrists_seen = body.pair(WRISTS)
    hips, _ = body.pair(HIPS)
    down = -body.points[:, SHOULDERS].mean(axis=1)
    read = []
    for side in (0, 1):
        arm, upper = wrists[:, side] - shoulders[:, side], elbows[:, side] - shoulders[:, side]
        fore = wrists[:, side] - elbows[:, side]
        bend = _angle(fore, upper)
        elbow = ramp(elbows_seen[:, side], *SEEN) * body.trust
        wrist = ramp(wrists_seen[:, side], *SEEN) * elbow
        reaches = ramp(_angle(arm, down), *REACH_ANGLE) * ramp(np.hypot(*arm.T), *REACH_LENGTH)
        pocket = ramp(np.hypot(*(wrists[:, side] - hips[:, side]).T), *NEAR_HIP) * wrist
        trunk = np.hypot(*(wrists[:, side] - shoulders.mean(axis=1) / 2).T)
        hidden = ramp(wrists_seen[:, side], SEEN[1], SEEN[0]) * ramp(trunk, *NEAR_TRUNK) * elbow
        read.append(
            Hand(
                reaches=reaches * ramp(bend, *REACH_BEND) * wrist,
                stowed=np.maximum(pocket, hidden) * ramp(bend, *POCKET_BEND),
                holds=ramp(bend, *HOLD_BEND) * ramp(wrists[:, side, 1], *HOLD_HEIGHT) * wrist,
                seen=elbow,
            )
        )
    return read[0], read[1]


def hand_acts(t: Array, hand: Hand, which: int) -> list[HandAct]:
    """What one hand did, in order of time.

    Args:
        t: (M,) seconds.
        hand: M instants.
        which: 0 the left, 1 the right.
    """
    acts = []
    runs = [run for run in masked_runs(hand.reaches >= 0.5) if t[run.last] - t[run.first] >= LEAST_REACH_S - 1e-6]
    for number, run in enumerate(runs):
        reached = float(hand.reaches[run.first : run.last + 1].max())
        next_s = t[runs[number + 1].first] if number + 1 < len(runs) else np.inf
        last_s = t[runs[number - 1].last] if number else -np.inf
        begins, ends = float(t[run.first]), float(t[run.last])
        before = _mean(hand.holds, (t >= max(begins - BEFORE_S, last_s)) & (t < begins))
        after = _mean(hand.holds, (t > ends) & (t <= min(ends + AFTER_S, next_s)))
        later = np.flatnonzero((t > ends) & (t <= ends + STOW_S) & (t < next_s))
        stowed = _lasting(hand.stowed[later])
        change = max(after, stowed) - before
        middle = (begins + ends) / 2
        # Neither is likelier where the arm looks the same before and after: then both stay under every threshold.
        acts.append(HandAct("catch", middle, reached * float(ramp(np.array(change), -0.4, 0.4)), which))
        acts.append(HandAct("put", middle, reached * float(ramp(np.array(change), 0.4, -0.4)), which))
        if stowed > 0:
            at = later[int(np.argmax(hand.stowed[later] >= 0.9 * hand.stowed[later].max()))]
            acts.append(HandAct("insert", float(t[at]), reached * stowed, which))
    return acts


def _windows(tracklet: Tracklet, scene: ShopScene) -> WindowScores | None:
    cut = windows(tracklet, 1, length_s=scene.length_s, step_s=scene.step_s)
    if not cut:
        return None
    body = read_skeleton(tracklet, scene.size)
    both = hands(body)
    shelves = [zone for zone in scene.zones if zone.name == "shelf"]
    acts = []
    for which, hand in enumerate(both):
        if shelves:
            at_shelf = _at(tracklet, WRISTS[which], shelves, scene.size)
            hand = Hand(hand.reaches * at_shelf, hand.stowed, hand.holds, hand.seen)
        acts += hand_acts(body.t, hand, which)
    seen = np.maximum(both[0].seen, both[1].seen)
    rows = [_row([act for act in acts if one.start_s <= act.t < one.end_s]) for one in cut]
    start_s, end_s = np.array([one.start_s for one in cut]), np.array([one.end_s for one in cut])
    return WindowScores(
        tracklet=tracklet.number,
        labels=BEHAVIOURS,
        start_s=start_s,
        end_s=end_s,
        probabilities=np.array([row[0] for row in rows], np.float32),
        coverage=np.array(
            [_mean(seen, (body.t >= one.start_s) & (body.t <= one.end_s)) for one in cut], np.float32
        ).clip(0.0, 1.0),
        joints=HANDS,
        weights=np.array([row[1] for row in rows], np.float32),
    )


def _row(acts: Sequence[HandAct]) -> tuple[list[float], list[float]]:
    """Probabilities of a window in which some acts lie, and how much each hand had to do with them."""
    best: dict[str, float] = {}
    weights = [0.0, 0.0]
    for act in acts:
        best[act.what] = max(best.get(act.what, 0.0), act.evidence)
        weights[act.hand] = max(weights[act.hand], act.evidence)
    # What is put away counts before what was caught a moment earlier: one window says one thing.
    leads = max(best, key=lambda what: (best[what], what == "insert"), default=NORMAL)
    row = dict.fromkeys(BEHAVIOURS, 0.0)
    if best:
        row[leads] = SUREST * best[leads]
        for what in best.keys() - {leads}:
            row[what] = (1.0 - row[leads]) * best[what] / 4
    row[NORMAL] = max(1.0 - sum(row.values()), 0.0)
    return [row[label] for label in BEHAVIOURS], [min(weight, 1.0) for weight in weights]


def _at(tracklet: Tracklet, joint: int, shelves: Sequence[Zone], size: tuple[int, int]) -> Array:
    places = tracklet.poses.landmarks[:, joint, :2].astype(np.float64) / np.array(size, np.float64)
    inside = np.zeros(len(tracklet), np.bool_)
    for zone in shelves:
        inside |= zone.holds(places)
    return inside.astype(np.float64)


def _mean(values: Array, rows: NDArray[np.bool_]) -> float:
    return float(values[rows].mean()) if rows.any() else 0.0


def _lasting(values: Array) -> float:
    """The highest value that two looks in a row have: one look may be a slip of the pose."""
    return float(np.minimum(values[:-1], values[1:]).max()) if len(values) > 1 else 0.0


def _angle(first: Array, second: Array) -> Array:
    """(M,) degrees between two vectors, in [0, 180]."""
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return np.asarray(np.abs(np.degrees(np.arctan2(cross, (first * second).sum(axis=1)))))
