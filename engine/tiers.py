"""Which back end answers for which task: profile and what is on this machine in, back ends out.

May import: `engine.core`, `engine.weights`, `models.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine import weights
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing
from engine.core.protocols import BackendOptions, ModelCard, TrackerOptions
from models import registry

YOLO_SUFFIXES = (".pt", ".onnx", ".tflite")
"""Files that count as person models when they lie in `<home>/models/person/`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A back end that was chosen but not yet loaded.

    Attributes:
        task: such as "person".
        name: registry name.
        options: what it will be built with.
    """

    task: str
    name: str
    options: BackendOptions | TrackerOptions

    @property
    def card(self) -> ModelCard:
        """Its card, without loading the network.

        Raises:
            ModelMissing: its weights are not on this machine.
        """
        card: ModelCard = self._factory.describe(self.options)
        return card

    @property
    def finds_poses(self) -> bool:
        """A person detector that yields poses along with boxes."""
        return bool(self._factory.finds_poses)

    def build(self) -> Any:
        """The loaded back end.

        Raises:
            ModelError: its weights are missing or broken.
        """
        return self._factory(self.options)

    @property
    def _factory(self) -> Any:
        return registry.resolve(self.task, self.name)


def pretrained_person(settings: Settings) -> Path | None:
    """Weights of the person model that `auto` would use: a known file first, else the first one put by hand."""
    for entry in weights.known():
        if entry.task == "person" and entry.tier == "pretrained" and entry.present(settings):
            return entry.path(settings)
    folder = settings.models / "person"
    if not folder.is_dir():
        return None
    return next((path for path in sorted(folder.iterdir()) if path.suffix in YOLO_SUFFIXES), None)


def choose_person(config: AnalysisConfig, settings: Settings) -> Backend:
    """The person detector of an analysis.

    Raises:
        ModelMissing: the profile or the named file asks for weights that are not on this machine.
    """
    options = BackendOptions(threads=settings.threads, min_score=config.detect.min_score)
    if config.person_model in registry.names("person"):
        return Backend("person", config.person_model, options)
    path = Path(config.person_model).expanduser() if config.person_model else None
    if path is not None and not path.exists():
        raise ModelMissing(f"There is no person model at {path}. Check the path given with --person-model.")
    if path is None and config.profile != "embedded":
        path = pretrained_person(settings)
    if path is None and config.profile == "pretrained":
        raise ModelMissing(
            "No pretrained person model is on this machine. Run `python -m engine models fetch yolo11n`, put a YOLO "
            f"file into {settings.models / 'person'}, or analyse with the embedded profile."
        )
    if path is None:
        return Backend("person", "blazepose", options)
    return Backend("person", "yolo", BackendOptions(options.threads, options.min_score, path.resolve()))


def choose_pose(person: Backend, settings: Settings) -> Backend:
    """The pose estimator that goes with a person detector: drawn figures have their own."""
    name = "fake" if person.name == "fake" else "blazepose"
    return Backend("pose", name, BackendOptions(threads=settings.threads))


def choose_tracker(config: AnalysisConfig) -> Backend:
    """The tracker; how long it remembers the unseen is a setting of the analysis."""
    return Backend("tracker", "bytetrack", TrackerOptions(fps=config.detect.fps, lost_s=config.track.lost_s))


def choose_face_reader(person: Backend, settings: Settings) -> Backend:
    """What finds the faces of the people found."""
    name = "fake" if person.name == "fake" else "facemesh"
    return Backend("face_reader", name, BackendOptions(threads=settings.threads))


def choose_emotion(config: AnalysisConfig, person: Backend, settings: Settings) -> Backend:
    """What reads expressions: the named model, else the best that the profile allows and this machine has.

    Raises:
        ModelMissing: the named folder is not there.
    """
    options = BackendOptions(threads=settings.threads)
    if config.emotion_model in registry.names("emotion"):
        return Backend("emotion", config.emotion_model, options)
    if person.name == "fake":
        return Backend("emotion", "fake", options)
    folder = Path(config.emotion_model).expanduser() if config.emotion_model else None
    if folder is not None and not folder.is_dir():
        raise ModelMissing(f"There is no emotion model at {folder}. Choose another one, or bring it back.")
    if folder is None and config.profile != "embedded":
        folder = pretrained_folder("emotion", settings)
    if folder is None:
        return Backend("emotion", "cnn", options)
    return Backend("emotion", "huggingface", BackendOptions(threads=settings.threads, weights=folder.resolve()))


def choose_action(person: Backend, settings: Settings) -> Backend:
    """What tells postures and gestures from landmarks."""
    name = "fake" if person.name == "fake" else "geometry"
    return Backend("action", name, BackendOptions(threads=settings.threads))


def choose_clip(config: AnalysisConfig, settings: Settings) -> Backend | None:
    """What tells activities from short clips of a person; None where there is no such network, or it is not asked for.

    Raises:
        ModelMissing: the named folder is not there.
    """
    folder = Path(config.action_model).expanduser() if config.action_model else None
    if folder is not None and not folder.is_dir():
        raise ModelMissing(f"There is no action model at {folder}. Choose another one, or bring it back.")
    if folder is None and config.profile != "embedded":
        folder = pretrained_folder("clip", settings)
    if folder is None:
        return None
    return Backend("activity", "videomae", BackendOptions(threads=settings.threads, weights=folder.resolve()))


def choose_clothing(person: Backend, settings: Settings) -> Backend:
    """What reads colours and shapes of clothes from kept views."""
    name = "fake" if person.name == "fake" else "slots"
    return Backend("clothing", name, BackendOptions(threads=settings.threads))


def choose_clothing_text(settings: Settings, profile: str = "auto") -> Backend | None:
    """What compares clothes with sentences: a checkpoint in `<home>/models/clothing_text/`; None where there is none.

    Checkpoints that were trained with Sightline come first, others by name. The profile "embedded" asks none.
    """
    if profile == "embedded":
        return None
    reader: Any = registry.resolve("clothing_text", "blip")
    found: list[Path] = reader.find(settings.models / "clothing_text")
    if not found:
        return None
    return Backend("clothing_text", "blip", BackendOptions(threads=settings.threads, weights=found[0].resolve()))


def choose_identity(person: Backend, settings: Settings, config: AnalysisConfig) -> Backend:
    """What turns kept views into vectors of who they show: the named one, else the best that the profile allows.

    Checkpoints lie in `<home>/models/identity/`, those trained with Sightline first; without any, body parts by colour
    and texture. Features of the YOLO in use answer where they are asked for by name.

    Raises:
        ModelMissing: what is named is not there.
    """
    options, named = BackendOptions(threads=settings.threads), config.identity_model
    if named in registry.names("identity"):
        weights_in_use = person.options.weights if isinstance(person.options, BackendOptions) else None
        return Backend("identity", named, replace(options, weights=weights_in_use if named == "yolo" else None))
    if person.name == "fake":
        return Backend("identity", "fake", options)
    networks: Any = registry.resolve("identity", "mobilenetv3")
    if named:
        path = Path(named).expanduser().resolve()
        found = [(name, folder) for name, folder in networks.find(path.parent) if folder.resolve() == path]
        if not found:
            raise ModelMissing(f"There is no identity model at {path}. Choose another one, or bring it back.")
    else:
        found = networks.find(settings.models / "identity") if config.profile != "embedded" else []
    if not found:
        return Backend("identity", "parts", options)
    name, folder = found[0]
    return Backend("identity", name, replace(options, weights=folder.resolve()))


def choose_anomaly(person: Backend, settings: Settings) -> Backend:
    """What tells the ordinary from the extraordinary by movement."""
    name = "fake" if person.name == "fake" else "skeleton-lstm"
    return Backend("anomaly_scorer", name, BackendOptions(threads=settings.threads))


def choose_behaviour(config: AnalysisConfig, person: Backend, settings: Settings) -> Backend:
    """What reads hands in a shop: a checkpoint in `<home>/models/behaviour/`, else the wrists.

    The profile "embedded" asks no checkpoint.
    """
    options = BackendOptions(threads=settings.threads)
    if person.name == "fake":
        return Backend("behaviour", "fake", options)
    folder = pretrained_folder("behaviour", settings) if config.profile != "embedded" else None
    if folder is None:
        return Backend("behaviour", "wrists", options)
    return Backend("behaviour", "videomae", BackendOptions(threads=settings.threads, weights=folder.resolve()))


def pretrained_folder(task: str, settings: Settings) -> Path | None:
    """The first checkpoint folder, by name, in `<home>/models/<task>/`."""
    root = settings.models / task
    if not root.is_dir():
        return None
    return next((folder for folder in sorted(root.iterdir()) if (folder / "config.json").is_file()), None)
