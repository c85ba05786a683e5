"""Pure formatting: an answer of a search into the plain values that its element in the browser is handed.

Owns: the shape of that data. May import: `engine.core`, `pages`. No Streamlit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from engine.core.clothing import SlotVote
from engine.core.library import LibraryEntry
from engine.core.search import NOT_VISIBLE, Chip, SearchAnswer, SearchHit
from pages import _data, _search_words
from pages._library import instant, recorded

UNTOLD = "untold"
"""In view, but not to be told by what was looked at: a shirt from a blouse."""

STEPS = 100
"""Thresholds that the slider knows, 0 left out."""

Words = dict[str, dict[str, str]]
"""Kind -> canonical word -> name."""

NAMED = ("striped", "patterned", "dress", "skirt")
"""Traits that are told of somebody whom nothing was asked about."""

WORN = 0.5
"""From this probability on a hat or a bag counts as there, and a trait is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How an answer is to be shown.

    Attributes:
        words: of `_search_words.words_data`.
        zone: IANA name of the reader's clock, None where it is not known.
        fresh: footage, run and label of people who are new to a saved search.
    """

    words: Words
    zone: str | None
    fresh: Collection[tuple[str, str, str]] = ()


def answer_data(answer: SearchAnswer, entries: Iterable[LibraryEntry], showing: Showing) -> dict[str, Any]:
    """What was found.

    Args:
        answer: of the room.
        entries: the library, for when recordings began.
        showing: how.
    """
    places = {entry.footage.id: entry for entry in entries}
    return {
        "considered": answer.considered,
        "below": answer.below,
        "under": under(answer),
        "seconds": answer.seconds,
        "tier": answer.tier,
        "english": answer.english,
        "hits": [
            hit_data(hit, when(places.get(hit.footage), hit.t, showing.zone), answer.understood.chips, showing)
            for hit in answer.hits
        ],
    }


def when(entry: LibraryEntry | None, t: float, zone: str | None) -> str:
    """A moment of a recording on the clock that `_library.recorded` shows, "" where nobody knows when it began."""
    start = instant(entry.start_utc) if entry else None
    if entry is None or start is None:
        return ""
    moved = replace(entry.details, start_utc=(start + timedelta(seconds=t)).isoformat())
    return recorded(replace(entry, details=moved), zone)


def under(answer: SearchAnswer) -> list[int]:
    """How many of everybody considered score below 0.00, 0.01, … 1.00."""
    rising = answer.scores[::-1]
    share = answer.considered / len(rising) if rising else 0.0
    # A score of exactly the threshold passes it; floats of 32 bits stand a little beside their decimals.
    counts = [round(share * bisect_left(rising, step / STEPS - 1e-7)) for step in range(STEPS + 1)]
    at = round(answer.config.min_score * STEPS)
    if abs(at - answer.config.min_score * STEPS) < 1e-6:
        counts[at] = answer.below
    return counts


def hit_data(hit: SearchHit, at: str, chips: Sequence[Chip], showing: Showing) -> dict[str, Any]:
    """One person; `link` goes to the player at that moment, `view` finds others like it."""
    place = {"footage": hit.footage, "person": hit.person, "t": f"{hit.t:.3f}"}
    return {
        "rank": hit.rank,
        "footage": hit.footage,
        "name": hit.footage_name,
        "when": at,
        "person": hit.person,
        "called": hit.name,
        "t": round(hit.t, 3),
        "link": f"people?{urlencode(place)}",
        "view": f"{hit.footage},{hit.crop.tracklet},{hit.crop.rank}",
        "crop": [_data.media_url(hit.footage, hit.crop.file), hit.crop.width, hit.crop.height],
        "score": round(hit.score, 4),
        "similarity": round(hit.similarity, 4),
        "matching": None if hit.matching is None else round(hit.matching, 4),
        "tier": hit.tier,
        "evidence": evidence_data(hit, chips, showing.words),
        "slots": slots_data(hit.slots, showing.words),
        "caption": hit.caption,
        "fresh": (hit.footage, hit.run, hit.person) in showing.fresh,
    }


def evidence_data(hit: SearchHit, chips: Sequence[Chip], words: Words) -> list[list[Any]]:
    """What speaks for a person and against, by chip: [chip, verdict, score, what was seen].

    Of a part of the body that was in view, but does not tell what was asked, the verdict becomes "untold".
    """
    visible = {slot.region for slot in hit.slots if slot.visible > 0}
    rows: list[list[Any]] = []
    for one in hit.evidence:
        untold = one.verdict == NOT_VISIBLE and chips[one.chip].region in visible
        seen = _search_words.seen_words(one.seen, words)
        rows.append([one.chip, UNTOLD if untold else one.verdict, round(one.score, 2), seen])
    return rows


def slots_data(slots: Sequence[SlotVote], words: Words) -> list[list[Any]]:
    """What somebody wears, by region: [region, colours, words]; what was not seen or is not there is left out."""
    shown: list[list[Any]] = []
    for slot in slots:
        traits = dict(slot.traits)
        if not slot.visible or traits.get("present", 1.0) < WORN:
            continue
        colours = [name for name, _ in slot.colours[:2]]
        told = [words["colour"].get(name, name) for name in colours]
        told += [words["seen"][name] for name in NAMED if traits.get(name, 0.0) >= WORN]
        shown.append([slot.region, colours, " ".join(told)])
    return shown
