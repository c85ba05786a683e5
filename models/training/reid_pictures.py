"""Pictures of how well people are told apart: distances of same and different, and queries with their answers.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.core.types import FloatArray, Image
from models.training.reid_data import Shot, open_picture
from models.training.reid_scores import Scores, Trial, order

DISTANCES = "distances.png"
RANKED = "ranked.png"

BINS = 40

_QUERIES, _ANSWERS = 8, 10
_TILE = (128, 64)
_RIGHT, _WRONG = "#1a7f37", "#cf222e"


def histogram(found: Trial) -> dict[str, list[float]]:
    """Shares of the pairs by distance.

    Args:
        found: every counted pair of it is looked at.

    Returns:
        "edges", `BINS` + 1 of them from 0, and "same" and "different", each summing to 1 where there are any pairs.
    """
    most = max([1.0, *(float(part.max()) for part in (found.same, found.different) if len(part))])
    edges = np.linspace(0.0, most, BINS + 1)
    return {
        "edges": [round(float(edge), 4) for edge in edges],
        "same": _shares(found.same, edges),
        "different": _shares(found.different, edges),
    }


def _shares(distances: FloatArray, edges: NDArray[np.float64]) -> list[float]:
    # Rounding may put the distance of equal pictures just under 0.
    counts = np.histogram(np.maximum(distances, 0.0), edges)[0]
    return [round(float(count) / max(len(distances), 1), 6) for count in counts]


def draw_distances(shares: dict[str, list[float]], path: Path) -> None:
    """Draw the distances of same and different people, one over the other.

    Args:
        shares: as `histogram` gives them.
        path: of the PNG file.
    """
    figure, axes = _figure((7.0, 3.8))
    edges = np.array(shares["edges"])
    widths = np.diff(edges)
    # Hatched as well as coloured: the two must be told apart without colours.
    for name, label, colour, hatch in (("same", "same person", _RIGHT, "//"), ("different", "two people", _WRONG, "")):
        axes.bar(edges[:-1], shares[name], widths, align="edge", color=colour, alpha=0.5, hatch=hatch, label=label)
    axes.set_xlabel("distance (1 - cosine)")
    axes.set_ylabel("share of pairs")
    axes.legend()
    figure.savefig(path, dpi=100)


def draw_ranked(
    found: Trial, scores: Scores, shots: tuple[Sequence[Shot], Sequence[Shot]], path: Path
) -> tuple[str, ...]:
    """Draw queries, each with its likeliest answers; from those that went worst to those that went best.

    Args:
        found: distances, right or wrong.
        scores: of it.
        shots: of queries and of the gallery.
        path: of the PNG file.

    Returns:
        Names of the files of the queries shown, from the top.

    Raises:
        FootageError: a picture cannot be opened any more.
    """
    asked = np.flatnonzero(~np.isnan(scores.precision))
    by_precision = asked[np.argsort(scores.precision[asked], kind="stable")]
    places = np.unique(np.linspace(0, len(by_precision) - 1, min(_QUERIES, len(by_precision))).round().astype(int))
    chosen = [int(by_precision[place]) for place in places]
    rows = max(len(chosen), 1)
    figure, grid = _figure((1.0 + 0.85 * (_ANSWERS + 1), 1.95 * rows), (rows, _ANSWERS + 1))
    for axes in grid.flat:
        axes.set_axis_off()
    for row, query in enumerate(chosen):
        shot = shots[0][query]
        _show(grid[row, 0], shot, f"{shot.person}\nAP {scores.precision[query]:.2f}", "black", dashed=True)
        for column, answer in enumerate(order(found, query)[:_ANSWERS]):
            right = bool(found.right[query, answer])
            title = f"{'✓' if right else '✗'} {1 - found.distances[query, answer]:.2f}"
            _show(grid[row, column + 1], shots[1][answer], title, _RIGHT if right else _WRONG)
    figure.savefig(path, dpi=90)
    return tuple(shots[0][query].path.name for query in chosen)


def _show(axes: Any, shot: Shot, title: str, colour: str, *, dashed: bool = False) -> None:
    axes.imshow(_tile(open_picture(shot.path)), aspect="equal")
    axes.set_title(title, fontsize=8, color=colour, pad=2)
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set(edgecolor=colour, linewidth=2.5, linestyle="--" if dashed else "-")


def _tile(image: Image) -> Image:
    return np.asarray(Pillow.fromarray(image).resize((_TILE[1], _TILE[0]), Pillow.Resampling.BILINEAR), np.uint8)


def _figure(size: tuple[float, float], grid: tuple[int, int] = (1, 1)) -> tuple[Any, Any]:
    # Without pyplot nothing is kept for the whole process, and no window system is asked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(*grid, squeeze=grid == (1, 1))
    return figure, axes
