"""The look over the machine on the screen: what is wrong and what to do, what is installed, what is used.

Owns: its panel. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import streamlit as st

from pages import _panels, _ui
from pages._model_words import facts_list, named, word
from pages._ui import t

KEEP_S = 60.0
"""A look is good for so long: it reads every file of weights."""


@st.cache_data(show_spinner=False, ttl=KEEP_S, max_entries=4)
def _look(home: str, choices: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return _ui.engine().models.examine().to_dict()


def panel() -> None:
    """Draw the panel."""
    with st.container(key="sl_doctor"):
        st.subheader(t("doctor.title"), anchor=False)
        place = st.empty()
        with place:
            _panels.loading(t("doctor.looking"))
        engine = _ui.engine()
        report = _look(str(engine.settings.home), tuple(engine.models.choices().items()))
        place.html(report_html(report))
        st.button(t("doctor.look"), key="sl_look_again", icon=":material/refresh:", on_click=_look.clear)


def report_html(report: dict[str, Any]) -> str:
    """A report of `engine.doctor`, as plain values, in words."""
    problems = report["problems"]
    form = {0: "good", 1: "bad.one"}.get(len(problems), "bad.many")
    kind = "sl-bad" if problems else "sl-good"
    found = "".join(f"<li>{_with_code(problem)}</li>" for problem in problems)
    verdict = f'<div class="sl-verdict {kind}">{escape(t(f"doctor.{form}", count=len(problems)))}</div>'
    machine = report["machine"]
    facts = {
        t("doctor.home"): report["home"],
        t("doctor.python"): machine["python"],
        t("doctor.system"): machine["system"],
        t("doctor.cores"): str(machine["cores"]),
    }
    used = {
        word("models.task", task): f"{named(tier['name'])} · {tier['version'][:8]}"
        for task, tier in report["tiers"].items()
    }
    packages = {name: version or t("doctor.missing") for name, version in report["packages"].items()}
    return (
        f"{verdict}{f'<ul class=sl-problems>{found}</ul>' if found else ''}{facts_list(facts)}"
        f"<h4>{escape(t('doctor.tiers'))}</h4>{facts_list(used)}<h4>{escape(t('doctor.packages'))}</h4>{facts_list(packages)}"
    )


def _with_code(sentence: str) -> str:
    """A sentence with what stands between backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence))
