"""What a fine-tuning of BLIP tells about itself: a card in Markdown, and its curves as a picture.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.blip_config import BlipTrainConfig
from models.training.blip_scores import REFERENCE

if TYPE_CHECKING:
    from models.training.blip import Epoch

CARD = "card.md"
CURVES = "curves.png"

_PLACES = ("data", "retrieval", "captioning", "out")


def write_card(config: BlipTrainConfig, facts: Mapping[str, Any]) -> str:
    """The model card.

    Args:
        config: what the network was trained with.
        facts: as `models.training.blip.train` returns them.

    Returns:
        Markdown.
    """
    values = ", ".join(f"`{name} = {value!r}`" for name, value in config.to_dict().items() if name not in _PLACES)
    measured = facts["measured"]
    bleu = "not measured" if measured["bleu"] is None else f"{measured['bleu']:.2f}"
    lines = [
        "# Clothing in words",
        "",
        f"- **What**: BLIP, fine-tuned from {facts['base'][0]} and the text decoder of {facts['base'][1]}, with one "
        "vision encoder for both. Compares pictures of people with sentences, and writes captions (`captioning/`).",
        f"- **Data**: {facts['training_pairs']} pictures with sentences to learn from, {facts['held_pairs']} held out; "
        "nobody is in both.",
        f"- **Made by**: `python -m engine train blip` with {values}. Stopped after {facts['epochs']} epochs; the "
        f"weights are those of epoch {facts['best_epoch']}, the best on the pairs held out.",
        "- **Losses**: contrastive with momentum encoders and a queue, matching with hard negatives, the next word.",
        f"- **On the pairs held out**: below, in percent; BLEU of captions {bleu}. The best epoch was chosen on them, "
        "so on new pictures it will do somewhat worse.",
        "- **Licence**: that of the checkpoints it was trained from, and of the data.",
        "- **Not for**: pictures unlike those it learned from; other cameras, places and people were not measured.",
        "",
        "| a picture by its sentence | R@1 | R@5 | R@10 | mean |",
        "|---|---|---|---|---|",
        _row("before, by likeness", facts["before"]),
        _row("now, by likeness", measured["likeness"]),
        _row("now, matching added", measured["matching"]),
        "",
        f"For orientation, figures of {REFERENCE['what']}:",
        "",
        "| | R@1 | R@5 | R@10 | mean | BLEU |",
        "|---|---|---|---|---|---|",
    ]
    for name in ("before", "fine_tuned"):
        figures: Any = REFERENCE[name]
        lines.append(f"{_row(name.replace('_', '-'), figures)} {figures['bleu']:.2f} |")
    return "\n".join(lines) + "\n"


def _row(name: str, figures: Mapping[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{figures[column]:.2f}" for column in ("r1", "r5", "r10", "mean")) + " |"


def draw_curves(history: Sequence[Epoch], path: Path) -> None:
    """Draw losses and recall over the epochs.

    Args:
        history: the epochs, one or more.
        path: of the PNG file.
    """
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    losses, recalls = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in history]
    for name, colour in (("contrastive", "tab:blue"), ("matching", "tab:orange"), ("writing", "tab:green")):
        losses.plot(numbers, [getattr(epoch, name) for epoch in history], "o-", color=colour, label=name)
        held = [getattr(epoch, f"held_{name}") for epoch in history]
        losses.plot(numbers, held, "o--", color=colour, alpha=0.5, label=f"{name}, held out")
    losses.set_title("losses")
    for name, label in (("r1", "R@1"), ("r5", "R@5"), ("r10", "R@10"), ("mean", "mean")):
        recalls.plot(numbers, [getattr(epoch, name) for epoch in history], "o-", label=label)
    recalls.set_title("recall of pictures held out, by likeness, %")
    recalls.set_ylim(0, 102)
    for axes in (losses, recalls):
        axes.set_xlabel("epoch")
        axes.legend(fontsize=7)
    figure.savefig(path, dpi=100)
