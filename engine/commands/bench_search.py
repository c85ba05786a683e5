"""The benchmark of search: a million kept views on two cores, beside a plain scan and beside matching everything anew.

Owns: the made-up crowd and what is measured on it. May import: `engine.core`, `engine.search`, `engine.rankings`,
`engine.wardrobe`.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from engine.commands.bench_search_clip import original_way
from engine.commands.output import put, say
from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.config import shared_material
from engine.core.types import FloatArray
from engine.lookalikes import LISTED
from engine.rankings import best, joined, thinned
from engine.search.crops import CropBook
from engine.search.query import understand
from engine.search.ranking import rank
from engine.search.vectors import VectorIndex, recall
from engine.search.votes import PersonTable, pack
from engine.second_opinion import Opinion

CROPS = 1_000_000
VIEWS = 6
"""Kept views of one person."""

COLUMNS = 256
"""Of an embedding, as BLIP makes them."""

CORES = 2
ROUNDS = 40
TOP = 20
CLIP = "footage/one-by-one-person-detection.mp4"

QUERIES = (
    "검은 셔츠, 청바지, 흰 운동화",
    "woman in a long grey cardigan",
    "빨간 모자 쓴 사람, 가방 없는",
    "navy striped t-shirt and beige trousers, no hat",
    "초록 패딩에 검정 바지",
)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """A million views of made-up people.

    Attributes:
        vectors: (K, 256) float32 of length 1, bunches of people dressed alike, views of a person together.
        index: the same, to be searched.
        book: whose they are.
        table: what the people wear.
        asked: (Q, 256) float32, in place of what the network would make of the words.
    """

    vectors: FloatArray
    index: VectorIndex
    book: CropBook
    table: PersonTable
    asked: FloatArray


def bench_search(arguments: argparse.Namespace) -> int:
    """Print the median time of a query, its ratios to its peers, and how much of the truth it finds; JSON last."""
    _hold_to_cores()
    found = measured(arguments.crops)
    clip: Path = arguments.source or shared_material() / CLIP
    found["original"] = original_way(clip, arguments.settings, QUERIES[0]) if clip.is_file() else None
    put(found)
    return 0


def measured(crops: int) -> dict[str, Any]:
    """What queries over so many views take, beside a scan of them, and what is found."""
    begun = time.monotonic()
    crowd = make_crowd(crops)
    built = time.monotonic() - begun
    say(f"{crops} views of {len(crowd.table)} people, {'exact' if crowd.index.exact else 'in cells'}, {built:.0f} s")
    steps: dict[str, list[float]] = {}

    def scanned(query: FloatArray, most: int) -> tuple[NDArray[np.int64], FloatArray]:
        return nearest_by_scan(crowd.vectors, query, most)

    ours, busy = _median(lambda turn: answer(crowd, turn, crowd.index.nearest, steps))
    scan, _ = _median(lambda turn: answer(crowd, turn, scanned))
    return {
        "bench": "search",
        "crops": crops,
        "people": len(crowd.table),
        "cores": min(CORES, os.cpu_count() or 1),
        "median_ms": round(1e3 * ours, 2),
        "median_cpu_ms": round(1e3 * busy, 2),
        "numpy_scan_ms": round(1e3 * scan, 2),
        "numpy_to_ours_ratio": round(scan / ours, 2),
        "steps_ms": {name: round(1e3 * float(np.median(each)), 2) for name, each in steps.items()},
        "recall_at_10": round(_recall(crowd), 4),
        "build_s": round(built, 1),
        "memory_mb": round(psutil.Process().memory_info().rss / 1e6),
    }


def make_crowd(crops: int, columns: int = COLUMNS) -> Crowd:
    """A made-up crowd of so many views; the same for the same number."""
    rng = np.random.default_rng(0)
    people = max(crops // VIEWS, 1)
    owners = np.minimum(np.arange(crops) // VIEWS, people - 1)
    middles = rng.normal(0, 1, (max(people // 100, 1), columns)).astype(np.float32)
    dressed = middles[rng.integers(0, len(middles), people)]
    dressed += 0.5 * rng.standard_normal((people, columns), np.float32)
    vectors = np.empty((crops, columns), np.float32)
    for first in range(0, crops, 100_000):
        rows = slice(first, first + 100_000)
        mine = dressed[owners[rows]] + 0.4 * rng.standard_normal((len(owners[rows]), columns), np.float32)
        vectors[rows] = mine / np.linalg.norm(mine, axis=1, keepdims=True)
    index = VectorIndex(columns)
    ids = np.arange(crops, dtype=np.int64)
    index.add(ids, vectors)
    book = CropBook.ordered(ids, owners, np.stack([owners, ids % VIEWS], axis=1))
    # Words name what many have in common, and lie apart from pictures.
    several = middles[rng.integers(0, len(middles), (ROUNDS, 2))].mean(axis=1)
    asked = several + 0.8 * rng.standard_normal((ROUNDS, columns), np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return Crowd(vectors, index, book, _table(people, rng), asked.astype(np.float32))


Nearest = Callable[[FloatArray, int], tuple[NDArray[np.int64], FloatArray]]


def answer(crowd: Crowd, turn: int, nearest: Nearest, steps: dict[str, list[float]] | None = None) -> list[int]:
    """One query from its text to the rows of the best people, as the search room goes; the text pass is left out.

    Args:
        crowd: who is searched.
        turn: which query.
        nearest: finds the nearest views.
        steps: takes the seconds of each step.
    """
    clock = [time.perf_counter()]

    def lap(name: str) -> None:
        clock.append(time.perf_counter())
        if steps is not None:
            steps.setdefault(name, []).append(clock[-1] - clock[-2])

    understood = understand(QUERIES[turn % len(QUERIES)])
    lap("understand")
    slots = rank(crowd.table, understood)
    lap("slots")
    near, products = nearest(crowd.asked[turn % len(crowd.asked)], LISTED)
    lap("vectors")
    likeness, _ = crowd.book.best(near, products, len(crowd.table))
    lap("people")
    ranking = joined(slots, Opinion(likeness, likeness, {}, {}))
    rows = best(ranking.scores, TOP)
    thinned(ranking.scores)
    lap("order")
    return [int(row) for row in rows]


def nearest_by_scan(vectors: FloatArray, query: FloatArray, most: int) -> tuple[NDArray[np.int64], FloatArray]:
    """The nearest vectors by comparing every one with NumPy: the peer."""
    products = vectors @ query
    most = min(most, len(products))
    near = np.argpartition(-products, most - 1)[:most]
    near = near[np.argsort(-products[near], kind="stable")]
    return near, products[near]


def _table(people: int, rng: np.random.Generator) -> PersonTable:
    """What everybody wears: one view each, some regions out of sight."""
    rows = people * len(REGIONS)
    visible = np.where(rng.random(rows) < 0.2, 0, rng.random(rows)).astype(np.float32)
    colours = np.zeros((rows, len(COLOURS)), np.float32)
    first, second = rng.integers(0, len(COLOURS), (2, rows))
    np.add.at(colours, (np.arange(rows), first), np.float32(0.75))
    np.add.at(colours, (np.arange(rows), second), np.float32(0.25))
    colours[visible == 0] = 0
    readings = ClothingReadings(
        tracklets=np.repeat(np.arange(people), len(REGIONS)),
        ranks=np.zeros(rows, np.int64),
        regions=REGIONS * people,
        visible=visible,
        weights=visible,
        colours=colours,
        traits=rng.random((rows, len(TRAITS)), np.float32),
    )
    return pack(readings, readings.tracklets, people)


def _median(query: Callable[[int], object]) -> tuple[float, float]:
    """Median seconds of a query, and of what it keeps processors busy; after one of each that does not count."""
    for turn in range(len(QUERIES)):
        query(turn)
    taken, busy = [], []
    for turn in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        query(turn)
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    return float(np.median(taken)), float(np.median(busy))


def _recall(crowd: Crowd) -> float:
    """Share of the true ten nearest views among the ten found, for what is asked and for views themselves."""
    rng = np.random.default_rng(1)
    noise = 0.02 * rng.standard_normal((ROUNDS, crowd.vectors.shape[1]), np.float32)
    asked = np.concatenate([crowd.asked, crowd.vectors[rng.integers(0, len(crowd.vectors), ROUNDS)] + noise])
    true = np.stack([nearest_by_scan(crowd.vectors, query, 10)[0] for query in asked])
    return recall(np.stack([crowd.index.nearest(query, 10)[0] for query in asked]), true)


def _hold_to_cores() -> None:
    """Keep this process to two cores where the machine has more."""
    held: Any = getattr(os, "sched_setaffinity", None)
    if held is not None:
        held(0, sorted(os.sched_getaffinity(0))[:CORES])
