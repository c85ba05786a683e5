"""Two analyses of the same footage: which of their people are the same human, and what differs.

People are matched by where they are: at the same instant in the same place. May import: `engine.core`,
`engine.answers`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Answers
from engine.core.boxes import box_iou
from engine.core.errors import StoreError
from engine.core.matches import Difference, Lonely, PersonMatch, RunComparison
from engine.core.types import FloatArray, Tracklet
from engine.core.views import PersonView, RunView

STEP_S = 0.2
"""Seconds between the instants at which boxes are compared."""

MOST_INSTANTS = 2000
"""Of long footage the instants lie further apart."""

SAME_IOU = 0.3
"""Overlap of two boxes at one instant from which on they show the same human."""

LEAST_AGREEMENT = 0.1
"""Agreement under which two people are not the same."""

LEAST_SHARE = 0.3
"""Share of a person's time in the places of another from which on they are a part of that other."""


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One analysis.

    Attributes:
        people: in order.
        boxes: instant -> (rows of people, (N, 4) boxes).
        instants: (P,) in how many instants each person is in view.
    """

    people: tuple[PersonView, ...]
    boxes: dict[int, tuple[NDArray[np.int64], FloatArray]]
    instants: NDArray[np.int64]


def compare_runs(answers: Answers, first: str, second: str) -> RunComparison:
    """Compare two runs of one footage.

    Args:
        answers: what analyses found.
        first: id of a run.
        second: id of another.

    Raises:
        StoreError: there is no such run, or they are of different footage.
    """
    runs = answers.run(first), answers.run(second)
    if runs[0].footage != runs[1].footage:
        raise StoreError("These two analyses are of different footage. Choose two of the same recording.")
    people = [answers.people(run.id) for run in runs]
    end = max((person.last_s for side in people for person in side), default=0.0)
    step = max(STEP_S, end / MOST_INSTANTS)
    sides = [_side(one, answers.tracklets(run.id), step) for one, run in zip(people, runs, strict=True)]
    overlap, together = _overlaps(*sides)
    pairs = _assigned(sides, overlap)
    return RunComparison(
        settings=_settings(*runs),
        stages=_stages(*runs),
        matches=tuple(_match(sides, row, column, overlap, together * step) for row, column in pairs),
        only_first=_lonely(sides[0], sides[1], {row for row, _ in pairs}, together),
        only_second=_lonely(sides[1], sides[0], {column for _, column in pairs}, together.T),
    )


def _side(people: tuple[PersonView, ...], tracklets: Sequence[Tracklet], step: float) -> _Side:
    owner = {stretch.tracklet: row for row, person in enumerate(people) for stretch in person.presence}
    at: dict[int, dict[int, FloatArray]] = {}
    for tracklet in tracklets:
        row = owner.get(tracklet.number)
        if row is None:
            continue
        places = np.arange(np.ceil(tracklet.first_s / step - 1e-6), np.floor(tracklet.last_s / step + 1e-6) + 1)
        columns = [np.interp(places * step, tracklet.t, tracklet.boxes[:, side]) for side in range(4)]
        for place, box in zip(places.astype(int).tolist(), np.stack(columns, axis=1).astype(np.float32), strict=True):
            at.setdefault(place, {})[row] = box
    boxes = {place: (np.array(list(found), np.int64), np.stack(list(found.values()))) for place, found in at.items()}
    instants = np.zeros(len(people), np.int64)
    for rows, _ in boxes.values():
        instants[rows] += 1
    return _Side(people, boxes, instants)


def _overlaps(first: _Side, second: _Side) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(P, Q) sums of box overlaps over instants, and in how many instants the boxes show the same human."""
    overlap = np.zeros((len(first.people), len(second.people)))
    together = np.zeros(overlap.shape, np.int64)
    for place in first.boxes.keys() & second.boxes.keys():
        rows, boxes = first.boxes[place]
        columns, others = second.boxes[place]
        iou = box_iou(boxes, others)
        same = iou >= SAME_IOU
        overlap[np.ix_(rows, columns)] += np.where(same, iou, 0.0)
        together[np.ix_(rows, columns)] += same
    return overlap, together


def _agreement(sides: Sequence[_Side], overlap: NDArray[np.float64]) -> NDArray[np.float64]:
    """Overlap over the instants in which either is in view."""
    # Instants in which both are in view but apart count twice: being elsewhere speaks against being the same.
    either = sides[0].instants[:, None] + sides[1].instants[None, :] - overlap
    return np.where(either > 0, overlap / np.maximum(either, 1e-9), 0.0)


def _assigned(sides: Sequence[_Side], overlap: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Rows and columns of the people who are the same, each at most once, so that the whole agrees best.

    Source: Kuhn 1955 (assignment). Differs: pairs that hardly agree are dropped after solving.
    """
    from scipy.optimize import linear_sum_assignment

    agreement = _agreement(sides, overlap)
    rows, columns = linear_sum_assignment(agreement, maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(row, column) for row, column in pairs if agreement[row, column] >= LEAST_AGREEMENT]


def _match(
    sides: Sequence[_Side], row: int, column: int, overlap: NDArray[np.float64], together_s: NDArray[np.float64]
) -> PersonMatch:
    first, second = sides[0].people[row], sides[1].people[column]
    return PersonMatch(
        first=first.label,
        second=second.label,
        agreement=float(_agreement(sides, overlap)[row, column]),
        first_s=first.visible_s,
        second_s=second.visible_s,
        shared_s=float(together_s[row, column]),
    )


def _lonely(side: _Side, other: _Side, matched: set[int], together: NDArray[np.int64]) -> tuple[Lonely, ...]:
    found = []
    for row, person in enumerate(side.people):
        if row in matched:
            continue
        share = together[row] / max(int(side.instants[row]), 1)
        near = int(share.argmax()) if len(share) and share.max() >= LEAST_SHARE else None
        found.append(Lonely(person.label, person.visible_s, "" if near is None else other.people[near].label))
    return tuple(found)


def _settings(first: RunView, second: RunView) -> tuple[Difference, ...]:
    sides = [_flat(json.loads(run.config_json)) for run in (first, second)]
    names = sorted(sides[0].keys() | sides[1].keys())
    return tuple(
        Difference(name, sides[0].get(name, ""), sides[1].get(name, ""))
        for name in names
        if sides[0].get(name, "") != sides[1].get(name, "")
    )


def _flat(values: dict[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = f"{value:g}" if isinstance(value, float) else str(value)
    return found


def _stages(first: RunView, second: RunView) -> tuple[Difference, ...]:
    sides = [{stage.name: f"{stage.model} {stage.version[:12]}" for stage in run.stages} for run in (first, second)]
    names = dict.fromkeys([*sides[0], *sides[1]])
    return tuple(
        Difference(name, sides[0].get(name, ""), sides[1].get(name, ""))
        for name in names
        if sides[0].get(name) != sides[1].get(name)
    )
