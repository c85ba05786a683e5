"""The commands that train and measure the emotion network. May import: `engine.core`, `models.registry`."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.output import put, say
from engine.core.config import read_toml
from models.registry import resolve


def train_emotion(arguments: argparse.Namespace) -> int:
    """Train the emotion network; a line per epoch, one JSON object last."""
    settings = read_toml(arguments.config) if arguments.config else {}

    def told(epoch: Any) -> None:
        say(
            f"epoch {epoch.number}/{epoch.of}: loss {epoch.loss:.3f}, held out: accuracy {epoch.accuracy:.3f}, "
            f"macro recall {epoch.macro_recall:.3f}"
        )

    train = resolve("training", "emotion")
    result = train(settings, arguments.data, arguments.out, resume=arguments.resume, on_epoch=told)
    put({"task": "emotion", **result})
    return 0


def evaluate_emotion(arguments: argparse.Namespace) -> int:
    """Measure an emotion network on labelled faces; one JSON object last.

    Of the data the first part that is there is measured: `validation/<label>/`, `test/<label>/`, `<label>/`.
    """
    result = resolve("measuring", "emotion")(arguments.data, arguments.weights)
    part = f"{result['part']}/" if result["part"] else "all faces"
    say(f"{part}: {result['n']} faces, accuracy {result['accuracy']:.3f}, macro recall {result['macro_recall']:.3f}")
    put({"task": "emotion", **result})
    return 0
