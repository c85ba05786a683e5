"""Review: what stands out, one event at a time, and what people say of it."""

from __future__ import annotations

import streamlit as st

from engine.core.errors import StoreError
from engine.core.reviews import ReviewItem
from engine.core.views import FootageView
from pages import _export, _panels, _review_empty, _review_parts, _ui
from pages._review_lessons import lessons
from pages._review_place import Wish, arrive, here, matching, reviewer, wish
from pages._ui import t

engine = _ui.engine()
everything = engine.list_footage()
by_id = {one.id: one for one in everything}
st.html(_ui.ASSETS / "compare.css")
st.html(_ui.ASSETS / "review.css")


def opened(rows: list[ReviewItem], asked: Wish) -> ReviewItem | None:
    """The event that the address names, else the first of the list that waits for a verdict."""
    if asked.event:
        try:
            return engine.anomalies.event(asked.event, reviewer())
        except StoreError:
            _ui.notice("error", t("review.unknown", event=asked.event))
    waiting = [item for item in rows if not item.mine]
    return next(iter(waiting or (rows if asked.state not in ("", "open") else [])), None)


def right_side(rows: list[ReviewItem], item: ReviewItem | None, asked: Wish, none_at_all: bool) -> None:
    """One event, or why there is none."""
    if asked.mark in by_id:
        _review_parts.marking(by_id[asked.mark], everything)
    elif item is not None:
        _review_parts.one_event(item, everything)
    elif none_at_all:
        _review_empty.no_events(_review_empty.looked_at(everything), everything)
    elif rows:
        _panels.empty_state(t("review.done.title"), t("review.done.body", count=len(rows)))
    else:
        _panels.empty_state(t("review.nomatch.title"), t("review.nomatch.body"))


def where_to_mark(item: ReviewItem | None, asked: Wish) -> str:
    """Footage in which an event is marked unless another is chosen."""
    if item is not None:
        return item.event.footage
    if asked.mark in by_id:
        return asked.mark
    return asked.footage if asked.footage in by_id else everything[0].id


def tools(every: tuple[ReviewItem, ...], footage: FootageView) -> None:
    """What stands below, drawn once it is opened: what verdicts teach, and the zones of a recording."""
    taught, drawn = _ui.REVIEW_TOOLS
    panel = st.expander(t("review.lessons"), icon=":material/insights:", key=taught, on_change="rerun")
    if panel.open:
        with panel:
            floors = _review_empty.floors(_review_empty.looked_at(everything))
            lessons(every, floors, _review_empty.standard_threshold())
    panel = st.expander(t("review.zones"), icon=":material/polyline:", key=drawn, on_change="rerun")
    if panel.open:
        with panel:
            st.caption(_ui.plain(f"{footage.name}: {t('review.zones.help')}"))
            _review_parts.zones(footage)


@st.fragment
def review() -> None:
    """List and event; a verdict draws only this again, not the frame around it."""
    asked = wish(here())
    every = engine.anomalies.queue(reviewer=reviewer())
    items = list(engine.anomalies.queue(asked.filters(), reviewer()))
    rows = matching(items, asked, asked.state)
    item = None if asked.mark in by_id else opened(rows, asked)
    heading, menu = st.columns([3, 1], vertical_alignment="center")
    with heading, st.container(key="sl_heading"):
        st.title(t("review.title"), anchor=False)
        waiting = sum(not one.mine for one in every)
        st.caption(t("review.line", open=waiting, done=len(every) - waiting))
    mark = where_to_mark(item, asked)
    run = next(iter(engine.runs(mark)), None)
    if run is not None and every:
        with menu, st.container(horizontal=True, horizontal_alignment="right"):
            _export.export_menu(run)
    _ui.show_notices()
    left, right = st.columns([1, 2.75], gap="medium")
    with left, st.container(key="sl_queue"):
        _review_parts.listing(items, every, asked, item.event.id if item else "", mark)
    with right, st.container(key="sl_event"):
        right_side(rows, item, asked, none_at_all=not every)
    tools(every, by_id[mark])


if everything:
    arrive()
    review()
else:
    st.title(t("review.title"), anchor=False)
    _review_empty.no_footage()
