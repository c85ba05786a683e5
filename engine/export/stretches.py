"""Segments of people rather than of tracklets, and when they were in view: what tables, tracks and tiers are made of.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.findings import Findings
from engine.core.views import PersonView

PRESENCE = "presence"
IN_VIEW = "in view"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A labelled stretch of a person's time.

    Attributes:
        person: who.
        tracklet: number of the tracklet.
        channel: one of `engine.core.labels.CHANNELS`, or "presence".
        label: of the channel; "in view" of presence.
        start_s: seconds.
        end_s: seconds; of presence it may equal the start, where somebody was seen in a single frame.
        score: in [0, 1].
        coverage: share of the stretch in which what the label needs was seen, in [0, 1].
        source: the model's own word for the label, "" where it is ours.
    """

    person: PersonView
    tracklet: int
    channel: str
    label: str
    start_s: float
    end_s: float
    score: float
    coverage: float
    source: str


def stretches(findings: Findings) -> list[Stretch]:
    """All of a run, by person, channel (presence first) and time."""
    segments = findings.segments
    rows_of: dict[int, list[int]] = {}
    for row, number in enumerate(segments.tracklets):
        rows_of.setdefault(int(number), []).append(row)
    found = []
    for person in findings.people:
        for stay in person.presence:
            found.append(
                Stretch(person, stay.tracklet, PRESENCE, IN_VIEW, stay.start_s, stay.end_s, person.score, 1.0, "")
            )
            for row in rows_of.get(stay.tracklet, ()):
                found.append(
                    Stretch(
                        person=person,
                        tracklet=stay.tracklet,
                        channel=segments.channels[row],
                        label=segments.labels[row],
                        start_s=float(segments.start_s[row]),
                        end_s=float(segments.end_s[row]),
                        score=float(segments.scores[row]),
                        coverage=float(segments.coverage[row]),
                        source=segments.sources[row],
                    )
                )
    order = {person.label: place for place, person in enumerate(findings.people)}
    first = {PRESENCE: 0, "posture": 1, "gesture": 2, "activity": 3, "emotion": 4}
    return sorted(found, key=lambda one: (order[one.person.label], first[one.channel], one.start_s, one.end_s))
