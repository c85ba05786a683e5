"""What the timeline draws: rows of persons with their presence and segments, compact; and runs side by side.

One JSON document a run. Times are whole hundredths of a second; the columns of all segments lie one after another, in
the order persons, channels, start, so that 20,000 segments stay under 300 kB before compression:

    {"run", "models": {channel: "name version"}, "channels": [...], "labels": [...], "sources": [...],
     "people": [{"label", "name", "score", "link", "presence": [[start, length, tracklet], ...], "crops": [[t, file]]}],
     "counts": [...],            # segments of each person and channel, persons first
     "gaps": [...],              # start less the end of the segment before it in the same person and channel
     "lengths": [...],
     "label": base64, "score": base64, "coverage": base64,     # a byte a segment: index; percent; percent
     "source": base64}           # index; "" where no model has words of its own

May import: `engine.core`, `engine.answers`, `engine.comparison`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.answers import Answers
from engine.comparison import compare_runs
from engine.core.labels import CHANNELS
from engine.core.matches import RunComparison
from engine.core.segments import Segments
from engine.core.views import CropView, PersonView, RunView

SHOWN_CROPS = 6
"""Pictures of a person that a hover can choose from."""

MOST_WORDS = 255
"""Labels, and words of models, that a byte can tell apart; further ones share the last place."""

_STAGES = {"presence": "detect", "posture": "actions", "gesture": "actions", "emotion": "expressions"}
"""The stage whose model answers for a channel."""


class Timelines:
    """Lays runs out as rows over time.

    Args:
        answers: what analyses found.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def rows(self, run: str) -> bytes:
        """The rows of a run as one JSON document in UTF-8 (see above).

        Raises:
            StoreError: there is no such run.
        """
        view = self._answers.run(run)
        people, segments = self._answers.people(run), self._answers.segments(run)
        document = {"run": run, "models": _models(view, segments), **_people(people), **_columns(people, segments)}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    def compare(self, first: str, second: str) -> RunComparison:
        """Two runs of one footage side by side.

        Raises:
            StoreError: there is no such run, or they are of different footage.
        """
        return compare_runs(self._answers, first, second)


def _models(run: RunView, segments: Segments) -> dict[str, str]:
    by_name = {stage.name: f"{stage.model} {stage.version[:12]}" for stage in run.stages}
    told = {"presence", *segments.channels}
    return {channel: by_name[name] for channel, name in _STAGES.items() if channel in told and name in by_name}


def _people(people: Sequence[PersonView]) -> dict[str, object]:
    return {
        "people": [
            {
                "label": person.label,
                "name": person.name,
                "score": round(person.score, 3),
                "link": round(person.link_score, 3),
                "presence": _presence(person),
                "crops": [[round(crop.t * 100), crop.file] for crop in _spread(person.crops)],
            }
            for person in people
        ]
    }


def _presence(person: PersonView) -> list[list[int]]:
    starts = _hundredths(np.array([one.start_s for one in person.presence]))
    ends = np.maximum(_hundredths(np.array([one.end_s for one in person.presence])), starts)
    numbers = [one.tracklet for one in person.presence]
    return [list(row) for row in zip(starts.tolist(), (ends - starts).tolist(), numbers, strict=True)]


def _hundredths(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole hundredths, up: a player sent to the start of a segment must not stand at the frame before it."""
    return np.asarray(np.ceil(seconds * 100 - 1e-6), np.int64)


def _spread(crops: Sequence[CropView]) -> list[CropView]:
    """The best picture of every tracklet first, then the next best, until there are enough; by time."""
    by_rank = sorted(crops, key=lambda crop: (crop.rank, -crop.quality))[:SHOWN_CROPS]
    return sorted(by_rank, key=lambda crop: crop.t)


def _columns(people: Sequence[PersonView], segments: Segments) -> dict[str, object]:
    owner = {one.tracklet: row for row, person in enumerate(people) for one in person.presence}
    rows = np.array([owner.get(int(number), -1) for number in segments.tracklets], np.int64)
    channels = np.array([CHANNELS.index(channel) for channel in segments.channels], np.int64)
    # Tracklets that belong to nobody have no row to be drawn in.
    order = np.lexsort((segments.start_s, channels, rows))
    order = order[rows[order] >= 0]
    lanes = rows[order] * len(CHANNELS) + channels[order]
    starts = _hundredths(segments.start_s[order])
    ends = np.maximum(_hundredths(segments.end_s[order]), starts + 1)
    before = np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: len(order)]
    before[np.concatenate([np.ones(1, np.bool_), lanes[1:] != lanes[:-1]])[: len(order)]] = 0
    labels, label = _indexed([segments.labels[row] for row in order])
    sources, source = _indexed([segments.sources[row] for row in order])
    return {
        "channels": list(CHANNELS),
        "labels": labels,
        "sources": sources,
        "counts": np.bincount(lanes, minlength=len(people) * len(CHANNELS)).tolist(),
        "gaps": (starts - before).tolist(),
        "lengths": (ends - starts).tolist(),
        "label": _bytes(label),
        "score": _bytes(np.round(segments.scores[order] * 100)),
        "coverage": _bytes(np.round(segments.coverage[order] * 100)),
        "source": _bytes(source) if any(sources) else "",
    }


def _indexed(words: Iterable[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Each word once, and for each its place among them."""
    words = list(words)
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    rows = np.array([min(places[word], MOST_WORDS) for word in words], np.int64)
    return list(places)[: MOST_WORDS + 1], rows


def _bytes(column: NDArray[np.generic]) -> str:
    return base64.b64encode(column.astype(np.uint8).tobytes()).decode("ascii")
