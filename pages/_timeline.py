"""The timeline: who was in view, what they did and how they looked, over the footage's time.

Owns: what the element in the browser is handed, and what was clicked in it. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import streamlit as st

from engine.core.views import FootageView, RunView
from pages import _data, _ui
from pages._mount import mount
from pages._palette import palette
from pages._text import group


def timeline(
    footage: FootageView, run: RunView, *, chosen: str, on_pick: Callable[[], None], only: bool = False
) -> None:
    """Rows of persons over time. The browser fetches the rows itself; a rerun costs nothing but this call.

    It tells "sightline:seek" and "sightline:select" on `window`, and hears "sightline:time", "sightline:select" and
    "sightline:only".

    Args:
        footage: what was analysed.
        run: whose rows are shown.
        chosen: label of the person to point out, may be "".
        on_pick: called when somebody picked a person or a segment; `timeline_pick` reads it.
        only: the chosen person alone stands out, from the start.
    """
    data = timeline_data(footage, run, chosen) | {"only": chosen if only else ""}
    mount("timeline", key=_ui.TIMELINE, data=data, on_pick_change=on_pick)


def timeline_data(footage: FootageView, run: RunView, chosen: str) -> dict[str, Any]:
    """What the element is handed; times in seconds."""
    language = _ui.language()
    return {
        "footage": footage.id,
        "run": run.id,
        "url": f"/sightline/timeline/{quote(run.id, safe='')}",
        "media": _data.media_url(footage.id, ""),
        # Runs never change, but who is who does: the browser asks for the rows again where this does not stay the same.
        "revision": _ui.revision(run.id),
        "duration": footage.media.duration_s,
        "gaps": [[gap.start_s, gap.end_s] for gap in footage.gaps],
        "chosen": chosen,
        "palette": palette(),
        "labels": group(language, "label"),
        "channels": group(language, "channel"),
        "text": group(language, "timeline"),
    }


def timeline_pick() -> tuple[str, float | None] | None:
    """Person and time (seconds, None where only a person was picked) of this rerun's click; None where there was none.

    The person is "" where somebody took the choice back.
    """
    state = st.session_state.get(_ui.TIMELINE)
    pick = state.get("pick") if state else None
    if not pick:
        return None
    t = pick.get("t")
    return str(pick["person"]), None if t is None else float(t)
