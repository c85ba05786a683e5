"""All that is known of somebody, as a page that can be printed.

Owns: drawing it. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from engine.core.dossier import Dossier, DossierAppearance
from pages import _gallery_acts, _search_data, _search_words, _ui, _view
from pages._data import media_url
from pages._gallery_cards import at_instant, title_of
from pages._gallery_totals import length_word, totals
from pages._text import TEXT
from pages._ui import language, t

SHOWN_CROPS = 6
SHOWN_STRETCHES = 10
SHOWN_COMPANY = 12


def draw(dossier: Dossier) -> None:
    """Draw all of it, below the heading."""
    identity = dossier.identity
    footage = len({each.ref.footage for each in identity.appearances})
    facts = {
        "visible": length_word(identity.visible_s),
        "recordings": str(footage),
        "times": str(sum(len(each.person.presence) for each in identity.appearances)),
        "first": _when(dossier.appearances[0], dossier.appearances[0].appearance.person.first_s),
        "last": _when(dossier.appearances[-1], dossier.appearances[-1].appearance.person.last_s),
        "alarms": str(sum(len(each.events) for each in dossier.appearances)),
    }
    cells = "".join(
        f"<div><dt>{escape(t(f'dossier.{key}'))}</dt><dd>{escape(told)}</dd></div>" for key, told in facts.items()
    )
    st.html(f'<dl class="sl-facts">{cells}</dl>')
    st.subheader(t("dossier.totals"), anchor=False)
    totals(dossier.times)
    st.subheader(t("dossier.appearances"), anchor=False)
    for each in dossier.appearances:
        ref = each.appearance.ref
        with st.container(border=True, key=f"sl_seen_{ref.footage}_{ref.label}"):
            _appearance(each, dossier)


def _appearance(seen: DossierAppearance, dossier: Dossier) -> None:
    ref, person = seen.appearance.ref, seen.appearance.person
    head, side = st.columns([4, 1.4], vertical_alignment="center")
    with head:
        name = f" · {escape(person.name)}" if person.name and person.name != dossier.identity.name else ""
        place = " · ".join(filter(None, (seen.camera, _when(seen, person.first_s))))
        st.html(
            f'<div class="sl-seen"><b>{escape(seen.appearance.footage_name)}</b> · {escape(ref.label)}{name}'
            f'<span>{escape(place)}</span><span class="sl-sure">{escape(_sure(seen))}</span></div>'
        )
    with side:
        _gallery_acts.apart_button(seen.appearance, dossier.identity)
    pictures = "".join(
        f'<img src="{escape(media_url(ref.footage, crop.file))}" '
        f'alt="{escape(t("dossier.picture", person=title_of(dossier.identity), time=_view.clock(crop.t)))}">'
        for crop in person.crops[:SHOWN_CROPS]
    )
    st.html(f'<div class="sl-cmp-crops sl-seen-crops">{pictures}</div>')
    _stretches(seen)
    for key, told in (("clothing", _clothing(seen)), ("alarms", _events(seen)), ("company", _company(seen))):
        st.html(f'<div class="sl-row"><span>{escape(t(f"dossier.{key}"))}</span><div>{told}</div></div>')
    with st.expander(t("dossier.here")):
        totals(seen.times)


def _stretches(seen: DossierAppearance) -> None:
    ref, presence = seen.appearance.ref, seen.appearance.person.presence
    with st.container(horizontal=True, gap="small"):
        for stretch in presence[:SHOWN_STRETCHES]:
            where = {_ui.Q_FOOTAGE: ref.footage, _ui.Q_PERSON: ref.label, _ui.Q_TIME: f"{stretch.start_s:.3f}"}
            words = f"{_view.clock(stretch.start_s)} – {_view.clock(stretch.end_s)}"
            _ui.link_to("people", words, icon=":material/play_arrow:", **where)
        if len(presence) > SHOWN_STRETCHES:
            st.caption(t("dossier.more", count=len(presence) - SHOWN_STRETCHES))


def _clothing(seen: DossierAppearance) -> str:
    if seen.clothing is None:
        return escape(t("dossier.clothing.unread"))
    slots = _search_data.slots_data(seen.clothing.slots, _search_words.words_data(language())["words"])
    told = [f"<b>{escape(t(f'search.region.{region}'))}</b> {escape(words)}" for region, _, words in slots]
    if seen.clothing.caption:
        told.append(f"“{escape(seen.clothing.caption)}”")
    return " · ".join(told) or escape(t("dossier.clothing.unseen"))


def _events(seen: DossierAppearance) -> str:
    told = []
    for item in seen.events:
        event, key = item.event, f"review.label.{item.event.label}"
        label = t(key) if key in TEXT else event.label
        verdict = t(f"review.verdict.{item.verdict or 'open'}")
        address = f"review?event={escape(event.id)}"
        told.append(
            f'<a href="{address}">{escape(label)}</a> {_view.clock(event.start_s)} – {_view.clock(event.end_s)} '
            f"({event.score:.2f}, {escape(verdict)})"
        )
    return ", ".join(told) or escape(t("dossier.alarms.none"))


def _company(seen: DossierAppearance) -> str:
    told = [
        f'<a href="gallery?id={escape(each.identity)}">{escape(each.name or each.ref.label)}</a> '
        f"{escape(length_word(each.seconds))}"
        for each in seen.company[:SHOWN_COMPANY]
    ]
    if len(seen.company) > SHOWN_COMPANY:
        told.append(escape(t("dossier.more", count=len(seen.company) - SHOWN_COMPANY)))
    return ", ".join(told) or escape(t("dossier.company.none"))


def _sure(seen: DossierAppearance) -> str:
    by = seen.appearance.by
    return t(f"dossier.by.{by}", score=f"{seen.appearance.score:.0%}") if by else ""


def _when(seen: DossierAppearance, seconds: float) -> str:
    if not seen.start_utc:
        return _view.clock(seconds)
    return at_instant(seen.start_utc, seconds, seen.zone or st.context.timezone)
