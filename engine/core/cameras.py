"""Two recordings of one place: how the clock of one runs beside the other's.

Owns: that relation. May import: `engine.core.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass

ESTIMATED, BY_HAND = "estimated", "by-hand"


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two clocks run beside one another: second = first + offset + drift x first.

    Attributes:
        offset_s: seconds that the second recording shows more than the first when the first shows 0.
        drift: seconds gained by the second for each second of the first; 0 where none could be told.
        uncertainty_s: seconds by which a moment found in this way may be off, one standard deviation.
        agreement: in [-1, 1], correlation of the movement in both at that offset; 0 of one that was set by hand.
    """

    offset_s: float
    drift: float
    uncertainty_s: float
    agreement: float

    def to_second(self, t: float) -> float:
        """Time in the second recording of a moment of the first, seconds; may lie outside it."""
        return t + self.offset_s + self.drift * t

    def to_first(self, t: float) -> float:
        """Time in the first recording of a moment of the second, seconds; may lie outside it."""
        return (t - self.offset_s) / (1 + self.drift)

    def reversed(self) -> Alignment:
        """The same relation, told from the second recording's side."""
        slope = 1 + self.drift
        return Alignment(-self.offset_s / slope, 1 / slope - 1, self.uncertainty_s / slope, self.agreement)


@dataclass(frozen=True, slots=True)
class CameraPair:
    """Two recordings that were declared views of one place.

    Attributes:
        id: ascending number.
        first: footage id.
        second: footage id.
        alignment: of their clocks.
        source: `ESTIMATED` or `BY_HAND`.
        set_utc: ISO 8601.
    """

    id: int
    first: str
    second: str
    alignment: Alignment
    source: str
    set_utc: str


@dataclass(frozen=True, slots=True)
class OtherView:
    """A moment as another camera shows it.

    Attributes:
        footage: id of the other recording.
        t: seconds in it.
        uncertainty_s: as in `Alignment`.
        pair: id of the pair that says so.
    """

    footage: str
    t: float
    uncertainty_s: float
    pair: int
