"""Points that were chosen on a map, as a list of pictures by person.

Owns: what is chosen, and drawing it. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from engine.core.identity import PersonRef
from engine.core.projection import Projection
from pages import _embeddings, _embeddings_merge, _ui
from pages._ui import t

# Keys of session_state.
CHART = "sl_map"
PEOPLE_BOX = "sl_map_people"
ROWS = "sl_map_rows"

SHOWN = 12
"""Pictures of one person."""

MOST_PEOPLE = 40


def take(chart: str, people: Sequence[PersonRef], owner: Sequence[int]) -> None:
    """Points were drawn around: their people are chosen; for callbacks.

    Args:
        chart: key of the chart.
        people: of the map.
        owner: of every point, row of `people`.
    """
    state = st.session_state.get(chart)
    points = (state.get("selection") or {}).get("points", []) if state else []
    rows = sorted({int(point["customdata"][0]) for point in points if point.get("customdata")})
    st.session_state[ROWS] = rows
    st.session_state[PEOPLE_BOX] = [people[number] for number in sorted({owner[row] for row in rows})]
    _embeddings_merge.drop()


def choose(made: Projection, titles: Mapping[PersonRef, str], footage: Mapping[str, str]) -> list[PersonRef]:
    """The people whose pictures are listed; the choice is drawn as a box, which drawing around points sets too."""
    kept = [ref for ref in st.session_state.get(PEOPLE_BOX, ()) if ref in made.people]
    st.session_state[PEOPLE_BOX] = kept

    def words(ref: PersonRef) -> str:
        where = footage.get(ref.footage, ref.footage)
        return titles[ref] if titles[ref].endswith(where) else f"{titles[ref]} ({ref.label} · {where})"

    st.multiselect(
        t("map.list"),
        list(made.people),
        key=PEOPLE_BOX,
        format_func=words,
        placeholder=t("map.list.none"),
        on_change=_embeddings_merge.drop,
    )
    return list(st.session_state[PEOPLE_BOX])


def listed(made: Projection, chosen: Sequence[PersonRef], titles: Mapping[PersonRef, str]) -> None:
    """The pictures of the people that were chosen: those drawn around, else all of them on the map."""
    owner = made.owner.tolist()
    drawn = set(st.session_state.get(ROWS, ()))
    by_person: dict[PersonRef, list[int]] = {}
    for ref in chosen:
        mine = [row for row, number in enumerate(owner) if made.people[number] == ref]
        by_person[ref] = [row for row in mine if row in drawn] or mine
    count = sum(map(len, by_person.values()))
    st.markdown(f"**{t('map.picked', count=count, people=len(chosen))}**")
    for ref, rows in list(by_person.items())[:MOST_PEOPLE]:
        with st.container(key=f"sl_picked_{ref.footage}_{ref.label}"):
            head, side = st.columns([4, 1], vertical_alignment="center")
            more = f" · {t('map.more', count=len(rows) - SHOWN)}" if len(rows) > SHOWN else ""
            head.html(f"<b>{escape(titles[ref])}</b>{escape(more)}")
            with side:
                _ui.link_to("gallery", t("map.dossier"), id=f"{ref.footage}-{ref.label}")
            pictures = []
            for row in rows[:SHOWN]:
                address, title, time = _embeddings.point(made, row, titles)
                pictures.append(f'<img src="{escape(address)}" alt="{escape(title)}, {escape(time)}" loading="lazy">')
            st.html(f'<div class="sl-picked">{"".join(pictures)}</div>')
    _embeddings_merge.offer(chosen, titles)
