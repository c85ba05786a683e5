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
from typing import Any, NamedTuple

import streamlit as st

from engine.core.errors import SightlineError, StoreError
from engine.core.views import PersonView
from pages._engine import engine
from pages._text import LANGUAGES, say

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"

# Keys of session_state.
LANGUAGE = "sl_language"
SWITCHED = "sl_switched"
PLACE = "sl_place"
SEEN = "sl_seen"
PROFILE = "sl_profile"
SHOWN = "sl_shown"
NOTICE = "sl_notice"
UPLOAD = "sl_upload"
TAKEN = "sl_taken"
PATH = "sl_path"
CHOSEN = "sl_chosen"
PICKED = "sl_picked"
LIBRARY = "sl_library"
HEARD = "sl_heard"
OPENED = "sl_opened"
REMOVING = "sl_removing"
TIMELINE = "sl_timeline"
COMPARED = "sl_compared"
COMPARE_VIEW = "sl_compare_view"
COMPARE_SIDES = ("sl_compare_first", "sl_compare_second")
PLAYER = "sl_player"
MODEL_CHOICE = "sl_model_choice_"
MODEL_PATH = "sl_model_path_"
MODEL_TRUST = "sl_model_trust_"
MODEL_UPLOAD = "sl_model_upload_"

# Keys of the address.
Q_FOOTAGE = "footage"
Q_PERSON = "person"
Q_TIME = "t"
Q_ONLY = "only"
Q_LANGUAGE = "lang"
Q_VIEW = "view"
Q_OTHER = "other"
Q_RUN = "run"
Q_BASE = "base"

COOKIE_LANGUAGE = "sightline_language"
COOKIE_SEEN = "sightline_seen"

log = logging.getLogger(__name__)


@st.cache_data(show_spinner=False, max_entries=256)
def people(run: str) -> tuple[PersonView, ...]:
    """Persons of a finished run; runs never change."""
    return tuple(engine().answers.people(run))


def language() -> str:
    """Language of this session: chosen, else named in the address, else remembered, else the browser's."""
    if LANGUAGE not in st.session_state:
        asked, remembered = st.query_params.get(Q_LANGUAGE), st.context.cookies.get(COOKIE_LANGUAGE)
        wishes = (asked, remembered, (st.context.locale or "")[:2].lower())
        st.session_state[LANGUAGE] = next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])
        st.session_state[SWITCHED] = False
    return str(st.session_state[LANGUAGE])


def t(key: str, **values: object) -> str:
    """The text of `key` in the session's language."""
    return say(language(), key, **values)


def language_switch() -> None:
    """A button with the other language's name."""
    st.button(t("language.other"), key="sl_language_button", type="tertiary", on_click=_switch_language)


def _switch_language() -> None:
    st.session_state[LANGUAGE] = LANGUAGES[1 - LANGUAGES.index(language())]
    st.session_state[SWITCHED] = True
    st.query_params[Q_LANGUAGE] = st.session_state[LANGUAGE]


@contextmanager
def guard() -> Iterator[None]:
    """Turn what goes wrong into a sentence on the page; Streamlit's own control flow passes through."""
    try:
        yield
    except SightlineError as error:
        log.warning("page refused: %s", error)
        _failure(plain(error.user_message))
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("page failed, reference %s", reference)
        _failure(t("guard.unknown", reference=reference))


def _failure(sentence: str) -> None:
    with st.container(key=f"sl_failure_{uuid.uuid4().hex[:8]}"):
        st.error(f"**{t('guard.title')}.** {sentence}", icon=":material/error:")
        # Any click draws the page again, which is all that there is to try.
        st.button(t("guard.again"), key=f"sl_again_{uuid.uuid4().hex[:8]}", icon=":material/refresh:")


class Screen(NamedTuple):
    """A screen of the dashboard.

    Attributes:
        section: group in the navigation.
        icon: beside its name.
        placed: it shows one recording, which follows from screen to screen.
    """

    section: str
    icon: str
    placed: bool = False


SCREENS = {
    "footage": Screen("analysis", ":material/video_library:"),
    "people": Screen("analysis", ":material/group:", placed=True),
    "compare": Screen("analysis", ":material/compare:", placed=True),
    "models": Screen("system", ":material/deployed_code:"),
}
"""Every screen: its file in this folder, its address and its title `nav.<name>`; in the order of the navigation."""


def screens(first: str = "footage") -> dict[str, list[Any]]:
    """The screens for `st.navigation`, by section.

    Args:
        first: the one at the bare address.
    """
    sections: dict[str, list[Any]] = {}
    for name, screen in SCREENS.items():
        if (HERE / f"{name}.py").is_file():
            sections.setdefault(t(f"nav.section.{screen.section}"), []).append(_page(name, first))
    return sections


def _page(name: str, first: str = "footage") -> Any:
    file, title, icon = HERE / f"{name}.py", t(f"nav.{name}"), SCREENS[name].icon
    return st.Page(file, title=title, icon=icon, url_path=name, default=name == first)


def keep_place(screen: str) -> None:
    """Carry recording, person and time along to screens of one recording, unless the address names another.

    Args:
        screen: the one that is shown.
    """
    if st.session_state.get(SWITCHED) and st.query_params.get(Q_LANGUAGE) != language():
        st.query_params[Q_LANGUAGE] = language()
    if screen not in SCREENS or not SCREENS[screen].placed:
        return
    if Q_FOOTAGE in st.query_params:
        kept = {key: st.query_params[key] for key in (Q_FOOTAGE, Q_PERSON, Q_TIME) if key in st.query_params}
        st.session_state[PLACE] = kept
    elif PLACE in st.session_state:
        try:
            engine().footage(st.session_state[PLACE][Q_FOOTAGE])
            st.query_params.update(st.session_state[PLACE])
        except StoreError:
            # Removed since: the screen chooses by itself.
            del st.session_state[PLACE]


def link_to(screen: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """A link to another screen, which a new tab can open too."""
    st.page_link(_page(screen), label=label, icon=icon, query_params=query)


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
    st.logo(ASSETS / "mark.svg", size="large")
