"""Two analyses of one recording side by side.

Owns: that part of the comparison screen. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from engine.core.matches import Lonely, RunComparison
from engine.core.views import FootageView, RunView
from pages import _compare, _panels, _ui, _view
from pages._tallies import title_of
from pages._ui import language, t

SAME_S = 0.05
"""Seconds in view that are no difference."""


def compare_runs(footage: FootageView, runs: tuple[RunView, ...]) -> None:
    """Draw the choice of two analyses, and what differs.

    Args:
        footage: what was analysed.
        runs: all of its analyses, newest first.
    """
    if len(runs) < 2:
        _panels.empty_state(t("compare.single.title"), t("compare.single.body"))
        _ui.link_to("footage", t("compare.footage"))
        return
    by_id = {run.id: run for run in runs}
    # Newest on the right: one reads from before to after.
    options = {run.id: _word(run) for run in reversed(runs)}
    chosen = _compare.choose_sides(options, (_ui.Q_BASE, _ui.Q_RUN), lambda run: t("compare.unknown.run", run=run))
    with st.spinner(t("compare.working")):
        found = _compared(*chosen, _ui.revision(chosen[0]))
    sentence = t("compare.says", both=len(found.matches), first=len(found.only_first), second=len(found.only_second))
    st.markdown(sentence)
    st.subheader(t("compare.differs"), anchor=False)
    _differences(found)
    _matches(found, by_id[chosen[0]], by_id[chosen[1]])
    for side, (lonely, place) in enumerate(
        zip((found.only_first, found.only_second), st.columns(2, gap="large"), strict=True)
    ):
        with place:
            _only(lonely, t("compare.only.second" if side else "compare.only.first"), chosen[side], chosen[1 - side])


@st.cache_data(show_spinner=False, max_entries=64)
def _compared(first: str, second: str, revision: int) -> RunComparison:
    """Runs never change; what they have in common does only where somebody says who is who in them."""
    return _ui.engine().timelines.compare(first, second)


def _word(run: RunView) -> str:
    model = next((stage.model for stage in run.stages if stage.name == "detect"), "")
    return f"{_view.run_line(run, language(), st.context.timezone)} · {model} · {run.id[:6]}"


def _differences(found: RunComparison) -> None:
    rows = [
        (escape(one.name), *(escape(side) or escape(t("compare.none")) for side in (one.first, one.second)))
        for one in (*found.settings, *found.stages)
    ]
    if not rows:
        st.caption(t("compare.same"))
        return
    head = (t("compare.setting"), t("compare.first"), t("compare.second"))
    st.html(_compare.table(head, rows, t("compare.differs")))


def _matches(found: RunComparison, first: RunView, second: RunView) -> None:
    st.subheader(t("compare.matched"), anchor=False, help=t("compare.matched.help"))
    names = [{person.label: title_of(person) for person in _ui.people(run.id)} for run in (first, second)]
    rows = [
        (
            escape(names[0].get(match.first, match.first)),
            escape(names[1].get(match.second, match.second)),
            f"{match.agreement:.2f}",
            _length(match.shared_s),
            _length(match.first_s),
            _length(match.second_s),
            _change(match.second_s - match.first_s),
        )
        for match in found.matches
    ]
    if rows:
        visible = t("compare.visible")
        sides = t("compare.first"), t("compare.second")
        head = (*sides, t("compare.agreement"), t("compare.shared"), *(f"{visible}, {side}" for side in sides))
        st.html(_compare.table((*head, t("compare.difference")), rows, t("compare.matched")))
    else:
        st.caption(t("compare.none"))


def _length(seconds: float) -> str:
    return _view.length(seconds, language())


def _change(seconds: float) -> str:
    if abs(seconds) < SAME_S:
        return '<span class="same">=</span>'
    return f'<span class="differs">{"+" if seconds > 0 else "−"}{escape(_length(abs(seconds)))}</span>'


def _only(lonely: tuple[Lonely, ...], title: str, run: str, other: str) -> None:
    if not lonely:
        return
    own = {person.label: title_of(person) for person in _ui.people(run)}
    others = {person.label: title_of(person) for person in _ui.people(other)}
    st.subheader(title, anchor=False)
    lines = []
    for one in lonely:
        key = "compare.only.part" if one.part_of else "compare.only.alone"
        values = {"person": own[one.label], "length": _length(one.visible_s), "other": others.get(one.part_of, "")}
        lines.append(f"- {_ui.plain(t(key, **values))}")
    st.markdown("\n".join(lines))
