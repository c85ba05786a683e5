from __future__ import annotations

import re
from string import Formatter

import pytest

from engine.core.config import PROFILES
from engine.core.views import JobState
from pages import _text, _text_footage, _text_people, _ui

PAGES = [*_ui.HERE.glob("*.py")]


@pytest.mark.parametrize("key", sorted(_text.TEXT))
def test_both_languages_say_it_with_the_same_blanks(key: str) -> None:
    blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in _text.TEXT[key]]
    assert len(_text.TEXT[key]) == len(_text.LANGUAGES)
    assert all(text.strip() for text in _text.TEXT[key])
    assert blanks[0] == blanks[1]


def test_korean_is_korean() -> None:
    latin = {key for key, (_, korean) in _text.TEXT.items() if not re.search("[가-힣]", korean)}
    assert latin == {"language.other"}


def test_no_key_stands_in_two_tables() -> None:
    tables = [_text._FRAME, _text_footage.TEXT, _text_people.TEXT]
    assert sum(map(len, tables)) == len(_text.TEXT)


def test_every_key_that_a_page_asks_for_exists() -> None:
    asked = {key for page in PAGES for key in re.findall(r'\b(?:t|say)\((?:language, )?"([^"]+)"', page.read_text())}
    assert len(asked) > 20
    assert asked <= set(_text.TEXT)


@pytest.mark.parametrize("name", ["upload", "player", "people"])
def test_every_text_that_a_component_asks_for_exists(name: str) -> None:
    source = (_ui.HERE / "components" / name / "main.js").read_text()
    asked = {first or second for first, second in re.findall(r'\btext(?:\.(\w+)|\["([^"]+)"\])', source)}
    assert asked
    assert asked <= set(_text.group("en", name))


def test_states_and_profiles_have_words() -> None:
    assert {f"job.{state}" for state in JobState} <= set(_text.TEXT)
    assert {f"add.profile.{profile}" for profile in PROFILES} <= set(_text.TEXT)


def test_say_fills_blanks_and_refuses_what_it_does_not_know() -> None:
    assert _text.say("ko", "job.people.many", count=6) == "6명"
    with pytest.raises(KeyError):
        _text.say("en", "no.such.key")
    with pytest.raises(ValueError, match="tuple"):
        _text.say("fr", "job.new")
