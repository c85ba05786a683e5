"""Labelled skeletons as CSV: rows of joints in, one motion per body out.

Rows are pixels of a picture of 1920x1080. `FRAME_NUM` counts frames at 30 a second and falls where a new recording
starts; bodies of one frame are consecutive rows. Rows without a frame number are one body's, in order of time, at
`UNNUMBERED_HZ`. May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES
from engine.core.errors import FootageError
from engine.core.types import FloatArray
from models.anomaly.joints import JOINTS
from models.anomaly.motion import BodyMotion

FRAMES_PER_S = 30.0
UNNUMBERED_HZ = 5.0
"""Rows a second where the file numbers no frames: people in them take a full stride, about 1.1 s, in 5 to 6 rows."""

NEAREST_PX = 250.0
"""A body's centre moves less than this from one of its rows to the next, pixels."""

LOST_S = 2.0
"""A body unseen for longer starts a new motion, seconds."""


_LARGEST = 1e6
"""Pixels; whatever is larger, or infinite, is no place in a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledMotion:
    """What one body did, and what it is called.

    Attributes:
        label: of `ANOMALIES`.
        group: of the recording; bodies of one recording share it. Numbers run through the file, label by label.
        rows: (M,) int64, the file's row of each instant, from 0.
        motion: the joints.
    """

    label: str
    group: int
    rows: NDArray[np.int64]
    motion: BodyMotion


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The file's columns: label (N,), frame (N,) NaN where unnumbered, points (N, 13, 2), their middles (N, 2)."""

    labels: NDArray[np.int64]
    frames: NDArray[np.float64]
    points: FloatArray
    centres: FloatArray


def _column(joint: str) -> str:
    """Name of a joint's columns: "left shoulder" is SHOULDER_LEFT."""
    side, _, name = joint.rpartition(" ")
    return f"{name}_{side}".upper().removesuffix("_")


COLUMNS = tuple(f"{_column(joint)}_{axis}" for joint in JOINTS for axis in "XY")


def read_skeletons(path: Path) -> tuple[LabelledMotion, ...]:
    """Motions of all bodies, in the file's order.

    Args:
        path: CSV with the columns `COLUMNS`, `label` (0 theft, 1 assault, 2 damage, 3 normal) and perhaps
            `FRAME_NUM`; others are ignored. A joint whose cells are empty was not seen.

    Raises:
        FootageError: the file cannot be read, lacks a column, or holds something else than numbers and labels.
    """
    rows = _read(path)
    motions: list[LabelledMotion] = []
    for group, part in enumerate(_recordings(rows)):
        label = ANOMALIES[rows.labels[part[0]]]
        motions += [LabelledMotion(label, group, body, _motion(rows, body, part[0])) for body in _bodies(rows, part)]
    return tuple(motions)


