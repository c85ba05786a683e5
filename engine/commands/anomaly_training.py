"""The commands that train and measure the skeleton network: lend it what was analysed and what people judged.

May import: `engine.api`, `engine.core`, `models.registry`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.api import Engine
from engine.commands.output import put, say
from engine.core.anomalies import NORMAL
from engine.core.config import Settings, read_toml
from engine.core.errors import ConfigError
from engine.core.reviews import JudgedSequence
from models.registry import resolve


def train_skeleton_lstm(arguments: argparse.Namespace) -> int:
    """Train the skeleton network; a line per network, one JSON object last."""
    config = read_toml(arguments.config) if arguments.config else {}
    material = {"normal": _normal(arguments.normal, arguments.settings), "judged": _judged(arguments)}

    def told(trained: Any) -> None:
        say(f"network {trained.number}/{trained.of}: {trained.name}")

    train = resolve("training", "skeleton-lstm")
    result = train(config, arguments.data, arguments.out, material, resume=arguments.resume, on_network=told)
    for name, one in result["measured"].items():
        say(f"{name}: {one['windows']} windows, accuracy {one['accuracy']:.3f}, macro F1 {one['macro_f1']:.3f}")
    for name, one in result["in_context"].items():
        say(f"{name}, as analyses read: accuracy {one['accuracy']:.3f}, macro F1 {one['macro_f1']:.3f}")
    put({"task": "skeleton-lstm", **result})
    return 0


def evaluate_skeleton_lstm(arguments: argparse.Namespace) -> int:
    """Measure a skeleton network on a file of labelled skeletons; one JSON object last."""
    result = resolve("measuring", "skeleton-lstm")(arguments.data, arguments.weights, arguments.picture)
    single = result["single_windows"]
    for one, how in ((result, f"as analyses read: {result['reading']}"), (single, "each by itself")):
        told = f"accuracy {one['accuracy']:.3f}, macro F1 {one['macro_f1']:.3f}"
        say(f"{one['windows']} windows, {told} ({how})")
    if result["picture"]:
        say(f"picture: {result['picture']}")
    put({"task": "skeleton-lstm", **result})
    return 0


def _normal(home: Path | None, settings: Settings) -> tuple[JudgedSequence, ...]:
    """Everybody in the newest run of all footage of a home in which nothing happens."""
    if home is None:
        return ()
    if not (home / settings.database.name).is_file():
        raise ConfigError(f"{home} holds no {settings.database.name}. Name a SIGHTLINE_HOME with analysed footage.")
    with Engine(replace(settings, home=home)) as engine:
        return tuple(_everybody(engine))


def _everybody(engine: Engine) -> Iterator[JudgedSequence]:
    # By content, not by time of upload: the same footage gives the same training.
    for footage in sorted(engine.list_footage(), key=lambda each: each.sha256):
        runs = engine.runs(footage.id)
        for tracklet in engine.answers.tracklets(runs[0].id) if runs else ():
            yield JudgedSequence(
                event="",
                footage=footage.id,
                label=NORMAL,
                t=tracklet.t,
                landmarks=tracklet.poses.landmarks,
                size=(footage.media.width, footage.media.height),
            )


def _judged(arguments: argparse.Namespace) -> tuple[JudgedSequence, ...]:
    if not arguments.from_reviews:
        return ()
    with Engine(arguments.settings) as engine:
        judged = tuple(engine.anomalies.judged())
    if not judged:
        raise ConfigError("Nobody has judged an event yet. Review some first, or leave out --from-reviews.")
    say(f"{len(judged)} judged events are learnt from")
    return judged
