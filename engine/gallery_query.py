"""Which identities a gallery shows, and in which order.

May import: `engine.core`, `engine.everybody`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from engine.core.dossier import GalleryQuery
from engine.core.identity import Appearance, IdentityView
from engine.everybody import Recording

Person = tuple[str, str]
"""Footage id and label."""


def wanted(
    identities: Sequence[IdentityView],
    query: GalleryQuery,
    recordings: Mapping[str, Recording],
    alarmed: Collection[Person],
) -> tuple[IdentityView, ...]:
    """Those that a query asks for, in its order.

    Args:
        identities: all, in order of first appearance.
        query: what is asked.
        recordings: by footage id.
        alarmed: people with an event that counts.
    """
    words = _plain(query.text).split()
    found = [each for each in identities if _passes(each, query, recordings, alarmed) and _says(each, words)]
    if query.sort == "visible":
        found.sort(key=lambda each: -round(each.visible_s, 1))
    elif query.sort == "appearances":
        found.sort(
            key=lambda each: (-len(each.appearances), -sum(len(one.person.presence) for one in each.appearances))
        )
    elif query.sort == "name":
        found.sort(key=lambda each: (not each.name, _natural(each.name or each.appearances[0].ref.label)))
    return tuple(found)


def _passes(
    identity: IdentityView, query: GalleryQuery, recordings: Mapping[str, Recording], alarmed: Collection[Person]
) -> bool:
    appearances = identity.appearances
    if query.named and not identity.name:
        return False
    if query.several and len({each.ref.footage for each in appearances}) < 2:
        return False
    if query.alarms and not any((each.ref.footage, each.ref.label) in alarmed for each in appearances):
        return False
    if query.footage and not any(each.ref.footage in query.footage for each in appearances):
        return False
    if query.cameras and not any(recordings[each.ref.footage].details.camera in query.cameras for each in appearances):
        return False
    if not query.since_utc and not query.until_utc:
        return True
    return any(_in_time(each, recordings[each.ref.footage].start_utc, query) for each in appearances)


def _in_time(appearance: Appearance, start_utc: str, query: GalleryQuery) -> bool:
    """Whether somebody was in view within the time asked for; never where nobody knows when the recording began."""
    begun, since, until = (instant(text) for text in (start_utc, query.since_utc, query.until_utc))
    if begun is None:
        return False
    first, last = (begun + timedelta(seconds=t) for t in (appearance.person.first_s, appearance.person.last_s))
    return (since is None or last >= since) and (until is None or first <= until)


def instant(utc: str) -> datetime | None:
    """An ISO 8601 instant; None where it is none. One without a zone is taken for UTC."""
    try:
        found = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _says(identity: IdentityView, words: Sequence[str]) -> bool:
    seen = (f"{each.ref.label} {each.person.name} {each.footage_name}" for each in identity.appearances)
    said = _plain(" ".join([identity.name, *seen]))
    return all(word in said for word in words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A key by which P2 comes before P10."""
    parts = re.split(r"(\d+)", _plain(text))
    return [(0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part) for part in parts if part]
