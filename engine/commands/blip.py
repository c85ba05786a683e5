"""The commands that train the network that compares clothes with sentences, and measure it on pictures.

May import: `engine.core`, `engine.tiers`, `models.registry`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands.output import put, say
from engine.core.config import Settings, read_toml
from engine.core.errors import ConfigError, ModelMissing
from engine.core.protocols import BackendOptions
from engine.tiers import choose_clothing_text
from models.registry import resolve

_PLACES = ("data", "retrieval", "captioning", "out")


def train_blip(arguments: argparse.Namespace) -> int:
    """Fine-tune BLIP; a line per epoch, one JSON object last.

    The file of settings names data, checkpoints to start from and the folder for results; what it does not say of the
    checkpoints is looked for where `models fetch` puts them.
    """
    settings: Settings = arguments.settings
    config = _settings(arguments.config, settings)

    def told(epoch: Any) -> None:
        say(
            f"epoch {epoch.number}/{epoch.of}: losses: contrastive {epoch.contrastive:.3f}, matching "
            f"{epoch.matching:.3f}, writing {epoch.writing:.3f}; held out: {epoch.held_loss:.3f}, R@1 {epoch.r1:.2f}, "
            f"R@5 {epoch.r5:.2f}, R@10 {epoch.r10:.2f}"
        )

    result = resolve("training", "blip")(config, resume=arguments.resume, on_epoch=told)
    say(f"To search with it, put the folder {result['checkpoint']} into {settings.models / 'clothing_text'}.")
    put({"task": "blip", **result})
    return 0


def _settings(file: Path, settings: Settings) -> dict[str, Any]:
    """The settings in a file, with paths made absolute: they start from the file's own folder."""
    config = read_toml(file)
    fetched = settings.models / "clothing_text"
    config.setdefault("retrieval", str(fetched / "blip-itm-base-coco"))
    config.setdefault("captioning", str(fetched / "blip-image-captioning-base"))
    for name in _PLACES:
        if isinstance(config.get(name), str) and config[name]:
            config[name] = str((file.resolve().parent / Path(config[name]).expanduser()).resolve())
    return config


def evaluate_clothing(arguments: argparse.Namespace) -> int:
    """Measure clothing search: on footage with people who are described, or on pictures with sentences.

    Raises:
        ConfigError: both are named, or neither.
    """
    if bool(arguments.footage) == bool(arguments.data):
        raise ConfigError("Name either --footage (clips beside a truth.json) or --data (pictures with sentences).")
    if arguments.footage:
        from engine.commands.clothing import evaluate_footage

        return evaluate_footage(arguments)
    return evaluate_pictures(arguments)


def evaluate_pictures(arguments: argparse.Namespace) -> int:
    """Measure a network that compares clothes with sentences on a data set; one JSON object last.

    Raises:
        ModelMissing: no checkpoint is named, and there is none on this machine.
    """
    settings: Settings = arguments.settings
    weights: Path | None = arguments.weights
    if weights is None:
        backend = choose_clothing_text(settings)
        if backend is None:
            raise ModelMissing(
                "No model that compares clothes with sentences is on this machine. Run `python -m engine models fetch "
                "blip-itm-base-coco`, or name a checkpoint with --weights."
            )
        assert isinstance(backend.options, BackendOptions)
        weights = backend.options.weights
    options = BackendOptions(threads=settings.threads, weights=weights)
    result = resolve("measuring", "blip")(arguments.data, options)
    for name, words in (("likeness", "by likeness"), ("matching", "matching added")):
        part = result[name]
        say(f"{words}: R@1 {part['r1']}, R@5 {part['r5']}, R@10 {part['r10']}, mean {part['mean']}")
    say(f"BLEU of captions: {'nothing here writes them' if result['bleu'] is None else result['bleu']}")
    put({"task": "clothing", **result})
    return 0
