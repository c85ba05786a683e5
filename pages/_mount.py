"""Mounting our own elements: each is a folder under `components/` with plain JavaScript and a style sheet.

Owns: reading those folders. May import: `pages._ui`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

import streamlit as st

from pages import _ui

_COMPONENTS = _ui.HERE / "components"

BORROWED = {
    "people": ("player/slices.js", "player/painting.js"),
    "pairs": ("people/acts.js",),
}
"""Parts of other elements that come before an element's own."""


@cache
def element_script(name: str) -> str | None:
    """The whole script of an element, None where there is no such element."""
    folder = _COMPONENTS / name
    # A large element is written in parts: all of them are one script, in the order of their names, `main.js` last.
    own = sorted(folder.glob("*.js"), key=lambda part: (part.name == "main.js", part.name))
    parts = [*(_COMPONENTS / part for part in BORROWED.get(name, ())), *own]
    return "\n".join(part.read_text("utf-8") for part in parts) if own else None


@cache
def _source(name: str) -> tuple[str, str]:
    """What Streamlit sends with every drawing: where the script lies, and the style sheet.

    Raises:
        ValueError: there is no such element.
    """
    script = element_script(name)
    if script is None:
        raise ValueError(f"there is no element {name!r}")
    address = f"/sightline/elements/{name}.{sha256(script.encode()).hexdigest()[:16]}.js"
    loader = (
        f"const whole = await import(new URL({address!r}, document.baseURI).href);\nexport default whole.default;\n"
    )
    return loader, (_COMPONENTS / name / "style.css").read_text("utf-8")


def mount(name: str, *, key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> None:
    """Put an element on the page.

    Args:
        name: its folder.
        key: of its state in `session_state`.
        data: what it is handed, plain values.
        **callbacks: `on_<state>_change`, each called when the element has set that state.
    """
    js, css = _source(name)
    st.components.v2.component(f"sightline_{name}", js=js, css=css)(key=key, data=data, **callbacks)
