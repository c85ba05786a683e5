"""What a fine-tuning tells about itself: how well it does, a card in Markdown and the confusion matrix as a picture.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.videomae_config import VideoTrainConfig

CARD = "card.md"
CONFUSION = "confusion.png"


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """How a network does on clips it did not learn from.

    Attributes:
        confusion: (L, L) int64, clips by true label (rows) and answer (columns).
        loss: mean negative log-likelihood of the true labels.
    """

    confusion: NDArray[np.int64]
    loss: float

    @property
    def accuracy(self) -> float:
        """Share of clips told right."""
        return float(np.trace(self.confusion) / max(self.confusion.sum(), 1))

    @property
    def macro_recall(self) -> float:
        """Mean over the labels of the share of their clips told right; labels without clips do not count."""
        clips = self.confusion.sum(axis=1)
        return float((np.diag(self.confusion)[clips > 0] / clips[clips > 0]).mean()) if clips.any() else 0.0


def measure(logits: NDArray[np.float32], labels: Sequence[int]) -> Result:
    """Compare answers with the truth.

    Args:
        logits: (N, L) float32.
        labels: N numbers of labels.
    """
    truth = np.array(labels, np.int64)
    confusion = np.zeros((logits.shape[1], logits.shape[1]), np.int64)
    np.add.at(confusion, (truth, logits.argmax(axis=1)), 1)
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    log_likelihood = shifted[np.arange(len(truth)), truth] - np.log(np.exp(shifted).sum(axis=1))
    return Result(confusion, float(-log_likelihood.mean()))


def write_card(config: VideoTrainConfig, labels: Sequence[str], result: Result, told: dict[str, object]) -> str:
    """The model card.

    Args:
        config: what the network was trained with.
        labels: what it can tell.
        result: how it does on the clips held out.
        told: further facts, as `models.training.videomae.train` returns them.

    Returns:
        Markdown.
    """
    values = ", ".join(f"`{name} = {value!r}`" for name, value in config.to_dict().items())
    recall = np.diag(result.confusion) / np.maximum(result.confusion.sum(axis=1), 1)
    skipped = told["skipped"]
    assert isinstance(skipped, list)
    lines = [
        "# Video classifier",
        "",
        f"- **What**: {config.architecture}, fine-tuned from {told['base']}. Tells: {', '.join(labels)}.",
        f"- **Data**: {told['training_clips']} clips to learn from, {told['held_clips']} held out, no footage in both; "
        "cut around the likeliest person in view, with context.",
        f"- **Made by**: `python -m engine train videomae` with {values}. Stopped after {told['epochs']} epochs; "
        f"the weights are those of epoch {told['best_epoch']}, the best on the clips held out. Rare labels weigh more.",
        f"- **On the clips held out**: accuracy {result.accuracy:.3f}, macro recall {result.macro_recall:.3f}. The "
        "best epoch was chosen on them, so on new footage it will do somewhat worse.",
        *([f"- **Left out**: {' '.join(str(line) for line in skipped)}"] if skipped else []),
        "- **Licence**: that of the checkpoint it was trained from, and of the footage.",
        "- **Not for**: footage unlike what it learned from: other cameras, places and people were not measured.",
        "",
        "| label | clips | recall | " + " | ".join(f"said {label}" for label in labels) + " |",
        "|---" * (3 + len(labels)) + "|",
    ]
    for row, label in enumerate(labels):
        counts = " | ".join(str(count) for count in result.confusion[row])
        lines.append(f"| {label} | {result.confusion[row].sum()} | {recall[row]:.3f} | {counts} |")
    return "\n".join(lines) + "\n"


def draw_confusion(labels: Sequence[str], result: Result, path: Path) -> None:
    """Draw the confusion matrix.

    Args:
        labels: what the network can tell.
        result: how it does on the clips held out.
        path: of the PNG file.
    """
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    side = 2.5 + 0.55 * len(labels)
    figure = Figure(figsize=(side + 0.6, side), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    shares = result.confusion / np.maximum(result.confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
    shown = [_plain(label, number) for number, label in enumerate(labels)]
    axes.set_xticks(range(len(labels)), shown, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), shown)
    axes.set_xlabel("answered")
    axes.set_ylabel("labelled")
    axes.set_title(f"held out: accuracy {result.accuracy:.3f}, {result.confusion.sum()} clips")
    for row in range(len(labels)):
        for column in range(len(labels)):
            colour = "white" if shares[row, column] > 0.5 else "black"
            count = str(result.confusion[row, column])
            axes.text(column, row, count, ha="center", va="center", color=colour)
    figure.savefig(path, dpi=100)


def _plain(label: str, number: int) -> str:
    """A label as the drawing library takes it; its font knows Latin letters only, other labels are numbered."""
    try:
        return label.encode("latin-1").decode("latin-1").replace("$", r"\$")
    except UnicodeEncodeError:
        return f"label {number}"
