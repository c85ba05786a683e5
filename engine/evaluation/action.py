"""Scores actions against hand-made truth by time: overlap of labelled stretches, per label and over all.

Truth names people by what they wear, not by boxes, so people found are paired with it by when and where they are
seen, never by what they were found to do. May import: `engine.core`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.errors import FootageError
from engine.core.labels import GESTURES, POSTURES
from engine.core.types import Tracklet

Span = tuple[float, float]
"""Start and end, seconds."""

Labelled = tuple[str, float, float]
"""Label, start, end."""

PLACES: Mapping[str, Mapping[str, float]] = {
    "store-aisle-detection.gif": {"man": 0.58, "reacher": 0.80, "newcomer": 0.84},
    "face-demographics-walking.gif": {"woman": 0.58, "man": 0.68},
    "classroom.gif": {"left-front": 0.17, "left-back": 0.28, "right-back": 0.50, "right-front": 0.67},
}
"""Where truth's people are first seen, share of the picture's width, read off the first frames by eye. Only people
who are in view at the same time need one."""

PLACE_TOLERANCE = 0.2
"""Shares of the width beyond which a place says nothing for a pair."""

PAIRING = (
    "people are paired one to one with truth's by overlap of their time in view over its union, plus nearness of "
    "where they are first seen to a place read off the frames by eye; never by labels"
)
SCORING = (
    "seconds; postures count where truth names one for that person, gestures over that person's whole time in truth, "
    "since it lists every one; labels of people whom truth does not know count as wrong"
)


STAY_RADIUS = 0.1
"""Body heights around the usual place within which feet stay there: 17 cm, a third of a step."""

STAYING = (
    "a stay is the longest stretch in which the middle of the box's lower edge, where it is in the picture, keeps "
    f"within {STAY_RADIUS} of the usual box height from its own median place; labels play no part in it"
)


@dataclass(frozen=True, slots=True)
class TruthPerson:
    """Somebody in the truth.

    Attributes:
        id: what truth calls them.
        start_s: first in view.
        end_s: last in view.
        actions: what they do, when.
        place: where they are first seen, share of the width, or NaN where it is not known.
    """

    id: str
    start_s: float
    end_s: float
    actions: tuple[Labelled, ...]
    place: float


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody an analysis found.

    Attributes:
        label: P1, P2, …
        presence: stretches in view.
        actions: postures and gestures, unknown ones left out.
        place: where first seen, share of the width.
    """

    label: str
    presence: tuple[Span, ...]
    actions: tuple[Labelled, ...]
    place: float


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Seconds of one label, added up over people.

    Attributes:
        truth_s: in the truth.
        found_s: found where truth speaks.
        shared_s: in both at the same time.
    """

    truth_s: float = 0.0
    found_s: float = 0.0
    shared_s: float = 0.0

    def __add__(self, other: LabelScore) -> LabelScore:
        return LabelScore(self.truth_s + other.truth_s, self.found_s + other.found_s, self.shared_s + other.shared_s)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in [0, 1]; 0 where there is neither truth nor answer."""
        total = self.truth_s + self.found_s
        return 2.0 * self.shared_s / total if total > 0 else 0.0


def read_truth(folder: Path) -> dict[str, tuple[TruthPerson, ...]]:
    """People of every clip whose truth lists timed actions.

    Args:
        folder: of the clips and their truth.json.

    Returns:
        Clip's file name -> its people; clips without timed actions are left out.

    Raises:
        FootageError: there is no truth.json, or it is not what it should be.
    """
    clips = {}
    for name, clip in _clips(folder).items():
        people = tuple(_person(name, entry) for entry in clip["persons"])
        if any(person.actions for person in people):
            clips[name] = people
    return clips


def read_visits(folder: Path) -> dict[str, tuple[TruthPerson, ...]]:
    """People of every clip whose truth says in words that each comes, stands for most of the visit and leaves.

    Args:
        folder: of the clips and their truth.json.

    Raises:
        FootageError: there is no truth.json, or it is not what it should be.
    """
    return {
        name: tuple(_person(name, entry) for entry in clip["persons"])
        for name, clip in _clips(folder).items()
        if "stands" in str(clip.get("actions", ""))
    }


def _clips(folder: Path) -> dict[str, dict[str, list[dict[str, object]]]]:
    file = folder / "truth.json"
    try:
        clips = json.loads(file.read_text("utf-8"))["clips"]
        return {str(name): clip for name, clip in clips.items() if "persons" in clip}
    except FileNotFoundError as error:
        raise FootageError(
            f"There is no truth.json in {folder}. Name a folder with clips and truth.", kind="missing"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FootageError(f"{file} cannot be read. Mend it.", kind="truth", detail=repr(error)) from error


def _person(clip: str, entry: Mapping[str, object]) -> TruthPerson:
    try:
        listed = entry.get("actions", [])
        if not isinstance(listed, list):
            raise TypeError("actions must be a list")
        actions = tuple((str(label), float(start), float(end)) for label, start, end in listed)
        name = str(entry["id"])
        start, end = float(str(entry["from"])), float(str(entry["to"]))
    except (KeyError, ValueError, TypeError) as error:
        raise FootageError(
            f"truth.json: {clip} has a broken person. Mend it.", kind="truth", detail=repr(error)
        ) from error
    return TruthPerson(name, start, end, actions, PLACES.get(clip, {}).get(name, float("nan")))


def pair_people(truth: Sequence[TruthPerson], found: Sequence[FoundPerson]) -> dict[int, int]:
    """Who is who, by time and place alone.

    Args:
        truth: T people.
        found: F people.

    Returns:
        Row of the truth -> row of the found, each used at most once; people who are never in view together stay
        alone.
    """
    from scipy.optimize import linear_sum_assignment

    table = np.array([[_likeness(one, other) for other in found] for one in truth]).reshape(len(truth), len(found))
    rows, columns = linear_sum_assignment(-table)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if table[row, column] > 0}


