"""What a training of the skeleton network tells about itself: a card in Markdown and pictures.

May import: `engine.core`, `models.anomaly`, this room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.anomalies import ANOMALIES
from engine.core.errors import ConfigError
from models.anomaly.skeleton_lstm import NORMAL_ODDS
from models.training.skeleton_config import SkeletonTrainConfig
from models.training.skeleton_context import described
from models.training.skeleton_examples import FOLDS
from models.training.skeleton_metrics import SkeletonScore

PICTURE = "skeleton_lstm.png"

SPLITS = {
    "contiguous": "Contiguous fifths of each label's rows (the default settings were chosen by looking at these)",
    "grouped": "Whole recordings dealt out at random (grouped by sequence)",
}


@dataclass(frozen=True, slots=True, eq=False)
class TrainingResult:
    """What a training found.

    Attributes:
        config: how it was made.
        temperature: logits are divided by it.
        bodies: windows learnt from, by label.
        further: motions from analysed footage in which nothing happens, and motions that people judged.
        scores: cross-validations by their names in `SPLITS`, each window by itself.
        in_context: the same as analyses read windows, each with its neighbours.
        by_fold: macro F1 of each fold, likewise.
        probes: what tells motion from source, by name; empty where none were made.
    """

    config: SkeletonTrainConfig
    temperature: float
    bodies: Mapping[str, int]
    further: tuple[int, int]
    scores: Mapping[str, SkeletonScore]
    by_fold: Mapping[str, Sequence[float]]
    in_context: Mapping[str, SkeletonScore] = field(default_factory=dict)
    probes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def normal_bodies(self) -> int:
        """Further normal motions, 0 for none."""
        return self.further[0]

    @property
    def judged(self) -> int:
        """Motions that people judged, 0 for none."""
        return self.further[1]


def write_card(result: TrainingResult, path: Path) -> None:
    """Write the model card.

    Args:
        result: what the training found.
        path: of the Markdown file.
    """
    config = result.config
    defaults = SkeletonTrainConfig().to_dict()
    changed = [f"`{name} = {value!r}`" for name, value in config.to_dict().items() if value != defaults[name]]
    settings = "the command's defaults" if not changed else "the command's defaults but for " + ", ".join(changed)
    asked = " --normal HOME" if result.normal_bodies else ""
    asked += " --from-reviews" if result.judged else ""
    lines = [
        "# Skeleton LSTM",
        "",
        f"- **What**: {config.members} small bidirectional LSTMs ({config.hidden} features each), averaged, in half "
        f"precision, computed in single precision. They see {config.steps} steps of 13 joints at {config.rate:g} "
        f"steps a second ({config.steps / config.rate:.1f} s). Answers: {', '.join(ANOMALIES)}.",
        *_DATA,
        *_further(result),
        f"- **Made by**: `python -m engine train skeleton-lstm --data CSV{asked} --out DIR` with {settings}, seed "
        f"{config.seed}. Windows learnt from: {', '.join(f'{count} {name}' for name, count in result.bodies.items())}. "
        "One thread and one source of chance: the same command on the same machine gives the same file.",
        *_METHOD,
        f"- **Answering**: mean over the networks and the mirror image, temperature {result.temperature:.3f}, fitted "
        "on answers about contiguous fifths that were not learnt from. In footage normal movement is taken to be "
        f"commoner than in training: its odds are multiplied by {NORMAL_ODDS:.1f}, an assumption. The figures below "
        "are without it.",
        "",
        f"Cross-validations below average {config.checked_members} networks a fold, the shipped file {config.members}.",
        "",
        *_context_lines(result),
        "Below each window is measured by itself.",
        "",
    ]
    for name, score in result.scores.items():
        lines += _section(SPLITS[name], score, result.by_fold[name])
    lines += _probe_lines(result.probes)
    path.write_text("\n".join([*lines, *_LIMITS]) + "\n", "utf-8")


_DATA = (
    "- **Data**: skeletons of staged theft, assault and damage and of normal movement made from AI Hub's "
    "store-behaviour footage (aihub.or.kr), by way of github.com/ddingorang/yololstm (`datavalid.csv`). AI Hub names "
    "the source; its terms hold for the footage, of which nothing is here. theft, assault and damage: a depth camera's "
    "skeletons, about 3 a second; of two people in a recording each frame has one, so that bodies are followed by "
    "their place, less than 250 pixels from row to row. normal: landmarks from video without frame numbers, taken to "
    "be 5 rows a second because people take a full stride in 5 to 6 rows.",
)

_METHOD = (
    "- **Input**: bodies on an even grid; middle of the hips as origin step by step, median length of the torso as "
    "unit window by window; places, changes and which joints are known, joint by joint, and the way of the hips. "
    "Nothing is measured over the file. In training, for all labels alike: mirroring, the picture's width, turn and "
    "shear, tempo, lengths of bones, noise, steps lost and filled in on straight lines, windows cut "
    "short, hidden joints; a share of all windows with the typical bones of the other source, so that normal movement "
    "is harder to tell by its source's bones; smoothed labels, rare labels weighted up.",
)


def _further(result: TrainingResult) -> list[str]:
    lines = []
    if result.normal_bodies:
        lines.append(
            f"- **Further normal movement**: {result.normal_bodies} bodies that Sightline itself followed in footage "
            "of ordinary behaviour (the shared clips: visitors at a table, a shop aisle, a corridor, a classroom, a "
            "free throw), read from an analysed home when training; only ever learnt from, never measured on."
        )
    if result.judged:
        lines.append(f"- **Judged movement**: {result.judged} stretches that people confirmed or dismissed in reviews.")
    return lines


def _context_lines(result: TrainingResult) -> list[str]:
    """Every cross-validation in a line, as analyses read and window by window."""
    config = result.config
    lines = [
        "## As analyses read",
        "",
        f"As analyses read them: {described(config.rate)}. Beside it, each window by itself.",
        "",
        "| folds | macro F1 as analyses read | accuracy | calibration error | macro F1 of single windows |",
        "|---|---|---|---|---|",
    ]
    for name, score in result.in_context.items():
        shares = (score.macro_f1, score.accuracy, score.calibration_error, result.scores[name].macro_f1)
        lines.append(f"| {name} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    told = "A mean over neighbours is less sure than it is right: the probabilities of events are rather too low."
    return [*lines, "", told, ""]


def _section(title: str, score: SkeletonScore, folds: Sequence[float]) -> list[str]:
    told = score.to_dict()
    lines = [
        f"## {title}",
        "",
        f"{score.windows} windows in {FOLDS} folds: macro F1 {score.macro_f1:.3f} (folds "
        f"{', '.join(f'{each:.2f}' for each in folds)}), accuracy {score.accuracy:.3f}, expected calibration error "
        f"{score.calibration_error:.3f} (10 bins).",
        "",
        "| label | windows | precision | recall | F1 | " + " | ".join(f"said {label}" for label in ANOMALIES) + " |",
        "|---" * (5 + len(ANOMALIES)) + "|",
    ]
    for row, label in enumerate(ANOMALIES):
        own = told["per_class"][label]
        shares = " | ".join("–" if own[name] is None else f"{own[name]:.3f}" for name in ("precision", "recall", "f1"))
        counts = " | ".join(str(count) for count in score.confusion[row])
        lines.append(f"| {label} | {own['windows']} | {shares} | {counts} |")
    bins = [
        f"{each.low:.1f}–{each.high:.1f}: said {each.confidence:.2f}, right {each.accuracy:.2f} ({each.windows})"
        for each in score.bins
        if each.confidence is not None
    ]
    return [*lines, "", "Reliability: " + "; ".join(bins) + ".", ""]


def _probe_lines(probes: Mapping[str, Any]) -> list[str]:
    if not probes:
        return []
    lines = [
        "## Motion or source?",
        "",
        "`normal` comes from another source than the rest. On contiguous fifths, with the folds' own networks unless "
        "said otherwise:",
        "",
    ]
    source = probes["source"]
    lines += [
        f"- Normal against the rest, both weighing the same: {source['as_they_are']:.3f} right. With the steps of each "
        f"window in random order, which leaves all poses and bones: {source['shuffled']:.3f}. (A coin: 0.5.)",
        "- With bones exchanged, every window given the other source's typical lengths of shoulders, hips, head, arms "
        f"and legs: {source['exchanged_normal']:.3f} of the normal windows are still normal, "
        f"{source['exchanged_others']:.3f} of the others still are not.",
        f"- Networks trained and measured on windows in random order: macro F1 {probes['without_motion']:.3f}.",
    ]
    without = probes.get("clips_without_further_normal")
    if without and without["windows"]:
        apart = probes["clips_held_out"]
        lines += [
            f"- Of {without['windows']} windows from the analysed footage, a network trained without any of it puts "
            f"{without['over_threshold']} over the threshold of .70 for something out of the ordinary (mean "
            f"{without['mean']:.2f}, highest {without['highest']:.2f}); networks trained on half of the "
            f"footage and shown the other half {apart['over_threshold']} (mean {apart['mean']:.2f}, highest "
            f"{apart['highest']:.2f}).",
        ]
    return [*lines, ""]


_LIMITS = (
    "## Known limits",
    "",
    "- Acted theft, assault and damage by a handful of people before a handful of cameras in one kind of shop. Windows "
    "have the label of their whole recording, also where somebody only walks in or stands about: no reading of single "
    "windows can be perfect on such labels.",
    "- It was trained mostly on a depth camera's skeletons and reads BlazePose's landmarks; no footage with real "
    "incidents has been measured. What it calls theft is a way of moving, not proof of anything: events are for people "
    "to look at, never a verdict.",
    "- Probabilities hold where the labels are as common as was assumed. Real footage is almost always normal: "
    "expect most alarms to be false and use the measured precision of the review page.",
    "- Lying, sitting, children, wheelchairs and crowds are hardly in the examples.",
    "- Not for judging people: hiring, credit, schools, police, borders.",
)


def draw_score(score: SkeletonScore, title: str, path: Path) -> None:
    """Draw a confusion matrix beside the reliability of the probabilities.

    Args:
        score: what is drawn.
        title: over the matrix.
        path: of the PNG file; its folder is made.

    Raises:
        ConfigError: it cannot be written there.
    """
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes, reliability = figure.subplots(1, 2)
    rows = score.confusion / score.confusion.sum(axis=1, keepdims=True).clip(min=1)
    axes.imshow(rows, vmin=0, vmax=1, cmap="Blues")
    axes.set_xticks(range(len(ANOMALIES)), ANOMALIES)
    axes.set_yticks(range(len(ANOMALIES)), ANOMALIES)
    axes.set_xlabel("answered")
    axes.set_ylabel("labelled")
    axes.set_title(f"{title}\nmacro F1 {score.macro_f1:.3f}, accuracy {score.accuracy:.3f}, {score.windows} windows")
    for row, column in np.ndindex(rows.shape):
        shade = "white" if rows[row, column] > 0.5 else "black"
        text = f"{rows[row, column]:.2f}\n{score.confusion[row, column]}"
        axes.text(column, row, text, ha="center", va="center", color=shade)
    filled = [each for each in score.bins if each.confidence is not None]
    reliability.plot([0, 1], [0, 1], color="grey", linestyle=":")
    reliability.plot([each.confidence for each in filled], [each.accuracy for each in filled], marker="o")
    reliability.set_xlim(0, 1)
    reliability.set_ylim(0, 1)
    reliability.set_xlabel("probability of the answer")
    reliability.set_ylabel("share that was right")
    reliability.set_title(f"expected calibration error {score.calibration_error:.3f}")
    reliability.grid(alpha=0.3)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=100, format="png")
    except OSError as error:
        raise ConfigError(f"The picture {path} cannot be written: {error}. Name another place.") from error
