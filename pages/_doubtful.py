"""Pairs that may be the same person, as their page shows them; times in seconds.

Owns: that data. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from engine.core.identity import DoubtfulPair, PersonRef
from engine.core.views import CropView, FootageView, PersonView
from pages import _search_data, _search_words, _ui
from pages._data import media_url, spans
from pages._tallies import title_of
from pages._text import group

MOST = 60
"""Pairs that are offered at once."""

SHOWN_CROPS = 5


def waiting(footage: str) -> tuple[DoubtfulPair, ...]:
    """Pairs that wait for an answer, the most worthwhile first.

    Args:
        footage: id of the recording that one of the two is in, "" for all.
    """
    return _ui.engine().gallery.doubtful(footage, MOST)


def key_of(pair: DoubtfulPair) -> str:
    """What names a pair in the browser."""
    return "|".join(part for ref in (pair.first, pair.second) for part in (ref.run, ref.label))


def pairs_data(pairs: Sequence[DoubtfulPair], footage: Sequence[FootageView]) -> dict[str, Any]:
    """What the element is handed, but for who answers and what can be taken back.

    Args:
        pairs: that wait for an answer.
        footage: all there is.
    """
    by_id, language = {one.id: one for one in footage}, _ui.language()
    sides = [
        (_side(pair.first, pair.first_crops, by_id), _side(pair.second, pair.second_crops, by_id)) for pair in pairs
    ]
    return {
        "pairs": [
            {
                "id": key_of(pair),
                "first": first,
                "second": second,
                "similarity": round(pair.similarity, 3),
                "score": round(pair.score, 3),
                "seconds": round(pair.seconds, 1),
            }
            for pair, (first, second) in zip(pairs, sides, strict=True)
            if first is not None and second is not None
        ],
        "skipped": sorted(st.session_state.get(_ui.PAIRS_SKIPPED, ())),
        "swatches": _search_words.SWATCHES,
        "text": group(language, "pairs"),
    }


def _side(ref: PersonRef, crops: Sequence[CropView], by_id: dict[str, FootageView]) -> dict[str, Any] | None:
    footage = by_id.get(ref.footage)
    person = next((one for one in _ui.people(ref.run) if one.label == ref.label), None) if footage else None
    if footage is None or person is None:
        return None
    shown = list(crops or person.crops)[:SHOWN_CROPS]
    place = {_ui.Q_FOOTAGE: ref.footage, _ui.Q_PERSON: ref.label, _ui.Q_TIME: f"{person.first_s:.3f}"}
    return {
        "footage": ref.footage,
        "name": footage.name,
        "run": ref.run,
        "label": ref.label,
        "title": title_of(person),
        # By which the person is found again where an answer has changed the labels in the meantime.
        "tracklet": person.presence[0].tracklet,
        "first": round(person.first_s, 3),
        "visible": round(person.visible_s, 2),
        "duration": footage.media.duration_s,
        "spans": spans(person),
        "crops": [[media_url(ref.footage, crop.file), round(crop.t, 3)] for crop in shown],
        "clothes": _clothes(ref.run, _ui.revision(ref.run), ref.label, _ui.language()),
        "link": f"people?{urlencode(place)}",
    }


@st.cache_data(show_spinner=False, max_entries=256)
def _clothes(run: str, revision: int, label: str, language: str) -> list[list[Any]]:
    worn = _ui.engine().answers.clothing(run) or {}
    if label not in worn:
        return []
    return _search_data.slots_data(worn[label].slots, _search_words.words_data(language)["words"])


def found(told: dict[str, Any]) -> PersonView | None:
    """Whom one side of an answered pair means now, by the appearance that was looked at; None where nobody is left."""
    people, tracklet = _ui.people(str(told["run"])), int(told["tracklet"])
    return next((one for one in people if any(part.tracklet == tracklet for part in one.presence)), None)
