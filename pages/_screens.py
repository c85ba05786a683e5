"""The screens of the dashboard: their names, places in the navigation and icons. A later one is one line here.

Owns: that list. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st


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
    "search": Screen("search", ":material/search:"),
    "gallery": Screen("identity", ":material/groups:"),
    "embeddings": Screen("identity", ":material/scatter_plot:"),
    "doubtful": Screen("identity", ":material/compare_arrows:"),
    "history": Screen("identity", ":material/history:"),
    "review": Screen("review", ":material/rule:"),
    "models": Screen("system", ":material/deployed_code:"),
}
"""Every screen: its file in this folder, its address and its title `nav.<name>`; in the order of the navigation."""

Words = Callable[[str], str]


def by_section(words: Words, first: str) -> dict[str, list[Any]]:
    """All screens for `st.navigation`.

    Args:
        words: key -> text.
        first: the one at the bare address.
    """
    sections: dict[str, list[Any]] = {}
    for name, screen in SCREENS.items():
        sections.setdefault(words(f"nav.section.{screen.section}"), []).append(page(name, words, first))
    return sections


def page(name: str, words: Words, first: str = "footage") -> Any:
    """One screen for `st.navigation` or `st.page_link`."""
    file = Path(__file__).parent / f"{name}.py"
    return st.Page(file, title=words(f"nav.{name}"), icon=SCREENS[name].icon, url_path=name, default=name == first)
