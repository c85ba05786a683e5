"""Pure formatting: engine views into the plain values that components and tables are handed.

Owns: addresses of media and the shape of that data; times in seconds. May import: `engine.core`, `pages`. No
Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from engine.core.views import FootageView, PersonView, RunView
from pages._palette import palette
from pages._text import group

OVERLAY = "/sightline/overlay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What the address says one is looking at.

    Attributes:
        t: seconds; None stays where the player is.
        person: label, "" for nobody.
        only: that person alone.
    """

    t: float | None = None
    person: str = ""
    only: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """What somebody clicked in an element.

    Attributes:
        person: label, "" where the choice was taken back.
        t: seconds, None where no time was meant.
        only: whether that person alone is shown from now on.
    """

    person: str
    t: float | None
    only: bool


def media_url(footage: str, name: str) -> str:
    """Address of one of a footage's files."""
    return f"/sightline/media/{quote(footage, safe='')}/{quote(name)}"


def spans(person: PersonView) -> list[list[float]]:
    """When a person is in view: [[start, end], …] in seconds."""
    return [[round(stretch.start_s, 3), round(stretch.end_s, 3)] for stretch in person.presence]


def player_data(
    footage: FootageView, run: RunView | None, people: Sequence[PersonView], looking: Looking, language: str
) -> dict[str, Any]:
    """What the player in the browser is handed; times in seconds.

    Args:
        footage: what is played.
        run: whose boxes are drawn over it; None draws nothing.
        people: of the run, in its order.
        looking: where to stand, and whom to point out.
        language: of the texts.
    """
    return {
        "footage": footage.id,
        "name": footage.name,
        "src": media_url(footage.id, "playback.mp4"),
        "poster": media_url(footage.id, "poster.jpg"),
        "overlay": "" if run is None else f"{OVERLAY}/{quote(run.id, safe='')}",
        "width": footage.media.width,
        "height": footage.media.height,
        "duration": footage.media.duration_s,
        "fps": footage.media.fps,
        "variable": footage.media.variable_rate,
        "audio": footage.media.has_audio,
        "t": looking.t,
        "seek": "" if looking.t is None else f"{looking.t:.3f}",
        "chosen": looking.person,
        "only": looking.person if looking.only else "",
        "gaps": [[gap.start_s, gap.end_s] for gap in footage.gaps],
        "people": [{"label": person.label, "name": person.name, "spans": spans(person)} for person in people],
        "palette": palette(),
        "labels": group(language, "label"),
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
