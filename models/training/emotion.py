"""Training of the emotion network: from labelled faces to a checkpoint, its card and its pictures.

Owns: the order of a training, and the state an interrupted one goes on from. May import: `engine.core`,
`models.emotion`, this room.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from engine.core.config import canonical_json
from engine.core.errors import ConfigError, FootageError
from engine.core.protocols import BackendOptions
from models.emotion.fer import MEASURING, TRAINING, LabelledFaces, hold_out, read_faces
from models.training.emotion_config import EmotionTrainConfig
from models.training.emotion_metrics import fit_temperature, negative_log_likelihood, score, softmax

if TYPE_CHECKING:
    from models.training.emotion_steps import Trainer

CHECKPOINT = "emotion.safetensors"
CARD = "emotion.md"
STATE = "training.pt"
"""What an interrupted training goes on from."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """How an epoch went.

    Attributes:
        number: from 1.
        of: how many there will be.
        loss: mean training loss.
        accuracy: of the averaged weights on the faces held out.
        macro_recall: likewise.
        held_out_loss: negative log-likelihood of the held-out labels, at the temperature that suits them best; the
            epoch with the lowest is kept.
    """

    number: int
    of: int
    loss: float
    accuracy: float
    macro_recall: float
    held_out_loss: float


def train(
    config: EmotionTrainConfig | Mapping[str, Any],
    data: Path,
    out: Path,
    *,
    resume: bool = False,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> dict[str, Any]:
    """Train the network, or go on training it.

    Writes `emotion.safetensors`, `emotion.md` and two pictures; `training.pt` after every epoch.

    Args:
        config: how to train, or the settings that differ from the defaults, as plain values.
        data: zip file or folder with `train/<label>/`, or with the labels' folders at the top. What lies in
            `validation/` or `test/` is never trained on, and measured once at the end.
        out: folder for the results; made if it is not there.
        resume: go on from the state in `out`, if there is one; the result is that of an uninterrupted training.
        on_epoch: hears about every epoch.

    Returns:
        Plain numbers: where the checkpoint is, its temperature, how it did on the faces held out and on the others.

    Raises:
        FootageError: the faces cannot be read, or there are too few.
        ConfigError: a setting is unknown or out of bounds; the state in `out` belongs to another training, or there
            is one and `resume` is not set.
    """
    from models.training.emotion_steps import Trainer, logits_of

    if not isinstance(config, EmotionTrainConfig):
        config = EmotionTrainConfig.from_dict(config)
    learned, held = hold_out(read_faces(data, TRAINING), config.held_out, config.seed)
    if len(learned) < config.batch:
        raise FootageError(f"{len(learned)} faces are too few for batches of {config.batch}.", kind="too-few-faces")
    out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(config, learned)
    identity = _identity(config, learned)
    history, best = _restore(trainer, out / STATE, identity, resume)
    while trainer.epoch < config.all_epochs:
        loss = trainer.run_epoch()
        logits = logits_of(trainer.averaged, held.faces)
        temperature = fit_temperature(logits, held.labels)
        result = score(softmax(logits, temperature), held.labels)
        history.append(
            Epoch(
                number=trainer.epoch,
                of=config.all_epochs,
                loss=loss,
                accuracy=result.accuracy,
                macro_recall=result.macro_recall,
                held_out_loss=negative_log_likelihood(logits, held.labels, temperature),
            )
        )
        if _best(history) is history[-1]:
            best = copy.deepcopy(trainer.averaged.state_dict())
        _keep(out / STATE, identity, history, {"trainer": trainer.state(), "best": best})
        on_epoch(history[-1])
    trainer.averaged.load_state_dict(best)
    return _finish(trainer, history, held, data, out)


def _best(history: list[Epoch]) -> Epoch:
    return min(history, key=lambda epoch: epoch.held_out_loss)


def _finish(trainer: Trainer, history: list[Epoch], held: LabelledFaces, data: Path, out: Path) -> dict[str, Any]:
    """Write the checkpoint, measure what was written, and tell about it."""
    from models.emotion import checkpoint
    from models.emotion.network import BLOCKS
    from models.training.emotion_measure import measure
    from models.training.emotion_report import write_card, write_pictures
    from models.training.emotion_steps import logits_of, widths_of

    path = out / CHECKPOINT
    temperature = fit_temperature(logits_of(trainer.averaged, held.faces), held.labels)
    checkpoint.save(trainer.averaged, checkpoint.Settings(temperature, widths_of(trainer.config), BLOCKS), path)
    options = BackendOptions(threads=1, weights=path)
    parts = {"held out": measure(held, options)}
    for part in MEASURING[:-1]:
        try:
            parts[part] = measure(read_faces(data, (part,)), options)
        except FootageError as error:
            if error.kind != "no-faces":
                raise
    write_pictures(history, parts, out)
    write_card(trainer.config, temperature, _best(history).number, parts, out / CARD)
    return {
        "checkpoint": str(path),
        "card": str(out / CARD),
        "epochs": trainer.epoch,
        "best_epoch": _best(history).number,
        "temperature": round(temperature, 4),
        "measured": {name: result.to_dict() for name, result in parts.items()},
    }


def _identity(config: EmotionTrainConfig, faces: LabelledFaces) -> str:
    """What a training is recognised by: its settings and its faces."""
    digest = hashlib.sha256(canonical_json(config.to_dict()).encode())
    digest.update(faces.faces.tobytes())
    digest.update(faces.labels.tobytes())
    return digest.hexdigest()


def _keep(path: Path, identity: str, history: list[Epoch], state: dict[str, Any]) -> None:
    import torch

    part = path.with_name(path.name + ".part")
    told = json.dumps([asdict(epoch) for epoch in history])
    torch.save({"identity": identity, "history": told, **state}, part)
    part.replace(path)


def _restore(trainer: Trainer, path: Path, identity: str, resume: bool) -> tuple[list[Epoch], dict[str, Any]]:
    import torch

    if not path.is_file():
        return [], {}
    if not resume:
        raise ConfigError(
            f"{path.parent} holds a training already. Go on with --resume, or name another folder for a new one."
        )
    try:
        saved = torch.load(path, weights_only=True)
        history = [Epoch(**row) for row in json.loads(saved["history"])]
        same, best = saved["identity"] == identity, saved["best"]
        if same:
            trainer.restore(saved["trainer"])
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, EOFError, UnpicklingError) as error:
        raise ConfigError(
            f"{path} is broken, so that training cannot go on. Take it away and start again.", detail=str(error)
        ) from error
    if not same:
        raise ConfigError(
            f"The training in {path.parent} had other settings or other faces. Name another folder, or the same "
            "settings and faces as then."
        )
    return history, best
