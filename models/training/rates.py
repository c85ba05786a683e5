"""How the learning rate goes over a training.

Imports nothing of ours.
"""

from __future__ import annotations

import math


def rise_and_fall(step: int, steps: int, warmup: float) -> float:
    """Share of the highest learning rate: rising in a straight line, then falling along a cosine to nothing.

    Args:
        step: number of the step, from 0.
        steps: of the whole training, >= 1.
        warmup: share of them over which it rises, in [0, 1).

    Returns:
        Share in [0, 1].

    Source: Loshchilov and Hutter 2017, arXiv 1608.03983. Differs: one fall, after a rise.
    """
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1.0 + math.cos(math.pi * (step - rising) / max(steps - rising, 1)))