def _likeness(truth: TruthPerson, found: FoundPerson) -> float:
    span = [(truth.start_s, truth.end_s)]
    shared = _shared(span, found.presence)
    if shared <= 0:
        return 0.0
    union = _length(span) + _length(found.presence) - shared
    near = 0.0 if np.isnan(truth.place) else max(0.0, 1.0 - abs(truth.place - found.place) / PLACE_TOLERANCE)
    return shared / union + near


def score_people(
    truth: Sequence[TruthPerson], found: Sequence[FoundPerson], pairs: Mapping[int, int]
) -> dict[str, LabelScore]:
    """Seconds per label of one clip.

    Args:
        truth: its people.
        found: who was found in it.
        pairs: row of the truth -> row of the found.

    Returns:
        Label -> score, of every label that truth or an answer names.
    """
    total: dict[str, LabelScore] = {}
    strangers = set(range(len(found))) - set(pairs.values())
    for row, person in enumerate(truth):
        answer = found[pairs[row]].actions if row in pairs else ()
        for label, score in _score_person(person, answer).items():
            total[label] = total.get(label, LabelScore()) + score
    for row in strangers:
        for label, start, end in found[row].actions:
            total[label] = total.get(label, LabelScore()) + LabelScore(found_s=end - start)
    return total


def _score_person(person: TruthPerson, answer: Sequence[Labelled]) -> dict[str, LabelScore]:
    named = [(start, end) for label, start, end in person.actions if label in POSTURES]
    spoken = {"posture": _merged(named), "gesture": [(person.start_s, person.end_s)]}
    scores = {}
    for labels, where in ((POSTURES, spoken["posture"]), (GESTURES, spoken["gesture"])):
        for label in labels:
            true = [(start, end) for name, start, end in person.actions if name == label]
            given = [(start, end) for name, start, end in answer if name == label]
            heard = _merged([cut for span in where for cut in _cut(given, span)])
            if true or heard:
                scores[label] = LabelScore(_length(_merged(true)), _length(heard), _shared(_merged(true), heard))
    return scores


def macro_f1(scores: Mapping[str, LabelScore]) -> float:
    """Mean F1 over the labels that occur in the truth, in [0, 1]; 0 where there are none."""
    present = [score.f1 for score in scores.values() if score.truth_s > 0]
    return float(np.mean(present)) if present else 0.0


def label_share(actions: Iterable[Labelled], label: str, span: Span) -> float:
    """Share of a stretch of time that carries a label, in [0, 1].

    Args:
        actions: labelled stretches.
        label: the label.
        span: the stretch, longer than nothing.
    """
    given = _merged([(start, end) for name, start, end in actions if name == label])
    return _shared([span], given) / (span[1] - span[0])


def stay(tracklet: Tracklet, height: int) -> Span:
    """The longest stretch in which somebody keeps to one place, see `STAYING`.

    Args:
        tracklet: boxes over time.
        height: of the pictures, pixels.

    Returns:
        Start and end, seconds, start < end; the whole tracklet where the feet never show or never stay.
    """
    feet = np.stack([tracklet.boxes[:, 0::2].mean(axis=1), tracklet.boxes[:, 3]], axis=1)
    shown = tracklet.boxes[:, 3] < height - 1
    whole = tracklet.first_s, max(tracklet.last_s, tracklet.first_s + 0.1)
    if not shown.any():
        return whole
    tall = float(np.median(tracklet.boxes[shown, 3] - tracklet.boxes[shown, 1]))
    away = np.hypot(*(feet - np.median(feet[shown], axis=0)).T)
    near = shown & (away <= STAY_RADIUS * tall)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    starts, ends = tracklet.t[edges[0::2]], tracklet.t[edges[1::2] - 1]
    best = int(np.argmax(ends - starts)) if len(starts) else 0
    return (float(starts[best]), float(ends[best])) if len(starts) and ends[best] > starts[best] else whole


def _cut(spans: Iterable[Span], window: Span) -> list[Span]:
    return [(max(a, window[0]), min(b, window[1])) for a, b in spans if min(b, window[1]) > max(a, window[0])]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _length(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def _shared(first: Iterable[Span], second: Sequence[Span]) -> float:
    return sum(_length(_cut(second, window)) for window in first)
