"""What was read of clothing as compact blobs, one per tracklet, and vectors of its views.

Readings: magic "SLC" 1, then squeezed: the number of rows N and of colours and traits (whole numbers), the tracklet,
ranks (N u8), regions (N u8, places in `REGIONS`), visible and weights (N u16 each, steps of 1/65535), colours (N x 15
u16, so many of 65535 parts; a row sums to 65535, or is all 0), traits (N x 6 u8, steps of 1/254, 255 where it is not
known). Vectors: magic "SLV" 1, then squeezed: the number of views and of columns, ranks (u8), values (f16).
What comes back packs to the same bytes again.
Owns: these layouts. May import: `engine.core`, `engine.store.columns`.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.types import FloatArray
from engine.store.columns import Reader, Writer, damaged, steps_of

READINGS_MAGIC = b"SLC\x01"
VECTORS_MAGIC = b"SLV\x01"
PARTS = 65535
TRAIT_STEPS = 254.0
UNKNOWN_TRAIT = 255
LARGEST = 65504.0
"""Largest finite float16."""


def pack_readings(readings: ClothingReadings) -> bytes:
    """The readings of one tracklet as a blob.

    Args:
        readings: N >= 1 rows of one tracklet; ranks under 256.

    Raises:
        ValueError: of several tracklets, or of none.
    """
    numbers = np.unique(readings.tracklets)
    if len(numbers) != 1:
        raise ValueError(f"readings of one tracklet are packed together, got {numbers.tolist()}")
    out = Writer(READINGS_MAGIC)
    out.whole(len(readings), len(COLOURS), len(TRAITS), int(numbers[0]))
    out.plain(_small(readings.ranks))
    out.plain(np.array([REGIONS.index(region) for region in readings.regions], np.uint8))
    # What was barely seen must not become what was not seen at all.
    seen = np.where(readings.visible > 0, np.maximum(steps_of(readings.visible, PARTS), 1), 0)
    out.column(seen.astype(np.uint16))
    out.column(steps_of(readings.weights, PARTS).astype(np.uint16))
    out.column(_parts(readings.colours, readings.visible).reshape(-1))
    steps = np.rint(np.nan_to_num(readings.traits.astype(np.float64)) * TRAIT_STEPS)
    out.plain(np.where(np.isnan(readings.traits), UNKNOWN_TRAIT, steps).astype(np.uint8).reshape(-1))
    return out.blob()


def unpack_readings(blob: bytes) -> ClothingReadings:
    """The readings of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(READINGS_MAGIC, blob)
        rows, colours, traits, number = read.whole(4)
        if (colours, traits) != (len(COLOURS), len(TRAITS)):
            raise ValueError(f"{colours} colours and {traits} traits")
        ranks, regions = read.plain(rows).astype(np.int64), read.plain(rows)
        visible, weights = (read.column(rows, np.uint16) / PARTS for _ in range(2))
        shares = read.column(rows * colours, np.uint16).reshape(rows, colours) / PARTS
        steps = read.plain(rows * traits).reshape(rows, traits)
        read.end()
        if rows and int(regions.max()) >= len(REGIONS):
            raise ValueError(f"region {regions.max()}")
        known = np.where(steps == UNKNOWN_TRAIT, np.nan, steps / TRAIT_STEPS)
        return ClothingReadings(
            tracklets=np.full(rows, number, np.int64),
            ranks=ranks,
            regions=tuple(REGIONS[region] for region in regions),
            visible=visible.astype(np.float32),
            weights=weights.astype(np.float32),
            colours=shares.astype(np.float32),
            traits=known.astype(np.float32),
        )
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def pack_vectors(ranks: NDArray[np.int64], vectors: FloatArray) -> bytes:
    """Vectors of the views of one tracklet as a blob, kept as float16.

    Args:
        ranks: (K,) int64, under 256.
        vectors: (K, D) float32.
    """
    if vectors.ndim != 2 or len(vectors) != len(ranks):
        raise ValueError(f"vectors must be ({len(ranks)}, D), got {vectors.shape}")
    out = Writer(VECTORS_MAGIC)
    out.whole(*vectors.shape)
    out.plain(_small(ranks))
    out.column(np.clip(vectors, -LARGEST, LARGEST).astype(np.float16).reshape(-1).view(np.uint16))
    return out.blob()


def unpack_vectors(blob: bytes) -> tuple[NDArray[np.int64], FloatArray]:
    """Ranks (K,) int64 and vectors (K, D) float32 of a blob.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(VECTORS_MAGIC, blob)
        rows, columns = read.whole(2)
        ranks = read.plain(rows).astype(np.int64)
        values = read.column(rows * columns, np.uint16).view(np.float16).astype(np.float32)
        read.end()
        if not np.isfinite(values).all():
            raise ValueError("a vector is not finite")
        return ranks, values.reshape(rows, columns)
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error


def _small(ranks: NDArray[np.int64]) -> NDArray[np.uint8]:
    if ranks.size and not 0 <= ranks.min() <= ranks.max() <= 255:
        raise ValueError(f"ranks must lie in [0, 255], got {ranks.min()} to {ranks.max()}")
    return ranks.astype(np.uint8)


def _parts(colours: FloatArray, visible: FloatArray) -> NDArray[np.uint16]:
    """Shares as whole parts that add up: what rounding leaves over goes to the largest share."""
    steps = np.rint(colours.astype(np.float64) * PARTS)
    largest = steps.argmax(axis=1) if len(steps) else np.zeros(0, np.int64)
    rows = np.arange(len(steps))
    steps[rows, largest] += np.where(visible > 0, PARTS, 0) - steps.sum(axis=1)
    parts: NDArray[np.uint16] = np.maximum(steps, 0).astype(np.uint16)
    return parts
