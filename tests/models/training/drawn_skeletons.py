"""Skeletons drawn by rule, one way of moving for each label, written as the files that trainings read."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from engine.core.anomalies import ANOMALIES
from engine.core.types import FloatArray
from models.anomaly.skeleton_csv import COLUMNS

STANDING = np.array(
    # An upright body in torsos from the middle of its hips, in the order of `JOINTS`.
    [
        (0.3, -1.0),
        (0.4, -0.5),
        (0.45, -0.1),
        (-0.3, -1.0),
        (-0.4, -0.5),
        (-0.45, -0.1),
        (0.18, 0.0),
        (0.2, 0.7),
        (0.2, 1.4),
        (-0.18, 0.0),
        (-0.2, 0.7),
        (-0.2, 1.4),
        (0.0, -1.4),
    ],
    np.float32,
)


def moving(label: str, count: int, seed: int, *, torso: float = 120.0) -> FloatArray:
    """Somebody at `count` instants: theft reaches down, assault swings its arms, damage kicks, normal walks.

    Returns:
        (count, 13, 2) float32 pixels.
    """
    chance = np.random.default_rng(seed)
    body = np.tile(STANDING, (count, 1, 1))
    beat = np.arange(count) + chance.uniform(0, 6)
    swing = np.sin(beat * (1.6 if label == "assault" else 0.7)).astype(np.float32)
    if label == "theft":
        body[:, 5] += np.stack([-0.4 * np.abs(swing), 0.6 * np.abs(swing)], axis=1)
        body[:, 4] += np.stack([-0.2 * np.abs(swing), 0.3 * np.abs(swing)], axis=1)
    elif label == "assault":
        for elbow, wrist, side in ((1, 2, 1), (4, 5, -1)):
            body[:, elbow] += np.stack([side * (0.3 + 0.3 * swing), -0.5 + 0 * swing], axis=1)
            body[:, wrist] += np.stack([side * (0.6 + 0.6 * swing), -1.0 + 0.3 * swing], axis=1)
    elif label == "damage":
        body[:, 10] += np.stack([-0.5 * np.abs(swing), -0.3 * np.abs(swing)], axis=1)
        body[:, 11] += np.stack([-1.0 * np.abs(swing), -0.8 * np.abs(swing)], axis=1)
    else:
        for knee, ankle, side in ((7, 8, 1), (10, 11, -1)):
            body[:, knee, 0] += side * 0.15 * swing
            body[:, ankle, 0] += side * 0.3 * swing
    path = np.stack([np.arange(count) * (0.25 if label == "normal" else 0.02), np.zeros(count)], axis=1)
    noisy = body + path[:, None] + chance.normal(0, 0.01, body.shape)
    return (noisy * torso + chance.uniform(300, 900, 2)).astype(np.float32)


def drawn_csv(path: Path, recordings: int, rows: int = 24) -> Path:
    """A file with so many recordings of each label, `rows` long; normal ones have no frame numbers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["NUMOFBODIES", *COLUMNS, "FRAME_NUM", "label"])
        for number, label in enumerate(ANOMALIES):
            for recording in range(recordings):
                # Far apart, so that recordings without frame numbers can be told from one another.
                points = moving(label, rows, 100 * number + recording) + np.float32(2000 * (recording % 2))
                for row, joints in enumerate(points):
                    frame = "" if label == "normal" else 50 + 10 * row
                    out.writerow([1, *(f"{value:.3f}" for value in joints.ravel()), frame, number])
    return path
