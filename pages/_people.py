"""What the list of people in the browser is handed: a card each, and one of them in detail.

Owns: that data, and reading it once a run. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.core.views import FootageView, PersonView, RunView
from pages import _data, _ui
from pages._data import Looking, media_url
from pages._detail import detail_data, ranked, segments_of
from pages._edit import edit_data
from pages._palette import palette
from pages._text import group

SHOWN_CROPS = 5
"""Pictures of a person."""

Shares = dict[str, dict[str, float]]
"""Channel -> label -> seconds."""


def people_data(footage: FootageView, run: RunView, people: Sequence[PersonView], looking: Looking) -> dict[str, Any]:
    """Everything the list shows; times in seconds.

    Args:
        footage: where they were seen.
        run: by which analysis.
        people: all of them, in the run's order.
        looking: who is pointed out; their details come along.
    """
    language = _ui.language()
    chosen = next((person for person in people if person.label == looking.person), None)
    shares = shares_of(run.id)
    return {
        "footage": footage.id,
        "run": run.id,
        "overlay": f"{_data.OVERLAY}/{run.id}",
        "revision": _ui.revision(run.id),
        "media": media_url(footage.id, ""),
        "duration": footage.media.duration_s,
        "chosen": "" if chosen is None else chosen.label,
        "only": looking.only and chosen is not None,
        "people": [card(person, shares.get(person.label, {})) for person in people],
        "detail": None if chosen is None else detail_data(run, chosen),
        "palette": palette(),
        "labels": group(language, "label"),
        "channels": group(language, "channel"),
        "text": group(language, "people"),
        "edit": edit_data(footage, run, people),
    }


def card(person: PersonView, shares: Shares) -> dict[str, Any]:
    """One person's card; pictures as [file, t, width, height], below the footage's address."""
    return {
        "label": person.label,
        "name": person.name,
        "first": round(person.first_s, 3),
        "last": round(person.last_s, 3),
        "visible": round(person.visible_s, 2),
        "score": round(person.score, 2),
        "link": round(person.link_score, 2),
        "spans": _data.spans(person),
        "tracklets": [stretch.tracklet for stretch in person.presence],
        "crops": [[crop.file, round(crop.t, 3), crop.width, crop.height] for crop in person.crops[:SHOWN_CROPS]],
        "shares": {
            channel: [[label, round(seconds, 1)] for label, seconds in ranked(labels)]
            for channel, labels in shares.items()
        },
    }


def shares_of(run: str) -> dict[str, Shares]:
    """Seconds that each person of a run spent on each label of each channel: label of the person -> shares."""
    return _shares_of(run, _ui.revision(run))


@st.cache_data(show_spinner=False, max_entries=64)
def _shares_of(run: str, revision: int) -> dict[str, Shares]:
    owner = {stretch.tracklet: person.label for person in _ui.people(run) for stretch in person.presence}
    segments = segments_of(run)
    found: dict[str, Shares] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    lengths = (segments.end_s - segments.start_s).tolist()
    told = zip(segments.tracklets.tolist(), segments.channels, segments.labels, lengths, strict=True)
    for tracklet, channel, label, length in told:
        if tracklet in owner:
            found[owner[tracklet]][channel][label] += length
    return {
        person: {channel: dict(labels) for channel, labels in channels.items()} for person, channels in found.items()
    }
