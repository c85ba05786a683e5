"""The command `evaluate action`: the whole chain on clips with hand-made truth, scored by time.

May import: `engine.api`, `engine.core`, `engine.evaluation`, `engine.tiers`, `models.registry`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.api import Engine
from engine.commands.output import meter, put, say
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import FootageError
from engine.core.labels import UNKNOWN
from engine.core.protocols import ActionRecognizer, BackendOptions
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.evaluation.action import (
    PAIRING,
    PLACES,
    SCORING,
    STAYING,
    FoundPerson,
    Labelled,
    LabelScore,
    TruthPerson,
    label_share,
    macro_f1,
    pair_people,
    read_truth,
    read_visits,
    score_people,
    stay,
)
from engine.tiers import choose_person
from models import registry


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one clip's analysis found: people, and the tracklets of each, in the same order; size of the pictures."""

    people: tuple[FoundPerson, ...]
    tracklets: tuple[tuple[Tracklet, ...], ...]
    size: tuple[int, int]


def evaluate_action(arguments: argparse.Namespace) -> int:
    """Score the embedded action model; a line per clip, one JSON object last."""
    chosen = choose_person(AnalysisConfig(person_model=arguments.person_model), arguments.settings)
    assert isinstance(chosen.options, BackendOptions)
    # By its path or name: the home that the clips are analysed in is new and empty.
    config = AnalysisConfig(person_model=str(chosen.options.weights or chosen.name))
    truth, visits = read_truth(arguments.footage), read_visits(arguments.footage)
    if not truth and not visits:
        raise FootageError(f"truth.json in {arguments.footage} names no actions. Name another folder.", kind="truth")
    recognizer: ActionRecognizer = registry.resolve("action", "geometry")(BackendOptions())
    clips, stays = [], []
    total: dict[str, LabelScore] = {}
    with tempfile.TemporaryDirectory() as home:
        settings: Settings = replace(arguments.settings, home=Path(home), emotions=False)
        with Engine(settings) as engine:
            for name in (*truth, *visits):
                seen = _analyze(engine, arguments.footage / name, config, recognizer)
                if name in truth:
                    clip, scores = _score_clip(name, truth[name], seen)
                    clips.append(clip)
                    for label, score in scores.items():
                        total[label] = total.get(label, LabelScore()) + score
                else:
                    stays += _score_stays(name, visits[name], seen)
    say(f"macro F1 {macro_f1(total):.3f}")
    put(
        {
            "task": "action",
            "model": asdict(recognizer.card),
            "person_model": asdict(chosen.card),
            "macro_f1": round(macro_f1(total), 4),
            "labels": _table(total),
            "clips": clips,
            "stays": stays,
            "rules": {"pairing": PAIRING, "scoring": SCORING, "stays": STAYING, "places": PLACES},
        }
    )
    return 0


def _analyze(engine: Engine, path: Path, config: AnalysisConfig, recognizer: ActionRecognizer) -> _Seen:
    with meter(path.name) as show:
        view = engine.register(path)
        run = engine.analyze_now(view.id, config, show)
    size = view.media.width, view.media.height
    tracklets = {tracklet.number: tracklet for tracklet in engine.answers.tracklets(run.id)}
    people, own = [], []
    for person in engine.answers.people(run.id):
        mine = tuple(tracklets[stretch.tracklet] for stretch in person.presence)
        segments = Segments.concatenate(recognizer.recognize(tracklet, size) for tracklet in mine)
        presence = tuple((stretch.start_s, stretch.end_s) for stretch in person.presence)
        box = mine[0].boxes[0]
        people.append(
            FoundPerson(person.label, presence, labelled(segments), float(box[0] + box[2]) / 2 / view.media.width)
        )
        own.append(mine)
    return _Seen(tuple(people), tuple(own), size)


def labelled(segments: Segments) -> tuple[Labelled, ...]:
    """Label, start and end of every segment whose label is known."""
    rows = zip(segments.labels, segments.start_s.tolist(), segments.end_s.tolist(), strict=True)
    return tuple(row for row in rows if row[0] != UNKNOWN)


def _score_clip(name: str, truth: Sequence[TruthPerson], seen: _Seen) -> tuple[dict[str, Any], dict[str, LabelScore]]:
    pairs = pair_people(truth, seen.people)
    scores = score_people(truth, seen.people, pairs)
    people = [
        {
            "truth": person.id,
            "found": seen.people[pairs[row]].label if row in pairs else None,
            "labels": _table(score_people([person], *_alone(row, seen.people, pairs))),
            "said": [[label, round(start, 2), round(end, 2)] for label, start, end in _said(row, seen.people, pairs)],
        }
        for row, person in enumerate(truth)
    ]
    line = "  ".join(f"{label} {score.f1:.3f}" for label, score in scores.items() if score.truth_s > 0)
    say(f"{name:<36} {line}")
    return {"name": name, "labels": _table(scores), "persons": people}, scores


def _said(row: int, people: Sequence[FoundPerson], pairs: Mapping[int, int]) -> tuple[Labelled, ...]:
    return people[pairs[row]].actions if row in pairs else ()


def _alone(
    row: int, people: Sequence[FoundPerson], pairs: Mapping[int, int]
) -> tuple[Sequence[FoundPerson], Mapping[int, int]]:
    return ([people[pairs[row]]], {0: 0}) if row in pairs else ([], {})


def _score_stays(name: str, truth: Sequence[TruthPerson], seen: _Seen) -> list[dict[str, Any]]:
    pairs = pair_people(truth, seen.people)
    rows: list[dict[str, Any]] = []
    for row, person in enumerate(truth):
        entry: dict[str, Any] = {"clip": name, "truth": person.id, "found": None, "standing": 0.0}
        if row in pairs:
            found = seen.people[pairs[row]]
            span = stay(max(seen.tracklets[pairs[row]], key=len), seen.size[1])
            share = label_share(found.actions, "standing", span)
            entry |= {"found": found.label, "from_s": span[0], "to_s": span[1], "standing": round(share, 4)}
        rows.append(entry)
        say(f"{name:<36} {person.id}: standing {entry['standing']:.3f} of the stay")
    return rows


def _table(scores: Mapping[str, LabelScore]) -> dict[str, dict[str, float]]:
    return {
        label: {
            "f1": round(score.f1, 4),
            "truth_s": round(score.truth_s, 2),
            "found_s": round(score.found_s, 2),
            "shared_s": round(score.shared_s, 2),
        }
        for label, score in sorted(scores.items())
    }
