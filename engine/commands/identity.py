"""The command `evaluate identity`: the whole chain on clips with hand-made truth, scored by who is who.

May import: `engine.api`, `engine.core`, `engine.evaluation`, `engine.kept_views`, `engine.media`, `engine.tiers`,
`engine.tracking`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.api import Engine
from engine.commands.output import meter, put, say
from engine.core.clothing import PersonPicture
from engine.core.config import AnalysisConfig, DetectConfig, Settings
from engine.core.errors import FootageError
from engine.core.protocols import BackendOptions, Detector
from engine.core.types import FloatArray
from engine.core.views import FootageView, PersonView, RunView
from engine.evaluation.action import PLACES, TruthPerson
from engine.evaluation.gallery import measure_gallery, read_spans
from engine.evaluation.identity import (
    REFERENCE,
    FrameBoxes,
    held_by,
    held_by_time,
    one_by_one,
    placed,
    reference_people,
    track_scores,
)
from engine.evaluation.likeness import measure_likeness
from engine.evaluation.person import LONG_CLIP_FPS, SHORT_CLIP_S
from engine.kept_views import footage_light, tracklet_pictures
from engine.media.reader import FrameReader
from engine.tiers import choose_identity, choose_person
from engine.tracking.interpolation import boxes_at

HOME = "evaluation"
"""Folder within the home that the clips are analysed in, so that a second measurement need not analyse them again."""

REFERENCE_SCORE = 0.4
"""Confidence from which a box of the reference detector counts."""

NO_REFERENCE = "no reference boxes: name YOLO weights with --reference; who holds whom is then told by times alone"


@dataclass(frozen=True, slots=True)
class _Clip:
    """An analysed clip: its truth, its newest run and the people found."""

    truth: tuple[TruthPerson, ...]
    view: FootageView
    run: RunView
    people: tuple[PersonView, ...]


def evaluate_identity(arguments: argparse.Namespace) -> int:
    """Score who is who; a line per clip, one JSON object last."""
    settings: Settings = arguments.settings
    chosen = choose_person(AnalysisConfig(person_model=arguments.person_model), settings)
    assert isinstance(chosen.options, BackendOptions)
    backend = choose_identity(chosen, settings, AnalysisConfig(identity_model=arguments.identity_model))
    assert isinstance(backend.options, BackendOptions)
    # By path or name: the home that the clips are analysed in holds no models.
    named = backend.name if backend.name == "yolo" else str(backend.options.weights or backend.name)
    config = AnalysisConfig(person_model=str(chosen.options.weights or chosen.name), identity_model=named)
    truth = {
        name: placed(
            [TruthPerson(one.id, one.start_s, one.end_s, (), float("nan")) for one in spans], PLACES.get(name, {})
        )
        for name, spans in read_spans(arguments.footage).items()
    }
    if not truth:
        raise FootageError(f"truth.json in {arguments.footage} names nobody. Name another folder.", kind="truth")
    reference = _reference(arguments.reference, arguments.footage, settings)
    own: Settings = replace(settings, home=settings.home / HOME, emotions=False)
    own.home.mkdir(parents=True, exist_ok=True)
    with Engine(own) as engine:
        clips = {name: _analyze(engine, arguments.footage / name, people, config) for name, people in truth.items()}
        rows = [_score(engine, name, clip, reference) for name, clip in clips.items()]
        likeness = measure_likeness(_views(engine, clips), backend.build())
        say(f"views: halves rank-1 {likeness['halves']['rank1']}, worse {likeness['conditions']['all']['rank1']}")
        with meter("gallery") as show:
            gallery = None if arguments.no_gallery else measure_gallery(engine, arguments.footage, config, show)
    put(
        {
            "task": "identity",
            "model": asdict(backend.card),
            "person_model": asdict(chosen.card),
            "found": {row["name"]: row["found"] for row in rows},
            "holding_two": sum(row["holding_two"] for row in rows),
            "clips": rows,
            "likeness": likeness,
            "gallery": gallery,
            "reference": REFERENCE if reference is not None else NO_REFERENCE,
        }
    )
    return 0


def _reference(weights: Path | None, footage: Path, settings: Settings) -> Detector | None:
    """The reference detector: the named weights, else those that lie beside the footage; None where there are none."""
    if weights is None:
        beside = sorted((footage.resolve().parent / "weights").glob("yolo*"))
        if not beside:
            return None
        weights = beside[0]
    config = AnalysisConfig(person_model=str(weights), detect=DetectConfig(min_score=REFERENCE_SCORE))
    detector: Detector = choose_person(config, settings).build()
    return detector


def _analyze(engine: Engine, path: Path, truth: tuple[TruthPerson, ...], config: AnalysisConfig) -> _Clip:
    with meter(path.name) as show:
        view = engine.register(path)
        run = engine.analyze_now(view.id, config, show)
    return _Clip(truth, view, run, engine.answers.people(run.id))


def _score(engine: Engine, name: str, clip: _Clip, reference: Detector | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "truth": len(clip.truth), "found": len(clip.people)}
    holding = set()
    if one_by_one(clip.truth):
        presence = {each.label: [(one.start_s, one.end_s) for one in each.presence] for each in clip.people}
        holding = {label for label, seen in presence.items() if len(held_by_time(clip.truth, seen)) > 1}
    if reference is not None:
        times, boxes = _watched(engine, clip, reference)
        true = reference_people(times, boxes, clip.truth, clip.view.media.width)
        ours = _found(engine, clip, times)
        held = held_by(true, ours)
        holding |= {clip.people[place].label for place, people in held.items() if len(people) > 1}
        row |= {"frames": len(times), "boxes": sum(len(each.ids) for each in true), **track_scores(true, ours)}
    row["holding_two"] = len(holding)
    scores = "  ".join(f"{key} {row[key]}" for key in ("idf1", "hota", "assa", "switches") if key in row)
    say(f"{name:<36} {row['found']} of {row['truth']} people, {row['holding_two']} hold two  {scores}")
    return row


def _watched(engine: Engine, clip: _Clip, reference: Detector) -> tuple[list[float], list[FloatArray]]:
    """Times of the frames that are scored, and the reference's boxes in each."""
    fps = LONG_CLIP_FPS if clip.view.media.duration_s > SHORT_CLIP_S else None
    reference.reset()
    times, boxes = [], []
    with FrameReader(Path(clip.view.path), engine.settings, fps=fps) as reader:
        for frame in reader:
            found = reference.predict([frame])[0]
            times.append(frame.t)
            boxes.append(found.boxes[found.scores >= REFERENCE_SCORE])
    return times, boxes


