from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages import _ui
from tests.pages.fake_engine import FakeEngine


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """The engine that the pages are handed."""
    engine = FakeEngine(tmp_path)
    monkeypatch.setattr(_ui, "engine", lambda: engine)
    st.cache_data.clear()
    yield engine
    st.cache_data.clear()


def screen(name: str, **query: str) -> AppTest:
    """A screen as the frame shows it, with others to link to."""
    if name == "footage":
        page = AppTest.from_file(str(_ui.HERE / "_frame.py"), default_timeout=20)
    else:
        # AppTest always opens the first page of a navigation.
        page = AppTest.from_string(
            "import streamlit as st\n"
            "from pages import _ui\n"
            f"chosen = st.navigation(_ui.screens(first={name!r}), position='hidden')\n"
            "with _ui.guard():\n"
            "    chosen.run()\n",
            default_timeout=20,
        )
    for key, value in query.items():
        page.query_params[key] = value
    return page
