"""The offset and drift between two recordings' clocks, from the movement both saw.

Owns: `align`. May import: `engine.core`, `engine.media.motion`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.core.cameras import Alignment
from engine.core.errors import FootageError
from engine.media.motion import Motion

RATE = 30.0
"""Steps a second on which movement is compared."""

MIN_OVERLAP_S = 2.0
MIN_AGREEMENT = 0.35
"""Correlation under which two recordings are not taken to show the same."""

MIN_LEAD = 0.05
"""By how much the best offset must agree better than any other that is not its neighbour."""

_NEIGHBOURS_S = 1.0
_PIECE_S = 10.0
_MOST_DRIFT = 1e-3

Array = NDArray[np.float64]


def align(first: Motion, second: Motion) -> Alignment:
    """How the clock of the second recording runs beside the first's.

    The movement of both is compared at every offset; the best is refined piece by piece, and the pieces' scatter is
    the uncertainty. A drift is told only where it is larger than its own uncertainty.

    Args:
        first: movement in the first recording.
        second: in the second.

    Raises:
        FootageError: kind "no-alignment": too little moves, or nothing in common stands out.

    Source: Knapp and Carter 1976 (cross-correlation). Differs: normalised by what overlaps.
    """
    a, b = _even(first), _even(second)
    shortest = min(len(a), len(b)) / RATE
    if shortest < MIN_OVERLAP_S or a.std() == 0 or b.std() == 0:
        raise _nothing("Too little moves in one of them")
    lags, agreement = _correlations(a, b)
    best = int(np.argmax(agreement))
    far = np.abs(lags - lags[best]) > _NEIGHBOURS_S * RATE
    rival = float(agreement[far].max(initial=-1.0))
    if agreement[best] < MIN_AGREEMENT or agreement[best] - rival < MIN_LEAD:
        raise _nothing("No moment stands out at which both show the same movement")
    # Index i of a meets index i + lag of b; both begin at their recording's own start.
    start = _starts(second) - _starts(first)
    lag = lags[best] + _vertex(agreement, best)
    offset, drift, uncertainty = _refined(a, b, int(lags[best]), float(lag))
    return Alignment(
        offset_s=float(offset / RATE + start),
        drift=float(drift),
        uncertainty_s=float(max(uncertainty / RATE, 0.5 / RATE)),
        agreement=float(agreement[best]),
    )


def _nothing(why: str) -> FootageError:
    return FootageError(
        f"The clocks of the two recordings cannot be aligned. {why}. Set the offset by hand.", kind="no-alignment"
    )


def _starts(motion: Motion) -> float:
    return float(motion.t[0]) if len(motion.t) else 0.0


def _even(motion: Motion) -> Array:
    """Movement on an even grid from its first time on; the root tames a lorry beside a walker."""
    if len(motion.t) < 2:
        return np.zeros(0)
    grid = np.arange(motion.t[0], motion.t[-1], 1 / RATE)
    even: Array = np.sqrt(np.interp(grid, motion.t, motion.amount))
    return even


def _correlations(a: Array, b: Array) -> tuple[NDArray[np.int64], Array]:
    """Pearson's correlation of what overlaps, at every lag with overlap enough."""
    size = 1 << (len(a) + len(b)).bit_length()
    shared = max(MIN_OVERLAP_S * RATE, 0.3 * min(len(a), len(b)))

    def meet(x: Array, y: Array) -> Array:
        return np.fft.irfft(np.conj(np.fft.rfft(x, size)) * np.fft.rfft(y, size), size)

    one_a, one_b = np.ones(len(a)), np.ones(len(b))
    count, dot = meet(one_a, one_b), meet(a, b)
    sum_a, sum_b = meet(a, one_b), meet(one_a, b)
    square_a, square_b = meet(a * a, one_b), meet(one_a, b * b)
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = dot / count - sum_a * sum_b / count**2
        spread = (square_a / count - (sum_a / count) ** 2) * (square_b / count - (sum_b / count) ** 2)
        agreement = np.where(
            (count > shared) & (spread > 1e-18), cover / np.sqrt(np.maximum(spread, 1e-18)), -1.0
        ).clip(-1.0, 1.0)
    lags = np.concatenate([np.arange(len(b)), np.arange(-len(a) + 1, 0)])
    return lags, np.concatenate([agreement[: len(b)], agreement[size - len(a) + 1 :]])


def _vertex(values: Array, at: int) -> float:
    """Where between its neighbours a peak lies, in (-1/2, 1/2) steps."""
    before, here, after = values[at - 1], values[at], values[(at + 1) % len(values)]
    bend = before - 2 * here + after
    return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0


def _refined(a: Array, b: Array, lag: int, fine: float) -> tuple[float, float, float]:
    """Offset at a's start, drift, and scatter of the pieces' own offsets, in steps."""
    begin, end = max(0, -lag), min(len(a), len(b) - lag)
    count = max(3, min(40, int((end - begin) / (_PIECE_S * RATE))))
    reach, edges = int(_NEIGHBOURS_S * RATE), np.linspace(begin, end, count + 1).astype(int)
    places, found = [], []
    for left, right in pairwise(edges.tolist()):
        own = _local(a[left:right], b, left + lag, reach)
        if own is not None:
            places.append((left + right) / 2)
            found.append(lag + own)
    if len(found) < 3:
        return fine, 0.0, reach / 2
    x, y = np.array(places), np.array(found)
    scatter = 1.4826 * float(np.median(np.abs(y - np.median(y))))
    near = np.abs(y - np.median(y)) <= max(3 * scatter, 2.0)
    x, y = x[near], y[near]
    error = max(scatter, 0.5) / np.sqrt(len(y))
    if len(y) >= 6:
        middle = x.mean()
        slope = float(((x - middle) * (y - y.mean())).sum() / ((x - middle) ** 2).sum())
        rest = y - y.mean() - slope * (x - middle)
        doubt = float(np.sqrt((rest**2).sum() / (len(y) - 2) / ((x - middle) ** 2).sum()))
        if abs(slope) > 3 * doubt and abs(slope) <= _MOST_DRIFT:
            return float(y.mean() - slope * middle), slope, float(rest.std() / np.sqrt(len(y)))
    return float(np.median(y)), 0.0, float(error)


def _local(piece: Array, b: Array, at: int, reach: int) -> float | None:
    """By how many steps a piece of a lies off its expected place in b; None where nothing in it stands out."""
    if piece.std() < 1e-6:
        return None
    scores = np.full(2 * reach + 1, -1.0)
    for shift in range(-reach, reach + 1):
        left, right = at + shift, at + shift + len(piece)
        if left < 0 or right > len(b) or b[left:right].std() < 1e-6:
            continue
        scores[shift + reach] = np.corrcoef(piece, b[left:right])[0, 1]
    best = int(np.argmax(scores))
    if scores[best] < MIN_AGREEMENT or best in (0, 2 * reach):
        return None
    return best - reach + _vertex(scores, best)
