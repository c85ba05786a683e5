"""Which tracklets go on where another one ended, by time, place and movement alone.

A short absence is bridged only where the movement before it leads to the movement after it, the size agrees, and nobody
else could be meant. Whoever left through the picture's border may be anybody when a person comes in there again: that
is left to appearance.

Owns: bridges. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.config import LinkConfig
from engine.core.movement import heads, off_path, speed
from engine.core.types import Tracklet

END_S = 1.0
"""Seconds at a tracklet's end from which its place, size and movement are read."""

MISS_AT_REST = 0.2
"""Body heights by which a place may be missed in no time at all."""

MISS_SPEED = 0.15
"""Body heights by which it may be missed more for every second of absence."""

MAX_MISS = 0.6
"""Body heights beyond which a place is another place, however long the absence."""

MAX_GROWTH = 1.35
"""Most by which the body's height in the picture may differ before and after."""

MAX_TURN = 1.2
"""Body heights a second by which the movements before and after may differ."""

RIVAL = 1.6
"""A tracklet that misses by up to this many times the allowance is a rival, and then nobody is linked."""

SLIVER = 0.75
"""A box at the bottom border under this share of its usual height belongs to somebody coming or going."""

HEAD = 3
"""Row of the head among an end's points; those of the box come before it."""

BORDER_SHARE = 0.012
"""A box within this share of the picture's longer side touches the border."""


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a tracklet.

    Attributes:
        t: its time, seconds.
        places: (4, 2) middles of the box's top, of its whole, of its bottom, and of the head, pixels; NaN where no
            head is known.
        speeds: (4, 2) theirs, pixels a second.
        height: of the box, pixels.
        at_border: it is cut by a side of the picture through which people come and go.
    """

    t: float
    places: NDArray[np.float64]
    speeds: NDArray[np.float64]
    height: float
    at_border: bool


@dataclass(frozen=True, slots=True)
class Bridge:
    """A possible link from one tracklet to a later one.

    Attributes:
        earlier: row of the one.
        later: row of the other.
        gap_s: the absence, seconds.
        miss: share of the allowed deviation, 1 just allowed.
    """

    earlier: int
    later: int
    gap_s: float
    miss: float

    def confidence(self, config: LinkConfig) -> float:
        """How sure the link is, in [0, 1]: nearness to the prediction, less for long absences."""
        return float((1.0 - 0.5 * self.miss) * (1.0 - 0.5 * self.gap_s / max(config.max_gap_s, self.gap_s)))


def sure_bridges(
    tracklets: Sequence[Tracklet], config: LinkConfig, size: tuple[int, int], shot_starts: Sequence[float] = ()
) -> list[Bridge]:
    """Bridges that need no look at anybody.

    Args:
        tracklets: of one footage.
        config: the longest absence that is bridged.
        size: width and height of the picture, pixels.
        shot_starts: seconds at which the footage cuts to another shot; place says nothing across a cut.

    Returns:
        Bridges between rows of `tracklets`, each row at most once on either side.
    """
    return _sure(_bridges(tracklets, config, size, shot_starts))


def _bridges(
    tracklets: Sequence[Tracklet], config: LinkConfig, size: tuple[int, int], shot_starts: Sequence[float]
) -> list[Bridge]:
    """Every pair that time, place and movement allow, rivals that just miss included."""
    lasts = [_end(tracklet, size, last=True) for tracklet in tracklets]
    firsts = [_end(tracklet, size, last=False) for tracklet in tracklets]
    found = []
    for earlier, before in enumerate(lasts):
        for later, after in enumerate(firsts):
            gap = after.t - before.t
            if earlier == later or not 0 < gap <= config.max_gap_s:
                continue
            if any(before.t < start <= after.t for start in shot_starts):
                continue
            miss = _miss(before, after)
            if miss <= RIVAL:
                found.append(Bridge(earlier, later, gap, miss))
    return found


def _sure(bridges: Sequence[Bridge]) -> list[Bridge]:
    """Those within the allowance whose two ends no other bridge shares."""
    leaving = [bridge.earlier for bridge in bridges]
    arriving = [bridge.later for bridge in bridges]
    return [
        bridge
        for bridge in bridges
        if bridge.miss <= 1.0 and leaving.count(bridge.earlier) == 1 and arriving.count(bridge.later) == 1
    ]


def _miss(before: _End, after: _End) -> float:
    """How far the ends fail to meet, as a share of what is allowed; infinite where they cannot be one person."""
    if before.at_border or after.at_border:
        return float("inf")
    if max(before.height, after.height) > MAX_GROWTH * min(before.height, after.height):
        return float("inf")
    gap = after.t - before.t
    height = (before.height * after.height) ** 0.5
    allowed = min(MISS_AT_REST + MISS_SPEED * gap, MAX_MISS) * height
    misses = []
    # Heads alone where both are known; else whichever part of the box was least hidden.
    known = np.isfinite(before.places[HEAD]).all() and np.isfinite(after.places[HEAD]).all()
    for point in (HEAD,) if known else range(HEAD):
        forward = off_path(after.places[point], before.places[point], before.speeds[point] * gap)
        backward = off_path(before.places[point], after.places[point], -after.speeds[point] * gap)
        turn = float(np.hypot(*(after.speeds[point] - before.speeds[point]))) / height
        misses.append(max((forward + backward) / 2 / allowed, turn / MAX_TURN))
    return float(min(misses))


def _end(tracklet: Tracklet, size: tuple[int, int], *, last: bool) -> _End:
    seen = ~tracklet.interpolated
    t, boxes = tracklet.t[seen], tracklet.boxes[seen].astype(np.float64)
    at = float(t[-1] if last else t[0])
    near = np.abs(t - at) <= END_S
    places = _places(boxes[near], heads(tracklet.poses[seen][near]))
    heights = boxes[:, 3] - boxes[:, 1]
    edge = boxes[-1] if last else boxes[0]
    return _End(
        t=at,
        places=places[-1 if last else 0],
        speeds=np.stack([speed(t[near], places[:, point]) for point in range(HEAD + 1)]),
        height=max(float(np.median(heights[near])), 1.0),
        at_border=_at_border(edge, float(np.median(heights)), size),
    )


def _places(boxes: NDArray[np.float64], head: NDArray[np.float64]) -> NDArray[np.float64]:
    """The four points of each of M boxes, (M, 4, 2)."""
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    levels = (boxes[:, 1], (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3])
    return np.stack([*(np.stack([middle, level], axis=1) for level in levels), head], axis=1)


def _at_border(box: NDArray[np.float64], usual_height: float, size: tuple[int, int]) -> bool:
    near = BORDER_SHARE * max(size)
    if box[0] <= near or box[2] >= size[0] - near or box[1] <= near:
        return True
    # Many people are cut by the bottom all the time, at desks and close by; only a sliver there comes or goes.
    return bool(box[3] >= size[1] - near and box[3] - box[1] < SLIVER * usual_height)
