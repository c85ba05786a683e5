"""Training of the skeleton network: from labelled skeletons to a checkpoint, its card and its picture.

Owns: the order of a training, and the state an interrupted one goes on from. May import: `engine.core`,
`models.anomaly`, this room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES
from engine.core.config import canonical_json
from engine.core.errors import ConfigError, FootageError
from engine.core.reviews import JudgedSequence
from engine.core.types import FloatArray
from models.anomaly.skeleton_csv import LabelledMotion, read_skeletons
from models.training.emotion_metrics import fit_temperature
from models.training.skeleton_augment import shuffled_in_time
from models.training.skeleton_config import SkeletonTrainConfig
from models.training.skeleton_context import in_context
from models.training.skeleton_examples import FOLDS, Bodies, Example, contiguous, grouped, of_judged
from models.training.skeleton_metrics import SkeletonScore, score, softmax
from models.training.skeleton_probes import Probe, loudness, mean_probe, probe
from models.training.skeleton_report import PICTURE, TrainingResult, draw_score, write_card

if TYPE_CHECKING:
    from models.anomaly.network import SkeletonNet

CHECKPOINT = "skeleton_lstm.safetensors"
CARD = "skeleton_lstm.md"
STATE = "training.pt"
"""What an interrupted training goes on from."""

_HALVES = 2
"""Parts that ordinary footage is dealt into, one learnt from and the other looked at in turn."""


@dataclass(frozen=True, slots=True)
class Trained:
    """One more network is trained.

    Attributes:
        name: what it is for, such as "contiguous/0/1": fold 0, network 1.
        number: of those trained so far, from 1.
        of: how many there will be.
    """

    name: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from beside the labelled file.

    Attributes:
        normal: movement in footage of ordinary behaviour.
        judged: stretches that people confirmed or dismissed.
    """

    normal: tuple[JudgedSequence, ...] = ()
    judged: tuple[JudgedSequence, ...] = ()


class _Work:
    """Networks by name: trained once, kept in `training.pt`, found there by a training that goes on."""

    def __init__(self, config: SkeletonTrainConfig, path: Path, identity: str, on_network: Callable[[Trained], None]):
        self.config = config
        self.total = 0
        self._path, self._identity, self._told = path, identity, on_network
        self._states: dict[str, dict[str, Any]] = {}

    def restore(self, resume: bool) -> None:
        """Take over what an interrupted training left.

        Raises:
            ConfigError: it belongs to another training or is broken, or there is one and `resume` is not set.
        """
        import torch

        if not self._path.is_file():
            return
        if not resume:
            raise ConfigError(
                f"{self._path.parent} holds a training already. Go on with --resume, or name another folder for a "
                "new one."
            )
        try:
            saved = torch.load(self._path, weights_only=True)
            same, states = saved["identity"] == self._identity, dict(saved["networks"])
        except (OSError, RuntimeError, ValueError, LookupError, TypeError, EOFError, UnpicklingError) as error:
            raise ConfigError(
                f"{self._path} is broken, so that training cannot go on. Take it away and start again.",
                detail=str(error),
            ) from error
        if not same:
            raise ConfigError(
                f"The training in {self._path.parent} had other settings or other skeletons. Name another folder, or "
                "the same settings and skeletons as then."
            )
        self._states = states

    def network(
        self, name: str, bodies: Bodies, rows: NDArray[np.int64], change: Callable[[FloatArray, Generator], FloatArray]
    ) -> SkeletonNet:
        """The network of a name, trained on those windows unless it was already."""
        import torch

        from models.anomaly.network import SkeletonNet
        from models.training.skeleton_steps import train_one

        if name in self._states:
            network = SkeletonNet(self.config.hidden, len(ANOMALIES), self.config.dropout)
            network.load_state_dict(self._states[name])
            return network.eval()
        # Every network has a source of chance of its own: those that come before it may already be there.
        seed = int(hashlib.sha256(f"{self.config.seed} {name}".encode()).hexdigest()[:8], 16)
        network = train_one(bodies, rows, self.config, seed, change)
        self._states[name] = network.state_dict()
        part = self._path.with_name(self._path.name + ".part")
        torch.save({"identity": self._identity, "networks": self._states}, part)
        part.replace(self._path)
        self._told(Trained(name, len(self._states), self.total))
        return network

    def of_fold(self, name: str, bodies: Bodies, fold: int) -> list[SkeletonNet]:
        """The networks of a cross-validation that never saw a fold."""
        learned = np.flatnonzero(bodies.fold != fold)
        return [
            self.network(f"{name}/{fold}/{member}", bodies, learned, _unchanged)
            for member in range(self.config.checked_members)
        ]


