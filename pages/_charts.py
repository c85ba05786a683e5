"""Charts beside the timeline: time in view, people over time, heat of the day, time per action and emotion.

Owns: the figures and the tables that say the same. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.segments import Segments
from engine.core.views import FootageView, PersonView


def people_charts(
    footage: FootageView, people: Sequence[PersonView], segments: Segments, *, start_utc: str = "", zone: str = ""
) -> None:
    """Draw all charts of one run, each with its table.

    Args:
        footage: what was analysed.
        people: persons of the run.
        segments: of the run; `Segments.empty()` where it has none.
        start_utc: ISO 8601 start of the recording, "" where it is not known: the heat is then by minute.
        zone: IANA name of the camera's zone; "" for UTC.
    """


def person_charts(person: PersonView, segments: Segments) -> None:
    """Time per action and emotion of one person, as chart and table.

    Args:
        person: whose time is summed.
        segments: of the whole run.
    """
