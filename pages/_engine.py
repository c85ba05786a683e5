"""The engine of this process, opened once: for the pages, and for the routes beside them.

Owns: opening it. May import: `engine.api`, `engine.core`, Streamlit.
"""

from __future__ import annotations

import streamlit as st

from engine.api import Engine
from engine.core.config import load_settings


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """The engine, shared by all sessions and by the routes."""
    return Engine(load_settings())
