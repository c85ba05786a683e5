"""Every screen over a store with nothing in it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from engine.api import Engine
from pages import _screens, _ui
from pages._text import LANGUAGES
from tests.pages.conftest import screen
from tests.seeded import open_engine


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        monkeypatch.setattr(_ui, "engine", lambda: engine)
        st.cache_data.clear()
        yield engine
        st.cache_data.clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", _screens.SCREENS)
def test_empty(engine: Engine, name: str, language: str) -> None:
    page = screen(name, lang=language).run()
    assert not page.exception
    assert not page.error
    assert page.title[0].value
    if name != "models":
        panels = [
            html
            for element in page.get("html")
            if (html := str(element.proto.body)).startswith('<div class="sl-empty"')
        ]
        assert len(panels) == 1


@pytest.mark.parametrize("name", [name for name, screen in _screens.SCREENS.items() if screen.placed])
def test_a_link_to_a_recording_that_is_not_there(engine: Engine, name: str) -> None:
    page = screen(name, footage="000000000000", person="P9", t="nonsense").run()
    assert not page.exception
    assert page.title[0].value
