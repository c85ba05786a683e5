"""How far a job is and how long it will take, and the observer that carries both to the job's row.

Owns: the estimates. May import: `engine.core`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.core.errors import JobCancelled

STAGE_WEIGHTS: Mapping[str, float] = {
    "playback": 5.0,
    "detect": 80.0,
    "track": 2.0,
    "crops": 12.0,
    "clothing": 2.0,
    "embeddings": 0.0,
    "identity": 2.0,
    "link": 1.0,
    "actions": 1.0,
    "activities": 0.0,
    "anomalies": 1.0,
    "behaviours": 0.0,
    "unpaid": 0.0,
    "emotions": 1.0,
    "face_crops": 4.0,
}
"""Share of the work of each stage, in their order; only the ratios matter. Poses, faces and expressions are made in the
pass that detects, under its name; embeddings and activities only where a network for them was brought, behaviours only
in shops."""

SETTLING_S = 2.0
"""No estimate before a stage was watched for so long, seconds."""

HALVED_S = 20.0
"""Speed from so long ago counts half, seconds."""

MEMORY = 0.8
"""Share of the last estimate that stays when a second has passed; the rest is what the speed now says."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job is getting on.

    Attributes:
        stage: the stage at work, "" before the first.
        fraction: share of the whole job done, in [0, 1]; never falls.
        left_s: seconds left, None while unknown.
    """

    stage: str
    fraction: float
    left_s: float | None


class Estimate:
    """Turns the progress of stages into that of the whole job.

    Stages follow one another: when one reports, those before it are taken for finished. What was there before
    (chunks of an interrupted analysis, cached stages) moves the fraction but is not taken for speed.

    Args:
        weights: share of the work of each stage, in their order; a stage it does not name weighs nothing.
        clock: stands in for `time.monotonic`, seconds.
    """

    def __init__(self, weights: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        total = sum(weights.values())
        if total <= 0 or min(weights.values()) < 0:
            raise ValueError(f"weights must not be negative and must not all be zero, got {dict(weights)}")
        self._shares = {stage: weight / total for stage, weight in weights.items()}
        self._clock = clock
        self._standing = Standing("", 0.0, None)
        self._heard_at = 0.0
        self._watched_since = 0.0
        self._moved = 0.0
        self._passed = 0.0

    @property
    def standing(self) -> Standing:
        """What is known now."""
        return self._standing

    def update(self, stage: str, done: float, total: float) -> Standing:
        """Hear of a stage's progress.

        Args:
            stage: its name.
            done: how much is done, in the stage's own unit.
            total: of how much; 0 if the stage has nothing to do.

        Returns:
            How the whole job stands.
        """
        now = self._clock()
        part = min(max(done / total, 0.0), 1.0) if total > 0 else 1.0
        fraction = max(self._standing.fraction, min(self._before(stage) + self._shares.get(stage, 0.0) * part, 1.0))
        self._weigh(now, stage, fraction - self._standing.fraction)
        self._standing = Standing(stage, fraction, self._left(now, fraction))
        self._heard_at = now
        return self._standing

    def _weigh(self, now: float, stage: str, moved: float) -> None:
        """Take a movement into the speed; a stage's first report says where it starts, not how fast it is."""
        if stage != self._standing.stage:
            self._watched_since, self._moved, self._passed = now, 0.0, 0.0
            return
        since = now - self._heard_at
        faded = float(0.5 ** (since / HALVED_S))
        self._moved = self._moved * faded + moved
        self._passed = self._passed * faded + since

    def _before(self, stage: str) -> float:
        if stage not in self._shares:
            return self._standing.fraction
        names = list(self._shares)
        return sum(self._shares[name] for name in names[: names.index(stage)])

    def _left(self, now: float, fraction: float) -> float | None:
        if fraction >= 1.0:
            return 0.0
        since = now - self._heard_at
        last = None if self._standing.left_s is None else max(self._standing.left_s - since, 0.0)
        if self._moved <= 0.0 or now - self._watched_since < SETTLING_S:
            # The stage is too young to say; what the one before it said runs down meanwhile.
            return last
        fresh = (1.0 - fraction) * self._passed / self._moved
        if last is None:
            return fresh
        kept = float(MEMORY**since)
        return kept * last + (1.0 - kept) * fresh


class JobObserver:
    """Observer of one job: keeps its standing, and stops it when it was cancelled or taken away.

    It writes nothing itself: the worker's heartbeat reads `standing` and calls `stop`, so that however often a stage
    reports, the store is written a few times a second at most, and a stage never waits for it.

    Args:
        weights: as `Estimate` takes them.
        clock: stands in for `time.monotonic`.
    """

    def __init__(
        self, weights: Mapping[str, float] = STAGE_WEIGHTS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._estimate = Estimate(weights, clock)
        self._stopped = threading.Event()

    @property
    def standing(self) -> Standing:
        """How the job stands."""
        return self._estimate.standing

    def progress(self, stage: str, done: float, total: float) -> None:
        """A stage has done so much of so much."""
        self._estimate.update(stage, done, total)

    def checkpoint(self) -> None:
        """Called often.

        Raises:
            JobCancelled: the job has to stop.
        """
        if self._stopped.is_set():
            raise JobCancelled("The analysis was stopped. What it had finished is kept: try again to go on.")

    def stop(self) -> None:
        """Let the next `checkpoint` raise. May be called from any thread."""
        self._stopped.set()
