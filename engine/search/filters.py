"""Who may be found at all: what limits a search, before anything is ranked.

Owns: the columns that filters look at, and the filters. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from engine.core.search import SearchConfig

DAY_H = 24.0

Rows = NDArray[np.int64]
Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when one footage was recorded.

    Attributes:
        footage: id.
        name: of the footage.
        camera: its name, "" where nobody said.
        start_utc: ISO 8601, "" where it is not known.
        zone: IANA name of the camera's zone; "" is taken for this machine's own.
    """

    footage: str
    name: str
    camera: str
    start_utc: str
    zone: str


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People of the newest run of each footage, by footage and order of appearance.

    Attributes:
        footage: (P,) int64, place of the person's footage among the footages.
        labels: P labels.
        seen_s: (P,) float64, time in view, seconds.
        scores: (P,) float32 in [0, 1], mean confidence of the detections.
        owner: (S,) int64, the person of each stretch in view.
        tracklets: (S,) int64, number of the tracklet of each stretch.
        start_s: (S,) float64 seconds.
        end_s: (S,) float64 seconds.
        told: rows of the people of whom an action ("action", label) or emotion ("emotion", label) was told.
    """

    footage: Rows
    labels: tuple[str, ...]
    seen_s: NDArray[np.float64]
    scores: NDArray[np.float32]
    owner: Rows
    tracklets: Rows
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    told: Mapping[tuple[str, str], Rows] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def concatenate(cls, parts: Sequence[Crowd]) -> Crowd:
        """The people of several footages, one part for each, in their order."""
        sizes = np.array([len(part) for part in parts], np.int64)
        before = np.cumsum(sizes) - sizes
        told: dict[tuple[str, str], list[Rows]] = {}
        for part, first in zip(parts, before, strict=True):
            for name, rows in part.told.items():
                told.setdefault(name, []).append(rows + first)
        return cls(
            footage=np.repeat(np.arange(len(parts), dtype=np.int64), sizes),
            labels=tuple(label for part in parts for label in part.labels),
            seen_s=_joined((part.seen_s for part in parts), np.float64),
            scores=_joined((part.scores for part in parts), np.float32),
            owner=_joined((part.owner + first for part, first in zip(parts, before, strict=True)), np.int64),
            tracklets=_joined((part.tracklets for part in parts), np.int64),
            start_s=_joined((part.start_s for part in parts), np.float64),
            end_s=_joined((part.end_s for part in parts), np.float64),
            told={name: np.concatenate(rows) for name, rows in told.items()},
        )


def all_day(config: SearchConfig) -> bool:
    """Whether the time of day does not limit a search."""
    return (config.from_hour, config.to_hour) == (0.0, DAY_H)


def chosen_places(places: Sequence[Place], config: SearchConfig) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Which footages may be searched.

    Args:
        places: all of them.
        config: what limits the search.

    Returns:
        (F,) whether each may, and the names of those left out only because nobody knows when they began.
    """
    wanted = np.array(
        [
            (not config.footage or place.footage in config.footage)
            and (not config.cameras or place.camera in config.cameras)
            for place in places
        ],
        np.bool_,
    )
    if all_day(config):
        return wanted, ()
    dated = np.array([bool(place.start_utc) for place in places], np.bool_)
    undated = tuple(place.name for place, out in zip(places, wanted & ~dated, strict=True) if out)
    return wanted & dated, undated


def allowed(
    crowd: Crowd,
    places: Sequence[Place],
    config: SearchConfig,
    flagged: Collection[tuple[str, str]] = (),
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Who passes the filters.

    Args:
        crowd: P people.
        places: of their footages.
        config: what limits the search.
        flagged: footage id and label of the people with the anomaly that `config` asks for.

    Returns:
        (P,) whether each passes, and the names of footages left out because nobody knows when they began.
    """
    there, undated = chosen_places(places, config)
    passes = there[crowd.footage] if len(crowd) else np.zeros(0, np.bool_)
    passes &= crowd.seen_s >= config.min_seen_s
    passes &= crowd.scores >= config.min_person_score
    for kind, label in (("action", config.action), ("emotion", config.emotion)):
        if label:
            told = np.zeros(len(crowd), np.bool_)
            told[crowd.told.get((kind, label), np.zeros(0, np.int64))] = True
            passes &= told
    if config.anomaly:
        ids = [place.footage for place in places]
        passes &= np.array(
            [(ids[at], label) in flagged for at, label in zip(crowd.footage, crowd.labels, strict=True)], np.bool_
        )
    if not all_day(config):
        within = np.zeros(len(crowd), np.bool_)
        for at in np.flatnonzero(there):
            rows = np.flatnonzero(crowd.footage[crowd.owner] == at)
            inside = in_hours(places[at], crowd.start_s[rows], crowd.end_s[rows], config)
            within[crowd.owner[rows[inside]]] = True
        passes &= within
    return passes, undated


def in_hours(
    place: Place, start_s: NDArray[np.float64], end_s: NDArray[np.float64], config: SearchConfig
) -> NDArray[np.bool_]:
    """Which stretches of a footage touch the hours that are asked for, on the camera's clock.

    Args:
        place: the footage; its start must be known.
        start_s: (S,) seconds from its start.
        end_s: (S,) seconds, >= start_s.
        config: the hours, from inclusive, to exclusive; over midnight where `to_hour` is not after `from_hour`.
    """
    if not len(start_s):
        return np.zeros(0, np.bool_)
    length = (config.to_hour - config.from_hour) % DAY_H or DAY_H
    begins = _hours(place, start_s)
    lasts = (end_s - start_s) / 3600.0
    since = (begins - config.from_hour) % DAY_H
    # It begins inside the hours, or goes on until they begin again.
    return (since < length) | (since + lasts >= DAY_H)


def _hours(place: Place, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours since midnight on the camera's clock; each instant by its own offset: clocks are put forward and back."""
    start = datetime.fromisoformat(place.start_utc)
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    low, high = _offset(place, start, float(seconds.min())), _offset(place, start, float(seconds.max()))
    offsets = np.full(len(seconds), low)
    if low != high:
        offsets = np.array([_offset(place, start, float(each)) for each in seconds])
    day = start.astimezone(UTC)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    hours: NDArray[np.float64] = ((day - midnight).total_seconds() + offsets + seconds) / 3600.0 % DAY_H
    return hours


def _offset(place: Place, start: datetime, seconds: float) -> float:
    instant = start + timedelta(seconds=seconds)
    local = instant.astimezone(ZoneInfo(place.zone)) if place.zone else instant.astimezone()
    shift = local.utcoffset()
    return shift.total_seconds() if shift else 0.0


def _joined(parts: Iterable[NDArray[Value]], dtype: type[Value]) -> NDArray[Value]:
    joined: NDArray[Value] = np.concatenate([np.zeros(0, dtype), *parts])
    return joined
