"""Checks of columns: shape, dtype, finite, range; what passes is read-only from then on.

Imports nothing of ours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def checked(
    name: str, value: NDArray[np.generic], shape: tuple[int | None, ...], dtype: type[np.generic]
) -> NDArray[np.generic]:
    """A read-only view of a column that is as it should be; `None` in `shape` stands for any length.

    Raises:
        ValueError: it has another shape or dtype, or holds what is not finite.
    """
    wanted = "(" + ", ".join("N" if side is None else str(side) for side in shape) + ")"
    fits = isinstance(value, np.ndarray) and value.ndim == len(shape) and value.dtype == dtype
    if not fits or any(want is not None and side != want for side, want in zip(value.shape, shape, strict=True)):
        got = f"{value.shape} {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
        raise ValueError(f"{name} must be {wanted} {np.dtype(dtype).name}, got {got}")
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise ValueError(f"{name} must be finite")
    view = value.view()
    view.flags.writeable = False
    return view


def check_unit(name: str, value: NDArray[np.float32]) -> None:
    """Hold a column to [0, 1].

    Raises:
        ValueError: a value lies outside.
    """
    if value.size and (value.min() < 0.0 or value.max() > 1.0):
        raise ValueError(f"{name} must lie in [0, 1], got {value.min()} to {value.max()}")


def check_boxes(boxes: NDArray[np.float32]) -> None:
    """Hold (N, 4) boxes to xyxy.

    Raises:
        ValueError: a box has its corners the wrong way round.
    """
    if boxes.size and ((boxes[:, 2] < boxes[:, 0]) | (boxes[:, 3] < boxes[:, 1])).any():
        raise ValueError("boxes must be xyxy with x1 <= x2 and y1 <= y2")


def check_equal(**columns: NDArray[np.generic]) -> None:
    """Hold columns to one length.

    Raises:
        ValueError: they differ.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns must have one length, got {lengths}")
