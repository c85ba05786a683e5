"""An hour with ten people, five analysed frames a second, all landmarks: how large, and how quick to look at."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from engine.core.types import PersonLink
from engine.core.views import CropView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.results import ResultTable
from tests.store import samples

PEOPLE = 10
STRETCHES = 6
ROWS = 3600 * 5 // STRETCHES
LIMIT_BYTES = 40e6


@pytest.mark.slow
def test_an_hour_of_ten_people_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "sightline.db"
    db = Database(path)
    clip = FootageTable(db).add(samples.footage())
    results = ResultTable(db)
    numbers = range(1, PEOPLE * STRETCHES + 1)
    begun = time.process_time()
    tracklets = [samples.tracklet(n, ROWS, start=(n - 1) // PEOPLE * ROWS / 5 + n / 100) for n in numbers]
    made = time.process_time()
    results.save_plain(samples.record("key-detect", "detect", clip))
    results.save_tracklets(samples.record("key-track", "track", clip), tracklets)
    links = [PersonLink(f"P{p + 1}", tuple(range(p + 1, len(numbers) + 1, PEOPLE)), 0.9) for p in range(PEOPLE)]
    results.save_links(samples.record("key-link", "link", clip), links, "key-track")
    crops = [CropView(n, rank, 1.0, 0.5, f"crops/k/{n}-{rank}.jpg", 200, 400) for n in numbers for rank in range(6)]
    results.save_crops(samples.record("key-crops", "crops", clip), crops, "key-track")
    results.save_run(samples.run(clip))
    saved = time.process_time()
    db.close()
    size = path.stat().st_size

    db = Database(path)
    results, looks = ResultTable(db), []
    for _ in range(5):
        before = time.perf_counter()
        people = results.people("aaaaaaaaaaaa")
        looks.append(time.perf_counter() - before)
    before = time.process_time()
    read = results.tracklets("key-track")
    unpacked = time.process_time() - before
    db.close()
    rows = sum(map(len, read))
    sys.stdout.write(
        f"\n{rows} rows, {size / 1e6:.1f} MB, {size / rows:.0f} B a row; made {made - begun:.1f} s, saved "
        f"{saved - made:.1f} s, read {unpacked:.1f} s (CPU); people() {looks[0] * 1e3:.1f} ms with the opening, "
        f"then {min(looks) * 1e3:.1f} ms\n"
    )
    assert len(people) == PEOPLE
    assert rows == PEOPLE * 3600 * 5
    assert all(len(person.crops) == 6 * STRETCHES and len(person.presence) == STRETCHES for person in people)
    assert size < LIMIT_BYTES
