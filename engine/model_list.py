"""The models of each task, and which of them would answer.

May import: `engine.core`, `engine.tiers`, `engine.weights`, `engine.model_intake`, `models.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import model_intake, tiers, weights
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing, SightlineError
from engine.core.models import ModelView, Origin, UseView
from engine.core.protocols import BackendOptions, TrackerOptions
from engine.tiers import Backend
from engine.weights import WeightsFile
from models import registry

CHOOSABLE = {
    "person": "person_model",
    "emotion": "emotion_model",
    "clip": "action_model",
    "identity": "identity_model",
}
"""Task -> field of `AnalysisConfig` that names its model."""

FAKE = "fake"
"""Answers for drawn figures only; never shown."""

_READERS = {"person": "yolo", "emotion": "huggingface", "clip": "videomae", "behaviour": "videomae"}
"""Task -> back end that reads what was brought for it. For "identity" that depends on the folder."""

_NOT_SHOWN = ("training", "measuring", "clip_actions", "activity")
"""Commands rather than models, and what is built upon the model of the task "clip"."""


def tasks() -> tuple[str, ...]:
    """Every task that has models of its own, in the order of the registry."""
    return tuple(task for task in registry.BACKENDS if task not in _NOT_SHOWN)


def candidates(task: str, choice: str, settings: Settings) -> list[ModelView]:
    """Models that could answer for a task, those on this machine first.

    Args:
        task: one of `tasks()`.
        choice: the choice of this home as the store remembers it, "" for none.
        settings: where models are kept.
    """
    found = [*_known(task, choice, settings), *brought(task, choice, settings), *_built_in(task, choice, settings)]
    return sorted(found, key=lambda model: not model.present)


def _known(task: str, choice: str, settings: Settings) -> list[ModelView]:
    """Files of weights known by name."""
    return [
        ModelView(
            task=task,
            name=entry.name,
            backend=entry.backend,
            tier=entry.tier,
            origin=_origin(entry),
            source=entry.url or entry.package or "Sightline",
            licence=entry.licence,
            bytes=entry.bytes,
            sha256=entry.sha256,
            present=entry.present(settings),
            chosen=bool(choice) and choice in (entry.file, entry.name, entry.backend if not entry.url else ""),
        )
        for entry in weights.known()
        if entry.task == task
    ]


def brought(task: str, choice: str, settings: Settings) -> list[ModelView]:
    """Files and folders that somebody put into `<home>/models/<task>/`."""
    folder = settings.models / task
    known = {entry.file for entry in weights.known() if entry.task == task and entry.url}
    if not folder.is_dir():
        return []
    return [
        ModelView(
            task=task,
            name=path.name,
            backend=_reader(task, path),
            tier="pretrained",
            origin=Origin.IMPORTED,
            source=str(path),
            licence="",
            bytes=_size(path),
            sha256=model_intake.marked(path),
            present=True,
            chosen=choice == path.name,
        )
        for path in sorted(folder.iterdir())
        if path.name not in known and _usable(task, path)
    ]


def _built_in(task: str, choice: str, settings: Settings) -> list[ModelView]:
    """Back ends that are code alone, with no file of weights."""
    read = {entry.backend for entry in weights.known() if entry.task == task}
    found = []
    for name in registry.names(task):
        if name == FAKE or name in read or name == _READERS.get(task):
            continue
        try:
            card = _without_weights(task, name, settings).card
        except (SightlineError, ImportError):
            continue
        found.append(
            ModelView(
                task=task,
                name=name,
                backend=name,
                tier=card.tier,
                origin=Origin.PROJECT,
                source=card.source,
                licence=card.licence,
                bytes=0,
                sha256="",
                present=True,
                chosen=choice == name,
            )
        )
    return found


def _reader(task: str, path: Path) -> str:
    """Registry name of the back end that reads what was brought: for telling people apart each network has its own."""
    if task in _READERS:
        return _READERS[task]
    networks: Any = registry.resolve("identity", "mobilenetv3")
    name: str = networks.reader_of(path)
    return name or "mobilenetv3"


def _without_weights(task: str, name: str, settings: Settings) -> Backend:
    """A back end that no weights are named for; what tells people apart may look through the person model in use."""
    if task == "identity":
        return tiers.choose_identity(
            tiers.choose_person(AnalysisConfig(), settings), settings, AnalysisConfig(identity_model=name)
        )
    options = TrackerOptions() if task == "tracker" else BackendOptions(threads=settings.threads)
    return Backend(task, name, options)


def use(task: str, config: AnalysisConfig, settings: Settings) -> UseView | None:
    """What an analysis would use for a task, None where it uses nothing and nothing is amiss.

    Args:
        task: one of `tasks()`.
        config: of the analysis, the choices of this home put in.
        settings: where models are kept.
    """
    profile = config.profile
    try:
        backend = _answering(task, config, settings)
        if backend is None:
            return None
        card = backend.card
    except SightlineError as error:
        why = "missing" if isinstance(error, ModelMissing) else "broken"
        return UseView(profile, "", "", "", "", why, error.user_message)
    except ImportError as error:
        return UseView(profile, "", "", "", "", "broken", f"A package is missing: {error}. Run `make run`.")
    weights_path = getattr(backend.options, "weights", None)
    field = CHOOSABLE.get(task, "")
    others = [name for name in registry.names(task) if name not in (FAKE, backend.name)]
    if field and getattr(config, field):
        why = "chosen"
    elif not others:
        why = "only"
    elif card.tier != "embedded":
        why = "best"
    else:
        why = "built-in" if profile == "embedded" else "nothing-else"
    return UseView(profile, backend.name, card.tier, card.version, weights_path.name if weights_path else "", why)


def fill(config: AnalysisConfig, choices: Mapping[str, str], settings: Settings) -> AnalysisConfig:
    """The settings of an analysis with choices put in where it leaves a model open.

    Only the profile "auto" leaves it open: the others say themselves where models come from.

    Args:
        config: the settings.
        choices: task -> model, as the store remembers it.
        settings: where models are kept.

    Raises:
        ModelMissing: a chosen model is no longer on this machine.
    """
    if config.profile != "auto" or config.person_model == FAKE:
        return config
    chosen: dict[str, Any] = {
        field: _value(task, model, settings)
        for task, model in choices.items()
        if (field := CHOOSABLE.get(task)) and not getattr(config, field)
    }
    return replace(config, **chosen) if chosen else config


def _value(task: str, model: str, settings: Settings) -> str:
    """What the field of `AnalysisConfig` holds for a chosen model: the name of a back end, or a path."""
    if model in registry.names(task):
        return model
    path = settings.models / task / model
    if not path.exists():
        raise ModelMissing(
            f"The {task} model {model}, chosen on the Models page, is no longer on this machine. Choose another one "
            "there, or bring it back."
        )
    return str(path)


def _answering(task: str, config: AnalysisConfig, settings: Settings) -> Backend | None:
    """What would answer for a task; None where nothing is asked."""
    try:
        person = tiers.choose_person(config, settings)
    except ModelMissing:
        if task == "person":
            raise
        # That nobody can look for people is said once, at that task; the others follow any person model.
        person = Backend("person", "blazepose", BackendOptions(threads=settings.threads))
    choosers: dict[str, Callable[[], Backend | None]] = {
        "person": lambda: person,
        "pose": lambda: tiers.choose_pose(person, settings),
        "tracker": lambda: tiers.choose_tracker(config),
        "face_reader": lambda: tiers.choose_face_reader(person, settings),
        "emotion": lambda: tiers.choose_emotion(config, person, settings),
        "action": lambda: tiers.choose_action(person, settings),
        "clip": lambda: tiers.choose_clip(config, settings),
        "clothing": lambda: tiers.choose_clothing(person, settings),
        "clothing_text": lambda: tiers.choose_clothing_text(settings, config.profile),
        "anomaly_scorer": lambda: tiers.choose_anomaly(person, settings),
        "behaviour": lambda: tiers.choose_behaviour(config, person, settings),
        "identity": lambda: tiers.choose_identity(person, settings, config),
    }
    choose = choosers.get(task)
    return choose() if choose is not None else None


def entry_of(task: str, name: str) -> WeightsFile | None:
    """The file of weights known by that name, None where there is none."""
    return next((entry for entry in weights.known() if (entry.task, entry.name) == (task, name)), None)


def _origin(entry: WeightsFile) -> Origin:
    if entry.url:
        return Origin.FETCHED
    return Origin.PACKAGE if entry.package else Origin.PROJECT


def _usable(task: str, path: Path) -> bool:
    accepted = model_intake.ACCEPTED.get(task, ())
    if path.is_dir():
        return model_intake.FOLDER in accepted and (path / "config.json").is_file()
    return path.suffix.lower() in accepted


def _size(path: Path) -> int:
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
