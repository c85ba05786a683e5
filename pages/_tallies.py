"""What the charts and comparisons show, as numbers: sums of time per person and label, people in view over time.

Owns: the sums; times in seconds. May import: `engine.core`. No Streamlit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.segments import Segments
from engine.core.views import PersonView

Times = dict[str, dict[str, float]]
"""Person's label -> label of a segment -> seconds."""


def title_of(person: PersonView) -> str:
    """What a person is called: their name, else their label."""
    return person.name or person.label


def in_view(people: Sequence[PersonView]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """How many people are in view from each instant on at which that changes.

    Returns:
        (K,) seconds, strictly increasing, and (K,) counts; the last is 0. Overlapping tracklets of one person count
        once.
    """
    changes: dict[float, int] = defaultdict(int)
    for person in people:
        for start, end in merged([(one.start_s, one.end_s) for one in person.presence]):
            changes[start] += 1
            changes[end] -= 1
    t = np.array(sorted(changes), np.float64)
    return t, np.cumsum([changes[one] for one in t.tolist()], dtype=np.int64)


def merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches without overlap, in order; those that touch become one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def shared(first: PersonView, second: PersonView) -> list[tuple[float, float]]:
    """When two people were both in view, in order."""
    spans = [merged([(one.start_s, one.end_s) for one in person.presence]) for person in (first, second)]
    both = [(max(a, c), min(b, d)) for a, b in spans[0] for c, d in spans[1]]
    return sorted((start, end) for start, end in both if end > start)


def label_times(people: Sequence[PersonView], segments: Segments, channels: Sequence[str]) -> Times:
    """Seconds that each person spent on each label of some channels; people without any are left out."""
    owner = {one.tracklet: person.label for person in people for one in person.presence}
    found: dict[str, dict[str, float]] = {person.label: defaultdict(float) for person in people}
    lengths = (segments.end_s - segments.start_s).tolist()
    for tracklet, channel, label, length in zip(
        segments.tracklets.tolist(), segments.channels, segments.labels, lengths, strict=True
    ):
        if channel in channels and tracklet in owner:
            found[owner[tracklet]][label] += length
    return {person: dict(labels) for person, labels in found.items() if labels}
