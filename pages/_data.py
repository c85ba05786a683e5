"""Pure formatting: engine views into the plain values that components and tables are handed.

Owns: addresses of media and the shape of that data; times in seconds. May import: `engine.core`, `pages._text`. No
Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from engine.core.views import FootageView, PersonView, RunView
from pages._text import group

SHOWN_CROPS = 5
"""Pictures of a person in the list."""


def media_url(footage: str, name: str) -> str:
    """Address of one of a footage's files."""
    return f"/sightline/media/{quote(footage, safe='')}/{quote(name)}"


def person_data(person: PersonView, footage: str) -> dict[str, Any]:
    """A person as the people list in the browser wants it; times in seconds."""
    return {
        "label": person.label,
        "first": person.first_s,
        "last": person.last_s,
        "visible": person.visible_s,
        "score": person.score,
        "link": person.link_score,
        "tracklets": len({stretch.tracklet for stretch in person.presence}),
        "spans": [[stretch.start_s, stretch.end_s] for stretch in person.presence],
        "crops": [
            {"url": media_url(footage, crop.file), "t": crop.t, "width": crop.width, "height": crop.height}
            for crop in person.crops[:SHOWN_CROPS]
        ],
    }


def player_data(footage: FootageView, people: Sequence[PersonView], t: float | None, language: str) -> dict[str, Any]:
    """What the player in the browser is handed; times in seconds."""
    return {
        "footage": footage.id,
        "name": footage.name,
        "src": media_url(footage.id, "playback.mp4"),
        "poster": media_url(footage.id, "poster.jpg"),
        "width": footage.media.width,
        "height": footage.media.height,
        "duration": footage.media.duration_s,
        "t": t,
        "gaps": [[gap.start_s, gap.end_s] for gap in footage.gaps],
        "lanes": [{"label": p.label, "spans": [[s.start_s, s.end_s] for s in p.presence]} for p in people],
        "text": group(language, "player"),
    }


def stage_rows(run: RunView, language: str) -> list[dict[str, Any]]:
    """The stages of a run as rows of a table."""
    word = group(language, "people.made")
    return [
        {
            word["stage"]: stage.name,
            word["model"]: stage.model,
            word["version"]: stage.version,
            word["seconds"]: round(stage.seconds, 2),
            word["cached"]: stage.cached,
        }
        for stage in run.stages
    ]
