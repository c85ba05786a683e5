"""Columns of numbers one after another in a squeezed blob, and the tricks that make them squeeze well.

Owns: the primitives of every packed layout; `docs/store.md` draws them. May import: `engine.core`.
"""

from __future__ import annotations

import zlib
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import StoreError

LEVEL = 6

Word = TypeVar("Word", bound=np.unsignedinteger[Any])


def steps_of(values: NDArray[np.floating[Any]], steps: float) -> NDArray[np.float64]:
    """Values rounded to whole numbers of 1 / `steps`."""
    rounded: NDArray[np.float64] = np.rint(values.astype(np.float64) * steps)
    return rounded


def delta(values: NDArray[Word]) -> NDArray[Word]:
    """Each value less the one before it along the last axis, modulo the word: small where values change slowly."""
    changes = values.copy()
    np.subtract(values[..., 1:], values[..., :-1], out=changes[..., 1:])
    return changes


def summed(changes: NDArray[Word]) -> NDArray[Word]:
    """Undo `delta`."""
    summed: NDArray[Word] = np.cumsum(changes, axis=-1, dtype=changes.dtype)
    return summed


class Writer:
    """Puts columns one after another and squeezes them."""

    def __init__(self, magic: bytes) -> None:
        self._magic = magic
        self._pieces: list[bytes] = []

    def whole(self, *numbers: int) -> None:
        """Whole numbers, >= 0."""
        self._pieces.append(np.array(numbers, "<i8").tobytes())

    def plain(self, values: NDArray[np.uint8]) -> None:
        """Bytes as they are."""
        self._pieces.append(values.tobytes())

    def column(self, values: NDArray[np.unsignedinteger[Any]]) -> None:
        """First bytes of all values, then second bytes …: like lies by like, which squeezes better."""
        little = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<")))
        planes = little.view(np.uint8).reshape(len(little), values.dtype.itemsize)
        self._pieces.append(planes.T.tobytes())

    def blob(self) -> bytes:
        """All that was put, squeezed."""
        return self._magic + zlib.compress(b"".join(self._pieces), LEVEL)


class Reader:
    """Takes the columns off a blob in the order they were put."""

    def __init__(self, magic: bytes, blob: bytes) -> None:
        if blob[: len(magic)] != magic:
            raise ValueError(f"starts with {blob[: len(magic)]!r}, not {magic!r}")
        self._rest = memoryview(zlib.decompress(blob[len(magic) :]))

    def whole(self, count: int) -> tuple[int, ...]:
        """The next whole numbers."""
        numbers = tuple(int(number) for number in np.frombuffer(self._take(8 * count), "<i8"))
        if min(numbers) < 0:
            raise ValueError(f"negative count {min(numbers)}")
        return numbers

    def plain(self, count: int) -> NDArray[np.uint8]:
        """The next bytes."""
        return np.frombuffer(self._take(count), np.uint8)

    def column(self, count: int, dtype: type[Word]) -> NDArray[Word]:
        """The next column."""
        size = np.dtype(dtype).itemsize
        planes = np.frombuffer(self._take(count * size), np.uint8).reshape(size, count)
        little = np.ascontiguousarray(planes.T).reshape(-1).view(np.dtype(dtype).newbyteorder("<"))
        return little.astype(dtype)

    def end(self) -> None:
        """Make sure that nothing is left."""
        if self._rest:
            raise ValueError(f"{len(self._rest)} bytes too many")

    def _take(self, size: int) -> memoryview:
        if size > len(self._rest):
            raise ValueError(f"{size} bytes wanted, {len(self._rest)} left")
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def damaged(error: Exception) -> StoreError:
    """What to raise where a blob cannot be read."""
    return StoreError(
        "Stored results are damaged. Analyse the footage again, or put a backup of the results store in place.",
        detail=str(error),
    )
