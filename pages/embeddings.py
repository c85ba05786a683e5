"""Embeddings: a map of what everybody looks like, with the pictures behind its points."""

from __future__ import annotations

import streamlit as st

from engine.core.errors import SearchError
from engine.core.projection import METHODS, UNITS, Projection, ProjectionConfig
from pages import _embeddings, _embeddings_labels, _embeddings_merge, _embeddings_picked, _panels, _ui
from pages._embeddings_picked import CHART
from pages._mount import mount
from pages._ui import t

BOXES = {name: f"sl_map_{name}" for name in ("method", "dimensions", "unit", "color", "embedder")}

engine = _ui.engine()
st.html(_ui.ASSETS / "gallery.css")


def choice(name: str, options: tuple[str, ...], place: st.delta_generator.DeltaGenerator) -> str:
    """One of a few, drawn as buttons; the first where nobody chose."""
    words = {option: t(f"map.{name}.{option}") for option in options}
    key = BOXES[name]
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    place.segmented_control(t(f"map.{name}"), list(options), key=key, format_func=words.get, required=True)
    return str(st.session_state[key])


def wished(embedders: tuple[str, ...]) -> tuple[ProjectionConfig, str]:
    """The map that is asked for, and what colours it; the choices are drawn."""
    method, axes, unit, color, model = st.columns([1.5, 1.0, 1.3, 2.0, 2.2], vertical_alignment="bottom")
    chosen = choice("method", METHODS, method), int(choice("dimensions", ("2", "3"), axes)), choice("unit", UNITS, unit)
    words = {name: t(f"map.color.{name}") for name in _embeddings_labels.COLORS}
    color.selectbox(t("map.color"), list(words), key=BOXES["color"], format_func=words.get)
    embedder = ""
    if len(embedders) > 1:
        model.selectbox(t("map.embedder"), embedders, key=BOXES["embedder"])
        embedder = str(st.session_state[BOXES["embedder"]])
    config = ProjectionConfig(method=chosen[0], dimensions=chosen[1], unit=chosen[2], embedder=embedder)
    return config, str(st.session_state[BOXES["color"]])


def mapped(config: ProjectionConfig) -> Projection | None:
    """The map; None, with the reason drawn, where it cannot be made."""
    try:
        with st.spinner(t("map.working")):
            return engine.maps.project(config)
    except SearchError as error:
        st.warning(_ui.plain(error.user_message))
        return None


def explained(made: Projection, config: ProjectionConfig) -> None:
    """What distances mean, and what made the vectors."""
    says = t(f"map.says.{config.method}", share=f"{sum(made.explained):.0%}")
    of = t("map.made", points=len(made), people=len(made.people), model=made.model, version=made.version[:16])
    sample = t("map.sample", points=len(made), total=made.total) if len(made) < made.total else ""
    st.caption(_ui.plain(" ".join(filter(None, (says, of, sample)))))


def chart(made: Projection, config: ProjectionConfig, color: str) -> None:
    """The map, and the list of what was chosen on it."""
    footage = {one.id: one.name for one in engine.list_footage()}
    identities = {
        (one.ref.footage, one.ref.label): each for each in engine.gallery.identities() for one in each.appearances
    }
    titles = _embeddings_labels.titles(made.people, identities)
    groups = _embeddings_labels.groups(made.people, color, titles, footage)
    drawn = _embeddings.figure(made, groups, titles, t("map.others"))
    # A map of its own has a key of its own: what was drawn around on one means nothing on another.
    key = f"{CHART}_{config.method}_{config.dimensions}_{config.unit}"
    people, owner = made.people, made.owner.tolist()
    with st.container(key=CHART):
        st.plotly_chart(
            drawn,
            key=key,
            width="stretch",
            config={"displaylogo": False, "responsive": True},
            on_select=lambda: _embeddings_picked.take(key, people, owner),
            selection_mode=("box", "lasso"),
        )
    mount("hover", key="sl_map_hover", data={"chart": CHART})
    st.caption(t("map.select.3" if config.dimensions == 3 else "map.select"))
    chosen = _embeddings_picked.choose(made, titles, footage)
    if chosen:
        _embeddings_picked.listed(made, chosen, titles)


heading, tools = st.columns([3, 1], vertical_alignment="center")
with heading, st.container(key="sl_heading"):
    st.title(t("map.title"), anchor=False)
with st.container(key="sl_map_notices"):
    _ui.show_notices()
embedders = engine.maps.embedders()
if embedders:
    with tools, st.container(horizontal=True, horizontal_alignment="right"):
        _embeddings_merge.undo_button()
    config, color = wished(embedders)
    made = mapped(config)
    if made is not None:
        explained(made, config)
        chart(made, config, color)
else:
    _panels.empty_state(t("map.none.title"), t("map.none.body"))
    _ui.link_to("footage", t("map.none.link"))
