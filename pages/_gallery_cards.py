"""Pure formatting: identities into the cards of the gallery.

Owns: the shape of that data. May import: `engine.core`, `pages`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from engine.core.identity import IdentityView
from engine.core.library import LibraryEntry
from pages import _view
from pages._data import media_url
from pages._text import group, say

NAMED_FOOTAGE = 2
"""Recordings that a card names."""


def cards_data(
    identities: Sequence[IdentityView],
    entries: Mapping[str, LibraryEntry],
    alarmed: Collection[tuple[str, str]],
    *,
    language: str,
    zone: str | None,
) -> dict[str, Any]:
    """What the element draws.

    Args:
        identities: in order.
        entries: analysed footage by id.
        alarmed: footage and label of people with an event that counts.
        language: of the reader.
        zone: IANA name of the reader's clock.
    """
    return {
        "items": [_card(each, entries, alarmed, language, zone) for each in identities],
        "text": group(language, "gallery.card"),
    }


def _card(
    identity: IdentityView,
    entries: Mapping[str, LibraryEntry],
    alarmed: Collection[tuple[str, str]],
    language: str,
    zone: str | None,
) -> dict[str, Any]:
    first = identity.appearances[0]
    footage = list(dict.fromkeys(each.footage_name for each in identity.appearances))
    more = len(footage) - NAMED_FOOTAGE
    entry = entries.get(first.ref.footage)
    alarms = sum((each.ref.footage, each.ref.label) in alarmed for each in identity.appearances)
    crops = [(each, crop) for each in identity.appearances for crop in each.person.crops]
    best = max(crops, key=lambda one: one[1].quality, default=None)
    return {
        "id": identity.id,
        "href": f"gallery?{urlencode({'id': identity.id})}",
        "title": title_of(identity),
        "label": first.ref.label if identity.name else "",
        "picture": "" if best is None else media_url(best[0].ref.footage, best[1].file),
        "footage": ", ".join(footage[:NAMED_FOOTAGE]) + (f" +{more}" if more > 0 else ""),
        "all": ", ".join(footage),
        "count": len(footage),
        "times": sum(len(each.person.presence) for each in identity.appearances),
        "visible": _view.length(identity.visible_s, language),
        "when": first_seen(identity, entry, zone),
        "alarms": alarms,
        "sure": min(each.score for each in identity.appearances),
        "spoken": say(
            language,
            "gallery.card.spoken",
            person=title_of(identity),
            count=len(footage),
            length=_view.length(identity.visible_s, language),
        ),
    }


def title_of(identity: IdentityView) -> str:
    """What somebody is called: the name, else the label in the footage that shows them first."""
    return identity.name or identity.appearances[0].ref.label


def first_seen(identity: IdentityView, entry: LibraryEntry | None, zone: str | None) -> str:
    """When somebody was first in view: an instant where the recording's start is known, else a place in it."""
    seconds = identity.appearances[0].person.first_s
    return (
        at_instant(entry.start_utc, seconds, entry.details.zone or zone)
        if entry and entry.start_utc
        else (_view.clock(seconds))
    )


def at_instant(start_utc: str, seconds: float, zone: str | None) -> str:
    """The instant that is so many seconds into a recording, "2026-11-20 18:41"."""
    try:
        return _view.moment((datetime.fromisoformat(start_utc) + timedelta(seconds=seconds)).isoformat(), zone)
    except ValueError:
        return _view.clock(seconds)
