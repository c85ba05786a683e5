"""Labelled stretches of time: what recognition says of tracklets.

Conventions as in `engine.core.types`. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_equal, check_unit, checked
from engine.core.labels import CHANNELS
from engine.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Labelled stretches of time of tracklets, ordered by tracklet, channel and start.

    Attributes:
        tracklets: (N,) int64, number of the tracklet.
        channels: N of `CHANNELS`.
        labels: N labels of the channel, or `UNKNOWN`.
        start_s: (N,) float64 seconds.
        end_s: (N,) float64 seconds, > start_s.
        scores: (N,) float32 in [0, 1], mean confidence in the label; 0 of `UNKNOWN`.
        coverage: (N,) float32 in [0, 1], share of the stretch in which what the label needs was seen.
        sources: N words of the model itself for the label, such as "pull ups"; "" where it is our own.
    """

    tracklets: NDArray[np.int64]
    channels: tuple[str, ...]
    labels: tuple[str, ...]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    scores: FloatArray
    coverage: FloatArray
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        columns = {
            "tracklets": checked("tracklets", self.tracklets, (None,), np.int64),
            "start_s": checked("start_s", self.start_s, (None,), np.float64),
            "end_s": checked("end_s", self.end_s, (None,), np.float64),
            "scores": checked("scores", self.scores, (None,), np.float32),
            "coverage": checked("coverage", self.coverage, (None,), np.float32),
        }
        check_equal(**columns)
        if {len(self.channels), len(self.labels), len(self.sources)} != {len(self.scores)}:
            raise ValueError("columns must have one length")
        if unknown := set(self.channels) - set(CHANNELS):
            raise ValueError(f"unknown channels {sorted(unknown)}")
        if (self.end_s <= self.start_s).any():
            raise ValueError("a segment must end after it starts")
        check_unit("scores", self.scores)
        check_unit("coverage", self.coverage)
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, rows: NDArray[np.generic]) -> Segments:
        """The rows of an index or boolean array, in its order."""
        order = np.arange(len(self))[rows]
        return Segments(
            tracklets=self.tracklets[order],
            channels=tuple(self.channels[row] for row in order),
            labels=tuple(self.labels[row] for row in order),
            start_s=self.start_s[order],
            end_s=self.end_s[order],
            scores=self.scores[order],
            coverage=self.coverage[order],
            sources=tuple(self.sources[row] for row in order),
        )

    @classmethod
    def empty(cls) -> Segments:
        """No segment."""
        return cls(
            tracklets=np.zeros(0, np.int64),
            channels=(),
            labels=(),
            start_s=np.zeros(0),
            end_s=np.zeros(0),
            scores=np.zeros(0, np.float32),
            coverage=np.zeros(0, np.float32),
            sources=(),
        )

    @classmethod
    def concatenate(cls, parts: Iterable[Segments]) -> Segments:
        """All rows of all parts, in order."""
        parts = [cls.empty(), *parts]
        return cls(
            tracklets=np.concatenate([part.tracklets for part in parts]),
            channels=tuple(channel for part in parts for channel in part.channels),
            labels=tuple(label for part in parts for label in part.labels),
            start_s=np.concatenate([part.start_s for part in parts]),
            end_s=np.concatenate([part.end_s for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            coverage=np.concatenate([part.coverage for part in parts]),
            sources=tuple(source for part in parts for source in part.sources),
        )