@dataclass(slots=True)
class _Check:
    """A cross-validation: logits of every fold, and what was looked at on the way."""

    logits: list[FloatArray] = field(default_factory=list)
    labels: list[NDArray[np.int64]] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)


def train(
    config: SkeletonTrainConfig | Mapping[str, Any],
    data: Path,
    out: Path,
    material: Material | Mapping[str, tuple[JudgedSequence, ...]] | None = None,
    *,
    resume: bool = False,
    on_network: Callable[[Trained], None] = lambda _: None,
) -> dict[str, Any]:
    """Train the skeleton networks, or go on training them.

    First the networks that are kept, on everything; then both cross-validations, which also give the temperature;
    then the probes. Writes `skeleton_lstm.safetensors`, `skeleton_lstm.md` and a picture; `training.pt` on the way.

    Args:
        config: how to train, or the settings that differ from the defaults, as plain values.
        data: CSV of labelled skeletons.
        out: folder for the results; made if it is not there.
        material: what else is learnt from, or its fields as plain values; it is never measured on.
        resume: go on from the state in `out`, if there is one; the result is that of an uninterrupted training.
        on_network: hears about every network.

    Returns:
        Plain numbers: where the checkpoint is, its temperature, both cross-validations window by window and as
        analyses read them, the probes.

    Raises:
        FootageError: the skeletons cannot be read, or there are too few.
        ConfigError: a setting is unknown or out of bounds; the state in `out` belongs to another training, or there
            is one and `resume` is not set.
    """
    config = config if isinstance(config, SkeletonTrainConfig) else SkeletonTrainConfig.from_dict(config)
    material = material if isinstance(material, Material) else Material(**(material or {}))
    motions = read_skeletons(data)
    further = [*of_judged(material.normal), *of_judged(material.judged)]
    dealt = {"contiguous": contiguous(motions), "grouped": grouped(motions, config.seed)}
    laid = {name: _laid(config, [*examples, *further]) for name, examples in dealt.items()}
    _must_suffice(laid, data)
    out.mkdir(parents=True, exist_ok=True)
    work = _Work(config, out / STATE, _identity(config, motions, further), on_network)
    work.restore(resume)
    work.total = _networks(config, material)
    whole = _laid(config, [*_all(motions), *further])
    networks = [
        work.network(f"kept/{member}", whole, np.arange(len(whole)), _unchanged) for member in range(config.members)
    ]
    checks = {name: _cross_validate(work, name, bodies) for name, bodies in laid.items()}
    apart = checks["contiguous"]
    temperature = fit_temperature(np.concatenate(apart.logits), np.concatenate(apart.labels))
    result = TrainingResult(
        config=config,
        temperature=temperature,
        bodies={label: int((whole.label == row).sum()) for row, label in enumerate(ANOMALIES)},
        further=(len(material.normal), len(material.judged)),
        scores={name: _scored(check, temperature) for name, check in checks.items()},
        by_fold={name: _by_fold(check, temperature) for name, check in checks.items()},
        in_context={name: _in_context(work, name, laid[name], dealt[name], temperature) for name in dealt},
        probes=_probes(work, laid["contiguous"], apart, (motions, material), temperature) if config.probes else {},
    )
    return _finish(networks, result, out)


def _networks(config: SkeletonTrainConfig, material: Material) -> int:
    """How many networks a training makes."""
    probes = FOLDS + (1 + _HALVES if material.normal else 0)
    return config.members + 2 * FOLDS * config.checked_members + config.probes * probes


def _finish(networks: list[SkeletonNet], result: TrainingResult, out: Path) -> dict[str, Any]:
    from models.anomaly import checkpoint

    config = result.config
    settings = checkpoint.Settings(config.rate, config.steps, config.hidden, result.temperature, config.members)
    checkpoint.save(networks, settings, out / CHECKPOINT)
    write_card(result, out / CARD)
    draw_score(result.scores["contiguous"], "contiguous fifths", out / PICTURE)
    return {
        "checkpoint": str(out / CHECKPOINT),
        "card": str(out / CARD),
        "temperature": round(result.temperature, 4),
        "windows": dict(result.bodies),
        "measured": {name: one.to_dict() for name, one in result.scores.items()},
        "in_context": {name: one.to_dict() for name, one in result.in_context.items()},
        "macro_f1_by_fold": {name: [round(one, 4) for one in folds] for name, folds in result.by_fold.items()},
        "probes": dict(result.probes),
    }


def _unchanged(points: FloatArray, _: Generator) -> FloatArray:
    return points


def _laid(config: SkeletonTrainConfig, examples: list[Example]) -> Bodies:
    return Bodies(examples, config.rate, config.steps, config.stride)


def _all(motions: Iterable[LabelledMotion]) -> list[Example]:
    return [Example(each.motion, ANOMALIES.index(each.label), 0) for each in motions]


