from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from engine.core.config import PROFILES
from engine.core.labels import EMOTIONS, UNKNOWN
from engine.core.views import JobState
from pages import _screens, _text, _ui

TABLES = sorted(_ui.HERE.glob("_text*.py"))
PAGES = sorted(path for path in _ui.HERE.glob("*.py") if path not in TABLES)
SCRIPTS = {
    folder.name: "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.js")))
    for folder in sorted((_ui.HERE / "components").iterdir())
}
KEY = re.compile(r"[a-z_]+\.[\w.*-]+")
LATIN = {"language.other"}
"""Texts that are in English where the page is Korean, on purpose."""

METHODS = {"length", "slice", "trim", "split", "includes", "replace", "replaceAll", "channels", "words"}
"""What scripts ask of a text itself, and the tables within the timeline's texts."""

BY_PREFIX = ("group", "word", "_named")
"""Functions that are handed the first part of a key."""


def constants(path: Path) -> Iterator[str]:
    """Every text constant of a file; of f-strings the pattern that they make."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".*" for p in node.values)
            yield "".join(parts)


def prefixes(path: Path) -> Iterator[str]:
    """First parts of keys that a file hands to the functions that complete them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if name in BY_PREFIX:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


@pytest.mark.parametrize("key", sorted(_text.TEXT))
def test_both_languages_say_it_with_the_same_blanks(key: str) -> None:
    blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in _text.TEXT[key]]
    assert len(_text.TEXT[key]) == len(_text.LANGUAGES)
    assert all(text.strip() for text in _text.TEXT[key])
    assert blanks[0] == blanks[1]


def test_korean_is_korean() -> None:
    letters = {
        key for key, (_, korean) in _text.TEXT.items() if re.search(r"[a-z]{2,}", re.sub(r"\{\w+\}", "", korean))
    }
    assert {key for key in letters if not re.search("[가-힣]", _text.TEXT[key][1])} == LATIN
    assert not {key for key, (english, _) in _text.TEXT.items() if re.search("[가-힣]", english)} - LATIN


def test_no_key_stands_in_two_tables() -> None:
    written = Counter(
        key.value
        for path in TABLES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )
    assert not [key for key, times in written.items() if times > 1]
    assert set(written) == set(_text.TEXT)


def test_every_key_that_a_page_asks_for_exists() -> None:
    asked = {
        key for page in PAGES for key in re.findall(r'\b(?:t|say)\((?:language, )?"([^"]+)"', page.read_text("utf-8"))
    }
    assert len(asked) > 100
    assert asked <= set(_text.TEXT)


def test_every_text_is_used() -> None:
    patterns = re.compile("|".join({c for page in PAGES for c in constants(page) if KEY.match(c.replace("\\", ""))}))
    heads = {head for page in PAGES for head in prefixes(page)}
    scripts = "\n".join(SCRIPTS.values())
    unused = []
    for key in _text.TEXT:
        if patterns.fullmatch(key):
            continue
        tails = [key.removeprefix(head + ".") for head in heads if key.startswith(head + ".")]
        if not any(_in_scripts(tail, scripts) or _is_a_name(key) for tail in tails):
            unused.append(key)
    assert not unused


def _in_scripts(tail: str, scripts: str) -> bool:
    """Whether a script names a text: `text.tail`, `text["tail"]`, or a part of it that it completes."""
    start, _, end = tail.rpartition(".")
    return bool(
        re.search(rf"""\b\w*text\w*\??\.{re.escape(tail)}\b|["'`]{re.escape(tail)}["'`]""", scripts, re.IGNORECASE)
        or (start and re.search(rf"`{re.escape(start)}\.\$\{{", scripts))
        or re.search(rf"`\$\{{[^}}]+\}}\.{re.escape(end)}`", scripts)
        or re.search(rf"\b{re.escape(tail)}\b", scripts)
    )


def _is_a_name(key: str) -> bool:
    """Whether a key ends in the name of a label, state, stage, profile or task, which the engine knows."""
    return key.partition(".")[0] in ("label", "channel", "stage", "job", "models", "add", "people")


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_every_text_that_a_component_asks_for_exists(name: str) -> None:
    asked = {first or second for first, second in re.findall(r'\btext(?:\.(\w+)|\["([^"]+)"\])', SCRIPTS[name])}
    tails = {key.split(".", n)[-1] for key in _text.TEXT for n in (1, 2)}
    assert asked - METHODS <= tails


def test_states_profiles_screens_and_labels_have_words() -> None:
    assert {f"job.{state}" for state in JobState} <= set(_text.TEXT)
    assert {f"add.profile.{profile}" for profile in PROFILES} <= set(_text.TEXT)
    assert {f"nav.{name}" for name in _screens.SCREENS} <= set(_text.TEXT)
    assert {f"label.{label}" for label in (*EMOTIONS, UNKNOWN)} <= set(_text.TEXT)


def test_say_fills_blanks_and_refuses_what_it_does_not_know() -> None:
    assert _text.say("ko", "job.people.many", count=6) == "6명"
    with pytest.raises(KeyError):
        _text.say("en", "no.such.key")
    with pytest.raises(ValueError, match="tuple"):
        _text.say("fr", "job.new")
