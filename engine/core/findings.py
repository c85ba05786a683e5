"""Everything one analysis found, in one value: what exports write and comparisons read.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.clothing import PersonClothing
from engine.core.reviews import ReviewItem
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.core.views import FootageView, PersonView, RunView


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found.

    Attributes:
        footage: what was analysed.
        run: the analysis.
        people: its persons, in order.
        tracklets: all of them, in any order; some may belong to no person.
        segments: actions and emotions, by tracklet.
        clothing: what people wear, by label; None where nobody ever read it.
        events: what is out of the ordinary, found or added by hand, by start.
    """

    footage: FootageView
    run: RunView
    people: tuple[PersonView, ...]
    tracklets: tuple[Tracklet, ...]
    segments: Segments
    clothing: Mapping[str, PersonClothing] | None = None
    events: tuple[ReviewItem, ...] = ()
