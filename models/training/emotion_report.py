"""What a training of the emotion network tells about itself: a card in Markdown and two pictures.

May import: `models.emotion`, this room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.emotion.cnn import CALM_ODDS
from models.emotion.fer import CLASSES, EMOTION_OF
from models.training.emotion_config import EmotionTrainConfig
from models.training.emotion_metrics import Score

if TYPE_CHECKING:
    from models.training.emotion import Epoch

CURVES = "emotion-curves.png"
CONFUSION = "emotion-confusion.png"

_DATA = {
    "held out": "the share of `train/` that was held out; the epoch was chosen and the temperature was fitted on it",
    "validation": "`validation/`, never trained or tuned on",
    "test": "`test/`, never trained or tuned on",
}


def write_card(
    config: EmotionTrainConfig, temperature: float, best: int, parts: Mapping[str, Score], path: Path
) -> None:
    """Write the model card.

    Args:
        config: what the network was trained with.
        temperature: its logits are divided by.
        best: the epoch whose weights were kept.
        parts: what it was measured on, the most telling last.
        path: of the Markdown file.
    """
    defaults = EmotionTrainConfig().to_dict()
    changed = [f"`{name} = {value!r}`" for name, value in config.to_dict().items() if value != defaults[name]]
    settings = "the command's defaults" if not changed else "the command's defaults but for " + ", ".join(changed)
    lines = [
        "# Emotion network",
        "",
        "- **What**: a residual network of 1.5 million parameters over a 48x48 grey face, in half precision, computed "
        "in single precision. Answers: " + ", ".join(EMOTION_OF[name] for name in CLASSES) + ".",
        "- **Data**: labelled faces in FER-2013's layout (Goodfellow et al. 2013), its labels "
        + ", ".join(f"`{name}`" for name in CLASSES)
        + f"; {config.held_out:.0%} of `train/` held out by class.",
        f"- **Made by**: `python -m engine train emotion --data ZIP --out DIR` with {settings}, seed {config.seed}: "
        f"{config.epochs} epochs, the first {config.small_epochs} on {config.small_side}-pixel faces, the next "
        f"{config.middle_epochs} on {config.middle_side}-pixel ones, Muon with "
        f"learning rate {config.learning_rate:g} falling to nothing over the last {config.decay_epochs}, then "
        f"{config.more_epochs} more falling from {config.more_rate * config.learning_rate:g}; random mirroring, "
        "turns, sizes, shifts, brightness, erasing, coarse faces and mixed pairs, smoothed labels, rare "
        "classes weighted up, averaged weights. "
        f"Kept are those of epoch {best}, the best by the likelihood of the held-out labels. Nothing is left to the "
        "threads' timing: the same command on the same machine gives the same file.",
        f"- **Answering**: mean over the face and its mirror image, temperature {temperature:.3f}. In footage a calm "
        f"face is taken to be commoner than among the training faces: its odds are multiplied by {CALM_ODDS:.1f}, an "
        "assumption. The figures below are without it.",
        "",
    ]
    for name, result in parts.items():
        lines += _section(name, result)
    path.write_text("\n".join([*lines, *_LIMITS]) + "\n", "utf-8")


def _section(name: str, result: Score) -> list[str]:
    lines = [
        f"## On {_DATA.get(name, name)}",
        "",
        f"{result.faces} faces: accuracy {result.accuracy:.3f}, macro recall {result.macro_recall:.3f}, expected "
        f"calibration error {result.calibration_error:.3f} (15 bins).",
        "",
        "| label | faces | recall | precision | " + " | ".join(f"said {label}" for label in CLASSES) + " |",
        "|---" * (4 + len(CLASSES)) + "|",
    ]
    recall, precision = result.recall, result.precision
    for row, label in enumerate(CLASSES):
        counts = result.confusion[row]
        shares = " | ".join("–" if value is None else f"{value:.3f}" for value in (recall[label], precision[label]))
        lines.append(f"| {label} | {counts.sum()} | {shares} | " + " | ".join(map(str, counts)) + " |")
    return [*lines, ""]


_LIMITS = (
    "## Known limits",
    "",
    "- It tells how a face looks to the people who labelled FER-2013, not what somebody feels. They agree with the "
    "labels about 65 % of the time; fear, sadness, anger and a calm face are mistaken for one another most.",
    "- FER-2013's pictures were gathered by a web search: posed and candid ones mixed, some without a face, some "
    "twice under two labels. Ages, origins and sexes of the people were not recorded, so nothing is known about how "
    "well it does for whom.",
    "- 48 grey pixels: small, blurred, covered or turned-away faces are read badly. Look at a face's quality and pool "
    "over time before saying anything.",
    "- FER-2013 has no confused faces; the network never says `confused`. `neutral` is called calm.",
    "- Not for judging people: hiring, credit, schools, police, borders.",
)


def write_pictures(history: Sequence[Epoch], parts: Mapping[str, Score], folder: Path) -> None:
    """Draw how the training went, and the confusion matrix of the last part.

    Args:
        history: the epochs.
        parts: as in `write_card`.
        folder: where the two PNG files go.
    """
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    losses, shares = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in history]
    losses.plot(numbers, [epoch.loss for epoch in history], label="training loss")
    losses.plot(numbers, [epoch.held_out_loss for epoch in history], label="held-out loss")
    shares.plot(numbers, [epoch.accuracy for epoch in history], label="held-out accuracy")
    shares.plot(numbers, [epoch.macro_recall for epoch in history], label="held-out macro recall")
    for axes in (losses, shares):
        axes.set_xlabel("epoch")
        axes.legend()
        axes.grid(alpha=0.3)
    figure.savefig(folder / CURVES, dpi=100)

    name, result = list(parts.items())[-1]
    figure = Figure(figsize=(6, 5.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    rows = result.confusion / result.confusion.sum(axis=1, keepdims=True).clip(min=1)
    axes.imshow(rows, vmin=0, vmax=1, cmap="Blues")
    axes.set_xticks(range(len(CLASSES)), CLASSES, rotation=45, ha="right")
    axes.set_yticks(range(len(CLASSES)), CLASSES)
    axes.set_xlabel("answered")
    axes.set_ylabel("labelled")
    axes.set_title(f"{name}: accuracy {result.accuracy:.3f}, {result.faces} faces")
    for row in range(len(CLASSES)):
        for column in range(len(CLASSES)):
            shade = "white" if rows[row, column] > 0.5 else "black"
            axes.text(column, row, f"{rows[row, column]:.2f}", ha="center", va="center", color=shade)
    figure.savefig(folder / CONFUSION, dpi=100)
