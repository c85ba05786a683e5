"""Identity vectors: what is written comes back, the newest run's set is told, removal takes them along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import StoreError
from engine.core.identity import CosineScale, IdentityVectors
from engine.core.views import FootageView, RunView, StageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.identity import MOST_RANKS, IdentityTable, pack_vectors, unpack_vectors
from engine.store.results import ResultTable
from tests.store import samples

SCALE = CosineScale(0.6, 0.9)


def vectors(numbers: list[int], views: int, seed: int = 0, size: int = 24) -> IdentityVectors:
    rng = np.random.default_rng(seed)
    rows = len(numbers) * views
    values = rng.normal(size=(rows, size))
    quality = np.where(rng.random(rows) < 0.3, 0, rng.uniform(1e-9, 1, rows)).astype(np.float32)
    values = np.where(quality[:, None] > 0, values / np.linalg.norm(values, axis=1, keepdims=True), 0)
    return IdentityVectors(
        np.repeat(np.array(numbers, np.int64), views),
        np.tile(np.arange(views), len(numbers)),
        values.astype(np.float32),
        quality,
    )


def saved(db: Database, clip: FootageView, key: str = "key-identity", seed: int = 0) -> IdentityVectors:
    """Vectors of tracklets 1 to 3 of the run of the samples, and the run with the stage on top."""
    results = ResultTable(db)
    results.save_tracklets(samples.record("key-track", "track", clip), [samples.tracklet(n) for n in (1, 2, 3)])
    written = vectors([1, 2, 3], 4, seed)
    IdentityTable(db).save(samples.record(key, "identity", clip), written, SCALE, "key-track")
    return written


def put_run(db: Database, clip: FootageView, key: str, name: str, finished: str) -> RunView:
    stages = (
        StageView("track", "bytetrack", "0" * 16, 1.0, False, "key-track"),
        StageView("identity", "parts", "0" * 16, 1.0, False, key),
    )
    run = replace(samples.run(clip, name, finished=finished), stages=stages)
    ResultTable(db).save_run(run)
    return run


@given(st.integers(1, 6), st.integers(0, 2**31))
def test_vectors_come_back_and_pack_to_the_same_bytes(views: int, seed: int) -> None:
    written = vectors([7], views, seed)
    blob = pack_vectors(written)
    read = unpack_vectors(blob, 7)
    assert pack_vectors(read) == blob
    assert read.vectors == pytest.approx(written.vectors, abs=1e-3)
    assert read.quality == pytest.approx(written.quality, abs=1e-4)
    assert ((read.quality > 0) == (written.quality > 0)).all()


def test_mistakes_and_damage() -> None:
    with pytest.raises(ValueError, match="one tracklet"):
        pack_vectors(vectors([1, 2], 2))
    with pytest.raises(ValueError, match="ranks"):
        pack_vectors(replace(vectors([1], 1), ranks=np.array([MOST_RANKS])))
    blob = pack_vectors(vectors([1], 3))
    for broken in (b"", blob[:20], b"SLV\x01" + blob[4:]):
        with pytest.raises(StoreError, match="damaged"):
            unpack_vectors(broken, 1)


def test_a_stage_and_its_ids(db: Database, clip: FootageView) -> None:
    written = saved(db, clip)
    table = IdentityTable(db)
    read, scale = table.of_stage("key-identity")
    assert scale == SCALE
    assert read.tracklets.tolist() == written.tracklets.tolist()
    assert read.ranks.tolist() == written.ranks.tolist()
    before = table.ids("key-identity")
    assert sorted(before) == [1, 2, 3]
    assert all(first % MOST_RANKS == 0 for first in before.values())
    saved(db, clip, seed=1)
    assert not {*before.values()} & {*table.ids("key-identity").values()}
    nothing, usual = table.of_stage("no such key")
    assert (len(nothing), usual) == (0, CosineScale())


def test_the_newest_run_tells_the_set(db: Database, clip: FootageView) -> None:
    saved(db, clip, "key-old")
    saved(db, clip, "key-new", seed=1)
    table = IdentityTable(db)
    old = put_run(db, clip, "key-old", "a" * 12, "2026-01-01T01:00:00+00:00")
    assert [(one.stage, one.run, one.scale) for one in table.sets()] == [("key-old", old.id, SCALE)]
    new = put_run(db, clip, "key-new", "b" * 12, "2026-01-01T02:00:00+00:00")
    assert [(one.stage, one.run, one.footage, one.size) for one in table.sets()] == [("key-new", new.id, clip.id, 24)]
    found = table.of_run(old.id)
    assert found is not None
    assert len(found[0]) == 12
    assert table.of_run("c" * 12) is None


def test_vectors_go_with_their_footage_and_with_other_tracklets(db: Database, clip: FootageView) -> None:
    saved(db, clip)
    table = IdentityTable(db)
    ResultTable(db).save_tracklets(samples.record("key-track", "track", clip), [samples.tracklet(1)])
    assert len(table.of_stage("key-identity")[0]) == 0
    saved(db, clip)
    FootageTable(db).remove(clip.id)
    assert table.ids("key-identity") == {}
