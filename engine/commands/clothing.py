"""The command `evaluate clothing --footage`: the whole chain on clips with hand-made truth, asked in two languages.

May import: `engine.api`, `engine.core`, `engine.evaluation`, `engine.tiers`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.api import Engine
from engine.commands.output import meter, put, say
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import FootageError
from engine.core.protocols import BackendOptions
from engine.core.search import SearchAnswer, SearchConfig
from engine.core.views import RunView
from engine.evaluation.action import PAIRING, FoundPerson, pair_people
from engine.evaluation.clothing import (
    LANGUAGES,
    RULE,
    DescribedPerson,
    Outcome,
    Question,
    by,
    questions,
    read_descriptions,
    recalls,
)
from engine.tiers import choose_person

HOME = "evaluation"
"""Folder within the home that the clips are analysed in, so that a second measurement need not analyse them again and
nothing else is searched."""


@dataclass(frozen=True, slots=True)
class _Gallery:
    """Everybody who was found.

    Attributes:
        truth: run and label of a person -> whom of the truth they are; others are strangers.
        footage: clip's file name -> footage id.
        people: everybody found.
    """

    truth: Mapping[tuple[str, str], DescribedPerson]
    footage: Mapping[str, str]
    people: int


def evaluate_footage(arguments: argparse.Namespace) -> int:
    """Ask for every person whom truth describes, over all clips and within their own; one JSON object last."""
    described = read_descriptions(arguments.footage)
    if not any(person.worn for people in described.values() for person in people):
        raise FootageError(f"truth.json in {arguments.footage} describes nobody. Name another folder.", kind="truth")
    chosen = choose_person(AnalysisConfig(person_model=arguments.person_model), arguments.settings)
    assert isinstance(chosen.options, BackendOptions)
    # By its path or name: the home that the clips are analysed in holds no models.
    config = AnalysisConfig(person_model=str(chosen.options.weights or chosen.name))
    settings: Settings = replace(arguments.settings, home=arguments.settings.home / HOME, emotions=False)
    settings.home.mkdir(parents=True, exist_ok=True)
    with Engine(settings) as engine:
        gallery = _analyze(engine, arguments.footage, described, config)
        asked = [
            question
            for people in described.values()
            for person in people
            for language in LANGUAGES
            for question in questions(person, language)
        ]
        over_all, own_clip, failed, unknown = _ask(engine, asked, gallery)
    _tell(over_all, own_clip)
    put(
        {
            "task": "clothing",
            "person_model": asdict(chosen.card),
            "people": {
                "truth": sum(len(people) for people in described.values()),
                "found": gallery.people,
                "paired": len(gallery.truth),
            },
            **recalls(over_all),
            "languages": by(over_all, lambda outcome: outcome.question.language),
            "persons": by(over_all, lambda outcome: f"{outcome.question.person.clip}: {outcome.question.person.id}"),
            "own_clip": {
                **recalls(own_clip),
                "languages": by(own_clip, lambda outcome: outcome.question.language),
                "clips": by(own_clip, lambda outcome: outcome.question.person.clip),
            },
            "failed": failed,
            "unknown_words": unknown,
            "rules": {"right": RULE, "pairing": PAIRING},
        }
    )
    return 0


def _analyze(
    engine: Engine, folder: Path, described: Mapping[str, Sequence[DescribedPerson]], config: AnalysisConfig
) -> _Gallery:
    truth: dict[tuple[str, str], DescribedPerson] = {}
    footage: dict[str, str] = {}
    found = 0
    for name, people in described.items():
        with meter(name) as show:
            view = engine.register(folder / name)
            run = engine.analyze_now(view.id, config, show)
        footage[name] = view.id
        seen = _people(engine, run, view.media.width)
        found += len(seen)
        pairs = pair_people([person.seen for person in people], seen)
        truth |= {(run.id, seen[column].label): people[row] for row, column in pairs.items()}
        say(f"{name:<36} {len(pairs)} of {len(people)} people found, {len(seen) - len(pairs)} strangers")
    # What an earlier measurement left of other folders is not searched.
    for view in engine.list_footage():
        if view.id not in footage.values():
            engine.remove(view.id)
    return _Gallery(truth, footage, found)


def _people(engine: Engine, run: RunView, width: int) -> list[FoundPerson]:
    tracklets = {tracklet.number: tracklet for tracklet in engine.answers.tracklets(run.id)}
    people = []
    for person in engine.answers.people(run.id):
        presence = tuple((stretch.start_s, stretch.end_s) for stretch in person.presence)
        box = tracklets[person.presence[0].tracklet].boxes[0]
        people.append(FoundPerson(person.label, presence, (), float(box[0] + box[2]) / 2 / width))
    return people


def _ask(
    engine: Engine, asked: Sequence[Question], gallery: _Gallery
) -> tuple[list[Outcome], list[Outcome], list[dict[str, Any]], list[str]]:
    over_all, own_clip, failed = [], [], []
    unknown: dict[str, None] = {}
    for question in asked:
        answer = engine.search.find(question.text, SearchConfig(top=5), by="command")
        unknown |= dict.fromkeys(answer.understood.unknown)
        over_all.append(Outcome(question, _found(answer, gallery)))
        if not over_all[-1].right_within(1):
            failed.append(_failure(question, answer, over_all[-1]))
        within = SearchConfig(top=5, footage=(gallery.footage[question.person.clip],))
        own = engine.search.find(question.text, within, by="command")
        own_clip.append(Outcome(question, _found(own, gallery)))
    return over_all, own_clip, failed, list(unknown)


def _found(answer: SearchAnswer, gallery: _Gallery) -> tuple[DescribedPerson | None, ...]:
    return tuple(gallery.truth.get((hit.run, hit.person)) for hit in answer.hits)


def _failure(question: Question, answer: SearchAnswer, outcome: Outcome) -> dict[str, Any]:
    chips = answer.understood.chips
    return {
        "query": question.text,
        "asked_for": f"{question.person.clip}: {question.person.id}",
        "right_in_three": outcome.right_within(3),
        "first": [
            {
                "is": f"{person.clip}: {person.id}" if person is not None else f"{hit.footage_name}: {hit.person}",
                "score": round(hit.score, 3),
                "evidence": [
                    f"{chips[each.chip].region} {chips[each.chip].value}: {each.verdict} {each.score:.2f} ({each.seen})"
                    for each in hit.evidence
                ],
            }
            for hit, person in zip(answer.hits[:3], outcome.found[:3], strict=True)
        ],
    }


def _tell(over_all: Sequence[Outcome], own_clip: Sequence[Outcome]) -> None:
    for title, outcomes in (("all clips", over_all), ("own clip", own_clip)):
        for name, part in {"both": recalls(outcomes), **by(outcomes, lambda one: one.question.language)}.items():
            say(
                f"{title}, {name}: {part['n']} questions, R@1 {part['r1']:.3f}, R@3 {part['r3']:.3f} "
                f"(the very person: {part['exact_r1']:.3f}, {part['exact_r3']:.3f})"
            )
