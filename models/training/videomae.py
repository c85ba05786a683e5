"""Fine-tuning of a video classifier on a folder of footage per label, to a checkpoint that is ready to be chosen.

Owns: the order of a training, and the state an interrupted one goes on from. May import: `engine.core`,
`models.checkpoint`, `models.action`, this room.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.config import canonical_json
from engine.core.errors import ConfigError, ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from models.action.videomae import clip_shape
from models.checkpoint import OURS, checkpoint_card, checkpoint_folder, load_checkpoint
from models.training.interrupted import go_on
from models.training.videomae_clips import ClipFiles, Prepared, Senses, find_files, prepare
from models.training.videomae_config import VideoTrainConfig
from models.training.videomae_report import CARD, CONFUSION, Result, draw_confusion, measure, write_card

if TYPE_CHECKING:
    from models.training.videomae_steps import Trainer

WORK = "training"
"""Folder inside the results with what an interrupted training goes on from; gone when the training is done."""

_STATE, _BEST, _CLIPS = "state.pt", "best", "clips"


@dataclass(frozen=True, slots=True)
class Epoch:
    """How an epoch went.

    Attributes:
        number: from 1.
        of: how many there may be.
        loss: mean training loss.
        accuracy: on the clips held out.
        macro_recall: likewise.
        held_out_loss: negative log-likelihood of the held-out labels.
    """

    number: int
    of: int
    loss: float
    accuracy: float
    macro_recall: float
    held_out_loss: float


@dataclass(frozen=True, slots=True)
class Places:
    """Where a training reads and writes.

    Attributes:
        data: footage by label, see `find_files`.
        out: folder for the checkpoint, its card and its picture; made if it is not there.
        base: checkpoint folder to start from, None if there is none.
    """

    data: Path
    out: Path
    base: Path | None


def train(
    config: VideoTrainConfig | Mapping[str, Any],
    places: Places | Mapping[str, Path | None],
    senses: Senses,
    *,
    resume: bool = False,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> dict[str, Any]:
    """Fine-tune a network, or go on with it.

    Args:
        config: how to train, or the settings that differ from the defaults, as plain values.
        places: where to read and write, or a mapping of the same names.
        senses: decode footage and find people.
        resume: go on from the state in `out`, if there is one; the result is that of an uninterrupted training.
        on_epoch: hears about every epoch.

    Returns:
        Plain facts: where the checkpoint is, what it tells, how it does on the clips held out.

    Raises:
        ModelMissing: there is no checkpoint to start from.
        ModelError: it is of another architecture, or cannot be read.
        FootageError: there are too few labels or clips.
        ConfigError: a setting is unknown or out of bounds; the state in `out` belongs to another training, or there
            is one and `resume` is not set.
    """
    if not isinstance(config, VideoTrainConfig):
        config = VideoTrainConfig.from_dict(config)
    if not isinstance(places, Places):
        places = Places(**places)  # type: ignore[arg-type]
    base = _base(places)
    files = find_files(places.data, config)
    network, processor = _load(base, config, files.labels)
    work = places.out / WORK
    if (work / _STATE).is_file() and not resume:
        raise ConfigError(
            f"{places.out} holds a training already. Go on with --resume, or name another folder for a new one."
        )
    shape = clip_shape(network.config, base.name)
    learned = prepare(files.training, senses, shape, config, work / _CLIPS)
    held = prepare(files.held, senses, shape, config, work / _CLIPS, learned)
    from models.training.videomae_steps import Trainer

    trainer = Trainer(network, processor, learned, config)
    identity = _identity(config, base, learned, held)
    history = _restore(trainer, work / _STATE, identity)
    while trainer.epoch < config.epochs and not is_stalled(history, config.patience):
        loss = trainer.run_epoch()
        result = measure(trainer.answers(held), held.labels)
        history.append(Epoch(trainer.epoch, config.epochs, loss, result.accuracy, result.macro_recall, result.loss))
        if best_epoch(history) is history[-1]:
            network.save_pretrained(work / _BEST)
        _keep(trainer, history, work / _STATE, identity)
        on_epoch(history[-1])
    result = _measured(work / _BEST, trainer, processor, held)
    return _finish(places, config, files, (base, result), _facts(history, learned, held))


def _base(places: Places) -> Path:
    if places.base is None:
        raise ModelMissing(
            "There is no video checkpoint to start from. Name one with --base, for example a folder with the files of "
            "MCG-NJU/videomae-base-finetuned-kinetics, or put it into the models folder of SIGHTLINE_HOME."
        )
    return checkpoint_folder(BackendOptions(weights=places.base), "checkpoint to start from")


def _load(base: Path, config: VideoTrainConfig, labels: tuple[str, ...]) -> tuple[Any, Any]:
    """The network with a new last layer for the labels, and its processor."""
    import torch

    try:
        kind = json.loads((base / "config.json").read_text("utf-8")).get("model_type")
    except (ValueError, AttributeError, UnicodeDecodeError) as error:
        raise ModelError(f"The config of the checkpoint {base.name} is broken. Fetch it again.") from error
    if kind != config.architecture:
        raise ModelError(
            f"The checkpoint {base.name} is of the architecture {kind}, not {config.architecture}. Name another with "
            "--base, or the right one with --architecture."
        )
    # The last layer starts from chance, the same one every time.
    torch.manual_seed(config.seed)
    return load_checkpoint(
        "AutoModelForVideoClassification",
        base,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        ignore_mismatched_sizes=True,
    )


def best_epoch(history: list[Epoch]) -> Epoch:
    """The first of the epochs that did best on the clips held out."""
    return max(history, key=lambda epoch: (round(epoch.macro_recall, 6), -epoch.held_out_loss))


def is_stalled(history: list[Epoch], patience: int) -> bool:
    """Whether so many epochs have gone by without a better one."""
    return bool(history) and history[-1].number - best_epoch(history).number >= patience


def _measured(best: Path, trainer: Trainer, processor: Any, held: Prepared) -> Result:
    """How the weights that were kept do; loaded from what was written, the way an analysis will."""
    processor.save_pretrained(best)
    trainer.network, _ = load_checkpoint("AutoModelForVideoClassification", best)
    return measure(trainer.answers(held), held.labels)


def _facts(history: list[Epoch], learned: Prepared, held: Prepared) -> dict[str, Any]:
    return {
        "epochs": history[-1].number,
        "best_epoch": best_epoch(history).number,
        "training_clips": len(learned),
        "held_clips": len(held),
        "skipped": [*learned.skipped, *held.skipped],
        "history": [asdict(epoch) for epoch in history],
    }


def _finish(
    places: Places,
    config: VideoTrainConfig,
    files: ClipFiles,
    made: tuple[Path, Result],
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Put the checkpoint together in one place and tell about it."""
    base, result = made
    facts = {"base": f"{base.name} ({checkpoint_card('videomae', base, '').version})", **facts}
    out, work = places.out, places.out / WORK
    for file in sorted((work / _BEST).iterdir()):
        shutil.copy2(file, out / file.name)
    told = {
        "labels": list(files.labels),
        "accuracy": round(result.accuracy, 4),
        "macro_recall": round(result.macro_recall, 4),
        "confusion": result.confusion.tolist(),
        **facts,
    }
    (out / CARD).write_text(write_card(config, files.labels, result, facts), "utf-8")
    draw_confusion(files.labels, result, out / CONFUSION)
    (out / OURS).write_text(json.dumps({"settings": config.to_dict(), **told}, ensure_ascii=False, indent=1), "utf-8")
    shutil.rmtree(work)
    return {"checkpoint": str(out), **told}


def _identity(config: VideoTrainConfig, base: Path, learned: Prepared, held: Prepared) -> str:
    """What a training is recognised by: its settings, where it starts and its clips."""
    clips = [[path.name for path in part.files] + list(part.labels) for part in (learned, held)]
    parts = [config.to_dict(), checkpoint_card("videomae", base, "").version, clips]
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _keep(trainer: Trainer, history: list[Epoch], path: Path, identity: str) -> None:
    import torch

    part = path.with_name(path.name + ".part")
    told = json.dumps([asdict(epoch) for epoch in history])
    torch.save({"identity": identity, "history": told, "trainer": trainer.state()}, part)
    part.replace(path)


def _restore(trainer: Trainer, path: Path, identity: str) -> list[Epoch]:
    return go_on(path, identity, trainer.restore, Epoch, "footage")
