"""Measuring a skeleton network on labelled skeletons, through the back end that analyses use.

May import: `engine.core`, `models.anomaly`, this room.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.anomalies import ANOMALIES
from engine.core.errors import FootageError
from engine.core.protocols import BackendOptions
from models.anomaly.skeleton_csv import read_skeletons
from models.anomaly.skeleton_lstm import SkeletonLstmScorer
from models.anomaly.windows import MIN_STEPS, cut, together
from models.training.skeleton_context import described, in_context
from models.training.skeleton_metrics import score
from models.training.skeleton_report import draw_score

STRIDE = 4
"""Steps from the start of a window that is measured by itself to that of the next."""


def evaluate(data: Path, weights: Path | None = None, picture: Path | None = None) -> dict[str, Any]:
    """Score a network on a file of skeletons, as analyses read them and window by window.

    Bodies are followed through the file, laid on the network's own grid and cut into windows of its length; the last
    window ends with the body's motion, and a motion shorter than a window makes one padded window. Every window has its
    body's label. Windows with a body at fewer than `MIN_STEPS` steps are left out and counted.

    The figures are of windows as analyses read them, overlapping and each heard together with its neighbours in time;
    under `single_windows` are those of windows every `STRIDE` steps that are heard alone.

    Args:
        data: CSV as `models.anomaly.skeleton_csv` reads it.
        weights: of the network; None for the shipped one.
        picture: where a PNG with the confusion matrix and the reliability goes; None for none.

    Returns:
        Plain numbers: `accuracy`, `macro_f1`, `per_class`, `confusion` (rows are labels), `ece`, `reliability`, in
        words how windows were read, the same of `single_windows`, how those were cut, `ms_per_window`, the model's
        version and where the picture is.

    Raises:
        FootageError: the file cannot be read, or no body in it is long enough.
        ModelMissing: the weights are not there.
        ModelError: they are broken.
    """
    motions = read_skeletons(data)
    scorer = SkeletonLstmScorer(BackendOptions(threads=1, weights=weights))
    rate, steps = scorer.settings.rate, scorer.settings.steps
    parts = [cut(each.motion, rate, steps, STRIDE) for each in motions]
    windows = together(parts, steps)
    if not len(windows):
        raise FootageError(
            f"{data}: no body is seen at {MIN_STEPS} steps or more, so that there is nothing to measure.", kind="empty"
        )
    labels = np.repeat([ANOMALIES.index(each.label) for each in motions], [len(part) for part in parts])
    begun = time.process_time()
    probabilities, _ = scorer.read(windows.points)
    spent = (time.process_time() - begun) / len(windows)
    labelled = [(each.motion, ANOMALIES.index(each.label)) for each in motions]
    result = score(*in_context(labelled, lambda points: scorer.read(points)[0], rate, steps))
    if picture is not None:
        draw_score(result, f"{data.name}, windows of {steps} steps with their neighbours", picture)
    return {
        **result.to_dict(),
        "reading": described(rate),
        "single_windows": score(probabilities, labels).to_dict(),
        "bodies": len(motions),
        "bodies_too_short": sum(not len(part) for part in parts),
        "steps": steps,
        "rate": rate,
        "stride": STRIDE,
        "ms_per_window": round(spent * 1000, 3),
        "version": scorer.card.version,
        "picture": str(picture) if picture is not None else None,
    }
