"""A store of the size that `bench pages` opens: 200 pieces of footage, one of them with 200 people.

Owns: what is put into it, through the store's own interface. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from engine.core.config import AnalysisConfig, Settings, canonical_json
from engine.core.labels import POSTURES, UNKNOWN
from engine.core.segments import Segments
from engine.core.types import MediaInfo, PersonLink, Poses, Tracklet
from engine.core.views import CropView, FootageView, RunView, StageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord

FOOTAGES, PEOPLE, SEGMENTS = 200, 200, 100
"""Pieces of footage; people of the large one; segments of each of them."""

LENGTH_S = 1800.0
_CROPS = 3
_MEDIA = MediaInfo("mov,mp4,m4a,3gp,3g2,mj2", "h264", "yuv420p", 1280, 720, 0, LENGTH_S, 25.0, False, False)
_FEELINGS = ("calm", "happy", "surprised", UNKNOWN)
_STAGES = {
    "detect": "bench",
    "track": "bench",
    "link": "bench",
    "crops": "bench",
    "actions": "bench",
    "emotions": "bench",
}


def fill_store(settings: Settings) -> str:
    """Fill the store of a home.

    Returns:
        Id of the footage with many people; every other has three.
    """
    database = Database(settings.database)
    try:
        tables = FootageTable(database), ResultTable(database), RecognitionTable(database)
        large = ""
        for number in range(FOOTAGES):
            footage = _footage(number, settings.home)
            tables[0].add(footage)
            folder = settings.media / footage.sha256
            _picture(folder / "poster.jpg", (320, 180), number)
            # Half of its segments are postures, half emotions.
            people, each = (PEOPLE, SEGMENTS // 2) if number == FOOTAGES - 1 else (3, 4)
            _run(footage, folder, people, each, tables[1:])
            large = footage.id
        return large
    finally:
        database.close()


def _footage(number: int, home: Path) -> FootageView:
    name = f"camera {number % 8 + 1} recording {number:03d}.mp4"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    added = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    path = home / "recordings" / name
    return FootageView(sha256[:12], sha256, name, str(path), True, 300_000_000, _MEDIA, (), added.isoformat())


def _run(
    footage: FootageView, folder: Path, people: int, segments: int, tables: tuple[ResultTable, RecognitionTable]
) -> None:
    results, recognition = tables
    keys = {stage: hashlib.sha256(f"{footage.id}{stage}".encode()).hexdigest() for stage in _STAGES}
    records = {
        stage: StageRecord(keys[stage], footage.id, stage, model, "1", "{}", 1.0) for stage, model in _STAGES.items()
    }
    tracklets = [_tracklet(row, people) for row in range(people)]
    key = keys["track"]
    results.save_plain(records["detect"])
    results.save_tracklets(records["track"], tracklets)
    results.save_links(records["link"], [PersonLink(f"P{one.number}", (one.number,), 1.0) for one in tracklets], key)
    results.save_crops(records["crops"], _crops(folder, tracklets), key)
    found = [_segments(one, segments) for one in tracklets]
    recognition.save_segments(records["actions"], Segments.concatenate(one[0] for one in found), key)
    recognition.save_segments(records["emotions"], Segments.concatenate(one[1] for one in found), key)
    results.save_run(
        RunView(
            id=hashlib.sha256(footage.id.encode()).hexdigest()[:12],
            footage=footage.id,
            profile="embedded",
            config_json=canonical_json(AnalysisConfig(profile="embedded").to_dict()),
            stages=tuple(StageView(stage, model, "1", 1.0, False, keys[stage]) for stage, model in _STAGES.items()),
            finished_utc=footage.added_utc,
        )
    )


def _tracklet(row: int, people: int) -> Tracklet:
    """Somebody who is in view for a third of the footage, looked at every five seconds."""
    start = 0.6 * LENGTH_S * row / max(people, 1)
    t = np.round(np.arange(start, start + LENGTH_S / 3, 5.0), 2)
    x = np.linspace(0.0, 0.9, len(t)) * _MEDIA.width
    y = np.full_like(x, 100.0 + row % 20 * 15)
    boxes = np.stack([x, y, x + 60, y + 180], axis=1).astype(np.float32)
    n = len(t)
    return Tracklet(
        number=row + 1,
        t=t,
        boxes=boxes,
        scores=np.full(n, 0.9, np.float32),
        interpolated=np.zeros(n, np.bool_),
        poses=Poses.missing(n),
        sharpness=np.full(n, 20.0, np.float32),
    )


def _crops(folder: Path, tracklets: Sequence[Tracklet]) -> list[CropView]:
    crops = []
    for tracklet in tracklets:
        for rank in range(_CROPS):
            file = f"crops/bench/{tracklet.number}-{rank}.jpg"
            _picture(folder / file, (96, 192), tracklet.number + rank)
            t = float(tracklet.t[rank * (len(tracklet) - 1) // _CROPS])
            crops.append(CropView(tracklet.number, rank, t, 0.9 - rank / 10, file, 96, 192))
    return crops


def _segments(tracklet: Tracklet, count: int) -> tuple[Segments, Segments]:
    rng = np.random.default_rng(tracklet.number)
    posture, emotion = (
        Segments(
            tracklets=np.full(count, tracklet.number, np.int64),
            channels=(channel,) * count,
            labels=tuple(labels[at] for at in rng.integers(0, len(labels), count)),
            start_s=edges[:-1],
            end_s=edges[1:],
            scores=rng.uniform(0.3, 1.0, count).astype(np.float32),
            coverage=rng.uniform(0.3, 1.0, count).astype(np.float32),
            sources=("",) * count,
        )
        for channel, labels in (("posture", POSTURES), ("emotion", _FEELINGS))
        for edges in [_edges(rng, tracklet, count)]
    )
    return posture, emotion


def _edges(rng: np.random.Generator, tracklet: Tracklet, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Borders of segments of different lengths, from the first to the last instant."""
    shares = np.cumsum(rng.uniform(0.2, 1.0, count))
    edges = tracklet.first_s + np.concatenate([[0.0], shares / shares[-1]]) * (tracklet.last_s - tracklet.first_s)
    return np.asarray(edges, np.float64)


def _picture(path: Path, size: tuple[int, int], number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(number)
    small = rng.integers(0, 256, (12, 8, 3)).astype(np.uint8)
    Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(path, quality=80)
