"""Pure formatting: engine views into the words that a page shows.

Owns: how times, sizes and states are written. May import: `engine.core`, `pages._text`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.core.types import Gap
from engine.core.views import FootageView, JobState, JobView, RunView
from pages._text import TEXT, say

NAMED_GAPS = 4
"""Unreadable stretches that are spelled out."""


def clock(seconds: float) -> str:
    """A place in the footage: 6.48 -> "0:06.5", 3725.0 -> "1:02:05.0"."""
    tenths = round(max(0.0, seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def length(seconds: float, language: str) -> str:
    """How long something lasts: "12.4 s", "2 min 19 s", "1 h 2 min"."""
    hour, minute, second = ("h", "min", "s") if language == "en" else ("시간", "분", "초")
    blank = " " if language == "en" else ""
    if seconds < 59.5:
        shown = f"{seconds:.0f}" if seconds >= 20 else f"{seconds:.1f}".removesuffix(".0")
        return f"{shown}{blank}{second}"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}{blank}{minute} {whole % 60}{blank}{second}"
    return f"{whole // 3600}{blank}{hour} {whole % 3600 // 60}{blank}{minute}"


def size(number: float) -> str:
    """Bytes for people: 1234567 -> "1.2 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"


def moment(utc: str, zone: str | None) -> str:
    """An ISO 8601 instant on the clock of a zone, "2026-11-20 18:41"; in UTC, and saying so, where it is not known.

    Args:
        utc: the instant; unreadable text comes back as it is.
        zone: IANA name such as "Asia/Seoul".
    """
    try:
        instant = datetime.fromisoformat(utc)
    except ValueError:
        return utc
    try:
        return instant.astimezone(ZoneInfo(zone or "")).strftime("%Y-%m-%d %H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def run_line(run: RunView, language: str, zone: str | None) -> str:
    """When a run was finished and by which profile, on the clock of a zone."""
    when, profile = moment(run.finished_utc, zone), profile_word(run.profile, language)
    return say(language, "people.run", when=when, profile=profile)


def footage_line(footage: FootageView, language: str) -> str:
    """Length, picture, codec and size of a recording in one line."""
    media = footage.media
    parts = [
        length(media.duration_s, language),
        f"{media.width} × {media.height}",
        f"{media.fps:.4g} fps",
        media.codec,
        size(footage.bytes),
    ]
    if footage.in_place:
        parts.append(say(language, "footage.in_place"))
    return " · ".join(parts)


def gap_word(gaps: Sequence[Gap], language: str) -> str:
    """How many parts could not be read, or "" where all could be."""
    if not gaps:
        return ""
    return say(language, "footage.gap.one" if len(gaps) == 1 else "footage.gap.many", count=len(gaps))


def gap_sentence(gaps: Sequence[Gap], language: str) -> str:
    """Where the footage could not be read, and why; of many stretches the first few and how many more."""
    stretches = [
        f"{clock(gap.start_s)} – {clock(gap.end_s)} ({_named('people.gap', gap.reason, language)})"
        for gap in gaps[:NAMED_GAPS]
    ]
    if len(gaps) > NAMED_GAPS:
        stretches.append(say(language, "people.more", count=len(gaps) - NAMED_GAPS))
    return say(language, "people.gaps", stretches=", ".join(stretches))


def people_word(count: int, language: str) -> str:
    """How many people, in words."""
    form = {0: "none", 1: "one"}.get(count, "many")
    return say(language, f"job.people.{form}", count=count)


def job_word(job: JobView | None, language: str) -> str:
    """Where an analysis stands, in a few words."""
    if job is None:
        return say(language, "job.new")
    if job.state is not JobState.RUNNING:
        return say(language, f"job.{job.state}")
    parts = [_named("stage", job.stage, language) or say(language, "job.running"), f"{job.fraction:.0%}"]
    if job.left_s is not None:
        parts.append(say(language, "job.left", length=length(round(job.left_s), language)))
    return " · ".join(parts)


def profile_word(profile: str, language: str) -> str:
    """A profile's name for people."""
    return _named("add.profile", profile, language)


def _named(prefix: str, word: str, language: str) -> str:
    key = f"{prefix}.{word}"
    return say(language, key) if key in TEXT else word


def progress_html(job: JobView, language: str) -> str:
    """A bar with its words."""
    percent = round(100 * job.fraction) if job.state is JobState.RUNNING else 0
    word = escape(job_word(job, language))
    return (
        f'<div class="sl-state" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
        f'aria-valuetext="{word}"><div class="sl-word">{word}</div>'
        f'<div class="sl-bar"><div style="width:{percent}%"></div></div></div>'
    )
