"""What every screen shares: the engine, the language, the guard, and links between screens.

Owns: the keys of `session_state` and of the address. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from engine.core.errors import SightlineError
from engine.core.views import PersonView
from pages._engine import engine
from pages._text import LANGUAGES, say

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"

# Keys of session_state.
LANGUAGE = "sl_language"
PROFILE = "sl_profile"
SHOWN = "sl_shown"
NOTICE = "sl_notice"
UPLOAD = "sl_upload"
TAKEN = "sl_taken"
PATH = "sl_path"
CHOSEN = "sl_chosen"
PICKED = "sl_picked"
TIMELINE = "sl_timeline"

# Keys of the address.
Q_FOOTAGE = "footage"
Q_PERSON = "person"
Q_TIME = "t"
Q_LANGUAGE = "lang"

log = logging.getLogger(__name__)


@st.cache_data(show_spinner=False, max_entries=256)
def people(run: str) -> tuple[PersonView, ...]:
    """Persons of a finished run; runs never change."""
    return tuple(engine().answers.people(run))


def language() -> str:
    """Language of this session: chosen, else named in the address, else the browser's."""
    if LANGUAGE not in st.session_state:
        asked = st.query_params.get(Q_LANGUAGE) or (st.context.locale or "")[:2].lower()
        st.session_state[LANGUAGE] = asked if asked in LANGUAGES else LANGUAGES[0]
    return str(st.session_state[LANGUAGE])


def t(key: str, **values: object) -> str:
    """The text of `key` in the session's language."""
    return say(language(), key, **values)


def language_switch() -> None:
    """A button with the other language's name, at the top right."""
    with st.container(key="sl_language_switch"):
        st.button(t("language.other"), key="sl_language_button", type="tertiary", on_click=_switch_language)


def _switch_language() -> None:
    st.session_state[LANGUAGE] = LANGUAGES[1 - LANGUAGES.index(language())]
    st.query_params[Q_LANGUAGE] = st.session_state[LANGUAGE]


@contextmanager
def guard() -> Iterator[None]:
    """Turn what goes wrong into a sentence on the page; Streamlit's own control flow passes through."""
    try:
        yield
    except SightlineError as error:
        st.error(f"**{t('guard.title')}.** {plain(error.user_message)}", icon=":material/error:")
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("page failed, reference %s", reference)
        st.error(f"**{t('guard.title')}.** {t('guard.unknown', reference=reference)}", icon=":material/error:")


def screens(first: str = "footage") -> list[Any]:
    """The screens for `st.navigation`.

    Args:
        first: the one at the bare address.
    """
    icons = {"footage": ":material/video_library:", "people": ":material/group:"}
    return [
        st.Page(HERE / f"{name}.py", title=t(f"nav.{name}"), icon=icon, url_path=name, default=name == first)
        for name, icon in icons.items()
    ]


def link_to(screen: str, label: str, **query: str) -> None:
    """A link to another screen, which a new tab can open too."""
    page = next(page for page in screens() if page.title == t(f"nav.{screen}"))
    st.page_link(page, label=label, query_params=query)


def plain(sentence: str) -> str:
    """A sentence as Markdown that makes no links, pictures or formulas: names of files may hold anything."""
    return re.sub(r"([\[<$])", r"\\\1", sentence)


def notice(kind: str, message: str) -> None:
    """Keep a sentence for the next drawing of the page: callbacks run before anything is drawn."""
    st.session_state.setdefault(NOTICE, []).append((kind, message))


def show_notices() -> None:
    """Show and forget what callbacks left."""
    for kind, message in st.session_state.pop(NOTICE, []):
        icon = ":material/error:" if kind == "error" else ":material/check_circle:"
        (st.error if kind == "error" else st.success)(plain(message), icon=icon)


@contextmanager
def guarded_action() -> Iterator[None]:
    """Like `guard`, for callbacks: what goes wrong is shown at the next drawing."""
    try:
        yield
    except SightlineError as error:
        notice("error", error.user_message)


def style() -> None:
    """The style sheet and the logo."""
    st.html(ASSETS / "style.css")
    st.logo(ASSETS / "logo.svg", size="large", icon_image=ASSETS / "logo.svg")
