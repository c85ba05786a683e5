"""Pure formatting: what the search element offers beside its results: filters, saved searches, notes, more.

Owns: the shape of that data. May import: `engine.core`, `pages`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.core.anomalies import EVENT_LABELS
from engine.core.labels import ACTIONS, EMOTIONS
from engine.core.library import LibraryEntry
from engine.core.search import SavedSearch, SearchAnswer
from pages import _search
from pages._text import group, say

NAMED = 6
"""Recordings that a note names; of more their number."""

EXAMPLES = ("search.example.first", "search.example.second", "search.example.third")

MORE = 30
"""So many more people are shown at a time."""


def saved_data(saved: Iterable[SavedSearch]) -> list[dict[str, Any]]:
    """Saved searches as rows of their menu; of their filters the number."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "text": one.text,
            "limits": len(set(_search.written(_search.Ask(config=one.config))) - {"min", "top"}),
            "watched": one.watched,
            "found": one.found,
        }
        for one in saved
    ]


def options(entries: Sequence[LibraryEntry], language: str, *, emotions: bool) -> dict[str, list[list[str]]]:
    """What filters can be set to, each as [value, word].

    Args:
        entries: the library; only what has been analysed can be searched.
        language: of the words.
        emotions: whether they may be asked for on this site.
    """
    analysed = [entry for entry in entries if entry.run]
    cameras = sorted({entry.details.camera for entry in analysed if entry.details.camera})
    label = group(language, "label")
    return {
        "footage": [[entry.footage.id, entry.footage.name] for entry in analysed],
        "camera": [[camera, camera] for camera in cameras],
        "action": [[one, label[one]] for one in ACTIONS],
        "emotion": [[one, label[one]] for one in EMOTIONS] if emotions else [],
        "anomaly": [[one, say(language, f"search.anomaly.{one}")] for one in EVENT_LABELS],
    }


def notes(answer: SearchAnswer, language: str) -> list[str]:
    """What a search left out although nobody asked it to."""
    sentences = []
    for key, names in (("search.unread", answer.unread), ("search.undated", answer.undated)):
        if names:
            shown = list(names[:NAMED])
            if len(names) > NAMED:
                shown.append(say(language, "search.more_names", count=len(names) - NAMED))
            sentences.append(say(language, key, names=", ".join(shown)))
    return sentences


def asked_data(ask: _search.Ask) -> dict[str, Any]:
    """What is asked, as the element changes it: one value for each key of the address, lists for lists."""
    query = _search.written(ask)
    single = (*_search.WORDS, *_search.NUMBERS, _search.Q_TEXT, _search.Q_SIMILAR, _search.Q_PHOTO)
    return {key: query.get(key, []) for key in _search.LISTS} | {key: query.get(key, [""])[0] for key in single}


def more(answer: SearchAnswer) -> dict[str, int] | None:
    """How many more could be shown, and what to ask for; None where all are."""
    left = answer.considered - answer.below - len(answer.hits)
    room = _search.MOST - len(answer.hits)
    count = min(left, room, MORE)
    return {"count": count, "top": len(answer.hits) + count} if count > 0 else None
