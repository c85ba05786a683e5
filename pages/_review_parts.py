"""The parts of the review screen: the list, one event with its player, marking by hand, zones.

Owns: mounting them. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.core.reviews import ReviewItem
from engine.core.views import FootageView, RunView
from pages import _elements, _review_acts, _review_data, _review_event, _ui, _view
from pages._data import Looking, media_url
from pages._mount import mount
from pages._review_place import Wish, reviewer
from pages._ui import t


def listing(items: Sequence[ReviewItem], every: Sequence[ReviewItem], asked: Wish, current: str, mark: str) -> None:
    """The list of events, which also carries what all other parts tell.

    Args:
        items: that pass the filters, but for the state.
        every: all there are.
        asked: what the address says.
        current: id of the event that is open, "" for none.
        mark: id of the footage to mark an event in where none is open.
    """
    data = _review_data.queue_data(items, asked, every)
    told = {"part": "queue", "n": _review_acts.handled(), "event": current, "mark": mark, "reviewer": reviewer()}
    mount("review", key=_ui.REVIEW, data=data | told, on_told_change=_review_acts.carry_out)


def one_event(item: ReviewItem, everything: Sequence[FootageView]) -> None:
    """The recording at the moment of an event, and all that lies behind the event."""
    engine, event = _ui.engine(), item.event
    room = engine.anomalies
    footage = engine.footage(event.footage)
    run = engine.answers.run(event.run) if event.run else _newest(footage)
    people = _review_data.people_of(run.id if run else "")
    _heading(item, footage)
    start = max(0.0, event.start_s - _review_event.LEAD_S)
    _elements.player(footage, run, people, Looking(t=start, person=event.person))
    clip = engine.clips.of(event)
    names = {one.id: one.name for one in everything}
    data = _review_event.event_data(item, footage, people) | {
        "curve": _review_event.curve_data(room.curve(event.id)),
        "history": _review_event.history_data(room.history(event.id)),
        "contrary": _review_event.contrary_data(event, room.disagreements(footage.id), names),
        "elsewhere": _review_event.elsewhere_data(event, engine.cameras.moment(footage.id, event.start_s), names),
        "clip": [media_url(footage.id, file) for file in (clip.file, clip.sheet)] if clip else None,
        "marking": _review_event.marking_data(footage, people, everything),
        "reviewer": reviewer(),
    }
    _mount_event(data)


def marking(footage: FootageView, everything: Sequence[FootageView]) -> None:
    """A recording in which an event can be marked by hand."""
    run = _newest(footage)
    people = _review_data.people_of(run.id if run else "")
    with st.container(key="sl_review_head"):
        st.subheader(t("review.marking"), anchor=False)
        st.caption(_ui.plain(f"{footage.name} · {_view.footage_line(footage, _ui.language())}"))
    _elements.player(footage, run, people, Looking())
    _mount_event(
        {
            "event": None,
            "marking": _review_event.marking_data(footage, people, everything),
            "text": _review_data.words(),
            "colours": _review_data.COLOURS,
        }
    )


def zones(footage: FootageView) -> None:
    """The picture of a recording, on which counter and shelves can be drawn."""
    drawn = _ui.engine().anomalies.zones(footage.id)
    data = {
        "part": "zones",
        "footage": footage.id,
        "name": footage.name,
        "picture": media_url(footage.id, "poster.jpg"),
        "size": [footage.media.width, footage.media.height],
        "zones": [[zone.name, [list(point) for point in zone.points]] for zone in drawn],
        "text": _review_data.words(),
    }
    mount("review", key=f"{_ui.REVIEW_ZONES}_{footage.id}", data=data)


def _mount_event(data: dict[str, Any]) -> None:
    mount("review", key=f"{_ui.REVIEW}_event", data=data | {"part": "event", "n": _review_acts.handled()})


def _newest(footage: FootageView) -> RunView | None:
    return next(iter(_ui.engine().runs(footage.id)), None)


def _heading(item: ReviewItem, footage: FootageView) -> None:
    event = item.event
    text = _review_data.words()
    who = item.person_name or event.person
    when = f"{_view.clock(event.start_s)} – {_view.clock(event.end_s)}"
    label = text.get(f"label.{event.label}", event.label)
    score = t("review.score", score=f"{event.score:.2f}") if event.kind != "manual" else ""
    parts = (footage.name, text[f"kind.{event.kind}"], score)
    where = {_ui.Q_FOOTAGE: footage.id, _ui.Q_TIME: f"{event.start_s:.3f}"}
    if event.person:
        where[_ui.Q_PERSON] = event.person
    words = t("review.person", person=who) if event.person else t("review.recording")
    with st.container(key="sl_review_head", horizontal=True, vertical_alignment="bottom"):
        with st.container():
            st.subheader(_ui.plain(" · ".join(filter(None, (label, who, when)))), anchor=False)
            st.caption(_ui.plain(" · ".join(filter(None, parts))))
        _ui.link_to("people", words, icon=":material/timeline:", **where)
