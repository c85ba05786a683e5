"""Everything that is known of somebody, put together from all recordings.

May import: `engine.answers`, `engine.anomalies`, `engine.core`, `engine.everybody`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from engine.anomalies import Anomalies
from engine.answers import Answers
from engine.core.dossier import Company, Dossier, DossierAppearance, LabelTime
from engine.core.identity import Appearance, IdentityView, PersonRef
from engine.core.labels import CHANNELS
from engine.core.segments import Segments
from engine.core.views import PersonView
from engine.everybody import Recording

Sources = tuple[Answers, Anomalies]


def dossier_of(
    identity: IdentityView,
    recordings: Mapping[str, Recording],
    identities: Mapping[tuple[str, str], IdentityView],
    sources: Sources,
) -> Dossier:
    """All that is known of somebody.

    Args:
        identity: who.
        recordings: by footage id.
        identities: of everybody, by footage and label.
        sources: what analyses found, and what was out of the ordinary.

    Raises:
        StoreError: a run is no longer there.
    """
    appearances = tuple(
        _appearance(each, recordings[each.ref.footage], identities, sources) for each in identity.appearances
    )
    return Dossier(identity, appearances, _joined(time for each in appearances for time in each.times))


def _appearance(
    appearance: Appearance,
    recording: Recording,
    identities: Mapping[tuple[str, str], IdentityView],
    sources: Sources,
) -> DossierAppearance:
    answers, anomalies = sources
    ref = appearance.ref
    worn = answers.clothing(ref.run)
    events = [item for item in anomalies.of_run(ref.run) if item.event.person == ref.label]
    company = _company(appearance, answers.people(ref.run), identities)
    return DossierAppearance(
        appearance=appearance,
        camera=recording.details.camera,
        start_utc=recording.start_utc,
        zone=recording.details.zone,
        times=label_times(answers.segments(ref.run), appearance.person),
        clothing=None if worn is None else worn.get(ref.label),
        events=tuple(events),
        company=company,
    )


def label_times(segments: Segments, person: PersonView) -> tuple[LabelTime, ...]:
    """How long somebody did and showed what.

    Args:
        segments: of the run.
        person: of it.

    Returns:
        By channel, the longest first.
    """
    mine = np.isin(segments.tracklets, [stretch.tracklet for stretch in person.presence])
    rows = np.flatnonzero(mine).tolist()
    return _joined(
        LabelTime(
            segments.channels[row],
            segments.labels[row],
            float(segments.end_s[row] - segments.start_s[row]),
            float(segments.coverage[row]),
        )
        for row in rows
    )


def _joined(times: Iterable[LabelTime]) -> tuple[LabelTime, ...]:
    """Times of one label together, coverage by time."""
    seconds: dict[tuple[str, str], float] = {}
    covered: dict[tuple[str, str], float] = {}
    for each in times:
        key = (each.channel, each.label)
        seconds[key] = seconds.get(key, 0.0) + each.seconds
        covered[key] = covered.get(key, 0.0) + each.seconds * each.coverage
    found = [
        LabelTime(channel, label, length, min(covered[channel, label] / max(length, 1e-9), 1.0))
        for (channel, label), length in seconds.items()
    ]
    return tuple(sorted(found, key=lambda each: (CHANNELS.index(each.channel), -each.seconds, each.label)))


def _company(
    appearance: Appearance, people: Iterable[PersonView], identities: Mapping[tuple[str, str], IdentityView]
) -> tuple[Company, ...]:
    ref, found = appearance.ref, []
    for other in people:
        shared = together(appearance.person, other) if other.label != ref.label else []
        seconds = sum(end - start for start, end in shared)
        if not shared or seconds <= 0:
            continue
        identity = identities.get((ref.footage, other.label))
        found.append(
            Company(
                identity=identity.id if identity else f"{ref.footage}-{other.label}",
                ref=PersonRef(ref.footage, ref.run, other.label),
                name=identity.name if identity else other.name,
                seconds=seconds,
                first_s=shared[0][0],
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.seconds, each.ref.label)))


def together(first: PersonView, second: PersonView) -> list[tuple[float, float]]:
    """When two people are in view at the same time, in order."""
    spans = sorted(
        (max(one.start_s, other.start_s), min(one.end_s, other.end_s))
        for one in first.presence
        for other in second.presence
    )
    return [(start, end) for start, end in spans if start < end]
