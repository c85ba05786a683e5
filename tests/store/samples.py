"""Rows that the tests of store, jobs and export put in."""

from __future__ import annotations

import hashlib

import numpy as np

from engine.core.types import SIGNATURE_BINS, Detections, Gap, MediaInfo, Observation, PersonLink, Poses, Tracklet
from engine.core.views import CropView, FootageView, RunView, StageView
from engine.store.stages import StageRecord

MEDIA = MediaInfo(
    container="mov,mp4,m4a,3gp,3g2,mj2",
    codec="h264",
    pixel_format="yuv420p",
    width=768,
    height=432,
    rotation=0,
    duration_s=139.4,
    fps=10.0,
    variable_rate=False,
    has_audio=True,
    recorded_utc="2024-03-01T09:00:00Z",
)


def footage(text: str = "clip", *, name: str | None = None, added: str = "2026-01-01T00:00:00+00:00") -> FootageView:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return FootageView(
        id=sha256[:12],
        sha256=sha256,
        name=f"{text}.mp4" if name is None else name,
        path=f"/somewhere/{text}.mp4",
        in_place=True,
        bytes=1234,
        media=MEDIA,
        gaps=(Gap(1.5, 2.25, "corrupt"),),
        added_utc=added,
    )


def path_of_body(rng: np.random.Generator, rows: int, fps: float = 5.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, boxes and landmarks of somebody who walks about, swings and is seen with a detector's tremble."""
    t = np.arange(rows) / fps + rng.uniform(0, 100)
    away = t - t[0]
    height = 200 + 60 * np.sin(away / rng.uniform(5, 15)) + rng.normal(0, 1.5, rows)
    x = 640 + 400 * np.sin(away / rng.uniform(6, 20) + rng.uniform(0, 6)) + rng.normal(0, 1.0, rows)
    y = 400 + 80 * np.sin(away / rng.uniform(6, 20)) + rng.normal(0, 1.0, rows)
    boxes = np.stack([x - height / 5, y - height / 2, x + height / 5, y + height / 2], axis=1).astype(np.float32)
    place = rng.uniform([-0.2, -0.5], [0.2, 0.5], (33, 2))
    swing = 0.08 * np.sin(away[:, None, None] * 6 + rng.uniform(0, 6, (33, 2)))
    points = (place + swing) * height[:, None, None] + np.stack([x, y], axis=1)[:, None, :]
    points += rng.normal(0, 0.01, points.shape) * height[:, None, None]
    seen = np.clip(
        0.9 + 0.08 * np.sin(away[:, None] / 3 + rng.uniform(0, 6, 33)) + rng.normal(0, 0.02, (rows, 33)), 0, 1
    )
    landmarks = np.concatenate([points, seen[:, :, None]], axis=2).astype(np.float32)
    return t.astype(np.float64), boxes, landmarks


def tracklet(number: int = 1, rows: int = 40, *, seed: int = 0, start: float | None = None) -> Tracklet:
    rng = np.random.default_rng([seed, number])
    t, boxes, landmarks = path_of_body(rng, rows)
    if start is not None:
        t = t - t[0] + start
    interpolated = rng.random(rows) < 0.1
    interpolated[[0, -1]] = False
    landmarks[interpolated] = 0
    poses = np.where(interpolated, 0, rng.uniform(0.5, 1, rows)).astype(np.float32)
    return Tracklet(
        number=number,
        t=t,
        boxes=boxes,
        scores=rng.uniform(0.4, 1, rows).astype(np.float32),
        interpolated=interpolated,
        poses=Poses(landmarks=landmarks, scores=poses),
        sharpness=np.where(interpolated, 0, rng.uniform(0, 60, rows)).astype(np.float32),
    )


def observations(frames: int = 10, *, seed: int = 0) -> list[Observation]:
    rng = np.random.default_rng(seed)
    people = [path_of_body(rng, frames) for _ in range(3)]
    found = []
    for row in range(frames):
        n = int(rng.integers(0, 4))
        poses = Poses(
            landmarks=np.stack([each[2][row] for each in people])[:n],
            scores=rng.uniform(0.5, 1, 3).astype(np.float32)[:n],
        )
        detections = Detections(
            boxes=np.stack([each[1][row] for each in people])[:n],
            scores=rng.uniform(0.4, 1, 3).astype(np.float32)[:n],
            poses=poses,
        )
        sharpness = rng.uniform(0, 60, 3).astype(np.float32)[:n]
        signature = rng.integers(0, 256, SIGNATURE_BINS).astype(np.uint8)
        found.append(Observation(6 * row, row / 5, detections, sharpness, signature))
    return found


def record(key: str, stage: str, of: FootageView) -> StageRecord:
    return StageRecord(
        key=key, footage=of.id, stage=stage, model="fake", version="0" * 16, settings_json='{"fps":5}', seconds=1.25
    )


LINKS = (
    PersonLink(label="P1", tracklets=(1, 3), score=0.8),
    PersonLink(label="P2", tracklets=(2,), score=1.0),
)

CROPS = (
    CropView(tracklet=1, rank=0, t=1.0, quality=0.7, file="crops/k/1-0.jpg", width=100, height=200),
    CropView(tracklet=1, rank=1, t=3.0, quality=0.4, file="crops/k/1-1.jpg", width=90, height=180),
    CropView(tracklet=2, rank=0, t=4.0, quality=0.5, file="crops/k/2-0.jpg", width=80, height=160),
    CropView(tracklet=3, rank=0, t=9.0, quality=0.9, file="crops/k/3-0.jpg", width=120, height=240),
)


def run(of: FootageView, name: str = "aaaaaaaaaaaa", *, finished: str = "2026-01-01T01:00:00+00:00") -> RunView:
    names = ("detect", "track", "link", "crops")
    stages = tuple(StageView(name, "fake", "0" * 16, 1.25, name == "detect", f"key-{name}") for name in names)
    return RunView(
        id=name,
        footage=of.id,
        profile="embedded",
        config_json='{"profile":"embedded"}',
        stages=stages,
        finished_utc=finished,
    )