def _found(engine: Engine, clip: _Clip, times: Sequence[float]) -> list[FrameBoxes]:
    """Whose boxes the analysis has at some times; ids are places in `clip.people`."""
    tracklets = {tracklet.number: tracklet for tracklet in engine.answers.tracklets(clip.run.id)}
    instants = np.array(times, np.float64)
    ids: list[list[int]] = [[] for _ in times]
    boxes: list[list[FloatArray]] = [[] for _ in times]
    for place, person in enumerate(clip.people):
        for stretch in person.presence:
            there, present, _ = boxes_at(tracklets[stretch.tracklet], instants)
            for row in np.flatnonzero(present):
                ids[row].append(place)
                boxes[row].append(there[row])
    return [
        FrameBoxes(t, np.array(who, np.int64), np.array(mine, np.float32).reshape(-1, 4))
        for t, who, mine in zip(times, ids, boxes, strict=True)
    ]


def _views(engine: Engine, clips: Mapping[str, _Clip]) -> dict[str, list[PersonPicture]]:
    """Kept views of everybody found, in order of time, by clip and label."""
    everybody = {}
    for name, clip in clips.items():
        folder = engine.settings.media / clip.view.sha256
        tracklets = {tracklet.number: tracklet for tracklet in engine.answers.tracklets(clip.run.id)}
        light, size = footage_light(folder), (clip.view.media.width, clip.view.media.height)
        for person in clip.people:
            seen: list[tuple[float, PersonPicture]] = []
            for number in {stretch.tracklet for stretch in person.presence}:
                crops = sorted((one for one in person.crops if one.tracklet == number), key=lambda one: one.rank)
                pictures = tracklet_pictures(folder, size, tracklets[number], crops, light)
                seen += zip((crop.t for crop in crops), pictures, strict=True)
            everybody[f"{name}: {person.label}"] = [picture for _, picture in sorted(seen, key=lambda one: one[0])]
    return everybody
