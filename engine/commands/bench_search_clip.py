"""A query answered the original way: everybody in every 30th frame is found and looked at again for each query.

May import: `engine.core`, `engine.media`, `engine.search`, `engine.store`, and the joiners beside `engine.searching`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.clothing import ClothingReadings
from engine.core.config import AnalysisConfig, Settings
from engine.core.search import SearchConfig
from engine.core.types import FloatArray, PersonLink, Poses, Tracklet
from engine.core.views import CropView, FootageView, RunView, StageView
from engine.media.probe import probe
from engine.media.reader import FrameReader
from engine.photographs import person_pictures
from engine.search.query import understand
from engine.search.ranking import rank
from engine.search.votes import pack
from engine.searching import Searching
from engine.store.clothing import ClothingTable
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord
from engine.tiers import choose_clothing, choose_person, choose_pose

EVERY = 30
"""Frames from one that is looked at to the next."""

ROUNDS = 20


def original_way(path: Path, settings: Settings, query: str) -> dict[str, Any]:
    """Both ways on one clip, with the same detector and reader.

    Returns:
        Seconds of the original way for one query; milliseconds of a search in a store that holds the very same
        people, through the whole room with evidence and log; and their ratio.

    Raises:
        FootageError: the clip cannot be decoded.
    """
    begun = time.perf_counter()
    boxes, readings, times = _looked_at(path, settings)
    owners = readings.tracklets - 1
    rank(pack(readings, owners, len(boxes)), understand(query))
    original = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        home = replace(settings, home=Path(folder))
        database = Database(home.database)
        try:
            _store(database, path, settings, (boxes, readings, times))
            room, taken = Searching(database, home), []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                room.find(query, SearchConfig(top=5), by="command")
                taken.append(time.perf_counter() - begun)
        finally:
            database.close()
    ours = float(np.median(taken))
    return {
        "clip": path.name,
        "detections": len(boxes),
        "original_s": round(original, 2),
        "ours_ms": round(1e3 * ours, 2),
        "original_to_ours_ratio": round(original / ours),
    }


def _looked_at(path: Path, settings: Settings) -> tuple[list[FloatArray], ClothingReadings, list[float]]:
    """Boxes, readings and times of everybody in every 30th frame, numbered from 1."""
    person = choose_person(AnalysisConfig(profile="embedded"), settings)
    detector, estimator = person.build(), choose_pose(person, settings).build()
    reader = choose_clothing(person, settings).build()
    boxes: list[FloatArray] = []
    times: list[float] = []
    found = []
    with FrameReader(path, settings, fps=probe(path, settings).fps / EVERY) as frames:
        for frame in frames:
            seen = detector.predict([frame])[0]
            for box, picture in zip(seen.boxes, person_pictures(frame, seen.boxes, estimator), strict=True):
                boxes.append(box)
                times.append(frame.t)
                found.append(reader.read(len(boxes), [picture]))
    return boxes, ClothingReadings.concatenate(found), times


def _store(
    database: Database,
    path: Path,
    settings: Settings,
    found: tuple[Sequence[FloatArray], ClothingReadings, Sequence[float]],
) -> None:
    """Put the same people into a store: each detection somebody of their own."""
    boxes, readings, times = found
    now = "2026-01-01T00:00:00+00:00"
    view = FootageView("bench", "bench", path.name, str(path), True, 0, probe(path, settings), (), now)
    FootageTable(database).add(view)
    results = ResultTable(database)
    numbers = range(1, len(boxes) + 1)
    records = {
        name: StageRecord(name, view.id, name, "bench", "1", "{}", 0.0)
        for name in ("track", "link", "crops", "clothing")
    }
    results.save_tracklets(records["track"], [_tracklet(n, boxes[n - 1], times[n - 1]) for n in numbers])
    results.save_links(records["link"], [PersonLink(f"P{n}", (n,), 1.0) for n in numbers], "track")
    crops = [CropView(n, 0, times[n - 1], 1.0, f"{n}.jpg", 64, 128) for n in numbers]
    results.save_crops(records["crops"], crops, "track")
    ClothingTable(database).save_readings(records["clothing"], readings, "track")
    stages = tuple(StageView(name, "bench", "1", 0.0, False, name) for name in records)
    results.save_run(RunView("bench", view.id, "embedded", "{}", stages, now))


def _tracklet(number: int, box: FloatArray, t: float) -> Tracklet:
    one = np.ones(1, np.float32)
    return Tracklet(
        number=number,
        t=np.array([t], np.float64),
        boxes=np.asarray(box[None], np.float32),
        scores=one,
        interpolated=np.zeros(1, np.bool_),
        poses=Poses.missing(1),
        sharpness=one,
    )
