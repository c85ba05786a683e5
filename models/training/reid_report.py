"""What a training that tells people apart says of itself: a card in Markdown, and its curves as a picture.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.reid_config import ReidTrainConfig

if TYPE_CHECKING:
    from models.training.reid import Epoch

CARD = "card.md"
CURVES = "curves.png"


def write_card(config: ReidTrainConfig, facts: Mapping[str, Any]) -> str:
    """The model card.

    Args:
        config: what the network was trained with.
        facts: as `models.training.reid.train` returns them.

    Returns:
        Markdown.
    """
    values = ", ".join(f"`{name} = {value!r}`" for name, value in config.to_dict().items())
    start = f"from {facts['base']}" if facts["base"] else "from chance"
    learned, held, skipped = facts["training"], facts["held_out"], facts["skipped"]
    lines = [
        "# Telling people apart",
        "",
        f"- **What**: {facts['architecture']}, trained {start}. Turns a view of a person into {config.embedding} "
        "numbers that are near for one person and far for two.",
        f"- **Data**: {learned['pictures']} pictures of {learned['people']} people to learn from, {held['pictures']} "
        f"of {held['people']} held out; nobody is in both. `gallery` and `query` were not looked at.",
        f"- **Made by**: `python -m engine train reid` with {values}. Stopped after {facts['epochs']} epochs; the "
        f"weights are those of epoch {facts['best_epoch']}, the best on the people held out.",
        f"- **Loss**: {config.loss}.",
        f"- **Cosines**: hardly anybody is the same person under {min(facts['scale']):.2f}, hardly anybody another one "
        f"over {max(facts['scale']):.2f}; of the people held out.",
        *([f"- **Left out**: {' '.join(skipped)}"] if skipped else []),
        "- **Licence**: that of the checkpoint it was trained from, if any, and of the pictures.",
        "- **Not for**: pictures unlike those it learned from; other cameras, places and people were not measured. The "
        "best epoch was chosen on the people held out, so on others it will do somewhat worse: `python -m engine "
        "evaluate reid` measures it.",
        "",
        "| on the people held out | mAP | rank 1 | rank 5 | rank 10 |",
        "|---|---|---|---|---|",
        _row("before", facts["before"]),
        _row("now", facts["measured"]),
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, figures: Mapping[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{figures[key]:.3f}" for key in ("map", "rank1", "rank5", "rank10")) + " |"


def draw_curves(history: Sequence[Epoch], before: float, path: Path) -> None:
    """Draw the loss, and how well people held out are found, over the epochs.

    Args:
        history: the epochs, one or more.
        before: mean average precision of the network a training began with.
        path: of the PNG file.
    """
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    loss, found = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in history]
    loss.plot(numbers, [epoch.loss for epoch in history], "o-", color="tab:blue")
    loss.set_title("training loss")
    loss.set_ylim(bottom=0)
    found.plot([0, *numbers], [before, *(epoch.map for epoch in history)], "o-", color="tab:green", label="mAP")
    found.plot(numbers, [epoch.rank1 for epoch in history], "s--", color="tab:orange", label="rank 1")
    found.set_title("people held out")
    found.set_ylim(0, 1.02)
    found.legend(fontsize=8)
    for axes in (loss, found):
        axes.set_xlabel("epoch")
    figure.savefig(path, dpi=100)
