"""Pure formatting: the library's entries into the plain values its element in the browser is handed, and into words.

Owns: the shape of that data. May import: `engine.core`, `pages._text`, `pages._view`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.core.library import Holdings, LibraryEntry
from engine.core.views import JobState, JobView
from pages import _view
from pages._text import TEXT, group, say

ACTIVE = (JobState.QUEUED, JobState.RUNNING)


def library_data(
    entries: Sequence[LibraryEntry], *, chosen: str, revision: str, language: str, zone: str | None
) -> dict[str, Any]:
    """Everything the element draws.

    Args:
        entries: newest first.
        chosen: id of the one whose details are shown, "" for none.
        revision: of the library when the entries were read, or before.
        language: of the reader.
        zone: IANA name of the reader's clock, for recordings without a zone of their own.
    """
    return {
        "items": [entry_data(entry, place, language, zone) for place, entry in enumerate(entries)],
        "chosen": chosen,
        "revision": revision,
        "language": language,
        "text": group(language, "library"),
        "stages": group(language, "stage"),
    }


def entry_data(entry: LibraryEntry, place: int, language: str, zone: str | None) -> dict[str, Any]:
    """One recording; times in seconds."""
    footage, job = entry.footage, entry.job
    start = instant(entry.start_utc)
    return {
        "id": footage.id,
        "place": place,
        "name": footage.name,
        "line": _view.footage_line(footage, language),
        "seconds": footage.media.duration_s,
        "length": _view.length(footage.media.duration_s, language),
        "people": entry.people,
        "found": "" if entry.people is None else _view.people_word(entry.people, language),
        "alerts": len(footage.gaps),
        "alert": _view.gap_word(footage.gaps, language),
        "run": bool(entry.run),
        "job": None if job is None or job.state is JobState.DONE else job_data(job),
        "camera": entry.details.camera,
        "start": None if start is None else start.timestamp(),
        "when": recorded(entry, zone),
        "tags": list(entry.details.tags),
        "note": entry.details.note,
        "poster": entry.poster,
        "thumbs": entry.thumbs,
    }


def job_data(job: JobView) -> dict[str, Any]:
    """A job that is not done yet, or ended badly."""
    facts = {"state": job.state.value, "stage": job.stage, "fraction": round(job.fraction, 3), "left": job.left_s}
    return {**facts, "error": job.error}


def instant(utc: str) -> datetime | None:
    """An ISO 8601 instant; None where it is none, or says no zone."""
    try:
        found = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def recorded(entry: LibraryEntry, zone: str | None) -> str:
    """When a recording began, on the clock of its own zone, else of the reader's; "" where that is not known."""
    found = instant(entry.start_utc)
    if found is None:
        return ""
    if not entry.details.zone:
        return _view.moment(found.isoformat(), zone)
    return f"{_view.moment(found.isoformat(), entry.details.zone)} {zone_word(found, entry.details.zone)}"


def zone_word(at: datetime, zone: str) -> str:
    """A zone's short name at an instant, such as "KST"; its offset where it has none."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return zone
    short = local.strftime("%Z")
    # Zones without letters of their own are named by their offset, such as "+04".
    return short if short.isalpha() else f"UTC{short}"


def typed_start(utc: str, zone: str) -> str:
    """A start time as somebody would type it on the clock of a zone: "2026-11-20 18:41:05", "" for none."""
    found = instant(utc)
    return "" if found is None else found.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def stages_html(job: JobView, stages: Sequence[str], language: str) -> str:
    """The stages of a job: which are done, which is at work and how long it all will take, which are to come."""
    at = stages.index(job.stage) if job.stage in stages else -1
    rows = []
    for number, stage in enumerate(stages):
        state = "done" if number < at else "now" if number == at else "next"
        word = say(language, f"stages.{state}")
        mark = {"done": "✓", "now": "●", "next": "○"}[state]
        name = say(language, f"stage.{stage}") if f"stage.{stage}" in TEXT else stage
        current = ' aria-current="step"' if state == "now" else ""
        rows.append(
            f'<li class="sl-stage-{state}"{current}><span aria-hidden="true">{mark}</span> {escape(name)}'
            f'<span class="sl-unseen"> ({escape(word)})</span></li>'
        )
    return f'<ol class="sl-stages" aria-label="{escape(say(language, "stages.title"))}">{"".join(rows)}</ol>'


def going(entry: LibraryEntry, holdings: Holdings, language: str) -> list[str]:
    """What goes when a recording is removed, and what stays; a sentence each."""
    lines = []
    if not entry.footage.in_place:
        lines.append(say(language, "remove.original", size=_view.size(holdings.original)))
    if holdings.playback:
        lines.append(say(language, "remove.playback", size=_view.size(holdings.playback)))
    if holdings.runs:
        people = _view.people_word(entry.people or 0, language)
        lines.append(
            say(language, f"remove.runs{'.one' if holdings.runs == 1 else ''}", n=holdings.runs, people=people)
        )
    if holdings.pictures:
        size = _view.size(holdings.pictures_bytes)
        form = ".one" if holdings.pictures == 1 else ""
        lines.append(say(language, f"remove.pictures{form}", count=holdings.pictures, size=size))
    if holdings.others:
        lines.append(say(language, "remove.others", size=_view.size(holdings.others)))
    lines.append(say(language, "remove.details"))
    return lines
