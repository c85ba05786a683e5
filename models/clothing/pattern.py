"""Stripes and patterns of cloth, told from shading and folds. May import: `engine.core`, its neighbours."""

from __future__ import annotations

import numpy as np

from models.clothing.body import Mask
from models.clothing.cutting import View
from models.clothing.light import Array

ROWS, COLUMNS = 36, 24
"""Samples along and across the trunk."""


def pattern(view: View, zone: Mask) -> dict[str, float]:
    """Probabilities of "striped" and "patterned"; empty where too little of the cloth is seen.

    Args:
        view: the view.
        zone: (H, W) pixels of the cloth.
    """
    rows, columns = np.flatnonzero(zone.any(axis=1)), np.flatnonzero(zone.any(axis=0))
    if len(rows) < 14 or len(columns) < 10 or zone.sum() < 150:
        return {}
    patch = view.lab[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    kept = zone[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # Chroma counts more than lightness, which folds change too.
    signal = patch * np.array([0.35, 1.3, 1.3])
    detail = _detail(signal, kept)
    power = float((detail[kept] ** 2).sum(axis=1).mean())
    contrast = np.sqrt(power)
    bands = max(_bands(detail, kept), _bands(detail.swapaxes(0, 1), kept.T))
    strong = float(np.clip((contrast - 0.03) / 0.045, 0.0, 1.0))
    striped = strong * float(np.clip((bands - 0.45) / 0.3, 0.0, 1.0))
    return {
        "striped": float(np.clip(0.03 + 0.92 * striped, 0.0, 1.0)),
        "patterned": float(np.clip(0.04 + 0.8 * strong * (1.0 - striped), 0.0, 1.0)),
    }


def _detail(signal: Array, kept: Mask) -> Array:
    """What is left of a picture when broad changes are taken out; 0 outside the cloth."""
    import cv2

    side = max(5, round(min(kept.shape) * 0.35)) | 1
    weight = kept.astype(np.float64)
    mass = cv2.blur(weight, (side, side)) + 1e-6
    broad = np.stack([cv2.blur(signal[..., axis] * weight, (side, side)) / mass for axis in range(3)], axis=-1)
    return np.asarray((signal - broad) * weight[..., None], np.float64)


def _bands(detail: Array, kept: Mask) -> float:
    """Share of the detail's power that whole rows share, in [0, 1], where it alternates several times."""
    count = kept.sum(axis=1)
    wide = count >= max(6, 0.5 * count.max())
    if wide.sum() < 10:
        return 0.0
    means = detail.sum(axis=1)[wide] / count[wide, None]
    power = (detail[wide] ** 2).sum(axis=(1, 2)) / count[wide]
    shared = float((means**2).sum(axis=1).mean() / max(float(power.mean()), 1e-9))
    main = means @ np.linalg.svd(means, full_matrices=False)[2][0]
    strong = main[np.abs(main) > 0.4 * np.abs(main).max()]
    turns = int((np.diff(np.sign(strong)) != 0).sum())
    return shared if turns >= 4 else 0.5 * shared * turns / 4.0
