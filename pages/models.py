"""Models: what answers for each task, what can be brought, and whether this machine is in order."""

from __future__ import annotations

import streamlit as st

from engine.core.models import TransferState
from pages import _doctor, _models, _ui
from pages._ui import t

room = _ui.engine().models


def show_ends() -> None:
    """Say once how transfers ended."""
    for transfer in room.transfers():
        if transfer.state is TransferState.FAILED:
            _ui.notice("error", transfer.error)
        elif transfer.state is not TransferState.RUNNING:
            _ui.notice("done", t(f"models.fetch.{transfer.state}", name=transfer.name))
        if transfer.state is not TransferState.RUNNING:
            room.dismiss(transfer.name)


show_ends()
tasks = room.tasks()
models = [model for task in tasks for model in task.models]
here = sum(model.present for model in models)
with st.container(key="sl_heading"):
    st.title(t("models.title"), anchor=False)
    st.caption(t("models.summary", here=here, away=len(models) - here))
_ui.show_notices()
listing, machine = st.columns([2.6, 1], gap="large")
with listing, st.container(key="sl_tasks"):
    transfers = {transfer.name: transfer for transfer in room.transfers()}
    for task in tasks:
        _models.task_panel(task, transfers)
with machine:
    _doctor.panel()
