"""Every screen over a store with nothing in it, in both languages."""

from __future__ import annotations

import pytest

from engine.api import Engine
from pages import _screens
from pages._text import LANGUAGES
from tests.pages.conftest import screen


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
