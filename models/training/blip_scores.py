"""How well sentences find their pictures, and how well captions are written.

Recall: a sentence finds its picture if one with that sentence, or its own, is among the first k. Figures are in
percent, as such figures are published. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray

RANKS = (1, 5, 10)

REFERENCE = {
    "what": "the clothing system that set this task, on its own clothing data",
    "before": {"r1": 35.17, "r5": 67.05, "r10": 73.83, "mean": 58.69, "bleu": 0.0},
    "fine_tuned": {"r1": 72.76, "r5": 94.73, "r10": 97.32, "mean": 88.27, "bleu": 35.25},
}
"""Published figures to put beside ours; on other data, so for orientation only."""


def recall(scores: FloatArray, right: NDArray[np.bool_]) -> dict[str, float]:
    """Recall in the first 1, 5 and 10, and their mean, in percent.

    Args:
        scores: (T, P) of each of T queries against each of P candidates.
        right: (T, P), the candidates that answer a query; at least one a row.

    Returns:
        "r1", "r5", "r10" and "mean". Among candidates of equal scores a right one comes last: no luck is counted.
    """
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    ahead = ((scores >= best) & ~right).sum(axis=1)
    told = {f"r{rank}": round(100.0 * float((ahead < rank).mean()), 2) for rank in RANKS}
    return {**told, "mean": round(sum(told.values()) / len(RANKS), 2)}


def bleu(written: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Corpus BLEU-4 of captions, 0 to 100, case aside.

    Args:
        written: N captions.
        references: N times the sentences that would have been right, at least one each.

    Source: Papineni et al. 2002, by sacrebleu with its own tokens and no smoothing, so that nothing right is 0.
    """
    from sacrebleu.metrics.bleu import BLEU

    most = max(map(len, references))
    streams: Any = [[own[row] if row < len(own) else None for own in references] for row in range(most)]
    metric = BLEU(lowercase=True, smooth_method="none")
    return round(float(metric.corpus_score(list(written), streams).score), 2)
