"""Fine-tuning of BLIP on pictures of people with sentences, to a checkpoint that search uses at once.

Owns: the order of a training, and the state an interrupted one goes on from. May import: `engine.core`,
`models.checkpoint`, `models.clothing`, this room.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.config import canonical_json
from engine.core.errors import ConfigError, ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from models.checkpoint import OURS, checkpoint_card, checkpoint_folder, load_checkpoint
from models.clothing.blip import CAPTIONING, CAPTIONS, RETRIEVAL, architecture
from models.training.blip_config import BlipTrainConfig
from models.training.blip_data import Pair, answers, read_pairs, split
from models.training.blip_report import CARD, CURVES, draw_curves, write_card
from models.training.blip_scores import recall
from models.training.interrupted import go_on

if TYPE_CHECKING:
    from models.training.blip_steps import Networks, Trainer

WORK = "training"
"""Folder inside the results with what an interrupted training goes on from; gone when the training is done."""

_STATE, _BEST = "state.pt", "best.pt"


@dataclass(frozen=True, slots=True)
class Epoch:
    """How an epoch went.

    Attributes:
        number: from 1.
        of: how many there may be.
        contrastive, matching, writing: mean training losses.
        held_contrastive, held_matching, held_writing: the same on the pairs held out.
        r1, r5, r10, mean: recall of held-out pictures by their sentences, by likeness alone, percent.
    """

    number: int
    of: int
    contrastive: float
    matching: float
    writing: float
    held_contrastive: float
    held_matching: float
    held_writing: float
    r1: float
    r5: float
    r10: float
    mean: float

    @property
    def loss(self) -> float:
        """Sum of the training losses."""
        return self.contrastive + self.matching + self.writing

    @property
    def held_loss(self) -> float:
        """Sum of the losses on the pairs held out."""
        return self.held_contrastive + self.held_matching + self.held_writing


def train(
    config: BlipTrainConfig | Mapping[str, Any],
    *,
    resume: bool = False,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> dict[str, Any]:
    """Fine-tune BLIP, or go on with it.

    Args:
        config: what to train with, or the settings as plain values; paths are absolute.
        resume: go on from the state in `out`, if there is one; the result is that of an uninterrupted training.
        on_epoch: hears about every epoch.

    Returns:
        Plain facts: where the checkpoint is, how it does on the pairs held out, how the network did before.

    Raises:
        ModelMissing: there is no checkpoint to start from.
        ModelError: it is of another kind, or cannot be read.
        FootageError: there are no pictures with sentences, or too few, or one cannot be opened.
        ConfigError: a setting is unknown or out of bounds; the state in `out` belongs to another training, or there
            is one and `resume` is not set.
    """
    if not isinstance(config, BlipTrainConfig):
        config = BlipTrainConfig.from_dict(config)
    out = Path(config.out)
    learned, held = split(read_pairs(Path(config.data), config.layout), config.held_out, config.seed)
    bases = Path(config.retrieval), Path(config.captioning)
    networks = load_networks(*bases)
    work = out / WORK
    if (work / _STATE).is_file() and not resume:
        raise ConfigError(f"{out} holds a training already. Go on with --resume, or name another folder for a new one.")
    work.mkdir(parents=True, exist_ok=True)
    from models.training.blip_steps import Trainer

    trainer = Trainer(networks, learned, config)
    identity = _identity(config, bases, learned, held)
    before = recall_of(trainer, held)
    history = _restore(trainer, work / _STATE, identity)
    while trainer.epoch < config.epochs and not is_stalled(history, config.patience):
        history.append(_run_epoch(trainer, held, config))
        if best_epoch(history) is history[-1]:
            _write(
                work / _BEST, {"retrieval": networks.retrieval.state_dict(), "decoder": networks.decoder.state_dict()}
            )
        _keep(trainer, history, work / _STATE, identity)
        on_epoch(history[-1])
    _save_best(networks, bases[1], out)
    return _finish(config, bases, (learned, held), history, before)


def load_networks(retrieval: Path, captioning: Path) -> Networks:
    """The networks to start from: all of the one that compares, and the decoder of the one that writes.

    Raises:
        ModelMissing: a checkpoint is not there.
        ModelError: one is of another kind, or they do not fit together.
    """
    for folder, kind, name in (
        (retrieval, RETRIEVAL, "blip-itm-base-coco"),
        (captioning, CAPTIONING, "blip-image-captioning-base"),
    ):
        try:
            checkpoint_folder(BackendOptions(weights=folder), "checkpoint to start from")
        except ModelMissing as error:
            raise ModelMissing(
                f"{error.user_message} Run `python -m engine models fetch {name}`, or name its folder in the settings."
            ) from error
        if architecture(folder) != kind:
            raise ModelError(f"The checkpoint {folder} is no {kind}. Name the folder of {name} in the settings.")
    from models.clothing.blip_text import BlipText
    from models.training.blip_steps import Networks

    network, processor = load_checkpoint(RETRIEVAL, retrieval)
    writer, _ = load_checkpoint(CAPTIONING, captioning)
    text, written = BlipText(retrieval, network.config), BlipText(captioning, writer.config)
    if text.tokenizer.get_vocab() != written.tokenizer.get_vocab() or text.decode_id != written.decode_id:
        raise ModelError("The two checkpoints to start from have different words. Name two that belong together.")
    if network.config.vision_config.hidden_size != writer.config.text_config.encoder_hidden_size:
        raise ModelError("The two checkpoints to start from have different sizes. Name two that belong together.")
    return Networks(network, writer.text_decoder, processor, text)


def recall_of(trainer: Trainer, pairs: Sequence[Pair]) -> dict[str, float]:
    """Recall of pairs as the networks are now, by likeness alone."""
    return _recall(trainer.check(pairs)[1].numpy(), pairs)


def _recall(likeness: Any, pairs: Sequence[Pair]) -> dict[str, float]:
    sentences, pictures, right = answers(pairs)
    return recall(likeness[np.ix_(sentences, pictures)], right)


def _run_epoch(trainer: Trainer, held: Sequence[Pair], config: BlipTrainConfig) -> Epoch:
    losses = trainer.run_epoch()
    checked, likeness = trainer.check(held)
    return Epoch(
        number=trainer.epoch,
        of=config.epochs,
        contrastive=losses.contrastive,
        matching=losses.matching,
        writing=losses.writing,
        held_contrastive=checked.contrastive,
        held_matching=checked.matching,
        held_writing=checked.writing,
        **_recall(likeness.numpy(), held),
    )


def best_epoch(history: list[Epoch]) -> Epoch:
    """The first of the epochs that did best on the pairs held out."""
    return max(history, key=lambda epoch: (epoch.mean, -epoch.held_loss))


def is_stalled(history: list[Epoch], patience: int) -> bool:
    """Whether so many epochs have gone by without a better one."""
    return bool(history) and history[-1].number - best_epoch(history).number >= patience


def _save_best(networks: Networks, captioning: Path, out: Path) -> None:
    """Write both parts as `save_pretrained` does; what writes looks through the eyes of what compares."""
    import torch

    best = torch.load(out / WORK / _BEST, weights_only=True, map_location="cpu")
    networks.retrieval.load_state_dict(best["retrieval"])
    networks.decoder.load_state_dict(best["decoder"])
    writer, _ = load_checkpoint(CAPTIONING, captioning)
    writer.vision_model.load_state_dict(networks.retrieval.vision_model.state_dict())
    writer.text_decoder.load_state_dict(networks.decoder.state_dict())
    for network, place in ((networks.retrieval, out), (writer, out / CAPTIONS)):
        for part in (network, networks.processor, networks.text.tokenizer):
            part.save_pretrained(place)


def _finish(
    config: BlipTrainConfig,
    bases: tuple[Path, Path],
    pairs: tuple[list[Pair], list[Pair]],
    history: list[Epoch],
    before: dict[str, float],
) -> dict[str, Any]:
    """Put the checkpoint together in one place, measure what was written, and tell about it."""
    import torch

    from models.training.blip_measure import measure

    out = Path(config.out)
    measured = measure(pairs[1], BackendOptions(threads=torch.get_num_threads(), weights=out), config.top)
    facts = {
        "base": [f"{base.name} ({checkpoint_card('blip', base, '').version})" for base in bases],
        "epochs": history[-1].number,
        "best_epoch": best_epoch(history).number,
        "training_pairs": len(pairs[0]),
        "held_pairs": len(pairs[1]),
        "before": before,
        "measured": measured,
        "history": [asdict(epoch) for epoch in history],
    }
    (out / CARD).write_text(write_card(config, facts), "utf-8")
    draw_curves(history, out / CURVES)
    told = {"settings": config.to_dict(), **facts}
    (out / OURS).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    shutil.rmtree(out / WORK)
    return {"checkpoint": str(out), **facts}


def _identity(config: BlipTrainConfig, bases: tuple[Path, Path], learned: Sequence[Pair], held: Sequence[Pair]) -> str:
    """What a training is recognised by: its settings, where it starts and its pairs."""
    root = Path(config.data)
    pairs = [[(pair.picture.relative_to(root).as_posix(), pair.sentence) for pair in part] for part in (learned, held)]
    settings = {name: value for name, value in config.to_dict().items() if name not in ("data", "out")}
    parts = [settings, [checkpoint_card("blip", base, "").version for base in bases], pairs]
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _keep(trainer: Trainer, history: list[Epoch], path: Path, identity: str) -> None:
    told = json.dumps([asdict(epoch) for epoch in history])
    _write(path, {"identity": identity, "history": told, "trainer": trainer.state()})


def _write(path: Path, value: dict[str, Any]) -> None:
    """Write in one piece: an interruption leaves the old file whole."""
    import torch

    part = path.with_name(path.name + ".part")
    torch.save(value, part)
    part.replace(path)


def _restore(trainer: Trainer, path: Path, identity: str) -> list[Epoch]:
    return go_on(path, identity, trainer.restore, Epoch, "pictures")