def _must_suffice(laid: Mapping[str, Bodies], data: Path) -> None:
    for bodies in laid.values():
        for fold in range(FOLDS):
            lacking = set(range(len(ANOMALIES))) - set(bodies.label[bodies.fold == fold].tolist())
            if lacking:
                raise FootageError(
                    f"{data} holds too few windows of {ANOMALIES[min(lacking)]} for {FOLDS} folds: each label needs "
                    f"{FOLDS} recordings or more, some seconds long.",
                    kind="too-few-skeletons",
                )


def _cross_validate(work: _Work, name: str, bodies: Bodies) -> _Check:
    """Answers about every fold of networks that never saw it."""
    from models.training.skeleton_steps import logits_of

    check = _Check()
    for fold in range(FOLDS):
        held = np.flatnonzero(bodies.fold == fold)
        networks = work.of_fold(name, bodies, fold)
        check.logits.append(logits_of(networks, bodies.windows(held)))
        check.labels.append(bodies.label[held])
        if name == "contiguous" and work.config.probes:
            check.probes.append(probe(networks, bodies, fold, work.config))
    return check


def _in_context(work: _Work, name: str, bodies: Bodies, examples: list[Example], temperature: float) -> SkeletonScore:
    """Every fold's motions as analyses would read them, by networks that never saw that fold."""
    from models.training.skeleton_steps import logits_of

    parts = []
    for fold in range(FOLDS):
        networks = work.of_fold(name, bodies, fold)
        held = [(each.motion, each.label) for each in examples if each.fold == fold and len(each.motion)]

        def answer(points: FloatArray, networks: list[SkeletonNet] = networks) -> FloatArray:
            return softmax(logits_of(networks, points), temperature)

        parts.append(in_context(held, answer, work.config.rate, work.config.steps))
    return score(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _scored(check: _Check, temperature: float) -> SkeletonScore:
    return score(softmax(np.concatenate(check.logits), temperature), np.concatenate(check.labels))


def _by_fold(check: _Check, temperature: float) -> list[float]:
    return [
        score(softmax(logits, temperature), labels).macro_f1
        for logits, labels in zip(check.logits, check.labels, strict=True)
    ]


def _probes(
    work: _Work,
    bodies: Bodies,
    check: _Check,
    sources: tuple[tuple[LabelledMotion, ...], Material],
    temperature: float,
) -> dict[str, Any]:
    """What is left without motion, and what becomes of ordinary footage that was not learnt from."""
    from models.training.skeleton_steps import logits_of

    config, still = work.config, _Check()
    for fold in range(FOLDS):
        learned, held = np.flatnonzero(bodies.fold != fold), np.flatnonzero(bodies.fold == fold)
        network = work.network(f"without motion/{fold}", bodies, learned, shuffled_in_time)
        mixed = shuffled_in_time(bodies.windows(held), np.random.default_rng(config.seed))
        still.logits.append(logits_of([network], mixed))
        still.labels.append(bodies.label[held])
    found: dict[str, Any] = {
        "source": mean_probe(check.probes),
        "without_motion": round(_scored(still, temperature).macro_f1, 4),
    }
    motions, material = sources
    if material.normal:
        clips = [_laid(config, list(of_judged(part))) for part in _halves(material)]
        points = [clip.windows(np.arange(len(clip))) for clip in clips]
        alone = _laid(config, _all(motions))
        network = work.network("without footage", alone, np.arange(len(alone)), _unchanged)
        found["clips_without_further_normal"] = loudness([(network, part) for part in points], temperature)
        halves = []
        for half, part in enumerate(_halves(material)):
            rest = _laid(config, [*_all(motions), *of_judged(part)])
            network = work.network(f"half of the footage/{half}", rest, np.arange(len(rest)), _unchanged)
            halves.append((network, points[1 - half]))
        found["clips_held_out"] = loudness(halves, temperature)
    return found


def _halves(material: Material) -> list[list[JudgedSequence]]:
    """Normal movement, dealt into halves footage by footage."""
    names = sorted({each.footage for each in material.normal})
    return [
        [each for each in material.normal if names.index(each.footage) % _HALVES == half] for half in range(_HALVES)
    ]


def _identity(config: SkeletonTrainConfig, motions: Iterable[LabelledMotion], further: Iterable[Example]) -> str:
    """What a training is recognised by: its settings and its skeletons."""
    digest = hashlib.sha256(canonical_json(config.to_dict()).encode())
    for each in [*_all(motions), *further]:
        digest.update(bytes([each.label]))
        for column in (each.motion.t, each.motion.points, each.motion.seen):
            digest.update(column.tobytes())
    return digest.hexdigest()
