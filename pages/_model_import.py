"""Bringing a model of one's own: a file sent by the browser, or a file or folder that lies on the server.

Owns: the pop-over and its callbacks. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from engine.core.models import TaskView
from pages import _ui
from pages._mount import mount
from pages._text import group
from pages._ui import t

FOLDER = "/"
PICKLE = ".pt"


def popover(task: TaskView, title: str) -> None:
    """Draw the button and what opens under it.

    Args:
        task: for which a model is brought.
        title: its name for people.
    """
    with st.popover(t("models.import"), key=f"sl_import_{task.task}", icon=":material/upload_file:"):
        st.markdown(f"**{t('models.import.of', task=title)}**")
        shown = [t("models.import.folder") if suffix == FOLDER else suffix for suffix in task.suffixes]
        st.caption(t("models.import.accepts", suffixes=", ".join(shown)))
        trusted = PICKLE in task.suffixes and st.checkbox(
            t("models.import.trust"), key=f"{_ui.MODEL_TRUST}{task.task}", help=t("models.import.trust.help")
        )
        files = [suffix for suffix in task.suffixes if suffix != FOLDER]
        if files:
            _upload(task.task, files, trusted=trusted)
        if _ui.engine().settings.roots:
            st.text_input(t("models.import.path"), key=f"{_ui.MODEL_PATH}{task.task}")
            key = f"sl_bring_{task.task}"
            st.button(t("models.import.submit"), key=key, on_click=_bring, args=(task.task, trusted))
        else:
            st.caption(t("models.import.path.none"))


def _upload(task: str, files: list[str], *, trusted: bool) -> None:
    data = {
        "task": task,
        "suffixes": files,
        "pickle": PICKLE,
        "trusted": trusted,
        "text": group(_ui.language(), "model_upload"),
    }
    # What arrived is seen at the next drawing; the element has said so itself.
    mount("model_upload", key=f"{_ui.MODEL_UPLOAD}{task}", data=data, on_added_change=lambda: None)


def _bring(task: str, trusted: bool) -> None:
    path = Path(str(st.session_state[_ui.MODEL_PATH + task]).strip().strip('"')).expanduser()
    with _ui.guarded_action():
        name = _ui.engine().models.bring(task, path, trusted=trusted)
        _ui.notice("done", t("models.import.done", name=name))
        st.session_state[_ui.MODEL_PATH + task] = ""
