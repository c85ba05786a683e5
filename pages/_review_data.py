"""What the list of events is handed: rows, counts, and what they can be filtered by; times in seconds.

Owns: the shape of that data. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.core.anomalies import AnomalyEvent
from engine.core.reviews import ReviewItem
from engine.core.views import CropView, PersonView
from pages import _ui
from pages._data import media_url
from pages._palette import GREY
from pages._review_place import FILTERS, STATES, Wish, matching
from pages._text import group
from pages._ui import t

LISTED = 300
"""Events that the list holds."""

COLOURS = {
    "theft": "#b4441f",
    "assault": "#b8327f",
    "damage": "#8a6100",
    "unpaid": "#5b5bd6",
    "insert": "#5b5bd6",
    "catch": "#0b6fa8",
    "put": "#2f7a33",
    "normal": GREY,
}
"""Label -> colour, of those in `pages._palette` that stand out on both grounds."""


def words() -> dict[str, str]:
    """The texts of all parts."""
    return group(_ui.language(), "review")


def queue_data(items: Sequence[ReviewItem], asked: Wish, every: Sequence[ReviewItem]) -> dict[str, Any]:
    """The list of events with its filters.

    Args:
        items: those that pass the filters but the state, in the order in which they are worth a look.
        asked: what the address says.
        every: all events there are: what can be filtered by.
    """
    rows = matching(items, asked, asked.state)
    counts = {state: len(matching(items, asked, state)) for state in ("", *STATES)}
    return {
        "rows": [_row(item) for item in rows[:LISTED]],
        "hidden": max(0, len(rows) - LISTED),
        "all": len(every),
        "counts": counts,
        "filters": {name: getattr(asked, name) for name in FILTERS},
        "options": _options(every),
        "colours": COLOURS,
        "text": words(),
    }


def _options(every: Sequence[ReviewItem]) -> dict[str, list[list[str]]]:
    text = words()
    footage = {item.event.footage: item.footage_name for item in every}
    labels = sorted({item.event.label for item in every})
    kinds = sorted({item.event.kind for item in every})
    models = sorted({item.event.model for item in every if item.event.model})
    return {
        "footage": sorted(([one, name] for one, name in footage.items()), key=lambda pair: pair[1]),
        "label": [[label, text.get(f"label.{label}", label)] for label in labels],
        "kind": [[kind, t(f"review.kind.{kind}")] for kind in kinds],
        "model": [[model, model] for model in models],
    }


def _row(item: ReviewItem) -> dict[str, Any]:
    event = item.event
    crops = crops_of(event, people_of(event.run))[:1]
    return {
        **summary(item),
        "picture": media_url(event.footage, crops[0].file) if crops else "",
    }


def summary(item: ReviewItem) -> dict[str, Any]:
    """An event in a few words, as the list and the page beside it show it."""
    event = item.event
    return {
        "id": event.id,
        "kind": event.kind,
        "label": event.label,
        "person": event.person,
        "title": item.person_name or event.person,
        "start": round(event.start_s, 3),
        "end": round(event.end_s, 3),
        "score": round(event.score, 3),
        "severity": round(event.severity, 3),
        "footage": event.footage,
        "name": item.footage_name,
        "verdict": item.verdict,
        "mine": item.mine,
        "disputed": item.disputed,
        "disagreement": item.disagreement,
        "by": item.added_by,
    }


def people_of(run: str) -> tuple[PersonView, ...]:
    """Persons of a run, nobody where there is none."""
    return _ui.people(run) if run else ()


def crops_of(event: AnomalyEvent, people: Sequence[PersonView]) -> list[CropView]:
    """Pictures of the person of an event, those taken nearest to it first."""
    person = next((one for one in people if one.label == event.person), None)

    def away(crop: CropView) -> tuple[bool, float]:
        outside = max(event.start_s - crop.t, crop.t - event.end_s, 0.0)
        return crop.tracklet != event.tracklet, outside - crop.quality

    return sorted(person.crops, key=away) if person else []
