"""Training of a network that tells people apart, to a checkpoint that is ready to be chosen.

Owns: the order of a training, and the state an interrupted one goes on from. May import: `engine.core`,
`models.checkpoint`, `models.identity`, this room.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.config import canonical_json
from engine.core.errors import ConfigError, ModelError
from models.checkpoint import CONFIG, OURS
from models.identity import checkpoint
from models.identity.checkpoint import FAMILIES, Recipe
from models.training.interrupted import go_on
from models.training.reid_config import ReidTrainConfig
from models.training.reid_data import TRAINING, Shot, read_part, split, with_company
from models.training.reid_report import CARD, CURVES, draw_curves, write_card
from models.training.reid_scores import Scores, cosine_scale, score, trial_within

if TYPE_CHECKING:
    from models.identity.network import IdentityNet
    from models.training.reid_steps import Trainer

WORK = "training"
"""Folder inside the results with what an interrupted training goes on from; gone when the training is done."""

_STATE, _BEST = "state.pt", "best"


@dataclass(frozen=True, slots=True)
class Epoch:
    """How an epoch went.

    Attributes:
        number: from 1.
        of: how many there may be.
        loss: mean training loss.
        map: mean average precision on the people held out, in [0, 1].
        rank1: share of their pictures whose likeliest answer is right.
    """

    number: int
    of: int
    loss: float
    map: float
    rank1: float


@dataclass(frozen=True, slots=True)
class Places:
    """Where a training reads and writes.

    Attributes:
        data: the data set, see `models.training.reid_data`; only its folder `training` is looked at.
        out: folder for the checkpoint, its card and its picture; made if it is not there.
        base: checkpoint folder to start from, of ours or of timm; None starts from chance.
    """

    data: Path
    out: Path
    base: Path | None = None


def train(
    config: ReidTrainConfig | Mapping[str, Any],
    places: Places | Mapping[str, Path | None],
    *,
    resume: bool = False,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a network, or go on with it.

    Args:
        config: how to train, or the settings that differ from the defaults, as plain values.
        places: where to read and write, or a mapping of the same names.
        resume: go on from the state in `out`, if there is one; the result is that of an uninterrupted training.
        on_epoch: hears about every epoch.

    Returns:
        Plain facts: where the checkpoint is, how it does on the people held out, how the network did before.

    Raises:
        ModelMissing: the checkpoint to start from is not there.
        ModelError: it is of another architecture, or cannot be read.
        FootageError: there are no pictures, or too few.
        ConfigError: a setting is unknown or out of bounds; the state in `out` belongs to another training, or there
            is one and `resume` is not set; a checkpoint is there already.
    """
    if not isinstance(config, ReidTrainConfig):
        config = ReidTrainConfig.from_dict(config)
    if not isinstance(places, Places):
        places = Places(**places)  # type: ignore[arg-type]
    work = places.out / WORK
    _check_place(places.out, resume=resume)
    shots = read_part(places.data, TRAINING)
    usable, alone = with_company(shots.kept)
    learned, held = split(usable, config.held_out, config.seed)
    network = start_network(config, places.base)
    from models.training.reid_steps import Trainer

    trainer = Trainer(network, learned, config)
    identity = _identity(config, places, learned, held)
    before = _measure(trainer, held)
    history: list[Epoch] = go_on(work / _STATE, identity, trainer.restore, Epoch, "pictures")
    while trainer.epoch < config.epochs and not is_stalled(history, config.patience):
        history.append(_run_epoch(trainer, held, config))
        if best_epoch(history) is history[-1]:
            checkpoint.write(network, work / _BEST)
        _keep(trainer, history, work / _STATE, identity)
        on_epoch(history[-1])
    facts = {
        "before": before.to_dict(),
        "training": _count(learned),
        "held_out": _count(held),
        "skipped": [*shots.skipped, *_alone(alone)],
        "base": f"{places.base.name} ({_version(places.base)})" if places.base else "",
    }
    return _finish(places.out, config, trainer, (held, history), facts)


