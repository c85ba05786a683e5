"""What every screen shares: the engine, the language, the guard, and links between screens.

Owns: the keys of `session_state` and of the address. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from engine.core.errors import SightlineError
from engine.core.views import PersonView
from pages import _panels, _screens
from pages._engine import engine
from pages._notices import guarded_action, notice, plain, show_notices
from pages._text import LANGUAGES, say

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"

__all__ = ["engine", "guarded_action", "notice", "plain", "show_notices"]  # these stand elsewhere

# Keys of session_state.
LANGUAGE = "sl_language"
SWITCHED = "sl_switched"
PLACE = "sl_place"
SEEN = "sl_seen"
PROFILE = "sl_profile"
SHOWN = "sl_shown"
UPLOAD = "sl_upload"
TAKEN = "sl_taken"
PATH = "sl_path"
CHOSEN = "sl_chosen"
PICKED = "sl_picked"
EDITING = "sl_editing"
EDIT_TOLD = "sl_edit_told"
EDIT_DRAFT = "sl_edit_draft"
EDITED = "sl_edited"
PAIRS = "sl_pairs"
DOUBTFUL = "sl_doubtful"
PAIRS_TOLD = "sl_pairs_told"
PAIRS_LAST, PAIRS_SKIPPED = "sl_pairs_last", "sl_pairs_skipped"
PAIRS_WHERE = "sl_pairs_where"
HISTORY = ("sl_history_footage", "sl_history_person", "sl_history_shown")
LIBRARY = "sl_library"
HEARD = "sl_heard"
OPENED = "sl_opened"
REMOVING = "sl_removing"
TIMELINE = "sl_timeline"
COMPARED = "sl_compared"
CHARTS = "sl_charts_open"
COMPARE_VIEW = "sl_compare_view"
COMPARE_SIDES = ("sl_compare_first", "sl_compare_second")
PLAYER = "sl_player"
MODEL_CHOICE = "sl_model_choice_"
MODEL_PATH = "sl_model_path_"
MODEL_TRUST = "sl_model_trust_"
MODEL_UPLOAD = "sl_model_upload_"
REVIEW = "sl_review"
REVIEWER = "sl_reviewer"
REVIEW_TOLD = "sl_review_told"
REVIEW_PLACE = "sl_review_place"
REVIEW_ZONES = "sl_review_zones"
REVIEW_TOOLS = ("sl_review_tool_lessons", "sl_review_tool_zones")

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


def people(run: str) -> tuple[PersonView, ...]:
    """Persons of a finished run. Runs never change, but analysts say who is who in them."""
    return _people(run, revision(run))


def revision(run: str) -> int:
    """Another one whenever somebody has said something of who is who in the footage of a run."""
    return engine().identity.revision(_footage_of(run))


@st.cache_data(show_spinner=False, max_entries=256)
def _people(run: str, revision: int) -> tuple[PersonView, ...]:
    return tuple(engine().answers.people(run))


@st.cache_data(show_spinner=False, max_entries=256)
def _footage_of(run: str) -> str:
    return str(engine().answers.run(run).footage)


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


@contextmanager
def guard() -> Iterator[None]:
    """Turn what goes wrong into a sentence on the page; Streamlit's own control flow passes through."""
    try:
        yield
    except SightlineError as error:
        log.warning("page refused: %s", error)
        _panels.failure(t("guard.title"), plain(error.user_message), t("guard.again"))
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("page failed, reference %s", reference)
        _panels.failure(t("guard.title"), t("guard.unknown", reference=reference), t("guard.again"))


def screens(first: str = "footage") -> dict[str, list[Any]]:
    """The screens for `st.navigation`, by section.

    Args:
        first: the one at the bare address.
    """
    return _screens.by_section(t, first)


def link_to(screen: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """A link to another screen, which a new tab can open too."""
    st.page_link(_screens.page(screen, t), label=label, icon=icon, query_params=query)
