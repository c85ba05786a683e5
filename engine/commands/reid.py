"""The commands that train a network that tells people apart, and measure any back end that does.

May import: `engine.core`, `engine.photographs`, `engine.tiers`, `models.registry`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.commands.output import put, say
from engine.core.clothing import PersonPicture
from engine.core.config import AnalysisConfig, Settings, read_toml
from engine.core.errors import ConfigError, ModelError
from engine.core.protocols import BackendOptions, IdentityEmbedder, PoseEstimator
from engine.core.types import FloatArray, Frame, Image, Poses
from engine.photographs import person_pictures
from engine.tiers import Backend, choose_identity, choose_person, choose_pose
from models.registry import resolve


def train_reid(arguments: argparse.Namespace) -> int:
    """Train a network that tells people apart; a line per epoch, one JSON object last."""
    settings: Settings = arguments.settings
    config = read_toml(arguments.config) if arguments.config else {}
    for name in ("model", "loss"):
        # What is said on the command line counts more than the file.
        if getattr(arguments, name):
            config[name] = getattr(arguments, name)
    named = f"reid-{config.get('model', 'mobilenetv3')}-{config.get('loss', 'triplet')}"
    out = arguments.out or settings.models / "identity" / named

    def told(epoch: Any) -> None:
        say(
            f"epoch {epoch.number}/{epoch.of}: loss {epoch.loss:.3f}, held out: mAP {epoch.map:.3f}, rank 1 "
            f"{epoch.rank1:.3f}"
        )

    places = {"data": arguments.data, "out": out, "base": arguments.base}
    result = resolve("training", "reid")(config, places, resume=arguments.resume, on_epoch=told)
    for line in result["skipped"]:
        say(f"left out: {line}")
    before, now = result["before"], result["measured"]
    say(f"held out: mAP {before['map']:.3f} before, {now['map']:.3f} now")
    if out.resolve().parent == (settings.models / "identity").resolve():
        say(f"{out.name} can be chosen on the Models page.")
    else:
        say(f"To use it in analyses, put the folder {out} into {settings.models / 'identity'}.")
    put({"task": "reid", **result})
    return 0


def evaluate_reid(arguments: argparse.Namespace) -> int:
    """Measure how well people are found among others; one JSON object last.

    Raises:
        ConfigError: both a checkpoint and a back end without one are named.
        ModelError: the back end cannot be loaded, or is no such thing.
    """
    settings: Settings = arguments.settings
    backend = _backend(arguments, settings)
    embedder: IdentityEmbedder = backend.build()
    result = resolve("measuring", "reid")(arguments.data, _encoder(embedder, settings), arguments.pictures)
    for line in result["skipped"]:
        say(f"left out: {line}")
    ranks = ", ".join(f"rank {rank} {result[f'rank{rank}']:.3f}" for rank in (1, 5, 10))
    say(f"{result['queries']} queries, {result['gallery']} in the gallery: mAP {result['map']:.3f}, {ranks}")
    for path in result["pictures"].values():
        say(f"picture: {path}")
    put({"task": "reid", "model": asdict(embedder.card), **result})
    return 0


def _backend(arguments: argparse.Namespace, settings: Settings) -> Backend:
    """The named back end, that of the named checkpoint, or the best that is on this machine."""
    person = choose_person(AnalysisConfig(), settings)
    weights: Path | None = arguments.weights
    if weights is None:
        return choose_identity(person, settings, AnalysisConfig(identity_model=arguments.model or ""))
    reader: Any = resolve("identity", "mobilenetv3")
    name = arguments.model or (reader.reader_of(weights) if weights.is_dir() else "yolo" if weights.is_file() else "")
    if name == "parts":
        raise ConfigError("Body parts by colour need no weights. Leave out --weights, or --model parts.")
    if not name:
        raise ModelError(f"{weights} is no identity model that can be read. Name a folder that `train reid` wrote.")
    return Backend("identity", name, BackendOptions(threads=settings.threads, weights=weights))


def _encoder(embedder: IdentityEmbedder, settings: Settings) -> Callable[[Sequence[Image]], FloatArray]:
    """What makes vectors of whole pictures; bodies are looked for in them where the back end asks for that."""
    if not getattr(embedder, "needs_body", True):
        return lambda images: embedder.encode([_plain(image) for image in images])
    person = choose_person(AnalysisConfig(profile="embedded"), settings)
    estimator: PoseEstimator = choose_pose(person, settings).build()

    def encode(images: Sequence[Image]) -> FloatArray:
        return embedder.encode([_with_body(image, estimator) for image in images])

    return encode


def _plain(image: Image) -> PersonPicture:
    """A picture that is a person from edge to edge."""
    mask = np.full(image.shape[:2], 255, np.uint8)
    return PersonPicture(image, mask, Poses.missing(1), np.ones(3, np.float32), 1.0)


def _with_body(image: Image, estimator: PoseEstimator) -> PersonPicture:
    height, width = image.shape[:2]
    box = np.array([[0, 0, width, height]], np.float32)
    return person_pictures(Frame(0, 0.0, image), box, estimator)[0]
