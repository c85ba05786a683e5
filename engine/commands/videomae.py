"""The command that fine-tunes a video classifier: lends it our decoder and our person detector.

May import: `engine.core`, `engine.media`, `engine.tiers`, `models.registry`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.commands.output import put, say
from engine.core.config import AnalysisConfig, Settings, read_toml
from engine.core.protocols import Detector
from engine.core.types import FloatArray, Frame
from engine.media.reader import FrameReader
from engine.tiers import choose_person, pretrained_folder
from models.registry import resolve

READ_FPS = 16.0
"""Pictures a second that are decoded: eight times as many as are looked at for people."""


class PersonSenses:
    """Decodes footage, and finds people with the detector that an analysis would use.

    Args:
        settings: memory ceiling, threads, where models lie.
        config: which detector; `auto` takes the best on this machine.
    """

    def __init__(self, settings: Settings, config: AnalysisConfig) -> None:
        self._settings = settings
        backend = choose_person(config, settings)
        self.version = f"{backend.card.name} {backend.card.version} {READ_FPS:g}"
        self._backend = backend
        self._detector: Detector | None = None

    def read(self, path: Path) -> Iterator[Frame]:
        """Pictures of some footage, in order of time.

        Raises:
            FootageError: it cannot be read.
        """
        with FrameReader(path, self._settings, fps=READ_FPS) as frames:
            yield from frames

    def people(self, frames: Sequence[Frame]) -> list[FloatArray]:
        """Boxes (N, 4) xyxy of the people in each picture, the largest and surest first."""
        # Loaded on first use: a training that goes on has its clips already.
        detector = self._detector = self._detector or self._backend.build()
        detector.reset()
        answers = []
        for found in detector.predict(frames):
            spans = found.boxes[:, 2:] - found.boxes[:, :2]
            weight = found.scores * (spans[:, 0] * spans[:, 1]) ** 0.5
            answers.append(found.boxes[(-weight).argsort(kind="stable")])
        return answers


def train_videomae(arguments: argparse.Namespace) -> int:
    """Fine-tune a video classifier; a line per epoch, one JSON object last."""
    settings: Settings = arguments.settings
    config = {**(read_toml(arguments.config) if arguments.config else {}), "architecture": arguments.architecture}

    def told(epoch: Any) -> None:
        say(
            f"epoch {epoch.number}/{epoch.of}: loss {epoch.loss:.3f}, held out: accuracy {epoch.accuracy:.3f}, "
            f"macro recall {epoch.macro_recall:.3f}"
        )

    places = {
        "data": arguments.data,
        "out": arguments.out,
        "base": arguments.base or pretrained_folder("clip", settings),
    }
    senses = PersonSenses(settings, AnalysisConfig())
    result = resolve("training", "videomae")(config, places, senses, resume=arguments.resume, on_epoch=told)
    for line in result["skipped"]:
        say(f"left out: {line}")
    say(f"To use it in analyses, put the folder {arguments.out} into {settings.models / 'clip'}.")
    put({"task": "videomae", **result})
    return 0
