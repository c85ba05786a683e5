"""The search screen at work: the search itself, and what its element is handed.

Owns: the answer of this visit. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import uuid
from typing import Any

import streamlit as st

from engine.core.errors import SearchError, SightlineError
from engine.core.library import LibraryEntry
from engine.core.search import Chip, SearchAnswer
from pages import _data, _search, _search_data, _search_events, _search_lists, _search_words, _ui, _view
from pages._mount import mount
from pages._search import Ask
from pages._text import group
from pages._ui import t


def answered(ask: Ask, revision: str) -> SearchAnswer | SightlineError | None:
    """What is found, or why nothing can be; None where nothing is asked. One visit searches once for the same thing.

    Args:
        ask: what is asked.
        revision: of the library: with new footage the same question is asked anew.
    """
    if ask.blank:
        return None
    known = st.session_state.get(_search.ANSWERED)
    if known is not None and known[0] == (ask, revision):
        return known[1]  # type: ignore[no-any-return]
    try:
        answer = _searched(ask)
    except SightlineError as error:
        st.session_state.pop(_search.ANSWERED, None)
        return error
    st.session_state[_search.ANSWERED] = ((ask, revision), answer)
    return answer


def _searched(ask: Ask) -> SearchAnswer:
    room = _ui.engine().search
    if ask.similar is not None:
        return room.similar(*ask.similar, ask.config)
    if ask.photo:
        sha256, _, data = st.session_state.get(_search.PHOTO, ("", "", b""))
        if sha256 != ask.photo:
            raise SearchError(t("search.photo.gone"))
        return room.similar_to_picture(data, ask.config)
    return room.find(ask.text, ask.config)


def show(ask: Ask, answer: SearchAnswer | SightlineError | None, entries: tuple[LibraryEntry, ...]) -> None:
    """Draw the element."""
    language, engine = _ui.language(), _ui.engine()
    tables = _search_words.words_data(language)
    failed = answer if isinstance(answer, SightlineError) else None
    found = answer if isinstance(answer, SearchAnswer) else None
    text, fresh = st.session_state.get(_search.FRESH, ("", frozenset()))
    showing = _search_data.Showing(
        words=tables["words"], zone=st.context.timezone, fresh=fresh if text == ask.text else ()
    )
    understood = found.understood if found else None
    data = {
        **tables,
        "ask": _search_lists.asked_data(ask),
        "chips": [_chip_data(chip) for chip in understood.chips] if understood else [],
        "unknown": list(understood.unknown) if understood else [],
        "answer": _search_data.answer_data(found, entries, showing) if found else None,
        "notes": _search_lists.notes(found, language) if found else [],
        "more": _search_lists.more(found) if found else None,
        "error": failed.user_message if failed else "",
        "like": _like(ask),
        "options": _search_lists.options(entries, language, emotions=engine.settings.emotions),
        "saved": _search_lists.saved_data(engine.search.saved()),
        "examples": [t(key) for key in _search_lists.EXAMPLES],
        "language": language,
        "visit": st.session_state.setdefault(_search.VISIT, uuid.uuid4().hex[:12]),
        "heard": int(st.session_state.get(_search.HEARD, 0)),
        "text": group(language, "search"),
    }
    mount(
        "search",
        key=_search.ELEMENT,
        data=data,
        on_events_change=_search_events.take_events,
        on_photo_change=_search_events.take_photo,
    )


def _chip_data(chip: Chip) -> dict[str, Any]:
    names = ("region", "kind", "value", "shade", "negated", "said", "group", "also")
    return {name: getattr(chip, name) for name in names}


def _like(ask: Ask) -> dict[str, Any] | None:
    """Whom people should resemble."""
    if ask.photo:
        sha256, name, _ = st.session_state.get(_search.PHOTO, ("", "", b""))
        return {"photo": True, "name": name, "crop": "", "place": ""} if sha256 == ask.photo else None
    if ask.similar is None:
        return None
    footage, tracklet, rank = ask.similar
    try:
        view = _ui.engine().footage(footage)
        run = next(iter(_ui.engine().runs(view.id)), None)
    except SightlineError:
        return None
    for person in _ui.people(run.id) if run else ():
        for crop in person.crops:
            if (crop.tracklet, crop.rank) == (tracklet, rank):
                place = f"{view.name} · {_view.clock(crop.t)}"
                url = _data.media_url(view.id, crop.file)
                return {"photo": False, "person": person.name or person.label, "crop": url, "place": place}
    return None
