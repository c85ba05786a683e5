"""Stretches as a WebVTT track, so that any player can show who does what.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from engine.core.findings import Findings
from engine.core.labels import UNKNOWN
from engine.export.files import write_atomically
from engine.export.provenance import provenance
from engine.export.stretches import PRESENCE, Stretch, stretches

SHORTEST_S = 0.001
"""A cue must end after it starts; the format counts in milliseconds."""


def write_webvtt(findings: Findings, path: Path) -> None:
    """Write a track: a cue for each told stretch, the person as its voice; what could not be seen has none.

    Raises:
        ExportError: the file cannot be written.
    """
    write_atomically(path, webvtt(findings))


def webvtt(findings: Findings) -> str:
    """The track as text.

    Source: W3C "WebVTT: The Web Video Text Tracks Format", Candidate Recommendation 2019.
    """
    note = json.dumps(provenance(findings), ensure_ascii=False).replace("-->", "--\\u003e")
    found = [one for one in stretches(findings) if one.channel != PRESENCE and one.label != UNKNOWN]
    found.sort(key=lambda one: (one.start_s, one.end_s, one.person.label, one.channel))
    cues = [_cue(number, one) for number, one in enumerate(found, 1)]
    return "\n\n".join(["WEBVTT Sightline", f"NOTE\n{note}", *cues]) + "\n"


def _cue(number: int, one: Stretch) -> str:
    end_s = max(one.end_s, one.start_s + SHORTEST_S)
    voice = escape(" ".join((one.person.name or one.person.label).split()), quote=False)
    words = escape(one.label.replace("_", " "), quote=False)
    return f"{number}\n{stamp(one.start_s)} --> {stamp(end_s)}\n<v {voice}>{voice}: {words} ({one.score:.0%})"


def stamp(seconds: float) -> str:
    """A time as the format writes it: hours, minutes, seconds and thousandths."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
