"""Window scores, events, zones and disagreements: what is written comes back, and goes with what it was made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Engine
from engine.core.anomalies import Disagreement, WindowScores, Zone
from engine.core.errors import StoreError
from engine.store.anomalies import AnomalyTable
from engine.store.database import Database
from engine.store.window_blobs import pack_windows, unpack_windows
from tests.seeded import Seeds, open_engine
from tests.store import samples


@given(st.integers(0, 30), st.integers(1, 6), st.integers(0, 13), st.integers(0, 2**31))
def test_windows_come_back_and_pack_to_the_same_bytes(rows: int, labels: int, joints: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = np.cumsum(rng.uniform(0.01, 3.0, rows))
    written = WindowScores(
        tracklet=int(rng.integers(1, 1000)),
        labels=tuple(f"label {n}" for n in range(labels)),
        start_s=start,
        end_s=start + rng.uniform(0.1, 9.0, rows),
        probabilities=rng.dirichlet(np.ones(labels), rows).astype(np.float32).reshape(rows, labels),
        coverage=rng.uniform(0, 1, rows).astype(np.float32),
        joints=tuple(f"관절 {n}" for n in range(joints)),
        weights=rng.uniform(0, 1, (rows, joints)).astype(np.float32),
    )
    blob = pack_windows(written)
    read = unpack_windows(blob)
    assert pack_windows(read) == blob
    assert (read.tracklet, read.labels, read.joints) == (written.tracklet, written.labels, written.joints)
    np.testing.assert_array_equal(read.start_s, written.start_s)
    np.testing.assert_array_equal(read.end_s, written.end_s)
    for name in ("probabilities", "coverage", "weights"):
        np.testing.assert_allclose(getattr(read, name), getattr(written, name), atol=1e-5)


@pytest.mark.parametrize("cut", [0, 3, 10, -1])
def test_a_damaged_blob_is_said(cut: int) -> None:
    blob = pack_windows(
        WindowScores(
            1,
            ("a",),
            np.arange(3.0),
            np.arange(3.0) + 1,
            np.ones((3, 1), "f4"),
            np.ones(3, "f4"),
            (),
            np.ones((3, 0), "f4"),
        )
    )
    with pytest.raises(StoreError, match="damaged"):
        unpack_windows(blob[:cut])


@pytest.fixture
def engine(tmp_path: Path):
    with open_engine(tmp_path / "home") as engine:
        yield engine


def test_events_come_back(engine: Engine) -> None:
    seeds = Seeds(engine)
    run = seeds.events(seeds.run(seeds.footage()))
    table = AnomalyTable(engine._database)
    placed = table.events(run.id)
    assert [each.event.label for each in placed] == ["theft", "assault", "damage"]
    first = placed[0]
    assert (first.event.person, first.event.run, first.event.model) == ("P1", run.id, "skeleton-lstm")
    assert first.event.reasons[0].name == "right wrist" and first.box is not None
    assert table.find(first.event.id) == first
    assert table.find("nobody") is None
    assert set(table.windows(run.id, "anomalies")) == {1, 2, 3} and table.windows(run.id, "behaviours") == {}
    windows = table.windows_of(run.id, first.event.id)
    assert windows is not None and windows.tracklet == 1
    assert table.windows_of(run.id, "nobody") is None


def test_the_same_analysis_gives_the_same_ids(engine: Engine) -> None:
    seeds = Seeds(engine)
    run = seeds.run(seeds.footage())
    table = AnomalyTable(engine._database)
    first = [each.event.id for each in table.events(seeds.events(run).id)]
    again = [each.event.id for each in table.events(seeds.events(run).id)]
    other = [each.event.id for each in table.events(seeds.events(run, model="another").id)]
    assert first == again and not set(first) & set(other)


def test_of_all_footage_the_newest_runs_count(engine: Engine) -> None:
    seeds = Seeds(engine)
    table = AnomalyTable(engine._database)
    for name in ("hall.mp4", "gate.mp4"):
        footage = seeds.footage(name)
        old = seeds.events(seeds.run(footage))
        seeds.events(seeds.run(footage, model="yolo"), labels=("theft",), scores=(0.8,))
        assert len(table.events(old.id)) == 3
    assert len(table.latest()) == 2 and len(table.everything()) == 8


def test_events_go_with_their_tracklets_and_their_footage(engine: Engine) -> None:
    seeds = Seeds(engine)
    footage = seeds.footage()
    run = seeds.events(seeds.run(footage))
    track = next(stage for stage in run.stages if stage.name == "track")
    kept = engine.answers.tracklets(run.id)
    record = samples.record(track.key, "track", footage)
    seeds._results.save_tracklets(record, kept)
    assert len(AnomalyTable(engine._database).everything()) == 3
    seeds._results.save_tracklets(record, kept[1:])
    assert AnomalyTable(engine._database).everything() == ()
    engine.remove(footage.id)
    assert engine._database.check() == "ok"


def test_zones_take_the_place_of_those_before(engine: Engine) -> None:
    table, footage = AnomalyTable(engine._database), Seeds(engine).footage()
    zones = (Zone("counter", ((0.0, 0.1), (0.5, 0.1), (0.5, 0.9))), Zone("shelf", ((0.6, 0.1), (0.7, 0.1), (0.7, 0.2))))
    table.set_zones(footage.id, zones)
    assert table.zones(footage.id) == zones
    table.set_zones(footage.id, zones[1:])
    assert table.zones(footage.id) == zones[1:] and table.zones("another") == ()
    with pytest.raises(StoreError):
        table.set_zones("nobody", zones)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        pytest.param("door", ((0, 0), (1, 0), (1, 1)), id="unknown"),
        pytest.param("counter", ((0, 0), (1, 1)), id="a-line"),
        pytest.param("counter", ((0, 0), (2, 0), (1, 1)), id="outside"),
    ],
)
def test_a_zone_must_be_one(name: str, points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"zone|corners"):
        Zone(name, points)


@given(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5))
def test_two_halves_hold_the_whole(x: float, y: float) -> None:
    left = Zone("counter", ((0.0, 0.0), (0.4, 0.0), (0.6, 1.0), (0.0, 1.0)))
    right = Zone("counter", ((0.4, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0)))
    point = np.array([[x, y]])
    whole = 0 <= x < 1 and 0 <= y < 1
    if abs(x - (0.4 + 0.2 * y)) > 1e-9:
        assert bool(left.holds(point)[0]) + bool(right.holds(point)[0]) == whole


def test_disagreements_take_the_place_of_those_before(db: Database) -> None:
    from engine.store.footage import FootageTable

    first, second = (FootageTable(db).add(samples.footage(name)) for name in ("one", "two"))
    table = AnomalyTable(db)
    found = [Disagreement(first.id, second.id, "P1", t, t + 4, "catch", "normal", 0.8, 0.9) for t in (8.0, 2.0)]
    table.set_disagreements(first.id, second.id, found)
    assert [each.start_s for each in table.disagreements(first.id)] == [2.0, 8.0]
    assert table.disagreements(second.id) == () and len(table.disagreements()) == 2
    table.set_disagreements(first.id, second.id, found[:1])
    assert table.disagreements() == (found[0],)