def _read(path: Path) -> _Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            lacking = [name for name in (*COLUMNS, "label") if name not in header]
            if lacking:
                raise FootageError(
                    f"{path} lacks the column {lacking[0]}. Skeletons are read from CSV files with the columns "
                    f"{COLUMNS[0]} to {COLUMNS[-1]}, label, and FRAME_NUM where frames are numbered.",
                    kind="not-skeletons",
                )
            # Lines that are all blank are no rows.
            lines = [(reader.line_num, line) for line in reader if any(line)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FootageError(
            f"{path} cannot be read: {error}. Name a CSV file of skeletons.", kind="unreadable"
        ) from error
    if not lines:
        raise FootageError(f"{path} holds no rows. Name a CSV file of skeletons.", kind="empty")
    names = (*COLUMNS, "label", "FRAME_NUM")
    places = [header.index(name) if name in header else len(header) for name in names]
    values = np.array([_numbers(line, places, names, f"{path}, line {number}") for number, line in lines])
    values = np.where(np.abs(values) < _LARGEST, values, np.nan)
    labels = values[:, len(COLUMNS)]
    wrong = np.flatnonzero(~np.isin(labels, range(len(ANOMALIES))))
    if len(wrong):
        raise FootageError(
            f"{path}, line {lines[wrong[0]][0]}: the label must be a number from 0 to {len(ANOMALIES) - 1} "
            f"({', '.join(ANOMALIES)}).",
            kind="not-skeletons",
        )
    points = values[:, : len(COLUMNS)].reshape(len(lines), len(JOINTS), 2).astype(np.float32)
    return _Rows(labels.astype(np.int64), values[:, -1], points, _centres(points))


def _numbers(line: list[str], places: list[int], names: tuple[str, ...], where: str) -> list[float]:
    """The cells of a line as numbers, NaN where one is empty or missing."""
    texts = [line[place] if place < len(line) else "" for place in places]
    try:
        return [float(text or "nan") for text in texts]
    except ValueError as error:
        name, text = next(pair for pair in zip(names, texts, strict=True) if not _is_number(pair[1]))
        raise FootageError(
            f"{where}: {name} must be a number, got {text!r}. Mend the file.", kind="not-skeletons"
        ) from error


def _is_number(text: str) -> bool:
    try:
        float(text or "nan")
    except ValueError:
        return False
    return True


def _recordings(rows: _Rows) -> list[NDArray[np.int64]]:
    """Rows of each recording: cut where the label changes, the frame number falls, or numbering starts or ends.

    Rows without numbers are also cut where the body leaps: more than its torso is long within one row.
    """
    numbered = ~np.isnan(rows.frames)
    cut = (np.diff(rows.labels) != 0) | (numbered[1:] != numbered[:-1])
    cut |= numbered[1:] & numbered[:-1] & (np.nan_to_num(rows.frames[1:]) < np.nan_to_num(rows.frames[:-1]))
    leap = np.linalg.norm(np.diff(rows.centres, axis=0), axis=1)
    cut |= ~numbered[1:] & ~(leap <= NEAREST_PX * FRAMES_PER_S / 10 / UNNUMBERED_HZ)
    return np.split(np.arange(len(rows.labels)), np.flatnonzero(cut) + 1)


def _bodies(rows: _Rows, part: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows of each body of a recording, in order of their first."""
    if np.isnan(rows.frames[part[0]]):
        return [part]
    centres = rows.centres
    done: list[list[int]] = []
    open_bodies: list[list[int]] = []
    for frame_rows in np.split(part, np.flatnonzero(np.diff(rows.frames[part])) + 1):
        now = rows.frames[frame_rows[0]]
        lost = [body for body in open_bodies if now - rows.frames[body[-1]] > LOST_S * FRAMES_PER_S]
        done += lost
        open_bodies = [body for body in open_bodies if body not in lost]
        ends = centres[[body[-1] for body in open_bodies]].reshape(-1, 2)
        far = np.hypot(*(centres[frame_rows][:, None] - ends[None]).transpose(2, 0, 1))
        left = set(range(len(frame_rows)))
        # Nearest pairs first, so that nobody is taken from the body next to them.
        for place in np.argsort(far, axis=None, kind="stable"):
            row, body = divmod(int(place), max(len(open_bodies), 1))
            if far[row, body] < NEAREST_PX and row in left and np.isfinite(far[row, body]):
                left.discard(row)
                open_bodies[body].append(int(frame_rows[row]))
                far[:, body] = np.inf
        open_bodies += [[int(frame_rows[row])] for row in sorted(left)]
    return [np.array(body) for body in sorted(done + open_bodies)]


def _motion(rows: _Rows, body: NDArray[np.int64], start: int) -> BodyMotion:
    numbered = not np.isnan(rows.frames[body[0]])
    t = rows.frames[body] / FRAMES_PER_S if numbered else (body - start) / UNNUMBERED_HZ
    points = rows.points[body]
    seen = np.isfinite(points).all(axis=2)
    return BodyMotion(
        t=t.astype(np.float64),
        points=np.where(seen[:, :, None], points, 0).astype(np.float32),
        seen=seen.astype(np.float32),
    )


def _centres(points: FloatArray) -> FloatArray:
    """(N, 2) middle of the joints that are there; the picture's corner where none is."""
    there = np.isfinite(points).all(axis=2, keepdims=True)
    middles: FloatArray = np.where(there, points, 0).sum(axis=1) / there.sum(axis=1).clip(1)
    return middles
