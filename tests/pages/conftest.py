from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from pages import _ui
from tests.seeded import Seeds, open_engine


@contextmanager
def pages_on(engine: Engine) -> Iterator[Engine]:
    """Hand an engine to the pages, which remember nothing of another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ui, "engine", lambda: engine)
        st.cache_data.clear()
        st.cache_resource.clear()
        yield engine
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """The folder of the server whose files may be added."""
    folder = tmp_path / "open"
    folder.mkdir()
    return folder


@pytest.fixture
def engine(tmp_path: Path, open_folder: Path) -> Iterator[Engine]:
    """The engine that the pages are handed, with nothing in its store."""
    with open_engine(tmp_path / "home", roots=(str(open_folder),)) as engine, pages_on(engine):
        yield engine


@pytest.fixture
def seeds(engine: Engine) -> Seeds:
    """What fills the store of that engine."""
    return Seeds(engine)


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


def handed(page: AppTest, component: str) -> dict[str, Any]:
    """What a component on the page was handed."""
    protos = [element.proto for element in page.get("bidi_component")]
    found = [proto for proto in protos if proto.component_name.endswith(f"sightline_{component}")]
    assert len(found) == 1
    return json.loads(found[0].json)
