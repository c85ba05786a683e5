"""What both comparisons share: choosing the two sides, tables, strips of time.

Owns: their markup; the looks are in `assets/compare.css`. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

import streamlit as st

from pages import _ui
from pages._ui import t

Span = tuple[float, float]


def choose_footage(names: dict[str, str]) -> str:
    """The recording the address names, else the newest; the choice is drawn as a box.

    Args:
        names: footage id -> name, newest first; not empty.
    """
    asked = st.query_params.get(_ui.Q_FOOTAGE, "")
    st.session_state[_ui.COMPARED] = asked if asked in names else next(iter(names))
    label = t("people.choose")
    st.selectbox(
        label, list(names), key=_ui.COMPARED, format_func=names.get, on_change=_go, label_visibility="collapsed"
    )
    return str(st.session_state[_ui.COMPARED])


def _go() -> None:
    kept = {key: st.query_params[key] for key in (_ui.Q_LANGUAGE, _ui.Q_VIEW) if key in st.query_params}
    st.query_params.from_dict({**kept, _ui.Q_FOOTAGE: st.session_state[_ui.COMPARED]})


def choose_view(views: Sequence[str]) -> str:
    """What is compared, as the address says; the choice is drawn as buttons."""
    asked = st.query_params.get(_ui.Q_VIEW, "")
    st.session_state[_ui.COMPARE_VIEW] = asked if asked in views else views[0]

    def choose() -> None:
        st.query_params[_ui.Q_VIEW] = st.session_state[_ui.COMPARE_VIEW] or views[0]

    words = {view: t(f"compare.{view}") for view in views}
    st.segmented_control(
        t("compare.view"),
        list(views),
        key=_ui.COMPARE_VIEW,
        format_func=words.get,
        on_change=choose,
        label_visibility="collapsed",
    )
    return str(st.session_state[_ui.COMPARE_VIEW] or views[0])


def choose_sides(options: dict[str, str], queries: tuple[str, str], unknown: Callable[[str], str]) -> tuple[str, str]:
    """The two that the address names, else the first two; each choice is drawn as a box on its side.

    Args:
        options: what may be chosen -> its word, at least two.
        queries: keys of the address.
        unknown: says that what the address names is not there.

    Returns:
        Two different keys of `options`.
    """
    asked = [st.query_params.get(query, "") for query in queries]
    for one in asked:
        if one and one not in options:
            st.warning(unknown(_ui.plain(one)))
    first = asked[0] if asked[0] in options else next(one for one in options if one != asked[1])
    second = asked[1] if asked[1] in options and asked[1] != first else next(one for one in options if one != first)
    sides = (first, second)
    for side, place in enumerate(st.columns(2, gap="large")):
        key = _ui.COMPARE_SIDES[side]
        st.session_state[key] = sides[side]
        with place:
            st.selectbox(
                t("compare.second" if side else "compare.first"),
                [one for one in options if one != sides[1 - side]],
                key=key,
                format_func=options.get,
                on_change=_take_sides,
                args=(queries,),
            )
    return sides


def _take_sides(queries: tuple[str, str]) -> None:
    for query, key in zip(queries, _ui.COMPARE_SIDES, strict=True):
        st.query_params[query] = str(st.session_state[key])


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table as HTML; cells are HTML already, the first of a row is its heading."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="sl-cmp"><table aria-label="{escape(caption)}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def strip(word: str, label: str, spans: Iterable[Span], duration: float, color: str) -> str:
    """Stretches of time along the whole footage, as HTML: a word and a bar."""
    whole = max(duration, 0.001)
    bars = "".join(
        f'<i style="left:{100 * start / whole:.3f}%;width:{100 * (end - start) / whole:.3f}%;background:{color}"></i>'
        for start, end in spans
    )
    return f'<span>{escape(word)}</span><div role="img" aria-label="{escape(label)}">{bars}</div>'
