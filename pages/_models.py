"""The models of one task on the screen: which is used, each with its facts, and what can be done with it.

Owns: the rows of the models screen and the callbacks of their buttons. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from engine.core.config import PROFILES
from engine.core.models import ModelView, Origin, TaskView, TransferState, TransferView
from pages import _model_import, _panels, _ui, _view
from pages._model_words import card_html, facts_html, named, slug, uses_html, word
from pages._ui import t

POLL_S = 0.7


def _act(action: Callable[..., object], *arguments: str, done: str = "", **values: str) -> None:
    with _ui.guarded_action():
        action(*arguments)
        if done:
            _ui.notice("done", t(done, **values))


def _choose(task: str) -> None:
    _act(_ui.engine().models.choose, task, str(st.session_state[_ui.MODEL_CHOICE + task]))


def _verify(task: str, name: str) -> None:
    with _ui.guarded_action():
        problem = _ui.engine().models.verify(task, name)
        sentence = t("models.verify.bad", name=name, problem=problem) if problem else t("models.verify.good", name=name)
        _ui.notice("error" if problem else "done", sentence)


def task_panel(task: TaskView, transfers: dict[str, TransferView]) -> None:
    """Draw a task.

    Args:
        task: with its models.
        transfers: by name of the model.
    """
    title = word("models.task", task.task)
    with st.container(border=True, key=f"sl_task_{task.task}"):
        heading, doing = st.columns([1.3, 1], vertical_alignment="center")
        with heading:
            st.subheader(title, anchor=False)
            st.caption(word("models.about", task.task))
        with doing, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
            if task.choosable:
                _choice(task, title)
            if task.suffixes:
                _model_import.popover(task, title)
        st.html(uses_html(task))
        for model in task.models:
            _row(model, task, transfers.get(model.name))


def _choice(task: TaskView, title: str) -> None:
    names = ["", *(model.name for model in task.models if model.present)]
    lost = task.choice if task.choice not in names else ""
    # The key goes with the choice: it may have been made in another tab.
    key = _ui.MODEL_CHOICE + task.task
    st.session_state[key] = task.choice
    st.selectbox(
        t("models.choice", task=title),
        [*names, *([lost] if lost else [])],
        key=key,
        format_func=lambda name: t("models.choice.lost", name=name) if name and name == lost else _option(name),
        on_change=_choose,
        args=(task.task,),
        label_visibility="collapsed",
        help=t("models.choice.help", profile=_view.profile_word(PROFILES[0], _ui.language())),
        width=190,
    )


def _option(name: str) -> str:
    return named(name) or t("models.choice.auto")


def _row(model: ModelView, task: TaskView, transfer: TransferView | None) -> None:
    with st.container(key=f"sl_row_of_{model.task}_{slug(model.name)}"):
        facts, state, doing = st.columns([3, 1.3, 1.7], vertical_alignment="center")
        facts.html(facts_html(model))
        with state:
            if transfer is not None and transfer.state is TransferState.RUNNING:
                st.fragment(_watch, run_every=POLL_S)(model.name)
            else:
                here = "models.here" if model.present else "models.away"
                st.html(f'<div class="sl-state {"sl-present" if model.present else "sl-new"}">{escape(t(here))}</div>')
        with doing, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _actions(model, task, transfer)


def _watch(name: str) -> None:
    """Progress of one download, drawn again by itself; when it is over the whole page is drawn again."""
    view = next((one for one in _ui.engine().models.transfers() if one.name == name), None)
    if view is None or view.state is not TransferState.RUNNING:
        st.rerun()
    done = t("models.fetch.progress", done=_view.size(view.done), total=_view.size(view.total))
    _panels.progress(name, view.done / max(view.total, 1), done)


def _actions(model: ModelView, task: TaskView, transfer: TransferView | None) -> None:
    room, end = _ui.engine().models, f"{model.task}_{slug(model.name)}"
    if transfer is not None and transfer.state is TransferState.RUNNING:
        st.button(t("models.fetch.cancel"), key=f"sl_stop_{end}", on_click=_act, args=(room.cancel, model.name))
        return
    if st.button(t("models.card"), key=f"sl_card_{end}", type="tertiary"):
        st.dialog(t("models.card.of", name=named(model.name)), width="large")(_card)(model, task)
    if not model.present:
        with st.popover(t("models.fetch", size=_view.size(model.bytes)), key=f"sl_fetch_{end}"):
            size, host = _view.size(model.bytes), urlsplit(model.source).hostname or model.source
            st.write(t("models.fetch.about", size=size, host=host, licence=model.licence))
            arguments = (room.fetch, model.name)
            st.button(t("models.fetch.start"), key=f"sl_get_{end}", type="primary", on_click=_act, args=arguments)
    elif model.bytes:
        with st.popover(t("models.more"), key=f"sl_more_{end}"):
            st.button(t("models.verify"), key=f"sl_verify_{end}", on_click=_verify, args=(model.task, model.name))
            if model.origin in (Origin.FETCHED, Origin.IMPORTED):
                gone = {"done": "models.removed", "name": model.name}
                arguments = (room.remove, model.task, model.name)
                st.button(t("models.remove"), key=f"sl_drop_{end}", on_click=_act, args=arguments, kwargs=gone)


def _card(model: ModelView, task: TaskView) -> None:
    """The card of a model: the facts of its file, and what somebody wrote."""
    st.html(card_html(model, task))
    st.markdown(_ui.engine().models.card(model.task, model.backend, model.name) or t("models.card.none"))