def start_network(config: ReidTrainConfig, base: Path | None) -> IdentityNet:
    """The network a training begins with: from chance, the same one every time, or with the weights of another.

    Raises:
        ModelMissing: the checkpoint to start from is not there.
        ModelError: it is of another architecture, or there is no such architecture.
    """
    import torch

    from models.identity.network import IdentityNet

    start = checkpoint.read(checkpoint.existing_folder(base, config.model)) if base is not None else None
    told = start.recipe.architecture if start is not None else ""
    usual = told if told and checkpoint.family_of(told) == config.model else FAMILIES[config.model]
    architecture = config.architecture or usual
    try:
        recipe = Recipe(
            architecture=architecture,
            height=config.height,
            width=config.width,
            embedding=config.embedding,
            cbam=config.cbam and config.model == "squeezenet",
        )
        if start is not None:
            shown = start.recipe
            recipe = replace(recipe, mean=shown.mean, std=shown.std, interpolation=shown.interpolation)
        torch.manual_seed(config.seed)
        network = IdentityNet(recipe)
    except ValueError as error:
        raise ModelError(
            f"{architecture} cannot be trained here: {error}. Name another architecture of {config.model}."
        ) from error
    if start is not None:
        if (start.recipe.architecture, start.recipe.cbam) != (recipe.architecture, recipe.cbam):
            raise ModelError(
                f"The checkpoint {base} is of the architecture {start.recipe.architecture}, not {recipe.architecture}. "
                "Name another with --base, or the right one with --model."
            )
        network.backbone.load_state_dict(start.backbone.state_dict())
        if start.recipe.embedding == recipe.embedding:
            network.head.load_state_dict(start.head.state_dict())
    return network


def best_epoch(history: Sequence[Epoch]) -> Epoch:
    """The first of the epochs that did best on the people held out."""
    return max(history, key=lambda epoch: (round(epoch.map, 6), -epoch.number))


def is_stalled(history: Sequence[Epoch], patience: int) -> bool:
    """Whether so many epochs have gone by without a better one."""
    return bool(history) and history[-1].number - best_epoch(history).number >= patience


def _check_place(out: Path, *, resume: bool) -> None:
    if (out / CONFIG).is_file():
        raise ConfigError(f"{out} holds a model already. Name another folder with --out, or move that one away.")
    if (out / WORK / _STATE).is_file() and not resume:
        raise ConfigError(f"{out} holds a training already. Go on with --resume, or name another folder for a new one.")


def _run_epoch(trainer: Trainer, held: Sequence[Shot], config: ReidTrainConfig) -> Epoch:
    loss = trainer.run_epoch()
    scores = _measure(trainer, held)
    return Epoch(trainer.epoch, config.epochs, loss, scores.map, scores.ranks[0])


def _measure(trainer: Trainer, held: Sequence[Shot]) -> Scores:
    """Every picture held out, against all the others."""
    people, cameras = [shot.person for shot in held], [shot.camera for shot in held]
    return score(trial_within(trainer.vectors(held), people, cameras))


def _finish(
    out: Path,
    config: ReidTrainConfig,
    trainer: Trainer,
    made: tuple[Sequence[Shot], list[Epoch]],
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Measure the weights that were kept as they were written, and put all about them into one place."""
    held, history = made
    network = checkpoint.read(out / WORK / _BEST)
    trainer.network = network.to(next(trainer.network.parameters()).device)
    vectors = trainer.vectors(held)
    scale = cosine_scale(vectors, [shot.person for shot in held])
    if scale is not None:
        network.recipe = replace(network.recipe, scale=scale)
    facts = {
        **facts,
        "model": config.model,
        "architecture": network.recipe.architecture,
        "loss": config.loss,
        "measured": _measure(trainer, held).to_dict(),
        "scale": network.recipe.scale,
        "epochs": history[-1].number,
        "best_epoch": best_epoch(history).number,
        "history": [asdict(epoch) for epoch in history],
    }
    (out / CARD).write_text(write_card(config, facts), "utf-8")
    draw_curves(history, facts["before"]["map"], out / CURVES)
    (out / OURS).write_text(json.dumps({"settings": config.to_dict(), **facts}, ensure_ascii=False, indent=1), "utf-8")
    checkpoint.write(network, out)
    shutil.rmtree(out / WORK)
    return {"checkpoint": str(out), **facts}


def _count(shots: Sequence[Shot]) -> dict[str, int]:
    return {"people": len({shot.person for shot in shots}), "pictures": len(shots)}


def _alone(people: Sequence[str]) -> list[str]:
    if not people:
        return []
    more = f" and {len(people) - 5} more" if len(people) > 5 else ""
    return [f"{len(people)} people are seen only once and teach nothing: {', '.join(people[:5])}{more}."]


def _version(base: Path) -> str:
    return checkpoint.describe(base, "", "").version


def _identity(config: ReidTrainConfig, places: Places, learned: Sequence[Shot], held: Sequence[Shot]) -> str:
    """What a training is recognised by: its settings, where it starts and its pictures."""
    names = [[shot.path.name for shot in part] for part in (learned, held)]
    parts = [config.to_dict(), _version(places.base) if places.base else "", names]
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _keep(trainer: Trainer, history: Sequence[Epoch], path: Path, identity: str) -> None:
    """Write in one piece: an interruption leaves the old file whole."""
    import torch

    part = path.with_name(path.name + ".part")
    told = json.dumps([asdict(epoch) for epoch in history])
    torch.save({"identity": identity, "history": told, "trainer": trainer.state()}, part)
    part.replace(path)
