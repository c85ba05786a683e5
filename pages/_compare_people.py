"""Two people of one analysis side by side.

Owns: that part of the comparison screen. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from engine.core.labels import UNKNOWN
from engine.core.segments import Segments
from engine.core.views import FootageView, PersonView, RunView
from pages import _compare, _panels, _ui, _view
from pages._charts import CHANNELS
from pages._data import media_url
from pages._figures import label_word
from pages._palette import GREY, label_color, person_color
from pages._tallies import label_times, merged, shared, title_of
from pages._ui import language, t

SHOWN_CROPS = 5
SHOWN_STRETCHES = 12

Pair = tuple[PersonView, PersonView]


def compare_people(footage: FootageView, run: RunView) -> None:
    """Draw the choice of two people, and what they have in common.

    Args:
        footage: where they were seen.
        run: by which analysis.
    """
    people = {person.label: person for person in _ui.people(run.id)}
    if len(people) < 2:
        _panels.empty_state(t("compare.few.title"), t("compare.few.body"))
        return
    options = {label: f"{person.name} ({label})" if person.name else label for label, person in people.items()}
    chosen = _compare.choose_sides(
        options, (_ui.Q_PERSON, _ui.Q_OTHER), lambda person: t("compare.unknown", person=person)
    )
    pair = people[chosen[0]], people[chosen[1]]
    for person, place in zip(pair, st.columns(2, gap="large"), strict=True):
        place.html(_crops(footage, person))
    st.html(_facts(pair))
    colors = [person_color(list(people).index(label)) for label in chosen]
    _together(footage, pair, colors)
    segments = _ui.engine().answers.segments(run.id)
    for kind, place in zip(CHANNELS, st.columns(2, gap="large"), strict=True):
        with place:
            _labels(kind, pair, segments)


def _crops(footage: FootageView, person: PersonView) -> str:
    pictures = "".join(
        f'<img src="{escape(media_url(footage.id, crop.file))}" alt="{escape(title_of(person))}, '
        f'{_view.clock(crop.t)}" loading="lazy">'
        for crop in person.crops[:SHOWN_CROPS]
    )
    return f'<div class="sl-cmp-crops">{pictures}</div>'


def _facts(pair: Pair) -> str:
    def seconds(value: float) -> str:
        return _view.length(value, language())

    facts: list[tuple[str, Callable[[PersonView], float], Callable[[float], str]]] = [
        ("compare.seen.first", lambda person: person.first_s, _view.clock),
        ("compare.seen.last", lambda person: person.last_s, _view.clock),
        ("compare.visible", lambda person: person.visible_s, seconds),
        ("compare.appearances", lambda person: len(person.presence), lambda value: f"{value:.0f}"),
        ("compare.score", lambda person: person.score, lambda value: f"{value:.2f}"),
        ("compare.link", lambda person: person.link_score, lambda value: f"{value:.2f}"),
    ]
    rows = []
    for key, value, word in facts:
        first, second = value(pair[0]), value(pair[1])
        apart = abs(second - first)
        # Places in the footage lie a length apart, not another place.
        told = seconds(apart) if word is _view.clock else word(apart)
        rows.append(
            (t(key), word(first), word(second), ("+" if second >= first else "−") + told if apart > 1e-9 else "=")
        )
    head = (t("compare.fact"), *(escape(title_of(person)) for person in pair), t("compare.difference"))
    return _compare.table(head, rows, t("compare.fact"))


def _together(footage: FootageView, pair: Pair, colors: list[str]) -> None:
    stretches = merged(shared(*pair))
    duration = footage.media.duration_s
    st.subheader(t("compare.together"), anchor=False)
    strips = [
        _compare.strip(
            title_of(person),
            t("compare.strip", person=title_of(person)),
            merged([(one.start_s, one.end_s) for one in person.presence]),
            duration,
            color,
        )
        for person, color in zip(pair, colors, strict=True)
    ]
    both = t("compare.together")
    strips.append(_compare.strip(both, both, stretches, duration, GREY))
    st.html(f'<div class="sl-cmp-strip">{"".join(strips)}</div>')
    total = _view.length(sum(end - start for start, end in stretches), language())
    key = {0: ".never", 1: ".one"}.get(len(stretches), ".total")
    st.caption(t(f"compare.together{key}", length=total, count=len(stretches)))
    with st.container(horizontal=True, gap="small"):
        for start, end in stretches[:SHOWN_STRETCHES]:
            where = {_ui.Q_FOOTAGE: footage.id, _ui.Q_PERSON: pair[0].label, _ui.Q_TIME: f"{start:.3f}"}
            _ui.link_to("people", f"{_view.clock(start)} – {_view.clock(end)}", icon=":material/play_arrow:", **where)
        if len(stretches) > SHOWN_STRETCHES:
            st.caption(t("compare.together.more", count=len(stretches) - SHOWN_STRETCHES))


def _labels(kind: str, pair: Pair, segments: Segments) -> None:
    times = label_times(pair, segments, CHANNELS[kind])
    if not times:
        return
    st.subheader(t(f"compare.{kind}"), anchor=False)
    sides = [times.get(person.label, {}) for person in pair]
    labels = sorted(
        sides[0].keys() | sides[1].keys(), key=lambda one: (one == UNKNOWN, -sum(s.get(one, 0) for s in sides))
    )
    most = max(max(side.values(), default=0.0) for side in sides) or 1.0
    rows = [
        (escape(label_word(label, language())), *(_bar(side.get(label, 0.0), most, label) for side in sides))
        for label in labels
    ]
    st.html(_compare.table((t("compare.label"), *map(title_of, pair)), rows, t(f"compare.{kind}")))


def _bar(seconds: float, most: float, label: str) -> str:
    wide = 55 * seconds / most
    color = label_color(label)
    return (
        f'<span class="sl-cmp-bar" style="width:{wide:.1f}%;background:{color}"></span>'
        f"{escape(_view.length(seconds, language()))}"
    )
