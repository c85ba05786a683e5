"""Cut tracklets: how everything that hangs on a tracklet's number follows when an analyst cut it.

Tracklets are never changed. What is read of a run is renumbered on the way out, so that whoever asks which number is
whom need not know of cuts; where nothing was cut, what comes in goes out.
Owns: the numbers of pieces, and persons as they stand. May import: `engine.core`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import ClothingReadings
from engine.core.faces import FaceReadings
from engine.core.identity import PIECE, IdentityVectors
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.core.views import CropView, FaceCropView

View = tuple[int, int]
"""Tracklet and rank of a kept view."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A tracklet, or a part of one that was cut.

    Attributes:
        number: of the tracklet.
        place: 0 for the first part of it, 1 for the next, …
        first_s: first row, seconds.
        last_s: last row, seconds.
        from_s: instant of the cut before it, which is the time of its first row; None of the first.
        until_s: instant of the cut after it, None of the last.
        seen: rows that are not interpolated; 0 where the tracklet is whole, and then nobody asks.
        score: mean score of those; likewise.
    """

    number: int
    place: int
    first_s: float
    last_s: float
    from_s: float | None = None
    until_s: float | None = None
    seen: int = 0
    score: float = 0.0

    @property
    def shown(self) -> int:
        """Its number wherever results are read, as in `PIECE`."""
        return self.number + PIECE * self.place

    @property
    def whole(self) -> bool:
        """Nobody cut the tracklet."""
        return self.from_s is None and self.until_s is None


@dataclass(frozen=True, slots=True)
class StandingPerson:
    """Somebody, after all that analysts said.

    Attributes:
        label: P1, P2, …
        score: how sure it is that the pieces are one person, in [0, 1].
        name: "" where nobody has said.
        pieces: at least one, in order.
    """

    label: str
    score: float
    name: str
    pieces: tuple[Piece, ...]


def whole_number(shown: int) -> int:
    """Number of the tracklet that a piece belongs to."""
    return shown % PIECE


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where the tracklets of a run were cut.

    Attributes:
        at: number of a tracklet -> ascending instants, seconds; what lies at or after the k-th is of the k-th piece
            after the first.
    """

    at: Mapping[int, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return bool(self.at)

    @classmethod
    def of(cls, cuts: Iterable[tuple[int, float]]) -> Cuts:
        """Cuts of pairs of number and instant, in any order."""
        at: dict[int, tuple[float, ...]] = {}
        for number, instant in sorted(cuts):
            at[number] = (*at.get(number, ()), instant)
        return cls(at)

    def piece(self, number: int, t: float) -> int:
        """Number of the piece that a tracklet has at an instant."""
        return number + PIECE * bisect_right(self.at.get(number, ()), t)

    def numbers(self, numbers: NDArray[np.int64], t: NDArray[np.float64]) -> NDArray[np.int64]:
        """The same for columns.

        Args:
            numbers: (N,) int64.
            t: (N,) float64 seconds.
        """
        shown = numbers.copy()
        for number, instants in self.at.items():
            rows = numbers == number
            shown[rows] += PIECE * np.searchsorted(np.array(instants), t[rows], "right")
        return shown

    def tracklets(self, tracklets: Sequence[Tracklet]) -> list[Tracklet]:
        """Tracklets as pieces, by number; a piece without a row is left out."""
        if not self:
            return list(tracklets)
        parts = [part for each in tracklets for part in self._parts(each)]
        return sorted(parts, key=lambda part: part.number)

    def segments(self, segments: Segments) -> Segments:
        """Segments of pieces, by tracklet; those that a cut goes through are divided."""
        if not self:
            return segments
        rows, numbers, starts, ends = [], [], [], []
        for row, number in enumerate(segments.tracklets.tolist()):
            start, end = float(segments.start_s[row]), float(segments.end_s[row])
            edges = [start, *(t for t in self.at.get(number, ()) if start < t < end), end]
            for begin, finish in pairwise(edges):
                rows.append(row)
                numbers.append(self.piece(number, begin))
                starts.append(begin)
                ends.append(finish)
        whole = segments[np.array(rows, np.int64)]
        divided = replace(
            whole,
            tracklets=np.array(numbers, np.int64),
            start_s=np.array(starts, np.float64),
            end_s=np.array(ends, np.float64),
        )
        return divided[np.argsort(divided.tracklets, kind="stable")]

    def crops(self, crops: Sequence[CropView]) -> list[CropView]:
        """Kept views of pieces, in their order; ranks stay."""
        return [replace(each, tracklet=self.piece(each.tracklet, each.t)) for each in crops] if self else list(crops)

    def face_crops(self, crops: Sequence[FaceCropView]) -> tuple[FaceCropView, ...]:
        """Kept faces of pieces, by tracklet and time."""
        if not self:
            return tuple(crops)
        parts = (replace(each, tracklet=self.piece(each.tracklet, each.t)) for each in crops)
        return tuple(sorted(parts, key=lambda each: (each.tracklet, each.t)))

    def faces(self, readings: Mapping[int, FaceReadings]) -> dict[int, FaceReadings]:
        """What was read in faces, by number of the piece."""
        if not self:
            return dict(readings)
        found: dict[int, FaceReadings] = {}
        for number, each in readings.items():
            shown = self.numbers(np.full(len(each), number, np.int64), each.t)
            for part in np.unique(shown).tolist() or [number]:
                found[part] = _faces(each, shown == part)
        return dict(sorted(found.items()))

    def views(self, crops: Iterable[CropView]) -> dict[View, int]:
        """Which piece a kept view of a cut tracklet belongs to, by tracklet and rank.

        Args:
            crops: as they were kept, or of pieces.
        """
        found = ((whole_number(each.tracklet), each) for each in crops)
        return {(number, each.rank): self.piece(number, each.t) for number, each in found if number in self.at}

    def clothing(self, readings: ClothingReadings, crops: Iterable[CropView]) -> ClothingReadings:
        """What was read in kept views, by piece.

        Args:
            readings: by tracklet.
            crops: the views.
        """
        if not self:
            return readings
        shown = self.of_views(readings.tracklets, readings.ranks, crops)
        return replace(readings, tracklets=shown)[np.argsort(shown, kind="stable")]

    def vectors(self, vectors: IdentityVectors, crops: Iterable[CropView]) -> IdentityVectors:
        """Vectors of kept views, by piece.

        Args:
            vectors: by tracklet.
            crops: the views.
        """
        if not self:
            return vectors
        shown = self.of_views(vectors.tracklets, vectors.ranks, crops)
        return replace(vectors, tracklets=shown)[np.argsort(shown, kind="stable")]

    def of_views(
        self, tracklets: NDArray[np.int64], ranks: NDArray[np.int64], crops: Iterable[CropView]
    ) -> NDArray[np.int64]:
        """(N,) int64, the pieces of kept views named by (N,) tracklets and ranks."""
        if not self:
            return tracklets
        known = self.views(crops)
        named = zip(tracklets.tolist(), ranks.tolist(), strict=True)
        return np.array([known.get((number, rank), number) for number, rank in named], np.int64)

    def captions(self, captions: Mapping[View, str], crops: Iterable[CropView]) -> dict[View, str]:
        """Captions of kept views, by piece and rank."""
        if not self:
            return dict(captions)
        known = self.views(crops)
        return {(known.get((number, rank), number), rank): text for (number, rank), text in captions.items()}

    def _parts(self, tracklet: Tracklet) -> list[Tracklet]:
        if tracklet.number not in self.at:
            return [tracklet]
        shown = self.numbers(np.full(len(tracklet), tracklet.number, np.int64), tracklet.t)
        return [part_of(tracklet, number, shown == number) for number in np.unique(shown).tolist()]


def part_of(tracklet: Tracklet, number: int, rows: NDArray[np.bool_]) -> Tracklet:
    """Some rows of a tracklet, under another number."""
    return Tracklet(
        number=number,
        t=tracklet.t[rows],
        boxes=tracklet.boxes[rows],
        scores=tracklet.scores[rows],
        interpolated=tracklet.interpolated[rows],
        poses=tracklet.poses[rows],
        sharpness=tracklet.sharpness[rows],
    )


def _faces(readings: FaceReadings, rows: NDArray[np.bool_]) -> FaceReadings:
    return FaceReadings(
        readings.t[rows], readings.boxes[rows], readings.angles[rows], readings.quality[rows], readings.emotions[rows]
    )
